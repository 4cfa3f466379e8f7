"""The one database: engine, transactions and the base of all tables."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
from pydantic_core import from_json
from sqlalchemy import URL, BigInteger, DateTime, MetaData, Uuid, event, make_url, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

from topform.core.errors import DatabaseUnavailableError
from topform.platform.outages import outages_are_typed

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables: predictable constraint names, aware timestamps, JSONB for documents."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        UUID: Uuid(as_uuid=True),
        int: BigInteger(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
    }


def _connect(dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
    """Connect as the dialect does; what the driver raises while a server starts or is gone becomes a typed error."""
    try:
        return dialect.connect(*arguments, **options)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseUnavailableError("The database cannot be reached.", remedy="Try again in a moment.") from error


ASK_AFTER_S = 5.0
"""A connection that nobody used for so long is asked whether it still works."""


def _note_return(_connection: Any, record: Any) -> None:
    record.info["returned_s"] = time.monotonic()


def _require_alive(connection: Any, record: Any, _lent: Any) -> None:
    """Refuse a connection that has ended; the pool then makes new ones.

    A server that stops closes its connections, which is known here without asking. Only after a pause could one have
    gone silently: asking each time costs more round trips than most answers need.
    """
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError
    returned_s = record.info.get("returned_s")
    if returned_s is not None and time.monotonic() - returned_s > ASK_AFTER_S:
        try:
            connection.ping()
        except (AsyncAdapt_asyncpg_dbapi.Error, OSError) as error:
            raise InvalidatePoolError from error


class _ReadingSession(Session):
    """A session that cannot write: without a transaction every statement would hold at once."""


def _refuse_writes(_session: Session, _context: Any, _instances: Any) -> None:
    raise WriteInReadingError


def _only_selects(state: ORMExecuteState) -> None:
    if not state.is_select:
        raise WriteInReadingError


event.listen(_ReadingSession, "before_flush", _refuse_writes)
event.listen(_ReadingSession, "do_orm_execute", _only_selects)


class WriteInReadingError(RuntimeError):
    """A mistake of the program: something was to be written in a session that only reads."""


def _for_asyncpg(url: URL) -> URL:
    """Name the option for TLS as asyncpg does."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


PUBLISHED = "published"
"""Where a session keeps the athletes and the types of the events that were published in it."""

HAPPENED = "happened"
"""Where a session keeps what people may want to be told of; see `topform.platform.happenings`."""

FAREWELLS = "farewells"
"""Where a session keeps what is done before something is deleted."""

Reaction = Callable[[AsyncSession, Sequence[tuple[UUID, str]]], Awaitable[None]]
"""What is done at the end of a transaction because of the events in it, before it commits."""

Farewell = Callable[[AsyncSession, UUID, str, Collection[UUID]], Awaitable[None]]
"""What is done before things of an athlete's are deleted, of which others may keep something: kind and ids."""


@dataclass(frozen=True, slots=True)
class Reactions:
    """What follows, in the same transaction, from what the features do."""

    at_end: tuple[Reaction, ...] = ()
    before_deleting: tuple[Farewell, ...] = ()


async def tell_before_deleting(session: AsyncSession, athlete_id: UUID, kind: str, ids: Collection[UUID]) -> None:
    """Do what has to be done before things are deleted, while what hangs on them can still be read."""
    farewells: tuple[Farewell, ...] = session.info.get(FAREWELLS, ())
    for farewell in farewells:
        await farewell(session, athlete_id, kind, ids)


class Database:
    """A pool of connections to PostgreSQL.

    The caller that opens a transaction is the only one who commits: services and repositories receive the session.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        application_name: str = "topform",
        reactions: Reactions | None = None,
    ) -> None:
        self._reactions = Reactions() if reactions is None else reactions
        self._url = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql")
        self.engine: AsyncEngine = create_async_engine(
            _for_asyncpg(self._url),
            pool_size=pool_size,
            max_overflow=pool_size,
            # The connection that was used last knows the statements best; the others rest.
            pool_use_lifo=True,
            hide_parameters=True,
            json_deserializer=from_json,
            connect_args={
                "server_settings": {"application_name": application_name, "timezone": "UTC"},
                "timeout": 30,
            },
        )
        event.listen(self.engine.sync_engine, "do_connect", _connect)
        event.listen(self.engine.sync_engine, "checkin", _note_return)
        event.listen(self.engine.sync_engine, "checkout", _require_alive)
        self._sessions = async_sessionmaker(
            self.engine, expire_on_commit=False, info={FAREWELLS: self._reactions.before_deleting}
        )
        self._readings = async_sessionmaker(
            self.engine.execution_options(isolation_level="AUTOCOMMIT"), sync_session_class=_ReadingSession
        )

    @property
    def plain_url(self) -> str:
        """The URL as libpq and asyncpg read it, password included; never log it."""
        base, separator, query = self._url.render_as_string(hide_password=False).partition("?")
        return base + separator + query.replace("+", "%20")  # libpq does not read + as a space

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Open a session in a transaction; commit at the end, roll back when anything is raised.

        Before it commits, what depends on the published events is brought up to date in the same transaction.
        """
        with outages_are_typed():
            async with self._sessions() as session, session.begin():
                yield session
                published: list[tuple[UUID, str]] = session.info.get(PUBLISHED, [])
                if (published or HAPPENED in session.info) and session.in_transaction():
                    for reaction in self._reactions.at_end:
                        await reaction(session, tuple(published))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open a session that only reads: every statement for itself, without beginning and ending a transaction.

        At the usual level of isolation a transaction that only reads sees no more: each of its statements looks at
        the data of its own moment there as well.
        """
        with outages_are_typed():
            async with self._readings() as session:
                yield session

    async def ping(self) -> None:
        """Ask the server for one row; raises when it cannot answer."""
        with outages_are_typed():
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))

    async def require(self) -> None:
        """Raise with the remedy when the server cannot be reached or does not let us in."""
        try:
            await self.ping()
        except (DatabaseUnavailableError, OSError, SQLAlchemyError) as error:
            reason = error.__cause__ or getattr(error, "orig", None) or error
            raise DatabaseUnavailableError(
                f"The database does not answer as it should: {reason}",
                remedy="Check TOPFORM_DATABASE_URL and the server behind it.",
            ) from error

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
