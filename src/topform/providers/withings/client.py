"""Client of the Withings public API, from its API reference and its page on request signatures.

Every answer has HTTP status 200 and says in its own ``status`` how it went. Access tokens live three hours, refresh
tokens serve once. Requests on behalf of the application carry a fresh nonce and an HMAC-SHA256 signature over the
values of action, client id and nonce (or time stamp), joined by commas.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs

from topform.core.wellness import WellnessMetric
from topform.providers.base import DailyValues, ProviderBase, day_of, hmac_sha256, number
from topform.providers.errors import (
    AccessRefusedError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
    ScopeMissingError,
    SignInNeededError,
)
from topform.providers.protocols import (
    About,
    Credentials,
    DataKind,
    Notice,
    SignInWay,
    WebhookAnswer,
    WebhookProof,
    WebhookRequest,
    WellnessPage,
    Window,
)

API: Final = "https://wbsapi.withings.net"
CHUNK_DAYS: Final = 180
MAX_PAGES: Final = 100
OK: Final = 0
TOKEN_REFUSED: Final = frozenset({100, 101, 102, 200, 401})
NOT_ALLOWED: Final = frozenset({214, 277, 2553, 2554, 2555})
GRANT_REFUSED: Final = frozenset({*TOKEN_REFUSED, 503})
"""A code or refresh token that was spent or withdrawn is an invalid parameter, 503."""
TOO_MANY: Final = 601
UNAVAILABLE: Final = frozenset({522, 524})
WAIT_S: Final = 60.0
REAL_MEASURE: Final = "1"

MEASURES: Final[Mapping[int, WellnessMetric]] = {
    1: WellnessMetric.BODY_MASS_KG,
    5: WellnessMetric.LEAN_MASS_KG,
    6: WellnessMetric.BODY_FAT_PCT,
    9: WellnessMetric.BLOOD_PRESSURE_DIASTOLIC_MMHG,
    10: WellnessMetric.BLOOD_PRESSURE_SYSTOLIC_MMHG,
    54: WellnessMetric.SPO2_PCT,
}
NIGHT: Final[Mapping[str, WellnessMetric]] = {
    "total_sleep_time": WellnessMetric.SLEEP_S,
    "total_timeinbed": WellnessMetric.TIME_IN_BED_S,
    "deepsleepduration": WellnessMetric.SLEEP_DEEP_S,
    "lightsleepduration": WellnessMetric.SLEEP_LIGHT_S,
    "remsleepduration": WellnessMetric.SLEEP_REM_S,
    "wakeupduration": WellnessMetric.SLEEP_AWAKE_S,
    "hr_min": WellnessMetric.RESTING_HR_BPM,
    "rr_average": WellnessMetric.RESPIRATION_BRPM,
    "sleep_score": WellnessMetric.WITHINGS_SLEEP_SCORE,
}


class Withings(ProviderBase):
    """Withings."""

    about: ClassVar[About] = About(
        id="withings",
        name="Withings",
        sign_in=(SignInWay.OAUTH,),
        kinds=frozenset({DataKind.WELLNESS}),
        hosts=frozenset({"account.withings.com", "wbsapi.withings.net"}),
        webhook=WebhookProof.NOTHING,
        can_deregister=True,
    )
    authorize_url: ClassVar[str] = "https://account.withings.com/oauth2_user/authorize2"
    token_url: ClassVar[str] = f"{API}/v2/oauth2"
    scopes: ClassVar[tuple[str, ...]] = ("user.metrics", "user.activity")
    scope_separator: ClassVar[str] = ","

    async def token_request(self, form: Mapping[str, str]) -> Any:
        """Return the body of the token endpoint's envelope."""
        client_id, client_secret = self.client()
        signed = await self._signed("requesttoken", client_id, client_secret)
        body = await self._envelope(
            "/v2/oauth2", {**form, **signed, "client_secret": client_secret}, token=None, refused=GRANT_REFUSED
        )
        return body

    async def _signed(self, action: str, client_id: str, client_secret: str) -> dict[str, str]:
        """Return action, client and a fresh nonce with their signature."""
        stamp = str(int(self.now().timestamp()))
        request = {"action": "getnonce", "client_id": client_id, "timestamp": stamp}
        request["signature"] = hmac_sha256(client_secret, f"getnonce,{client_id},{stamp}".encode()).hex()
        nonce = self.text(await self._envelope("/v2/signature", request, token=None), "nonce")
        signature = hmac_sha256(client_secret, f"{action},{client_id},{nonce}".encode()).hex()
        return {"action": action, "client_id": client_id, "nonce": nonce, "signature": signature}

    def credentials_from(self, document: Any, *, before: Credentials | None) -> Credentials:
        """Return the tokens with the number of the account."""
        plain = super().credentials_from(document, before=before)
        return Credentials(
            access_token=plain.access_token,
            refresh_token=plain.refresh_token,
            expires_at=plain.expires_at,
            scopes=plain.scopes,
            account_id=self.text(self.mapping(document), "userid"),
        )

    async def wellness(self, credentials: Credentials, window: Window, cursor: str | None) -> WellnessPage:
        """Return a stretch of weighings, blood pressures and nights."""
        chunk, following = window.newest_chunk(cursor, days=CHUNK_DAYS)
        daily = DailyValues(self.about.id)
        await self._measures(credentials, chunk, daily)
        await self._nights(credentials, chunk, daily)
        return daily.page(following, reached=chunk.first)

    async def _measures(self, credentials: Credentials, chunk: Window, daily: DailyValues) -> None:
        begin = datetime.combine(chunk.first, time.min, UTC) - timedelta(days=1)
        end = datetime.combine(chunk.last, time.min, UTC) + timedelta(days=2)
        request = {
            "action": "getmeas",
            "meastypes": ",".join(str(kind) for kind in MEASURES),
            "category": REAL_MEASURE,
            "startdate": str(int(begin.timestamp())),
            "enddate": str(int(end.timestamp())),
        }
        async for body in self._pages("/measure", request, credentials):
            zone = _zone(body.get("timezone"))
            for group in sorted(self.items(body.get("measuregrps")), key=lambda one: number(one.get("date")) or 0.0):
                stamp = number(group.get("date"))
                if stamp is None:
                    continue
                measured_at = datetime.fromtimestamp(stamp, UTC)
                day = measured_at.astimezone(zone).date()
                if not chunk.first <= day <= chunk.last:
                    continue
                for measure in self.items(group.get("measures")):
                    metric = MEASURES.get(int(number(measure.get("type")) or -1))
                    value, power = number(measure.get("value")), number(measure.get("unit"))
                    if metric is not None and value is not None and power is not None:
                        daily.add(metric, value * 10**power, day=day, measured_at=measured_at)

    async def _nights(self, credentials: Credentials, chunk: Window, daily: DailyValues) -> None:
        request = {
            "action": "getsummary",
            "startdateymd": chunk.first.isoformat(),
            "enddateymd": chunk.last.isoformat(),
            "data_fields": ",".join(NIGHT),
        }
        async for body in self._pages("/v2/sleep", request, credentials):
            for night in self.items(body.get("series")):
                day = day_of(night.get("date"))
                if day is None or not chunk.first <= day <= chunk.last:
                    continue
                ended = number(night.get("enddate"))
                measured_at = None if ended is None else datetime.fromtimestamp(ended, UTC)
                values = self.mapping(night.get("data"))
                for name, metric in NIGHT.items():
                    daily.add(metric, values.get(name), day=day, measured_at=measured_at)

    async def _pages(self, path: str, request: Mapping[str, str], credentials: Credentials) -> Any:
        """Yield the bodies of all pages."""
        offset: str | None = None
        for _ in range(MAX_PAGES):
            form = {**request, **({} if offset is None else {"offset": offset})}
            body = await self._envelope(path, form, token=credentials.access_token)
            yield body
            if not body.get("more"):
                return
            offset = self.text(body, "offset")
        raise self.unusable("has no end")

    async def _envelope(
        self,
        path: str,
        form: Mapping[str, str],
        *,
        token: str | None,
        refused: frozenset[int] = frozenset(),
    ) -> Mapping[str, Any]:
        """Return the body of an answer whose own status says that all is well."""
        reads = form["action"] in ("getmeas", "getsummary", "getnonce")
        document = self.mapping(await self.http.json("POST", API + path, data=form, token=token, may_repeat=reads))
        status = number(document.get("status"))
        if status == OK:
            return self.mapping(document.get("body", {}))
        if status in refused:
            raise self.sign_in_needed()
        if status in TOKEN_REFUSED:
            raise AccessRefusedError("Withings did not accept our access.", provider=self.about.id)
        if status in NOT_ALLOWED:
            raise ScopeMissingError(
                "The permission does not cover this.",
                provider=self.about.id,
                remedy="Connect it again and allow everything that is asked for.",
            )
        if status == TOO_MANY:
            raise ProviderRateLimitedError("The service asks us to wait.", provider=self.about.id, retry_after_s=WAIT_S)
        if status in UNAVAILABLE:
            raise ProviderUnavailableError(
                "Withings could not answer in time.",
                provider=self.about.id,
                remedy="Nothing has to be done: it is tried again later.",
            )
        raise self.unusable(f"has the status {document.get('status')}")

    def read_webhook(self, request: WebhookRequest) -> WebhookAnswer:
        """Return whose data is new; Withings signs nothing and tries a new address with an empty request."""
        if request.method != "POST" or not request.body:
            return WebhookAnswer(text="")
        try:
            form = {name: values[0] for name, values in parse_qs(request.body.decode("ascii")).items()}
        except UnicodeDecodeError as error:
            raise self.refuse_webhook("is not a form") from error
        user = form.get("userid", "")
        if not user.isdigit():
            raise self.refuse_webhook("names no account")
        return WebhookAnswer((Notice(user, window=_noticed(form, request.received_at)),), text="")

    async def deregister(self, credentials: Credentials) -> None:
        """Revoke the account's permission."""
        client_id, client_secret = self.client()
        signed = await self._signed("revoke", client_id, client_secret)
        try:
            await self._envelope("/v2/oauth2", {**signed, "userid": credentials.account_id or ""}, token=None)
        except (AccessRefusedError, SignInNeededError):
            return  # the permission has ended already


def _zone(name: Any) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name if isinstance(name, str) else "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def _noticed(form: Mapping[str, str], now: datetime) -> Window | None:
    """Return the days a notification speaks of, not beyond today."""
    start, end = number(form.get("startdate")), number(form.get("enddate"))
    if start is None or end is None or not 0 <= start <= end <= now.timestamp() + 86_400:
        return None
    days = (datetime.fromtimestamp(start, UTC).date(), datetime.fromtimestamp(end, UTC).date())
    return Window(days[0] - timedelta(days=1), days[1] + timedelta(days=1))
