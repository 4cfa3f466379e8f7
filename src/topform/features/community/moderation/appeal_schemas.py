"""What was taken away, appeals, and their answers, as the API shows and accepts them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from topform.features.athletes.public import PlainText
from topform.features.community.posts.schemas import Author, Snapshot
from topform.features.community.removals import RemovedKind
from topform.platform.web.pages import Page

Answer = Literal["upheld", "restored"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), PlainText]


class Removal(BaseModel):
    """Something of yours that was taken away, why, and what became of your appeal."""

    id: UUID
    kind: RemovedKind = Field(
        description="`entry`, `segment_place`: your place on the board of a challenge or segment; `club`, `team`, "
        "`segment`: its name."
    )
    text: str = Field(description="The words of a post or comment, the title of a challenge, a name.")
    is_by_maker: bool = Field(description="Whether the maker of the challenge did it, and no moderator.")
    note: str = Field(description="Why, in the words of who decided; empty when none were said.")
    decided_at: datetime
    may_appeal: bool = Field(description="Each decision can be appealed once.")
    appeal: str | None
    appealed_at: datetime | None
    answer: Answer | None
    answer_note: str | None
    answered_at: datetime | None


class RemovalPage(Page[Removal]):
    """What was taken away, the latest first."""


class NewAppeal(BaseModel):
    """Why it should come back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "The recording was mine; my watch was new."}]}
    )

    reason: Words


class Appeal(BaseModel):
    """An appeal as moderators see it."""

    id: UUID
    kind: RemovedKind
    author: Author
    text: str
    snapshot: Snapshot | None = Field(description="What a post shows; null for all else.")
    is_by_maker: bool
    note: str
    decided_at: datetime
    appeal: str
    appealed_at: datetime
    may_answer: bool = Field(description="False: it is yours, or you decided and another moderator can answer.")
    answer: Answer | None
    answer_note: str | None
    answered_at: datetime | None


class AppealPage(Page[Appeal]):
    """Appeals, oldest first."""


class AppealAnswer(BaseModel):
    """Whether it comes back, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"answer": "restored", "note": "Nothing insulting in it."}]}
    )

    answer: Answer
    note: Words
