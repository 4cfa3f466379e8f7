"""Predictions from the stored history."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NoHistoryError, NotFoundError
from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.public import PastSession, best_of_range, past_sessions
from topform.features.athletes.public import get_athlete
from topform.features.predictions.races import as_race, as_training, best_efforts
from topform.features.predictions.repository import RacePredictionRepository
from topform.features.predictions.schemas import (
    LearnedFromOthers,
    PredictionAdjustment,
    PredictionBaseline,
    PredictionModel,
    PredictionTarget,
    PredictionWarning,
    RaceFound,
    RacePrediction,
    TrainingShown,
)
from topform.science.prediction import PREDICTOR_VERSION, Conditions, Race, RunningHistory, TrainingRun, predict
from topform.science.prediction.explain import BaselineStart
from topform.science.prediction.intervals import MIN_OTHERS, miss_rate_after_others

HISTORY_DAYS = 5 * 366
TRAINING_DAYS = 366
FIRST_YEAR, LAST_YEAR = 1950, 2199
SHORTEST_RACE_M, LONGEST_RACE_M = 400, 250_000


async def predict_race(
    session: AsyncSession,
    viewer: AthleteId,
    *,
    distance_m: float,
    day: date,
    today: date,
    conditions: Conditions | None = None,
) -> RacePrediction:
    """Return the predicted time of a running race; refuse where there is not enough to predict from."""
    found = await race_prediction(session, viewer, distance_m=distance_m, day=day, today=today, conditions=conditions)
    if found is None:
        raise NotFoundError(
            "There is not enough running to predict a race from.",
            remedy="Import three weeks of runs, or a race. An activity counts as a race when its title says so (race, "
            "parkrun, marathon, ...) and its distance is a usual one, from 1500 m to 100 km.",
        )
    return found


async def race_prediction(
    session: AsyncSession,
    viewer: AthleteId,
    *,
    distance_m: float,
    day: date,
    today: date | None = None,
    conditions: Conditions | None = None,
) -> RacePrediction | None:
    """Return the predicted time from stored races, training and best efforts before it; None without enough of them."""
    history, found = await running_history(
        session, viewer, distance_m=distance_m, day=day, conditions=conditions or Conditions()
    )
    others = await learned_from_others(session, viewer, distance_m=distance_m, before=day)
    start = None if others is None else {0.8: others.miss_rate_80, 0.9: others.miss_rate_90}
    try:
        answer = predict(history, starting_miss_rates=start, today=today)
    except NoHistoryError:
        return None
    document = answer.as_dict()
    return RacePrediction(
        target=PredictionTarget(distance_m=distance_m, date=day),
        time_s=document["time_s"],
        interval_80_s=tuple(document["interval_80_s"]),
        interval_90_s=tuple(document["interval_90_s"]),
        neutral_time_s=document["neutral_time_s"],
        models=[PredictionModel.model_validate(one) for one in document["models"]],
        baseline=_baseline(*answer.baseline),
        adjustments=[
            PredictionAdjustment(name=one.name, factor=round(one.factor, 4), why=one.why) for one in answer.adjustments
        ],
        reasons=list(answer.why),
        warnings=[PredictionWarning.model_validate(one) for one in answer.warnings],
        training=None if answer.shown is None else _shown(answer.shown),
        races=[
            RaceFound(activity_id=one.id, date=one.day, title=race.name, distance_m=race.distance_m, time_s=race.time_s)
            for one, race in reversed(found)
        ],
        others=others,
        predictor_version=PREDICTOR_VERSION,
        inputs_digest=_digest(history, start),
    )


async def learned_from_others(
    session: AsyncSession, viewer: AthleteId, *, distance_m: float, before: date
) -> LearnedFromOthers | None:
    """Return what the outcomes of other people before a day say of the intervals; None with too few of them."""
    found = await RacePredictionRepository(session).held_for_others(viewer, distance_m=distance_m, before=before)
    if len(found) < MIN_OTHERS:
        return None
    held_80, held_90 = [one[1] for one in found], [one[2] for one in found]
    return LearnedFromOthers(
        people=len(found),
        held_80=sum(held_80),
        miss_rate_80=round(miss_rate_after_others(held_80, alpha=0.2), 4),
        miss_rate_90=round(miss_rate_after_others(held_90, alpha=0.1), 4),
    )


def _baseline(time_s: float | None, start: BaselineStart) -> PredictionBaseline:
    one = start.start
    return PredictionBaseline(
        name="riegel_1.06",
        time_s=time_s,
        code=start.code,
        source=start.words,
        distance_m=None if one is None else one.distance_m,
        duration_s=None if one is None else one.time_s,
        date=None if one is None else one.day,
    )


def _shown(run: TrainingRun) -> TrainingShown:
    return TrainingShown(
        activity_id=UUID(run.reference), date=run.day, duration_s=run.time_s, is_stretch=run.is_best_effort
    )


def _digest(history: RunningHistory, start: dict[float, float] | None) -> str:
    """Return what tells two predictions apart, whatever order the entries of their histories came in."""
    known = asdict(history)
    if start is not None:
        known["starting_miss_rates"] = sorted(start.items())
    for name in ("races", "training"):
        known[name] = sorted(json.dumps(one, default=str, sort_keys=True) for one in known[name])
    return hashlib.sha256(json.dumps(known, default=str, sort_keys=True).encode()).hexdigest()


async def running_history(
    session: AsyncSession, viewer: AthleteId, *, distance_m: float, day: date, conditions: Conditions
) -> tuple[RunningHistory, list[tuple[PastSession, Race]]]:
    """Return all that is stored before a day and may serve a prediction, and the races with their activities."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInputError(f"The date lies outside {FIRST_YEAR} to {LAST_YEAR}.", remedy="Ask for a race to come.")
    athlete = await get_athlete(session, viewer)
    last = day - timedelta(days=1)
    past = await past_sessions(
        session, viewer, first=day - timedelta(days=HISTORY_DAYS), last=last, purpose=Purpose.MODEL
    )
    stretches = await best_of_range(
        session,
        viewer,
        sport="running",
        kind="ga_speed_m_s",
        first=day - timedelta(days=TRAINING_DAYS),
        last=last,
        purpose=Purpose.MODEL,
    )
    found = [(one, race) for one in past if (race := as_race(one)) is not None]
    runs = [run for one in past if (run := as_training(one)) is not None]
    history = RunningHistory(
        races=[race for _, race in found],
        training=[*runs, *best_efforts(stretches)],
        target_m=distance_m,
        target_day=day,
        sex=athlete.sex,
        conditions=conditions,
    )
    return history, found
