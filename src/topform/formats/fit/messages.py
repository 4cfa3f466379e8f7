"""FIT bytes to messages: finds the chained parts, checks their sums, keeps what precedes damage.

The message decoder is fitdecode; it stops at the first thing it cannot read and gives no place, so parts are cut
out and checked here and it sees one part at a time.
"""

from __future__ import annotations

import io
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import fitdecode

from topform.core.errors import DamagedFileError
from topform.formats.findings import Findings, counted

FIT_MAGIC = b".FIT"
SHORT_HEADER_BYTES = 12
FULL_HEADER_BYTES = 14
CRC_BYTES = 2

READ_MESSAGES = frozenset(
    {"file_id", "activity", "session", "lap", "record", "event", "length", "set", "hrv", "hr", "device_info"}
    | {"sport", "exercise_title", "workout"}
)  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class DeveloperValue:
    """A value of a field that an app on the device declared itself."""

    name: str
    value: Any
    units: str | None
    native_field_num: int | None


@dataclass(frozen=True, slots=True)
class FitMessage:
    """One data message: scaled values by profile name, invalid values left out."""

    name: str
    values: dict[str, Any]
    raw: dict[str, Any] = field(default_factory=dict)
    developer: tuple[DeveloperValue, ...] = ()

    def number(self, *names: str) -> float | None:
        """Return the first of the named values that is a number."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf"):
                return float(value)
        return None

    def word(self, *names: str) -> str | None:
        """Return the first of the named values that is text."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return None


@dataclass(slots=True)
class FitPart:
    """The messages of one FIT file within the content."""

    messages: list[FitMessage] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

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


def looks_like_fit(content: bytes) -> bool:
    """Say whether the content starts with a FIT header."""
    return len(content) >= SHORT_HEADER_BYTES and content[8:12] == FIT_MAGIC


def crc16(content: bytes | memoryview) -> int:
    """Return the CRC-16 that FIT uses (reflected polynomial 0x8005, start 0).

    Examples
    --------
    >>> hex(crc16(b"123456789"))
    '0xbb3d'
    """
    crc = 0
    table = _CRC_TABLE
    for byte in content:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc


def _crc_table() -> tuple[int, ...]:
    rows = []
    for start in range(256):
        value = start
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
        rows.append(value)
    return tuple(rows)


_CRC_TABLE = _crc_table()


def read_parts(content: bytes, *, file: str, findings: Findings) -> list[FitPart]:
    """Decode every chained FIT file in the content.

    A part without a file id continues the one before (watches append heart-rate files that way).

    Raises
    ------
    DamagedFileError
        If not even the first header can be read.
    """
    parts: list[FitPart] = []
    offset = 0
    while offset < len(content):
        if not looks_like_fit(content[offset : offset + SHORT_HEADER_BYTES]):
            if not parts:
                raise DamagedFileError("the FIT header is damaged", file=file, offset_bytes=offset, remedy=COPY_AGAIN)
            if content[offset:].strip(b"\x00"):
                findings.add_damage("part_damaged", "what follows is no FIT file; it was left out", offset_bytes=offset)
            break
        part, offset = _read_part(content, offset, findings)
        if parts and part.file_type is None and "file_id" not in part.counts:
            parts[-1].messages.extend(part.messages)
            parts[-1].counts.update(part.counts)
        else:
            parts.append(part)
    return parts


COPY_AGAIN = "Copy the file from the device again, or export it again from the service it came from."


def _read_part(content: bytes, start: int, findings: Findings) -> tuple[FitPart, int]:
    """Decode the part that starts here; return it and where the next one starts."""
    header_bytes = content[start]
    (body_bytes,) = struct.unpack_from("<I", content, start + 4)
    if header_bytes < SHORT_HEADER_BYTES:
        findings.add_damage("header_damaged", f"header length {header_bytes} is impossible", offset_bytes=start)
        header_bytes = FULL_HEADER_BYTES
    _check_header(content, start, header_bytes, findings)
    body_start = start + header_bytes
    body_end = body_start + body_bytes
    is_complete = False
    if body_bytes == 0 and len(content) > body_start + CRC_BYTES:
        findings.add_damage("recording_not_closed", "the device did not finish the file", offset_bytes=start + 4)
        body_end = len(content)
    elif body_end > len(content):
        missing = body_end + CRC_BYTES - len(content)
        findings.add_damage(
            "file_truncated",
            f"the file ends {counted(missing, 'byte')} before its declared end",
            offset_bytes=len(content),
        )
        body_end = len(content)
    elif body_end + CRC_BYTES > len(content):
        findings.add_damage("checksum_missing", "the file ends before its checksum", offset_bytes=len(content))
    else:
        is_complete = True
        (declared,) = struct.unpack_from("<H", content, body_end)
        computed = crc16(memoryview(content)[start:body_end])
        if declared != computed:
            findings.add_damage(
                "checksum_wrong", f"checksum is {declared:#06x}, the bytes give {computed:#06x}", offset_bytes=body_end
            )
    part = _decode_body(content[body_start:body_end], body_start, findings, was_cut=not is_complete)
    return part, body_end + CRC_BYTES


def _check_header(content: bytes, start: int, header_bytes: int, findings: Findings) -> None:
    if header_bytes >= FULL_HEADER_BYTES and len(content) >= start + FULL_HEADER_BYTES:
        (declared,) = struct.unpack_from("<H", content, start + SHORT_HEADER_BYTES)
        if declared not in (0, crc16(memoryview(content)[start : start + SHORT_HEADER_BYTES])):
            findings.add("header_checksum_wrong", "the header's own checksum is wrong", offset_bytes=start)


def _decode_body(body: bytes, body_start: int, findings: Findings, *, was_cut: bool) -> FitPart:
    """Decode messages until the end or the first damage."""
    part = FitPart()
    header = struct.pack("<2BHI4s", SHORT_HEADER_BYTES, 0x20, 2132, len(body), FIT_MAGIC)
    stream = io.BytesIO(header + body + (b"" if was_cut else bytes(CRC_BYTES)))
    read_to = SHORT_HEADER_BYTES
    reader = fitdecode.FitReader(
        stream,
        processor=None,
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    try:
        for frame in _frames(reader):
            read_to = stream.tell()
            if isinstance(frame, fitdecode.FitDataMessage):
                part.counts[frame.name] += 1
                if frame.name in READ_MESSAGES:
                    part.messages.append(_message(frame))
            elif isinstance(frame, fitdecode.FitCRC):
                break
    except _DECODER_FAILURES as failure:
        place = read_to - SHORT_HEADER_BYTES
        is_the_known_cut = was_cut and (isinstance(failure, fitdecode.FitEOFError) or place >= len(body) - CRC_BYTES)
        if not is_the_known_cut:
            findings.add_damage(
                "part_damaged",
                f"decoding stopped {place} bytes into {len(body)} bytes of messages; everything before it was kept",
                offset_bytes=body_start + place,
            )
    return part


def _frames(reader: Any) -> Iterator[Any]:
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
