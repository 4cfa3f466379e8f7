"""What people say about a form check, as the API shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field, model_validator

from topform.kinematics.form_analysis import Fault

Seconds = Annotated[float, Field(ge=0.0, le=86_400.0, allow_inf_nan=False)]
MOST_REPS = 500


class DisputeOrder(BaseModel):
    """What is wrong: one cue (in one repetition, or throughout), or the count."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["cue_wrong", "count_wrong"]
    fault: Fault | None = Field(default=None, description="For `cue_wrong`: the fault that was not there.")
    rep_index: int | None = Field(
        default=None, ge=1, le=100_000, description="Only this repetition; null: all of them."
    )
    rep_count: int | None = Field(default=None, ge=0, le=10_000, description="For `count_wrong`: how many it were.")

    @model_validator(mode="after")
    def _says_what_is_wrong(self) -> DisputeOrder:
        if self.kind == "cue_wrong" and (self.fault is None or self.rep_count is not None):
            raise ValueError("cue_wrong needs the fault, and no count")
        if self.kind == "count_wrong" and (self.rep_count is None or self.fault or self.rep_index):
            raise ValueError("count_wrong needs the count, and nothing else")
        return self


class Dispute(BaseModel):
    """A stored dispute."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: Literal["cue_wrong", "count_wrong"]
    fault: str | None
    rep_index: int | None
    rep_count: int | None
    created_at: datetime


class Disputes(BaseModel):
    """What the athlete says is wrong, oldest first."""

    items: list[Dispute]
    used_for_training: bool = Field(description="Whether you agreed that labels and body points improve the model.")


class OpinionOrder(BaseModel):
    """How the set was, whatever the form check says."""

    model_config = ConfigDict(extra="forbid")

    form: Literal["correct", "faulty"]


class Opinion(BaseModel):
    """What the athlete says of the whole set."""

    form: Literal["correct", "faulty"] | None = Field(description="null: nothing yet.")
    agrees: bool | None = Field(description="Whether the form check said the same; null: one of the two said nothing.")
    updated_at: datetime | None
    used_for_training: bool = Field(description="Whether you agreed that labels and body points improve the model.")


class RepLabel(BaseModel):
    """One repetition as a person saw it."""

    model_config = ConfigDict(extra="forbid")

    start_s: Seconds
    turn_s: Seconds | None = None
    end_s: Seconds
    complete: bool = True
    faults: list[Fault] = Field(default=[], max_length=len(Fault))


class LabelsOrder(BaseModel):
    """All repetitions of a recording, in order; what one could not judge is said."""

    model_config = ConfigDict(extra="forbid")

    reps: list[RepLabel] = Field(max_length=MOST_REPS)
    unjudged: list[Fault] = Field(default=[], max_length=len(Fault), description="Faults that could not be seen.")

    @model_validator(mode="after")
    def _is_in_order(self) -> LabelsOrder:
        last = 0.0
        for rep in self.reps:
            turn = rep.start_s if rep.turn_s is None else rep.turn_s
            if not (last <= rep.start_s <= turn <= rep.end_s and rep.start_s < rep.end_s):
                raise ValueError("repetitions must follow each other, each with start, turn and end in this order")
            last = rep.end_s
        return self


class Labels(LabelsOrder):
    """Stored labels of one person."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    updated_at: datetime


class Agreement(BaseModel):
    """How far the two people agree on one fault."""

    fault: str
    reps: int = Field(description="Repetitions that both marked and judged.")
    agreed: int
    kappa: float | None = Field(description="Cohen's kappa; null where chance alone would agree always.")


class Rater(BaseModel):
    """Whom the owner asked."""

    email: str
    granted_at: datetime
    has_labelled: bool


class LabelSheet(BaseModel):
    """What is needed to label a recording; the second person sees the moving skeleton, never the video or a verdict."""

    form_check_id: UUID
    exercise: str
    duration_s: float
    is_owner: bool
    labels: Labels | None = Field(description="Your own.")
    faults: list[str] = Field(description="Codes that can be marked.")
    rater: Rater | None = Field(description="For the owner: whom they asked.")
    matched_reps: int | None = Field(description="For the owner: repetitions that both marked.")
    agreement: list[Agreement] = Field(description="For the owner, once both have labelled.")


class RaterOrder(BaseModel):
    """Whom to ask."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[EmailStr, Field(max_length=254)]


class LabelRequest(BaseModel):
    """A recording that somebody asks you to label."""

    form_check_id: UUID
    asked_by: str
    exercise: str
    duration_s: float
    granted_at: datetime
    has_labelled: bool


class LabelRequests(BaseModel):
    """Recordings that others ask you to label, newest first."""

    items: list[LabelRequest]
