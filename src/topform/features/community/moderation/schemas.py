"""Reports as moderators see and decide them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from topform.features.athletes.public import PlainText
from topform.features.community.posts.schemas import Author, Reason, Snapshot
from topform.platform.web.pages import Page

Decision = Literal["kept", "removed"]
ReportedKind = Literal["post", "comment", "challenge", "entry", "club", "team", "segment", "person"]


class ReportedThing(BaseModel):
    """Something that was reported; who reported it is not shown."""

    id: UUID
    kind: ReportedKind = Field(description="`entry`: a place on the board of a challenge.")
    author: Author
    text: str = Field(
        description="The words of the post or comment, the title of the challenge, or the name of the club, team or "
        "segment as it was reported; empty for a person."
    )
    snapshot: Snapshot | None = Field(
        description="What a post shows, of a deleted one sport, exercise, day and title; null for all else."
    )
    is_deleted: bool = Field(
        description="Whether it was deleted since; what is shown here was kept with the report, until 365 days after "
        "the decision."
    )
    said_at: datetime | None = Field(description="When the post or comment was said so; null for all else.")
    reason: Reason
    note: str
    created_at: datetime
    decision: Decision | None
    decision_note: str | None
    decided_at: datetime | None


class ReportPage(Page[ReportedThing]):
    """Reports, oldest first."""


class ReportDecision(BaseModel):
    """What to do with it, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "removed", "note": "Insults another person."}]},
    )

    decision: Decision = Field(
        description="Removed: nobody but its author sees it any more; a place is off its board; a club, team or "
        "segment gets a neutral name."
    )
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), PlainText]
