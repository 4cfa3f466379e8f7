"""What an operator sets up for signing in with an account elsewhere (OpenID Connect)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from topform.platform.provider_settings import secret_of


class IdentityProviderSettings(BaseModel):
    """The operator's application at one identity provider."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    name: str | None = None
    hosts: str = ""
    base_url: str | None = None

    @field_validator("issuer")
    @classmethod
    def _over_tls(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ValueError("must be an address such as https://login.example.org")
        return issuer

    def secret(self) -> str | None:
        """Return the client secret, from the file when it lies in one."""
        return secret_of(self.client_secret, self.client_secret_file)

    def allowed_hosts(self) -> frozenset[str]:
        """Return the only hosts that requests to the provider may go to: the issuer's, and those that are listed."""
        listed = {host.strip() for host in self.hosts.split(",") if host.strip()}
        return frozenset(listed | {urlsplit(self.issuer).hostname or ""})
