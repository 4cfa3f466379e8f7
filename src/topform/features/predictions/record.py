"""Predictions as they were shown, what came, and how predictions of the athlete's own races held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId, new_id
from topform.features.activities.public import PastSession
from topform.features.predictions.record_schemas import (
    PastRacePrediction,
    PredictionRecord,
    RecordScores,
    ShownPrediction,
)
from topform.features.predictions.repository import RacePredictionRepository
from topform.features.predictions.schemas import RacePrediction
from topform.features.predictions.service import running_history
from topform.features.predictions.tables import RacePredictionRow
from topform.science.prediction import PREDICTOR_VERSION, Conditions, Race, RunningHistory
from topform.science.prediction.ensemble import PastForecast, adaptive_course, walk_forward
from topform.science.prediction.models import HALF_MARATHON_M

SAME_DISTANCE: Final = 0.01
STALE_DAYS: Final = 42
"""A prediction made for another day counts for a race up to six weeks after it was made."""

RACES_ARRIVE_WITHIN: Final = timedelta(days=90)
"""So long after its day a race that was predicted is waited for."""

WATCHED_RACES: Final = 100
"""Of so many, 72 to 88 intervals hold where 80 % is meant."""

RaceFound = tuple[PastSession, Race]


async def keep_shown(
    session: AsyncSession, athlete_id: AthleteId, shown: RacePrediction, *, today: date, now: datetime
) -> None:
    """Keep what is shown of a race to come, in place of what was shown of it before."""
    if shown.target.date <= today:
        return
    await RacePredictionRepository(session).keep(
        {
            "id": new_id(),
            "athlete_id": athlete_id,
            "made_at": now,
            "made_on": today,
            "target_date": shown.target.date,
            "distance_m": shown.target.distance_m,
            "predictor_version": shown.predictor_version,
            "inputs_digest": shown.inputs_digest,
            "time_s": shown.time_s,
            "low_80_s": shown.interval_80_s[0],
            "high_80_s": shown.interval_80_s[1],
            "low_90_s": shown.interval_90_s[0],
            "high_90_s": shown.interval_90_s[1],
            "baseline_s": shown.baseline.time_s,
        }
    )


async def record(session: AsyncSession, viewer: AthleteId, *, today: date) -> PredictionRecord:
    """Return each race beside its forecast from what was known before, and what had been shown; close what was run."""
    rows, history, found = await _closed(session, viewer, today=today)
    past = walk_forward(history)
    course_80, course_90 = (adaptive_course(past, level=level) for level in (0.8, 0.9))
    by_activity = {row.activity_id: row for row in rows if row.activity_id is not None}
    activities = {id(race): one for one, race in found}
    races = [
        _past(forecast, bounds, aim, activities[id(forecast.race)], by_activity)
        for forecast, (aim, bounds) in zip(past, course_80, strict=False)
        if bounds is not None
    ]
    closed = [row for row in rows if row.outcome_s is not None]
    return PredictionRecord(
        predictor_version=PREDICTOR_VERSION,
        races=races[::-1],
        shown_races=len(closed),
        shown_held=sum(_held(row) for row in closed),
        scores=_scores(past, races),
        next_miss_rate_80=round(course_80[-1][0], 4),
        next_miss_rate_90=round(course_90[-1][0], 4),
    )


async def close_what_was_run(session: AsyncSession, athlete_id: AthleteId, *, today: date) -> None:
    """Write into the athlete's predictions the races that they were of."""
    await _closed(session, athlete_id, today=today)


async def _closed(
    session: AsyncSession, viewer: AthleteId, *, today: date
) -> tuple[list[RacePredictionRow], RunningHistory, list[RaceFound]]:
    history, found = await running_history(
        session, viewer, distance_m=HALF_MARATHON_M, day=today + timedelta(days=1), conditions=Conditions()
    )
    rows = await RacePredictionRepository(session).all(viewer)
    close(rows, found)
    await session.flush()
    return rows, history, found


async def intervals_held(session: AsyncSession) -> tuple[int, int]:
    """Return in how many of the server's last races the 80 % interval shown before held, and how many these are."""
    return await RacePredictionRepository(session).held_lately(WATCHED_RACES)


def close(rows: Sequence[RacePredictionRow], found: Sequence[RaceFound]) -> None:
    """Write into each prediction the race that it was of; one whose activity is gone waits again."""
    by_id = {one.id: (one, race) for one, race in found}
    for row in rows:
        if row.outcome_s is None:
            continue
        run = by_id.get(row.activity_id) if row.activity_id is not None else None
        _set_outcome(row, run)
    taken = {row.activity_id for row in rows if row.outcome_s is not None}
    for one, race in found:
        if one.id in taken:
            continue
        fitting = [row for row in rows if row.outcome_s is None and _is_of(row, race)]
        if fitting:
            _set_outcome(max(fitting, key=lambda row: (row.target_date == race.day, row.made_at)), (one, race))


def _set_outcome(row: RacePredictionRow, run: RaceFound | None) -> None:
    row.outcome_s = None if run is None else run[1].time_s
    row.outcome_date = None if run is None else run[1].day
    row.activity_id = None if run is None else run[0].id


def _is_of(row: RacePredictionRow, race: Race) -> bool:
    if race.day is None or abs(row.distance_m / race.distance_m - 1) > SAME_DISTANCE:
        return False
    if row.made_on >= race.day:
        return False
    return row.target_date == race.day or (race.day - row.made_on).days <= STALE_DAYS


def _held(row: RacePredictionRow) -> bool:
    return row.outcome_s is not None and row.low_80_s <= row.outcome_s <= row.high_80_s


def _past(
    forecast: PastForecast,
    bounds: tuple[float, float],
    aim: float,
    activity: PastSession,
    by_activity: Mapping[UUID, RacePredictionRow],
) -> PastRacePrediction:
    race, row = forecast.race, by_activity.get(activity.id)
    return PastRacePrediction(
        date=activity.day,
        title=race.name,
        activity_id=activity.id,
        distance_m=race.distance_m,
        time_s=race.time_s,
        predicted_s=round(float(np.exp(forecast.log_time)), 1),
        interval_80_s=(round(bounds[0], 1), round(bounds[1], 1)),
        aimed_miss_rate=round(aim, 4),
        held=bounds[0] <= race.time_s <= bounds[1],
        shown=None
        if row is None
        else ShownPrediction(
            made_on=row.made_on,
            time_s=row.time_s,
            interval_80_s=(row.low_80_s, row.high_80_s),
            held=_held(row),
            predictor_version=row.predictor_version,
            inputs_digest=row.inputs_digest,
        ),
    )


def _scores(past: Sequence[PastForecast], races: Sequence[PastRacePrediction]) -> RecordScores | None:
    if not past:
        return None
    actual = np.array([one.race.time_s for one in past])

    def mae_pct(predicted: Sequence[float]) -> float:
        return round(float(np.mean(np.abs(np.array(predicted) / actual - 1))) * 100, 3)

    ours = mae_pct([float(np.exp(one.log_time)) for one in past])
    last, three = mae_pct([one.last_value_s for one in past]), mae_pct([one.mean_of_three_s for one in past])
    return RecordScores(
        races=len(past),
        prediction_mae_pct=ours,
        last_value_mae_pct=last,
        mean_of_three_mae_pct=three,
        coverage_80=round(sum(one.held for one in races) / len(races), 4),
        beats_both=ours < min(last, three),
    )
