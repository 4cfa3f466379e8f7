"""What the API does with jobs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.jobs.events import JOB_UPDATED
from topform.features.jobs.repository import JobRepository
from topform.features.jobs.schemas import Job, JobKind, JobPage, JobState
from topform.features.jobs.tables import JobRow
from topform.platform.events import publish
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page


async def add_job(
    session: AsyncSession,
    athlete_id: AthleteId,
    *,
    kind: JobKind,
    file_name: str | None,
    job_input: Mapping[str, Any],
    now: datetime,
) -> Job:
    """Store a queued job and tell the athlete's clients."""
    row = JobRow(
        id=new_id(),
        athlete_id=athlete_id,
        kind=kind,
        state="queued",
        progress=0.0,
        stage=None,
        file_name=file_name,
        input=dict(job_input),
        error=None,
        result=None,
        created_at=now,
        updated_at=now,
    )
    await JobRepository(session).add(row)
    return await announce(session, row)


async def announce(session: AsyncSession, row: JobRow) -> Job:
    """Publish the job as it is now."""
    job = Job.model_validate(row)
    await publish(session, AthleteId(row.athlete_id), JOB_UPDATED, job.model_dump(mode="json"))
    return job


async def get_job(session: AsyncSession, viewer: AthleteId, job_id: UUID) -> Job:
    """Return the job."""
    row = await JobRepository(session).visible(viewer, job_id)
    if row is None:
        raise NotFoundError("There is no such job.")
    return Job.model_validate(row)


async def list_jobs(
    session: AsyncSession, viewer: AthleteId, *, state: JobState | None, cursor: str | None, limit: int
) -> JobPage:
    """Return a page of the viewer's jobs, newest first."""
    rows = await JobRepository(session).page(viewer, state=state, after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(rows, limit)
    return JobPage(
        items=[Job.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if has_more else None,
    )
