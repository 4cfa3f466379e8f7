"""Client of the WHOOP API version 2, from its API documentation.

WHOOP knows cycles, which begin with a sleep: recovery and strain belong to the day on which that sleep ended. Of
workouts it tells the summary, without a course.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, ClassVar, Final
from urllib.parse import quote

from topform.core.wellness import WellnessMetric
from topform.providers.base import (
    DailyValues,
    ProviderBase,
    allows,
    base64_text,
    hmac_sha256,
    instant_of,
    is_recent,
    number,
    same,
    workout_document,
)
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

SITE: Final = "https://api.prod.whoop.com"
API: Final = f"{SITE}/developer/v2"
CHUNK_DAYS: Final = 30
PAGE_SIZE: Final = 25
MAX_PAGES: Final = 50
OFFSET: Final = re.compile(r"([+-])(\d{2}):(\d{2})")
MS: Final = 1e-3
WORKOUT_SCOPE: Final = "read:workout"
DOCUMENT_FORMAT: Final = "whoop.workout.v2"
KEPT_FIELDS: Final = ("id", "start", "end", "timezone_offset", "sport_name", "score_state", "score")

RECOVERY: Final[Mapping[str, WellnessMetric]] = {
    "recovery_score": WellnessMetric.WHOOP_RECOVERY_PCT,
    "resting_heart_rate": WellnessMetric.RESTING_HR_BPM,
    "hrv_rmssd_milli": WellnessMetric.HRV_RMSSD_MS,
    "spo2_percentage": WellnessMetric.SPO2_PCT,
}
STAGES: Final[Mapping[str, WellnessMetric]] = {
    "total_in_bed_time_milli": WellnessMetric.TIME_IN_BED_S,
    "total_awake_time_milli": WellnessMetric.SLEEP_AWAKE_S,
    "total_light_sleep_time_milli": WellnessMetric.SLEEP_LIGHT_S,
    "total_slow_wave_sleep_time_milli": WellnessMetric.SLEEP_DEEP_S,
    "total_rem_sleep_time_milli": WellnessMetric.SLEEP_REM_S,
}
ASLEEP: Final = ("total_light_sleep_time_milli", "total_slow_wave_sleep_time_milli", "total_rem_sleep_time_milli")


class Whoop(ProviderBase):
    """WHOOP."""

    about: ClassVar[About] = About(
        id="whoop",
        name="WHOOP",
        sign_in=(SignInWay.OAUTH,),
        kinds=frozenset({DataKind.ACTIVITIES, DataKind.WELLNESS}),
        hosts=frozenset({"api.prod.whoop.com"}),
        webhook=WebhookProof.SIGNATURE,
        can_deregister=True,
    )
    authorize_url: ClassVar[str] = f"{SITE}/oauth/oauth2/auth"
    token_url: ClassVar[str] = f"{SITE}/oauth/oauth2/token"
    scopes: ClassVar[tuple[str, ...]] = (
        "offline",
        "read:recovery",
        "read:sleep",
        "read:cycles",
        WORKOUT_SCOPE,
        "read:profile",
    )

    async def exchange(self, *, code: str, redirect_uri: str, code_verifier: str | None) -> Credentials:
        """Return credentials with the number of the account, which notifications name."""
        credentials = await super().exchange(code=code, redirect_uri=redirect_uri, code_verifier=code_verifier)
        person = self.mapping(await self.http.get_json(f"{API}/user/profile/basic", token=credentials.access_token))
        return Credentials(
            access_token=credentials.access_token,
            refresh_token=credentials.refresh_token,
            expires_at=credentials.expires_at,
            scopes=credentials.scopes,
            account_id=self.text(person, "user_id"),
        )

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Return a stretch of workouts, those still being scored left for later; none without the permission."""
        chunk, following = window.newest_chunk(cursor, days=CHUNK_DAYS)
        if not allows(credentials, WORKOUT_SCOPE):
            return ActivityPage((), None, window.first)
        found = []
        for workout in await self._all(credentials, "activity/workout", chunk):
            day = _local_day(workout.get("start"), workout.get("timezone_offset"))
            if workout.get("score_state") != "PENDING_SCORE" and day is not None and chunk.first <= day <= chunk.last:
                found.append(RemoteActivity(self.text(workout, "id"), local_date=day))
        return ActivityPage(tuple(found), following, chunk.first)

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Return the workout's summary: WHOOP hands out no course of it."""
        workout = self.mapping(
            await self.http.get_json(
                f"{API}/activity/workout/{quote(activity.external_id, safe='')}", token=credentials.access_token
            )
        )
        kept = {name: workout[name] for name in KEPT_FIELDS if name in workout}
        return Original(f"whoop-{activity.external_id}.json", workout_document(DOCUMENT_FORMAT, kept))

    async def wellness(self, credentials: Credentials, window: Window, cursor: str | None) -> WellnessPage:
        """Return a stretch of sleeps, recoveries and cycles, joined by the sleep that began the day."""
        chunk, following = window.newest_chunk(cursor, days=CHUNK_DAYS)
        daily = DailyValues(self.about.id)
        days: dict[str, date] = {}
        for sleep in await self._all(credentials, "activity/sleep", chunk):
            day = _local_day(sleep.get("end"), sleep.get("timezone_offset"))
            if day is None or sleep.get("nap") is True:
                continue
            days[self.text(sleep, "id")] = day
            if chunk.first <= day <= chunk.last and sleep.get("score_state") == "SCORED":
                self._add_sleep(daily, self.mapping(sleep.get("score")), day)
        cycle_days: dict[str, date] = {}
        for recovery in await self._all(credentials, "recovery", chunk):
            day = days.get(str(recovery.get("sleep_id")))
            if day is None:
                continue
            cycle_days[str(recovery.get("cycle_id"))] = day
            if chunk.first <= day <= chunk.last and recovery.get("score_state") == "SCORED":
                score = self.mapping(recovery.get("score"))
                for name, metric in RECOVERY.items():
                    daily.add(metric, score.get(name), day=day)
        for cycle in await self._all(credentials, "cycle", chunk):
            day = cycle_days.get(str(cycle.get("id")))
            is_final = cycle.get("end") is not None and cycle.get("score_state") == "SCORED"
            if day is not None and is_final and chunk.first <= day <= chunk.last:
                strain = self.mapping(cycle.get("score")).get("strain")
                daily.add(WellnessMetric.WHOOP_DAY_STRAIN, strain, day=day)
        return daily.page(following, reached=chunk.first)

    def _add_sleep(self, daily: DailyValues, score: Mapping[str, Any], day: date) -> None:
        stages = self.mapping(score.get("stage_summary"))
        for name, metric in STAGES.items():
            daily.add(metric, stages.get(name), day=day, factor=MS)
        parts = [number(stages.get(name)) for name in ASLEEP]
        if all(part is not None for part in parts):
            daily.add(WellnessMetric.SLEEP_S, sum(part for part in parts if part is not None), day=day, factor=MS)
        daily.add(WellnessMetric.RESPIRATION_BRPM, score.get("respiratory_rate"), day=day)
        daily.add(WellnessMetric.WHOOP_SLEEP_PERFORMANCE_PCT, score.get("sleep_performance_percentage"), day=day)

    async def _all(self, credentials: Credentials, path: str, chunk: Window) -> list[Mapping[str, Any]]:
        """Return all records that begin in the stretch or up to two days before it, each once."""
        begin = datetime.combine(chunk.first, datetime.min.time(), UTC) - timedelta(days=2)
        end = datetime.combine(chunk.last, datetime.min.time(), UTC) + timedelta(days=2)
        records: dict[str, Mapping[str, Any]] = {}
        token: str | None = None
        for _ in range(MAX_PAGES):
            params = {
                "start": begin.isoformat().replace("+00:00", "Z"),
                "end": end.isoformat().replace("+00:00", "Z"),
                "limit": str(PAGE_SIZE),
                **({} if token is None else {"nextToken": token}),
            }
            answer = self.mapping(
                await self.http.get_json(f"{API}/{path}", token=credentials.access_token, params=params)
            )
            for record in self.items(answer.get("records")):
                records[str(record.get("id") or record.get("sleep_id"))] = record
            following = answer.get("next_token")
            if not isinstance(following, str) or following in ("", token):
                return list(records.values())
            token = following
        raise self.unusable("has no end")

    def read_webhook(self, request: WebhookRequest) -> WebhookAnswer:
        """Check signature and time stamp and return whose data is new."""
        stamp = request.headers.get("x-whoop-signature-timestamp", "")
        expected = base64_text(hmac_sha256(self.webhook_secret(), stamp.encode(), request.body))
        if not same(request.headers.get("x-whoop-signature", ""), expected):
            raise self.refuse_webhook("has no valid signature")
        stamp_ms = number(stamp)
        if not is_recent(None if stamp_ms is None else stamp_ms * MS, request.received_at):
            raise self.refuse_webhook("is too old")
        try:
            event = json.loads(request.body)
        except ValueError as error:
            raise self.refuse_webhook("is not JSON") from error
        user = event.get("user_id") if isinstance(event, dict) else None
        return WebhookAnswer(() if user is None else (Notice(str(user)),))

    def webhook_secret(self) -> str:
        """Return the client secret, with which WHOOP signs."""
        if self.app.client_secret is None:
            raise self.refuse_webhook("cannot be checked: no secret is set")
        return self.app.client_secret

    async def deregister(self, credentials: Credentials) -> None:
        """Revoke the athlete's permission."""
        try:
            await self.http.request("DELETE", f"{API}/user/access", token=credentials.access_token)
        except (AccessRefusedError, RemoteItemMissingError):
            return  # the permission has ended already


def _local_day(instant: Any, offset: Any) -> date | None:
    at = instant_of(instant)
    match = OFFSET.fullmatch(offset) if isinstance(offset, str) else None
    if at is None:
        return None
    if match is None:
        return at.date()
    minutes = int(match[2]) * 60 + int(match[3])
    return at.astimezone(timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))).date()
