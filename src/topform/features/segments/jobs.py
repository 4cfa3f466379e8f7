"""The worker's side of segments: activities that arrived or changed, and a history for a new segment."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext

from topform.core.ids import AthleteId
from topform.features.jobs.public import job_failed_for_good, run_job
from topform.features.segments.looking import look_at
from topform.features.segments.matching import SegmentMatching
from topform.features.segments.tasks import FEATURE, FILL, LOOK, MATCH
from topform.platform.jobs import Jobs, provided
from topform.platform.web.resources import Resources

jobs = Jobs(FEATURE)


@jobs.task(MATCH)
async def match(context: JobContext, *, athlete_id: str) -> None:
    """Match what is new of an athlete with their segments."""
    resources = provided(context, Resources)
    await SegmentMatching(resources, AthleteId(UUID(athlete_id))).look_at_changed()


@jobs.task(LOOK)
async def look(context: JobContext, *, athlete_id: str) -> None:
    """Look whether something about an athlete's efforts on boards is unusual, for moderators."""
    resources = provided(context, Resources)
    async with resources.database.transaction() as session:
        await look_at(session, resources.store, AthleteId(UUID(athlete_id)), now=resources.clock.now())


@jobs.task(FILL)
async def fill(context: JobContext, *, job_id: str) -> None:
    """Look through an athlete's history for one segment, with progress."""
    resources = provided(context, Resources)
    async with run_job(resources, UUID(job_id)) as run:
        if run is None:
            return
        segment_id = UUID(run.input["segment_id"])

        async def report(progress: float) -> None:
            await run.report(progress, "matching")

        found = await SegmentMatching(resources, run.athlete_id).fill(segment_id, report)
        async with resources.database.transaction() as session:
            result = {"segment_id": segment_id, "activities": found.activities, "segment_efforts": found.efforts}
            await run.succeed(session, result)


jobs.on_failure(FILL)(job_failed_for_good)
