"""A set that the app counted live: what it found of each repetition, without any body points."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.form_feedback import feedback_for, recommendations_for, what_to_say
from topform.core.documents import plain
from topform.core.ids import AthleteId, new_id
from topform.features.consents.public import ConsentPurpose, refuse_withdrawn
from topform.features.form_checks.deciding import SHIPPED, Deciding, decided
from topform.features.form_checks.events import FORM_CHECK_CREATED
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.schemas import FormCheckSummary, FormDocument
from topform.features.form_checks.tables import FormCheckRow
from topform.kinematics.camera_record import MAX_DROPPED, MOST_GAPS, CameraRecord
from topform.kinematics.form_analysis import (
    PUSH_UP_FAULTS,
    Decision,
    Exercise,
    Fault,
    Finding,
    FormAnalysis,
    Repetition,
    Tempo,
    View,
    ViewName,
)
from topform.kinematics.push_up_faults import CRITERIA, probability_of
from topform.kinematics.revision import revise
from topform.kinematics.verdict import verdict_of
from topform.platform.events import publish

MAX_REPS: Final = 500
MOST_FRAMES_PER_S: Final = 240
PICTURES_PER_REP: Final = 2
SPANS: Final = {
    "none": (0.0, probability_of(0.0)),
    "borderline": (probability_of(0.0), probability_of(1.0)),
    "fault": (probability_of(1.0), 1.0),
}
"""Which probabilities go with a decision, as for a recorded set."""

ROUNDED: Final = 1e-3
LIVE: Final = "live"
LEAST: Final = 1e-4


class LiveFinding(BaseModel):
    """One criterion in one repetition, as the app judged it."""

    model_config = ConfigDict(extra="forbid")

    code: Literal[
        "hips_sag",
        "hips_pike",
        "shallow_depth",
        "incomplete_lockout",
        "elbow_flare",
        "head_drop",
        "asymmetry",
        "too_fast",
        "worming",
    ]
    decision: Literal["fault", "borderline", "none", "abstain"]
    probability: float | None = Field(ge=0.0, le=1.0)
    reason: str = Field(max_length=50, pattern="^[a-z_]+$")
    measured: float | None = Field(ge=-1e4, le=1e4)
    learned_probability: float | None = Field(default=None, ge=0.0, le=1.0)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        seen = self.decision != "abstain"
        if seen != (self.probability is not None) or seen != (self.measured is not None):
            raise ValueError("what was not seen has neither a value nor a probability, and all else has both")
        if self.probability is not None:
            low, high = SPANS[self.decision]
            if not low - ROUNDED <= self.probability <= high + ROUNDED:
                raise ValueError(f"the decision {self.decision!r} does not go with this probability")
        return self


class LiveRep(BaseModel):
    """One repetition or attempt; times are seconds since the recording began."""

    model_config = ConfigDict(extra="forbid")

    start_s: float = Field(ge=0.0)
    turn_s: float
    end_s: float
    complete: bool
    range_m: float = Field(ge=0.0, le=5.0)
    min_elbow_deg: float | None = Field(ge=0.0, le=180.0)
    max_elbow_deg: float | None = Field(ge=0.0, le=180.0)
    body_line_deg: float | None = Field(ge=-180.0, le=180.0)
    score: float | None = Field(ge=0.0, le=100.0)
    faults: list[LiveFinding] = Field(description="One for each criterion of the push-up.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.start_s <= self.turn_s <= self.end_s or self.start_s == self.end_s:
            raise ValueError("a repetition starts, turns and ends in this order")
        if (
            self.min_elbow_deg is not None
            and self.max_elbow_deg is not None
            and self.min_elbow_deg > self.max_elbow_deg
        ):
            raise ValueError("the smallest angle of the elbow is not larger than the largest")
        if sorted(finding.code for finding in self.faults) != sorted(fault.value for fault in PUSH_UP_FAULTS):
            raise ValueError("a repetition has one finding for each criterion of the push-up")
        return self


class LiveGap(BaseModel):
    """A time without a picture that was looked at; seconds since the first one."""

    model_config = ConfigDict(extra="forbid")

    start_s: float = Field(ge=0.0)
    end_s: float

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.end_s <= self.start_s:
            raise ValueError("a gap ends after it starts")
        return self


class LiveCamera(BaseModel):
    """Which pictures of the camera are missing in a set."""

    model_config = ConfigDict(extra="forbid")

    dropped: int = Field(ge=0, le=10_000_000, description="Pictures that were passed over.")
    dropped_s: list[float] = Field(
        max_length=MAX_DROPPED, description=f"When they were taken, the first {MAX_DROPPED} of them. [s]"
    )
    gaps: list[LiveGap] = Field(
        max_length=MOST_GAPS, description="The longest times without a picture that was looked at."
    )

    @model_validator(mode="after")
    def _are_listed(self) -> Self:
        if len(self.dropped_s) != min(self.dropped, MAX_DROPPED):
            raise ValueError("each picture that was passed over has its time")
        if any(after < before for before, after in pairwise([0.0, *self.dropped_s])):
            raise ValueError("pictures follow each other")
        return self


class LiveSet(BaseModel):
    """A set of push-ups that was counted live on the athlete's device."""

    model_config = ConfigDict(extra="forbid")

    exercise: Literal["push_up"]
    duration_s: float = Field(gt=0.0, le=86_400.0)
    frames: int = Field(ge=1, le=10_000_000)
    poses_found: int = Field(ge=0, le=10_000_000)
    reps: list[LiveRep] = Field(min_length=1, max_length=MAX_REPS)
    form_model_version: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Of the form model on the device; null: it ships with the app."
    )

    camera: LiveCamera | None = Field(default=None, description="Pictures passed over; null where it is not said.")

    @model_validator(mode="after")
    def _within(self) -> Self:
        if any(after.start_s < rep.end_s for rep, after in pairwise(self.reps)):
            raise ValueError("repetitions follow each other")
        if self.reps[-1].end_s > self.duration_s:
            raise ValueError("repetitions lie within the recording")
        if self.frames > MOST_FRAMES_PER_S * self.duration_s + 1:
            raise ValueError(f"no camera takes more than {MOST_FRAMES_PER_S} pictures a second")
        if self.camera is not None and any(
            at > self.duration_s + ROUNDED for at in (*self.camera.dropped_s, *(gap.end_s for gap in self.camera.gaps))
        ):
            raise ValueError("pictures that were passed over and gaps lie within the recording")
        if not PICTURES_PER_REP * len(self.reps) <= self.poses_found <= self.frames:
            raise ValueError("a body is seen at both ends of every repetition, and in no more pictures than there are")
        return self


async def add_live_set(
    session: AsyncSession, athlete_id: AthleteId, said: LiveSet, *, deciding: Deciding = SHIPPED, now: datetime
) -> FormCheckSummary:
    """Store a set as a form check; the verdict on it is reached as for a recorded one."""
    await refuse_withdrawn(session, athlete_id, ConsentPurpose.FORM_VIDEOS)
    analysis = decided(_analysis_of(said), deciding)
    document = plain(analysis.as_dict())
    FormDocument.model_validate(document)
    row = FormCheckRow(
        id=new_id(),
        athlete_id=athlete_id,
        exercise=said.exercise,
        file_name=LIVE,
        rep_count=analysis.rep_count,
        form_decision=analysis.form.decision.value,
        duration_s=said.duration_s,
        document=document,
        created_at=now,
    )
    await FormCheckRepository(session).add(row)
    summary = FormCheckSummary.model_validate(row)
    await publish(session, athlete_id, FORM_CHECK_CREATED, summary.model_dump(mode="json"))
    return summary


def _analysis_of(said: LiveSet) -> FormAnalysis:
    everything = [_repetition(index, rep) for index, rep in enumerate(said.reps, start=1)]
    reps = tuple(rep for rep in everything if rep.is_complete)
    partial = tuple(rep for rep in everything if not rep.is_complete)
    revision = revise(reps, partial)
    camera = None if said.camera is None else _camera(said, said.camera)
    found = FormAnalysis(
        exercise=Exercise.PUSH_UP,
        exercise_probability=1.0,
        view=View(ViewName.UNKNOWN, None),
        fps=said.frames / said.duration_s,
        frames=said.frames,
        duration_s=said.duration_s,
        poses_found=said.poses_found,
        reps=reps,
        partial_reps=partial,
        revised_count=None if revision is None else revision.count,
        revision_reason=None if revision is None else revision.reason,
        form=verdict_of(reps),
        models={
            "pose": {"id": "blazepose", "variant": "full"},
            "form": {"id": "push_up_form", "version": said.form_model_version},
            "where": {"id": LIVE},
        },
        warnings=() if camera is None else camera.warnings(),
        camera=camera,
    )
    return replace(
        found,
        feedback=feedback_for(found),
        recommendations=recommendations_for(found),
        feedback_codes=tuple(one.as_dict() for one in what_to_say(found)),
    )


def _camera(said: LiveSet, camera: LiveCamera) -> CameraRecord:
    return CameraRecord(
        frames=said.frames,
        dropped=camera.dropped,
        dropped_s=tuple(camera.dropped_s),
        gaps_s=tuple((gap.start_s, gap.end_s) for gap in camera.gaps),
        duration_s=said.duration_s,
    )


def _repetition(index: int, rep: LiveRep) -> Repetition:
    low, high = rep.min_elbow_deg, rep.max_elbow_deg
    by_code: dict[str, LiveFinding] = {finding.code: finding for finding in rep.faults}
    return Repetition(
        index=index,
        start_s=rep.start_s,
        turn_s=rep.turn_s,
        end_s=rep.end_s,
        is_complete=rep.complete,
        range_deg=None if low is None or high is None else high - low,
        range_m=rep.range_m,
        min_elbow_deg=low,
        max_elbow_deg=high,
        body_line_deg=rep.body_line_deg,
        tempo=Tempo(rep.turn_s - rep.start_s, rep.end_s - rep.turn_s),
        score=rep.score,
        findings=tuple(_finding(fault, by_code[fault.value], rep) for fault in PUSH_UP_FAULTS),
    )


def _finding(fault: Fault, said: LiveFinding, rep: LiveRep) -> Finding:
    limits = CRITERIA[fault]
    return Finding(
        fault=fault,
        decision=Decision(said.decision),
        probability=_uncertain(said.probability),
        reason=said.reason,
        window_s=(rep.start_s, rep.end_s),
        measured=said.measured,
        passes=limits.passes,
        fails=limits.fails,
        unit=limits.unit,
        learned_probability=_uncertain(said.learned_probability),
    )


def _uncertain(probability: float | None) -> float | None:
    """Return a probability that has odds: what was rounded to nothing or to certainty is neither."""
    return None if probability is None else min(1.0 - LEAST, max(LEAST, probability))
