"""Race times."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete, spoken
from topform.features.predictions import record, service
from topform.features.predictions.record_schemas import PredictionRecord, ResponseModels
from topform.features.predictions.response import responses
from topform.features.predictions.schemas import RacePrediction
from topform.features.predictions.service import LONGEST_RACE_M, SHORTEST_RACE_M
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use
from topform.science.prediction import Conditions

router = APIRouter(prefix="/predictions", tags=["predictions"])


@router.get("")
async def get_race_prediction(
    use: Use,
    athlete_id: SignedInAthlete,
    distance_m: Annotated[
        float, Query(ge=SHORTEST_RACE_M, le=LONGEST_RACE_M, allow_inf_nan=False, description="Of the race. [m]")
    ],
    day: Annotated[date | None, Query(alias="date", description="Tomorrow in your time zone when absent.")] = None,
    temperature_c: Annotated[
        float | None, Query(ge=-40, le=55, allow_inf_nan=False, description="Of the air. [°C]")
    ] = None,
    ascent_m: Annotated[
        float | None, Query(ge=0, le=20_000, allow_inf_nan=False, description="Climbing of the course. [m]")
    ] = None,
    descent_m: Annotated[
        float | None, Query(ge=0, le=20_000, allow_inf_nan=False, description="Descent of the course. [m]")
    ] = None,
    altitude_m: Annotated[
        float | None, Query(ge=-430, le=6000, allow_inf_nan=False, description="Of the course above the sea. [m]")
    ] = None,
) -> RacePrediction:
    """Predict a running race from your races, training and best efforts, with intervals and beside Riegel 1.06.

    An activity counts as a race when its title says so (race, parkrun, marathon, ...) and its distance is a usual one.
    """
    conditions = Conditions(temperature_c=temperature_c, ascent_m=ascent_m, descent_m=descent_m, altitude_m=altitude_m)
    now = use.clock.now()
    async with use.database.transaction() as session:
        today = await _today(session, use, athlete_id)
        shown = await service.predict_race(
            session,
            athlete_id,
            distance_m=distance_m,
            day=day or today + timedelta(days=1),
            today=today,
            conditions=conditions,
        )
        await record.keep_shown(session, athlete_id, shown, today=today, now=now)
        return await spoken(session, athlete_id, shown)


@router.get("/record")
async def get_prediction_record(use: Use, athlete_id: SignedInAthlete) -> PredictionRecord:
    """Return how predictions of your own races held, each made from what was known before it, beside two baselines.

    Intervals widen after a race that fell outside and narrow after one inside. What you were shown before a race is
    kept with its version and a digest of its inputs, and stands beside what came.
    """
    async with use.database.transaction() as session:
        return await record.record(session, athlete_id, today=await _today(session, use, athlete_id))


@router.get("/response")
async def get_response_models(use: Use, athlete_id: SignedInAthlete) -> ResponseModels:
    """Return whether your response to training can be told from your own tests and races.

    A model of fitness and fatigue forecasts each test from those before it; its forecast for today is given only where
    it beat both the last value and the mean of the last three on your own past.
    """
    async with use.database.transaction() as session:
        return await responses(session, athlete_id, today=await _today(session, use, athlete_id))


async def _today(session: AsyncSession, use: Use, athlete_id: AthleteId) -> date:
    athlete = await get_athlete(session, athlete_id)
    return use.clock.now().astimezone(ZoneInfo(athlete.time_zone)).date()
