"""Records and beat intervals of a FIT body as columns, read a whole definition at a time.

What is unusual is not read here: `UnusualLayoutError` sends the body to the decoder that goes message by message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from fitdecode import profile, types
from numpy.typing import NDArray

from topform.core.arrays import FloatArray, IntArray
from topform.formats.fit.fields import (
    BALANCE,
    CADENCE,
    FRACTIONAL_CADENCE,
    NATIVE_CHANNELS,
    TIMESTAMP,
    Columns,
    channel_of,
    columns_of,
    factor_of,
    is_cadence,
)
from topform.formats.fit.heart_beats import BeatIntervals
from topform.formats.fit.scan import COMPRESSED_HEADER, Definition, FieldLayout, Scan

HRV_TICKS_PER_S = 1000.0
TIMESTAMP_NUMBER = profile.FIELD_NUM_TIMESTAMP
TIMESTAMP_BYTES = 4
OFFSET_MASK = 0x1F
OFFSET_RANGE = 32
UINT16, UINT32 = 0x84, 0x86

_RECORD_FIELDS = next(kind for kind in profile.MESSAGE_TYPES.values() if kind.name == "record").fields
_SOURCES = {name for names, _ in NATIVE_CHANNELS.values() for name in names}
_WANTED: dict[int, Any] = {
    number: field
    for number, field in _RECORD_FIELDS.items()
    if field.name in _SOURCES | {TIMESTAMP, BALANCE, CADENCE, FRACTIONAL_CADENCE}
}
"""Fields of a record that feed a channel, with their scale and offset from the profile."""

_PACKED = {number for number, field in _RECORD_FIELDS.items() if field.name == "compressed_speed_distance"}
_OF_PROFILE_TYPE = {number for number, field in _WANTED.items() if field.components}
"""Fields that the profile unfolds into a finer one: the two agree only while the file keeps the profile's type."""

_INVALID: dict[int, float] = {
    0x00: 0xFF, 0x01: 0x7F, 0x02: 0xFF, 0x83: 0x7FFF, 0x84: 0xFFFF, 0x85: 0x7FFFFFFF, 0x86: 0xFFFFFFFF,
    0x0A: 0, 0x8B: 0, 0x8C: 0, 0x88: np.nan, 0x89: np.nan,
}  # fmt: skip
"""Scalar base types that are read here and the value that means "not observed"."""

LARGEST = 1e15


class UnusualLayoutError(Exception):
    """The body has fields that only the message-by-message decoder understands."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The data messages of one definition as a table of bytes, and where they stand among all records."""

    content: NDArray[np.uint8]
    at: IntArray
    is_big_endian: bool

    def numbers(self, at: int, size: int, base_type: int) -> FloatArray:
        """Return one field, NaN where it was not observed."""
        kind = types.BASE_TYPES.get(base_type)
        if base_type not in _INVALID or kind.size != size:
            raise UnusualLayoutError
        dtype = np.dtype(f"{'>' if self.is_big_endian else '<'}{kind.fmt}")
        raw = np.ascontiguousarray(self.content[:, at : at + size]).view(dtype)[:, 0]
        with np.errstate(invalid="ignore"):
            numbers: FloatArray = raw.astype(np.float64)
        numbers[raw == _INVALID[base_type]] = np.nan
        return numbers


def read_records(body: bytes, scanned: Scan, resolved: Sequence[Any], *, record: int, offset_bytes: int) -> Columns:
    """Return the records of a body as columns.

    Parameters
    ----------
    resolved : sequence
        The decoder's own view of the record definitions, in order: it knows the developer fields.
    record : int
        Number of the record message.
    offset_bytes : int
        Where the body starts in the content.

    Raises
    ------
    UnusualLayoutError
        If a field that matters is laid out in a way that is not read here.
    """
    of_records = [definition for definition in scanned.definitions if definition.message == record]
    if len(of_records) != len(resolved):
        raise UnusualLayoutError
    used = [(definition, seen) for definition, seen in zip(of_records, resolved, strict=True) if definition.places]
    places = np.sort(np.concatenate([np.empty(0, np.int64), *(definition.places for definition, _ in used)]))
    stamps = _compressed_stamps(body, scanned) if scanned.has_compressed else None
    content = np.frombuffer(body, dtype=np.uint8)
    found: dict[str, FloatArray] = {}
    developer: dict[str, FloatArray] = {}
    for definition, seen in used:
        starts = np.array(definition.places, dtype=np.int64)
        table = content[starts[:, None] + np.arange(definition.size)]
        rows = _Rows(table, np.searchsorted(places, starts), definition.is_big_endian)
        _read_native(definition, rows, found, size=places.size)
        _read_developer(definition, seen, rows, developer, size=places.size)
        if stamps is not None:
            _read_compressed(rows, starts, stamps, found, size=places.size)
    return columns_of(found, developer, places=places + offset_bytes)


def _read_native(definition: Definition, rows: _Rows, found: dict[str, FloatArray], *, size: int) -> None:
    seen: set[int] = set()
    for layout in definition.layout():
        if layout.number in _PACKED or (layout.number in _WANTED and layout.number in seen):
            raise UnusualLayoutError
        seen.add(layout.number)
        field = _WANTED.get(layout.number)
        if field is None:
            continue
        if layout.number in _OF_PROFILE_TYPE and field.base_type.identifier != layout.base_type:
            raise UnusualLayoutError
        numbers = rows.numbers(layout.at, layout.size, layout.base_type)
        if field.scale:
            numbers = numbers / field.scale
        if field.offset:
            numbers = numbers - field.offset
        _put(found, field.name, rows.at, numbers, size=size)


def _read_developer(definition: Definition, seen: Any, rows: _Rows, found: dict[str, FloatArray], *, size: int) -> None:
    taken: set[str] = set()
    for (at, width), resolved in zip(definition.developer_places(), seen.dev_field_defs, strict=True):
        field = resolved.field
        if width % field.type.size or resolved.def_num == TIMESTAMP_NUMBER:
            raise UnusualLayoutError
        channel = channel_of(field.name, field.native_field_num)
        target = CADENCE if channel is None and is_cadence(field.native_field_num) else channel
        if target is None:
            continue
        if target in taken:
            raise UnusualLayoutError
        taken.add(target)
        numbers = rows.numbers(at, width, field.type.identifier) * factor_of(field.units)
        _put(found, target, rows.at, numbers, size=size)


def _put(found: dict[str, FloatArray], name: str, at: IntArray, numbers: FloatArray, *, size: int) -> None:
    column = found.setdefault(name, np.full(size, np.nan))
    column[at] = np.where(np.abs(numbers) < LARGEST, numbers, np.nan)


def _read_compressed(
    rows: _Rows, starts: IntArray, stamps: dict[int, float], found: dict[str, FloatArray], *, size: int
) -> None:
    """Give the rows with a compressed header their timestamp."""
    is_compressed = (rows.content[:, 0] & COMPRESSED_HEADER) != 0
    if not is_compressed.any():
        return
    if TIMESTAMP in found and np.isfinite(found[TIMESTAMP][rows.at[is_compressed]]).any():
        raise UnusualLayoutError
    _put(found, TIMESTAMP, rows.at[is_compressed], np.array([stamps[i] for i in starts[is_compressed]]), size=size)


def _compressed_stamps(body: bytes, scanned: Scan) -> dict[int, float]:
    """Return the timestamp of each message with a compressed header, by its place.

    Such a header holds the low five bits; they count on from the last full timestamp of any message.
    """
    content = np.frombuffer(body, dtype=np.uint8)
    places: list[NDArray[np.int64]] = []
    values: list[NDArray[np.int64]] = []
    for definition in scanned.definitions:
        starts = np.array(definition.places, dtype=np.int64)
        if not starts.size:
            continue
        headers = content[starts]
        compressed = (headers & COMPRESSED_HEADER) != 0
        places.append(starts[compressed])
        values.append((headers[compressed] & OFFSET_MASK).astype(np.int64) - OFFSET_RANGE)
        for layout in definition.layout():
            if layout.number == TIMESTAMP_NUMBER:
                full, known = _full_stamps(content, definition, layout, starts[~compressed])
                places.append(starts[~compressed][known])
                values.append(full[known])
                if compressed.any():
                    raise UnusualLayoutError
    if not places:
        return {}
    place, value = np.concatenate(places), np.concatenate(values)
    order = np.argsort(place)
    place, value = place[order], value[order]
    is_full = value >= 0
    low = np.where(is_full, value, value + OFFSET_RANGE) & OFFSET_MASK
    steps = np.where(is_full, 0, np.diff(low, prepend=0) % OFFSET_RANGE)
    since = np.cumsum(steps)
    anchor = np.maximum.accumulate(np.where(is_full, np.arange(place.size), -1))
    base = np.where(anchor >= 0, value[anchor], 0)
    stamp = base + since - np.where(anchor >= 0, since[anchor], 0)
    return dict(zip(place[~is_full].tolist(), stamp[~is_full].tolist(), strict=True))


def _full_stamps(
    content: NDArray[np.uint8], definition: Definition, layout: FieldLayout, starts: IntArray
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    if (layout.base_type, layout.size) != (UINT32, TIMESTAMP_BYTES):
        raise UnusualLayoutError
    order = ">" if definition.is_big_endian else "<"
    table = content[starts[:, None] + layout.at + np.arange(TIMESTAMP_BYTES)]
    raw = np.ascontiguousarray(table).view(f"{order}u4")[:, 0].astype(np.int64)
    return raw, raw != _INVALID[UINT32]


def read_beat_intervals(body: bytes, scanned: Scan, *, hrv: int, offset_bytes: int) -> BeatIntervals:
    """Return the intervals of the ``hrv`` messages in order.

    Raises
    ------
    UnusualLayoutError
        If they are not stored as 16-bit milliseconds.
    """
    content = np.frombuffer(body, dtype=np.uint8)
    places: list[NDArray[np.int64]] = []
    intervals: list[FloatArray] = []
    for definition in scanned.definitions:
        if definition.message != hrv or not definition.places:
            continue
        layouts = list(definition.layout())
        if [layout.number for layout in layouts] != [0] or layouts[0].base_type != UINT16 or layouts[0].size % 2:
            raise UnusualLayoutError
        starts = np.array(definition.places, dtype=np.int64)
        table = np.ascontiguousarray(content[starts[:, None] + 1 + np.arange(layouts[0].size)])
        raw = table.view(">u2" if definition.is_big_endian else "<u2")
        valid = raw != _INVALID[UINT16]
        places.append(np.repeat(starts, raw.shape[1])[valid.ravel()])
        intervals.append(raw[valid] / HRV_TICKS_PER_S)
    if not places:
        return BeatIntervals.none()
    place, interval_s = np.concatenate(places), np.concatenate(intervals)
    order = np.argsort(place, kind="stable")
    return BeatIntervals(place[order] + offset_bytes, interval_s[order])
