"""Predictions from the stored history."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NoHistoryError, NotFoundError
from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.public import fastest_stretches, past_sessions
from topform.features.athletes.public import get_athlete
from topform.features.plans.public import planned_loads
from topform.features.predictions.races import as_best_effort, as_race, as_training
from topform.features.predictions.schemas import (
    FitnessForecast,
    ForecastDay,
    PredictionAdjustment,
    PredictionBaseline,
    PredictionModel,
    PredictionTarget,
    PredictionWarning,
    RaceFound,
    RacePrediction,
)
from topform.features.training_load.public import fitness
from topform.science.fitness import load_averages
from topform.science.prediction import Conditions, RunningHistory, predict

HISTORY_DAYS = 5 * 366
TRAINING_DAYS = 366
FIRST_YEAR, LAST_YEAR = 1950, 2199


async def predict_race(
    session: AsyncSession,
    viewer: AthleteId,
    *,
    distance_m: float,
    day: date,
    conditions: Conditions | None = None,
) -> RacePrediction:
    """Return the predicted time of a running race from stored races, training and best efforts before it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInputError(f"The date lies outside {FIRST_YEAR} to {LAST_YEAR}.", remedy="Ask for a race to come.")
    athlete = await get_athlete(session, viewer)
    last = day - timedelta(days=1)
    past = await past_sessions(
        session, viewer, first=day - timedelta(days=HISTORY_DAYS), last=last, purpose=Purpose.MODEL
    )
    stretches = await fastest_stretches(
        session, viewer, sport="running", since=day - timedelta(days=TRAINING_DAYS), purpose=Purpose.MODEL
    )
    found = [(one, race) for one in past if (race := as_race(one)) is not None]
    runs = [run for one in past if (run := as_training(one)) is not None]
    efforts = [run for one in stretches if one.day < day and (run := as_best_effort(one)) is not None]
    history = RunningHistory(
        races=[race for _, race in found],
        training=[*runs, *efforts],
        target_m=distance_m,
        target_day=day,
        sex=athlete.sex,
        conditions=conditions or Conditions(),
    )
    try:
        answer = predict(history)
    except NoHistoryError as error:
        raise NotFoundError(
            "There is not enough running to predict a race from.",
            remedy="Import runs of three weeks, or a race; its title should say that it was one.",
        ) from error
    document = answer.as_dict()
    return RacePrediction(
        target=PredictionTarget(distance_m=distance_m, date=day),
        time_s=document["time_s"],
        interval_80_s=tuple(document["interval_80_s"]),
        interval_90_s=tuple(document["interval_90_s"]),
        neutral_time_s=document["neutral_time_s"],
        models=[PredictionModel.model_validate(one) for one in document["models"]],
        baseline=PredictionBaseline(name="riegel_1.06", time_s=answer.baseline[0], source=answer.baseline[1]),
        adjustments=[
            PredictionAdjustment(name=one.name, factor=round(one.factor, 4), why=one.why) for one in answer.adjustments
        ],
        reasons=list(answer.why),
        warnings=[PredictionWarning.model_validate(one) for one in answer.warnings],
        races=[
            RaceFound(activity_id=one.id, date=one.day, title=race.name, distance_m=race.distance_m, time_s=race.time_s)
            for one, race in reversed(found)
        ],
    )


async def forecast(session: AsyncSession, viewer: AthleteId, *, today: date) -> FitnessForecast:
    """Return where fitness, fatigue and form go from today if the plan is done as it stands."""
    plan = await planned_loads(session, viewer)
    if plan is None:
        return FitnessForecast(days=[], race_date=None, race_distance_m=None)
    known = (await fitness(session, viewer, first=today, last=today)).days[-1]
    ahead = sorted(day for day in plan.loads_au if day > today)
    if not ahead:
        return FitnessForecast(days=[], race_date=plan.race_day, race_distance_m=plan.race_distance_m)
    days = [today + timedelta(days=index + 1) for index in range((ahead[-1] - today).days)]
    loads = np.array([plan.loads_au.get(day, 0.0) for day in days])
    averages = load_averages(loads, ctl_start=known.ctl, atl_start=known.atl)
    return FitnessForecast(
        days=[
            ForecastDay(date=day, load_au=float(load), ctl=float(ctl), atl=float(atl), tsb=float(tsb))
            for day, load, ctl, atl, tsb in zip(days, loads, averages.ctl, averages.atl, averages.tsb, strict=True)
        ],
        race_date=plan.race_day,
        race_distance_m=plan.race_distance_m,
    )
