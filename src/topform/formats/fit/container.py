"""The container of FIT: finds the chained parts and checks their sums; what precedes damage is kept."""

from __future__ import annotations

import struct

from topform.core.errors import DamagedFileError
from topform.formats.findings import Findings, counted
from topform.formats.fit.body import CRC_BYTES, FIT_MAGIC, SHORT_HEADER_BYTES, FitPart, decode_body
from topform.formats.fit.checksum import crc16

FULL_HEADER_BYTES = 14


def looks_like_fit(content: bytes) -> bool:
    """Say whether the content starts with a FIT header."""
    return len(content) >= SHORT_HEADER_BYTES and content[8:12] == FIT_MAGIC


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
        if parts and not part.all("file_id"):
            parts[-1].append(part)
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
    part = decode_body(content[body_start:body_end], body_start, findings, was_cut=not is_complete)
    return part, body_end + CRC_BYTES


def _check_header(content: bytes, start: int, header_bytes: int, findings: Findings) -> None:
    if header_bytes >= FULL_HEADER_BYTES and len(content) >= start + FULL_HEADER_BYTES:
        (declared,) = struct.unpack_from("<H", content, start + SHORT_HEADER_BYTES)
        if declared not in (0, crc16(memoryview(content)[start : start + SHORT_HEADER_BYTES])):
            findings.add("header_checksum_wrong", "the header's own checksum is wrong", offset_bytes=start)
