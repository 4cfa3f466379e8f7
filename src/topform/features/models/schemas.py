"""Model versions as administrators see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["candidate", "shadow", "champion", "retired", "refused"]


class ModelTransition(BaseModel):
    """One change of a version's state."""

    model_config = ConfigDict(from_attributes=True)

    before: State | None
    after: State
    reason: str
    numbers: dict[str, Any] = Field(description="What decided, as names and numbers; which, depends on the reason.")
    decided_by: Literal["server", "administrator", "command"]
    created_at: datetime


class ModelVersion(BaseModel):
    """One version of a model."""

    model_config = ConfigDict(from_attributes=True)

    model_id: str
    number: int
    state: State
    sha256: str
    size_bytes: int
    signature: str = Field(description="Ed25519 over model, number, digest and card: `v1.<key id>.<base64url>`.")
    dataset_number: int | None = Field(description="Which version of the labels it was trained on.")
    created_at: datetime


class ModelVersionDetails(ModelVersion):
    """A version with everything that is known about it."""

    card: dict[str, Any] = Field(description="The model card, as it came with the version.")
    is_verified: bool = Field(description="Whether file and signature are right at this moment.")
    problem: str | None = Field(description="Why not.")
    transitions: list[ModelTransition] = Field(description="Oldest first.")


class RegisteredModel(BaseModel):
    """A model of which this server keeps versions."""

    model_id: str
    champion: int | None = Field(description="The version that decides; null: the one that ships with the program.")
    shadow: int | None = Field(description="The version that is judged beside it without any effect.")
    versions: list[ModelVersion] = Field(description="The newest first.")


class RegisteredModels(BaseModel):
    """All of them, and the keys that their signatures can be checked with."""

    models: list[RegisteredModel]
    public_keys: dict[str, str] = Field(description="Ed25519 keys in base64, by key id.")


class DeviceModel(BaseModel):
    """Which version of a model devices shall run, said once and signed; read `statement` only after checking it."""

    statement: str = Field(
        description="JSON: `format`, `version`, `model`, `release` (grows with every change, rollbacks too), `keys` "
        "(Ed25519 in base64, by id) and `file`: null for the one that ships with the app, else `number`, `sha256`, "
        "`size_bytes` and `golden` (frames and what the model says of them)."
    )
    signatures: dict[str, str] = Field(
        description="Ed25519 over the UTF-8 of `statement`, in base64, by the id of each key of this server."
    )


class Decided(BaseModel):
    """Why an administrator decides something."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=3, max_length=500)]
