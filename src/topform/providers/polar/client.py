"""Client of Polar AccessLink version 3, from its API documentation.

An access token has no refresh token. Before an athlete's data can be read they are registered with the application;
taking that back withdraws the permission. Exercises are listed for 30 days, nights for 28.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from urllib.parse import quote

from topform.core.wellness import WellnessMetric
from topform.providers.base import DailyValues, ProviderBase, day_of, hmac_sha256, number, same
from topform.providers.errors import AccessRefusedError, RemoteItemMissingError
from topform.providers.protocols import (
    About,
    ActivityPage,
    Credentials,
    DataKind,
    Notice,
    Original,
    RemoteActivity,
    SignInWay,
    WebhookAnswer,
    WebhookProof,
    WebhookRequest,
    WellnessPage,
    Window,
)

API: Final = "https://www.polaraccesslink.com/v3"
CONFLICT: Final = 409
PING: Final = "PING"
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")

SLEEP: Final[Mapping[str, WellnessMetric]] = {
    "light_sleep": WellnessMetric.SLEEP_LIGHT_S,
    "deep_sleep": WellnessMetric.SLEEP_DEEP_S,
    "rem_sleep": WellnessMetric.SLEEP_REM_S,
    "total_interruption_duration": WellnessMetric.SLEEP_AWAKE_S,
    "sleep_score": WellnessMetric.POLAR_SLEEP_SCORE,
}
ASLEEP: Final = ("light_sleep", "deep_sleep", "rem_sleep", "unrecognized_sleep_stage")
RECHARGE: Final[Mapping[str, WellnessMetric]] = {
    "heart_rate_variability_avg": WellnessMetric.HRV_RMSSD_MS,
    "breathing_rate_avg": WellnessMetric.RESPIRATION_BRPM,
    "nightly_recharge_status": WellnessMetric.POLAR_NIGHTLY_RECHARGE,
}


class Polar(ProviderBase):
    """Polar."""

    about: ClassVar[About] = About(
        id="polar",
        name="Polar",
        sign_in=(SignInWay.OAUTH,),
        kinds=frozenset({DataKind.ACTIVITIES, DataKind.WELLNESS}),
        hosts=frozenset({"flow.polar.com", "polarremote.com", "www.polaraccesslink.com"}),
        webhook=WebhookProof.SIGNATURE,
        history_days=30,
        can_deregister=True,
    )
    authorize_url: ClassVar[str] = "https://flow.polar.com/oauth2/authorization"
    token_url: ClassVar[str] = "https://polarremote.com/v2/oauth2/token"  # noqa: S105
    scopes: ClassVar[tuple[str, ...]] = ("accesslink.read_all",)
    client_in_header: ClassVar[bool] = True

    async def exchange(self, *, code: str, redirect_uri: str, code_verifier: str | None) -> Credentials:
        """Return credentials and register the athlete with the application."""
        credentials = await super().exchange(code=code, redirect_uri=redirect_uri, code_verifier=code_verifier)
        await self.http.request(
            "POST",
            f"{API}/users",
            token=credentials.access_token,
            headers={"Accept": "application/json"},
            body={"member-id": f"topform-{credentials.account_id}"},
            accepts=frozenset({CONFLICT}),  # registered already
        )
        return credentials

    def credentials_from(self, document: Any, *, before: Credentials | None) -> Credentials:
        """Return the token with the number of the athlete it belongs to."""
        plain = super().credentials_from(document, before=before)
        return Credentials(
            access_token=plain.access_token,
            expires_at=plain.expires_at,
            scopes=self.scopes,
            account_id=self.text(self.mapping(document), "x_user_id"),
        )

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Return the exercises of the last 30 days that lie in the window; Polar lists them all at once."""
        listed = self.items(await self.http.get_json(f"{API}/exercises", token=credentials.access_token))
        activities = [self._activity(item) for item in listed]
        wanted = (one for one in activities if one.local_date is None or window.first <= one.local_date <= window.last)
        newest_first = sorted(wanted, key=lambda one: str(one.local_date), reverse=True)
        return ActivityPage(tuple(newest_first), None, window.first)

    async def activity(self, credentials: Credentials, external_id: str) -> RemoteActivity:
        """Return one exercise."""
        return self._activity(
            self.mapping(
                await self.http.get_json(f"{API}/exercises/{_path(external_id)}", token=credentials.access_token)
            )
        )

    def _activity(self, fields: Mapping[str, Any]) -> RemoteActivity:
        title = fields.get("detailed_sport_info") or fields.get("sport")
        return RemoteActivity(
            self.text(fields, "id"),
            local_date=day_of(fields.get("start_time")),
            title=title.replace("_", " ").capitalize() if isinstance(title, str) else None,
        )

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Return the FIT file of an exercise."""
        answer = await self.http.request(
            "GET",
            f"{API}/exercises/{_path(activity.external_id)}/fit",
            token=credentials.access_token,
            max_bytes=self.file_bytes,
        )
        if not answer.content:
            raise RemoteItemMissingError("Polar has no recording of the exercise.", provider=self.about.id)
        return Original(f"polar-{activity.external_id}.fit", answer.content)

    async def wellness(self, credentials: Credentials, window: Window, cursor: str | None) -> WellnessPage:
        """Return the nights that Polar still hands out."""
        daily = DailyValues(self.about.id)
        nights = await self._listed(credentials, "sleep", "nights")
        for night in nights:
            day = day_of(night.get("date"))
            if day is None or not window.first <= day <= window.last:
                continue
            for name, metric in SLEEP.items():
                daily.add(metric, night.get(name), day=day)
            parts = [number(night.get(name)) for name in ASLEEP]
            if any(part is not None for part in parts):
                daily.add(WellnessMetric.SLEEP_S, sum(part for part in parts if part is not None), day=day)
        for recharge in await self._listed(credentials, "nightly-recharge", "recharges"):
            day = day_of(recharge.get("date"))
            if day is not None and window.first <= day <= window.last:
                for name, metric in RECHARGE.items():
                    daily.add(metric, recharge.get(name), day=day)
        return daily.page(None, reached=window.first)

    async def _listed(self, credentials: Credentials, path: str, name: str) -> list[Mapping[str, Any]]:
        answer = await self.http.request("GET", f"{API}/users/{path}", token=credentials.access_token)
        if not answer.content:
            return []  # nothing there is an empty answer, not an empty list
        try:
            document = json.loads(answer.content)
        except ValueError as error:
            raise self.unusable("is not complete JSON") from error
        return self.items(self.mapping(document).get(name, []))

    def read_webhook(self, request: WebhookRequest) -> WebhookAnswer:
        """Check the signature; the ping with which Polar tries a new address says nothing and needs none."""
        try:
            event = json.loads(request.body)
        except ValueError as error:
            raise self.refuse_webhook("is not JSON") from error
        if not isinstance(event, dict):
            raise self.refuse_webhook("is not an object")
        if event.get("event") == PING:
            return WebhookAnswer()
        expected = hmac_sha256(self.webhook_secret(), request.body).hex()
        if not same(request.headers.get("polar-webhook-signature", ""), expected):
            raise self.refuse_webhook("has no valid signature")
        user, entity = event.get("user_id"), event.get("entity_id")
        if user is None:
            return WebhookAnswer()
        ids = (entity,) if event.get("event") == "EXERCISE" and isinstance(entity, str) else ()
        return WebhookAnswer((Notice(str(user), activity_ids=ids),))

    async def deregister(self, credentials: Credentials) -> None:
        """Take the athlete's registration with the application back."""
        try:
            await self.http.request(
                "DELETE", f"{API}/users/{_path(credentials.account_id or '')}", token=credentials.access_token
            )
        except (AccessRefusedError, RemoteItemMissingError):
            return  # the permission has ended already


def _path(external_id: str) -> str:
    if not ID.fullmatch(external_id):
        raise RemoteItemMissingError("Polar has no such item.", provider=Polar.about.id)
    return quote(external_id, safe="")
