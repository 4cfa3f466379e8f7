"""Teams of challenges as the API shows and accepts them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from topform.features.athletes.public import PlainText
from topform.features.community.challenges.schemas import BoardRow

TeamName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), PlainText]


class NewTeam(BaseModel):
    """What a team is called, and who comes in."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Early birds", "is_open": True}]}
    )

    name: TeamName
    is_open: bool = Field(default=True, description="False: its captain says yes to each who asks to come in.")


class TeamWish(BaseModel):
    """Which team you want to be in."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"team_id": "01890a5d-ac96-774b-bcce-b302099a8057"}]}
    )

    team_id: UUID


class TeamRow(BaseModel):
    """One team on the board."""

    id: UUID
    rank: int | None = Field(description="Equal totals share a rank; null before there is anything to count.")
    name: str
    score: float = Field(description="What its members have together, in the unit of the challenge.")
    people: int
    is_open: bool = Field(description="Whether everybody who takes part may come in; else its captain decides.")
    has_room: bool
    is_yours: bool
    is_asked: bool = Field(description="Whether you ask to come in and its captain has not answered.")


class TeamBoard(BaseModel):
    """All teams, as far as they are for you."""

    challenge_id: UUID
    team_size: int = Field(description="The most members of a team.")
    own: TeamRow | None
    items: list[TeamRow]


class ChallengeTeam(BaseModel):
    """A team with its members, as far as you may know them."""

    id: UUID
    name: str
    is_open: bool
    is_yours: bool
    is_captain: bool = Field(description="Whether you are its captain: who has been a member longest.")
    members: list[BoardRow] = Field(description="Who came first, first; their ranks are those among everybody.")
    asking: list[BoardRow] = Field(description="Who asks to come in; only its captain sees them.")
