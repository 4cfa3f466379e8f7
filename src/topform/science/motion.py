"""Where, how far and how fast: distance from positions, speed, moving time."""

from __future__ import annotations

import numpy as np

from topform.core.activity import Channel, Sport, Streams
from topform.core.arrays import FloatArray

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG)."""

M_PER_DEGREE = EARTH_RADIUS_M * np.pi / 180
"""Along a meridian."""

MOVING_ABOVE_M_S = {Sport.CYCLING: 1.0, Sport.SWIMMING: 0.2, Sport.WALKING: 0.3, Sport.HIKING: 0.2}
MOVING_ABOVE_DEFAULT_M_S = 0.5
MAX_SPEED_M_S = {Sport.RUNNING: 12.0, Sport.WALKING: 6.0, Sport.HIKING: 8.0, Sport.SWIMMING: 4.0, Sport.ROWING: 10.0}
MAX_SPEED_DEFAULT_M_S = 45.0


def step_m(latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
    """Great-circle distance between consecutive positions.

    Parameters
    ----------
    latitude_deg, longitude_deg : FloatArray
        (n,) [deg]

    Returns
    -------
    FloatArray
        (n - 1,) [m]; NaN next to a missing position.

    Examples
    --------
    >>> round(float(step_m(np.array([0.0, 1.0]), np.array([0.0, 0.0]))[0]))
    111195
    """
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    half_chord: FloatArray = (
        np.sin(np.diff(latitude) / 2) ** 2
        + np.cos(latitude[:-1]) * np.cos(latitude[1:]) * np.sin(np.diff(longitude) / 2) ** 2
    )
    angle: FloatArray = 2 * np.arcsin(np.sqrt(np.clip(half_chord, 0, 1)))
    return EARTH_RADIUS_M * angle


def distance_along_m(streams: Streams, *, max_speed_m_s: float) -> FloatArray | None:
    """Return the distance since the start: the file's own, else along the positions; None without either.

    Steps faster than the limit are jumps of the position and are left out.

    Returns
    -------
    FloatArray or None
        (n,) not decreasing; NaN before the first and after the last known value. [m]
    """
    own = streams.get(Channel.DISTANCE_M)
    if own is not None and np.isfinite(own).sum() > 1 and np.nanmax(own) > np.nanmin(own):
        known = np.isfinite(own)
        along = np.full(own.size, np.nan)
        along[known] = np.maximum.accumulate(own[known])
        return along
    latitude, longitude = streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None:
        return None
    known = np.isfinite(latitude) & np.isfinite(longitude)
    if known.sum() < 2:
        return None
    steps = step_m(latitude[known], longitude[known])
    steps = np.where(steps > max_speed_m_s * np.diff(streams.t_s[known]), 0.0, steps)
    along = np.full(latitude.size, np.nan)
    along[known] = np.concatenate([[0.0], np.cumsum(steps)])
    return along


def speed_of(streams: Streams, distance_m: FloatArray | None) -> FloatArray | None:
    """Return speed at the samples: the device's own, else from distance over about 5 s. [m/s]"""
    own = streams.get(Channel.SPEED_M_S)
    if own is not None:
        return own
    if distance_m is None:
        return None
    known = np.flatnonzero(np.isfinite(distance_m))
    if known.size < 2:
        return None
    t_s, along = streams.t_s[known], distance_m[known]
    before, after = np.maximum(t_s - HALF_WINDOW_S, t_s[0]), np.minimum(t_s + HALF_WINDOW_S, t_s[-1])
    speed = np.full(distance_m.size, np.nan)
    speed[known] = (np.interp(after, t_s, along) - np.interp(before, t_s, along)) / (after - before)
    return speed


HALF_WINDOW_S = 2.5


def moving_share(speed_m_s: FloatArray, sport: Sport) -> float | None:
    """Return the share of observed seconds above the speed that counts as moving, None without any."""
    observed = speed_m_s[np.isfinite(speed_m_s)]
    if not observed.size:
        return None
    return float(np.mean(observed > MOVING_ABOVE_M_S.get(sport, MOVING_ABOVE_DEFAULT_M_S)))


def max_speed_m_s(sport: Sport) -> float:
    """Return the speed above which a sample cannot be that sport. [m/s]"""
    return MAX_SPEED_M_S.get(sport, MAX_SPEED_DEFAULT_M_S)
