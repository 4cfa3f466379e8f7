"""Circles that hide places: on the sphere, around the whole zone, and not around its centre."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topform.core.errors import OutOfRangeError
from topform.science.places import (
    EARTH_RADIUS_M,
    Circle,
    between_the_ends,
    great_circle_m,
    hiding_circle,
    is_hidden,
    pieces_outside,
)

zones = st.builds(
    Circle,
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.floats(100, 5000),
)
shares = st.floats(0, 1)


def at(circle: Circle, bearing_rad: float, distance_m: float) -> tuple[float, float]:
    """Return the point in a direction from a circle's centre: vectors in space, no formula of the module."""
    latitude, longitude = np.radians(circle.latitude_deg), np.radians(circle.longitude_deg)
    up = np.array([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])
    east = np.array([-np.sin(longitude), np.cos(longitude), 0.0])
    north = np.cross(up, east)
    angle = distance_m / EARTH_RADIUS_M
    point = np.cos(angle) * up + np.sin(angle) * (np.cos(bearing_rad) * north + np.sin(bearing_rad) * east)
    return float(np.degrees(np.arcsin(point[2]))), float(np.degrees(np.arctan2(point[1], point[0])))


@given(zones, st.floats(0, 6.28), st.floats(1, 20_000))
def test_the_distance_is_that_on_the_sphere(zone: Circle, bearing_rad: float, distance_m: float) -> None:
    latitude, longitude = at(zone, bearing_rad, distance_m)
    (found,) = great_circle_m(zone, np.array([latitude]), np.array([longitude]))
    assert found == pytest.approx(distance_m, abs=0.01)


@given(zones, shares, shares, st.floats(0, 6.28), shares)
def test_every_point_of_the_zone_is_hidden(
    zone: Circle, direction: float, shift: float, bearing_rad: float, share: float
) -> None:
    hiding = hiding_circle(zone, direction_frac=direction, shift_frac=shift)
    latitude, longitude = at(zone, bearing_rad, zone.radius_m * share)
    assert is_hidden([hiding], np.array([latitude]), np.array([longitude])).all()


@given(zones, shares, shares)
def test_the_centre_of_what_hides_is_not_that_of_the_zone(zone: Circle, direction: float, shift: float) -> None:
    hiding = hiding_circle(zone, direction_frac=direction, shift_frac=shift)
    (moved_m,) = great_circle_m(zone, np.array([hiding.latitude_deg]), np.array([hiding.longitude_deg]))
    assert 0.3 * zone.radius_m - 0.1 <= moved_m <= 0.6 * zone.radius_m + 0.1
    assert moved_m == pytest.approx(zone.radius_m * (0.3 + 0.3 * shift), abs=0.1)


def test_the_date_line_and_what_was_not_observed() -> None:
    zone = Circle(0.0, 179.9999, 500.0)
    latitude, longitude = np.array([0.0, 0.0, np.nan]), np.array([-179.9999, -179.99, np.nan])
    assert is_hidden([zone], latitude, longitude).tolist() == [True, False, False]
    assert not is_hidden([], latitude, longitude).any()


def test_what_is_no_circle_is_refused() -> None:
    for values in ((91.0, 0.0, 100.0), (0.0, 181.0, 100.0), (0.0, 0.0, 0.0), (float("nan"), 0.0, 100.0)):
        with pytest.raises(OutOfRangeError):
            Circle(*values)
    with pytest.raises(OutOfRangeError):
        hiding_circle(Circle(0.0, 0.0, 100.0), direction_frac=1.1, shift_frac=0.0)


def test_pieces_of_a_way_end_at_what_they_touch() -> None:
    way = [(10.0, -179.999 + step * 0.01 if step else 179.999) for step in range(6)]
    assert pieces_outside([], way) == [way]
    assert pieces_outside([], []) == [] == pieces_outside([], way[:1])
    between = Circle(10.0, -179.964, 200.0)
    assert pieces_outside([between], way) == [way[:4], way[4:]], "no point lies in it, but a line passes it"
    assert pieces_outside([Circle(10.0, 179.999, 200.0)], way) == [way[1:]]
    assert pieces_outside([Circle(10.0, 0.0, 200.0)], way[1:]) == [way[1:]]
    assert pieces_outside([Circle(*place, 50.0) for place in way], way) == []


@given(zones, st.lists(st.tuples(st.floats(0, 6.28), st.floats(0, 900)), min_size=1, max_size=30))
def test_a_way_between_its_ends_begins_and_ends_away_from_them(door: Circle, steps: list[tuple[float, float]]) -> None:
    way = [at(door, bearing_rad, distance_m) for bearing_rad, distance_m in steps]
    start, end = (door.latitude_deg, door.longitude_deg), way[-1]
    left = between_the_ends(way, start=start, end=end, cut_m=200.0)
    away = [index for index, (_, distance_m) in enumerate(steps) if distance_m > 200.1]
    if not away:
        assert left == []
    if left:
        first = way.index(left[0])
        assert way[first : first + len(left)] == left
        latitude, longitude = (np.array([place[axis] for place in (left[0], left[-1])]) for axis in (0, 1))
        assert great_circle_m(Circle(*start, 1.0), latitude, longitude)[0] > 199.9
        assert great_circle_m(Circle(*end, 1.0), latitude, longitude)[1] > 199.9


def test_standing_about_at_the_door_uses_up_nothing_of_the_cut() -> None:
    about = [(47.0, 8.0), (47.001, 8.0)] * 20
    out = [(47.0 + step * 0.001, 8.0) for step in range(2, 6)]
    assert between_the_ends([*about, *out], start=about[0], end=out[-1], cut_m=200.0) == out[:2]
    assert between_the_ends(about, start=about[0], end=about[-1], cut_m=200.0) == []
