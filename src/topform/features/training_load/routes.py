"""Fitness over days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from topform.features.athletes.public import get_athlete
from topform.features.training_load import service
from topform.features.training_load.schemas import Fitness
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/fitness", tags=["training load"])

DEFAULT_DAYS = 90


@router.get("")
async def get_fitness(
    use: Use,
    athlete_id: SignedInAthlete,
    first: Annotated[date | None, Query(alias="from", description="90 days before `to` when absent.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Today in your time zone when absent.")] = None,
) -> Fitness:
    """Return fitness, fatigue and form for each day, after that day's load."""
    async with use.database.transaction() as session:
        athlete = await get_athlete(session, athlete_id)
        end = last or use.clock.now().astimezone(ZoneInfo(athlete.time_zone)).date()
        start = first or end - timedelta(days=DEFAULT_DAYS - 1)
        return await service.fitness(session, athlete_id, first=start, last=end)
