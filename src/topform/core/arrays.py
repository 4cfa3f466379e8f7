"""Typed arrays and the checks that make a constructed object a valid object."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topform.core.errors import OutOfRangeError, ShapeError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def frozen_floats(values: ArrayLike) -> FloatArray:
    """Return a read-only float64 copy of the values; NaN means "not observed"."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def require_shape(name: str, array: NDArray[np.generic], shape: tuple[int | None, ...]) -> None:
    """Raise `ShapeError` unless the array has the shape; ``None`` matches any length.

    Raises
    ------
    ShapeError
        If the number of axes or one of their lengths differs.
    """
    fits = array.ndim == len(shape) and all(
        want is None or have == want for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ShapeError(f"{name} has shape {array.shape}, expected {shape}")


def require_increasing(name: str, array: FloatArray) -> None:
    """Raise `ShapeError` unless the values are finite and strictly increasing."""
    if not np.all(np.isfinite(array)):
        raise ShapeError(f"{name} must be finite")
    if array.size > 1 and not np.all(np.diff(array) > 0):
        raise ShapeError(f"{name} must be strictly increasing")


def require_range(name: str, value: float, *, low: float, high: float) -> None:
    """Raise `OutOfRangeError` unless ``low <= value <= high``."""
    if not low <= value <= high:
        raise OutOfRangeError(f"{name} is {value:g}, expected {low:g}..{high:g}")


def coverage(values: FloatArray) -> float:
    """Return the fraction of observed (finite) samples, 0 for an empty array.

    Examples
    --------
    >>> coverage(np.array([1.0, np.nan, 3.0, 4.0]))
    0.75
    """
    return float(np.isfinite(values).mean()) if values.size else 0.0
