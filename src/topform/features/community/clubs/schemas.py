"""Clubs and their people as the API shows and accepts them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from topform.core.activity import Sport
from topform.features.athletes.public import PlainText
from topform.features.community.posts.schemas import Author
from topform.platform.web.pages import Page

Joining = Literal["open", "request", "invitation"]
Standing = Literal["owner", "organiser", "member", "requested", "invited", "banned"]
GivenStanding = Literal["owner", "organiser", "member", "invited", "banned"]
OwnStanding = Literal["none", "owner", "organiser", "member", "requested", "invited"]
ListedClubs = Literal["mine", "listed"]
ClubName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), PlainText]
ClubText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), PlainText]
Sports = Annotated[
    list[Sport], Field(max_length=len(Sport), description="What its people do together; empty: all kinds.")
]

JOINING = (
    "`open`: who sees the club joins at once; `request`: an organiser says yes first; `invitation`: who was asked."
)
LISTED = "Whether people on this server who are not in the club find it; hidden clubs are seen by invitation only."


class Club(BaseModel):
    """A club that you may see."""

    id: UUID
    name: str
    description: str
    sports: list[Sport]
    joining: Joining
    is_listed: bool
    owner: Author | None = Field(description="Who is responsible; null when that person is not for you.")
    people: int = Field(description="How many are in it, as far as you may know.")
    standing: OwnStanding = Field(description="How you stand to it.")
    requests: int | None = Field(description="How many ask to join; null for all but the owner and organisers.")
    created_at: datetime


class ClubPage(Page[Club]):
    """A page of clubs, those made last first."""


class NewClub(BaseModel):
    """A club to make."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "Lake runners",
                    "description": "Tuesdays at six, any pace.",
                    "sports": ["running"],
                    "joining": "request",
                    "is_listed": True,
                }
            ]
        },
    )

    name: ClubName
    description: ClubText = ""
    sports: Sports = []
    joining: Joining = Field(default="request", description=JOINING)
    is_listed: bool = Field(default=False, description=LISTED)


class ClubChange(BaseModel):
    """What to change of a club; fields that are left out stay."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"joining": "open"}]})

    name: ClubName | None = None
    description: ClubText | None = None
    sports: Sports | None = None
    joining: Joining | None = Field(default=None, description=JOINING)
    is_listed: bool | None = Field(default=None, description=LISTED)


class ClubPerson(BaseModel):
    """Somebody and how they stand to a club."""

    handle: str
    name: str
    is_you: bool
    standing: Standing
    since: datetime = Field(description="When they joined; or when they asked, were asked, or were kept out.")


class ClubPeople(BaseModel):
    """People of a club: those who run it first, then by name."""

    items: list[ClubPerson]


class StandingWish(BaseModel):
    """How somebody is to stand to a club."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"standing": "member"}]})

    standing: GivenStanding = Field(
        description="`invited`: ask them in; `member`: say yes to a request, or take the role of an organiser back; "
        "`organiser` and `owner`: give a role, which only the owner does, who becomes an organiser by handing the "
        "club over; `banned`: remove them for good."
    )
