"""The offset of local time from UTC at a place and instant."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from timezonefinder import TimezoneFinder

from topform.core.arrays import FloatArray


@cache
def _finder() -> TimezoneFinder:
    """Load the zone shapes on first use: about 0.1 s, then kept."""
    return TimezoneFinder()


def zone_name_at(*, latitude_deg: float, longitude_deg: float) -> str | None:
    """Return the IANA name of the zone at a place, None off the map."""
    return _finder().timezone_at(lat=latitude_deg, lng=longitude_deg)


def offset_at(instant: datetime, *, latitude_deg: float, longitude_deg: float) -> int | None:
    """Return local time minus UTC at a place and instant, daylight saving included. [s]"""
    name = zone_name_at(latitude_deg=latitude_deg, longitude_deg=longitude_deg)
    if name is None:
        return None
    try:
        offset = instant.astimezone(ZoneInfo(name)).utcoffset()
    except (ZoneInfoNotFoundError, OverflowError, ValueError):
        return None
    return None if offset is None else int(offset.total_seconds())


def offset_of_track(instant: datetime, latitude_deg: FloatArray | None, longitude_deg: FloatArray | None) -> int | None:
    """Return the offset at the track's first observed position, None without one. [s]"""
    if latitude_deg is None or longitude_deg is None:
        return None
    observed = np.flatnonzero(np.isfinite(latitude_deg) & np.isfinite(longitude_deg))
    if not observed.size:
        return None
    first = observed[0]
    return offset_at(instant, latitude_deg=float(latitude_deg[first]), longitude_deg=float(longitude_deg[first]))
