"""One-hour activities as FIT files, made by code: as many as a benchmark wants, none like the other.

A second of each holds what a bike computer with a power meter writes: position, altitude, heart rate, cadence,
distance, power, speed and temperature, with the noise of real sensors. Laps, timer events and the session's totals
are there too.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from topform.formats.fit.checksum import crc16

FIT_START_S = 1_000_000_000
HOUR_S = 3600
SECONDS_BETWEEN = 86_400
SEMICIRCLES = 2**31 / 180
LAP_S = 600
M_PER_DEGREE = 111_195.0

RECORD = np.dtype(
    [
        ("header", "u1"), ("timestamp", "<u4"), ("position_lat", "<i4"), ("position_long", "<i4"), ("altitude", "<u2"),
        ("heart_rate", "u1"), ("cadence", "u1"), ("distance", "<u4"), ("power", "<u2"), ("temperature", "i1"),
        ("enhanced_speed", "<u4"),
    ]
)  # fmt: skip
UINT8, SINT8, ENUM, UINT16, SINT32, UINT32 = 0x02, 0x01, 0x00, 0x84, 0x85, 0x86
RECORD_FIELDS = [
    (253, 4, UINT32), (0, 4, SINT32), (1, 4, SINT32), (2, 2, UINT16), (3, 1, UINT8), (4, 1, UINT8), (5, 4, UINT32),
    (7, 2, UINT16), (13, 1, SINT8), (73, 4, UINT32),
]  # fmt: skip
FILE_ID, SESSION, LAP, RECORD_NUMBER, EVENT, ACTIVITY = 0, 18, 19, 20, 21, 34


def ride(number: int, *, seconds: int = HOUR_S) -> bytes:
    """Return the number-th ride; a day after the one before."""
    rng = np.random.default_rng(number)
    start = FIT_START_S + number * SECONDS_BETWEEN
    t_s = np.arange(seconds)
    speed = np.clip(8.5 + _wander(rng, seconds, 0.03, 1.5), 3.0, 16.0)
    distance = np.cumsum(speed)
    heading = np.cumsum(rng.normal(0, 0.02, seconds))
    altitude = 400 + _wander(rng, seconds, 0.5, 60.0) + rng.normal(0, 0.2, seconds)
    power = np.clip(180 + _wander(rng, seconds, 6.0, 120.0) + rng.normal(0, 25, seconds), 0, 900)
    pulse = np.clip(140 + _wander(rng, seconds, 0.4, 30.0), 80, 190)
    rows = np.zeros(seconds, RECORD)
    rows["timestamp"] = start + t_s
    rows["position_lat"] = (47 + np.cumsum(speed * np.cos(heading)) / M_PER_DEGREE) * SEMICIRCLES
    east = np.cumsum(speed * np.sin(heading)) / M_PER_DEGREE / np.cos(np.radians(47))
    rows["position_long"] = (8 + east) * SEMICIRCLES
    rows["altitude"] = np.round((altitude + 500) * 5)
    rows["heart_rate"] = np.round(pulse)
    rows["cadence"] = np.clip(np.round(rng.normal(88, 4, seconds)), 0, 130)
    rows["distance"] = np.round(distance * 100)
    rows["power"] = np.round(power)
    rows["temperature"] = 18
    rows["enhanced_speed"] = np.round(speed * 1000)
    for name, (_, size, kind) in zip((RECORD.names or ())[1:], RECORD_FIELDS, strict=True):
        assert (RECORD[name].itemsize, kind) == (size, kind)
    totals = (start + seconds, start, (seconds - 1) * 1000, (seconds - 1) * 1000, int(rows["distance"][-1]))
    body = _message(FILE_ID, [(0, 1, ENUM), (1, 2, UINT16), (2, 2, UINT16), (4, 4, UINT32)], "<BHHI", 4, 1, 2713, start)
    body += _message(EVENT, [(253, 4, UINT32), (0, 1, ENUM), (1, 1, ENUM)], "<IBB", start, 0, 0)
    body += _definition(RECORD_NUMBER, RECORD_FIELDS) + rows.tobytes()
    body += _message(EVENT, [(253, 4, UINT32), (0, 1, ENUM), (1, 1, ENUM)], "<IBB", start + seconds, 0, 4)
    summary = [(253, 4, UINT32), (2, 4, UINT32), (7, 4, UINT32), (8, 4, UINT32), (9, 4, UINT32)]
    for lap in range(0, seconds, LAP_S):
        lasted = min(LAP_S, seconds - lap) * 1000
        body += _message(LAP, summary, "<5I", start + lap + LAP_S, start + lap, lasted, lasted, 500_000)
    body += _message(SESSION, [*summary, (5, 1, ENUM), (6, 1, ENUM)], "<5I2B", *totals, 2, 0)
    body += _message(
        ACTIVITY, [(253, 4, UINT32), (0, 4, UINT32), (1, 2, UINT16)], "<IIH", start + seconds, totals[3], 1
    )
    header = struct.pack("<2BHI4s", 14, 0x20, 2132, len(body), b".FIT")
    framed = header + struct.pack("<H", crc16(header)) + body
    return framed + struct.pack("<H", crc16(framed))


def _wander(rng: np.random.Generator, size: int, step: float, limit: float) -> Any:
    """Return a bounded random walk."""
    return limit * np.sin(np.cumsum(rng.normal(0, step, size)) / limit + rng.uniform(0, 6))


def _definition(number: int, fields: list[tuple[int, int, int]]) -> bytes:
    return bytes([0x40, 0, 0]) + struct.pack("<HB", number, len(fields)) + b"".join(bytes(item) for item in fields)


def _message(number: int, fields: list[tuple[int, int, int]], layout: str, *values: int) -> bytes:
    return _definition(number, fields) + b"\0" + struct.pack(layout, *values)


def write_folder(folder: Path, count: int, *, first: int = 0) -> int:
    """Write rides into a folder and return their bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for number in range(first, first + count):
        content = ride(number)
        (folder / f"ride-{number:05d}.fit").write_bytes(content)
        total += len(content)
    return total


def write_zip(path: Path, *, at_least_bytes: int) -> int:
    """Write rides into an uncompressed archive until it is that large; return how many."""
    count = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in _members():
            archive.writestr(name, content)
            count += 1
            if path.stat().st_size >= at_least_bytes:
                break
    return count


def _members() -> Iterator[tuple[str, bytes]]:
    number = 0
    while True:
        yield f"export/ride-{number:05d}.fit", ride(number)
        number += 1
