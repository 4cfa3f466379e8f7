"""One frozen settings object, read once in an entry point from ``TOPFORM_*`` variables and handed down."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from topform.core.errors import SetupError
from topform.platform.identity_settings import IdentityProviderSettings
from topform.platform.map_tiles import suits_maps
from topform.platform.provider_settings import ProviderSettings, read_providers_file
from topform.platform.secret_files import secret_in_file

MIN_SECRET_CHARACTERS = 32
PLACEHOLDERS = ("change", "placeholder", "example", "your-", "your_", "secret", "password")
GIB = 2**30


class InvalidSettingsError(SetupError):
    """A setting has a value that this program refuses to start with."""

    code = "invalid_settings"


def default_data_dir() -> Path:
    """Return where an installation keeps its data unless told otherwise."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/topform")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "topform"
    configured = os.environ.get("XDG_DATA_HOME")
    return (Path(configured) if configured else Path.home() / ".local" / "share") / "topform"


def suits_passkeys(origin: str) -> bool:
    """Whether browsers bind passkeys to an origin: a name, not a number, over TLS or on this very machine."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if f"{parts.scheme}://{parts.netloc}" != origin or parts.username is not None or not host:
        return False
    is_name = ":" not in host and not host.rpartition(".")[2].isdigit()
    return is_name and (parts.scheme == "https" or (parts.scheme == "http" and host == "localhost"))


class Settings(BaseSettings):
    """Everything an operator can set; each field is the variable ``TOPFORM_<FIELD>``."""

    model_config = SettingsConfigDict(
        env_prefix="TOPFORM_", env_nested_delimiter="__", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    data_dir: Path = Field(default_factory=default_data_dir)
    database_url: SecretStr | None = None
    object_store_url: str | None = None
    secret_key: SecretStr | None = None
    previous_secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(default_factory=tuple)

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_url: str | None = None
    secure_cookies: bool | None = None
    passkey_origins: Annotated[tuple[str, ...], NoDecode] = Field(default_factory=tuple)
    forwarded_allow_ips: str = "127.0.0.1"
    web_dir: Path | None = None
    model_dir: Path | None = None
    map_tiles_attribution: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    map_tiles_max_zoom: Annotated[int, Field(ge=1, le=22)] = 18
    map_tiles_url: str | None = None

    sign_up: Literal["open", "invite", "closed"] = "open"
    mail_url: SecretStr | None = None
    mail_from: str = "TopForm <topform@localhost>"
    push_hosts: Annotated[frozenset[str], NoDecode] = Field(default_factory=frozenset)
    push_base_url: str | None = None
    federation: Literal["off", "on", "loopback"] = "off"
    expo_push: bool = False
    expo_access_token: SecretStr | None = None
    max_video_bytes: Annotated[int, Field(gt=0)] = 2 * GIB
    max_activity_bytes: Annotated[int, Field(gt=0)] = 3 * GIB
    max_account_bytes: Annotated[int, Field(gt=0)] = 20 * GIB

    api_processes: Annotated[int, Field(ge=1, le=64)] = 1
    worker_concurrency: Annotated[int, Field(ge=1, le=64)] = 2
    improve_models: bool = False
    improve_min_people: Annotated[int, Field(ge=2)] = 50
    improve_min_sets: Annotated[int, Field(ge=2)] = 200
    improve_shadow_checks: Annotated[int, Field(ge=1)] = 100
    events_kept_days: Annotated[int, Field(ge=1)] = 14

    identity_providers: dict[str, IdentityProviderSettings] = Field(default_factory=dict)
    providers: dict[str, ProviderSettings] = Field(default_factory=dict)
    providers_file: Path | None = None
    watch_dir: Path | None = None

    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    metrics_token: SecretStr | None = None
    traces_endpoint: str | None = None

    service_user: str = "topform"
    postgres_bin_dir: Path | None = None

    @field_validator("data_dir", "web_dir", "model_dir", "postgres_bin_dir", "providers_file", "watch_dir")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()

    @field_validator("passkey_origins")
    @classmethod
    def _bindable(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not suits_passkeys(origin):
                raise ValueError("must be https addresses such as https://topform.example.org, without a path")
            host, first = urlsplit(origin).hostname, urlsplit(origins[0]).hostname
            if host != first and not f"{host}".endswith(f".{first}"):
                raise ValueError("must begin with the name that all others end with")
        return origins

    @field_validator("map_tiles_url")
    @classmethod
    def _of_one_host(cls, template: str | None, info: ValidationInfo) -> str | None:
        if template is None:
            return None
        if not suits_maps(template):
            raise ValueError("must be an https address with {z}, {x} and {y}, such as https://host/{z}/{x}/{y}.png")
        if info.data.get("map_tiles_attribution") is None:
            raise ValueError("needs TOPFORM_MAP_TILES_ATTRIBUTION: whose maps these are, as their licence asks")
        return template

    @field_validator("federation")
    @classmethod
    def _has_address(cls, chosen: str, info: ValidationInfo) -> str:
        address = (info.data.get("public_url") or "").rstrip("/")
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and f"{parts.scheme}://{parts.netloc}" == address and parts.username is None
        if chosen == "on" and not (is_whole and parts.scheme == "https" and parts.port in (None, 443)):
            raise ValueError("needs TOPFORM_PUBLIC_URL: an https address without a path and with the usual port")
        if chosen == "loopback" and not (is_whole and parts.hostname in ("127.0.0.1", "localhost", "::1")):
            raise ValueError("is loopback, for tests, and needs a TOPFORM_PUBLIC_URL on this machine")
        return chosen

    @field_validator("push_hosts", mode="before")
    @classmethod
    def _names(cls, hosts: object) -> object:
        if not isinstance(hosts, str):
            return hosts
        return frozenset(host.strip().lower() for host in hosts.split(",") if host.strip())

    @field_validator("previous_secret_keys", "passkey_origins", mode="before")
    @classmethod
    def _listed(cls, keys: object) -> object:
        return tuple(key.strip() for key in keys.split(",") if key.strip()) if isinstance(keys, str) else keys

    @field_validator("secret_key", "metrics_token")
    @classmethod
    def _no_placeholder(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is None:
            return None
        value = secret.get_secret_value()
        if len(value) < MIN_SECRET_CHARACTERS or len(set(value)) < 10:
            raise ValueError(f"must be random and have at least {MIN_SECRET_CHARACTERS} characters")
        if any(word in value.lower() for word in PLACEHOLDERS):
            raise ValueError("is a placeholder from an example, not a secret")
        return secret

    @field_validator("database_url")
    @classmethod
    def _postgresql_only(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        value = url.get_secret_value()
        if not value.startswith(("postgresql://", "postgres://", "postgresql+asyncpg://")):
            raise ValueError("must start with postgresql://")
        password = urlsplit(value).password
        if password is not None and any(word in password.lower() for word in ("change", "placeholder", "example")):
            raise ValueError("holds a placeholder password")
        return url

    @field_validator("traces_endpoint", "push_base_url")
    @classmethod
    def _http_only(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("must be an address such as http://localhost:4318")
        return url

    @field_validator("mail_url")
    @classmethod
    def _smtp_only(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("smtp://", "smtps://")):
            raise ValueError("must start with smtp:// or smtps://")
        return url

    def signing_key(self) -> str:
        """Return the secret that signs tokens: the configured one, or one generated once in the data directory."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return secret_in_file(self.signing_key_file)

    def sealing_keys(self) -> tuple[str, ...]:
        """Return the secrets that stored credentials are encrypted with, the newest first."""
        return (self.signing_key(), *(key.get_secret_value() for key in self.previous_secret_keys))

    def trusted_origins(self) -> tuple[str, ...]:
        """Return the origins at which passkeys work, none when people open an address that they cannot be bound to."""
        if self.passkey_origins:
            return self.passkey_origins
        parts = urlsplit(self.public_url or f"http://localhost:{self.port}")
        origin = f"{parts.scheme}://{parts.netloc}"
        return (origin,) if suits_passkeys(origin) else ()

    def provider_settings(self) -> dict[str, ProviderSettings]:
        """Return what is set up for third-party services; variables win over the file, service by service."""
        in_file = {} if self.providers_file is None else read_providers_file(self.providers_file)
        return {**in_file, **self.providers}

    @property
    def signing_key_file(self) -> Path:
        """The generated secret, where none is configured."""
        return self.data_dir / "secrets" / "signing_key"

    @property
    def objects_dir(self) -> Path:
        """Folder of stored objects when no object store URL is set."""
        return self.data_dir / "objects"

    @property
    def staging_dir(self) -> Path:
        """Folder of files that are being written and may be thrown away."""
        return self.data_dir / "staging"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; options of the command line win over variables, and a bad value is a typed error."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        name = str(problem["loc"][0]) if problem["loc"] else "settings"
        variable = f"TOPFORM_{name.upper()}"
        reason = problem["msg"].removeprefix("Value error, ")
        remedy = (
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
            if name == "secret_key"
            else f"Correct or unset {variable}."
        )
        # The chained error would print the rejected value, which may be a secret.
        raise InvalidSettingsError(f"{variable} {reason}.", remedy=remedy, setting=name) from None
