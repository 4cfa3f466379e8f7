"""Client of Strava, from its API reference and its pages on authentication, webhooks and rate limits.

Strava hands out no recordings. What is kept as the original is one JSON document of the activity and its streams as
Strava sent them, without what changes when others look at the activity.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

from topform.providers.base import ProviderBase, day_of, number, optional_text, same
from topform.providers.errors import AccessRefusedError, ProviderAnswerError, RemoteItemMissingError
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
    Window,
)

SITE: Final = "https://www.strava.com"
API: Final = "https://www.api-v3.strava.com"
"""Since June 2026; the older address ends in June 2027."""
PAGE_SIZE: Final = 100
STREAM_KEYS: Final = "time,latlng,distance,altitude,velocity_smooth,heartrate,cadence,watts,temp,moving"
DOCUMENT_FORMAT: Final = "strava.activity.v3"
KEPT_FIELDS: Final = (
    "id",
    "name",
    "sport_type",
    "type",
    "start_date",
    "start_date_local",
    "timezone",
    "utc_offset",
    "elapsed_time",
    "moving_time",
    "distance",
    "total_elevation_gain",
    "average_heartrate",
    "max_heartrate",
    "average_watts",
    "device_watts",
    "device_name",
    "trainer",
    "manual",
    "laps",
)


class Strava(ProviderBase):
    """Strava."""

    about: ClassVar[About] = About(
        id="strava",
        name="Strava",
        sign_in=(SignInWay.OAUTH,),
        kinds=frozenset({DataKind.ACTIVITIES}),
        hosts=frozenset({"www.strava.com", "www.api-v3.strava.com"}),
        uses_pkce=True,
        webhook=WebhookProof.NOTHING,
        can_deregister=True,
    )
    authorize_url: ClassVar[str] = f"{SITE}/oauth/authorize"
    token_url: ClassVar[str] = f"{SITE}/oauth/token"
    scopes: ClassVar[tuple[str, ...]] = ("read", "activity:read_all")
    scope_separator: ClassVar[str] = ","

    def more_authorization(self) -> dict[str, str]:
        """Show the page only when something new is asked for."""
        return {"approval_prompt": "auto"}

    def credentials_from(self, document: Any, *, before: Credentials | None) -> Credentials:
        """Return the tokens; the athlete comes with the first ones only, the end as an epoch."""
        plain = super().credentials_from(document, before=before)
        fields = self.mapping(document)
        athlete = fields.get("athlete")
        if before is None and not isinstance(athlete, dict):
            raise self.unusable("lacks the athlete")
        ends = number(fields.get("expires_at"))
        return Credentials(
            access_token=plain.access_token,
            refresh_token=plain.refresh_token,
            expires_at=plain.expires_at if ends is None else datetime.fromtimestamp(ends, UTC),
            scopes=plain.scopes,
            account_id=before.account_id if before is not None else self.text(self.mapping(athlete), "id"),
            account_name=before.account_name if before is not None else _name(athlete),
        )

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Return a page of activities, newest first.

        The cursor is the instant before which to look, so that activities which arrive meanwhile move nothing.
        """
        # Strava's limit is an instant; a day more on both sides covers every time zone. `after` is not sent: with it
        # Strava turns the order round.
        begin = datetime.combine(window.first, datetime.min.time(), UTC) - timedelta(days=1)
        newest = datetime.combine(window.last, datetime.min.time(), UTC) + timedelta(days=2)
        before_s = int(newest.timestamp()) if cursor is None else int(cursor)
        listed = self.items(
            await self.http.get_json(
                f"{API}/athlete/activities",
                token=credentials.access_token,
                params={"before": str(before_s), "page": "1", "per_page": str(PAGE_SIZE)},
            )
        )
        oldest = min((self._started_at(item) for item in listed), default=begin)
        # The next page begins with the second of the oldest one: what it repeats is known by its id.
        next_s = int(oldest.timestamp()) + 1
        is_last = len(listed) < PAGE_SIZE or oldest <= begin or next_s >= before_s
        activities = (self._activity(item) for item in listed)
        wanted = (one for one in activities if one.local_date is None or window.first <= one.local_date <= window.last)
        return ActivityPage(tuple(wanted), None if is_last else str(next_s), oldest.date())

    def _started_at(self, fields: Mapping[str, Any]) -> datetime:
        text = optional_text(fields.get("start_date"))
        try:
            return datetime.fromisoformat(text or "")
        except ValueError as error:
            raise self.unusable("lacks the start of an activity") from error

    async def activity(self, credentials: Credentials, external_id: str) -> RemoteActivity:
        """Return one activity."""
        return self._activity(await self._detail(credentials, external_id))

    async def _detail(self, credentials: Credentials, external_id: str) -> Mapping[str, Any]:
        if not external_id.isdigit():
            raise RemoteItemMissingError("Strava has no such activity.", provider=self.about.id)
        return self.mapping(await self.http.get_json(f"{API}/activities/{external_id}", token=credentials.access_token))

    def _activity(self, fields: Mapping[str, Any]) -> RemoteActivity:
        return RemoteActivity(
            self.text(fields, "id"),
            local_date=day_of(fields.get("start_date_local")),
            title=optional_text(fields.get("name")),
            unavailable="It was entered by hand; there is no recording." if fields.get("manual") is True else None,
        )

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Return the activity and its streams as one document."""
        detail = await self._detail(credentials, activity.external_id)
        try:
            streams = self.mapping(
                await self.http.get_json(
                    f"{API}/activities/{activity.external_id}/streams",
                    token=credentials.access_token,
                    params={"keys": STREAM_KEYS, "key_by_type": "true"},
                )
            )
        except RemoteItemMissingError:
            streams = {}
        document = {
            "format": DOCUMENT_FORMAT,
            "activity": {name: detail[name] for name in KEPT_FIELDS if name in detail},
            "streams": streams,
        }
        content = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        return Original(f"strava-{activity.external_id}.json", content)

    def read_webhook(self, request: WebhookRequest) -> WebhookAnswer:
        """Answer the check of the address, or return whose data is new; Strava signs nothing."""
        if request.method == "GET":
            token = self.app.webhook_secret
            if token is None or not same(request.query.get("hub.verify_token", ""), token):
                raise self.refuse_webhook("does not carry the verify token")
            return WebhookAnswer(document={"hub.challenge": request.query.get("hub.challenge", "")})
        try:
            event = json.loads(request.body)
        except ValueError as error:
            raise self.refuse_webhook("is not JSON") from error
        if not isinstance(event, dict) or not isinstance(event.get("owner_id"), int):
            raise self.refuse_webhook("names no athlete")
        is_activity = event.get("object_type") == "activity" and event.get("aspect_type") in ("create", "update")
        ids = (str(event["object_id"]),) if is_activity and isinstance(event.get("object_id"), int) else ()
        return WebhookAnswer((Notice(str(event["owner_id"]), activity_ids=ids),))

    async def deregister(self, credentials: Credentials) -> None:
        """Revoke the tokens."""
        client_id, client_secret = self.client()
        try:
            await self.http.request(
                "POST",
                f"{SITE}/oauth/revoke",
                auth=(client_id, client_secret),
                data={"token": credentials.refresh_token or credentials.access_token},
            )
        except (AccessRefusedError, RemoteItemMissingError):
            return  # the permission has ended already
        except ProviderAnswerError as error:
            if error.fields.get("status_code") != 400:
                raise


def _name(athlete: Any) -> str | None:
    parts = [athlete.get("firstname"), athlete.get("lastname")] if isinstance(athlete, dict) else []
    return " ".join(part for part in parts if isinstance(part, str) and part) or None
