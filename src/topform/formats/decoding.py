"""The one way from bytes to a recording."""

from __future__ import annotations

import zlib

from topform.core.activity import Recording
from topform.core.errors import DamagedFileError, EmptyFileError, UnknownFormatError
from topform.formats.errors import ActivityTooLargeError
from topform.formats.text.mapping import TableMapping

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
GZIP_WINDOW = 31
GZIP_BLOCK_BYTES = 64 * 1024
SNIFFED_BYTES = 4096
MAX_UNPACKED_BYTES = 256 * 2**20
"""A day of 1 Hz samples is about 40 MB of GPX and 3 MB of FIT."""


def decode(content: bytes, *, file: str, mapping: TableMapping | None = None) -> Recording:
    """Decode an activity file of any known format, possibly gzipped; the name plays no part.

    ``mapping`` says what a table of samples does not say itself.

    Raises
    ------
    EmptyFileError, UnknownFormatError, DamagedFileError, NoActivityError, ActivityTooLargeError
        All of them `ActivityFileError`; nothing else is raised for any content.
    """
    if content[:2] == GZIP_MAGIC:
        content = gunzip(content, file=file)
    if not content:
        raise EmptyFileError("the file is empty", file=file, remedy="Copy or export it again.")
    if len(content) > MAX_UNPACKED_BYTES:
        raise ActivityTooLargeError(
            f"the file holds {len(content) / 2**20:.0f} MiB, more than an activity can", file=file
        )
    from topform.formats.fit.container import looks_like_fit

    if looks_like_fit(content):
        from topform.formats.fit.reader import read_fit

        return read_fit(content, file=file)
    if content[:4] in ZIP_MAGICS:
        raise UnknownFormatError(
            "the file is a zip archive", file=file, remedy="Import the archive as a whole, or unpack it first."
        )
    from topform.formats.xml_reader import looks_like_xml, read_xml

    if looks_like_xml(content):
        return read_xml(content, file=file)
    from topform.formats.strava.reader import looks_like_strava, read_strava

    if looks_like_strava(content):
        return read_strava(content, file=file)
    from topform.formats.exports.session_document import looks_like_session, read_session

    if looks_like_session(content):
        return read_session(content, file=file)
    from topform.formats.phone_workouts import looks_like_phone_workout, read_phone_workout

    if looks_like_phone_workout(content):
        return read_phone_workout(content, file=file)
    from topform.formats.workout_summaries import looks_like_summary, read_summary

    if looks_like_summary(content):
        return read_summary(content, file=file)
    from topform.formats.text.reader import read_text

    return read_text(content, file=file, mapping=mapping)


def looks_like_activity(head: bytes) -> bool:
    """Say whether a file whose first kilobytes these are should be tried as an activity, whatever its name.

    A list of bare numbers is not: it may be the intervals of a heart, and as well anything else.
    """
    if head[:2] == GZIP_MAGIC:
        try:
            head = zlib.decompressobj(wbits=GZIP_WINDOW).decompress(head, SNIFFED_BYTES)
        except zlib.error:
            return False
    from topform.formats.fit.container import looks_like_fit
    from topform.formats.xml_reader import looks_like_recording_document, looks_like_xml

    if looks_like_fit(head):
        return True
    if looks_like_xml(head):
        return looks_like_recording_document(head)
    if head[:1] == b"{":
        from topform.formats.exports.session_document import looks_like_session
        from topform.formats.phone_workouts import looks_like_phone_workout
        from topform.formats.strava.reader import looks_like_strava
        from topform.formats.workout_summaries import looks_like_summary

        known = (looks_like_strava, looks_like_session, looks_like_phone_workout, looks_like_summary)
        return any(looks_like(head) for looks_like in known)
    from topform.formats.text.reader import looks_like_samples

    return looks_like_samples(head)


def gunzip(content: bytes, *, file: str) -> bytes:
    """Unpack gzip content of bounded size; a cut stream yields what precedes the cut.

    Raises
    ------
    DamagedFileError
        If nothing can be unpacked.
    ActivityTooLargeError
        If it unpacks to more than an activity can hold.
    """
    unpacked = bytearray()
    stream = zlib.decompressobj(wbits=GZIP_WINDOW)
    rest = memoryview(content)
    while rest:
        block, rest = bytes(rest[:GZIP_BLOCK_BYTES]), rest[GZIP_BLOCK_BYTES:]
        try:
            while block:
                unpacked += stream.decompress(block, MAX_UNPACKED_BYTES + 1 - len(unpacked))
                if len(unpacked) > MAX_UNPACKED_BYTES:
                    raise ActivityTooLargeError(
                        f"the gzip stream unpacks to more than {MAX_UNPACKED_BYTES // 2**20} MiB", file=file
                    )
                block = stream.unused_data
                if stream.eof:
                    stream = zlib.decompressobj(wbits=GZIP_WINDOW)
        except zlib.error as failure:
            if not unpacked:
                raise DamagedFileError(
                    f"the gzip stream is damaged ({failure})", file=file, remedy="Copy or export it again."
                ) from failure
            return bytes(unpacked)
    return bytes(unpacked)
