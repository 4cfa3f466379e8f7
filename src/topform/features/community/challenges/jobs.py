"""Counting boards from scratch each night, so that nothing that was missed stays wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from procrastinate import JobContext

from topform.features.community.challenges.reacting import recount_athlete
from topform.features.community.challenges.standings_repository import StandingsRepository
from topform.features.community.challenges.team_repository import TeamRepository
from topform.platform.jobs import Jobs, provided
from topform.platform.logs import get_logger
from topform.platform.web.resources import Resources

FEATURE: Final = "challenges"
RECOUNT: Final = "recount"
LOOKED_BACK: Final = timedelta(days=7)

jobs = Jobs(FEATURE)
log = get_logger(__name__)


@jobs.task(RECOUNT, cron="40 3 * * *")
async def recount(context: JobContext, timestamp: int) -> None:
    """Count the places of everybody in challenges that run or ended a few days ago."""
    resources = provided(context, Resources)
    await recount_boards(resources)


async def recount_boards(resources: Resources) -> int:
    """Count all boards that run from scratch, one athlete a transaction; return how many places were wrong."""
    async with resources.database.transaction() as session:
        people = await StandingsRepository(session).counted_people(since=resources.clock.now() - LOOKED_BACK)
    corrected = 0
    for athlete_id in people:
        async with resources.database.transaction() as session:
            corrected += await recount_athlete(session, athlete_id)
    async with resources.database.transaction() as session:
        await TeamRepository(session).forget_empty()
    if corrected:
        log.warning("boards_were_corrected", places=corrected)
    return corrected
