"""What a file is that ``topform inspect`` cannot show, and who takes it: ``topform import``, ``analyze``, or nobody."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from topform.core.errors import (
    ActivityFileError,
    NoActivityError,
    TopFormError,
    UnknownFormatError,
)
from topform.formats.decoding import ZIP_MAGICS
from topform.formats.errors import ActivityTooLargeError
from topform.formats.exports import PlatformExports
from topform.formats.exports.fit_kind import day_kind
from topform.formats.exports.scale_users import ScaleUserError
from topform.providers.folder import EXPORT_SUFFIXES, RejectedFile, export_items
from topform.providers.trees import SingleFile

HEAD_BYTES = 128
EXPORTS = PlatformExports(ZoneInfo("UTC"))
IMPORT_IT = "Import it: topform import takes it, and so does the app. For one activity, inspect its own file."
ANALYSE_IT = "Analyse it: topform analyze counts the repetitions in it and checks the form."
POSES_SUFFIX = ".npz"
NAMES = {
    "apple_health": "an Apple Health export",
    "fitbit": "a file of a Fitbit export",
    "garmin": "a file of a Garmin export",
    "google_fit": "a table of a Google Fit export",
    "health_connect": "a Health Connect export",
    "intervals_icu": "a wellness table of intervals.icu",
    "oura": "a table of an Oura export",
    "strava": "the list of activities of a Strava export",
    "whoop": "a table of a WHOOP export",
}


def better_refusal(file: Path, refusal: ActivityFileError) -> TopFormError:
    """Return the refusal that tells what the file is and what takes it, or the one given if nothing else is known."""
    if not isinstance(refusal, UnknownFormatError | NoActivityError | ActivityTooLargeError):
        return refusal
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if _is_video(head):
        return UnknownFormatError("the file is a video", file=str(file), remedy=ANALYSE_IT)
    if head[:4] in ZIP_MAGICS and file.suffix.lower() == POSES_SUFFIX:
        return UnknownFormatError("the file is a recording of poses", file=str(file), remedy=ANALYSE_IT)
    if head[:4] in ZIP_MAGICS:
        return _of_archive(file)
    if (kind := day_kind(head)) is not None:
        return _of_days(file, kind)
    if file.suffix.lower() in EXPORT_SUFFIXES and (readers := EXPORTS.readers(SingleFile(file, file.name))):
        return UnknownFormatError(f"the file is {NAMES[readers[0].source]}", file=str(file), remedy=IMPORT_IT)
    return refusal


def _is_video(head: bytes) -> bool:
    """Return whether these are the first bytes of an MP4 or QuickTime, Matroska or WebM, AVI or GIF file.

    Examples
    --------
    >>> _is_video(bytes.fromhex("0000001c") + b"ftypisom")
    True
    >>> _is_video(b"RIFF" + bytes(4) + b"WAVE")
    False
    """
    return (
        head[4:8] == b"ftyp"
        or head.startswith((b"\x1aE\xdf\xa3", b"GIF87a", b"GIF89a"))
        or (head.startswith(b"RIFF") and head[8:12] == b"AVI ")
    )


def _of_archive(file: Path) -> TopFormError:
    first = next(export_items([file], exports=EXPORTS))
    if isinstance(first, RejectedFile) and first.name == str(file):
        return first.error
    return UnknownFormatError("the file is a zip archive", file=str(file), remedy=IMPORT_IT)


def _of_days(file: Path, kind: str) -> TopFormError:
    (item,) = export_items([file], exports=EXPORTS)
    if isinstance(item, RejectedFile) and not isinstance(item.error, ScaleUserError):
        return item.error
    several = " of several people" if isinstance(item, RejectedFile) else ""
    return NoActivityError(f"the file holds {kind}{several}, not an activity", file=str(file), remedy=IMPORT_IT)
