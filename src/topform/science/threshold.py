"""An athlete's threshold as a state that evidence moves: it has a range, it ages, and it can fall.

One filter serves threshold power, threshold running speed and critical swim speed. A test says what the threshold is; a
best effort only that it is not lower; easy sessions with heart rate say it roughly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError, ShapeError
from topform.science.power_duration import threshold_from_effort_w
from topform.science.threshold_evidence import (
    RISE_FRAC,
    Evidence,
    Exertion,
    Known,
    Observation,
    SetAside,
    Witnesses,
    doubt,
)

VERSION: Final = 5
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
SURPRISE_SD: Final = 2.0
SURPRISE_SHARE: Final = 0.5
"""A first test this many standard deviations off, or confirmed evidence that is far off, shows that what was believed
was wrong: this share of the distance is then its error."""

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


@dataclass(frozen=True, slots=True)
class ThresholdCourse:
    """What the evidence says over time, and what of it does not count.

    Parameters
    ----------
    states : list of ThresholdState
        After each day on which evidence counted, and at the end; oldest first, empty without evidence.
    set_aside : dict of Observation to SetAside
    """

    states: list[ThresholdState]
    set_aside: dict[Observation, SetAside]


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
    return threshold_course(observations, until=until, falls=falls).states


def threshold_course(
    observations: Iterable[Observation], *, until: date, falls: bool = True, rise_frac: float = RISE_FRAC
) -> ThresholdCourse:
    """Run the filter over the evidence; what lies far from the rest counts once something independent confirms it.

    Parameters
    ----------
    observations : iterable of Observation
        In any order; those after `until` are left out.
    until : date
    falls : bool
        Whether it is lost without training; a heart rate at threshold is not.
    rise_frac : float
        How far above what is known a single effort is believed.

    Returns
    -------
    ThresholdCourse
    """
    known = [one for one in observations if one.day <= until]
    set_aside = {one: one.fault for one in known if one.fault is not None}
    ordered = sorted(
        (one for one in known if one.fault is None), key=lambda one: (one.day, one.is_lower_bound, one.value)
    )
    witnesses = Witnesses(ordered)
    while ordered and ordered[0].is_lower_bound and witnesses.outnumber(ordered[0], rise_frac=rise_frac):
        set_aside[ordered.pop(0)] = SetAside.FAR_ABOVE
    if not ordered:
        return ThresholdCourse([], set_aside)
    belief = _Belief(ordered[0], share=LOWEST_SHARE if falls else 1.0)
    states: list[ThresholdState] = []
    for one in ordered[1:]:
        if one.day > belief.day:
            states.append(belief.state)
            belief.wait_until(one.day)
        reason = doubt(one, belief.known, rise_frac=rise_frac)
        is_confirmed = reason is not None and witnesses.confirm(one, is_above=one.value > belief.mean)
        if reason is None or is_confirmed:
            belief.weigh(one, is_confirmed=is_confirmed)
        else:
            set_aside[one] = reason
    states.append(belief.state)
    if until > belief.day:
        belief.wait_until(until)
        states.append(belief.state)
    return ThresholdCourse(states, set_aside)


class _Belief:
    """What is believed of a threshold, day after day.

    Parameters
    ----------
    first : Observation
    share : float
        However long the rest, this share of what was trained stays.
    """

    def __init__(self, first: Observation, *, share: float) -> None:
        self.day = first.day
        self.mean = first.value
        self._sd = max(first.sd_frac, START_SD_FRAC if first.is_lower_bound else 0.0) * first.value
        self._hard_day = _vouched_day(first)
        self._is_open = first.is_lower_bound  # as long as only lower bounds are known, nothing says how much higher
        self._is_tested = first.kind is Evidence.TEST
        self._is_proven = self._is_tested or first.exertion is Exertion.HARD
        self._share = share
        self._lowest = share * self.mean

    @property
    def state(self) -> ThresholdState:
        return ThresholdState(self.day, self.mean, self._sd)

    @property
    def known(self) -> Known:
        return Known(self.mean, max(self.mean, self._lowest / self._share), is_proven=self._is_proven)

    def wait_until(self, day: date) -> None:
        """Let the days pass."""
        self.mean, self._sd = _days_on(
            self.mean,
            self._sd,
            days=(day - self.day).days,
            idle_d=(self.day - self._hard_day).days,
            lowest=self._lowest,
        )
        self.day = day

    def weigh(self, one: Observation, *, is_confirmed: bool) -> None:
        """Let a piece of evidence move what is believed."""
        before = self.mean
        value_sd = one.sd_frac * one.value
        if self._is_open and one.value > self.mean:
            self._sd = max(self._sd, MAX_SD_FRAC * self.mean)
        if is_confirmed or self._is_refuted(one):
            self._sd = max(self._sd, SURPRISE_SHARE * abs(one.value - self.mean))
        if one.is_lower_bound:
            self.mean, self._sd = bounded_below(self.mean, self._sd, value=one.value, value_sd=value_sd)
        elif self._is_open and one.value > self.mean:
            self.mean, self._sd, self._is_open = one.value, value_sd, False
        else:
            self.mean, self._sd = measured(self.mean, self._sd, value=one.value, value_sd=value_sd)
            self._is_open = False
        if self._is_open:
            self._sd = max(self._sd, START_SD_FRAC * self.mean)
        self._is_tested = self._is_tested or one.kind is Evidence.TEST
        self._is_proven = self._is_proven or self._is_tested or is_confirmed or one.exertion is Exertion.HARD
        if one.is_stated or one.value >= HARD_EFFORT_FRAC * self.mean:
            self._hard_day = max(self._hard_day, _vouched_day(one))
            self._lowest = max(self._share * self.mean, self._lowest * min(self.mean / before, 1.0))
        else:
            self._lowest = min(self._lowest, self.mean)

    def _is_refuted(self, one: Observation) -> bool:
        """Say whether a first test shows that what was believed was a bad guess."""
        if one.kind is not Evidence.TEST or self._is_tested:
            return False
        return abs(one.value - self.mean) > SURPRISE_SD * math.hypot(self._sd, one.sd_frac * one.value)


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


def best_effort(
    bests: Mapping[int, float], *, is_power: bool, is_sustained: Callable[[int], bool] = lambda duration_s: True
) -> tuple[float, int] | None:
    """Return the highest implied threshold of a curve of bests by duration, and the duration; None without any.

    Parameters
    ----------
    bests : mapping of int to float
        Best mean by duration. [s]
    is_power : bool
        Power in W, else speed in m/s.
    is_sustained : callable
        Tells of a duration whether its stretch was an effort from end to end; others do not count.
    """
    implied = sorted(
        (
            (
                power_of_effort_w(power_w=value, time_s=duration)
                if is_power
                else speed_of_effort_m_s(speed_m_s=value, time_s=duration),
                duration,
            )
            for duration, value in bests.items()
            if EFFORT_MIN_S <= duration <= EFFORT_MAX_S and value > 0
        ),
        reverse=True,
    )
    return next((one for one in implied if is_sustained(one[1])), None)


SPIKE_SHARE: Final = 0.2
SUSTAINED_FRAC: Final = 0.7
"""Without its highest fifth an effort still holds this share of its mean; half a minute of a faulty reading in three
minutes does not, intervals of equal work and rest do."""


def is_sustained(values: FloatArray, *, at_least: float = SUSTAINED_FRAC) -> bool:
    """Say whether a stretch was an effort from end to end, and not a few seconds of something else.

    Parameters
    ----------
    values : FloatArray
        (n,) once a second, all observed, n > 1.
    at_least : float
        Share of the mean that must be left without the highest fifth of the seconds.

    Examples
    --------
    >>> faulty = np.concatenate([np.full(150, 200.0), np.full(30, 2000.0)])
    >>> is_sustained(faulty), is_sustained(np.full(180, 300.0))
    (False, True)
    """
    kept = values.size - int(SPIKE_SHARE * values.size)
    lower = np.partition(values, kept - 1)[:kept]
    return bool(lower.mean() >= at_least * values.mean())


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
