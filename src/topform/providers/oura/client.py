"""Client of the Oura API version 2, from its API documentation.

Refresh tokens serve once. A night belongs to the day on which it ended, as Oura counts it too. Of workouts it tells
the summary, without a course.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import quote

from topform.core.wellness import WellnessMetric
from topform.providers.base import (
    DailyValues,
    ProviderBase,
    allows,
    day_of,
    hmac_sha256,
    instant_of,
    is_recent,
    number,
    optional_text,
    same,
    workout_document,
)
from topform.providers.errors import AccessRefusedError, ProviderAnswerError, ScopeMissingError
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

API: Final = "https://api.ouraring.com"
CHUNK_DAYS: Final = 60
MAX_PAGES: Final = 50
MILLISECONDS_FROM: Final = 1e11
WORKOUT_SCOPE: Final = "workout"
DOCUMENT_FORMAT: Final = "oura.workout.v2"

NIGHT: Final[Mapping[str, WellnessMetric]] = {
    "average_hrv": WellnessMetric.HRV_RMSSD_MS,
    "lowest_heart_rate": WellnessMetric.RESTING_HR_BPM,
    "average_breath": WellnessMetric.RESPIRATION_BRPM,
    "total_sleep_duration": WellnessMetric.SLEEP_S,
    "time_in_bed": WellnessMetric.TIME_IN_BED_S,
    "deep_sleep_duration": WellnessMetric.SLEEP_DEEP_S,
    "light_sleep_duration": WellnessMetric.SLEEP_LIGHT_S,
    "rem_sleep_duration": WellnessMetric.SLEEP_REM_S,
    "awake_time": WellnessMetric.SLEEP_AWAKE_S,
}
DAYS: Final[Mapping[str, Mapping[str, WellnessMetric]]] = {
    "daily_sleep": {"score": WellnessMetric.OURA_SLEEP_SCORE},
    "daily_readiness": {
        "score": WellnessMetric.OURA_READINESS_SCORE,
        "temperature_deviation": WellnessMetric.SKIN_TEMPERATURE_DEVIATION_C,
    },
    "daily_activity": {"steps": WellnessMetric.STEPS},
}


class Oura(ProviderBase):
    """Oura."""

    about: ClassVar[About] = About(
        id="oura",
        name="Oura",
        sign_in=(SignInWay.OAUTH,),
        kinds=frozenset({DataKind.ACTIVITIES, DataKind.WELLNESS}),
        hosts=frozenset({"cloud.ouraring.com", "api.ouraring.com"}),
        webhook=WebhookProof.SIGNATURE,
        can_deregister=True,
    )
    authorize_url: ClassVar[str] = "https://cloud.ouraring.com/oauth/authorize"
    token_url: ClassVar[str] = f"{API}/oauth/token"
    scopes: ClassVar[tuple[str, ...]] = ("personal", "daily", WORKOUT_SCOPE)

    async def exchange(self, *, code: str, redirect_uri: str, code_verifier: str | None) -> Credentials:
        """Return credentials with the number of the account, which notifications name."""
        credentials = await super().exchange(code=code, redirect_uri=redirect_uri, code_verifier=code_verifier)
        person = self.mapping(
            await self.http.get_json(f"{API}/v2/usercollection/personal_info", token=credentials.access_token)
        )
        return Credentials(
            access_token=credentials.access_token,
            refresh_token=credentials.refresh_token,
            expires_at=credentials.expires_at,
            scopes=credentials.scopes,
            account_id=self.text(person, "id"),
        )

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Return a stretch of workouts; none when the athlete did not allow them."""
        chunk, following = window.newest_chunk(cursor, days=CHUNK_DAYS)
        if not allows(credentials, WORKOUT_SCOPE):
            return ActivityPage((), None, window.first)
        found = [
            RemoteActivity(
                self.text(workout, "id"),
                local_date=day_of(workout.get("day")),
                title=optional_text(workout.get("label")),
            )
            for workout in await self._all(credentials, "workout", chunk)
        ]
        return ActivityPage(tuple(found), following, chunk.first)

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Return the workout's summary: Oura records no course of it."""
        workout = self.mapping(
            await self.http.get_json(
                f"{API}/v2/usercollection/workout/{quote(activity.external_id, safe='')}",
                token=credentials.access_token,
            )
        )
        return Original(f"oura-{activity.external_id}.json", workout_document(DOCUMENT_FORMAT, workout))

    async def wellness(self, credentials: Credentials, window: Window, cursor: str | None) -> WellnessPage:
        """Return a stretch of nights and days."""
        chunk, following = window.newest_chunk(cursor, days=CHUNK_DAYS)
        daily = DailyValues(self.about.id)
        for night in _main_sleeps(await self._all(credentials, "sleep", chunk)):
            day = day_of(night.get("day"))
            if day is not None:
                measured_at = instant_of(night.get("bedtime_end"))
                for name, metric in NIGHT.items():
                    daily.add(metric, night.get(name), day=day, measured_at=measured_at)
        for kind, metrics in DAYS.items():
            for record in await self._all(credentials, kind, chunk):
                day = day_of(record.get("day"))
                if day is not None:
                    for name, metric in metrics.items():
                        daily.add(metric, record.get(name), day=day)
        return daily.page(following, reached=chunk.first)

    async def _all(self, credentials: Credentials, kind: str, chunk: Window) -> list[Mapping[str, Any]]:
        """Return all records of the days; Oura leaves the last day out for some kinds, so one more is asked for."""
        records: dict[str, Mapping[str, Any]] = {}
        token: str | None = None
        for _ in range(MAX_PAGES):
            params = {
                "start_date": chunk.first.isoformat(),
                "end_date": (chunk.last + timedelta(days=1)).isoformat(),
                **({} if token is None else {"next_token": token}),
            }
            answer = self.mapping(
                await self.http.get_json(
                    f"{API}/v2/usercollection/{kind}", token=credentials.access_token, params=params
                )
            )
            for record in self.items(answer.get("data")):
                day = day_of(record.get("day"))
                if day is not None and chunk.first <= day <= chunk.last:
                    records[self.text(record, "id")] = record
            following = answer.get("next_token")
            if not isinstance(following, str) or following == token:
                return list(records.values())
            token = following
        raise self.unusable("has no end")

    def read_webhook(self, request: WebhookRequest) -> WebhookAnswer:
        """Answer the check of the address, or check the signature and return whose data is new."""
        if request.method == "GET":
            if not same(request.query.get("verification_token", ""), self.webhook_secret()):
                raise self.refuse_webhook("does not carry the verification token")
            return WebhookAnswer(document={"challenge": request.query.get("challenge", "")})
        stamp = request.headers.get("x-oura-timestamp", "")
        if self.app.client_secret is None:
            raise self.refuse_webhook("cannot be checked: no secret is set")
        expected = hmac_sha256(self.app.client_secret, stamp.encode(), request.body).hex().upper()
        if not same(request.headers.get("x-oura-signature", "").upper(), expected):
            raise self.refuse_webhook("has no valid signature")
        if not is_recent(_stamp_s(stamp), request.received_at):
            raise self.refuse_webhook("is too old")
        try:
            event = json.loads(request.body)
        except ValueError as error:
            raise self.refuse_webhook("is not JSON") from error
        user = event.get("user_id") if isinstance(event, dict) else None
        return WebhookAnswer(() if not isinstance(user, str) else (Notice(user),))

    async def deregister(self, credentials: Credentials) -> None:
        """Revoke the access token."""
        try:
            await self.http.request(
                "POST", f"{API}/oauth/revoke", params={"access_token": credentials.access_token}, may_repeat=True
            )
        except (AccessRefusedError, ScopeMissingError):
            return  # the permission has ended already
        except ProviderAnswerError as error:
            if error.fields.get("status_code") != 400:
                raise


def _main_sleeps(records: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the longest sleep of each day; naps are no night."""
    best: dict[str, Mapping[str, Any]] = {}
    for record in records:
        day = str(record.get("day"))
        if record.get("type") in ("deleted", "rest"):
            continue
        known = best.get(day)
        if known is None or _length(record) > _length(known):
            best[day] = record
    return list(best.values())


def _length(record: Mapping[str, Any]) -> float:
    length = number(record.get("total_sleep_duration"))
    return -1.0 if length is None else length


def _stamp_s(stamp: str) -> float | None:
    """Return the instant of a signature, given as an epoch or an ISO date."""
    value = number(stamp)
    if value is not None:
        return value / 1000 if value > MILLISECONDS_FROM else value
    try:
        return datetime.fromisoformat(stamp).timestamp()
    except ValueError:
        return None
