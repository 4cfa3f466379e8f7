"""What TopForm asks of a third-party service, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol

from topform.core.errors import InvalidInputError
from topform.core.wellness import DailyValue


class SignInWay(StrEnum):
    """How an athlete gives TopForm access."""

    OAUTH = "oauth"
    """On the service's own page; the operator has registered an application there."""
    KEY = "key"
    """With a personal key that the athlete makes at the service; the operator has nothing to set up."""
    FOLDER = "folder"
    """By putting files into a folder of the server."""


class DataKind(StrEnum):
    """What a service delivers."""

    ACTIVITIES = "activities"
    WELLNESS = "wellness"


class WebhookProof(StrEnum):
    """What shows that a notification comes from the service."""

    NONE = "none"
    """The service sends none, or TopForm does not take them."""
    NOTHING = "nothing"
    """Nothing does: it is a hint to look, and what it says is fetched before it counts."""
    SHARED_SECRET = "shared_secret"  # noqa: S105
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class About:
    """What a service is and can do.

    ``history_days`` is how far back it lets us look, None without a limit.
    """

    id: str
    name: str
    sign_in: tuple[SignInWay, ...]
    kinds: frozenset[DataKind]
    hosts: frozenset[str]
    uses_pkce: bool = False
    webhook: WebhookProof = WebhookProof.NONE
    history_days: int | None = None
    can_deregister: bool = False


@dataclass(frozen=True, slots=True)
class ProviderApp:
    """What the operator set up for a service; the base address replaces the service's own, path prefix included."""

    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    webhook_secret: str | None = field(default=None, repr=False)
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens one athlete's data at a service; never printed, stored encrypted."""

    access_token: str = field(repr=False)
    sign_in: SignInWay = SignInWay.OAUTH
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    account_id: str | None = None
    account_name: str | None = None

    def is_stale(self, now: datetime, *, margin: timedelta = timedelta(minutes=5)) -> bool:
        """Whether the access token has ended or is about to."""
        return self.expires_at is not None and now >= self.expires_at - margin


@dataclass(frozen=True, slots=True)
class Window:
    """A range of the athlete's calendar days, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise InvalidInputError(f"the range begins on {self.first}, after its end on {self.last}")

    def newest_chunk(self, cursor: str | None, *, days: int) -> tuple[Window, str | None]:
        """Return the stretch to ask for next, newest first, and the cursor of the one after it."""
        last = self.last if cursor is None else min(date.fromisoformat(cursor), self.last)
        first = max(self.first, last - timedelta(days=days - 1))
        return Window(first, last), (first - timedelta(days=1)).isoformat() if first > self.first else None


@dataclass(frozen=True, slots=True)
class RemoteActivity:
    """An activity as a service lists it; ``unavailable`` says why its recording cannot be had, if so."""

    external_id: str
    local_date: date | None = None
    title: str | None = None
    unavailable: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Some activities; ``reached`` is the oldest day that is now complete, for the progress."""

    items: tuple[RemoteActivity, ...]
    next_cursor: str | None
    reached: date | None = None


@dataclass(frozen=True, slots=True)
class WellnessPage:
    """Some daily values, and how many of the service's were left out because nobody can have them."""

    values: tuple[DailyValue, ...]
    next_cursor: str | None
    reached: date | None = None
    implausible: int = 0


@dataclass(frozen=True, slots=True)
class Original:
    """A recording, byte for byte as the service hands it out."""

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Notice:
    """A hint from a service that something is new; nothing in it is believed before it has been fetched."""

    account_id: str
    activity_ids: tuple[str, ...] = ()
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A request to our webhook address."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What to answer at once, and what to look at afterwards."""

    notices: tuple[Notice, ...] = ()
    document: Mapping[str, str] | None = None
    text: str | None = None


class Provider(Protocol):
    """One third-party service. What `about` does not promise is not called.

    All methods raise `ProviderError` and its kinds, and nothing else, for what the service does.
    """

    about: ClassVar[About]

    def authorization_url(self, *, redirect_uri: str, state: str, code_challenge: str | None) -> str:
        """Return the page on which the athlete gives permission."""
        ...

    async def exchange(self, *, code: str, redirect_uri: str, code_verifier: str | None) -> Credentials:
        """Return credentials for the code with which the athlete came back."""
        ...

    async def sign_in_with_key(self, key: str) -> Credentials:
        """Return credentials for a personal key, after trying it."""
        ...

    async def refresh(self, credentials: Credentials) -> Credentials:
        """Return fresh credentials; the old ones may have ended with this call."""
        ...

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Return a page of activities of the window, newest first."""
        ...

    async def activity(self, credentials: Credentials, external_id: str) -> RemoteActivity:
        """Return one activity."""
        ...

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Return the activity's recording."""
        ...

    async def wellness(self, credentials: Credentials, window: Window, cursor: str | None) -> WellnessPage:
        """Return a page of daily values of the window, newest first."""
        ...

    def read_webhook(self, request: WebhookRequest) -> WebhookAnswer:
        """Check who sent it and return what it hints at."""
        ...

    async def deregister(self, credentials: Credentials) -> None:
        """Withdraw the permission at the service."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...
