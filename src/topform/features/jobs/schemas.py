"""A job as the API shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from topform.platform.web.pages import Page

JobKind = Literal[
    "activity_import",
    "activity_sources",
    "form_check",
    "plan",
    "account_export",
    "account_import",
    "recompute",
    "segment_match",
]
JobState = Literal["queued", "running", "succeeded", "failed"]
Outcome = Literal["imported", "duplicate", "merged", "rejected"]


class JobError(BaseModel):
    """Why a job failed."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    file: str | None = None
    offset_bytes: int | None = Field(default=None, description="Where in the file the damage is, when known.")
    remedy: str | None = None


class FileWarningOut(BaseModel):
    """Something in a file that a reader of the numbers should know."""

    code: str
    message: str
    offset_bytes: int | None = None


class FileOutcome(BaseModel):
    """What became of one file of an upload."""

    name: str
    outcome: Outcome = Field(
        description="`merged`: the same workout was already stored from another file; this one is kept as a source."
    )
    activity_ids: list[UUID]
    code: str | None = Field(default=None, description="Why the file was rejected.")
    message: str | None = None
    remedy: str | None = None
    offset_bytes: int | None = None
    warnings: list[FileWarningOut] = []
    sha256: str | None = None
    daily_values: int | None = Field(
        default=None, description="How many daily values of body and sleep the file holds; null for activities."
    )
    daily_values_changed: int | None = Field(default=None, description="How many of them were new or changed.")


class ActivityImportResult(BaseModel):
    """One entry a file; an archive has many."""

    files: list[FileOutcome]
    skipped: dict[str, int] = Field(
        default={},
        description="How many other files of the archive were left alone, by ending (empty without one): they hold no "
        "activity and nothing else that is imported.",
        examples=[{".txt": 2, ".csv": 1}],
    )


class FormCheckResult(BaseModel):
    """The form check that the job made."""

    form_check_id: UUID


class PlanResult(BaseModel):
    """The plan that the job made."""

    plan_id: UUID


class ActivitySourcesResult(BaseModel):
    """The activities as they are after sources were joined, separated or chosen anew."""

    activity_ids: list[UUID]


class AccountExportResult(BaseModel):
    """The archive that the job made, to be fetched from `/account/exports/{job_id}/file`."""

    export_id: UUID = Field(description="The same as `job_id`; it stays for programs that know it by this name.")
    size_bytes: int
    rows: int

    @computed_field(description="The job that made it, by which it is fetched.")  # type: ignore[prop-decorator]
    @property
    def job_id(self) -> UUID:
        """The job that made it."""
        return self.export_id


class AccountImportResult(BaseModel):
    """How many rows of each table were brought back, and what this server could not give as it was."""

    restored: dict[str, int]
    changed: dict[str, str] = Field(
        default_factory=dict,
        description="New values by name: `handle`, where the archive's is, or was not long ago, somebody else's.",
    )


class RecomputeResult(BaseModel):
    """What came out of computing activities again."""

    activities: int
    changed_metrics: int = Field(description="How many numbers came out differently; what they were is kept.")
    from_files: int = Field(description="How many activities had to be read from their files.")
    gone: int
    metrics: list[str] = Field(description="Which metrics changed.")


class SegmentMatchResult(BaseModel):
    """What looking through the history for a segment found."""

    segment_id: UUID
    activities: int = Field(description="How many activities came near enough to be looked at.")
    segment_efforts: int


JobResult = (
    ActivityImportResult
    | ActivitySourcesResult
    | FormCheckResult
    | PlanResult
    | AccountExportResult
    | AccountImportResult
    | RecomputeResult
    | SegmentMatchResult
)


class Job(BaseModel):
    """A piece of work that a worker does; watch it on the event stream, or ask again each second.

    It is over when `state` is `succeeded`, with `result`, or `failed`, with `error`.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: JobKind
    state: JobState
    progress: float = Field(ge=0, le=1)
    stage: str | None = Field(description="What is being done now, as a stable word such as `decoding`.")
    file_name: str | None
    error: JobError | None
    result: JobResult | None = Field(description="Null until the job has ended.")
    created_at: datetime
    updated_at: datetime


class JobPage(Page[Job]):
    """Jobs, newest first."""
