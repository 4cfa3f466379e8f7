"""Signals as moderators see and decide them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from topform.features.athletes.public import PlainText
from topform.features.community.posts.schemas import Author
from topform.features.community.signals.rules import Code

SignalVerdict = Literal["fine", "removed"]


class SignalOfEffort(BaseModel):
    """Something unusual about an effort that others see on a board: a question to you, and no verdict."""

    id: UUID
    code: Code = Field(description="What is unusual; the guide of challenges says what each compares.")
    strength: float = Field(description="From 0 to 1, for the order in which to look; it is no probability.")
    facts: dict[str, float] = Field(description="What was found, and what it was compared with.")
    author: Author = Field(description="Whose effort it is.")
    place: Literal["challenge", "segment"]
    challenge_id: UUID | None
    segment_id: UUID | None
    title: str = Field(description="Of the challenge or the segment.")
    effort: Literal["set", "activity"]
    effort_at: datetime
    other: Author | None = Field(description="Whose earlier set or recording shows the same.")
    raised_at: datetime
    may_decide: bool = Field(description="False: the effort is your own.")
    decision: SignalVerdict | None
    decision_note: str | None
    decided_at: datetime | None


class SignalList(BaseModel):
    """The strongest open signals first, or the decided ones, the latest first."""

    items: list[SignalOfEffort]
    open: int = Field(description="How many wait in all.")


class SignalDecision(BaseModel):
    """What to do about it, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "fine", "note": "Downhill all the way; saw the route."}]},
    )

    decision: SignalVerdict = Field(
        description="`fine`: it is not raised again. `removed`: the place is off its board; its owner learns why and "
        "can appeal."
    )
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), PlainText]
