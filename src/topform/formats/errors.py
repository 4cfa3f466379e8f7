"""Errors that only activity files know."""

from __future__ import annotations

from typing import ClassVar

from topform.core.errors import ActivityFileError


class ActivityTooLargeError(ActivityFileError):
    """The file, or what it unpacks to, is larger than any activity."""

    code: ClassVar[str] = "activity_file_too_large"


class UnsafeFileError(ActivityFileError):
    """The document asks its reader for more than to read it: entities, a document type."""

    code: ClassVar[str] = "activity_file_unsafe"


class StartUnknownError(ActivityFileError):
    """The file counts time from zero and nobody says when that was."""

    code: ClassVar[str] = "start_unknown"
