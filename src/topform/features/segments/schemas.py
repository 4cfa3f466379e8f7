"""Segments as the API shows and accepts them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from topform.core.activity import Sport
from topform.features.athletes.public import PlainText
from topform.platform.web.pages import Page

Audience = Literal["me", "followers", "club"]
SegmentName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    PlainText,
    Field(examples=["Climb to the tower"]),
]
Moment = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False, description="On the leg's time axis. [s]")]
Point = tuple[float, float]


class NewSegment(BaseModel):
    """A stretch of one of your activities."""

    model_config = ConfigDict(extra="forbid")

    name: SegmentName
    activity_id: UUID
    leg: Annotated[int, Field(ge=0, le=1000)] = 0
    start_s: Annotated[Moment, Field(examples=[120.0])]
    end_s: Annotated[Moment, Field(examples=[480.0])]


class SegmentChange(BaseModel):
    """What is changed of a segment; what is absent stays."""

    model_config = ConfigDict(extra="forbid")

    name: SegmentName | None = None
    audience: Audience | None = Field(
        default=None,
        description="`followers`: people who follow you see it and may join; `club`: members of a club, while you are "
        "in it. Changed, they join anew.",
    )
    club_id: UUID | None = Field(default=None, description="Which club sees it, when the audience is `club`.")

    @model_validator(mode="after")
    def _names_its_club(self) -> Self:
        if (self.audience == "club") != (self.club_id is not None):
            raise ValueError("a segment for a club names the club, and no other does")
        return self


class MembershipWish(BaseModel):
    """Whether your efforts stand on the board."""

    model_config = ConfigDict(extra="forbid")

    shares_efforts: bool = Field(description="Everybody who may see the segment sees your best time and your count.")


class SegmentPerson(BaseModel):
    """Somebody of the community."""

    handle: str
    name: str


class SegmentClub(BaseModel):
    """The club that a segment is shared with."""

    id: UUID
    name: str


class SegmentSummary(BaseModel):
    """A segment in a list, with your own efforts on it."""

    id: UUID
    name: str
    sport: Sport
    length_m: float
    ascent_m: float | None
    audience: Audience = Field(description="With whom its owner shares it; yours: `me` while it is hidden.")
    club: SegmentClub | None = Field(description="Which club sees it; null when it is shared with none.")
    is_own: bool
    owner: SegmentPerson | None = Field(description="Whose it is; null for your own.")
    is_joined: bool = Field(description="Whether your activities are matched with it.")
    shares_efforts: bool
    is_matched: bool = Field(description="False while your history is still being looked through.")
    preview: list[Point] = Field(description="Some of its points: latitude and longitude.")
    efforts: int
    best_s: float | None
    last_on: date | None
    created_at: datetime


class SegmentPage(Page[SegmentSummary]):
    """Segments, those made last first."""


class Trend(BaseModel):
    """Your last efforts beside those before them."""

    efforts: int = Field(description="How many are compared with as many before them.")
    recent_s: float = Field(description="Median of the last ones.")
    before_s: float


class Legend(BaseModel):
    """Who was here most often in the last 90 days, of those who share their efforts; the time does not matter."""

    name: str | None = Field(description="Null: somebody whose name is not for you.")
    handle: str | None
    is_you: bool
    efforts: int


class Segment(SegmentSummary):
    """A segment with its course."""

    course: list[Point]
    can_share: bool = Field(description="False where a source or a privacy zone of yours forbids it.")
    efforts_90_days: int
    trend: Trend | None = Field(description="Null with fewer than six efforts.")
    legend: Legend | None
    matching_job_id: UUID | None = Field(default=None, description="The job that looks through your history.")


class SegmentEffort(BaseModel):
    """One pass of a segment by you."""

    id: UUID
    segment_id: UUID
    segment_name: str
    activity_id: UUID
    leg: int
    start_s: float
    end_s: float
    started_at: datetime
    day: date
    elapsed_s: float
    rank: int = Field(description="Among your own efforts; equal times share a rank.")
    of: int
    speed_mean_m_s: float
    coverage: float = Field(description="The share of the segment on which positions were recorded.")
    hr_mean_bpm: float | None
    power_mean_w: float | None
    ga_speed_m_s: float | None


class SegmentEffortPage(Page[SegmentEffort]):
    """Your efforts, newest first."""


class SegmentBoardRow(BaseModel):
    """Somebody on the board of a segment."""

    rank: int
    name: str | None = Field(description="Null: somebody whose name is not for you.")
    handle: str | None
    is_you: bool
    best_s: float
    efforts_90_days: int


class SegmentBoard(BaseModel):
    """Who shares their efforts, as far as they are for you; ranks count whom you may see."""

    people: int
    own: SegmentBoardRow | None
    items: list[SegmentBoardRow]
    legend: Legend | None
