"""The improvement of models as administrators see it, and the sets to ask about as athletes do."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from topform.platform.web.shapes import ShownAs


class LabelCounts(TypedDict):
    """What a version of the labels holds."""

    sets: int
    people: int
    most_sets_of_one: int
    held_out_people: int
    wrong: Annotated[int, Field(description="Sets whose form was wrong.")]
    sources: Annotated[dict[str, int], Field(description="Sets by who labelled them.")]
    views: Annotated[dict[str, int], Field(description="Sets by where the camera stood.")]
    added: int
    removed: Annotated[int, Field(description="Also because consent was withdrawn.")]


class LabelVersion(BaseModel):
    """One version of the labels; numbers and a digest, nobody's data."""

    model_id: str
    number: int
    parent_number: int | None
    content_sha256: str
    counts: Annotated[dict[str, Any], ShownAs(LabelCounts)]
    created_at: datetime


class ModelAlarm(BaseModel):
    """Something that drifted while a version decided."""

    model_id: str
    version: int
    kind: Literal["disputes", "inputs"]
    numbers: dict[str, Any] = Field(description="What was found, as names and numbers; which, depends on `kind`.")
    outcome: str = Field(description="What was done about it.")
    created_at: datetime


class VersionJudgements(BaseModel):
    """What a version decided over sets whose athletes agreed, in the shadow or not."""

    model_id: str
    version: int
    decisions: dict[str, int]


class TrainingHindrance(BaseModel):
    """Why no version of a model could be trained when that was tried last."""

    model_id: str
    labels: int = Field(description="The version of the labels that it was to be trained from.")
    code: str
    message: str = Field(description="In English.")


class ShadowRun(BaseModel):
    """How far a version is that judges in the shadow of the one that decides."""

    model_id: str
    version: int
    sets: int = Field(description="New sets that both have judged since it went into the shadow.")
    sets_wanted: int = Field(description="After so many it takes over, or is refused.")


class Improvement(BaseModel):
    """How the models of this server get better, or not."""

    is_on: bool = Field(description="Whether training and watching run by themselves.")
    labels: list[LabelVersion] = Field(description="The newest first.")
    hindrances: list[TrainingHindrance] = Field(description="Of each model that could not be trained, the last one.")
    shadows: list[ShadowRun]
    alarms: list[ModelAlarm] = Field(description="The newest first.")
    judgements: list[VersionJudgements]


class TrainingAsked(BaseModel):
    """Whether a training was queued."""

    is_queued: bool = Field(description="False: one waits already.")


class QuestionToAthlete(BaseModel):
    """A set of yours that it would help most to hear about."""

    form_check_id: UUID
    reason: Literal["uncertain", "evidence_disagrees", "few_like_it", "by_lot"]
    decision: Literal["correct", "faulty", "unsure"]
    created_at: datetime


class LabelQueue(BaseModel):
    """At most two; empty where you did not agree that your form checks improve the model."""

    items: list[QuestionToAthlete]
