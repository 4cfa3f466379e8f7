"""The messages of one FIT body: samples as columns, everything else as messages.

Samples are read a definition at a time, which is some twenty times faster than message by message. The rest, a few
dozen messages, goes through fitdecode, which knows the whole profile; so does a body whose samples are laid out in an
unusual way. A test holds the two ways together.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import fitdecode
from fitdecode import profile

from topform.formats.findings import Findings
from topform.formats.fit.fields import Columns, columns_of_messages
from topform.formats.fit.heart_beats import BeatIntervals, intervals_of_messages
from topform.formats.fit.messages import DeveloperValue, FitMessage
from topform.formats.fit.scan import COMPRESSED_HEADER, Definition, Scan, scan
from topform.formats.fit.tables import UnusualLayoutError, read_beat_intervals, read_records

FIT_MAGIC = b".FIT"
SHORT_HEADER_BYTES = 12
CRC_BYTES = 2

RECORD, HRV = "record", "hrv"
READ_MESSAGES = frozenset(
    {"file_id", "activity", "session", "lap", "event", "length", "set", "hr", "device_info"}
    | {"sport", "exercise_title", "workout"}
)  # fmt: skip
_NUMBER_BY_NAME = {kind.name: number for number, kind in profile.MESSAGE_TYPES.items()}
_READ_NUMBERS = {_NUMBER_BY_NAME[name] for name in READ_MESSAGES}
_DEVELOPER_NUMBERS = {_NUMBER_BY_NAME[name] for name in ("developer_data_id", "field_description")}
_RECORD_NUMBER, _HRV_NUMBER = _NUMBER_BY_NAME[RECORD], _NUMBER_BY_NAME[HRV]

_DECODER_FAILURES = (
    fitdecode.FitError,
    AssertionError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
)
"""What fitdecode raises on damaged bytes; it checks its own state by assertions."""


@dataclass(slots=True)
class FitPart:
    """What one FIT file within the content holds."""

    messages: list[FitMessage] = field(default_factory=list)
    columns: Columns = field(default_factory=Columns.none)
    beat_intervals: BeatIntervals = field(default_factory=BeatIntervals.none)

    def all(self, name: str) -> list[FitMessage]:
        """Return the messages of one kind, in file order."""
        return [message for message in self.messages if message.name == name]

    @property
    def file_type(self) -> str | None:
        """What the file says it is, None when it does not say."""
        for message in self.all("file_id"):
            value = message.values.get("type")
            return None if value is None else str(value)
        return None

    def append(self, other: FitPart) -> None:
        """Take in the content of a part that continues this one."""
        self.messages.extend(other.messages)
        self.columns = self.columns.followed_by(other.columns)
        self.beat_intervals = self.beat_intervals.followed_by(other.beat_intervals)


def decode_body(body: bytes, body_start: int, findings: Findings, *, was_cut: bool) -> FitPart:
    """Decode messages until the end or the first damage."""
    try:
        part, scanned = by_definition(body, body_start)
    except UnusualLayoutError:
        return by_message(body, body_start, findings, was_cut=was_cut)
    is_the_known_cut = was_cut and (scanned.ran_out or scanned.stop >= len(body) - CRC_BYTES)
    if scanned.stop < len(body) and not is_the_known_cut:
        _note_stop(findings, scanned.stop, body, body_start)
    return part


def _note_stop(findings: Findings, place: int, body: bytes, body_start: int) -> None:
    findings.add_damage(
        "part_damaged",
        f"decoding stopped {place} bytes into {len(body)} bytes of messages; everything before it was kept",
        offset_bytes=body_start + place,
    )


def by_definition(body: bytes, body_start: int) -> tuple[FitPart, Scan]:
    """Decode samples a definition at a time; return also what the walk over the body found.

    Raises
    ------
    UnusualLayoutError
        If the body needs the decoder that goes message by message.
    """
    scanned = scan(body)
    if any(definition.has_empty_field for definition in scanned.definitions if definition.places):
        raise UnusualLayoutError
    messages, resolved = _rare_messages(_without_samples(body, scanned))
    columns = read_records(body, scanned, resolved, record=_RECORD_NUMBER, offset_bytes=body_start)
    beats = read_beat_intervals(body, scanned, hrv=_HRV_NUMBER, offset_bytes=body_start)
    return FitPart(messages, columns, beats), scanned


def _without_samples(body: bytes, scanned: Scan) -> bytes:
    """Return the body with the messages that are read one by one, and the definitions they rest on."""
    one_by_one = _READ_NUMBERS | _DEVELOPER_NUMBERS
    pieces: list[tuple[int, int]] = []
    for definition in scanned.definitions:
        if definition.message not in one_by_one and definition.message != _RECORD_NUMBER:
            continue
        pieces.append((definition.start, definition.end))
        if definition.message in one_by_one:
            pieces += [(place, place + definition.size) for place in definition.places]
            _require_full_headers(body, definition)
    return b"".join(body[begin:end] for begin, end in sorted(pieces))


def _require_full_headers(body: bytes, definition: Definition) -> None:
    """Refuse messages whose time counts on from samples that are read elsewhere."""
    if any(body[place] & COMPRESSED_HEADER for place in definition.places):
        raise UnusualLayoutError


def _rare_messages(body: bytes) -> tuple[list[FitMessage], list[Any]]:
    """Decode a body without samples; return its messages and its definitions of records."""
    messages: list[FitMessage] = []
    resolved: list[Any] = []
    try:
        for frame in _frames(body, was_cut=False)[1]:
            if isinstance(frame, fitdecode.FitDefinitionMessage):
                if frame.global_mesg_num == _RECORD_NUMBER:
                    resolved.append(frame)
            elif isinstance(frame, fitdecode.FitDataMessage) and frame.name in READ_MESSAGES:
                messages.append(_message(frame))
    except _DECODER_FAILURES as failure:
        raise UnusualLayoutError from failure
    return messages, resolved


def by_message(body: bytes, body_start: int, findings: Findings, *, was_cut: bool) -> FitPart:
    """Decode message by message until the end or the first damage."""
    messages: list[FitMessage] = []
    records: list[FitMessage] = []
    intervals: list[FitMessage] = []
    record_places: list[int] = []
    interval_places: list[int] = []
    stream, frames = _frames(body, was_cut=was_cut)
    read_to = SHORT_HEADER_BYTES
    try:
        for frame in frames:
            began, read_to = read_to, stream.tell()
            if isinstance(frame, fitdecode.FitCRC):
                break
            if not isinstance(frame, fitdecode.FitDataMessage):
                continue
            place = body_start + began - SHORT_HEADER_BYTES
            if frame.name == RECORD:
                records.append(_message(frame))
                record_places.append(place)
            elif frame.name == HRV:
                intervals.append(_message(frame))
                interval_places.append(place)
            elif frame.name in READ_MESSAGES:
                messages.append(_message(frame))
    except _DECODER_FAILURES as failure:
        place = read_to - SHORT_HEADER_BYTES
        is_the_known_cut = was_cut and (isinstance(failure, fitdecode.FitEOFError) or place >= len(body) - CRC_BYTES)
        if not is_the_known_cut:
            _note_stop(findings, place, body, body_start)
    return FitPart(
        messages,
        columns_of_messages(records, record_places) if records else Columns.none(),
        intervals_of_messages(intervals, interval_places),
    )


def _frames(body: bytes, *, was_cut: bool) -> tuple[io.BytesIO, Iterator[Any]]:
    """Return fitdecode's frames of a body, and the stream they are read from."""
    header = struct.pack("<2BHI4s", SHORT_HEADER_BYTES, 0x20, 2132, len(body), FIT_MAGIC)
    stream = io.BytesIO(header + body + (b"" if was_cut else bytes(CRC_BYTES)))
    reader = fitdecode.FitReader(
        stream,
        processor=None,
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    return stream, _closing(reader)


def _closing(reader: Any) -> Iterator[Any]:
    with reader:
        yield from reader


def _message(frame: Any) -> FitMessage:
    """Keep observed values; a field in the message beats one unfolded from a packed field."""
    values: dict[str, Any] = {}
    raw: dict[str, Any] = {}
    developer: list[DeveloperValue] = []
    unfolded: dict[str, Any] = {}
    for item in frame.fields:
        value = item.value
        if value is None or item.field is None:
            continue
        definition = item.field_def
        if definition is None:
            unfolded.setdefault(item.field.name, value)
        elif definition.is_dev:
            native = item.field.native_field_num
            developer.append(DeveloperValue(str(item.field.name), value, item.field.units, native))
        else:
            values.setdefault(item.field.name, value)
            raw.setdefault(item.field.name, item.raw_value)
            if item.parent_field is not None:
                values.setdefault(item.parent_field.name, value)
    for name, value in unfolded.items():
        values.setdefault(name, value)
    return FitMessage(frame.name, values, raw, tuple(developer))
