"""Proposals, history, what-if, feedback and calendar addresses as the API shows and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from topform.features.athletes.public import PlainText
from topform.features.plans.document_schemas import ChangeEffect, DiffSession, Relaxation, Value
from topform.features.plans.request_schemas import PlanChangeWish
from topform.features.plans.schemas import Plan, PlanCheck
from topform.platform.web.shapes import ShownAs

Status = Literal["open", "accepted", "rejected", "overtaken", "undone"]
Params = Annotated[
    dict[str, Any], ShownAs(dict[str, Value]), Field(description="What the reason says, as values for other languages.")
]
Effect = Annotated[dict[str, Any], ShownAs(ChangeEffect)]


class DiffEntry(BaseModel):
    """A session that differs; `before` or `after` is null when it is added or removed."""

    model_config = ConfigDict(extra="allow")

    date: date
    action: Literal["removed", "added", "changed"]
    before: Annotated[dict[str, Any] | None, ShownAs(DiffSession | None)]
    after: Annotated[dict[str, Any] | None, ShownAs(DiffSession | None)]


class ProposalCard(BaseModel):
    """A change of your plan that waits for your answer, or had it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    plan_id: UUID
    day: date
    code: str
    params: Params
    reason: str
    diff: list[DiffEntry]
    effect: Effect
    is_lock: bool
    status: Status
    created_at: datetime
    decided_at: datetime | None


class Proposals(BaseModel):
    """Your proposals, newest first."""

    items: list[ProposalCard]


class Rejection(BaseModel):
    """Whether questions of this kind should stop."""

    dont_ask_again: bool = False


class PlanChange(BaseModel):
    """One change in the history of your plan."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    before_id: UUID
    after_id: UUID
    proposal_id: UUID | None
    code: str
    params: Params
    reason: str
    diff: list[DiffEntry]
    created_at: datetime


class PlanHistory(BaseModel):
    """Every change of your plan, newest first; the plans before and after are kept."""

    items: list[PlanChange]


class ToldIllness(BaseModel):
    """Since when you are ill, and the first day without symptoms."""

    since: date
    symptom_free_since: date | None = None


class Told(BaseModel):
    """What you tell about your life; what is absent is not so."""

    model_config = ConfigDict(extra="forbid")

    illness: ToldIllness | None = None
    painful: dict[Literal["running", "cycling", "swimming", "strength"], date] = {}
    away: Annotated[list[date], Field(max_length=366)] = []


class Life(BaseModel):
    """What you told, and what you do not want to be asked about."""

    told: Told
    silenced: list[str]
    reviewed_at: datetime | None


class Silence(BaseModel):
    """The kinds of question that should not come up."""

    codes: Annotated[list[str], Field(max_length=50)]


class SessionMove(BaseModel):
    """Where a session goes; a remark of the checker must be confirmed, a broken rule cannot be."""

    to: date
    swap_with: str | None = Field(default=None, max_length=80, description="A session of that day to change places.")
    offer_minutes: dict[date, Annotated[int, Field(ge=0, le=24 * 60)]] = Field(
        default={}, max_length=2, description="Minutes that single dates offer this once, beside your weekdays."
    )
    confirm_warnings: bool = False


class EditedPlan(BaseModel):
    """The plan after your change, and what the checker remarks about it."""

    plan: Plan
    warnings: list[PlanCheck]


class WhatIfOrder(BaseModel):
    """One change to try."""

    change: Annotated[dict[str, Any], ShownAs(PlanChangeWish)] = Field(
        examples=[
            {"type": "skip_week", "week_of": "2026-06-08"},
            {"type": "add_day", "weekday": "wed", "minutes": 60},
            {"type": "drop_day", "weekday": "sat"},
            {"type": "move_race", "days": 14},
            {"type": "away", "first": "2026-06-10", "last": "2026-06-14"},
        ],
    )


class ChangeWish(WhatIfOrder):
    """One change that a program or another person suggests, with the reason the athlete will read."""

    why: Annotated[str, PlainText, Field(min_length=1, max_length=300, examples=["You slept badly all week."])]


class CurveDay(BaseModel):
    """Load, fitness, fatigue and form of a day."""

    date: date
    load: float
    ctl: float
    atl: float
    tsb: float


class WhatIf(BaseModel):
    """Your plan as it is and as it would be; nothing is stored."""

    before: list[CurveDay]
    after: list[CurveDay]
    diff: list[DiffEntry]
    effect: Effect
    checks: list[PlanCheck]
    relaxed: Annotated[list[Any], ShownAs(list[Relaxation])]


class Feedback(BaseModel):
    """How a session was."""

    model_config = ConfigDict(extra="forbid")

    rpe_cr10: Annotated[float, Field(ge=0, le=10)] | None = None
    soreness: Annotated[float, Field(ge=0, le=10)] | None = None
    note: Annotated[str, Field(max_length=2000), PlainText] | None = None


class StoredFeedback(Feedback):
    """Feedback with its session."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")

    session_id: str
    day: date
    updated_at: datetime


class SessionMark(BaseModel):
    """What became of a session that nothing was recorded of, in the athlete's word; `mark` null takes it back."""

    model_config = ConfigDict(extra="forbid")

    mark: Literal["done", "skipped"] | None
    reason: Literal["no_time", "tired", "weather", "other"] | None = Field(
        default=None, description="Why it was skipped; nobody has to say."
    )

    @model_validator(mode="after")
    def _reason_is_of_a_skipped_session(self) -> Self:
        if self.reason is not None and self.mark != "skipped":
            raise ValueError("only a skipped session has a reason")
        return self


class StoredMark(SessionMark):
    """A word on a session, with the session."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")

    session_id: str
    day: date
    updated_at: datetime


class StepAdherence(BaseModel):
    """One step and what was done of it."""

    model_config = ConfigDict(from_attributes=True)

    index: int
    text: str
    planned_s: float
    done_s: float
    target: str | None
    low: float | None
    high: float | None
    actual: float | None
    verdict: Literal["met", "below", "above", "short", "missed", "unmeasured"]


class SessionAdherence(BaseModel):
    """A planned session, what fulfilled it, and how each step went.

    One that is done without an activity was done by the athlete's word: it counts, and nothing of it was measured. With
    a recording the word no longer counts.
    """

    session_id: str
    day: date
    title: str
    status: Literal["done", "skipped", "missed", "upcoming"]
    activity_id: UUID | None = None
    done_minutes: float | None = None
    share: float | None = Field(default=None, description="Share of judged planned time that was done as meant, 0..1.")
    by_laps: bool | None = None
    steps: list[StepAdherence] = []
    feedback: StoredFeedback | None = None
    mark: StoredMark | None = None


class AdherenceReport(BaseModel):
    """How the sessions of some days went."""

    sessions: list[SessionAdherence]
    extra_activity_ids: list[UUID] = Field(description="Training that was not in the plan.")


class CalendarAddressOrder(BaseModel):
    """What the address is for, so that you recognise it later."""

    name: Annotated[str, Field(min_length=1, max_length=80), PlainText] = "Calendar"


class CalendarAddress(BaseModel):
    """A calendar address; its secret part is shown once, when it is made."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    created_at: datetime
    path: str | None = Field(default=None, description="Only in the answer that makes it.")


class CalendarAddresses(BaseModel):
    """Your calendar addresses."""

    items: list[CalendarAddress]
