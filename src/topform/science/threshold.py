"""An athlete's threshold as a state that evidence moves: it has a range, it ages, and it can fall.

One filter serves threshold power, threshold running speed and critical swim speed. A test says what the threshold is; a
best effort only that it is not lower; easy sessions with heart rate say it roughly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError, ShapeError
from topform.science.power_duration import threshold_from_effort_w

VERSION: Final = 4
DAILY_SD_FRAC: Final = 0.003
IDLE_DAILY_SD_FRAC: Final = 0.01
IDLE_AFTER_D: Final = 21
DECAY_FRAC_PER_D: Final = 0.001
"""Loss of threshold each day once three weeks passed without a hard effort."""

LOWEST_SHARE: Final = 0.8
"""However long the rest, no more than a fifth of the threshold at which it began is lost; a test or an entry that finds
the fallen threshold as expected does not let it fall by a fifth again."""

MAX_SD_FRAC: Final = 0.15
START_SD_FRAC: Final = 0.08
HONEST_SD_FRAC: Final = 0.025
"""A threshold is never claimed more closely than 5 % to either side at 95 %."""

BEST_EFFORT_SD_FRAC: Final = 0.03
SUBMAXIMAL_SD_FRAC: Final = 0.08
DFA_SD_FRAC: Final = 0.08
EFFORT_MIN_S, EFFORT_MAX_S = 180, 3600
HARD_EFFORT_FRAC: Final = 0.9
"""An effort this close to the threshold counts as hard: it stops the decay."""

RIEGEL_SPEED_EXPONENT: Final = 1 - 1 / 1.06
HOUR_S: Final = 3600.0


class Evidence(StrEnum):
    """What a piece of evidence is."""

    TEST = "test"
    ENTERED = "entered"
    BEST_EFFORT = "best_effort"
    SUBMAXIMAL = "submaximal"
    DFA = "dfa"


@dataclass(frozen=True, slots=True)
class Observation:
    """One piece of evidence on one day.

    Parameters
    ----------
    day : date
    kind : Evidence
    value : float
        What it says the threshold is, in the threshold's unit, > 0.
    sd_frac : float
        Its error as a fraction of the value, > 0.
    is_lower_bound : bool
        The threshold is at least this; nothing is said of how much more.
    detail : str
        A stable word on how it was obtained, such as "power_20min".
    reference : str or None
        Id of the activity or test.
    holds_until : date or None
        Last day for which a person vouched for it; None = its own day.
    """

    day: date
    kind: Evidence
    value: float
    sd_frac: float
    is_lower_bound: bool = False
    detail: str = ""
    reference: str | None = None
    holds_until: date | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and self.value > 0 and self.sd_frac > 0):
            raise OutOfRangeError("evidence needs a value and an error above 0")


@dataclass(frozen=True, slots=True)
class ThresholdState:
    """What is believed of a threshold after a day.

    Parameters
    ----------
    day : date
    mean, sd : float
        In the threshold's unit.
    """

    day: date
    mean: float
    sd: float

    @property
    def range_80(self) -> tuple[float, float]:
        """Range that should hold the threshold in 80 of 100 cases, never narrower than what tests can resolve."""
        half = 1.2816 * max(self.sd, HONEST_SD_FRAC * self.mean)
        return self.mean - half, self.mean + half


def measured(mean: float, sd: float, *, value: float, value_sd: float) -> tuple[float, float]:
    """Combine a belief with a measurement of known error.

    Examples
    --------
    >>> [round(x, 2) for x in measured(260, math.hypot(20, 2), value=267, value_sd=0.03 * 267)]
    [266.04, 7.44]
    """
    gain = sd**2 / (sd**2 + value_sd**2)
    return mean + gain * (value - mean), sd * math.sqrt(1 - gain)


def bounded_below(mean: float, sd: float, *, value: float, value_sd: float) -> tuple[float, float]:
    """Combine a belief with a lower bound of known error, by matching mean and spread of the exact posterior.

    A bound far below the belief changes nothing; one above it lifts it, to itself and no further: many equal bounds are
    no sign of more.

    Examples
    --------
    >>> [round(x, 2) for x in bounded_below(260.0, 5.0, value=200.0, value_sd=6.0)]
    [260.0, 5.0]
    >>> bounded_below(260, 10, value=280, value_sd=8)[0] > 270
    True
    >>> bounded_below(260.0, 10.0, value=261.0, value_sd=8.0)[0]
    261.0
    """
    spread = math.hypot(sd, value_sd)
    z = (mean - value) / spread
    hazard = _normal_density_over_cdf(z)
    moved = mean + sd**2 / spread * hazard
    moved = min(moved, max(mean, value))
    shrunk = 1 - (sd / spread) ** 2 * hazard * (z + hazard)
    return moved, sd * math.sqrt(max(shrunk, 1e-6))


def _normal_density_over_cdf(z: float) -> float:
    """Return the standard normal density over its distribution function."""
    below = 0.5 * math.erfc(-z / math.sqrt(2))
    if below < 1e-280:
        return -z - 1 / z
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / below


def _days_on(mean: float, sd: float, *, days: int, idle_d: int, lowest: float) -> tuple[float, float]:
    """Let time pass: uncertainty grows, faster without data, and after three idle weeks the threshold falls."""
    for _ in range(days):
        idle_d += 1
        share = min(max(idle_d / IDLE_AFTER_D, 0.0), 1.0)
        step = (DAILY_SD_FRAC + (IDLE_DAILY_SD_FRAC - DAILY_SD_FRAC) * share) * mean
        if idle_d > IDLE_AFTER_D and mean > lowest:
            mean = max(mean * (1 - DECAY_FRAC_PER_D), lowest)
        sd = min(math.hypot(sd, step), MAX_SD_FRAC * mean)
    return mean, sd


def threshold_history(observations: Iterable[Observation], *, until: date, falls: bool = True) -> list[ThresholdState]:
    """Run the filter over the evidence and return the state after each day on which there was some, and at the end.

    Parameters
    ----------
    observations : iterable of Observation
        In any order; those after `until` are left out.
    until : date
    falls : bool
        Whether it is lost without training; a heart rate at threshold is not.

    Returns
    -------
    list of ThresholdState
        Oldest first, empty without evidence.
    """
    ordered = sorted(
        (one for one in observations if one.day <= until), key=lambda one: (one.day, one.is_lower_bound, one.value)
    )
    if not ordered:
        return []
    first = ordered[0]
    mean, sd = first.value, max(first.sd_frac, START_SD_FRAC if first.is_lower_bound else 0.0) * first.value
    day, hard_day = first.day, _vouched_day(first)
    is_open = first.is_lower_bound  # as long as nothing but lower bounds is known, nothing says how much higher it is
    share = LOWEST_SHARE if falls else 1.0
    lowest = share * mean
    states: list[ThresholdState] = []
    for one in ordered[1:]:
        if one.day > day:
            states.append(ThresholdState(day, mean, sd))
            mean, sd = _days_on(mean, sd, days=(one.day - day).days, idle_d=(day - hard_day).days, lowest=lowest)
            day = one.day
        before = mean
        if is_open and one.value > mean:
            sd = max(sd, MAX_SD_FRAC * mean)
        if one.is_lower_bound:
            mean, sd = bounded_below(mean, sd, value=one.value, value_sd=one.sd_frac * one.value)
        elif is_open and one.value > mean:
            mean, sd, is_open = one.value, one.sd_frac * one.value, False
        else:
            mean, sd = measured(mean, sd, value=one.value, value_sd=one.sd_frac * one.value)
            is_open = False
        if is_open:
            sd = max(sd, START_SD_FRAC * mean)
        if one.kind in (Evidence.TEST, Evidence.ENTERED) or one.value >= HARD_EFFORT_FRAC * mean:
            hard_day = max(hard_day, _vouched_day(one))
            lowest = max(share * mean, lowest * min(mean / before, 1.0))
        else:
            lowest = min(lowest, mean)
    states.append(ThresholdState(day, mean, sd))
    if until > day:
        mean, sd = _days_on(mean, sd, days=(until - day).days, idle_d=(day - hard_day).days, lowest=lowest)
        states.append(ThresholdState(until, mean, sd))
    return states


def _vouched_day(one: Observation) -> date:
    return one.day if one.holds_until is None else max(one.day, one.holds_until)


def state_on(states: Sequence[ThresholdState], day: date) -> ThresholdState | None:
    """Return the last state on or before a day."""
    earlier = [state for state in states if state.day <= day]
    return earlier[-1] if earlier else None


def power_of_effort_w(*, power_w: float, time_s: float) -> float:
    """Return the threshold power that a best effort of 3 to 60 min implies at least. [W]

    Raises
    ------
    OutOfRangeError
        If it lasted less than 3 or more than 60 min.

    Examples
    --------
    >>> round(power_of_effort_w(power_w=280, time_s=1200), 1)
    267.0
    """
    if not EFFORT_MIN_S <= time_s <= EFFORT_MAX_S:
        raise OutOfRangeError("an effort must last 3 to 60 min")
    return threshold_from_effort_w(power_w=power_w, time_s=time_s)


def speed_of_effort_m_s(*, speed_m_s: float, time_s: float) -> float:
    """Return the speed for an hour that a best effort of 3 to 60 min implies at least, with Riegel's exponent. [m/s]

    Raises
    ------
    OutOfRangeError
        If it lasted less than 3 or more than 60 min.

    Examples
    --------
    >>> round(speed_of_effort_m_s(speed_m_s=4.0, time_s=3600), 3)
    4.0
    """
    if not EFFORT_MIN_S <= time_s <= EFFORT_MAX_S:
        raise OutOfRangeError("an effort must last 3 to 60 min")
    return float(speed_m_s * (time_s / HOUR_S) ** RIEGEL_SPEED_EXPONENT)


def best_effort(bests: Mapping[int, float], *, is_power: bool) -> tuple[float, int] | None:
    """Return the highest implied threshold of a curve of bests by duration, and the duration; None without any."""
    implied = [
        (
            power_of_effort_w(power_w=value, time_s=duration)
            if is_power
            else speed_of_effort_m_s(speed_m_s=value, time_s=duration),
            duration,
        )
        for duration, value in bests.items()
        if EFFORT_MIN_S <= duration <= EFFORT_MAX_S and value > 0
    ]
    return max(implied, default=None)


STEADY_S: Final = 360
STEADY_LATEST_S: Final = 3600
STEADY_CV: Final = 0.06
STEADY_HR_FRAC = (0.60, 0.88)
SETTLING_S: Final = 120
MIN_STEADY_POINTS: Final = 3
MIN_STEADY_SPREAD_BPM: Final = 8.0


def steady_points(output: FloatArray, hr_bpm: FloatArray, *, hr_max_bpm: float) -> list[tuple[float, float]]:
    """Steady stretches of six minutes in the first hour: mean heart rate and output.

    The first two minutes of a stretch are left for heart rate to settle.

    Parameters
    ----------
    output : FloatArray
        (n,) power or grade-adjusted speed once a second; NaN = not observed.
    hr_bpm : FloatArray
        (n,) [bpm]
    hr_max_bpm : float
        [bpm]

    Returns
    -------
    list of tuple
        (heart rate [bpm], output).
    """
    low, high = (share * hr_max_bpm for share in STEADY_HR_FRAC)
    points = []
    for begin in range(0, min(output.size, STEADY_LATEST_S) - STEADY_S + 1, STEADY_S):
        stretch, pulse = output[begin : begin + STEADY_S], hr_bpm[begin + SETTLING_S : begin + STEADY_S]
        if not (np.isfinite(stretch).all() and np.isfinite(pulse).all()):
            continue
        minutes = stretch.reshape(-1, 60).mean(axis=1)
        mean = float(minutes.mean())
        pulse_mean = float(pulse.mean())
        if mean > 0 and float(minutes.std(ddof=1)) <= STEADY_CV * mean and low <= pulse_mean <= high:
            points.append((pulse_mean, mean))
    return points


def submaximal_threshold(hr_bpm: FloatArray, output: FloatArray, *, lthr_bpm: float) -> float | None:
    """Output at threshold heart rate, by a robust line through steady stretches; None when they hold no line.

    Parameters
    ----------
    hr_bpm, output : FloatArray
        (n,) mean heart rate [bpm] and output of steady stretches.
    lthr_bpm : float
        [bpm]

    Returns
    -------
    float or None
        In the unit of the output.

    Examples
    --------
    >>> round(submaximal_threshold(np.array([120.0, 135, 150]), np.array([140.0, 180, 222]), lthr_bpm=168), 1)
    270.9
    """
    if hr_bpm.size != output.size:
        raise ShapeError("each stretch needs a heart rate and an output")
    if hr_bpm.size < MIN_STEADY_POINTS or np.ptp(hr_bpm) < MIN_STEADY_SPREAD_BPM:
        return None
    if hr_bpm.size == MIN_STEADY_POINTS:
        slope, intercept = (float(value) for value in np.polyfit(hr_bpm, output, 1))
    else:
        from scipy.stats import theilslopes

        slope, intercept, *_ = (float(value) for value in theilslopes(output, hr_bpm))
    return intercept + slope * lthr_bpm if slope > 0 else None
