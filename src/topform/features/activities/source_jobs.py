"""The worker's side of decisions about recordings."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext

from topform.features.activities.importing import ActivityImport
from topform.features.activities.news import ImportNews
from topform.features.activities.removal import remove_objects
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.sourcing import Rearrangement
from topform.features.jobs.public import JobRun, job_failed_for_good, run_job
from topform.platform.jobs import Jobs, provided
from topform.platform.web.resources import Resources

jobs = Jobs("activity_sources")


@jobs.task("rearrange")
async def rearrange(context: JobContext, *, job_id: str) -> None:
    """Choose, join or separate recordings; effect and end of the job are one transaction."""
    resources = provided(context, Resources)
    async with run_job(resources, UUID(job_id)) as run:
        if run is not None:
            await _rearrange(resources, run)


jobs.on_failure("rearrange")(job_failed_for_good)


async def _rearrange(resources: Resources, run: JobRun) -> None:
    news = ImportNews()
    importing = ActivityImport(resources, run.athlete_id)
    async with resources.database.transaction() as session:
        await ActivityRepository(session).lock_athlete(run.athlete_id)
        work = Rearrangement(importing, session, run.athlete_id, resources.clock.now())
        match run.input["action"]:
            case "choose":
                ids = await work.choose(UUID(run.input["activity_id"]), run.input["choice"], news)
            case "merge":
                ids = await work.merge(UUID(run.input["activity_id"]), UUID(run.input["other_id"]), news)
            case "split":
                ids = await work.split(UUID(run.input["activity_id"]), UUID(run.input["source_id"]), news)
            case _:
                ids = await work.prefer(news)
        await news.publish(session, run.athlete_id)
        await run.succeed(session, {"activity_ids": ids})
    await remove_objects(resources, run.athlete_id, news.replaced_keys)
