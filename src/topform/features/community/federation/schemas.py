"""Federation as the API shows and accepts it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from topform.features.athletes.public import PlainText
from topform.features.community.relations.schemas import Following

RemoteAddress = Annotated[
    str, Path(max_length=330, description="The address of somebody of another server.", examples=["@kim@example.org"])
]
HostInPath = Annotated[
    str, Path(max_length=260, pattern=r"^[A-Za-z0-9.-]+(:[0-9]{1,5})?$", description="The name of a server.")
]


class FederationState(BaseModel):
    """Whether people of other servers can follow you, and how many do."""

    is_on: bool
    address: str | None = Field(description="Your address for others, such as `@ada_runs@topform.example.org`.")
    followers: int = Field(description="How many follow you from other servers.")
    requests: int = Field(description="How many there ask to.")


class FederationChoice(BaseModel):
    """Whether people of other servers can follow you."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"is_on": True}]})

    is_on: bool


class RemotePerson(BaseModel):
    """Somebody of another server, as that server describes them."""

    address: str
    name: str
    host: str
    url: str = Field(description="Their page there.")
    following: Following = Field(default="no", description="Whether you follow them.")


class RemotePeople(BaseModel):
    """A list of people of other servers, by name."""

    items: list[RemotePerson]


class BlockedHost(BaseModel):
    """A server that this one has nothing to do with."""

    host: str
    reason: str
    created_at: datetime


class BlockedHosts(BaseModel):
    """All of them, by name."""

    items: list[BlockedHost]


class HostBlock(BaseModel):
    """Why a server is shut out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "Nothing but spam"}]})

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), PlainText]
