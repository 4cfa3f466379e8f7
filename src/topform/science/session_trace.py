"""A leg as far as recordings of one session are compared by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.core.activity import Channel, Leg, Sport
from topform.core.arrays import FloatArray

M_PER_DEGREE: Final = 111_195.0
COMPARED: Final = (
    Channel.HR_BPM,
    Channel.POWER_W,
    Channel.SPEED_M_S,
    Channel.ALTITUDE_M,
    Channel.CADENCE_RPM,
    Channel.CADENCE_SPM,
)
POSITION: Final = (Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One leg as far as it is compared.

    Parameters
    ----------
    sport : Sport
    begins_s : float
        Start, seconds since 1970. [s]
    elapsed_s : float
        [s]
    distance_m : float or None
        [m]
    t_s : FloatArray
        (n,) seconds since the start.
    channels : dict of Channel to FloatArray
        Those that are compared, and the position.
    pauses : tuple of (float, float)
        Stretches with the timer stopped, seconds since the start.
    """

    sport: Sport
    begins_s: float
    elapsed_s: float
    distance_m: float | None
    t_s: FloatArray
    channels: dict[Channel, FloatArray]
    pauses: tuple[tuple[float, float], ...] = ()

    @property
    def ends_s(self) -> float:
        """End, seconds since 1970."""
        return self.begins_s + self.elapsed_s


def trace_of(leg: Leg) -> Trace:
    """Return what is compared of a leg; speed comes from position or distance where it was not recorded."""
    streams = leg.streams
    channels = {name: streams[name] for name in (*COMPARED, *POSITION) if name in streams}
    if Channel.SPEED_M_S not in channels:
        has_track = all(name in streams for name in POSITION)  # some platforms round distance to tens of metres
        along = _along_track(*(streams[name] for name in POSITION)) if has_track else streams.get(Channel.DISTANCE_M)
        speed = None if along is None else _speed_from_distance(streams.t_s, along)
        if speed is not None:
            channels[Channel.SPEED_M_S] = speed
    return Trace(
        sport=leg.sport,
        begins_s=leg.started_at.timestamp(),
        elapsed_s=max(leg.elapsed_s, float(streams.t_s[-1]) if len(streams) else 0.0),
        distance_m=leg.distance_m,
        t_s=streams.t_s,
        channels=channels,
        pauses=tuple((pause.start_s, pause.end_s) for pause in leg.pauses),
    )


def _speed_from_distance(t_s: FloatArray, distance_m: FloatArray) -> FloatArray | None:
    """Return the speed between samples, at the later one; None without two distances."""
    known = np.flatnonzero(np.isfinite(distance_m))
    if known.size < 2:
        return None
    speed = np.full(t_s.size, np.nan)
    speed[known[1:]] = np.maximum(np.diff(distance_m[known]), 0.0) / np.diff(t_s[known])
    return speed


def _along_track(latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
    known = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    along = np.full(latitude_deg.size, np.nan)
    if known.any():
        north, east = np.diff(latitude_deg[known]), np.diff(longitude_deg[known])
        steps = np.hypot(north, east * np.cos(np.radians(latitude_deg[known][:-1]))) * M_PER_DEGREE
        along[known] = np.concatenate([[0.0], np.cumsum(steps)])
    return along
