"""The activity as every part of TopForm sees it, whatever file it came from.

A recording holds one or more legs (the parts of a multi-sport activity; most have one). A leg holds streams on
its own time axis, laps, pool lengths, strength sets and beat-to-beat intervals. SI units throughout;
NaN means "not observed".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np

from topform.core.arrays import FloatArray, frozen_floats, require_increasing, require_shape
from topform.core.errors import InvalidInputError


class Sport(StrEnum):
    """What was done; the finer kind is `Leg.sub_sport`."""

    RUNNING = "running"
    CYCLING = "cycling"
    SWIMMING = "swimming"
    WALKING = "walking"
    HIKING = "hiking"
    ROWING = "rowing"
    SKIING = "skiing"
    STRENGTH = "strength"
    TRANSITION = "transition"
    OTHER = "other"


class Channel(StrEnum):
    """A stream's quantity and unit."""

    LATITUDE_DEG = "latitude_deg"
    LONGITUDE_DEG = "longitude_deg"
    ALTITUDE_M = "altitude_m"
    DISTANCE_M = "distance_m"
    SPEED_M_S = "speed_m_s"
    HR_BPM = "hr_bpm"
    POWER_W = "power_w"
    CADENCE_RPM = "cadence_rpm"
    CADENCE_SPM = "cadence_spm"
    TEMPERATURE_C = "temperature_c"
    GROUND_CONTACT_MS = "ground_contact_ms"
    VERTICAL_OSCILLATION_M = "vertical_oscillation_m"
    STEP_LENGTH_M = "step_length_m"
    STRIDE_LENGTH_M = "stride_length_m"
    LEFT_BALANCE_FRAC = "left_balance_frac"
    RESPIRATION_RPM = "respiration_rpm"
    CORE_TEMPERATURE_C = "core_temperature_c"


@dataclass(frozen=True, slots=True, eq=False)
class Streams:
    """Samples on one time axis.

    Parameters
    ----------
    t_s : FloatArray
        (n,) seconds since the leg's ``started_at``, strictly increasing; the spacing may vary.
    channels : mapping of Channel to FloatArray
        Each (n,); NaN where the device recorded nothing. A channel never observed is absent.

    Raises
    ------
    ShapeError
        If an array does not fit the time axis or time does not increase.
    """

    t_s: FloatArray
    channels: Mapping[Channel, FloatArray]

    def __post_init__(self) -> None:
        object.__setattr__(self, "t_s", frozen_floats(self.t_s))
        require_shape("t_s", self.t_s, (None,))
        require_increasing("t_s", self.t_s)
        frozen = {Channel(name): frozen_floats(values) for name, values in self.channels.items()}
        for name, values in frozen.items():
            require_shape(name, values, (self.t_s.size,))
        object.__setattr__(self, "channels", frozen)

    def __len__(self) -> int:
        return int(self.t_s.size)

    def __contains__(self, channel: Channel) -> bool:
        return channel in self.channels

    def __getitem__(self, channel: Channel) -> FloatArray:
        return self.channels[channel]

    def get(self, channel: Channel) -> FloatArray | None:
        """Return the channel, or None when it was never observed."""
        return self.channels.get(channel)


@dataclass(frozen=True, slots=True, eq=False)
class RRIntervals:
    """Beat-to-beat intervals from a chest strap or ECG; never derived from averaged heart rate.

    Parameters
    ----------
    t_s : FloatArray
        (n,) time of the beat that ends each interval, seconds since the leg's start; not decreasing.
    rr_ms : FloatArray
        (n,) interval. [ms]
    """

    t_s: FloatArray
    rr_ms: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "t_s", frozen_floats(self.t_s))
        object.__setattr__(self, "rr_ms", frozen_floats(self.rr_ms))
        require_shape("rr_ms", self.rr_ms, (self.t_s.size,))

    def __len__(self) -> int:
        return int(self.rr_ms.size)


@dataclass(frozen=True, slots=True)
class Lap:
    """A stretch between two presses of the lap button, as the device summarised it."""

    start_s: float
    elapsed_s: float
    timer_s: float | None = None
    distance_m: float | None = None
    hr_mean_bpm: float | None = None
    hr_max_bpm: float | None = None
    power_mean_w: float | None = None
    speed_mean_m_s: float | None = None
    trigger: str | None = None


@dataclass(frozen=True, slots=True)
class PoolLength:
    """One length of the pool, or a rest between lengths (``is_active`` False)."""

    start_s: float
    elapsed_s: float
    is_active: bool
    stroke: str | None = None
    strokes: int | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class StrengthSet:
    """One set of an exercise, or a rest (``is_active`` False)."""

    start_s: float | None
    elapsed_s: float | None
    is_active: bool
    exercise: str | None = None
    reps: int | None = None
    mass_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the timer stood still, seconds since the leg's start."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class FileWarning:
    """Something in the file that a reader of the numbers should know."""

    code: str
    message: str
    offset_bytes: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {"code": self.code, "message": self.message, "offset_bytes": self.offset_bytes}


class PowerSource(StrEnum):
    """What measured the power of a run; brands differ by more than a fifth, so that a threshold belongs to one."""

    WATCH = "watch"
    FOOT_POD = "foot_pod"
    APP = "app"


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """One sport of a recording.

    Parameters
    ----------
    sport : Sport
    sub_sport : str or None
        The source's own finer word, in snake case.
    started_at : datetime
        Aware UTC.
    utc_offset_s : int or None
        Local time minus UTC at the start; None when neither the file nor the coordinates tell. [s]
    elapsed_s : float
        From start to end, pauses included. [s]
    timer_s : float
        With the timer running. [s]
    streams : Streams
    distance_m, ascent_m, descent_m : float or None
        As the device summarised them. [m]
    pool_length_m : float or None
        [m]
    power_source : PowerSource or None
        Of a run with power; None where the source does not tell, and in other sports.
    device_summary : mapping of str to float
        Further numbers that the device itself wrote (normalised power and the like), kept for comparison only.
    """

    sport: Sport
    started_at: datetime
    elapsed_s: float
    timer_s: float
    streams: Streams
    sub_sport: str | None = None
    utc_offset_s: int | None = None
    distance_m: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    pool_length_m: float | None = None
    laps: tuple[Lap, ...] = ()
    lengths: tuple[PoolLength, ...] = ()
    sets: tuple[StrengthSet, ...] = ()
    pauses: tuple[Pause, ...] = ()
    rr: RRIntervals | None = None
    power_source: PowerSource | None = None
    device_summary: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.started_at.utcoffset() is None:
            raise InvalidInputError("started_at must carry a time zone")
        if not (np.isfinite(self.elapsed_s) and self.elapsed_s >= 0):
            raise InvalidInputError(f"elapsed_s is {self.elapsed_s}, expected a number >= 0")


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What one file says: its legs, the device, and everything that was odd about it."""

    format: str
    legs: tuple[Leg, ...]
    title: str | None = None
    device: Mapping[str, str | int | None] = field(default_factory=dict)
    warnings: tuple[FileWarning, ...] = ()
    salvaged: bool = False

    def __post_init__(self) -> None:
        if not self.legs:
            raise InvalidInputError("a recording needs at least one leg")
