"""Best mean over every duration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray, IntArray
from topform.core.errors import ShapeError

STANDARD_DURATIONS_S = (
    1, 5, 10, 15, 20, 30, 60, 120, 180, 300, 480, 600, 720, 1200, 1800, 2400, 3600, 5400, 7200, 10_800, 14_400, 21_600,
)  # fmt: skip
"""Durations people compare."""

DENSE_UP_TO_S = 60
GRID_RATIO = 1.03
EXACT_BELOW = 2.0**31 - 1


def _grid(longest_s: int) -> IntArray:
    count = int(np.log(longest_s / DENSE_UP_TO_S) / np.log(GRID_RATIO)) + 1
    sparse = np.round(DENSE_UP_TO_S * GRID_RATIO ** np.arange(1, count + 1)).astype(np.int64)
    grid = np.unique(np.concatenate([np.arange(1, DENSE_UP_TO_S + 1), sparse, np.array(STANDARD_DURATIONS_S)]))
    return grid[grid <= longest_s].astype(np.int64)


CURVE_DURATIONS_S: Final = _grid(24 * 3600)
"""Durations of stored curves: every second to one minute, then 3 % apart, and those that people compare. [s]"""


def duration_grid(longest_s: int) -> IntArray:
    """Return the durations of a curve that are not longer than this. [s]

    Examples
    --------
    >>> duration_grid(64).tolist()[-4:]
    [59, 60, 62, 64]
    """
    return CURVE_DURATIONS_S[: int(np.searchsorted(CURVE_DURATIONS_S, longest_s, side="right"))]


def best_means(values: FloatArray, durations_s: Sequence[int] | IntArray) -> tuple[FloatArray, IntArray]:
    """Return the highest mean for each duration and where it starts.

    The curve need not fall everywhere; `envelope` makes it.

    Parameters
    ----------
    values : FloatArray
        (n,) one value a second, all finite.
    durations_s : sequence of int
        (k,) each 1..n. [s]

    Returns
    -------
    means : FloatArray
        (k,)
    starts : IntArray
        (k,) index of the first second.

    Raises
    ------
    ShapeError
        If a value is missing or a duration does not fit.

    Examples
    --------
    >>> best_means(np.array([100.0, 200.0, 300.0, 250.0]), [1, 2])[0].tolist()
    [300.0, 275.0]
    """
    durations = np.asarray(durations_s, dtype=np.int64)
    if not np.isfinite(values).all():
        raise ShapeError("values must all be observed")
    if durations.size and (durations.min() < 1 or durations.max() > values.size):
        raise ShapeError(f"durations must lie within 1..{values.size} s")
    sums = _prefix_sums(values)
    windows = np.empty_like(sums)
    size = sums.size
    starts = np.empty(durations.size, dtype=np.int64)
    for place, duration in enumerate(durations.tolist()):
        window = windows[: size - duration]
        np.subtract(sums[duration:], sums[: size - duration], out=window)
        starts[place] = window.argmax()
    means = (sums[starts + durations] - sums[starts]) / durations
    return means, starts


def _prefix_sums(values: FloatArray) -> NDArray[np.int32] | FloatArray:
    """Return the running sums; whole numbers, as power meters record them, in half the space and time."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    if np.abs(sums).max(initial=0.0) < EXACT_BELOW and np.array_equal(values, np.rint(values)):
        return sums.astype(np.int32)
    return sums


@dataclass(frozen=True, slots=True, eq=False)
class BestCurve:
    """Best means of one leg over the durations of `CURVE_DURATIONS_S` that fit into it.

    Parameters
    ----------
    means : FloatArray
        (n,) best mean of each duration.
    starts_s : IntArray
        (n,) second of timer time at which it starts.
    """

    means: FloatArray
    starts_s: IntArray

    @property
    def durations_s(self) -> IntArray:
        """The durations. [s]"""
        return CURVE_DURATIONS_S[: self.means.size]

    def by_duration(self, durations_s: Sequence[int] = STANDARD_DURATIONS_S) -> dict[int, float]:
        """Return the best means of those durations that are on the curve."""
        known = dict(zip(self.durations_s.tolist(), self.means.tolist(), strict=True))
        return {duration: known[duration] for duration in durations_s if duration in known}


def best_curve(values: FloatArray) -> BestCurve:
    """Return the curve of best means; missing values are left out and their neighbours joined.

    Parameters
    ----------
    values : FloatArray
        (n,) one value a second of running timer time; NaN = not observed.
    """
    is_observed = np.isfinite(values)
    joined = values if is_observed.all() else values[is_observed]
    means, starts = best_means(joined, duration_grid(joined.size))
    return BestCurve(means, starts if joined is values else np.flatnonzero(is_observed)[starts])


def best_by_duration(values: FloatArray, durations_s: Sequence[int] = STANDARD_DURATIONS_S) -> dict[int, float]:
    """Return the best mean of each duration that fits; missing values are left out and their neighbours joined."""
    joined = values[np.isfinite(values)]
    fitting = [duration for duration in durations_s if duration <= joined.size]
    means, _ = best_means(joined, fitting)
    return {duration: float(mean) for duration, mean in zip(fitting, means, strict=True)}


def envelope(means: FloatArray) -> FloatArray:
    """Return, for durations in rising order, the best mean of this or any longer duration."""
    return np.maximum.accumulate(means[::-1])[::-1]
