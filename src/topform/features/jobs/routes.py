"""Looking at jobs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from topform.features.jobs import service
from topform.features.jobs.schemas import Job, JobPage, JobState
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.resources import Use

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("")
async def list_jobs(
    use: Use,
    athlete_id: SignedInAthlete,
    state: Annotated[JobState | None, Query(description="Only in this state.")] = None,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> JobPage:
    """Return your jobs, newest first."""
    async with use.database.transaction() as session:
        return await service.list_jobs(session, athlete_id, state=state, cursor=cursor, limit=limit)


@router.get("/{job_id:uuid}")
async def get_job(job_id: UUID, use: Use, athlete_id: SignedInAthlete) -> Job:
    """Return one job."""
    async with use.database.transaction() as session:
        return await service.get_job(session, athlete_id, job_id)
