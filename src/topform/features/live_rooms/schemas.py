"""Rooms as the API shows and accepts them. There is no field for a place, and none can be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from topform.features.athletes.public import PlainText
from topform.features.community.public import Author

Audience = Literal["friends", "club", "coaching", "invited"]
Shared = Literal["count", "elapsed", "heart_rate", "zone", "speed", "power"]
TextVersion = Literal["1"]
RoomName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), PlainText]
Code = Annotated[str, Field(min_length=8, max_length=40, description="The code of an invitation link.")]

FIELD_OF: Final[dict[Shared, str]] = {
    "count": "count",
    "elapsed": "elapsed_s",
    "heart_rate": "hr_bpm",
    "zone": "zone",
    "speed": "speed_m_s",
    "power": "power_w",
}
"""The value that each choice shows."""

WHO = (
    "`friends`: people you follow each other with; `club`: a club that you are in; `coaching`: your coach and the "
    "athletes you coach; `invited`: only who has your link."
)
COUNT_AND_TIME: Final[list[Shared]] = ["count", "elapsed"]
Shares = Annotated[
    list[Shared], Field(max_length=6, description="What the others see of your session; empty: you only watch.")
]


class RoomClub(BaseModel):
    """The club whose people may come in."""

    id: UUID
    name: str


class OpenRoom(BaseModel):
    """A room that you may enter, seen from outside: who is there, and nothing of what they do."""

    id: UUID
    name: str | None
    audience: Audience
    club: RoomClub | None
    owner: Author
    is_yours: bool
    is_inside: bool = Field(description="Whether you are in it.")
    people: list[Author] = Field(description="Who is there, as far as they are for you.")
    created_at: datetime


class OpenRooms(BaseModel):
    """Rooms that are open to you, those opened last first."""

    items: list[OpenRoom]


class Values(BaseModel):
    """What somebody shows of their session at this moment; null where it is not measured or not shown."""

    count: int | None = Field(default=None, ge=0, le=10_000, description="Repetitions so far.")
    elapsed_s: int | None = Field(default=None, ge=0, le=86_400, description="Time since the start. [s]")
    hr_bpm: int | None = Field(default=None, ge=25, le=250)
    zone: int | None = Field(default=None, ge=1, le=7, description="Heart-rate zone.")
    speed_m_s: float | None = Field(default=None, ge=0, le=40)
    power_w: int | None = Field(default=None, ge=0, le=3_000)


class RoomPerson(Values):
    """Somebody in the room, with the newest of what they chose to show."""

    handle: str
    name: str
    is_you: bool
    is_owner: bool
    shares: list[Shared]
    entered_at: datetime
    last_seen_at: datetime = Field(description="When they were last heard of.")
    seq: int = Field(description="Number of their newest message; go on from your own.")


class Cheer(BaseModel):
    """A cheer in a room."""

    id: UUID
    by: Author
    to: Author | None = Field(description="Null: all who are there.")
    at: datetime


class Room(BaseModel):
    """The room that you are in, whole; the same comes on the WebSocket whenever it changes."""

    id: UUID
    name: str | None
    audience: Audience
    club: RoomClub | None
    owner: Author
    is_yours: bool
    created_at: datetime
    link_expires_at: datetime | None = Field(description="Until when your invitation link works; null for others.")
    people: list[RoomPerson]
    cheers: list[Cheer] = Field(description="The newest ten, the newest first.")
    as_of: datetime = Field(description="The server's time, to tell how long ago somebody was heard of.")


class NewRoom(BaseModel):
    """A room to open."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Push-ups at six", "audience": "friends"}]}
    )

    name: RoomName | None = None
    audience: Audience = Field(description=WHO)
    club_id: UUID | None = Field(default=None, description="Which club, for `club` only.")

    @model_validator(mode="after")
    def _names_its_club(self) -> NewRoom:
        if (self.audience == "club") != (self.club_id is not None):
            raise ValueError("club_id is given with the audience club, and only then")
        return self


class Entry(BaseModel):
    """What you agree to show in this room; it holds here only and can be changed at any moment."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"shares": ["count", "elapsed", "zone"], "text_version": "1"}]},
    )

    shares: Shares = COUNT_AND_TIME
    text_version: TextVersion = Field(description="Version of the words that you agreed to.")
    code: Code | None = None


class Knock(BaseModel):
    """The code that opens the door, from a link."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "k7mq-2xwd-9fhr-tb4n"}]})

    code: Code


class NewState(Values):
    """Your newest values. What you did not agree to show is not kept, whatever is sent."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"seq": 12, "count": 9, "zone": 3}]})

    seq: int = Field(ge=1, le=2**53, description="Larger than that of your last message; an older one changes nothing.")


class OwnState(BaseModel):
    """What became of your message."""

    seq: int = Field(description="Number of the message that counts.")
    shares: list[Shared]
    is_watching_only: bool = Field(
        description="Whether you reported a symptom that stops training: you watch, and nothing of you is shown."
    )


class NewLink(BaseModel):
    """An invitation link to make; the one before works no longer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"minutes": 120}]})

    minutes: int = Field(default=120, ge=5, le=720, description="How long it works.")


class Link(BaseModel):
    """An invitation link's code; it is shown once."""

    code: str
    expires_at: datetime


class NewCheer(BaseModel):
    """Whom to cheer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"to": "ada_runs"}]})

    to: str | None = Field(default=None, max_length=80, description="A handle; absent: all who are there.")
