"""Queries over whole tables of one athlete, and over what the platform keeps about them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, func, literal, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.privacy.tables import ErasureRow
from topform.platform.personal_data import KeptFor, PersonalTable

BATCH = 500
OLD_BATCH = 2000
IMPORT_LOCK = 0x7F0A11
"""The lock that imports of activities take; nobody imports while an account is copied, filled or deleted."""

SNAPSHOT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
FORGET_JOBS = text(
    """
    DELETE FROM procrastinate_jobs
    WHERE args::text LIKE :athlete OR lock LIKE :athlete OR queueing_lock LIKE :athlete
       OR args ->> 'job_id' IN (SELECT id::text FROM jobs WHERE athlete_id = :athlete_id)
    """
)
UPLOADS = text("SELECT input ->> 'object_key' FROM jobs WHERE athlete_id = :athlete_id")
FORGET_EVENTS = text("DELETE FROM events WHERE athlete_id = :athlete_id")
FORGET_KEYS = text("DELETE FROM idempotency_keys WHERE athlete_id = :athlete_id")


async def delete_old(session: AsyncSession, rule: KeptFor, *, now: datetime) -> int:
    """Delete a batch of the rows whose time is over, whoever's they are, and return how many; for the worker."""
    table = rule.table
    is_over = table.c[rule.since] < now - timedelta(days=rule.days)
    if rule.only is not None:
        column, values = rule.only
        is_over = is_over & table.c[column].in_(values)
    key = tuple_(*table.primary_key)
    batch = select(*table.primary_key).where(is_over).limit(OLD_BATCH)
    deleted = await session.execute(delete(table).where(key.in_(batch)).returning(literal(1)))
    return len(deleted.all())


class PersonalDataRepository:
    """One athlete's rows of any table, within one transaction."""

    def __init__(self, session: AsyncSession, athlete_id: AthleteId) -> None:
        self._session = session
        self._athlete_id = athlete_id

    async def lock(self) -> None:
        """Keep imports of the athlete waiting until the transaction ends."""
        await self._session.execute(
            text("SELECT pg_advisory_xact_lock(:room, hashtext(:athlete))"),
            {"room": IMPORT_LOCK, "athlete": str(self._athlete_id)},
        )

    async def see_one_moment(self) -> None:
        """Read everything in this transaction as it is now; has to come first in it."""
        await self._session.execute(SNAPSHOT)

    async def rows(self, declared: PersonalTable) -> AsyncIterator[dict[str, Any]]:
        """Yield the athlete's rows in the order of their primary key."""
        query = select(declared.table).where(self._is_own(declared)).order_by(*declared.table.primary_key.columns)
        found = await self._session.stream(query.execution_options(yield_per=BATCH))
        async for row in found.mappings():
            yield dict(row)

    async def count(self, declared: PersonalTable) -> int:
        """Return how many rows the athlete has."""
        query = select(func.count()).select_from(declared.table).where(self._is_own(declared))
        return (await self._session.execute(query)).scalar_one()

    async def add(self, declared: PersonalTable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows of one shape; those that exist already stay as they are."""
        await self._session.execute(insert(declared.table).on_conflict_do_nothing(), [dict(row) for row in rows])

    async def count_among(self, declared: PersonalTable, keys: Sequence[tuple[Any, ...]]) -> int:
        """Return how many of the primary keys are the athlete's."""
        columns = tuple_(*declared.table.primary_key.columns)
        query = select(func.count()).select_from(declared.table).where(self._is_own(declared), columns.in_(list(keys)))
        return (await self._session.execute(query)).scalar_one()

    async def change_athlete(self, declared: PersonalTable, values: Mapping[str, Any]) -> None:
        """Write values of the athlete's own row."""
        await self._session.execute(update(declared.table).where(self._is_own(declared)).values(**values))

    async def clear(self, declared: PersonalTable) -> None:
        """Delete the athlete's rows of a table, or take the athlete out of those that stay."""
        own = self._is_own(declared)
        if declared.outlasts is None:
            await self._session.execute(delete(declared.table).where(own))
        else:
            values = {**declared.outlasts, declared.owner: None}
            await self._session.execute(update(declared.table).where(own).values(values))

    async def upload_keys(self) -> list[str]:
        """Return the keys of files that were uploaded for work which has not ended."""
        found = await self._session.execute(UPLOADS, {"athlete_id": self._athlete_id})
        return [key for key in found.scalars() if key]

    async def forget_platform(self) -> None:
        """Delete events, repeated requests and queued work of the athlete, the work's arguments included."""
        parameters = {"athlete_id": self._athlete_id, "athlete": f"%{self._athlete_id}%"}
        for statement in (FORGET_JOBS, FORGET_EVENTS, FORGET_KEYS):
            await self._session.execute(statement, parameters)

    def _is_own(self, declared: PersonalTable) -> Any:
        table: Table = declared.table
        return table.columns[declared.owner] == self._athlete_id


class ErasureRepository:
    """Accounts that wait to be deleted, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, athlete_id: AthleteId) -> ErasureRow | None:
        """Return the athlete's wish, if there is one."""
        query = select(ErasureRow).where(ErasureRow.athlete_id == athlete_id)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def for_worker(self, erasure_id: UUID) -> ErasureRow | None:
        """Return the wish that a job was made for; None when it was taken back or fulfilled."""
        return await self._session.get(ErasureRow, erasure_id)

    async def add_once(
        self, erasure_id: UUID, athlete_id: AthleteId, *, now: datetime, due_at: datetime
    ) -> ErasureRow | None:
        """Store the wish; None when there is one already."""
        statement = (
            insert(ErasureRow)
            .values(id=erasure_id, athlete_id=athlete_id, requested_at=now, due_at=due_at)
            .on_conflict_do_nothing(index_elements=["athlete_id"])
            .returning(ErasureRow)
        )
        return (await self._session.execute(statement)).scalar_one_or_none()

    async def take_back(self, athlete_id: AthleteId) -> bool:
        """Delete the wish; False when there was none."""
        statement = delete(ErasureRow).where(ErasureRow.athlete_id == athlete_id).returning(ErasureRow.id)
        return (await self._session.execute(statement)).scalar_one_or_none() is not None
