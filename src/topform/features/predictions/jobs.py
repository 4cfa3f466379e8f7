"""The worker's side of predictions: beside each that was shown, what came."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext

from topform.core.ids import AthleteId
from topform.features.predictions.record import RACES_ARRIVE_WITHIN, close_what_was_run
from topform.features.predictions.repository import RacePredictionRepository
from topform.features.predictions.tasks import CLOSE, CLOSE_DUE, CLOSE_TASK, FEATURE
from topform.platform.jobs import Jobs, defer, provided
from topform.platform.web.resources import Resources

jobs = Jobs(FEATURE)


@jobs.task(CLOSE_DUE, cron="10 4 * * *")
async def close_due(context: JobContext, *, timestamp: int) -> None:
    """Look once a day at the races of everybody who was shown a prediction that waits for one."""
    await ask_for_outcomes(provided(context, Resources))


async def ask_for_outcomes(resources: Resources) -> None:
    """Do it now."""
    since = resources.clock.now().date() - RACES_ARRIVE_WITHIN
    async with resources.database.transaction() as session:
        for athlete_id in await RacePredictionRepository(session).waiting(since=since):
            await defer(session, CLOSE_TASK, athlete_id=str(athlete_id))


@jobs.task(CLOSE)
async def close(context: JobContext, *, athlete_id: str) -> None:
    """Write into one athlete's predictions the races that they were of."""
    resources = provided(context, Resources)
    async with resources.database.transaction() as session:
        await close_what_was_run(session, AthleteId(UUID(athlete_id)), today=resources.clock.now().date())
