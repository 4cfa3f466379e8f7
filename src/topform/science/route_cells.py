"""Coarse cells of the earth's surface: what decides cheaply which routes can meet at all.

A row of cells is a hundredth of a degree of latitude high, and has as many cells as keep them about as wide, so that a
cell measures some 1.1 km either way everywhere but at the poles.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from topform.core.arrays import FloatArray, IntArray
from topform.science.motion import M_PER_DEGREE

ROWS_PER_DEGREE: Final = 100
ROWS: Final = 180 * ROWS_PER_DEGREE
MOST_COLUMNS: Final = 360 * ROWS_PER_DEGREE
NEAREST_POLE: Final = 1e-6


def cells_at(latitude_deg: FloatArray, longitude_deg: FloatArray) -> IntArray:
    """Return the cell of each point.

    Parameters
    ----------
    latitude_deg, longitude_deg : FloatArray
        (n,) all observed. [deg]

    Returns
    -------
    IntArray
        (n,) numbers below 2^31, the same for two points of one cell.

    Examples
    --------
    >>> cells_at(np.array([52.5163, 52.5165]), np.array([13.3777, 13.3779])).tolist()
    [513047768, 513047768]
    """
    row = np.clip(np.floor((latitude_deg + 90.0) * ROWS_PER_DEGREE), 0, ROWS - 1)
    middle = np.radians((row + 0.5) / ROWS_PER_DEGREE - 90.0)
    columns = np.maximum(np.round(MOST_COLUMNS * np.cos(middle)), 1.0)
    column = np.floor((longitude_deg + 180.0) % 360.0 / 360.0 * columns) % columns
    cells: IntArray = (row * MOST_COLUMNS + column).astype(np.int64)
    return cells


def cells_along(latitude_deg: FloatArray, longitude_deg: FloatArray, *, margin_m: float) -> IntArray:
    """Return the cells that a route touches, or comes nearer to than a margin, each once and in order.

    Parameters
    ----------
    latitude_deg, longitude_deg : FloatArray
        (n,) NaN = not observed. [deg]
    margin_m : float
        Smaller than a cell. [m]

    Returns
    -------
    IntArray
        Those of the corners of a square of twice the margin around each observed point.
    """
    seen = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    latitude, longitude = latitude_deg[seen], longitude_deg[seen]
    north = margin_m / M_PER_DEGREE
    east = np.minimum(north / np.maximum(np.cos(np.radians(latitude)), NEAREST_POLE), 180.0)
    corners = [
        cells_at(np.clip(latitude + up * north, -90.0, 90.0), longitude + across * east)
        for up in (-1, 1)
        for across in (-1, 1)
    ]
    touched: IntArray = np.unique(np.concatenate(corners))
    return touched
