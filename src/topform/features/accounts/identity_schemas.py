"""Signing in with an account elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class IdentityProviderOffer(BaseModel):
    """Where else one can sign in."""

    id: str
    name: str


class IdentityFlow(BaseModel):
    """The page of the provider to go to."""

    authorization_url: str


class ProviderAnswer(BaseModel):
    """What the provider sent back to `/identity`, as it stood in the address."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[str, Field(min_length=1, max_length=200)]
    code: Annotated[str, Field(max_length=4000)] | None = None
    iss: Annotated[str, Field(max_length=500)] | None = None
    error: Annotated[str, Field(max_length=200)] | None = None


class LinkedIdentity(BaseModel):
    """An account elsewhere that opens this one."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    provider: str
    email: str
    created_at: datetime
    last_used_at: datetime | None
