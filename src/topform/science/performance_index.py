"""Running performance index: one number for a race of any distance, and the paces that go with it.

After Daniels and Gilbert; commonly known by the trademark of one of the authors. It is an index and not an oxygen
uptake: laboratory values are higher, in recreational runners by more than a standard deviation.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from topform.core.arrays import require_range
from topform.core.errors import OutOfRangeError
from topform.core.units import M_PER_KM, S_PER_MIN

UPTAKE: Final = (0.000104, 0.182258, -4.60)
"""Oxygen uptake, ml/kg/min, in the speed in m/min, highest power first."""

FRACTION: Final = (0.8, 0.1894393, -0.012778, 0.2989558, -0.1932605)
"""Fraction of the index that can be sustained, in the time in minutes: a + b * exp(c * t) + d * exp(e * t)."""

MIN_S, MAX_S = 3.5 * S_PER_MIN, 240 * S_PER_MIN
PACES: Final = {
    "easy": (0.59, 0.74),
    "marathon": (0.75, 0.84),
    "threshold": (0.83, 0.88),
    "interval": (0.95, 1.0),
}
"""Bands of training pace, as fractions of the index."""


def uptake_ml_kg_min(speed_m_s: float) -> float:
    """Return the oxygen uptake that the index assigns to a speed on the flat. [ml/kg/min]"""
    return float(np.polyval(np.array(UPTAKE), speed_m_s * S_PER_MIN))


def sustainable_frac(time_s: float) -> float:
    """Return the fraction of the index that can be held for a time."""
    minutes = time_s / S_PER_MIN
    a, b, c, d, e = FRACTION
    return a + b * math.exp(c * minutes) + d * math.exp(e * minutes)


def run_index(*, distance_m: float, time_s: float) -> float:
    """Performance index of a race run flat out.

    Parameters
    ----------
    distance_m : float
        On a flat course. [m], > 0
    time_s : float
        [s], 3.5 to 240 min

    Returns
    -------
    float
        Index. [ml/kg/min]

    Raises
    ------
    OutOfRangeError
        If the time is outside 3.5..240 min or the distance not positive.

    References
    ----------
    .. [1] J. Daniels, J. Gilbert, "Oxygen Power: Performance Tables for Distance Runners," 1979.

    Examples
    --------
    >>> round(run_index(distance_m=5000, time_s=1200), 3)
    49.806
    """
    require_range("time_s", time_s, low=MIN_S, high=MAX_S)
    if distance_m <= 0:
        raise OutOfRangeError(f"distance_m is {distance_m:g}, expected more than 0")
    return uptake_ml_kg_min(distance_m / time_s) / sustainable_frac(time_s)


def equivalent_time_s(*, distance_m: float, index: float) -> float:
    """Time over another distance at the same index.

    Parameters
    ----------
    distance_m : float
        [m], > 0
    index : float
        [ml/kg/min], > 0

    Returns
    -------
    float
        [s]; NaN where the time would lie outside 3.5 to 240 min.

    Raises
    ------
    OutOfRangeError
        If distance or index are not positive.

    Examples
    --------
    >>> round(equivalent_time_s(distance_m=10_000, index=49.8062), 1)
    2487.9
    """
    if distance_m <= 0 or index <= 0:
        raise OutOfRangeError("distance_m and index must be above 0")
    low, high = MIN_S, MAX_S
    if run_index(distance_m=distance_m, time_s=low) < index or run_index(distance_m=distance_m, time_s=high) > index:
        return math.nan
    for _ in range(60):
        middle = (low + high) / 2
        if run_index(distance_m=distance_m, time_s=middle) > index:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def speed_at_m_s(*, index: float, fraction: float) -> float:
    """Return the speed whose assigned uptake is the fraction of the index. [m/s]

    Raises
    ------
    OutOfRangeError
        If index or fraction are not positive.
    """
    if index <= 0 or fraction <= 0:
        raise OutOfRangeError("index and fraction must be above 0")
    square, linear, constant = UPTAKE
    uptake = index * fraction
    root = math.sqrt(linear**2 - 4 * square * (constant - uptake))
    return (root - linear) / (2 * square) / S_PER_MIN


def training_paces_s_km(index: float) -> dict[str, tuple[float, float]]:
    """Return the published bands of training pace, the slower end first. [s/km]"""
    return {
        name: (
            M_PER_KM / speed_at_m_s(index=index, fraction=low),
            M_PER_KM / speed_at_m_s(index=index, fraction=high),
        )
        for name, (low, high) in PACES.items()
    }
