"""Recordings as files that other programs read: GPX 1.1, TCX, FIT and CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from topform.core.activity import Recording
from topform.core.errors import InvalidInputError
from topform.formats.activities_out.fit import write_fit
from topform.formats.activities_out.gpx import write_gpx
from topform.formats.activities_out.table import write_csv
from topform.formats.activities_out.tcx import write_tcx

Format = Literal["gpx", "tcx", "fit", "csv"]
WRITERS: Final[dict[str, Callable[[Recording], bytes]]] = {
    "gpx": write_gpx,
    "tcx": write_tcx,
    "fit": write_fit,
    "csv": write_csv,
}
MEDIA_TYPES: Final = {
    "gpx": "application/gpx+xml",
    "tcx": "application/vnd.garmin.tcx+xml",
    "fit": "application/vnd.ant.fit",
    "csv": "text/csv; charset=utf-8",
}


def write_recording(recording: Recording, file_format: str) -> bytes:
    """Return a recording in one of the formats.

    Raises
    ------
    InvalidInputError
        If there is no such format, or the format cannot hold what the recording consists of.
    """
    if file_format not in WRITERS:
        raise InvalidInputError(
            f"There is no export as {file_format}.", remedy=f"Choose one of {', '.join(sorted(WRITERS))}."
        )
    return WRITERS[file_format](recording)


__all__ = ["MEDIA_TYPES", "WRITERS", "Format", "write_csv", "write_fit", "write_gpx", "write_recording", "write_tcx"]
