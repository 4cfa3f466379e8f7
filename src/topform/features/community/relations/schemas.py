"""People and relations as the API shows and accepts them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from topform.features.athletes.public import DisplayName

HANDLE_MAX = 30
HANDLE = rf"^[a-z0-9][a-z0-9_]{{2,{HANDLE_MAX - 1}}}$"
Handle = Annotated[
    str,
    BeforeValidator(lambda given: given.strip().lower() if isinstance(given, str) else given),
    StringConstraints(pattern=HANDLE),
    Field(description="Lower-case letters, digits and _; 3 to 30 of them.", examples=["ada_runs"]),
]
HandleInPath = Annotated[str, Path(max_length=80, description="The handle of a person.", examples=["ada_runs"])]

Following = Literal["no", "requested", "yes"]


class Person(BaseModel):
    """Somebody as the viewer knows them."""

    handle: str
    name: str
    is_you: bool = False
    following: Following = Field(default="no", description="Whether you follow them.")
    follows_you: bool = False
    is_muted: bool = False
    has_public_feed: bool = Field(
        default=False, description="Whether what they share with everybody can be subscribed to without an account."
    )


class People(BaseModel):
    """A list of people, by name."""

    items: list[Person]


class OwnProfile(BaseModel):
    """How others see you."""

    handle: str
    name: str
    is_findable: bool
    has_public_feed: bool


class Membership(BaseModel):
    """Where you stand in the community; without a profile nobody sees you and you see nobody."""

    profile: OwnProfile | None
    requests: int = Field(description="How many people ask to follow you.")
    followers: int
    following: int
    federates: bool = Field(
        default=False, description="Whether this server knows people of other servers; see `GET /community/federation`."
    )


class ProfileChange(BaseModel):
    """How you want to be seen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"handle": "ada_runs", "name": "Ada", "is_findable": True}]},
    )

    handle: Handle
    name: DisplayName
    is_findable: bool = Field(
        default=False, description="Whether people on this server who do not know you yet can find you."
    )
    has_public_feed: bool = Field(
        default=False,
        description="Whether the whole world may read what you share with everybody, as RSS, Atom or JSON Feed and "
        "without an account; only for adults who said when they were born.",
    )
