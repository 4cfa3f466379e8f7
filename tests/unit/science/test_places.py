"""Circles that hide places: on the sphere, around the whole zone, and not around its centre."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topform.core.errors import OutOfRangeError
from topform.science.places import EARTH_RADIUS_M, Circle, great_circle_m, hiding_circle, is_hidden

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
