"""How long a race takes and what it costs; estimates for planning, not predictions to be proud of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from topform.coaching.goals import Experience, PlanSport, RaceGoal
from topform.coaching.request import PlanRequest
from topform.core.units import S_PER_HOUR, S_PER_MIN

RIEGEL_EXPONENT: Final = {PlanSport.RUNNING: 1.06, PlanSport.CYCLING: 1.05, PlanSport.SWIMMING: 1.03}
"""Fatigue exponents; running after Riegel 1981."""

_TYPICAL_HOUR_SPEED_M_S: Final = {
    PlanSport.RUNNING: {Experience.BEGINNER: 2.5, Experience.INTERMEDIATE: 3.1, Experience.ADVANCED: 3.9},
    PlanSport.CYCLING: {Experience.BEGINNER: 6.7, Experience.INTERMEDIATE: 8.1, Experience.ADVANCED: 9.7},
    PlanSport.SWIMMING: {Experience.BEGINNER: 0.75, Experience.INTERMEDIATE: 0.95, Experience.ADVANCED: 1.2},
}
_TRIATHLON_SHARES: Final = {PlanSport.SWIMMING: 0.029, PlanSport.CYCLING: 0.777, PlanSport.RUNNING: 0.194}

_TRIATHLON_PCT: Final = (
    (35_000, {PlanSport.SWIMMING: 98, PlanSport.CYCLING: 93, PlanSport.RUNNING: 96}),
    (75_000, {PlanSport.SWIMMING: 96, PlanSport.CYCLING: 89, PlanSport.RUNNING: 94}),
    (150_000, {PlanSport.SWIMMING: 95, PlanSport.CYCLING: 80, PlanSport.RUNNING: 87}),
    (300_000, {PlanSport.SWIMMING: 94, PlanSport.CYCLING: 72, PlanSport.RUNNING: 81}),
)
"""Intensity of the legs by whole distance: sprint, olympic, middle and full distance; common pacing advice."""

# Intensity that can be held for a duration, over threshold; between the points linear in log time.
_HELD_MIN: Final = (10.0, 20.0, 60.0, 120.0, 180.0, 300.0, 600.0, 1440.0)
_HELD_RATIO: Final = (1.10, 1.05, 1.0, 0.93, 0.88, 0.80, 0.70, 0.60)


RaceBasis = Literal["prediction", "threshold", "experience"]
"""What a race time rests on, from the best to the weakest."""


TIME_SD_FRAC: Final[dict[RaceBasis, float]] = {"prediction": 0.04, "threshold": 0.04, "experience": 0.09}
"""Spread of the time at unchanged training: estimated from the athlete's own numbers, or from experience alone."""

Z80: Final = 1.2816


@dataclass(frozen=True, slots=True)
class RaceEstimate:
    """Expected duration and load of a race. [min], [AU]"""

    minutes: int
    load_au: float
    intensity_ratio: float
    basis: RaceBasis

    @property
    def interval_80_s(self) -> tuple[float, float]:
        """Eight of ten such estimates lie within. [s]"""
        half = Z80 * TIME_SD_FRAC[self.basis]
        return self.minutes * S_PER_MIN * (1 - half), self.minutes * S_PER_MIN * (1 + half)

    @property
    def is_measured(self) -> bool:
        """Whether the athlete's own races, training or threshold went in."""
        return self.basis != "experience"


def estimate_race(goal: RaceGoal, request: PlanRequest) -> RaceEstimate:
    """Return the expected duration and load of a race.

    Parameters
    ----------
    goal : RaceGoal
    request : PlanRequest
        A predicted time comes first. Without one its threshold speed is used where it belongs to the sport of the
        race; otherwise a speed typical for the stated experience.

    Returns
    -------
    RaceEstimate
        ``basis`` tells what it rests on.
    """
    speed = request.athlete.thresholds.speed_m_s
    own = speed if goal.sport is request.athlete.sport and goal.sport is not PlanSport.CYCLING else None
    basis: RaceBasis = "prediction" if goal.expected_s is not None else "experience" if own is None else "threshold"
    if goal.expected_s is not None:
        seconds = goal.expected_s
    elif goal.sport is PlanSport.TRIATHLON:
        basis = "experience"
        seconds = sum(
            _duration_s(sport, share * goal.distance_m, _TYPICAL_HOUR_SPEED_M_S[sport][request.experience])
            for sport, share in _TRIATHLON_SHARES.items()
        )
    else:
        hour_speed = _TYPICAL_HOUR_SPEED_M_S[goal.sport][request.experience] if own is None else own
        seconds = _duration_s(goal.sport, goal.distance_m, hour_speed)
    minutes = max(1, round(seconds / S_PER_MIN))
    ratio = float(np.interp(np.log(minutes), np.log(_HELD_MIN), _HELD_RATIO))
    return RaceEstimate(
        minutes=minutes,
        load_au=round(minutes / 60 * ratio**2 * 100, 1),
        intensity_ratio=round(ratio, 3),
        basis=basis,
    )


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
        shares = next(pct for most_m, pct in _TRIATHLON_PCT if goal.distance_m <= most_m)
        return tuple(
            RaceLeg(sport, _duration_s(sport, share * goal.distance_m, speed) / S_PER_MIN, shares[sport])
            for sport, share in _TRIATHLON_SHARES.items()
            for speed in (_TYPICAL_HOUR_SPEED_M_S[sport][request.experience],)
        )
    estimate = estimate_race(goal, request)
    if goal.sport is PlanSport.CYCLING:
        return (RaceLeg(goal.sport, estimate.minutes, round(100 * min(1.02, estimate.intensity_ratio))),)
    own = request.athlete.thresholds.speed_m_s if goal.sport is request.athlete.sport else None
    seconds = estimate.minutes * S_PER_MIN
    if own is None:
        ratio = (seconds / S_PER_HOUR) ** (1 / RIEGEL_EXPONENT[goal.sport] - 1)
    else:
        ratio = goal.distance_m / seconds / own
    return (RaceLeg(goal.sport, estimate.minutes, round(100 * float(np.clip(ratio, 0.7, 1.12)))),)


def _duration_s(sport: PlanSport, distance_m: float, hour_speed_m_s: float) -> float:
    hour_distance_m = S_PER_HOUR * hour_speed_m_s
    return float(S_PER_HOUR * (distance_m / hour_distance_m) ** RIEGEL_EXPONENT[sport])
