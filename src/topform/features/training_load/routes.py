"""Fitness over days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from topform.core.activity import Sport
from topform.features.athletes.public import get_athlete
from topform.features.training_load import rating_scale, service
from topform.features.training_load.curve import Curve, CurveMetric
from topform.features.training_load.curve import curve as service_curve
from topform.features.training_load.schemas import Fitness, RatingScale
from topform.platform.web.idempotency import DoOnce
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
    async with use.database.reading() as session:
        athlete = await get_athlete(session, athlete_id)
        end = last or use.clock.now().astimezone(ZoneInfo(athlete.time_zone)).date()
        start = first or end - timedelta(days=min(DEFAULT_DAYS - 1, (end - date.min).days))
        return await service.fitness(session, athlete_id, first=start, last=end)


@router.get("/curve")
async def get_curve(
    use: Use,
    athlete_id: SignedInAthlete,
    sport: Annotated[Sport, Query(description="Efforts in this sport.")] = Sport.CYCLING,
    metric: Annotated[CurveMetric, Query(description="Best efforts of what.")] = "power",
    first: Annotated[date | None, Query(alias="from", description="Since always when absent.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Until today when absent.")] = None,
) -> Curve:
    """Return your best efforts over any days, the day of each, and the model that they hold."""
    async with use.database.reading() as session:
        return await service_curve(session, athlete_id, sport=sport, metric=metric, first=first, last=last)


@router.get("/rating-scale")
async def get_rating_scale(use: Use, athlete_id: SignedInAthlete) -> RatingScale:
    """Return how your ratings become loads where no sensor measured, and on how many of your sessions that rests."""
    async with use.database.reading() as session:
        return await rating_scale.get_rating_scale(session, athlete_id)


@router.delete("/rating-scale")
async def reset_rating_scale(use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> RatingScale:
    """Forget how you rate: loads from ratings are computed again with the default, until new sessions teach another."""
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: rating_scale.reset_rating_scale(session, athlete_id, now=now),
        RatingScale,
    )
