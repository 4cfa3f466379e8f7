"""How long a race takes and what it costs; estimates for planning, not predictions to be proud of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from topform.coaching.goals import Experience, PlanSport, RaceGoal
from topform.coaching.race_model import (
    RIEGEL_EXPONENT,
    fatigued_s,
    held_ratio,
    ride_draws_s,
    triathlon_draws_s,
    triathlon_legs_m,
)
from topform.coaching.request import PlanRequest, own_threshold_speed
from topform.core.units import S_PER_HOUR, S_PER_MIN

_TYPICAL_HOUR_SPEED_M_S: Final = {
    PlanSport.RUNNING: {Experience.BEGINNER: 2.5, Experience.INTERMEDIATE: 3.1, Experience.ADVANCED: 3.9},
    PlanSport.CYCLING: {Experience.BEGINNER: 6.7, Experience.INTERMEDIATE: 8.1, Experience.ADVANCED: 9.7},
    PlanSport.SWIMMING: {Experience.BEGINNER: 0.75, Experience.INTERMEDIATE: 0.95, Experience.ADVANCED: 1.2},
}
_SPORTS_OF: Final = {PlanSport.TRIATHLON: (PlanSport.SWIMMING, PlanSport.CYCLING, PlanSport.RUNNING)}

_TRIATHLON_PCT: Final = (
    (35_000, {PlanSport.SWIMMING: 98, PlanSport.CYCLING: 93, PlanSport.RUNNING: 96}),
    (75_000, {PlanSport.SWIMMING: 96, PlanSport.CYCLING: 89, PlanSport.RUNNING: 94}),
    (150_000, {PlanSport.SWIMMING: 95, PlanSport.CYCLING: 80, PlanSport.RUNNING: 87}),
    (300_000, {PlanSport.SWIMMING: 94, PlanSport.CYCLING: 72, PlanSport.RUNNING: 81}),
)
"""Intensity of the legs by whole distance: sprint, olympic, middle and full distance; common pacing advice."""

RaceBasis = Literal["prediction", "threshold", "experience"]
"""What a race time rests on, from the best to the weakest."""


TIME_SD_FRAC: Final[dict[RaceBasis, float]] = {"prediction": 0.04, "threshold": 0.04, "experience": 0.09}
"""Spread of the time at unchanged training: estimated from the athlete's own numbers, or from experience alone."""

Z80: Final = 1.2816

_NAMES: Final = {
    "speed_m_s": "your threshold speed",
    "swim_speed_m_s": "your critical swim speed",
    "power_w": "your threshold power",
    "mass_kg": "your body mass",
}


@dataclass(frozen=True, slots=True)
class RaceEstimate:
    """Expected duration and load of a race. [min], [AU]

    Parameters
    ----------
    minutes, load_au, intensity_ratio
        What the plan counts on.
    basis : RaceBasis
    spread_frac : tuple of float or None
        Eight of ten times lie between these shares below and above, where they were drawn.
    missing : tuple of str
        What would have to be known for a race time; with anything missing the minutes are for planning only.
    """

    minutes: int
    load_au: float
    intensity_ratio: float
    basis: RaceBasis
    spread_frac: tuple[float, float] | None = None
    missing: tuple[str, ...] = ()

    @property
    def interval_80_s(self) -> tuple[float, float] | None:
        """Eight of ten such estimates lie within; None where only experience is known, which gives no race time. [s]"""
        if self.basis == "experience":
            return None
        half = Z80 * TIME_SD_FRAC[self.basis]
        below, above = self.spread_frac or (half, half)
        return self.minutes * S_PER_MIN * (1 - below), self.minutes * S_PER_MIN * (1 + above)

    @property
    def half_width_frac(self) -> float:
        """Half of the interval over the time; for experience alone that of the duration used for planning."""
        return sum(self.spread_frac) / 2 if self.spread_frac else Z80 * TIME_SD_FRAC[self.basis]


def estimate_race(goal: RaceGoal, request: PlanRequest) -> RaceEstimate:
    """Return the expected duration and load of a race.

    Parameters
    ----------
    goal : RaceGoal
    request : PlanRequest
        A predicted time comes first. Without one its thresholds are used where they are enough: speed for a run or a
        swim, power and mass for a ride, all of them for a triathlon; otherwise a speed typical for the experience.

    Returns
    -------
    RaceEstimate
        ``basis`` tells what it rests on, ``missing`` what a race time would still need.
    """
    basis: RaceBasis = "threshold"
    spread, missing = None, _missing(goal, request)
    if goal.expected_s is not None:
        basis, seconds, missing = "prediction", goal.expected_s, ()
    elif missing:
        basis, seconds = "experience", _typical_s(goal, request)
    elif (draws := _draws_s(goal, request)) is not None:
        low, seconds, high = (float(value) for value in np.quantile(draws, (0.1, 0.5, 0.9)))
        spread = (1 - low / seconds, high / seconds - 1)
    else:
        seconds = fatigued_s(goal.sport, goal.distance_m, own_threshold_speed(request, goal.sport) or math.nan)
    minutes = max(1, round(seconds / S_PER_MIN))
    ratio = float(held_ratio(minutes))
    return RaceEstimate(
        minutes=minutes,
        load_au=round(minutes / 60 * ratio**2 * 100, 1),
        intensity_ratio=round(ratio, 3),
        basis=basis,
        spread_frac=spread,
        missing=missing,
    )


def race_basis(goal: RaceGoal, estimate: RaceEstimate) -> str:
    """Return in a sentence or two what the time of a race rests on, or why there is none."""
    if estimate.basis == "prediction":
        return "Duration from your predicted time; a planning value."
    if estimate.basis == "experience":
        *others, last = (_NAMES[name] for name in estimate.missing)
        names = f"{', '.join(others)} and {last}" if others else last
        return f"Duration from a speed typical for your experience, for planning only: no race time without {names}."
    if goal.sport is PlanSport.CYCLING:
        return (
            "Duration from your threshold power and your mass, riding alone without wind on a course that climbs up "
            "to ten metres in each kilometre; a planning value."
        )
    if goal.sport is PlanSport.TRIATHLON:
        return "Duration from your thresholds in swim, ride and run and the changes between; a planning value."
    return "Duration from your threshold speed; a planning value."


def _missing(goal: RaceGoal, request: PlanRequest) -> tuple[str, ...]:
    """Return what is not known of what a race time needs."""
    athlete, sports = request.athlete, _SPORTS_OF.get(goal.sport, (goal.sport,))
    known: dict[str, float | None] = {}
    for sport in sports:
        if sport is PlanSport.CYCLING:
            known |= {"power_w": athlete.thresholds.power_w, "mass_kg": athlete.mass_kg}
        else:
            is_swim = sport is PlanSport.SWIMMING and goal.sport is PlanSport.TRIATHLON
            known["swim_speed_m_s" if is_swim else "speed_m_s"] = own_threshold_speed(request, sport)
    return tuple(name for name, value in known.items() if value is None)


def _typical_s(goal: RaceGoal, request: PlanRequest) -> float:
    if goal.sport is PlanSport.TRIATHLON:
        ways = zip(_SPORTS_OF[goal.sport], triathlon_legs_m(goal.distance_m), strict=True)
    else:
        ways = zip((goal.sport,), (goal.distance_m,), strict=True)
    return sum(fatigued_s(sport, way, _TYPICAL_HOUR_SPEED_M_S[sport][request.experience]) for sport, way in ways)


def _draws_s(goal: RaceGoal, request: PlanRequest) -> tuple[float, ...] | None:
    """Return drawn times of a ride or a triathlon whose thresholds are known; None for other sports. [s]"""
    power, mass = request.athlete.thresholds.power_w, request.athlete.mass_kg
    if power is None or mass is None or goal.sport not in (PlanSport.CYCLING, PlanSport.TRIATHLON):
        return None
    if goal.sport is PlanSport.CYCLING:
        return ride_draws_s(power, mass, goal.distance_m)
    swim, run = (own_threshold_speed(request, sport) for sport in (PlanSport.SWIMMING, PlanSport.RUNNING))
    if swim is None or run is None:
        return None
    pcts = _triathlon_pct(goal.distance_m)
    return triathlon_draws_s(goal.distance_m, (swim, run), power, mass, pcts)


def _triathlon_pct(distance_m: float) -> tuple[int, int, int]:
    """Return the shares of threshold for swim, ride and run of a triathlon. [%]"""
    shares = next(pct for most_m, pct in _TRIATHLON_PCT if distance_m <= most_m)
    return shares[PlanSport.SWIMMING], shares[PlanSport.CYCLING], shares[PlanSport.RUNNING]


@dataclass(frozen=True, slots=True)
class RaceLeg:
    """One sport of a race: its expected duration, and the intensity to train for it. [min], [% of threshold]"""

    sport: PlanSport
    minutes: float
    intensity_pct: int


def race_legs(goal: RaceGoal, request: PlanRequest) -> tuple[RaceLeg, ...]:
    """Return what a race asks of each of its sports.

    Parameters
    ----------
    goal : RaceGoal
    request : PlanRequest
        As in `estimate_race`, so that race pace is that of the estimated duration.

    Returns
    -------
    tuple of RaceLeg
        One for each sport, three for a triathlon.

    Notes
    -----
    Runs and swims: average speed of the estimate over threshold speed. Rides: the intensity that can be held for so
    long. Triathlons: what is usually held in each leg, less the longer the race.
    """
    if goal.sport is PlanSport.TRIATHLON:
        typical = _TYPICAL_HOUR_SPEED_M_S
        ways = zip(_SPORTS_OF[goal.sport], triathlon_legs_m(goal.distance_m), strict=True)
        times = {sport: fatigued_s(sport, way, typical[sport][request.experience]) for sport, way in ways}
        pcts = zip(_SPORTS_OF[goal.sport], _triathlon_pct(goal.distance_m), strict=True)
        return tuple(RaceLeg(sport, times[sport] / S_PER_MIN, pct) for sport, pct in pcts)
    estimate = estimate_race(goal, request)
    if goal.sport is PlanSport.CYCLING:
        return (RaceLeg(goal.sport, estimate.minutes, round(100 * min(1.02, estimate.intensity_ratio))),)
    own = own_threshold_speed(request, goal.sport)
    seconds = estimate.minutes * S_PER_MIN
    if own is None:
        ratio = (seconds / S_PER_HOUR) ** (1 / RIEGEL_EXPONENT[goal.sport] - 1)
    else:
        ratio = goal.distance_m / seconds / own
    return (RaceLeg(goal.sport, estimate.minutes, round(100 * float(np.clip(ratio, 0.7, 1.12)))),)
