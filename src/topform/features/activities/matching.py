"""Whether two records without comparable samples tell of the same workout: by their times and totals alone.

Records with samples are compared by what they measured (`topform.science.same_session`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from topform.core.activity import Sport
from topform.science.same_session import MAX_CLOCK_ERROR_S, MAX_ZONE_ERROR_S, sports_agree

MARGIN: Final = timedelta(seconds=MAX_ZONE_ERROR_S + 2 * MAX_CLOCK_ERROR_S)
"""How far from a recording its other copies may lie by a wrong clock or time zone."""

START_TOLERANCE: Final = timedelta(seconds=120)
"""Two devices are started by hand one after the other; exports round the start to the first sample."""

MIN_OVERLAP_FRAC: Final = 0.8
"""Of the shorter one; a damaged copy may end early."""

MAX_DISTANCE_RATIO: Final = 1.25
"""A wheel sensor and GPS differ by a few percent, a copy in other units by far more."""


@dataclass(frozen=True, slots=True)
class Workout:
    """What decides whether two records are of one workout."""

    started_at: datetime
    elapsed_s: float
    sport: str
    distance_m: float | None
    activity_id: UUID | None = None


def same_workout(first: Workout, second: Workout) -> bool:
    """Tell whether two records are of one workout: started together, at the same time, in the same sport.

    Distances are compared only when both are complete: a copy that ends early is shorter.
    """
    if abs(first.started_at - second.started_at) > START_TOLERANCE:
        return False
    if not sports_agree(Sport(first.sport), Sport(second.sport)):
        return False
    shorter, longer = sorted((first.elapsed_s, second.elapsed_s))
    if shorter == 0:
        return longer <= START_TOLERANCE.total_seconds()
    if _overlap_s(first, second) < MIN_OVERLAP_FRAC * shorter:
        return False
    if shorter < MIN_OVERLAP_FRAC * longer or not first.distance_m or not second.distance_m:
        return True
    low, high = sorted((first.distance_m, second.distance_m))
    return high <= MAX_DISTANCE_RATIO * low


def _overlap_s(first: Workout, second: Workout) -> float:
    began = max(first.started_at, second.started_at)
    ended = min(one.started_at + timedelta(seconds=one.elapsed_s) for one in (first, second))
    return max((ended - began).total_seconds(), 0.0)
