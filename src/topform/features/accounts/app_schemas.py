"""Apps of others that athletes let in (OAuth 2.0, authorization code with PKCE)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from topform.features.athletes.public import PlainText


def _safe_redirect(address: str) -> str:
    parts = urlsplit(address)
    is_web = parts.scheme == "https" and bool(parts.hostname)
    is_loopback = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    is_native = "." in parts.scheme and not parts.netloc  # RFC 8252, section 7.1: a reversed domain name
    if not (is_web or is_loopback or is_native) or parts.fragment or "#" in address or "@" in parts.netloc:
        raise ValueError("must be https, http on this machine, or a scheme such as org.example.app:/done; no fragment")
    if any(letter <= " " or letter in '\\*"<>' for letter in address):
        raise ValueError("must not hold spaces, stars or other special characters")
    return address


RedirectUri = Annotated[str, Field(min_length=3, max_length=500), AfterValidator(_safe_redirect)]


class NewApp(BaseModel):
    """An app that asks athletes for access."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100), PlainText]
    redirect_uris: Annotated[list[RedirectUri], Field(min_length=1, max_length=10)] = Field(
        description="Where athletes are led back to; compared letter by letter."
    )
    is_confidential: bool = Field(False, description="Whether it runs on a server that can keep a secret.")


class RegisteredApp(BaseModel):
    """An app as its owner sees it."""

    client_id: UUID
    name: str
    redirect_uris: list[str]
    is_confidential: bool
    created_at: datetime


class ShownApp(RegisteredApp):
    """A new app; the only answer that holds its secret."""

    client_secret: str | None = Field(description="Null for apps that cannot keep one.")


class GrantedApp(BaseModel):
    """An app that the athlete has let in."""

    client_id: UUID
    name: str
    scopes: list[str]
    granted_at: datetime
    last_used_at: datetime | None


class Apps(BaseModel):
    """Apps that were let in, and apps that this athlete has registered."""

    granted: list[GrantedApp]
    registered: list[RegisteredApp]


class AppRequest(BaseModel):
    """What an app asks for, as it stands in the address of the consent page (RFC 6749, 4.1.1; RFC 7636, 4.3)."""

    model_config = ConfigDict(extra="ignore")

    response_type: Annotated[str, Field(max_length=100)] = ""
    client_id: Annotated[str, Field(max_length=100)] = ""
    redirect_uri: Annotated[str, Field(max_length=500)] = ""
    scope: Annotated[str, Field(max_length=2000)] = ""
    state: Annotated[str, Field(max_length=1000)] | None = None
    code_challenge: Annotated[str, Field(max_length=128)] = ""
    code_challenge_method: Annotated[str, Field(max_length=20)] = ""


class AppQuestion(BaseModel):
    """What the athlete is asked."""

    name: str
    scopes: list[str]
    leads_to: str = Field(description="The host, or the scheme, that the athlete is led back to.")


class AppDecision(BaseModel):
    """What the athlete says to it."""

    model_config = ConfigDict(extra="forbid")

    request: AppRequest
    is_allowed: bool


class AppAnswer(BaseModel):
    """Where to go now."""

    redirect_to: str


class AppTokens(BaseModel):
    """Tokens for an app (RFC 6749, 5.1)."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of a kind of token
    expires_in: int
    refresh_token: str
    scope: str


class AppError(BaseModel):
    """Why an app gets nothing (RFC 6749, 5.2)."""

    error: str
    error_description: str | None = None
