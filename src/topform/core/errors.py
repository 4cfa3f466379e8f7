"""The error tree.

Every failure that a person can do something about is a `TopFormError`: a stable ``code``, a sentence, and
where known the file, the place in it and the remedy. Inner layers know nothing of HTTP or exit codes; one
table in `topform.entrypoints.api` maps a class to a status.
"""

from __future__ import annotations

from typing import Any, ClassVar


class TopFormError(Exception):
    """Root of all typed errors.

    Parameters
    ----------
    message : str
        One sentence that says what is wrong, without a trailing remedy.
    remedy : str, optional
        One sentence that says what the reader can do.
    file : str, optional
        Name of the file concerned, as the user gave it.
    offset_bytes : int, optional
        Place of the damage in the file. [bytes]
    **fields
        Further named facts; they become fields of the problem document.
    """

    code: ClassVar[str] = "error"

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        file: str | None = None,
        offset_bytes: int | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.file = file
        self.offset_bytes = offset_bytes
        self.fields = fields

    def as_dict(self) -> dict[str, Any]:
        """Return the error as the document that the command line prints."""
        return {
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "offset_bytes": self.offset_bytes,
            "remedy": self.remedy,
            **self.fields,
        }


class InvalidInputError(TopFormError):
    """What the caller handed over cannot be used."""

    code = "invalid_input"


class OutOfRangeError(InvalidInputError):
    """A number lies outside the domain of the formula."""

    code = "out_of_range"


class EffortContradictionError(InvalidInputError):
    """How hard a set was and how many repetitions were left cannot both be true."""

    code = "effort_contradiction"


class ShapeError(InvalidInputError):
    """An array has the wrong shape, order or type."""

    code = "wrong_shape"


class ActivityFileError(InvalidInputError):
    """An activity file cannot be read."""

    code = "activity_file_unreadable"


class EmptyFileError(ActivityFileError):
    """The file holds no bytes."""

    code = "file_empty"


class UnknownFormatError(ActivityFileError):
    """The content is none of the supported formats, whatever its name says."""

    code = "format_unknown"


class DamagedFileError(ActivityFileError):
    """The format is known, the content is broken and nothing could be salvaged."""

    code = "file_damaged"


class NoActivityError(ActivityFileError):
    """The file is sound but holds no activity (settings, workout, course, ...)."""

    code = "no_activity"


class ArchiveError(InvalidInputError):
    """An archive is damaged, too large when unpacked, or holds unsafe paths."""

    code = "archive_refused"


class VideoError(InvalidInputError):
    """A video cannot be analysed."""

    code = "video_unreadable"


class PoseFileError(InvalidInputError):
    """A poses file does not hold what it must."""

    code = "poses_unreadable"


class PlanRequestError(InvalidInputError):
    """A plan request is incomplete, contradictory or out of scope."""

    code = "plan_request_invalid"


class PredictionHistoryError(InvalidInputError):
    """A history for a prediction is malformed or holds what cannot be."""

    code = "prediction_history_invalid"


class NoHistoryError(InvalidInputError):
    """Nothing is known from which a time could be predicted."""

    code = "prediction_without_history"


class OutcomeTableError(InvalidInputError):
    """A table of outcomes cannot be evaluated."""

    code = "outcome_table_invalid"


class TooLargeError(InvalidInputError):
    """An upload or file is larger than the limit."""

    code = "too_large"


class NotFoundError(TopFormError):
    """The thing does not exist, or the caller may not know that it does."""

    code = "not_found"


class ConflictError(TopFormError):
    """The request contradicts what is stored."""

    code = "conflict"


class AuthenticationError(TopFormError):
    """The caller is not signed in, or the credentials are wrong."""

    code = "not_authenticated"


class PermissionDeniedError(TopFormError):
    """The caller is known and may not do this."""

    code = "permission_denied"


class RateLimitedError(TopFormError):
    """Too many attempts in too little time."""

    code = "rate_limited"


class SetupError(TopFormError):
    """This installation lacks something it needs."""

    code = "setup"


class DataDirectoryInUseError(SetupError):
    """Another TopForm process owns the data directory."""

    code = "data_directory_in_use"


class NoInstallationError(SetupError):
    """There is no TopForm in the data directory."""

    code = "no_installation"


class DatabaseUnavailableError(SetupError):
    """PostgreSQL could not be started or reached."""

    code = "database_unavailable"


class StorageFullError(SetupError):
    """The disk that holds the data has no room left."""

    code = "storage_full"


class ObjectStoreUnavailableError(SetupError):
    """The store of files could not be reached, or does not let us in."""

    code = "object_store_unavailable"


class ModelUnavailableError(SetupError):
    """A model file is missing or its digest is wrong."""

    code = "model_unavailable"
