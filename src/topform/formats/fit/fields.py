"""Which FIT field feeds which channel, in which unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from topform.core.activity import Channel
from topform.core.arrays import FloatArray
from topform.core.units import DEG_PER_SEMICIRCLE
from topform.formats.fit.messages import DeveloperValue, FitMessage

M_PER_MM = 1e-3
RIGHT_SIDE_FLAG = 0x80
BALANCE_MASK = 0x7F

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


@dataclass(frozen=True, slots=True)
class Columns:
    """The records of a file as columns on their own instants."""

    timestamp: FloatArray
    channels: dict[Channel, FloatArray]
    cadence: FloatArray | None


def read_columns(records: Sequence[FitMessage]) -> Columns:
    """Turn record messages into columns; the field of the profile beats a developer's field of the same meaning."""
    names = {name for record in records for name in record.values}
    channels: dict[Channel, FloatArray] = {}
    for channel, (sources, factor) in NATIVE_CHANNELS.items():
        column = _first_observed([_column(records, source) for source in sources if source in names])
        if column is not None:
            channels[channel] = column * factor
    if "left_right_balance" in names:
        channels[Channel.LEFT_BALANCE_FRAC] = np.array([_left_share(record) for record in records])
    cadence = _column(records, "cadence") if "cadence" in names else None
    if cadence is not None and "fractional_cadence" in names:
        cadence = cadence + np.nan_to_num(_column(records, "fractional_cadence"))
    if any(record.developer for record in records):
        cadence = _add_developer_fields(records, channels, cadence)
    return Columns(timestamp=_column(records, "timestamp"), channels=channels, cadence=cadence)


def _column(records: Sequence[FitMessage], name: str) -> FloatArray:
    return np.array([_number(record.values.get(name)) for record in records], dtype=np.float64)


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return float(value)
    return np.nan


def _first_observed(columns: Sequence[FloatArray]) -> FloatArray | None:
    if not columns:
        return None
    merged = columns[0]
    for column in columns[1:]:
        merged = np.where(np.isfinite(merged), merged, column)
    return merged


def _left_share(record: FitMessage) -> float:
    """Return the left leg's share; unknown unless the value is marked as the right leg's."""
    value = record.raw.get("left_right_balance")
    if not isinstance(value, int) or not value & RIGHT_SIDE_FLAG:
        return np.nan
    right_pct = value & BALANCE_MASK
    return 1.0 - right_pct / 100.0 if right_pct <= 100 else np.nan


def _add_developer_fields(
    records: Sequence[FitMessage], channels: dict[Channel, FloatArray], cadence: FloatArray | None
) -> FloatArray | None:
    """Fill channels that the profile's own fields left empty."""
    for channel in {channel for record in records for item in record.developer if (channel := _channel_of(item))}:
        column = _developer_column(records, lambda item, wanted=channel: _channel_of(item) is wanted)  # type: ignore[misc]
        present = channels.get(channel)
        channels[channel] = column if present is None else np.where(np.isfinite(present), present, column)
    if cadence is None and any(_is_cadence(item) for record in records for item in record.developer):
        return _developer_column(records, _is_cadence)
    return cadence


def _channel_of(item: DeveloperValue) -> Channel | None:
    if item.native_field_num is not None and item.native_field_num in CHANNEL_BY_NATIVE_NUMBER:
        return CHANNEL_BY_NATIVE_NUMBER[item.native_field_num]
    return CHANNEL_BY_DEVELOPER_NAME.get(item.name.strip().lower())


def _is_cadence(item: DeveloperValue) -> bool:
    return item.native_field_num == CADENCE_NATIVE_NUMBER


def _developer_column(records: Sequence[FitMessage], wanted: Callable[[DeveloperValue], bool]) -> FloatArray:
    column = np.full(len(records), np.nan)
    for row, record in enumerate(records):
        for item in record.developer:
            if wanted(item):
                factor = _FACTOR_BY_UNIT.get((item.units or "").strip().lower(), 1.0)
                column[row] = _number(item.value) * factor
                break
    return column
