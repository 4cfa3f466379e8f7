"""Client of intervals.icu, from its API documentation and its OAuth and cookbook pages.

A personal key goes as basic authentication with the user name ``API_KEY``; an OAuth access token as a bearer token,
which has no end and no refresh token. The athlete id ``0`` stands for whoever is asking.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final
from urllib.parse import quote

from topform.core.wellness import WellnessMetric
from topform.providers.base import DailyValues, ProviderBase, day_of, key_credentials, number, optional_text, same
from topform.providers.errors import AccessRefusedError, ScopeMissingError, SignInNeededError
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

HOST: Final = "intervals.icu"
API: Final = f"https://{HOST}/api/v1"
ACTIVITY_CHUNK_DAYS: Final = 60
WELLNESS_CHUNK_DAYS: Final = 180
KEY_USER: Final = "API_KEY"
LISTED_FIELDS: Final = "id,start_date_local,name,source,file_type"
KEY_REMEDY: Final = "Copy the API key from the developer settings of intervals.icu once more."

# Wellness fields of the API, and the metric each of them is; the fields of subjective scales (soreness, mood, ...)
# count 1..4 with a meaning of their own and are not taken.
METRICS: Final[Mapping[str, tuple[WellnessMetric, float]]] = {
    "weight": (WellnessMetric.BODY_MASS_KG, 1.0),
    "bodyFat": (WellnessMetric.BODY_FAT_PCT, 1.0),
    "restingHR": (WellnessMetric.RESTING_HR_BPM, 1.0),
    "hrv": (WellnessMetric.HRV_RMSSD_MS, 1.0),
    "hrvSDNN": (WellnessMetric.HRV_SDNN_MS, 1.0),
    "sleepSecs": (WellnessMetric.SLEEP_S, 1.0),
    "steps": (WellnessMetric.STEPS, 1.0),
    "spO2": (WellnessMetric.SPO2_PCT, 1.0),
    "respiration": (WellnessMetric.RESPIRATION_BRPM, 1.0),
    "systolic": (WellnessMetric.BLOOD_PRESSURE_SYSTOLIC_MMHG, 1.0),
    "diastolic": (WellnessMetric.BLOOD_PRESSURE_DIASTOLIC_MMHG, 1.0),
    "vo2max": (WellnessMetric.VO2MAX_EST_ML_KG_MIN, 1.0),
    "readiness": (WellnessMetric.INTERVALS_READINESS_SCORE, 1.0),
}


class Intervals(ProviderBase):
    """intervals.icu."""

    about: ClassVar[About] = About(
        id="intervals",
        name="intervals.icu",
        sign_in=(SignInWay.OAUTH, SignInWay.KEY),
        kinds=frozenset({DataKind.ACTIVITIES, DataKind.WELLNESS}),
        hosts=frozenset({HOST}),
        webhook=WebhookProof.SHARED_SECRET,
        can_deregister=True,
    )
    authorize_url: ClassVar[str] = f"https://{HOST}/oauth/authorize"
    token_url: ClassVar[str] = f"https://{HOST}/api/oauth/token"
    scopes: ClassVar[tuple[str, ...]] = ("ACTIVITY:READ", "WELLNESS:READ")
    scope_separator: ClassVar[str] = ","

    def credentials_from(self, document: Any, *, before: Credentials | None) -> Credentials:
        """Return the access token together with the athlete it belongs to."""
        plain = super().credentials_from(document, before=before)
        athlete = self.mapping(self.mapping(document).get("athlete"))
        return Credentials(
            access_token=plain.access_token,
            scopes=plain.scopes,
            account_id=self.text(athlete, "id"),
            account_name=optional_text(athlete.get("name")),
        )

    async def sign_in_with_key(self, key: str) -> Credentials:
        """Return credentials for a personal key, after asking whose it is."""
        credentials = key_credentials(key.strip(), account_id=None)
        try:
            athlete = self.mapping(await self._get(credentials, "/athlete/0"))
        except SignInNeededError as error:
            raise SignInNeededError(
                "intervals.icu does not know this key.", provider=self.about.id, remedy=KEY_REMEDY
            ) from error
        return key_credentials(
            key.strip(), account_id=self.text(athlete, "id"), account_name=optional_text(athlete.get("name"))
        )

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Return a stretch of the calendar's activities."""
        chunk, following = window.newest_chunk(cursor, days=ACTIVITY_CHUNK_DAYS)
        listed = await self._get(
            credentials,
            "/athlete/0/activities",
            oldest=chunk.first.isoformat(),
            newest=f"{chunk.last.isoformat()}T23:59:59",
            fields=LISTED_FIELDS,
        )
        return ActivityPage(tuple(self._activity(item) for item in self.items(listed)), following, chunk.first)

    async def activity(self, credentials: Credentials, external_id: str) -> RemoteActivity:
        """Return one activity."""
        return self._activity(self.mapping(await self._get(credentials, f"/activity/{quote(external_id, safe='')}")))

    def _activity(self, fields: Mapping[str, Any]) -> RemoteActivity:
        unavailable = None
        if fields.get("source") == "STRAVA":
            unavailable = "It came to intervals.icu from Strava, which does not let intervals.icu hand it on."
        elif not fields.get("file_type"):
            unavailable = "It was entered by hand; there is no recording."
        return RemoteActivity(
            self.text(fields, "id"),
            local_date=day_of(fields.get("start_date_local")),
            title=optional_text(fields.get("name")),
            unavailable=unavailable,
        )

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Return the file that was uploaded to intervals.icu, packed with gzip as it comes."""
        answer = await self.http.request(
            "GET",
            f"{API}/activity/{quote(activity.external_id, safe='')}/file",
            max_bytes=self.file_bytes,
            **_access(credentials),
        )
        return Original(f"intervals-{activity.external_id}", answer.content)

    async def wellness(self, credentials: Credentials, window: Window, cursor: str | None) -> WellnessPage:
        """Return a stretch of daily values."""
        chunk, following = window.newest_chunk(cursor, days=WELLNESS_CHUNK_DAYS)
        records = await self._get(
            credentials, "/athlete/0/wellness", oldest=chunk.first.isoformat(), newest=chunk.last.isoformat()
        )
        daily = DailyValues(self.about.id)
        for record in self.items(records):
            day = day_of(record.get("id"))
            if day is None or not chunk.first <= day <= chunk.last:
                raise self.unusable("has a daily record without its day")
            for name, (metric, factor) in METRICS.items():
                # The service writes 0 where nothing was entered.
                if number(record.get(name)) != 0 or metric is WellnessMetric.STEPS:
                    daily.add(metric, record.get(name), day=day, factor=factor)
        return daily.page(following, reached=chunk.first)

    def read_webhook(self, request: WebhookRequest) -> WebhookAnswer:
        """Check the secret that the operator set for the application and return whose data is new."""
        try:
            document = json.loads(request.body)
        except ValueError as error:
            raise self.refuse_webhook("is not JSON") from error
        fields = document if isinstance(document, dict) else {}
        if self.app.webhook_secret is None or not same(str(fields.get("secret", "")), self.app.webhook_secret):
            raise self.refuse_webhook("does not carry the secret")
        events = fields.get("events")
        notices = []
        for event in events if isinstance(events, list) else []:
            if not isinstance(event, dict) or not event.get("athlete_id"):
                continue
            activity = event.get("activity")
            day = day_of(event.get("timestamp"))
            ids = (str(activity["id"]),) if isinstance(activity, dict) and activity.get("id") else ()
            window = None if day is None else Window(day - timedelta(days=1), day + timedelta(days=1))
            notices.append(Notice(str(event["athlete_id"]), activity_ids=ids, window=window))
        return WebhookAnswer(tuple(notices))

    async def deregister(self, credentials: Credentials) -> None:
        """Take the application out of the athlete's settings; a personal key is the athlete's to delete."""
        if credentials.sign_in is SignInWay.KEY:
            return
        try:
            await self.http.request("DELETE", f"{API}/disconnect-app", token=credentials.access_token)
        except (AccessRefusedError, ScopeMissingError):
            return  # the permission has ended already

    async def _get(self, credentials: Credentials, path: str, **params: str) -> Any:
        try:
            return await self.http.get_json(f"{API}{path}", params=params, **_access(credentials))
        except (AccessRefusedError, ScopeMissingError) as error:
            if isinstance(error, ScopeMissingError) and credentials.sign_in is SignInWay.OAUTH:
                raise
            raise self.sign_in_needed() from error


def _access(credentials: Credentials) -> dict[str, Any]:
    if credentials.sign_in is SignInWay.KEY:
        return {"auth": (KEY_USER, credentials.access_token)}
    return {"token": credentials.access_token}
