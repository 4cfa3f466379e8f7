"""Strength: volume, hard sets, estimated maximum, variants of the push-up, velocity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray, require_range
from topform.core.errors import OutOfRangeError, ShapeError

BODY_FRACTION: Final = {
    "hands_60cm": 0.41,
    "knees": 0.49,
    "hands_30cm": 0.55,
    "regular": 0.64,
    "feet_30cm": 0.70,
    "feet_60cm": 0.74,
}
"""Share of body mass that the hands carry in variants of the push-up (Ebben 2011)."""

EPLEY_REPS: Final = 30.0
MAX_EPLEY_REPS: Final = 12
HARD_RIR, HALF_HARD_RIR = 3, 5
FATIGUE_DAYS: Final = 3.0


def volume_load_kg(*, reps: int, mass_kg: float = 0.0, body_mass_kg: float = 0.0, body_fraction: float = 0.0) -> float:
    """Repetitions times the mass moved: the external one and the carried share of the body.

    References
    ----------
    .. [1] W. P. Ebben et al., "Kinetic analysis of several variations of push-ups," J. Strength Cond. Res., vol. 25,
       pp. 2891-2894, 2011.

    Examples
    --------
    >>> round(volume_load_kg(reps=48, body_mass_kg=75, body_fraction=BODY_FRACTION["regular"]))
    2304
    """
    require_range("reps", reps, low=0, high=100_000)
    require_range("body_fraction", body_fraction, low=0, high=1)
    return reps * (mass_kg + body_fraction * body_mass_kg)


def hard_sets(rir: Iterable[int]) -> float:
    """Sets that count as hard: fully to 3 repetitions in reserve, half to 5, not beyond. A convention of this project.

    Examples
    --------
    >>> hard_sets([1, 2, 3, 4, 6])
    3.5
    """
    return float(sum(1.0 if left <= HARD_RIR else 0.5 if left <= HALF_HARD_RIR else 0.0 for left in rir))


def e1rm_kg(*, mass_kg: float, reps: int) -> float:
    """Estimated one-repetition maximum after Epley; for at most 12 repetitions.

    Raises
    ------
    OutOfRangeError
        If the repetitions are outside 1..12 or the mass negative.

    References
    ----------
    .. [1] B. Epley, "Poundage chart," Boyd Epley Workout, 1985.

    Examples
    --------
    >>> round(e1rm_kg(mass_kg=100, reps=5), 2)
    116.67
    """
    require_range("reps", reps, low=1, high=MAX_EPLEY_REPS)
    if mass_kg < 0:
        raise OutOfRangeError("mass_kg must not be negative")
    return mass_kg if reps == 1 else mass_kg * (1 + reps / EPLEY_REPS)


def push_up_max_frac(*, reps: float, variant: str = "regular") -> float:
    """Estimated maximum of one repetition as a fraction of body mass. [1]"""
    return BODY_FRACTION[variant] * (1 + reps / EPLEY_REPS)


def predicted_reps(*, reps: float, variant: str, other: str) -> float:
    """Repetitions to expect in another variant of the push-up, within 30 % at best; 0 when it is too hard.

    Raises
    ------
    OutOfRangeError
        If a variant is not known or the repetitions are negative.

    Examples
    --------
    >>> round(predicted_reps(reps=8, variant="regular", other="knees"), 2)
    19.63
    """
    for name in (variant, other):
        if name not in BODY_FRACTION:
            raise OutOfRangeError(f"{name!r} is not one of {', '.join(BODY_FRACTION)}")
    require_range("reps", reps, low=0, high=1000)
    return max(EPLEY_REPS * (push_up_max_frac(reps=reps, variant=variant) / BODY_FRACTION[other] - 1), 0.0)


def velocity_loss_frac(mcv_m_s: FloatArray) -> float:
    """Loss of mean concentric velocity from the fastest of the first three repetitions to the last.

    Parameters
    ----------
    mcv_m_s : FloatArray
        (n,) mean concentric velocity of each repetition. [m/s], > 0, n >= 3

    Raises
    ------
    ShapeError
        If there are fewer than three repetitions.

    Examples
    --------
    >>> round(velocity_loss_frac(np.array([0.80, 0.78, 0.7, 0.6])), 2)
    0.25
    """
    if mcv_m_s.size < 3 or not np.isfinite(mcv_m_s).all() or mcv_m_s.min() <= 0:
        raise ShapeError("velocity loss needs three repetitions with a velocity")
    return float(1 - mcv_m_s[-1] / mcv_m_s[:3].max())


def e1rm_from_velocity_kg(*, mass_kg: FloatArray, mcv_m_s: FloatArray, velocity_at_max_m_s: float) -> float:
    """One-repetition maximum from a line of load on velocity, read at the velocity of a maximum.

    The velocity at the maximum is the athlete's own for that exercise; published means are starting points only.

    Raises
    ------
    ShapeError
        If there are fewer than two loads, or velocity does not fall with load.

    References
    ----------
    .. [1] M. Jidovtseff, N. K. Harris, J.-M. Crielaard, J. B. Cronin, "Using the load-velocity relationship for 1RM
       prediction," J. Strength Cond. Res., vol. 25, pp. 267-270, 2011.
    """
    if mass_kg.size != mcv_m_s.size or np.unique(mass_kg).size < 2:
        raise ShapeError("at least two different loads are needed")
    slope, intercept = np.polyfit(mass_kg, mcv_m_s, 1)
    if slope >= 0:
        raise ShapeError("velocity must fall as the load rises")
    return float((velocity_at_max_m_s - intercept) / slope)


def muscle_fatigue(daily_sets: FloatArray, *, days: float = FATIGUE_DAYS) -> FloatArray:
    """Fading sum of hard sets of one muscle group, kept apart from endurance fatigue.

    Parameters
    ----------
    daily_sets : FloatArray
        (n,) hard sets a day, zero on other days.
    days : float
        Time constant. [d], default 3.0
    """
    if not np.isfinite(daily_sets).all():
        raise ShapeError("daily_sets must be one finite number a day")
    keep = float(np.exp(-1 / days))
    level, result = 0.0, np.empty(daily_sets.size)
    for day, sets in enumerate(daily_sets.tolist()):
        level = level * keep + sets
        result[day] = level
    return result
