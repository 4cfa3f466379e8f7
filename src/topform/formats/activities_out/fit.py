"""FIT activity files: every channel of the profile, laps, pool lengths, strength sets, pauses and beat intervals.

Times are whole seconds in this format, places 2^-31 of half a turn, other quantities as the profile scales them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from fitdecode.profile import FIELD_TYPES

from topform.core.activity import Channel, Lap, Leg, PoolLength, Recording, Sport, StrengthSet
from topform.core.arrays import FloatArray
from topform.formats.activities_out.words import cadence_of
from topform.formats.fit.checksum import crc16

EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)
PROTOCOL, PROFILE = 0x20, 21158
ENUM, SINT8, UINT8, STRING, UINT16, SINT32, UINT32, UINT32Z = 0x00, 0x01, 0x02, 0x07, 0x84, 0x85, 0x86, 0x8C
LETTERS: Final = {ENUM: "B", SINT8: "b", UINT8: "B", UINT16: "H", SINT32: "i", UINT32: "I", UINT32Z: "I"}
INVALID: Final = {
    ENUM: 0xFF, SINT8: 0x7F, UINT8: 0xFF, UINT16: 0xFFFF, SINT32: 0x7FFFFFFF, UINT32: 0xFFFFFFFF, UINT32Z: 0,
}  # fmt: skip
LOWEST: Final = {SINT8: -0x80, SINT32: -0x80000000}
TEXT_BYTES: Final = 48
ACTIVITY_FILE, DEVELOPMENT = 4, 255
TIMER, START, STOP_ALL = 0, 0, 4
UNKNOWN_EXERCISE: Final = 65_534
BEATS_A_MESSAGE: Final = 5

Field = tuple[int, int, float, float]
"""Number, base type, scale, offset: written is (value + offset) times scale."""

LATITUDE: Final = 2**31 / 180
RECORD: Final[dict[Channel, tuple[Field, float]]] = {
    Channel.LATITUDE_DEG: ((0, SINT32, LATITUDE, 0), 1.0),
    Channel.LONGITUDE_DEG: ((1, SINT32, LATITUDE, 0), 1.0),
    Channel.ALTITUDE_M: ((78, UINT32, 5, 500), 1.0),
    Channel.HR_BPM: ((3, UINT8, 1, 0), 1.0),
    Channel.DISTANCE_M: ((5, UINT32, 100, 0), 1.0),
    Channel.SPEED_M_S: ((73, UINT32, 1000, 0), 1.0),
    Channel.POWER_W: ((7, UINT16, 1, 0), 1.0),
    Channel.TEMPERATURE_C: ((13, SINT8, 1, 0), 1.0),
    Channel.VERTICAL_OSCILLATION_M: ((39, UINT16, 10, 0), 1000.0),
    Channel.GROUND_CONTACT_MS: ((41, UINT16, 10, 0), 1.0),
    Channel.STEP_LENGTH_M: ((85, UINT16, 10, 0), 1000.0),
    Channel.RESPIRATION_RPM: ((108, UINT16, 100, 0), 1.0),
    Channel.CORE_TEMPERATURE_C: ((139, UINT16, 100, 0), 1.0),
}
"""The field of each channel, and the factor to the profile's unit."""

CADENCE: Final[Field] = (4, UINT8, 1, 0)
CADENCE_FRACTION: Final[Field] = (53, UINT8, 128, 0)
BALANCE: Final[Field] = (30, UINT8, 1, 0)
RIGHT_FLAG: Final = 0x80
TIMESTAMP: Final[Field] = (253, UINT32, 1, 0)
SET_TIMESTAMP: Final[Field] = (254, UINT32, 1, 0)
START_TIME: Final[Field] = (2, UINT32, 1, 0)
SPORT_WORDS: Final = {
    Sport.OTHER: "generic", Sport.SKIING: "cross_country_skiing", Sport.STRENGTH: "training",
}  # fmt: skip
STRENGTH_SUB_SPORT: Final = "strength_training"
ALPINE: Final = ("alpine", "downhill", "resort")


@dataclass(slots=True)
class _Writer:
    """Collects messages; a message of a new shape is defined before it is written."""

    body: bytearray
    shapes: dict[int, tuple[int, tuple[tuple[int, int, int], ...]]]

    def add(self, local: int, number: int, values: Sequence[tuple[Field, float | int | str | None]]) -> None:
        """Append a message; None and what the type cannot hold are written as not observed."""
        packed = [_packed(field, value) for field, value in values]
        shape = tuple((field[0], len(content), field[1]) for (field, _), content in zip(values, packed, strict=True))
        if self.shapes.get(local) != (number, shape):
            self.shapes[local] = (number, shape)
            self.body += struct.pack("<BBBHB", 0x40 | local, 0, 0, number, len(shape))
            for field in shape:
                self.body += struct.pack("<BBB", *field)
        self.body.append(local)
        self.body += b"".join(packed)

    def finish(self) -> bytes:
        """Return the file with its header and checksums."""
        header = struct.pack("<BBHI4s", 14, PROTOCOL, PROFILE, len(self.body), b".FIT")
        header += struct.pack("<H", crc16(header))
        content = header + bytes(self.body)
        return content + struct.pack("<H", crc16(content))


def _packed(field: Field, value: float | int | str | None) -> bytes:
    _, base, scale, offset = field
    if base == STRING:
        text = str(value or "").encode()[: TEXT_BYTES - 1].decode(errors="ignore")
        return text.encode().ljust(TEXT_BYTES, b"\0")
    letter, invalid = "<" + LETTERS[base], INVALID[base]
    if value is None or isinstance(value, str) or not np.isfinite(value):
        return struct.pack(letter, invalid)
    written = round((value + offset) * scale)
    is_held = LOWEST.get(base, 0) <= written < (invalid or 2**32)
    return struct.pack(letter, written if is_held else invalid)


def write_fit(recording: Recording) -> bytes:
    """Return a FIT activity file: one session a leg."""
    writer = _Writer(bytearray(), {})
    began = _second(recording.legs[0], 0.0)
    name = _device(recording)
    writer.add(
        0,
        0,
        [
            ((0, ENUM, 1, 0), ACTIVITY_FILE),
            ((1, UINT16, 1, 0), DEVELOPMENT),
            ((2, UINT16, 1, 0), 0),
            ((3, UINT32Z, 1, 0), began % 2**31 or 1),
            ((4, UINT32, 1, 0), began),
            *([((8, STRING, 1, 0), name)] if name else []),
        ],
    )
    titles = _exercise_titles(recording.legs)
    for number, title in titles.items():
        values: list[tuple[Field, Any]] = [
            ((0, UINT16, 1, 0), UNKNOWN_EXERCISE), ((1, UINT16, 1, 0), _subtype(titles, title)),
            ((2, STRING, 1, 0), title),
        ]  # fmt: skip
        writer.add(10, 264, [((254, UINT16, 1, 0), number), *values])
    for leg in recording.legs:
        _add_leg(writer, leg, titles)
    _add_activity(writer, recording)
    return writer.finish()


def _device(recording: Recording) -> str:
    parts = (recording.device.get("manufacturer"), recording.device.get("product"))
    return " ".join(str(part) for part in parts if part)


def _second(leg: Leg, t_s: float) -> int:
    return round((leg.started_at - EPOCH).total_seconds() + t_s)


def _add_leg(writer: _Writer, leg: Leg, titles: dict[int, str]) -> None:
    _add_timer(writer, leg, 0.0, START)
    beats = _beats(leg)
    pauses = iter(sorted(leg.pauses, key=lambda pause: pause.start_s))
    pause = next(pauses, None)
    for second, values in _records(leg):
        while pause is not None and second > _second(leg, pause.start_s):
            _add_timer(writer, leg, pause.start_s, STOP_ALL)
            _add_timer(writer, leg, pause.end_s, START)
            pause = next(pauses, None)
        writer.add(2, 20, values)
        _add_beats(writer, beats, until=second + 1)
    _add_beats(writer, beats, until=None)
    while pause is not None:
        _add_timer(writer, leg, pause.start_s, STOP_ALL)
        if pause.end_s < leg.elapsed_s:
            _add_timer(writer, leg, pause.end_s, START)
        pause = next(pauses, None)
    for length in leg.lengths:
        _add_length(writer, leg, length)
    for one in leg.sets:
        _add_set(writer, leg, one, titles)
    for lap in leg.laps or (Lap(0.0, leg.elapsed_s, leg.timer_s, leg.distance_m, trigger="session_end"),):
        _add_lap(writer, leg, lap)
    _add_timer(writer, leg, leg.elapsed_s, STOP_ALL)
    _add_session(writer, leg)


def _add_timer(writer: _Writer, leg: Leg, t_s: float, kind: int) -> None:
    writer.add(1, 21, [(TIMESTAMP, _second(leg, t_s)), ((0, ENUM, 1, 0), TIMER), ((1, ENUM, 1, 0), kind)])


def _records(leg: Leg) -> Iterator[tuple[int, list[tuple[Field, float | None]]]]:
    """Yield the samples, those of one second joined: the later observed value wins."""
    streams = leg.streams
    columns: list[tuple[Field, FloatArray]] = [
        (field, streams[name] * factor) for name, (field, factor) in RECORD.items() if name in streams
    ]
    cadence, _ = cadence_of(leg)
    if cadence is not None:
        whole = np.floor(cadence + 1e-9)
        columns += [(CADENCE, whole), (CADENCE_FRACTION, cadence - whole)]
    if (left := streams.get(Channel.LEFT_BALANCE_FRAC)) is not None:
        columns.append((BALANCE, RIGHT_FLAG + np.round((1.0 - left) * 100.0)))
    seconds = np.array([_second(leg, 0.0) + t_s for t_s in np.round(streams.t_s)], dtype=np.int64)
    waiting: list[tuple[Field, float | None]] = []
    for row, second in enumerate(seconds):
        values: list[tuple[Field, float | None]] = [(TIMESTAMP, int(second))]
        values += [(field, float(column[row])) for field, column in columns]
        if waiting and waiting[0][1] == second:
            values = [
                (field, value if value is not None and np.isfinite(value) else before)
                for (field, value), (_, before) in zip(values, waiting, strict=True)
            ]
        elif waiting:
            yield int(waiting[0][1] or 0), waiting
        waiting = values
    if waiting:
        yield int(waiting[0][1] or 0), waiting


@dataclass(slots=True)
class _Beats:
    at: FloatArray
    rr_ms: FloatArray
    next: int = 0


def _beats(leg: Leg) -> _Beats | None:
    if leg.rr is None or not len(leg.rr):
        return None
    return _Beats(_second(leg, 0.0) + leg.rr.t_s, leg.rr.rr_ms)


def _add_beats(writer: _Writer, beats: _Beats | None, *, until: float | None) -> None:
    """Write the intervals that end before an instant, a few to a message."""
    if beats is None:
        return
    last = beats.at.size if until is None else int(np.searchsorted(beats.at, until))
    while beats.next < last:
        part = beats.rr_ms[beats.next : min(beats.next + BEATS_A_MESSAGE, last)]
        beats.next += part.size
        times = [round(float(rr_ms)) for rr_ms in part] + [INVALID[UINT16]] * (BEATS_A_MESSAGE - part.size)
        _add_array(writer, 8, 78, [(0, UINT16, [min(max(time, 0), INVALID[UINT16]) for time in times])])


def _add_array(writer: _Writer, local: int, number: int, fields: Sequence[tuple[int, int, list[int]]]) -> None:
    """Append a message whose fields hold several values."""
    shape = tuple((field, struct.calcsize(LETTERS[base]) * len(items), base) for field, base, items in fields)
    if writer.shapes.get(local) != (number, shape):
        writer.shapes[local] = (number, shape)
        writer.body += struct.pack("<BBBHB", 0x40 | local, 0, 0, number, len(shape))
        for one in shape:
            writer.body += struct.pack("<BBB", *one)
    writer.body.append(local)
    for _, base, items in fields:
        writer.body += struct.pack(f"<{len(items)}{LETTERS[base]}", *items)


def _add_lap(writer: _Writer, leg: Leg, lap: Lap) -> None:
    writer.add(
        3,
        19,
        [
            (TIMESTAMP, _second(leg, lap.start_s + lap.elapsed_s)),
            (START_TIME, _second(leg, lap.start_s)),
            ((7, UINT32, 1000, 0), lap.elapsed_s),
            ((8, UINT32, 1000, 0), lap.timer_s),
            ((9, UINT32, 100, 0), lap.distance_m),
            ((15, UINT8, 1, 0), lap.hr_mean_bpm),
            ((16, UINT8, 1, 0), lap.hr_max_bpm),
            ((19, UINT16, 1, 0), lap.power_mean_w),
            ((110, UINT32, 1000, 0), lap.speed_mean_m_s),
            ((24, ENUM, 1, 0), _enum("lap_trigger", lap.trigger)),
            *_sport(leg, 25, 39),
        ],
    )


def _add_session(writer: _Writer, leg: Leg) -> None:
    writer.add(
        4,
        18,
        [
            (TIMESTAMP, _second(leg, leg.elapsed_s)),
            (START_TIME, _second(leg, 0.0)),
            ((7, UINT32, 1000, 0), leg.elapsed_s),
            ((8, UINT32, 1000, 0), leg.timer_s),
            ((9, UINT32, 100, 0), leg.distance_m),
            ((22, UINT16, 1, 0), leg.ascent_m),
            ((23, UINT16, 1, 0), leg.descent_m),
            ((44, UINT16, 100, 0), leg.pool_length_m),
            ((11, UINT16, 1, 0), leg.device_summary.get("energy_kcal")),
            *_sport(leg, 5, 6),
        ],
    )


def _sport(leg: Leg, sport: int, sub_sport: int) -> list[tuple[Field, int | None]]:
    """Return the sport's two fields; a finer word that the profile lacks is left out."""
    word = SPORT_WORDS.get(leg.sport, leg.sport.value)
    fine = leg.sub_sport
    if leg.sport is Sport.SKIING and fine is not None and any(part in fine for part in ALPINE):
        word = "alpine_skiing"
    if leg.sport is Sport.STRENGTH and _enum("sub_sport", fine) is None:
        fine = STRENGTH_SUB_SPORT
    number = _enum("sport", fine) if leg.sport is Sport.OTHER else None
    coarse = number if number is not None else _enum("sport", word)
    return [((sport, ENUM, 1, 0), coarse), ((sub_sport, ENUM, 1, 0), _enum("sub_sport", fine) or 0)]


def _add_length(writer: _Writer, leg: Leg, length: PoolLength) -> None:
    writer.add(
        6,
        101,
        [
            (TIMESTAMP, _second(leg, length.start_s + length.elapsed_s)),
            (START_TIME, _second(leg, length.start_s)),
            ((3, UINT32, 1000, 0), length.elapsed_s),
            ((4, UINT32, 1000, 0), length.elapsed_s),
            ((5, UINT16, 1, 0), length.strokes),
            ((7, ENUM, 1, 0), _enum("swim_stroke", length.stroke)),
            ((12, ENUM, 1, 0), int(length.is_active)),
        ],
    )


def _add_set(writer: _Writer, leg: Leg, one: StrengthSet, titles: dict[int, str]) -> None:
    category, subtype = _exercise(one, titles)
    begins = None if one.start_s is None else _second(leg, one.start_s)
    ends = None if one.start_s is None else _second(leg, one.start_s + (one.elapsed_s or 0.0))
    writer.add(
        7,
        225,
        [
            (SET_TIMESTAMP, ends if ends is not None else _second(leg, leg.elapsed_s)),
            ((0, UINT32, 1000, 0), one.elapsed_s),
            ((3, UINT16, 1, 0), one.reps),
            ((4, UINT16, 16, 0), one.mass_kg),
            ((5, UINT8, 1, 0), int(one.is_active)),
            ((6, UINT32, 1, 0), begins),
            ((7, UINT16, 1, 0), category),
            ((8, UINT16, 1, 0), subtype),
        ],
    )


def _exercise(one: StrengthSet, titles: dict[int, str]) -> tuple[int | None, int | None]:
    if one.exercise is None:
        return None, None
    category = _enum("exercise_category", one.exercise)
    return (category, None) if category is not None else (UNKNOWN_EXERCISE, _subtype(titles, one.exercise))


def _exercise_titles(legs: Sequence[Leg]) -> dict[int, str]:
    """Return the exercises that the profile has no word for, numbered."""
    names = {one.exercise for leg in legs for one in leg.sets if one.exercise is not None}
    unknown = sorted(name for name in names if _enum("exercise_category", name) is None)
    return dict(enumerate(unknown))


def _subtype(titles: dict[int, str], title: str) -> int:
    return next(number for number, name in titles.items() if name == title)


def _add_activity(writer: _Writer, recording: Recording) -> None:
    last = recording.legs[-1]
    ended = _second(last, last.elapsed_s)
    offset_s = next((leg.utc_offset_s for leg in recording.legs if leg.utc_offset_s is not None), None)
    writer.add(
        5,
        34,
        [
            (TIMESTAMP, ended),
            ((0, UINT32, 1000, 0), sum(leg.timer_s for leg in recording.legs)),
            ((1, UINT16, 1, 0), len(recording.legs)),
            ((2, ENUM, 1, 0), 1 if len(recording.legs) > 1 else 0),
            ((3, ENUM, 1, 0), 26),
            ((4, ENUM, 1, 0), 1),
            ((5, UINT32, 1, 0), None if offset_s is None else ended + offset_s),
        ],
    )


def _enum(kind: str, word: str | None) -> int | None:
    """Return the profile's number of a word."""
    if word is None:
        return None
    words: dict[int, str] = FIELD_TYPES[kind].enum
    return next((number for number, name in words.items() if name == word), None)
