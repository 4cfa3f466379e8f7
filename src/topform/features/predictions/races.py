"""Which activities are races; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from topform.core.errors import OutOfRangeError
from topform.core.units import M_PER_MILE
from topform.features.activities.public import CurvePoint, PastSession
from topform.science.performance_index import MAX_S, MIN_S, run_index
from topform.science.prediction import Race, TrainingRun
from topform.science.prediction.candidates import RACED_FROM_S
from topform.science.prediction.models import HALF_MARATHON_M, MARATHON_M

RACE_DISTANCES_M: Final = (
    1500.0, M_PER_MILE, 3000.0, 5000.0, 8000.0, 5 * M_PER_MILE, 10_000.0, 15_000.0, 10 * M_PER_MILE, 20_000.0,
    HALF_MARATHON_M, 25_000.0, 30_000.0, MARATHON_M, 50_000.0, 100_000.0,
)  # fmt: skip
SHORT_BY, LONG_BY = 0.01, 0.03
"""Satellite tracks of a measured course are rarely shorter and often a little longer."""

RACE_WORDS: Final = re.compile(
    r"\b(race|races|raced|parkrun|wettkampf|rennen|volkslauf|stadtlauf|marathon|halbmarathon|half marathon|"
    r"championships?|meisterschaft(en)?|time trial)\b",
    re.IGNORECASE,
)
TRAINING_WORDS: Final = re.compile(
    r"\b(training|trainings?lauf|prep|preparation|vorbereitung|long run|easy|recovery|warm.?up|cool.?down|pace run|"
    r"marathon pace|race pace|tempo|intervals?|shakeout|einlaufen|auslaufen)\b",
    re.IGNORECASE,
)
RACE_SUB_SPORTS: Final = frozenset({"race", "competition"})
STRETCHES_S: Final = (180, 300, 480, 600, 1200, 1800, 2400, 3600, 5400)
"""Durations whose best speeds are shown to the predictor; the shortest serve critical speed."""

SLOWEST_RUN_M_S, FASTEST_RUN_M_S = 1.2, 8.0


def as_race(past: PastSession) -> Race | None:
    """Return the activity as a race over the official distance, None when it is none."""
    if past.sport != "running" or past.distance_m is None:
        return None
    title = past.title or ""
    is_named = RACE_WORDS.search(title) is not None and TRAINING_WORDS.search(title) is None
    if not is_named and past.sub_sport not in RACE_SUB_SPORTS:
        return None
    official = next(
        (one for one in RACE_DISTANCES_M if one * (1 - SHORT_BY) <= past.distance_m <= one * (1 + LONG_BY)), None
    )
    if official is None:
        return None
    try:
        return Race(official, past.elapsed_s, past.day, name=title)
    except OutOfRangeError:
        return None


def as_training(past: PastSession) -> TrainingRun | None:
    """Return the activity as a training run, None when it is none."""
    if past.sport != "running" or past.distance_m is None or past.distance_m < 400 or past.timer_s <= 0:
        return None
    if not SLOWEST_RUN_M_S <= past.distance_m / past.timer_s <= FASTEST_RUN_M_S:
        return None
    return TrainingRun(past.day, past.distance_m, past.timer_s, reference=str(past.id))


def best_efforts(points: Sequence[CurvePoint]) -> list[TrainingRun]:
    """Return the fastest stretches as ability that was shown: of usual durations, and those with the highest index.

    There are two of those, one from 8 min on and one of 3.5 to 8 min for short races.

    Parameters
    ----------
    points : sequence of CurvePoint
        Best grade-adjusted speeds: what the performance index of an activity is taken from.
    """
    plausible = [
        one for one in points if SLOWEST_RUN_M_S <= one.value <= FASTEST_RUN_M_S and one.value * one.duration_s >= 400
    ]
    ranges = ((MIN_S, RACED_FROM_S), (RACED_FROM_S, MAX_S + 1))
    best = [
        max(
            (one for one in plausible if low <= one.duration_s < high),
            key=lambda one: run_index(distance_m=one.value * one.duration_s, time_s=one.duration_s),
            default=None,
        )
        for low, high in ranges
    ]
    return [
        TrainingRun(
            one.day,
            one.value * one.duration_s,
            float(one.duration_s),
            is_best_effort=True,
            reference=str(one.activity_id),
        )
        for one in plausible
        if one in best or one.duration_s in STRETCHES_S
    ]
