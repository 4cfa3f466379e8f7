"""The one database: engine, transactions and the base of all tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import URL, BigInteger, DateTime, MetaData, Uuid, make_url, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from topform.core.errors import DatabaseUnavailableError

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


def _for_asyncpg(url: URL) -> URL:
    """Name the option for TLS as asyncpg does."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


class Database:
    """A pool of connections to PostgreSQL.

    The caller that opens a transaction is the only one who commits: services and repositories receive the session.
    """

    def __init__(self, url: str, *, pool_size: int = 10, application_name: str = "topform") -> None:
        self._url = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql")
        self.engine: AsyncEngine = create_async_engine(
            _for_asyncpg(self._url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={
                "server_settings": {"application_name": application_name, "timezone": "UTC"},
                "timeout": 30,
            },
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @property
    def plain_url(self) -> str:
        """The URL as libpq and asyncpg read it, password included; never log it."""
        base, separator, query = self._url.render_as_string(hide_password=False).partition("?")
        return base + separator + query.replace("+", "%20")  # libpq does not read + as a space

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Open a session in a transaction; commit at the end, roll back when anything is raised."""
        async with self._sessions() as session, session.begin():
            yield session

    async def ping(self) -> None:
        """Ask the server for one row; raises when it cannot answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def require(self) -> None:
        """Raise with the remedy when the server cannot be reached or does not let us in."""
        try:
            await self.ping()
        except (OSError, SQLAlchemyError) as error:
            reason = getattr(error, "orig", None) or error
            raise DatabaseUnavailableError(
                f"The database does not answer as it should: {reason}",
                remedy="Check TOPFORM_DATABASE_URL and the server behind it.",
            ) from error

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
