"""FIT workout files (file type 5): a workout message and its steps, repeats included."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from topform.coaching.language import sentence
from topform.formats.workouts.steps import Step, UnsupportedSessionError

FIT_EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)
_PROTOCOL, _PROFILE = 0x20, 21158
_DEVELOPMENT_MANUFACTURER = 255
_NAME_BYTES, _NOTE_BYTES = 32, 64
_WORKOUT_FILE = 5

_SPORTS: Final = {"running": (1, 0), "cycling": (2, 0), "swimming": (5, 17), "strength": (10, 20)}
_TIME, _REPEAT_STEPS = 0, 6
_TARGETS: Final = {"speed_m_s": 0, "hr_bpm": 1, "power_w": 4}
_OPEN_TARGET = 2
_HR_OFFSET, _POWER_OFFSET = 100, 1000
_ACTIVE, _REST, _WARM_UP, _COOL_DOWN = 0, 1, 2, 3
_NONE_32 = 0xFFFFFFFF
_EASY_PCT = 80.0

_CRC_TABLE: Final = (
    0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
    0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
)  # fmt: skip

# Base types of the format: (code, struct letter or None for text).
_ENUM, _UINT16, _UINT32, _UINT32Z, _STRING = 0x00, 0x84, 0x86, 0x8C, 0x07
_LETTERS: Final = {_ENUM: "B", _UINT16: "H", _UINT32: "I", _UINT32Z: "I"}

Field = tuple[int, int, int]
"""Number, size in bytes, base type."""

_FILE_ID: Final[tuple[Field, ...]] = (
    (0, 1, _ENUM),
    (1, 2, _UINT16),
    (2, 2, _UINT16),
    (3, 4, _UINT32Z),
    (4, 4, _UINT32),
)
_WORKOUT: Final[tuple[Field, ...]] = (
    (4, 1, _ENUM),
    (11, 1, _ENUM),
    (5, 4, _UINT32Z),
    (6, 2, _UINT16),
    (8, _NAME_BYTES, _STRING),
)
_STEP: Final[tuple[Field, ...]] = (
    (254, 2, _UINT16),
    (1, 1, _ENUM),
    (2, 4, _UINT32),
    (3, 1, _ENUM),
    (4, 4, _UINT32),
    (5, 4, _UINT32),
    (6, 4, _UINT32),
    (7, 1, _ENUM),
    (8, _NOTE_BYTES, _STRING),
)


@dataclass(frozen=True, slots=True)
class _FitStep:
    duration_type: int
    duration_value: int
    target_type: int
    target_value: int
    low: int
    high: int
    intensity: int
    note: str


def fit_workout(session: Mapping[str, Any], *, created_at: datetime, language: str = "en") -> bytes:
    """Return a planned session as a FIT workout file.

    Targets are power, speed or heart rate in the athlete's own numbers; a step known only by effort is open, with
    the effort in its note.

    Raises
    ------
    UnsupportedSessionError
        For a race of several sports.
    """
    if session["sport"] not in _SPORTS:
        raise UnsupportedSessionError(
            f"{session['title']} holds several sports", remedy="A FIT workout holds one sport; use the calendar."
        )
    steps: list[_FitStep] = []
    _collect(session["steps"], steps, language)
    sport, sub_sport = _SPORTS[session["sport"]]
    created_s = int((created_at - FIT_EPOCH).total_seconds())
    body = b"".join(
        [
            _definition(0, 0, _FILE_ID),
            _message(0, _FILE_ID, [_WORKOUT_FILE, _DEVELOPMENT_MANUFACTURER, 0, _serial(session), created_s]),
            _definition(1, 26, _WORKOUT),
            _message(1, _WORKOUT, [sport, sub_sport, 32, len(steps), str(session["title"])]),
            _definition(2, 27, _STEP),
            *(_message(2, _STEP, _values(index, step)) for index, step in enumerate(steps)),
        ]
    )
    header = struct.pack("<BBHI4s", 14, _PROTOCOL, _PROFILE, len(body), b".FIT")
    header += struct.pack("<H", crc16(header))
    return header + body + struct.pack("<H", crc16(header + body))


def _values(index: int, step: _FitStep) -> list[int | str]:
    return [
        index,
        step.duration_type,
        step.duration_value,
        step.target_type,
        step.target_value,
        step.low,
        step.high,
        step.intensity,
        step.note,
    ]


def _serial(session: Mapping[str, Any]) -> int:
    return crc16(str(session["id"]).encode()) + 1


def _collect(steps: Iterable[Step], into: list[_FitStep], language: str, *, is_inside_repeat: bool = False) -> None:
    items = list(steps)
    for position, step in enumerate(items):
        if step["kind"] == "repeat":
            first = len(into)
            _collect(step["steps"], into, language, is_inside_repeat=True)
            into.append(
                _FitStep(_REPEAT_STEPS, first, _OPEN_TARGET, int(step["count"]), _NONE_32, _NONE_32, _ACTIVE, "")
            )
        else:
            is_last = position == len(items) - 1 and not is_inside_repeat
            into.append(_step(step, language, is_first=not into, is_last=is_last))


def _step(step: Step, language: str, *, is_first: bool, is_last: bool) -> _FitStep:
    target = step.get("target")
    low = high = _NONE_32
    target_type = _TARGETS.get(str(target), _OPEN_TARGET)
    if target_type != _OPEN_TARGET:
        # A ramp runs from its first to its second value; the target range needs the smaller one first.
        low, high = sorted((_encoded(target, step["low"]), _encoded(target, step["high"])))
    return _FitStep(
        duration_type=_TIME,
        duration_value=int(step["duration_s"]) * 1000,
        target_type=target_type,
        target_value=0 if target_type != _OPEN_TARGET else _NONE_32,
        low=low,
        high=high,
        intensity=_intensity(step, is_first=is_first, is_last=is_last),
        note=_note(step, language),
    )


def _encoded(target: object, value: float) -> int:
    match target:
        case "power_w":
            return round(value) + _POWER_OFFSET
        case "hr_bpm":
            return round(value) + _HR_OFFSET
        case _:
            return round(value * 1000)


def _intensity(step: Step, *, is_first: bool, is_last: bool) -> int:
    span = step.get("intensity_pct")
    if span is None:
        return _ACTIVE if step.get("reps") else _REST
    if is_first and step["kind"] == "ramp":
        return _WARM_UP
    return _COOL_DOWN if is_last and not is_first and max(span) < _EASY_PCT else _ACTIVE


def _note(step: Step, language: str) -> str:
    text = str(step["text"])
    if step.get("target") == "rpe":
        return sentence("export.short_effort", step, language)
    return text


def _definition(local: int, message: int, fields: tuple[Field, ...]) -> bytes:
    head = struct.pack("<BBBHB", 0x40 | local, 0, 0, message, len(fields))
    return head + b"".join(struct.pack("<BBB", *field) for field in fields)


def _message(local: int, fields: tuple[Field, ...], values: list[int | str]) -> bytes:
    parts = [struct.pack("<B", local)]
    for (_, size, base_type), value in zip(fields, values, strict=True):
        if isinstance(value, str):
            parts.append(_text(value, size))
        else:
            parts.append(struct.pack("<" + _LETTERS[base_type], value))
    return b"".join(parts)


def _text(value: str, size: int) -> bytes:
    """Return UTF-8 cut at a character, closed and filled with zeros."""
    return value.encode()[: size - 1].decode(errors="ignore").encode().ljust(size, b"\0")


def crc16(content: bytes) -> int:
    """Return the checksum that the FIT format uses."""
    crc = 0
    for byte in content:
        for nibble in (byte & 0xF, byte >> 4):
            crc = (crc >> 4) ^ _CRC_TABLE[crc & 0xF] ^ _CRC_TABLE[nibble]
    return crc
