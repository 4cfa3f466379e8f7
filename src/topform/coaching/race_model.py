"""Race times from thresholds: rides by the balance of power, triathlons leg by leg, with what nobody knows drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from topform.coaching.goals import PlanSport
from topform.core.arrays import FloatArray
from topform.core.units import S_PER_HOUR, S_PER_MIN

_N_DRAWS: Final = 200
_GRAVITY_M_S2: Final = 9.81
_AIR_KG_M3: Final = 1.2
_EFFICIENCY: Final = 0.976
"""Share of the power that reaches the wheel (Martin 1998)."""

_BIKE_KG: Final = 10.0
_DRAG_AREA_M2: Final = (0.32, 0.15)
_ROLLING: Final = (0.005, 0.20)
"""Median and log spread over riders and bicycles: from an aerodynamic position to the hoods, from track to road."""

_MOST_CLIMB: Final = 0.010
"""Courses climb nothing to ten metres in each kilometre, half of the way up and half down."""

_FASTEST_M_S: Final = 20.0
_POWER_SPREAD: Final = 0.05
_SPEED_SPREAD: Final = 0.05
"""How well a threshold is known, and how evenly a race is paced."""

_BISECTIONS: Final = 40
_TURNS: Final = 8

RIEGEL_EXPONENT: Final = {PlanSport.RUNNING: 1.06, PlanSport.CYCLING: 1.05, PlanSport.SWIMMING: 1.03}
"""Fatigue exponents; running after Riegel 1981."""

HELD_MIN: Final = (10.0, 20.0, 60.0, 120.0, 180.0, 300.0, 600.0, 1440.0)
HELD_RATIO: Final = (1.10, 1.05, 1.0, 0.93, 0.88, 0.80, 0.70, 0.60)
"""Intensity that can be held for a duration, over threshold; between the points linear in log time."""

_LEGS_M: Final = (
    (25_750.0, (750.0, 20_000.0, 5_000.0)),
    (51_500.0, (1_500.0, 40_000.0, 10_000.0)),
    (113_000.0, (1_900.0, 90_000.0, 21_100.0)),
    (226_000.0, (3_800.0, 180_000.0, 42_200.0)),
)
_LEG_SHARES: Final = (0.029, 0.777, 0.194)
_SAME_FRAC: Final = 0.01
_CHANGES_MIN: Final = (3.0, 4.0, 7.0, 11.0)
_CHANGES_SPREAD: Final = 0.3


def held_ratio(minutes: FloatArray | float) -> FloatArray:
    """Return the intensity that can be held for a time, over threshold."""
    return np.asarray(np.interp(np.log(minutes), np.log(HELD_MIN), HELD_RATIO), dtype=np.float64)


def triathlon_legs_m(distance_m: float) -> tuple[float, float, float]:
    """Return the swim, the ride and the run of a triathlon. [m]

    Examples
    --------
    >>> triathlon_legs_m(51_500)
    (1500.0, 40000.0, 10000.0)
    """
    for whole, legs in _LEGS_M:
        if abs(distance_m - whole) <= _SAME_FRAC * whole:
            return legs
    swim, ride, run = (share * distance_m for share in _LEG_SHARES)
    return swim, ride, run


def ride_speed_m_s(
    *, power_w: FloatArray, mass_kg: float, slope: FloatArray, drag_area_m2: FloatArray, rolling: FloatArray
) -> FloatArray:
    """Return the steady speed of a rider alone, without wind.

    Parameters
    ----------
    power_w : FloatArray
        At the pedals. [W]
    mass_kg : float
        Of the rider; the bicycle is added. [kg]
    slope : FloatArray
        Rise over way, negative downhill. [1]
    drag_area_m2, rolling : FloatArray
        Drag area and coefficient of rolling resistance. [m2], [1]

    Returns
    -------
    FloatArray
        [m/s]; downhill no more than a rider lets the bicycle run.

    References
    ----------
    .. [1] J. C. Martin et al., "Validation of a mathematical model for road cycling power," J. Appl. Biomech.,
       vol. 14, pp. 276-291, 1998.
    """
    force = (mass_kg + _BIKE_KG) * _GRAVITY_M_S2 * (rolling + slope)
    low, high = np.full(power_w.shape, 0.1), np.full(power_w.shape, _FASTEST_M_S)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        is_too_fast = (0.5 * _AIR_KG_M3 * drag_area_m2 * middle**2 + force) * middle > _EFFICIENCY * power_w
        low, high = np.where(is_too_fast, low, middle), np.where(is_too_fast, middle, high)
    return np.asarray((low + high) / 2, dtype=np.float64)


@lru_cache(maxsize=256)
def ride_draws_s(power_w: float, mass_kg: float, distance_m: float, pct: float | None = None) -> tuple[float, ...]:
    """Return how long a ride may take, drawn over courses, positions and what a threshold leaves open. [s]

    Parameters
    ----------
    power_w : float
        At threshold. [W]
    mass_kg : float
    distance_m : float
    pct : float, optional
        Share of threshold to ride at; without it what can be held for so long. [%]
    """
    rng = np.random.default_rng(0)
    drag_area = _DRAG_AREA_M2[0] * np.exp(_DRAG_AREA_M2[1] * rng.standard_normal(_N_DRAWS))
    rolling = _ROLLING[0] * np.exp(_ROLLING[1] * rng.standard_normal(_N_DRAWS))
    slope = 2 * _MOST_CLIMB * rng.random(_N_DRAWS)
    own_w = power_w * (1 + _POWER_SPREAD * rng.standard_normal(_N_DRAWS))
    seconds = np.full(_N_DRAWS, distance_m / 8.0)
    for _ in range(_TURNS if pct is None else 1):
        ratio = held_ratio(seconds / S_PER_MIN) if pct is None else np.full(_N_DRAWS, pct / 100)
        up, down = (
            ride_speed_m_s(
                power_w=own_w * ratio, mass_kg=mass_kg, slope=sign * slope, drag_area_m2=drag_area, rolling=rolling
            )
            for sign in (1.0, -1.0)
        )
        seconds = distance_m / 2 / up + distance_m / 2 / down
    return tuple(float(value) for value in seconds)


@lru_cache(maxsize=256)
def triathlon_draws_s(
    distance_m: float,
    speeds_m_s: tuple[float, float],
    power_w: float,
    mass_kg: float,
    pcts: tuple[int, int, int],
) -> tuple[float, ...]:
    """Return how long a triathlon may take: swim, ride, run and the changes between them. [s]

    Parameters
    ----------
    distance_m : float
    speeds_m_s : tuple of float
        Threshold speed of the swim and of the run. [m/s]
    power_w, mass_kg : float
    pcts : tuple of int
        Shares of threshold to race swim, ride and run at. [%]
    """
    rng = np.random.default_rng(1)
    swim_m, ride_m, run_m = triathlon_legs_m(distance_m)
    swim, run = (
        way / (speed * pct / 100) / (1 + _SPEED_SPREAD * rng.standard_normal(_N_DRAWS))
        for way, speed, pct in ((swim_m, speeds_m_s[0], pcts[0]), (run_m, speeds_m_s[1], pcts[2]))
    )
    changes_min = float(np.interp(distance_m, [whole for whole, _ in _LEGS_M], _CHANGES_MIN))
    changes = S_PER_MIN * changes_min * (1 + _CHANGES_SPREAD * rng.uniform(-1, 1, _N_DRAWS))
    ride = np.array(ride_draws_s(power_w, mass_kg, ride_m, float(pcts[1])))
    return tuple(float(value) for value in swim + ride + run + changes)


def fatigued_s(sport: PlanSport, distance_m: float, hour_speed_m_s: float) -> float:
    """Return the time for a distance from the speed of an hour by a fatigue exponent. [s]"""
    return float(S_PER_HOUR * (distance_m / (S_PER_HOUR * hour_speed_m_s)) ** RIEGEL_EXPONENT[sport])
