"""What a prediction may look at: races, training and the race asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from topform.core.arrays import require_range
from topform.core.errors import OutOfRangeError
from topform.core.units import M_PER_KM
from topform.science.athlete import Sex

DAYS_PER_YEAR: Final = 365.25
VOLUME_WEEKS: Final = 12
MIN_VOLUME_WEEKS: Final = 3
BREAK_FROM_D: Final = 42
RECORDED_WITHIN: Final = timedelta(days=28)
RECORDED_DAYS: Final = 4
MIN_DISTANCE_M, MAX_DISTANCE_M = 400.0, 250_000.0


@dataclass(frozen=True, slots=True)
class Race:
    """A race that was run as fast as the athlete could.

    Parameters
    ----------
    distance_m : float
        [m], 400..250 000
    time_s : float
        [s], > 0
    day : date or None
        None = unknown; then the race counts as recent.
    name : str
        How it is referred to in explanations.
    """

    distance_m: float
    time_s: float
    day: date | None = None
    name: str = ""

    def __post_init__(self) -> None:
        require_range("distance_m", self.distance_m, low=MIN_DISTANCE_M, high=MAX_DISTANCE_M)
        require_range("time_s", self.time_s, low=30.0, high=1e6)


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A training session with distance and time. [m], [s]"""

    day: date
    distance_m: float
    time_s: float
    is_best_effort: bool = False
    """A stretch of an activity, not the whole of it: counts as shown ability, never as volume."""
    reference: str = ""
    """Id of the activity, where it is a stored one."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the course and the day do to a time; None = as on a flat, cool day at sea level."""

    temperature_c: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    altitude_m: float | None = None


@dataclass(frozen=True, slots=True)
class RunningHistory:
    """Everything a prediction may use, already freed of what lies after the race.

    Parameters
    ----------
    races : sequence of Race
    training : sequence of TrainingRun
    sex : "m", "f" or None
    age : float or None
        Age on the day of the race asked for. [years]
    target_m : float
        [m]
    target_day : date or None
        None = at the time of the latest entry.
    conditions : Conditions
        Ascent and descent together at most the distance.

    Raises
    ------
    OutOfRangeError
        If the distance or the hills are outside their range.
    """

    races: Sequence[Race]
    training: Sequence[TrainingRun]
    target_m: float
    target_day: date | None = None
    sex: Sex | None = None
    age: float | None = None
    conditions: Conditions = Conditions()

    def __post_init__(self) -> None:
        require_range("target_m", self.target_m, low=MIN_DISTANCE_M, high=MAX_DISTANCE_M)
        if (self.conditions.ascent_m or 0.0) + (self.conditions.descent_m or 0.0) > self.target_m:
            raise OutOfRangeError(f"ascent_m and descent_m are more than the distance, {self.target_m:g} m")

    def age_years(self, day: date | None) -> float:
        """Return how long before the race asked for a day lies, 0 when unknown. [years]"""
        if day is None or self.target_day is None:
            return 0.0
        return max((self.target_day - day).days, 0) / DAYS_PER_YEAR

    def before(self, day: date, *, target_m: float) -> RunningHistory:
        """Return what was known before a day, with another race asked for on that day."""
        return replace(
            self,
            races=[race for race in self.races if race.day is not None and race.day < day],
            training=[run for run in self.training if run.day < day],
            target_m=target_m,
            target_day=day,
            conditions=Conditions(),
        )


@dataclass(frozen=True, slots=True)
class Volume:
    """Training volume over the last weeks: what marathon models ask for."""

    km_per_week: float
    pace_s_km: float
    longest_m: float
    weeks: float
    last_day: date


def training_volume(history: RunningHistory, *, weeks: int = VOLUME_WEEKS) -> Volume | None:
    """Return volume, mean pace and longest run of the last weeks of training.

    Parameters
    ----------
    history : RunningHistory
    weeks : int
        At most this many, default 12.

    Returns
    -------
    Volume or None
        None when the entries span less than three weeks.
    """
    runs = [run for run in history.training if not run.is_best_effort]
    if not runs:
        return None
    last = max(run.day for run in runs)
    first = max(min(run.day for run in runs), last - timedelta(weeks=weeks) + timedelta(days=1))
    spanned = ((last - first).days + 1) / 7
    if spanned < MIN_VOLUME_WEEKS:
        return None
    recent = [run for run in runs if run.day >= first]
    distance_m = float(np.sum([run.distance_m for run in recent]))
    time_s = float(np.sum([run.time_s for run in recent]))
    return Volume(
        km_per_week=distance_m / M_PER_KM / spanned,
        pace_s_km=time_s / (distance_m / M_PER_KM),
        longest_m=max(run.distance_m for run in recent),
        weeks=spanned,
        last_day=last,
    )


@dataclass(frozen=True, slots=True)
class Break:
    """A stretch of days without running. [days]"""

    days: int
    trained_days: int
    """From its end to the race asked for."""


def training_break(history: RunningHistory, *, since: date) -> Break | None:
    """Return the longest stretch without running after a day; None when none is longer than six weeks.

    Only what lies between two runs is a break, and only where runs were recorded regularly before it: otherwise nothing
    is known of those days.

    Parameters
    ----------
    history : RunningHistory
    since : date
        Day of the performance that counts.
    """
    runs = sorted({run.day for run in history.training})
    days = sorted({since, *(day for day in runs if day > since)})
    last = history.target_day or days[-1]
    breaks = [
        Break((end - begin).days, (last - end).days)
        for begin, end in pairwise(days)
        if sum(timedelta(0) <= begin - day <= RECORDED_WITHIN for day in runs) >= RECORDED_DAYS
    ]
    longest = max(breaks, key=lambda one: one.days, default=None)
    return longest if longest is not None and longest.days > BREAK_FROM_D else None
