"""Circles on the earth that hide where somebody lives, and which points lie in them.

A circle drawn around a home gives the home away: whoever sees enough routes end on the same circle knows its centre.
So the circle that hides is another one: larger, and moved by an amount that is random but the same every time, so that
it holds the whole circle that was asked for and its centre tells little about the first one's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.core.arrays import BoolArray, FloatArray
from topform.core.errors import OutOfRangeError

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the earth; IUGG 1980, R1."""
LEAST_SHIFT: Final = 0.3
MOST_SHIFT: Final = 0.6
"""How far the circle is moved, as shares of its radius."""
MARGIN_M: Final = 5.0
"""For what rounding of positions moves a point."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the earth."""

    latitude_deg: float
    longitude_deg: float
    radius_m: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude_deg <= 90 and -180 <= self.longitude_deg <= 180 and self.radius_m > 0):
            raise OutOfRangeError("A circle needs a place on the earth and a radius above zero.")


def great_circle_m(circle: Circle, latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
    """Return the distances of points from a circle's centre; NaN where a point was not observed.

    Parameters
    ----------
    circle : Circle
        Whose centre is meant.
    latitude_deg, longitude_deg : FloatArray
        Points, shape (n,). [deg]

    Returns
    -------
    FloatArray
        Distances, shape (n,). [m]

    Notes
    -----
    The haversine form, which is exact enough for short distances on a sphere.

    Examples
    --------
    >>> centre = Circle(52.0, 13.0, 200.0)
    >>> great_circle_m(centre, np.array([52.001]), np.array([13.0])).round(1)
    array([111.2])
    """
    here, there = np.radians(circle.latitude_deg), np.radians(latitude_deg)
    turned = np.radians(longitude_deg - circle.longitude_deg)
    half_chord = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(turned / 2) ** 2
    distances: FloatArray = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half_chord, 0.0, 1.0)))
    return distances


def hiding_circle(zone: Circle, *, direction_frac: float, shift_frac: float) -> Circle:
    """Return the larger, moved circle that hides a zone and holds all of it.

    Parameters
    ----------
    zone : Circle
        What is to be hidden.
    direction_frac, shift_frac : float
        Two random numbers, drawn once for a zone: direction and amount of the shift. 0..1

    Returns
    -------
    Circle
        Moved by 0.3 to 0.6 of the radius, which is 1.6 times the zone's and a margin for rounded positions.

    Examples
    --------
    >>> circle = hiding_circle(Circle(52.0, 13.0, 200.0), direction_frac=0.0, shift_frac=1.0)
    >>> round(circle.latitude_deg, 6), circle.longitude_deg, circle.radius_m
    (52.001079, 13.0, 325.0)
    """
    if not (0 <= direction_frac <= 1 and 0 <= shift_frac <= 1):
        raise OutOfRangeError("Direction and shift are shares from 0 to 1.")
    shift_m = zone.radius_m * (LEAST_SHIFT + (MOST_SHIFT - LEAST_SHIFT) * shift_frac)
    angle, bearing = shift_m / EARTH_RADIUS_M, 2 * np.pi * direction_frac
    latitude, longitude = np.radians(zone.latitude_deg), np.radians(zone.longitude_deg)
    sine = np.sin(latitude) * np.cos(angle) + np.cos(latitude) * np.sin(angle) * np.cos(bearing)
    moved = np.arcsin(np.clip(sine, -1.0, 1.0))
    turned = np.arctan2(
        np.sin(bearing) * np.sin(angle) * np.cos(latitude), np.cos(angle) - np.sin(latitude) * np.sin(moved)
    )
    around = (np.degrees(longitude + turned) + 180.0) % 360.0 - 180.0
    return Circle(float(np.degrees(moved)), float(around), zone.radius_m * (1 + MOST_SHIFT) + MARGIN_M)


def is_hidden(circles: list[Circle], latitude_deg: FloatArray, longitude_deg: FloatArray) -> BoolArray:
    """Tell which points lie in any of the circles; what was not observed does not.

    Parameters
    ----------
    circles : list of Circle
        What hides.
    latitude_deg, longitude_deg : FloatArray
        Points, shape (n,). [deg]

    Returns
    -------
    BoolArray
        Shape (n,).
    """
    hidden: BoolArray = np.zeros(latitude_deg.shape, dtype=np.bool_)
    for circle in circles:
        hidden |= great_circle_m(circle, latitude_deg, longitude_deg) <= circle.radius_m
    return hidden
