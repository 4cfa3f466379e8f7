"""Whether two files tell of the same workout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from topform.core.activity import Sport

START_TOLERANCE: Final = timedelta(seconds=120)
"""Two devices are started by hand one after the other; exports round the start to the first sample."""

MIN_OVERLAP_FRAC: Final = 0.8
"""Of the shorter one; a damaged copy may end early."""

MAX_DISTANCE_RATIO: Final = 1.25
"""A wheel sensor and GPS differ by a few percent, a copy in other units by far more."""

VAGUE: Final = frozenset({Sport.OTHER.value, Sport.TRANSITION.value})
ON_FOOT: Final = frozenset({Sport.RUNNING.value, Sport.WALKING.value, Sport.HIKING.value})


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
    if abs(first.started_at - second.started_at) > START_TOLERANCE or not _sports_agree(first.sport, second.sport):
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


def closest_match(new: Workout, stored: Iterable[Workout]) -> Workout | None:
    """Return the stored record of the same workout that overlaps the new one most, if there is one."""
    matches = [workout for workout in stored if same_workout(new, workout)]
    return max(matches, key=lambda workout: _overlap_s(new, workout), default=None)


def _overlap_s(first: Workout, second: Workout) -> float:
    began = max(first.started_at, second.started_at)
    ended = min(one.started_at + timedelta(seconds=one.elapsed_s) for one in (first, second))
    return max((ended - began).total_seconds(), 0.0)


def _sports_agree(first: str, second: str) -> bool:
    return first == second or bool({first, second} & VAGUE) or {first, second} <= ON_FOOT
