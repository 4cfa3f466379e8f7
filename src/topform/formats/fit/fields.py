"""Which FIT field feeds which channel, in which unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from topform.core.activity import Channel
from topform.core.arrays import BoolArray, FloatArray, IntArray
from topform.core.units import DEG_PER_SEMICIRCLE
from topform.formats.fit.messages import DeveloperValue, FitMessage

TIMESTAMP = "timestamp"
BALANCE = "left_right_balance"
CADENCE = "cadence"
FRACTIONAL_CADENCE = "fractional_cadence"

M_PER_MM = 1e-3
RIGHT_SIDE_FLAG = 0x80
BALANCE_MASK = 0x7F
MAX_BALANCE = 2**31

NATIVE_CHANNELS: dict[Channel, tuple[tuple[str, ...], float]] = {
    Channel.LATITUDE_DEG: (("position_lat",), DEG_PER_SEMICIRCLE),
    Channel.LONGITUDE_DEG: (("position_long",), DEG_PER_SEMICIRCLE),
    Channel.ALTITUDE_M: (("enhanced_altitude", "altitude"), 1.0),
    Channel.DISTANCE_M: (("distance",), 1.0),
    Channel.SPEED_M_S: (("enhanced_speed", "speed"), 1.0),
    Channel.HR_BPM: (("heart_rate",), 1.0),
    Channel.POWER_W: (("power",), 1.0),
    Channel.TEMPERATURE_C: (("temperature",), 1.0),
    Channel.GROUND_CONTACT_MS: (("stance_time",), 1.0),
    Channel.VERTICAL_OSCILLATION_M: (("vertical_oscillation",), M_PER_MM),
    Channel.STEP_LENGTH_M: (("step_length",), M_PER_MM),
    Channel.RESPIRATION_RPM: (("enhanced_respiration_rate", "respiration_rate"), 1.0),
    Channel.CORE_TEMPERATURE_C: (("core_temperature",), 1.0),
}
"""Profile fields of a record by channel, best first, and the factor to our unit."""

CHANNEL_BY_NATIVE_NUMBER: dict[int, Channel] = {
    2: Channel.ALTITUDE_M,
    3: Channel.HR_BPM,
    5: Channel.DISTANCE_M,
    6: Channel.SPEED_M_S,
    7: Channel.POWER_W,
    13: Channel.TEMPERATURE_C,
    39: Channel.VERTICAL_OSCILLATION_M,
    41: Channel.GROUND_CONTACT_MS,
    73: Channel.SPEED_M_S,
    78: Channel.ALTITUDE_M,
    85: Channel.STEP_LENGTH_M,
    99: Channel.RESPIRATION_RPM,
    139: Channel.CORE_TEMPERATURE_C,
}
"""Record fields that a developer field may declare itself to stand for."""

CHANNEL_BY_DEVELOPER_NAME: dict[str, Channel] = {
    "power": Channel.POWER_W,
    "heart rate": Channel.HR_BPM,
    "hr": Channel.HR_BPM,
    "ground time": Channel.GROUND_CONTACT_MS,
    "ground contact time": Channel.GROUND_CONTACT_MS,
    "vertical oscillation": Channel.VERTICAL_OSCILLATION_M,
    "core_temperature": Channel.CORE_TEMPERATURE_C,
    "core temperature": Channel.CORE_TEMPERATURE_C,
    "respiration rate": Channel.RESPIRATION_RPM,
}
"""Developer fields known by name alone."""

CADENCE_NATIVE_NUMBER = 4

_FACTOR_BY_UNIT: dict[str, float] = {
    "centimeters": 0.01, "cm": 0.01, "millimeters": 0.001, "mm": 0.001, "km/h": 1 / 3.6, "kph": 1 / 3.6, "kmh": 1 / 3.6,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The records of a file as columns.

    Parameters
    ----------
    timestamp : FloatArray
        (n,) the device's clock, NaN where a record has no time. [s]
    places : IntArray
        (n,) where each record stands in the content, rising. [bytes]
    channels : dict of Channel to FloatArray
        In our units, cadence and a developer's power apart.
    native_cadence, developer_cadence : FloatArray or None
        Of the profile's own field and of a developer's; None when never written.
    developer_power : FloatArray or None
        [W]; beside the profile's own in `channels`, since it is another source.
    """

    timestamp: FloatArray
    places: IntArray
    channels: dict[Channel, FloatArray]
    native_cadence: FloatArray | None = None
    developer_cadence: FloatArray | None = None
    developer_power: FloatArray | None = None

    @classmethod
    def none(cls) -> Columns:
        """Return no records."""
        return cls(np.empty(0), np.empty(0, dtype=np.int64), {})

    @property
    def cadence(self) -> FloatArray | None:
        """The profile's own cadence if the file has any, else a developer's."""
        return self.developer_cadence if self.native_cadence is None else self.native_cadence

    def followed_by(self, other: Columns) -> Columns:
        """Return these records and then the others."""
        if not other.timestamp.size:
            return self
        sizes = self.timestamp.size, other.timestamp.size
        return Columns(
            timestamp=np.concatenate([self.timestamp, other.timestamp]),
            places=np.concatenate([self.places, other.places]),
            channels={
                name: _joined(self.channels.get(name), other.channels.get(name), sizes)
                for name in self.channels | other.channels
            },
            native_cadence=_joined_or_none(self.native_cadence, other.native_cadence, sizes),
            developer_cadence=_joined_or_none(self.developer_cadence, other.developer_cadence, sizes),
            developer_power=_joined_or_none(self.developer_power, other.developer_power, sizes),
        )

    def power_w(self, inside: BoolArray) -> FloatArray | None:
        """Return the power of some records from one source: the one that observed more, else the profile's own.

        Sources of running power differ by more than 20 %, so that one never fills the gaps of another.
        """
        native = self.channels.get(Channel.POWER_W)
        of_both = [column[inside] for column in (native, self.developer_power) if column is not None]
        return max(of_both, key=_observed, default=None)

    def is_power_of_app(self, inside: BoolArray) -> bool:
        """Tell whether the power of some records is the one that an app on the device wrote."""
        native = self.channels.get(Channel.POWER_W)
        if self.developer_power is None:
            return False
        return native is None or _observed(self.developer_power[inside]) > _observed(native[inside])


def _observed(column: FloatArray) -> int:
    return int(np.isfinite(column).sum())


def _joined(first: FloatArray | None, second: FloatArray | None, sizes: tuple[int, int]) -> FloatArray:
    pieces = [
        np.full(size, np.nan) if part is None else part for part, size in zip((first, second), sizes, strict=True)
    ]
    return np.concatenate(pieces)


def _joined_or_none(first: FloatArray | None, second: FloatArray | None, sizes: tuple[int, int]) -> FloatArray | None:
    return None if first is None and second is None else _joined(first, second, sizes)


def columns_of(native: Mapping[str, FloatArray], developer: Mapping[str, FloatArray], *, places: IntArray) -> Columns:
    """Name the channels; the profile's own field beats a developer's of the same meaning, power stays apart.

    Parameters
    ----------
    native : mapping of str to FloatArray
        By profile name, in the profile's units; the balance as it is stored.
    developer : mapping of str to FloatArray
        By channel, in our units; cadence under its profile name.
    places : IntArray
        (n,) [bytes]
    """
    unobserved = np.full(places.size, np.nan)
    channels: dict[Channel, FloatArray] = {}
    for channel, (sources, factor) in NATIVE_CHANNELS.items():
        column = _first_observed([native[source] for source in sources if source in native])
        if column is not None:
            channels[channel] = column * factor
    if BALANCE in native:
        channels[Channel.LEFT_BALANCE_FRAC] = _left_share(native[BALANCE])
    for name, column in developer.items():
        if isinstance(name, Channel) and name is not Channel.POWER_W:
            present = channels.get(name)
            channels[name] = column if present is None else np.where(np.isfinite(present), present, column)
    cadence = native.get(CADENCE)
    if cadence is not None and not np.isfinite(cadence).any():
        cadence = None
    if cadence is not None and FRACTIONAL_CADENCE in native:
        cadence = cadence + np.nan_to_num(native[FRACTIONAL_CADENCE])
    return Columns(
        timestamp=native.get(TIMESTAMP, unobserved),
        places=places,
        channels=channels,
        native_cadence=cadence,
        developer_cadence=developer.get(CADENCE),
        developer_power=developer.get(Channel.POWER_W),
    )


def _first_observed(columns: Sequence[FloatArray]) -> FloatArray | None:
    if not columns:
        return None
    merged = columns[0]
    for column in columns[1:]:
        merged = np.where(np.isfinite(merged), merged, column)
    return merged


def _left_share(stored: FloatArray) -> FloatArray:
    """Return the left leg's share; unknown unless the value is marked as the right leg's."""
    whole = np.where(np.isfinite(stored), stored, 0).astype(np.int64)
    right_pct = (whole & BALANCE_MASK).astype(np.float64)
    is_right = (whole & RIGHT_SIDE_FLAG != 0) & (right_pct <= 100)
    return np.where(is_right, 1.0 - right_pct / 100.0, np.nan)


def columns_of_messages(records: Sequence[FitMessage], places: Sequence[int]) -> Columns:
    """Turn record messages, decoded one by one, into columns."""
    names = {name for record in records for name in record.values}
    wanted = {source for sources, _ in NATIVE_CHANNELS.values() for source in sources}
    native = {
        name: _column(records, name) for name in sorted(names & (wanted | {TIMESTAMP, CADENCE, FRACTIONAL_CADENCE}))
    }
    if BALANCE in names:
        native[BALANCE] = np.array([_balance(record.raw.get(BALANCE)) for record in records], dtype=np.float64)
    developer: dict[str, FloatArray] = {}
    items = [item for record in records for item in record.developer]
    for channel in {found for item in items if (found := _channel_of(item)) is not None}:
        developer[channel] = _developer_column(records, lambda item, wanted=channel: _channel_of(item) is wanted)  # type: ignore[misc]
    if any(is_cadence(item.native_field_num) for item in items):
        developer[CADENCE] = _developer_column(records, lambda item: is_cadence(item.native_field_num))
    return columns_of(native, developer, places=np.array(places, dtype=np.int64))


def _column(records: Sequence[FitMessage], name: str) -> FloatArray:
    return np.array([_number(record.values.get(name)) for record in records], dtype=np.float64)


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return float(value)
    return np.nan


def _balance(value: Any) -> float:
    return float(value) if isinstance(value, int) and 0 <= value < MAX_BALANCE else np.nan


def channel_of(name: object, native_field_num: object) -> Channel | None:
    """Return the channel that a developer field feeds: by the record field it stands for, else by its name."""
    if isinstance(native_field_num, int) and native_field_num in CHANNEL_BY_NATIVE_NUMBER:
        return CHANNEL_BY_NATIVE_NUMBER[native_field_num]
    return CHANNEL_BY_DEVELOPER_NAME.get(str(name).strip().lower())


def _channel_of(item: DeveloperValue) -> Channel | None:
    return channel_of(item.name, item.native_field_num)


def is_cadence(native_field_num: object) -> bool:
    """Say whether a developer field stands for the cadence."""
    return native_field_num == CADENCE_NATIVE_NUMBER


def factor_of(units: object) -> float:
    """Return the factor from a developer field's unit to ours, 1 for units that are ours or unknown."""
    return _FACTOR_BY_UNIT.get(str(units or "").strip().lower(), 1.0)


def _developer_column(records: Sequence[FitMessage], wanted: Callable[[DeveloperValue], bool]) -> FloatArray:
    column = np.full(len(records), np.nan)
    for row, record in enumerate(records):
        for item in record.developer:
            if wanted(item):
                column[row] = _number(item.value) * factor_of(item.units)
                break
    return column
