"""Passkeys as browsers write them (WebAuthn Level 3, section 5.1) and as people see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from topform.features.athletes.public import PlainText

Encoded = Annotated[str, Field(max_length=20_000, pattern=r"^[A-Za-z0-9_-]*={0,2}$")]
"""Bytes as base64url."""


class _FromBrowser(BaseModel):
    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class AttestationResponse(_FromBrowser):
    """What an authenticator says when it has made a passkey."""

    client_data: Encoded = Field(alias="clientDataJSON")
    attestation_object: Encoded
    transports: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=10)] = []


class AssertionResponse(_FromBrowser):
    """What an authenticator says when it has used a passkey."""

    client_data: Encoded = Field(alias="clientDataJSON")
    authenticator_data: Encoded
    signature: Encoded
    user_handle: Encoded | None = None


class PasskeyCreation(_FromBrowser):
    """A new passkey, as `navigator.credentials.create()` returns it."""

    id: Encoded
    raw_id: Encoded
    type: Literal["public-key"]
    response: AttestationResponse


class PasskeyAssertion(_FromBrowser):
    """A used passkey, as `navigator.credentials.get()` returns it."""

    id: Encoded
    raw_id: Encoded
    type: Literal["public-key"]
    response: AssertionResponse


class PasskeyOptions(BaseModel):
    """What to hand to the browser; it works once and for five minutes."""

    public_key: dict[str, Any] = Field(
        description="`PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` of Web "
        "Authentication, as `PublicKeyCredential.parseCreationOptionsFromJSON` takes it; bytes are base64url."
    )


class NewPasskey(BaseModel):
    """A passkey and what its owner calls it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100), PlainText]
    credential: PasskeyCreation


class Passkey(BaseModel):
    """A passkey, without its key."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
    is_backed_up: bool = Field(description="Whether its maker keeps a copy, so that a lost device does not lose it.")
