"""Circles on the earth that hide where somebody lives, and which points lie in them.

A circle drawn around a home gives the home away: whoever sees enough routes end on the same circle knows its centre.
So the circle that hides is another one: larger, and moved by an amount that is random but the same every time, so that
it holds the whole circle that was asked for and its centre tells little about the first one's.
"""

from __future__ import annotations

from collections.abc import Sequence
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

Place = tuple[float, float]
"""Latitude and longitude. [deg]"""


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


def pieces_outside(circles: Sequence[Circle], way: Sequence[Place]) -> list[list[Place]]:
    """Return the pieces of a way that touch none of the circles, also not on the line between two of its points.

    Parameters
    ----------
    circles : sequence of Circle
        What hides.
    way : sequence of (float, float)
        Latitude and longitude of each point, in order. [deg]

    Returns
    -------
    list of list of (float, float)
        Two points or more each, as they were given.

    Examples
    --------
    >>> way = [(52.0, 13.0), (52.01, 13.0), (52.02, 13.0), (52.03, 13.0)]
    >>> pieces_outside([Circle(52.005, 13.0, 200.0)], way)
    [[(52.01, 13.0), (52.02, 13.0), (52.03, 13.0)]]
    >>> pieces_outside([Circle(52.01, 13.0, 200.0)], way)
    [[(52.02, 13.0), (52.03, 13.0)]]
    """
    places = np.array(way, dtype=np.float64).reshape(-1, 2)
    gone = is_hidden(list(circles), places[:, 0], places[:, 1])
    crossed: BoolArray = np.zeros(max(len(places) - 1, 0), dtype=np.bool_)
    for circle in circles:
        crossed |= _nearest_m(circle, places) <= circle.radius_m
    pieces: list[list[Place]] = [[]]
    for index, place in enumerate(way):
        if index > 0 and crossed[index - 1]:
            pieces.append([])
        if not gone[index]:
            pieces[-1].append(place)
    return [piece for piece in pieces if len(piece) > 1]


def _nearest_m(circle: Circle, places: FloatArray) -> FloatArray:
    """Return how near each line between two points comes to a circle's centre, on a plane around it; shape (n - 1,)."""
    shrink = np.cos(np.radians(circle.latitude_deg))
    east = ((places[:, 1] - circle.longitude_deg + 180.0) % 360.0 - 180.0) * shrink
    flat = np.radians(np.column_stack([east, places[:, 0] - circle.latitude_deg])) * EARTH_RADIUS_M
    start, line = flat[:-1], np.diff(flat, axis=0)
    square = (line**2).sum(axis=1)
    along = np.clip(-(start * line).sum(axis=1) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    nearest = start + along[:, np.newaxis] * line
    distances: FloatArray = np.hypot(nearest[:, 0], nearest[:, 1])
    return distances


def between_the_ends(way: Sequence[Place], *, start: Place, end: Place, cut_m: float) -> list[Place]:
    """Return a way from where it has first left its start behind to where it last is away from its end.

    Parameters
    ----------
    way : sequence of (float, float)
        Latitude and longitude of each point, in order. [deg]
    start, end : (float, float)
        Where it began and ended; beside the way, because its points may be rounded. [deg]
    cut_m : float
        How far from start and end, as the crow flies, so that standing about at a door uses none of it up. [m]

    Returns
    -------
    list of (float, float)
        Empty where the way is never so far from both. What passes the start or the end again in between stays.

    Examples
    --------
    >>> way = [(52.0 + step / 1000, 13.0) for step in range(6)]
    >>> between_the_ends(way, start=way[0], end=way[-1], cut_m=200.0)
    [(52.002, 13.0), (52.003, 13.0)]
    """
    places = np.array(way, dtype=np.float64).reshape(-1, 2)
    left = np.flatnonzero(great_circle_m(Circle(*start, cut_m), places[:, 0], places[:, 1]) > cut_m)
    before = np.flatnonzero(great_circle_m(Circle(*end, cut_m), places[:, 0], places[:, 1]) > cut_m)
    return list(way[left[0] : before[-1] + 1]) if left.size and before.size else []
