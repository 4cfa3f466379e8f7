"""Challenges and boards as the API shows and accepts them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from topform.core.activity import Sport
from topform.features.athletes.public import PlainText
from topform.features.community.challenges.scoring import Kind, RankedBy
from topform.features.community.posts.schemas import Author
from topform.platform.web.pages import Page

Audience = Literal["invited", "followers", "club", "public"]
Level = Literal["beginner", "intermediate", "advanced"]
Likeness = Literal["age_band", "sex", "level"]
State = Literal["upcoming", "open", "late", "settled"]
ListedState = Literal["open", "mine", "ended"]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), PlainText]

MOST_DAYS = 366
WITH_SPORT = frozenset({"distance", "time", "ascent"})


class NewChallenge(BaseModel):
    """What is compared, on which days, and who may take part; it stays as it is made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "June push-ups",
                    "kind": "push_ups",
                    "first_day": "2026-06-01",
                    "last_day": "2026-06-30",
                    "audience": "followers",
                }
            ]
        },
    )

    title: Title
    kind: Kind
    ranked_by: RankedBy = Field(
        default="total",
        description="`total`: who does most. `own_best`: a ladder, who gets furthest above their own best of the year "
        "before the first day.",
    )
    sport: Sport | None = Field(default=None, description="Which activities count; null: all of them.")
    first_day: date = Field(description="Of each participant's own calendar.")
    last_day: date
    audience: Audience = "followers"
    club_id: UUID | None = Field(default=None, description="Whose members take part, when the audience is `club`.")
    team_size: int | None = Field(
        default=None, ge=2, le=50, description="The most members of a team; null: everybody for themselves."
    )
    take_part: bool = Field(default=True, description="Whether you take part yourself, with your name.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not 0 <= (self.last_day - self.first_day).days < MOST_DAYS:
            raise ValueError(f"a challenge lasts from 1 to {MOST_DAYS} days")
        if self.sport is not None and self.kind not in WITH_SPORT:
            raise ValueError("only distance, time and ascent are counted for one sport")
        if self.ranked_by == "own_best" and self.kind == "streak":
            raise ValueError("a streak has no best before the start")
        if (self.audience == "club") != (self.club_id is not None):
            raise ValueError("a challenge for a club names the club, and no other does")
        return self


class EntryWish(BaseModel):
    """How you want to stand on the board."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"is_named": True}]})

    is_named: bool = Field(default=True, description="False: everybody else sees somebody without a name.")
    share: list[Literal["age_band", "sex"]] = Field(
        default=[], max_length=2, description="What of your profile this challenge may compare you by."
    )
    level: Level | None = Field(default=None, description="How you see yourself; null: not said.")


class OwnEntry(BaseModel):
    """Your place as only you see it."""

    is_named: bool
    age_band: str | None
    sex: str | None
    level: Level | None
    score: float


class ChallengeClub(BaseModel):
    """The club that a challenge is for."""

    id: UUID
    name: str


class Challenge(BaseModel):
    """A challenge that you may see."""

    id: UUID
    title: str
    kind: Kind
    ranked_by: RankedBy
    sport: Sport | None
    exercise: str | None
    first_day: date
    last_day: date
    audience: Audience
    club: ChallengeClub | None = Field(description="Whose members see it and take part; null when it is of no club.")
    team_size: int | None = Field(description="The most members of a team; null: there are no teams.")
    maker: Author
    is_own: bool
    may_close: bool = Field(description="Whether you may delete it: you made it, or run its club.")
    people: int = Field(description="How many take part, as far as you may know.")
    state: State = Field(description="`late`: the days are over, and what arrives late still counts.")
    entry: OwnEntry | None = Field(description="Your place; null when you do not take part.")
    is_invited: bool
    is_removed: bool = Field(description="Whether a moderator took it away; then only its maker sees it.")
    created_at: datetime


class ChallengePage(Page[Challenge]):
    """A page of challenges."""


class BoardRow(BaseModel):
    """One place on a board."""

    id: UUID = Field(description="Of the place; it says nothing of who has it.")
    rank: int | None = Field(description="Equal scores share a rank; null before there is anything to count.")
    name: str | None = Field(description="Null: somebody whose name is not for you.")
    handle: str | None
    is_you: bool
    score: float = Field(description="Repetitions, metres, seconds or sessions, or percent on a ladder.")


class Board(BaseModel):
    """Who stands where, as far as it is for you; ranks count whom you may see."""

    challenge_id: UUID
    like: list[Likeness] = Field(description="In what everybody on this board is like you.")
    people: int
    own: BoardRow | None
    items: list[BoardRow]
    next_cursor: str | None


class Repetition(BaseModel):
    """A repetition and why it counts, or does not."""

    index: int
    start_s: float
    end_s: float
    counts: bool
    reason: str


class SetEvidence(BaseModel):
    """A form check as your score counts it."""

    form_check_id: UUID
    day: date
    count: int
    counted: bool = Field(description="False: another day, too late, or the same repetitions as an earlier set.")
    reps: list[Repetition]


class LadderStep(BaseModel):
    """A day that lifted your best."""

    day: date
    amount: float = Field(description="Its best effort: repetitions of a set; metres or seconds of an activity.")
    counts_to: float = Field(description="Up to where it counts: a day adds a tenth at most.")


class LadderEvidence(BaseModel):
    """From where you climb, and how."""

    base: float | None = Field(description="The best that you start from; null before there is any.")
    starts_on: date | None = Field(description="The day whose best it is, when there was none before the first day.")
    steps: list[LadderStep]


class ScoreEvidence(BaseModel):
    """What your score is made of; nobody else sees it."""

    score: float
    sets: list[SetEvidence]
    ladder: LadderEvidence | None = Field(description="Only in challenges that are ranked by one's own best.")
