"""Which kind of text it is, and what all kinds share."""

from __future__ import annotations

import codecs

from topform.core.activity import Recording
from topform.core.errors import UnknownFormatError
from topform.formats.text.mapping import TableMapping

HEAD_BYTES = 4096
ENCODINGS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CONTROL = bytes(set(range(32)) - {9, 10, 13, 12})


def text_of(content: bytes) -> str | None:
    """Return the content as text, None when it is none."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if content[:HEAD_BYTES].translate(None, CONTROL) != content[:HEAD_BYTES]:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def looks_like_samples(head: bytes) -> bool:
    """Say whether the first kilobytes are those of a Polar HRM file, or of a table with times and samples."""
    from topform.formats.text.hrm import looks_like_hrm
    from topform.formats.text.table import looks_like_table

    text = text_of(head)
    return text is not None and (looks_like_hrm(text) or looks_like_table(text))


def read_text(content: bytes, *, file: str, mapping: TableMapping | None = None) -> Recording:
    """Decode a table of samples, a Polar HRM file or a list of beat-to-beat intervals.

    Raises
    ------
    UnknownFormatError
        If it is none of them.
    StartUnknownError
        If the text counts time from zero and the mapping does not say when that was.
    NoActivityError, DamagedFileError
        If no row holds a sample.
    """
    from topform.formats.text.beats import looks_like_beats, read_beats
    from topform.formats.text.hrm import looks_like_hrm, read_hrm
    from topform.formats.text.table import read_table

    said = mapping if mapping is not None else TableMapping()
    text = text_of(content)
    if text is not None:
        if looks_like_hrm(text):
            return read_hrm(text, file=file, mapping=said)
        if looks_like_beats(text):
            return read_beats(text, file=file, mapping=said)
        recording = read_table(text, file=file, mapping=said)
        if recording is not None:
            return recording
    raise UnknownFormatError(
        "the content is neither FIT, TCX, GPX, KML, HRM nor a table of samples",
        file=file,
        remedy="Export the activity as FIT, TCX or GPX; for a table, give a mapping of its columns.",
    )
