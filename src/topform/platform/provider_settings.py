"""What an operator sets up for a third-party service."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, field_validator

from topform.core.errors import SetupError


class ProviderSettings(BaseModel):
    """The operator's application at one service, where its secrets lie, and where its requests go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    client_id: str | None = None
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    webhook_secret: SecretStr | None = None
    base_url: str | None = None
    enabled: bool = True

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an address such as https://proxy.example.org/strava")
        return url

    def secret(self) -> str | None:
        """Return the client secret, from the file when it lies in one."""
        return secret_of(self.client_secret, self.client_secret_file)


def secret_of(given: SecretStr | None, file: Path | None) -> str | None:
    """Return a client secret, from the file when it lies in one."""
    if given is not None:
        return given.get_secret_value()
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SetupError(
            f"The secret in {file} cannot be read: {error.strerror}.",
            remedy="Correct client_secret_file, or the permissions of the file.",
        ) from error


def read_providers_file(path: Path) -> Mapping[str, ProviderSettings]:
    """Return the services that a TOML file sets up, one table each."""
    remedy = "Write one table for each service, such as [strava] with client_id and client_secret."
    try:
        tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: ProviderSettings.model_validate(table) for name, table in tables.items()}
    except OSError as error:
        raise SetupError(f"The file {path} cannot be read: {error.strerror}.", remedy=remedy) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"The file {path} is not TOML: {error}.", remedy=remedy) from error
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        # The chained error would print the rejected value, which may be a secret.
        raise SetupError(f"The file {path} sets {place} wrongly: {problem['msg']}.", remedy=remedy) from None
