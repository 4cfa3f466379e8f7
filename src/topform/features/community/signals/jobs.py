"""The worker's side of signals."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext

from topform.core.ids import AthleteId
from topform.features.community.signal_tasks import FEATURE, LOOK
from topform.features.community.signals.looking import look_at
from topform.platform.jobs import Jobs, provided
from topform.platform.web.resources import Resources

jobs = Jobs(FEATURE)


@jobs.task(LOOK)
async def look(context: JobContext, *, athlete_id: str) -> None:
    """Look whether something about an athlete's efforts on boards is unusual, for moderators."""
    resources = provided(context, Resources)
    async with resources.database.transaction() as session:
        await look_at(session, resources.store, AthleteId(UUID(athlete_id)), now=resources.clock.now())
