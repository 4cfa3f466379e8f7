"""The frame of a FIT body: which definition lies where, and which data messages follow it.

No value is looked at, so a whole body is walked in a few milliseconds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

COMPRESSED_HEADER = 0x80
DEFINITION_HEADER = 0x40
DEVELOPER_FLAG = 0x20
LOCAL_NUMBERS = 16
DEFINITION_BYTES = 6
FIELD_BYTES = 3


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """Where a field lies in a data message."""

    number: int
    size: int
    base_type: int
    at: int


@dataclass(slots=True)
class Definition:
    """A definition message and the places of the data messages that follow it, within the body. [bytes]"""

    start: int
    end: int
    message: int
    is_big_endian: bool
    fields: bytes
    developer_fields: bytes
    size: int
    places: list[int] = field(default_factory=list)

    @property
    def has_empty_field(self) -> bool:
        """Whether a field takes no byte."""
        return 0 in self.fields[1::FIELD_BYTES] or 0 in self.developer_fields[1::FIELD_BYTES]

    def layout(self) -> Iterator[FieldLayout]:
        """Return the profile's own fields in order."""
        at = 1
        for number, size, base_type in _triples(self.fields):
            yield FieldLayout(number, size, base_type, at)
            at += size

    def developer_places(self) -> Iterator[tuple[int, int]]:
        """Return the place and size of each developer field in order."""
        at = 1 + sum(self.fields[1::FIELD_BYTES])
        for _, size, _ in _triples(self.developer_fields):
            yield at, size
            at += size


def _triples(content: bytes) -> Iterator[tuple[int, ...]]:
    return struct.iter_unpack("3B", content)


@dataclass(frozen=True, slots=True)
class Scan:
    """The definitions in order, and where walking stopped: at the end, or at the first message that does not fit.

    It `ran_out` when the body ended within a message.
    """

    definitions: list[Definition]
    stop: int
    ran_out: bool
    has_compressed: bool


def scan(body: bytes) -> Scan:
    """Walk over the messages of a body until its end or the first damage."""
    definitions: list[Definition] = []
    current: list[Definition | None] = [None] * LOCAL_NUMBERS
    has_compressed = False
    place, end = 0, len(body)
    while place < end:
        header = body[place]
        if header & COMPRESSED_HEADER:
            has_compressed = True
            definition = current[header >> 5 & 0x3]
        elif header & DEFINITION_HEADER:
            found = _definition(body, place)
            if found is None:
                return Scan(definitions, place, True, has_compressed)
            definitions.append(found)
            current[header & 0xF] = found
            place = found.end
            continue
        else:
            definition = current[header & 0xF]
        if definition is None:
            return Scan(definitions, place, False, has_compressed)
        if place + definition.size > end:
            return Scan(definitions, place, True, has_compressed)
        definition.places.append(place)
        place += definition.size
    return Scan(definitions, place, False, has_compressed)


def _definition(body: bytes, place: int) -> Definition | None:
    """Read the definition that starts here; None when it is cut."""
    fields_at = place + DEFINITION_BYTES
    if fields_at > len(body):
        return None
    is_big_endian = body[place + 2] != 0
    message = int.from_bytes(body[place + 3 : place + 5], "big" if is_big_endian else "little")
    end = fields_at + FIELD_BYTES * body[place + 5]
    fields = body[fields_at:end]
    developer_fields = b""
    if end > len(body):
        return None
    if body[place] & DEVELOPER_FLAG:
        if end >= len(body):
            return None
        developer_at = end + 1
        end = developer_at + FIELD_BYTES * body[end]
        developer_fields = body[developer_at:end]
        if end > len(body):
            return None
    size = 1 + sum(fields[1::FIELD_BYTES]) + sum(developer_fields[1::FIELD_BYTES])
    return Definition(place, end, message, is_big_endian, fields, developer_fields, size)
