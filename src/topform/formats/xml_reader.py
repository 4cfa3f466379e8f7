"""What the XML formats share: a parser without entities or network, bounded memory, salvage of cut documents."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
from lxml import etree

from topform.core.activity import Recording
from topform.core.errors import DamagedFileError, NoActivityError, UnknownFormatError
from topform.formats.errors import UnsafeFileError
from topform.formats.findings import Findings

FEED_BYTES = 64 * 1024
UTF_16_STARTS = (b"<\x00", b"\x00<")
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
RECORDING_ROOTS = frozenset({b"gpx", b"kml", b"trainingcenterdatabase"})
_FIRST_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?(\w+)[\s>]")

KIND_BY_ROOT = {
    "healthdata": "an Apple Health export",
    "html": "a web page",
    "rss": "a news feed",
    "svg": "a drawing",
    "workout_file": "a planned workout",
}
REMEDY_BY_ROOT = {
    "healthdata": "Import it with topform import or in the app, under a name that ends in .xml.",
    "workout_file": "Choose the recording of a finished activity; what is planned is not imported.",
}


class DocumentReader(Protocol):
    """Takes elements as they begin and end, and makes a recording of them."""

    def start(self, name: str, element: etree._Element) -> None:
        """Take note of an element that begins."""
        ...

    def end(self, name: str, element: etree._Element) -> bool:
        """Take an element that is complete; True when its content is no longer needed."""
        ...

    def finish(self) -> Recording:
        """Return the recording."""
        ...


def looks_like_xml(content: bytes) -> bool:
    """Say whether the content starts like an XML document."""
    for mark in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            content = content[len(mark) : len(mark) + 1024]
            break
    head = content[:1024].lstrip()
    return head[:1] == b"<" or head[:2] in UTF_16_STARTS


def looks_like_recording_document(head: bytes) -> bool:
    """Say whether the root element of a document is that of a GPX, TCX or KML file."""
    root = _FIRST_ELEMENT.search(head)
    return root is not None and root[1].lower() in RECORDING_ROOTS


def local_name(element: etree._Element) -> str:
    """Return the element's name without its namespace; comments and instructions have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read_xml(content: bytes, *, file: str) -> Recording:
    """Decode a TCX, GPX or KML document.

    Raises
    ------
    UnknownFormatError
        If the root element is another.
    UnsafeFileError
        If the document declares a document type.
    DamagedFileError, NoActivityError
        If nothing could be salvaged, or the document is sound and holds something else.
    """
    findings = Findings()
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    content = content.lstrip()
    reader: DocumentReader | None = None
    try:
        for begin in range(0, len(content), FEED_BYTES):
            parser.feed(content[begin : begin + FEED_BYTES])
            reader = _take_events(parser, reader, findings, file=file)
        parser.close()
        reader = _take_events(parser, reader, findings, file=file)
    except etree.XMLSyntaxError as failure:
        place = _offset_of(failure, content)
        reader = _take_events(parser, reader, findings, file=file)
        if reader is None:
            raise DamagedFileError(
                f"the document is no valid XML ({failure.msg})",
                file=file,
                offset_bytes=place,
                remedy="Export it again.",
            ) from failure
        findings.add_damage("document_damaged", f"the XML breaks off: {failure.msg}", offset_bytes=place)
    if reader is None:
        raise DamagedFileError("the document has no root element", file=file, remedy="Export it again.")
    try:
        return reader.finish()
    except NoActivityError as nothing:
        if not findings.salvaged:
            raise
        breaks_at = findings.warnings()[-1].offset_bytes
        raise DamagedFileError(
            "the document breaks off before its first sample",
            file=file,
            offset_bytes=breaks_at,
            remedy="Export it again.",
        ) from nothing


def _take_events(
    parser: etree.XMLPullParser, reader: DocumentReader | None, findings: Findings, *, file: str
) -> DocumentReader | None:
    """Hand over what the parser has understood so far, and forget it."""
    for event, element in parser.read_events():
        if not isinstance(element, etree._Element):
            continue
        name = local_name(element)
        if reader is None:
            reader = _reader_for(element, findings, file=file)
        if event == "start":
            reader.start(name, element)
        elif reader.end(name, element):
            parent = element.getparent()
            element.clear()
            if parent is not None:
                parent.remove(element)
    return reader


def _reader_for(root: etree._Element, findings: Findings, *, file: str) -> DocumentReader:
    from topform.formats.gpx.reader import GpxReader
    from topform.formats.kml.reader import KmlReader
    from topform.formats.tcx.reader import TcxReader

    name = local_name(root).lower()
    makers: dict[str, Callable[..., DocumentReader]] = {
        "gpx": GpxReader,
        "kml": KmlReader,
        "trainingcenterdatabase": TcxReader,
    }
    if name not in makers:
        kind = KIND_BY_ROOT.get(name, f"an XML document of another kind (<{name[:40]}>)")
        remedy = REMEDY_BY_ROOT.get(name, "Export the activity as FIT, TCX or GPX.")
        raise UnknownFormatError(f"the file holds {kind}", file=file, remedy=remedy)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeFileError(
            "the document declares a document type, which activity files have no use for",
            file=file,
            remedy="Export the activity again from the service it came from.",
        )
    return makers[name](findings, file=file)


def _offset_of(failure: etree.XMLSyntaxError, content: bytes) -> int:
    """Return the byte at which the parser gave up, from its line and column."""
    line, column = failure.position[0] or 1, failure.position[1] or 1
    start = 0
    for _ in range(max(line, 1) - 1):
        found = content.find(b"\n", start)
        if found < 0:
            break
        start = found + 1
    return min(start + max(column - 1, 0), len(content))


def number(text: str | None) -> float:
    """Return the number in the text, NaN when there is none."""
    if text is None:
        return np.nan
    try:
        value = float(text)
    except ValueError:
        return np.nan
    return value if abs(value) < 1e15 else np.nan


def observed(value: float) -> float | None:
    """Return the number, None for NaN."""
    return None if np.isnan(value) else value


def epoch_s(text: str | None) -> float:
    """Return the instant of an ISO 8601 text in seconds since 1970, NaN when there is none; no zone means UTC.

    Examples
    --------
    >>> epoch_s("1970-01-01T01:00:01.5+01:00")
    1.5
    """
    if text is None:
        return np.nan
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        instant_or_none = _loose_instant(text)
        if instant_or_none is None:
            return np.nan
        instant = instant_or_none
    try:
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, ValueError):
        return np.nan


_LOOSE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?\s*Z?\s*$")


def _loose_instant(text: str) -> datetime | None:
    """Read instants whose numbers lack leading zeros or carry a decimal comma."""
    match = _LOOSE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(group) for group in match.groups()[:6])
    micro = int((match.group(7) or "0").ljust(6, "0")[:6])
    try:
        return datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)
    except ValueError:
        return None
