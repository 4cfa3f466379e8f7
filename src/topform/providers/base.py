"""What all clients share: the way out, the OAuth 2 code flow, and a refusal for what a service does not offer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from topform.core.errors import TopFormError
from topform.core.wellness import DailyValue, WellnessMetric
from topform.providers.errors import (
    AccessRefusedError,
    ProviderAnswerError,
    ProviderError,
    ScopeMissingError,
    SignInNeededError,
    WebhookRefusedError,
)
from topform.providers.http import Patience, ProviderHttp
from topform.providers.protocols import (
    About,
    ActivityPage,
    Credentials,
    Original,
    ProviderApp,
    RemoteActivity,
    SignInWay,
    WebhookAnswer,
    WebhookRequest,
    WellnessPage,
    Window,
)

SIGN_IN_REMEDY = "Connect it again."
MAX_SIGNATURE_AGE = timedelta(minutes=10)
DEFAULT_PATIENCE = Patience()


class ProviderBase:
    """A client of one service; a subclass overrides what its `about` promises."""

    about: ClassVar[About]
    authorize_url: ClassVar[str] = ""
    token_url: ClassVar[str] = ""
    scopes: ClassVar[tuple[str, ...]] = ()
    scope_separator: ClassVar[str] = " "
    client_in_header: ClassVar[bool] = False
    """Whether the application names itself by basic authentication instead of in the form."""

    def __init__(
        self,
        app: ProviderApp,
        *,
        patience: Patience = DEFAULT_PATIENCE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.app = app
        self.now = now
        self.http = ProviderHttp(self.about.id, hosts=self.about.hosts, base_url=app.base_url, patience=patience)
        self.file_bytes = patience.file_bytes

    async def aclose(self) -> None:
        """Close all connections."""
        await self.http.aclose()

    # ---- permission ----

    def authorization_url(self, *, redirect_uri: str, state: str, code_challenge: str | None) -> str:
        """Return the page on which the athlete gives permission."""
        client_id, _ = self.client()
        if not self.authorize_url:
            raise self.not_offered("permission on a page of its own")
        parameters = {
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": self.scope_separator.join(self.scopes),
            "state": state,
            **self.more_authorization(),
        }
        if self.about.uses_pkce and code_challenge is not None:
            parameters |= {"code_challenge": code_challenge, "code_challenge_method": "S256"}
        return f"{self.http.address(self.authorize_url)}?{urlencode(parameters)}"

    def more_authorization(self) -> dict[str, str]:
        """Return what the service's page takes beyond the standard."""
        return {}

    async def exchange(self, *, code: str, redirect_uri: str, code_verifier: str | None) -> Credentials:
        """Return credentials for the code with which the athlete came back."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if self.about.uses_pkce and code_verifier is not None:
            form["code_verifier"] = code_verifier
        return self.credentials_from(await self.token_request(form), before=None)

    async def refresh(self, credentials: Credentials) -> Credentials:
        """Return fresh credentials; the old ones may have ended with this call."""
        if credentials.refresh_token is None:
            raise self.sign_in_needed()
        form = {"grant_type": "refresh_token", "refresh_token": credentials.refresh_token}
        return self.credentials_from(await self.token_request(form), before=credentials)

    async def token_request(self, form: Mapping[str, str]) -> Any:
        """Return the answer of the token endpoint; a refusal means that the permission has ended."""
        client_id, client_secret = self.client()
        try:
            if self.client_in_header:
                return await self.http.json("POST", self.token_url, data=form, auth=(client_id, client_secret))
            return await self.http.json(
                "POST", self.token_url, data={**form, "client_id": client_id, "client_secret": client_secret}
            )
        except (ProviderAnswerError, AccessRefusedError, ScopeMissingError) as error:
            if isinstance(error, ProviderAnswerError) and error.fields.get("status_code") != 400:
                raise
            raise self.sign_in_needed() from error

    def credentials_from(self, document: Any, *, before: Credentials | None) -> Credentials:
        """Return what the token endpoint answered; a new refresh token replaces the old one where it rotates."""
        fields = self.mapping(document)
        expires_in = number(fields.get("expires_in"))
        scope = fields.get("scope")
        return Credentials(
            access_token=self.text(fields, "access_token"),
            refresh_token=optional_text(fields.get("refresh_token")) or (before.refresh_token if before else None),
            expires_at=None if expires_in is None else self.now() + timedelta(seconds=expires_in),
            scopes=split_scopes(scope) if isinstance(scope, str) else (before.scopes if before else self.scopes),
            account_id=before.account_id if before else None,
            account_name=before.account_name if before else None,
        )

    def client(self) -> tuple[str, str]:
        """Return the id and secret of the operator's application."""
        if self.app.client_id is None or self.app.client_secret is None:
            raise ProviderError(
                f"The operator has not registered an application at {self.about.name}.",
                provider=self.about.id,
                remedy="Ask the person who runs this server to set it up.",
            )
        return self.app.client_id, self.app.client_secret

    def sign_in_needed(self) -> SignInNeededError:
        """Return the error of a permission that has ended."""
        return SignInNeededError(
            f"{self.about.name} no longer gives access.", provider=self.about.id, remedy=SIGN_IN_REMEDY
        )

    # ---- what a service may not offer ----

    async def sign_in_with_key(self, key: str) -> Credentials:
        """Refuse: the service has no personal keys."""
        raise self.not_offered("personal keys")

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Refuse: the service lists no activities."""
        raise self.not_offered("activities")

    async def activity(self, credentials: Credentials, external_id: str) -> RemoteActivity:
        """Return the activity by its id alone."""
        return RemoteActivity(external_id)

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Refuse: the service hands out no recordings."""
        raise self.not_offered("recordings")

    async def wellness(self, credentials: Credentials, window: Window, cursor: str | None) -> WellnessPage:
        """Refuse: the service has no daily values."""
        raise self.not_offered("daily values")

    def read_webhook(self, request: WebhookRequest) -> WebhookAnswer:
        """Refuse: the service sends no notifications."""
        raise WebhookRefusedError(f"{self.about.name} sends no notifications.", provider=self.about.id)

    async def deregister(self, credentials: Credentials) -> None:
        """Refuse: the service has no way to withdraw the permission from here."""
        raise self.not_offered("deregistration")

    def not_offered(self, what: str) -> ProviderError:
        """Return the error of something the service does not have."""
        return ProviderError(f"{self.about.name} offers no {what}.", provider=self.about.id)

    # ---- reading answers ----

    def mapping(self, value: Any) -> Mapping[str, Any]:
        """Return a JSON object, or fail."""
        if not isinstance(value, dict):
            raise self.unusable("is not an object")
        return value

    def items(self, value: Any) -> list[Mapping[str, Any]]:
        """Return a JSON list of objects, or fail."""
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.unusable("is not a list of objects")
        return value

    def text(self, fields: Mapping[str, Any], name: str) -> str:
        """Return a text or an id as text, or fail."""
        value = fields.get(name)
        if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
            raise self.unusable(f"lacks {name}")
        return str(value)

    def unusable(self, what: str) -> ProviderAnswerError:
        """Return the error of an answer that is not as documented."""
        return ProviderAnswerError(
            f"An answer of {self.about.name} {what}.",
            provider=self.about.id,
            remedy="Fetch again later; report it if it stays.",
        )

    # ---- notifications ----

    def refuse_webhook(self, reason: str) -> WebhookRefusedError:
        """Return the error of a notification that is not believed."""
        return WebhookRefusedError(f"The notification {reason}.", provider=self.about.id)

    def webhook_secret(self) -> str:
        """Return the secret that notifications are checked with."""
        secret = self.app.webhook_secret or self.app.client_secret
        if secret is None:
            raise self.refuse_webhook("cannot be checked: no secret is set")
        return secret


class DailyValues:
    """Collects daily values; what nobody can have is counted and left out, what is absent stays absent."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.values: list[DailyValue] = []
        self.implausible = 0

    def add(
        self,
        metric: WellnessMetric,
        value: Any,
        *,
        day: date,
        factor: float = 1.0,
        measured_at: datetime | None = None,
        device: str | None = None,
    ) -> None:
        """Take a value in the service's unit, times the factor the metric's."""
        observed = number(value)
        if observed is None:
            return
        try:
            self.values.append(
                DailyValue.of(
                    metric,
                    observed * factor,
                    local_date=day,
                    source=self._source,
                    measured_at=measured_at,
                    device=device,
                )
            )
        except TopFormError:
            self.implausible += 1

    def add_bed_times(self, day: date, *, start_s: float, end_s: float, offset_s: float) -> None:
        """Take when a night began and ended, in seconds since 1970, and how far local time was ahead of UTC then."""
        if end_s <= start_s:
            return
        measured_at = datetime.fromtimestamp(end_s, UTC)
        midnight_s = datetime.combine(day, time.min, UTC).timestamp() - offset_s
        for metric, seconds in (
            (WellnessMetric.TIME_IN_BED_S, end_s - start_s),
            (WellnessMetric.SLEEP_START_S, start_s - midnight_s),
            (WellnessMetric.SLEEP_END_S, end_s - midnight_s),
        ):
            self.add(metric, seconds, day=day, measured_at=measured_at)

    def page(self, next_cursor: str | None, *, reached: date | None) -> WellnessPage:
        """Return everything collected."""
        return WellnessPage(tuple(self.values), next_cursor, reached, self.implausible)


def allows(credentials: Credentials, scope: str) -> bool:
    """Whether the athlete allowed this kind of data; without a list of scopes everything is tried."""
    return not credentials.scopes or scope in credentials.scopes


def workout_document(format: str, workout: Mapping[str, Any]) -> bytes:
    """Return a workout of which the service tells only the summary, the same one always as the same bytes."""
    document = {"format": format, "workout": workout}
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def number(value: Any) -> float | None:
    """Return a finite number, None for anything else; a number in quotes counts."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        parsed = float(value)
    except ValueError:
        return None
    return parsed if abs(parsed) < float("inf") else None


def optional_text(value: Any) -> str | None:
    """Return a text that is not empty, None for anything else."""
    return value if isinstance(value, str) and value else None


def day_of(value: Any) -> date | None:
    """Return the calendar day at the beginning of a text, None when there is none."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def instant_of(value: Any) -> datetime | None:
    """Return the aware instant that a text or an epoch stands for, None when it is none."""
    try:
        if isinstance(value, str):
            parsed = datetime.fromisoformat(value)
            return parsed if parsed.utcoffset() is not None else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def split_scopes(text: str) -> tuple[str, ...]:
    """Return the scopes of a list with spaces or commas."""
    return tuple(text.replace(",", " ").split())


def hmac_sha256(secret: str, *parts: bytes) -> bytes:
    """Return the keyed digest of the parts joined."""
    return hmac.new(secret.encode(), b"".join(parts), hashlib.sha256).digest()


def same(first: str, second: str) -> bool:
    """Compare secrets in constant time."""
    return hmac.compare_digest(first.encode(), second.encode())


def is_recent(stamp_s: float | None, now: datetime) -> bool:
    """Whether the time stamp of a signature is close enough to ours, so that it cannot be replayed for ever."""
    return stamp_s is not None and abs(now.timestamp() - stamp_s) <= MAX_SIGNATURE_AGE.total_seconds()


def base64_text(content: bytes) -> str:
    """Return standard base 64."""
    return base64.b64encode(content).decode("ascii")


def key_credentials(key: str, *, account_id: str | None, account_name: str | None = None) -> Credentials:
    """Return the credentials that a personal key is."""
    return Credentials(access_token=key, sign_in=SignInWay.KEY, account_id=account_id, account_name=account_name)
