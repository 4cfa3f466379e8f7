"""Coaches, invitations and what coaches looked at, as the API shows and takes them."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from topform.features.athletes.public import PlainText, Share
from topform.features.plans.public import PlanChangeWish
from topform.platform.web.pages import Page
from topform.platform.web.shapes import ShownAs

Scopes = Annotated[
    list[Share],
    Field(
        min_length=1,
        max_length=len(Share),
        description="What is shared; `plan_proposals` needs `plan`. Nothing else is ever shown.",
        examples=[["activities", "numbers", "plan", "plan_proposals"]],
    ),
]


class ScopeText(BaseModel):
    """One thing that can be shared, in the words that count."""

    scope: Share
    text: str
    is_suggested: bool = Field(description="Ticked at first; health notes never are.")


class CoachAccess(BaseModel):
    """A person who may see some of your data, or asks to."""

    coach_id: UUID
    name: str
    email: str
    scopes: list[Share]
    state: Literal["asked", "active"] = Field(description="`asked`: a coach's question that waits for your answer.")
    asked_by: Literal["athlete", "coach"]
    message: str | None = Field(description="What a coach wrote with the question.")
    since: datetime = Field(description="Of the question, or of your yes.")
    last_read_at: datetime | None


class PastAccess(BaseModel):
    """Access that has ended, or a question that was refused."""

    coach_id: UUID
    name: str
    scopes: list[Share]
    accepted_at: datetime | None
    ended_at: datetime
    ended_by: Literal["athlete", "coach", "change"] = Field(description="`change`: you chose other scopes.")


class CoachInvitation(BaseModel):
    """An invitation that waits to be used."""

    id: UUID
    email: str | None
    scopes: list[Share]
    created_at: datetime
    expires_at: datetime
    code: str | None = Field(
        default=None, description="To hand over yourself; only in the answer that makes it, and never by e-mail."
    )


class PeopleWithAccess(BaseModel):
    """Who else can see your data, what, and since when."""

    coaches: list[CoachAccess]
    invitations: list[CoachInvitation]
    past: list[PastAccess] = Field(description="The newest first; at most 100.")
    scopes: list[ScopeText] = Field(description="Everything that can be shared.")


class InvitationOrder(BaseModel):
    """Whom to invite as a coach, and to what."""

    model_config = ConfigDict(extra="forbid")

    scopes: Scopes
    email: Annotated[EmailStr, Field(max_length=254)] | None = Field(
        default=None,
        description="The code is sent there and works only for that account; without it you hand the code over.",
        examples=["coach@example.org"],
    )


class InvitationCode(BaseModel):
    """A code that an athlete handed over."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=8, max_length=100, examples=["k7wq-mh2f-9xtd-c4ra"])]


class AccessQuestion(BaseModel):
    """A coach's question to an athlete."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[EmailStr, Field(max_length=254, examples=["athlete@example.org"])]
    scopes: Scopes
    message: Annotated[str, PlainText, Field(max_length=300)] | None = Field(
        default=None, examples=["We met at the club."]
    )


class AccessChange(BaseModel):
    """What a coach may see from now on; it also is the yes to a coach's question."""

    model_config = ConfigDict(extra="forbid")

    scopes: Scopes


class CoachRead(BaseModel):
    """What a coach looked at or suggested on a day."""

    coach_id: UUID
    coach_name: str
    day: dt.date
    what: str = Field(description="Name of the operation, for instance `get_activity`.")
    item: str | None = Field(description="Id of what was opened; null for lists.")
    times: int
    last_at: datetime


class CoachReads(Page[CoachRead]):
    """What coaches looked at, the latest first."""


class LastSession(BaseModel):
    """The latest activity."""

    id: UUID
    title: str | None
    sport: str
    day: dt.date
    timer_s: float
    load_au: float | None


class CoachedStatus(BaseModel):
    """How an athlete is doing at a glance; null is what is not shared or not known."""

    form: float | None = Field(description="This morning: fitness minus fatigue of the evening before (`tsb_morning`).")
    fitness: float | None
    last_session: LastSession | None
    planned_sessions: int | None = Field(description="Planned from six days ago until yesterday.")
    done_sessions: int | None = Field(description="How many of those were done.")
    warnings: list[str] | None = Field(
        description="What speaks for caution today, in your language, the most serious first."
    )
    open_proposals: int | None


class CoachedAthlete(BaseModel):
    """An athlete who lets you see some of their data."""

    athlete_id: UUID
    name: str
    time_zone: str
    units: str
    scopes: list[Share]
    since: datetime
    groups: list[UUID] = Field(description="In which of your groups they are; only you know of them.")
    status: CoachedStatus


class CoachedAthletes(BaseModel):
    """The athletes you coach, those first who have let you in longest."""

    items: list[CoachedAthlete]
    next_cursor: str | None = Field(description="Hand it back as `cursor` for the next page; null on the last page.")


class GroupName(BaseModel):
    """How a group is called."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Thursday runners"}]})

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), PlainText]


class CoachGroup(BaseModel):
    """A group in which you keep athletes who let you in."""

    id: UUID
    name: str
    athletes: int


class CoachGroups(BaseModel):
    """Your groups, by name."""

    items: list[CoachGroup]


class CoachProposal(BaseModel):
    """A change of an athlete's plan that a coach suggests, with the reason the athlete will read."""

    model_config = ConfigDict(extra="forbid")

    plan_id: UUID
    change: Annotated[dict[str, Any], ShownAs(PlanChangeWish)] = Field(
        examples=[{"type": "skip_week", "week_of": "2026-06-08"}, {"type": "drop_day", "weekday": "sat"}]
    )
    why: Annotated[
        str, PlainText, Field(min_length=1, max_length=300, examples=["Your legs need a week before the race."])
    ]
