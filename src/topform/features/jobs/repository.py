"""Queries over jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.jobs.tables import JobRow


class JobRepository:
    """Jobs within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: JobRow) -> None:
        """Store a new job."""
        self._session.add(row)
        await self._session.flush()

    async def visible(self, viewer: AthleteId, job_id: UUID) -> JobRow | None:
        """Return the job if the viewer may see it."""
        result = await self._session.execute(select(JobRow).where(JobRow.id == job_id, visible_to(viewer, JobRow)))
        return result.scalar_one_or_none()

    async def page(
        self, viewer: AthleteId, *, state: str | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[JobRow]:
        """Return the viewer's jobs, newest first, beginning after the position."""
        query = select(JobRow).where(visible_to(viewer, JobRow))
        if state is not None:
            query = query.where(JobRow.state == state)
        if after is not None:
            query = query.where(tuple_(JobRow.created_at, JobRow.id) < tuple_(*after))
        result = await self._session.execute(query.order_by(JobRow.created_at.desc(), JobRow.id.desc()).limit(limit))
        return list(result.scalars())

    async def for_worker(self, job_id: UUID) -> JobRow | None:
        """Return the job, locked until the transaction ends; for the worker that does it."""
        result = await self._session.execute(
            # Not FOR UPDATE: rows that only refer to the job may be added by whoever holds the athlete's event lock.
            select(JobRow)
            .where(JobRow.id == job_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        return result.scalar_one_or_none()

    async def write(self, job_id: UUID, values: Mapping[str, Any], *, now: datetime) -> JobRow | None:
        """Write the values and return the job as it is now; for the worker that does it."""
        result = await self._session.execute(
            update(JobRow)
            .where(JobRow.id == job_id)
            .values(**values, updated_at=now)
            .returning(JobRow)
            .execution_options(populate_existing=True, synchronize_session=False)
        )
        return result.scalar_one_or_none()

    async def uploads_needed(self, keys: Sequence[str]) -> set[str]:
        """Return those of the object keys that an unfinished job will read; for the worker that tidies up."""
        key = JobRow.input["object_key"].astext
        found = await self._session.execute(select(key).where(key.in_(keys), JobRow.state.in_(("queued", "running"))))
        return set(found.scalars())
