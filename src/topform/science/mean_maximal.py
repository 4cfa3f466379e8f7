"""Best mean over every duration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from topform.core.arrays import FloatArray, IntArray
from topform.core.errors import ShapeError

STANDARD_DURATIONS_S = (
    1, 5, 10, 15, 20, 30, 60, 120, 180, 300, 480, 600, 720, 1200, 1800, 2400, 3600, 5400, 7200, 10_800, 14_400, 21_600,
)  # fmt: skip
"""Durations people compare."""

DENSE_UP_TO_S = 60
GRID_RATIO = 1.03


def duration_grid(longest_s: int) -> IntArray:
    """Return every second to one minute, then durations 3 % apart, up to the longest. [s]"""
    dense = np.arange(1, min(DENSE_UP_TO_S, longest_s) + 1)
    if longest_s <= DENSE_UP_TO_S:
        return dense.astype(np.int64)
    count = int(np.log(longest_s / DENSE_UP_TO_S) / np.log(GRID_RATIO)) + 1
    sparse = np.round(DENSE_UP_TO_S * GRID_RATIO ** np.arange(1, count + 1)).astype(np.int64)
    grid = np.unique(np.concatenate([dense, sparse, [longest_s]]))
    return grid[grid <= longest_s].astype(np.int64)


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
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means = np.empty(durations.size)
    starts = np.empty(durations.size, dtype=np.int64)
    for place, duration in enumerate(durations):
        windows = sums[duration:] - sums[:-duration]
        starts[place] = np.argmax(windows)
        means[place] = windows[starts[place]] / duration
    return means, starts


def best_by_duration(values: FloatArray, durations_s: Sequence[int] = STANDARD_DURATIONS_S) -> dict[int, float]:
    """Return the best mean of each duration that fits; missing values are left out and their neighbours joined."""
    joined = values[np.isfinite(values)]
    fitting = [duration for duration in durations_s if duration <= joined.size]
    means, _ = best_means(joined, fitting)
    return {duration: float(mean) for duration, mean in zip(fitting, means, strict=True)}


def envelope(means: FloatArray) -> FloatArray:
    """Return, for durations in rising order, the best mean of this or any longer duration."""
    return np.maximum.accumulate(means[::-1])[::-1]
