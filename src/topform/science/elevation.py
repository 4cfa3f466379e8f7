"""Ascent, descent and slope from a noisy altitude."""

from __future__ import annotations

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import ShapeError

SMOOTHING_S = 11.0
HYSTERESIS_M = 1.5
"""Both chosen on what 43 device sessions state as their ascent (benchmarks/accuracy/activity_files.py)."""

STEP_M = 5.0
SLOPE_SMOOTHING_M = 45.0
SLOPE_BASE_M = 30.0
MIN_SLOPE_DISTANCE_M = 100.0
MAX_SLOPE_DISTANCE_M = 3_000_000.0


def climbed_m(
    t_s: FloatArray, altitude_m: FloatArray, *, smoothing_s: float = SMOOTHING_S, hysteresis_m: float = HYSTERESIS_M
) -> tuple[float, float]:
    """Ascent and descent: mean over 11 s, then only rises and falls of at least 1.5 m.

    Summing every rise of the raw altitude gives about a third more than devices state.

    Parameters
    ----------
    t_s, altitude_m : FloatArray
        (n,) [s], strictly increasing; [m], NaN = not observed.
    smoothing_s : float
        Width of the centred mean. [s], default 11.0
    hysteresis_m : float
        Smallest rise or fall that counts. [m], default 1.5

    Returns
    -------
    tuple of float
        Ascent and descent, both >= 0. [m]

    Raises
    ------
    ShapeError
        If the arrays differ in length.

    Examples
    --------
    >>> hill_m = 500 - abs(np.arange(1001.0) - 500)
    >>> up, down = climbed_m(np.arange(1001.0), hill_m)
    >>> round(up), round(down)
    (494, 494)
    """
    if t_s.shape != altitude_m.shape:
        raise ShapeError("t_s and altitude_m differ in length")
    known = np.isfinite(altitude_m)
    if known.sum() < 2:
        return 0.0, 0.0
    steps = np.diff(_turning_points(_mean_over(t_s[known], altitude_m[known], smoothing_s), hysteresis_m))
    return float(steps[steps > 0].sum()), float(np.abs(steps[steps < 0]).sum())


def _mean_over(axis: FloatArray, values: FloatArray, width: float) -> FloatArray:
    """Return the mean of the straight-line signal over a centred window of the axis."""
    area = np.concatenate([[0.0], np.cumsum(np.diff(axis) * (values[1:] + values[:-1]) / 2)])
    before, after = np.maximum(axis - width / 2, axis[0]), np.minimum(axis + width / 2, axis[-1])
    inside: FloatArray = _integral(axis, values, area, after) - _integral(axis, values, area, before)
    mean: FloatArray = inside / (after - before)
    return mean


def _integral(axis: FloatArray, values: FloatArray, area: FloatArray, upto: FloatArray) -> FloatArray:
    """Return the integral of the straight-line signal from the start to each place."""
    left = np.clip(np.searchsorted(axis, upto, side="right") - 1, 0, axis.size - 2)
    along = upto - axis[left]
    slope = (values[left + 1] - values[left]) / (axis[left + 1] - axis[left])
    integral: FloatArray = area[left] + values[left] * along + slope * along**2 / 2
    return integral


def _turning_points(altitude_m: FloatArray, hysteresis_m: float) -> FloatArray:
    """Return the altitudes at which a climb or descent of at least the threshold turns."""
    turns = [float(altitude_m[0])]
    low = high = turns[0]
    direction = 0
    for value in altitude_m.tolist():
        if direction >= 0 and value > high:
            high = value
        if direction <= 0 and value < low:
            low = value
        if direction >= 0 and high - value >= hysteresis_m:
            turns.append(high)
            direction, low = -1, value
        elif direction <= 0 and value - low >= hysteresis_m:
            turns.append(low)
            direction, high = 1, value
    turns.append(high if direction > 0 else low if direction < 0 else turns[0])
    return np.array(turns)


def slope_along(distance_m: FloatArray, altitude_m: FloatArray) -> FloatArray | None:
    """Slope at each sample: altitude by distance, mean over 45 m, difference over 30 m.

    Parameters
    ----------
    distance_m : FloatArray
        (n,) not decreasing; NaN = not observed. [m]
    altitude_m : FloatArray
        (n,) NaN = not observed. [m]

    Returns
    -------
    FloatArray or None
        (n,) rise over run, NaN where the distance is unknown; None for less than 100 m and for more than any leg.
    """
    known = np.isfinite(distance_m) & np.isfinite(altitude_m)
    if known.sum() < 2:
        return None
    along, place = np.unique(distance_m[known], return_index=True)
    height = altitude_m[known][place]
    if not MIN_SLOPE_DISTANCE_M <= along[-1] - along[0] <= MAX_SLOPE_DISTANCE_M:
        return None
    axis = np.arange(along[0], along[-1] + STEP_M, STEP_M)
    smooth = _mean_over(axis, np.interp(axis, along, height), SLOPE_SMOOTHING_M)
    before = np.maximum(axis - SLOPE_BASE_M / 2, axis[0])
    after = np.minimum(axis + SLOPE_BASE_M / 2, axis[-1])
    slope = (np.interp(after, axis, smooth) - np.interp(before, axis, smooth)) / (after - before)
    at_samples = np.full(distance_m.size, np.nan)
    placed = np.isfinite(distance_m)
    at_samples[placed] = np.interp(distance_m[placed], axis, slope)
    return at_samples
