"""Form checks as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from topform.platform.web.pages import Page

FormDecision = Literal["correct", "faulty", "unsure"]
Exercise = Literal["auto", "push_up"]


class FormCheckSummary(BaseModel):
    """A form check in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    exercise: str
    created_at: datetime
    rep_count: int
    form_decision: FormDecision
    duration_s: float
    file_name: str
    thumbnail_url: str | None = None


class FormCheckPage(Page[FormCheckSummary]):
    """Form checks, newest first."""


class FormView(BaseModel):
    """From where the camera looks."""

    model_config = ConfigDict(extra="allow")

    name: str
    yaw_deg: float | None = None


class FormFault(BaseModel):
    """A finding with its certainty; `abstain` when it could not be seen."""

    model_config = ConfigDict(extra="allow")

    code: str
    probability: float | None = None
    decision: str = Field(description="`fault`, `borderline`, `none` or `abstain`.")
    reason: str | None = None
    window_s: tuple[float, float] | None = None


class FormRep(BaseModel):
    """One repetition; joint angles are interior angles, 180 degrees is straight."""

    model_config = ConfigDict(extra="allow")

    index: int
    start_s: float
    turn_s: float | None = None
    end_s: float
    complete: bool
    range_deg: float | None = None
    min_elbow_deg: float | None = None
    max_elbow_deg: float | None = None
    body_line_deg: float | None = None
    tempo: dict[str, Any] | None = None
    score: float | None = None
    faults: list[FormFault] = []


class FormVerdict(BaseModel):
    """The set as a whole."""

    model_config = ConfigDict(extra="allow")

    decision: FormDecision
    probability_faulty: float | None = None
    faults: list[str] = Field(default=[], description="Fault codes, worst first.")


class FormDocument(BaseModel):
    """The whole analysis, as `topform analyze` prints it."""

    model_config = ConfigDict(extra="allow")

    exercise: str
    exercise_probability: float | None = None
    view: FormView | None = None
    fps: float | None = None
    frames: int | None = None
    duration_s: float
    rep_count: int
    partial_count: int | None = None
    revised_count: int | None = None
    reps: list[FormRep]
    form: FormVerdict
    feedback: list[str] = []
    recommendations: list[dict[str, Any]] = []
    poses_found: float | None = None
    models: dict[str, Any] = {}
    timing_s: dict[str, float | None] = {}
    warnings: list[Any] = []


class FormCheck(FormCheckSummary):
    """A form check with its analysis."""

    analysis: FormDocument
    video_url: str | None = Field(description="The annotated video; supports byte ranges.")
