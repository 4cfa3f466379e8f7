"""Offsets at places and instants; expected values from the civil time in force there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from topform.formats.time_zone import offset_at


@pytest.mark.parametrize(
    ("place", "instant", "hours"),
    [
        ((47.37, 8.54), datetime(2023, 1, 15, 12, tzinfo=UTC), 1),  # Zurich, winter
        ((47.37, 8.54), datetime(2023, 7, 15, 12, tzinfo=UTC), 2),  # Zurich, summer
        ((47.37, 8.54), datetime(2023, 3, 26, 0, 59, tzinfo=UTC), 1),  # a minute before the change
        ((47.37, 8.54), datetime(2023, 3, 26, 1, 0, tzinfo=UTC), 2),  # the change
        ((-33.87, 151.21), datetime(2023, 1, 15, tzinfo=UTC), 11),  # Sydney, southern summer
        ((27.7, 85.3), datetime(2023, 1, 15, tzinfo=UTC), 5.75),  # Kathmandu
        ((47.56, -52.71), datetime(2013, 8, 16, tzinfo=UTC), -2.5),  # St. John's, summer
        ((0.0, -30.0), datetime(2023, 1, 15, tzinfo=UTC), -2),  # open ocean: nautical zone
    ],
)
def test_offset(place, instant, hours):
    assert offset_at(instant, latitude_deg=place[0], longitude_deg=place[1]) == hours * 3600
