"""Connected services as the API shows and accepts them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from topform.features.athletes.public import PlainText
from topform.features.connections.habits import DayState
from topform.providers.protocols import DataKind, SignInWay

ConnectionState = Literal["active", "needs_sign_in", "disconnecting"]
RunKind = Literal["back_fill", "incremental", "range", "notice"]
RunState = Literal["queued", "running", "waiting", "succeeded", "failed"]
ItemOutcome = Literal["imported", "merged", "duplicate", "rejected", "unavailable", "failed"]
Secret = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), PlainText]
StateText = Annotated[str, StringConstraints(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]


class SyncProblem(BaseModel):
    """What went wrong, and what to do about it."""

    model_config = ConfigDict(extra="ignore")

    code: str
    message: str
    remedy: str | None = None


class SyncCounts(BaseModel):
    """How many activities of the service had which outcome."""

    imported: int = 0
    merged: int = Field(default=0, description="Known from another source already; kept as a further source.")
    duplicate: int = Field(default=0, description="The very same recording was stored already.")
    rejected: int = Field(default=0, description="The recording could not be read.")
    unavailable: int = Field(default=0, description="The service has no recording of it, or may not hand it out.")
    failed: int = Field(default=0, description="The service failed; tried again with the next look.")


class SyncRun(BaseModel):
    """One pass over a range of days."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: RunKind
    state: RunState
    first_day: date
    last_day: date
    progress: Annotated[float, Field(ge=0, le=1)]
    counts: SyncCounts
    values_stored: int = Field(description="Daily values that were new or changed.")
    error: SyncProblem | None
    retry_at: datetime | None = Field(description="When it goes on, while it waits for the service.")
    created_at: datetime
    ended_at: datetime | None


class Connection(BaseModel):
    """One athlete's access to one service, and how well it works."""

    id: UUID
    provider: str
    provider_name: str
    state: ConnectionState
    sign_in: SignInWay
    kinds: list[DataKind]
    account_name: str | None
    missing_permissions: list[str] = Field(description="Asked for but not granted; what needs them does not arrive.")
    folder: str | None = Field(description="Where to put files, for the watch folder.")
    import_from: date
    last_attempt_at: datetime | None
    last_success_at: datetime | None
    error: SyncProblem | None = Field(description="Why the last attempt failed; null after a success.")
    counts: SyncCounts
    run: SyncRun | None = Field(description="What is being fetched now.")
    created_at: datetime


class ProviderOffer(BaseModel):
    """A service that this server offers."""

    provider: str
    name: str
    sign_in: list[SignInWay]
    kinds: list[DataKind]
    history_days: int | None = Field(description="How far back the service lets us look; null without a limit.")
    is_restricted: bool = Field(
        description="Its terms keep the data for your eyes: no models, no assistants, no sharing."
    )
    connection: Connection | None


class ProviderNotSetUp(BaseModel):
    """A service that the operator of this server could set up."""

    provider: str
    name: str


class Connections(BaseModel):
    """The services that this server offers, connected or not."""

    providers: list[ProviderOffer]
    not_set_up: list[ProviderNotSetUp]


class MissedActivity(BaseModel):
    """An activity of the service that is not in TopForm, and why."""

    external_id: str
    local_date: date | None
    title: str | None
    outcome: ItemOutcome
    problem: SyncProblem | None
    attempts: int
    fetched_at: datetime


class ConnectionDetail(Connection):
    """A connection with its last runs and with what could not be had."""

    runs: list[SyncRun]
    missed: list[MissedActivity]


class AuthorizationRequest(BaseModel):
    """Asking for permission on the service's page."""

    model_config = ConfigDict(extra="forbid")

    since: date | None = Field(default=None, description="The oldest day to import; ten years back when absent.")


class Authorization(BaseModel):
    """Where the athlete gives permission; valid for ten minutes."""

    authorization_url: str
    redirect_uri: str


class AuthorizationAnswer(BaseModel):
    """What the service's page sent back."""

    model_config = ConfigDict(extra="forbid")

    state: StateText
    code: Secret | None = None
    error: Annotated[str, StringConstraints(max_length=200), PlainText] | None = None
    scope: Annotated[str, StringConstraints(max_length=1000), PlainText] | None = Field(
        default=None, description="What was granted, where the service says so here."
    )


class KeySignIn(BaseModel):
    """A personal key that the athlete made at the service."""

    model_config = ConfigDict(extra="forbid")

    key: Secret
    since: date | None = Field(default=None, description="The oldest day to import; ten years back when absent.")


class FolderSignIn(BaseModel):
    """A watch folder."""

    model_config = ConfigDict(extra="forbid")


class FetchRequest(BaseModel):
    """Fetching a range of days again, what is known already included."""

    model_config = ConfigDict(extra="forbid")

    first_day: date
    last_day: date


class CalendarDay(BaseModel):
    """One day of a connection."""

    day: date
    state: DayState
    activities: int
    values: int = Field(description="Daily values, such as sleep or weight.")


class ConnectionCalendar(BaseModel):
    """The days of a connection, with those marked on which data is missing against the athlete's habit."""

    days: list[CalendarDay]
    usual_pause_days: int | None = Field(
        description="Nine of ten pauses are at most this long; null when there is too little data to tell."
    )
