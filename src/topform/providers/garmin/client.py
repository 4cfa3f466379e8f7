"""Client of the Garmin Connect Personal API, from its pages for developers and the client that Garmin publishes.

A personal key, which the athlete makes and can revoke, is exchanged for an access token of a day; there is no refresh
token, the key is exchanged again. All requests read. The bounds on days and page size are those the service accepts.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Final

from topform.core.units import J_PER_KCAL
from topform.core.wellness import WellnessMetric
from topform.providers.base import DailyValues, ProviderBase, day_of, instant_of, number, optional_text
from topform.providers.errors import (
    AccessRefusedError,
    ProviderAnswerError,
    RemoteItemMissingError,
    ScopeMissingError,
    SignInNeededError,
)
from topform.providers.protocols import (
    About,
    ActivityPage,
    Credentials,
    DataKind,
    Original,
    RemoteActivity,
    SignInWay,
    WellnessPage,
    Window,
)

HOST: Final = "personal.connectapi.garmin.com"
SITE: Final = f"https://{HOST}"
TOKEN: Final = f"{SITE}/personalapitoken-service/personal-api/personal-api-key/token"
TOKEN_LIFE: Final = timedelta(hours=23)
"""For a token that does not say when it ends; the service documents a day."""
ACTIVITY_CHUNK_DAYS: Final = 60
WELLNESS_CHUNK_DAYS: Final = 28
PAGE_SIZE: Final = 40
MAX_PAGES: Final = 60
KEY_REMEDY: Final = "Make a new key in the settings of Garmin Connect on the web, and connect again with it."
ZIP: Final = "application/x-zip-compressed"
MS: Final = 1e-3
KG_PER_G: Final = 1e-3

SLEEP: Final[Mapping[str, WellnessMetric]] = {
    "sleepTimeSeconds": WellnessMetric.SLEEP_S,
    "deepSleepSeconds": WellnessMetric.SLEEP_DEEP_S,
    "lightSleepSeconds": WellnessMetric.SLEEP_LIGHT_S,
    "remSleepSeconds": WellnessMetric.SLEEP_REM_S,
    "awakeSleepSeconds": WellnessMetric.SLEEP_AWAKE_S,
    "averageSpO2Value": WellnessMetric.SPO2_PCT,
    "averageRespirationValue": WellnessMetric.RESPIRATION_BRPM,
}
# Group of a daily summary, its field, the metric and the factor from the service's unit.
SUMMARY: Final[tuple[tuple[str, str, WellnessMetric, float], ...]] = (
    ("heartRate", "restingValue", WellnessMetric.RESTING_HR_BPM, 1.0),
    ("stress", "avgLevel", WellnessMetric.GARMIN_STRESS_SCORE, 1.0),
    ("bodyBattery", "maxValue", WellnessMetric.GARMIN_BODY_BATTERY_MAX, 1.0),
    ("bodyBattery", "minValue", WellnessMetric.GARMIN_BODY_BATTERY_MIN, 1.0),
    ("calories", "burnedActive", WellnessMetric.ACTIVE_ENERGY_KJ, J_PER_KCAL / 1000),
)


class Garmin(ProviderBase):
    """Garmin Connect, through the Personal API."""

    about: ClassVar[About] = About(
        id="garmin",
        name="Garmin Connect",
        sign_in=(SignInWay.KEY,),
        kinds=frozenset({DataKind.ACTIVITIES, DataKind.WELLNESS}),
        hosts=frozenset({HOST}),
    )

    async def sign_in_with_key(self, key: str) -> Credentials:
        """Return credentials for a personal key, after asking whose it is."""
        credentials = await self._exchange(key.strip())
        settings = self.mapping(await self._get(credentials, "/userprofile-service/userprofile/settings"))
        name = optional_text(settings.get("displayName"))
        return Credentials(
            access_token=credentials.access_token,
            sign_in=SignInWay.KEY,
            refresh_token=credentials.refresh_token,
            expires_at=credentials.expires_at,
            account_id=name,
            account_name=name,
        )

    async def refresh(self, credentials: Credentials) -> Credentials:
        """Exchange the key again."""
        if credentials.refresh_token is None:
            raise self.sign_in_needed()
        fresh = await self._exchange(credentials.refresh_token)
        return Credentials(
            access_token=fresh.access_token,
            sign_in=SignInWay.KEY,
            refresh_token=credentials.refresh_token,
            expires_at=fresh.expires_at,
            account_id=credentials.account_id,
            account_name=credentials.account_name,
        )

    async def _exchange(self, key: str) -> Credentials:
        """Return a token for the key; the key takes the place of a refresh token."""
        try:
            answer = await self.http.request(
                "POST", TOKEN, headers={"Authorization": f"ApiKey {key}", "Accept": "*/*"}, may_repeat=True
            )
        except (AccessRefusedError, ScopeMissingError, ProviderAnswerError) as error:
            if isinstance(error, ProviderAnswerError) and error.fields.get("status_code") != 400:
                raise
            raise self.sign_in_needed() from error
        token = answer.content.decode("utf-8", errors="replace").strip().strip('"')
        if not token or not token.isascii() or any(character.isspace() for character in token):
            raise self.unusable("holds no access token")
        return Credentials(
            access_token=token, sign_in=SignInWay.KEY, refresh_token=key, expires_at=_end_of(token, self.now())
        )

    def sign_in_needed(self) -> SignInNeededError:
        """Return the error of a key that was revoked or has ended."""
        return SignInNeededError(
            "Garmin Connect does not accept the key; it was revoked, or has ended.",
            provider=self.about.id,
            remedy=KEY_REMEDY,
        )

    # ---- activities ----

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Return a stretch of the calendar's activities; legs come within the file of their whole."""
        chunk, following = window.newest_chunk(cursor, days=ACTIVITY_CHUNK_DAYS)
        found: dict[str, RemoteActivity] = {}
        for page in range(MAX_PAGES):
            listed = self.items(
                await self._get(
                    credentials,
                    "/activitylist-service/activities/search/activities",
                    start=str(page * PAGE_SIZE),
                    limit=str(PAGE_SIZE),
                    startDate=chunk.first.isoformat(),
                    endDate=chunk.last.isoformat(),
                )
                or []
            )
            # What arrives meanwhile moves the pages: what comes twice is known by its id.
            found |= {one.external_id: one for one in map(self._listed, listed)}
            if len(listed) < PAGE_SIZE:
                return ActivityPage(tuple(found.values()), following, chunk.first)
        raise self.unusable("has no end")

    def _listed(self, fields: Mapping[str, Any]) -> RemoteActivity:
        is_manual = fields.get("manualActivity") is True or fields.get("isManualActivity") is True
        return RemoteActivity(
            self.text(fields, "activityId"),
            local_date=day_of(fields.get("startTimeLocal")),
            title=optional_text(fields.get("activityName")),
            unavailable="It was entered by hand; there is no recording." if is_manual else None,
        )

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Return the archive that holds the file as the device sent it."""
        if not activity.external_id.isdecimal():
            raise RemoteItemMissingError("Garmin Connect has no such activity.", provider=self.about.id)
        answer = await self.http.request(
            "GET",
            f"{SITE}/download-service/files/activity/{activity.external_id}",
            token=credentials.access_token,
            headers={"Accept": ZIP},
            max_bytes=self.file_bytes,
        )
        if not answer.content:
            raise RemoteItemMissingError("Garmin Connect has no recording of this activity.", provider=self.about.id)
        return Original(f"garmin-{activity.external_id}.zip", answer.content)

    # ---- daily values ----

    async def wellness(self, credentials: Credentials, window: Window, cursor: str | None) -> WellnessPage:
        """Return a stretch of nights, summaries and weights."""
        chunk, following = window.newest_chunk(cursor, days=WELLNESS_CHUNK_DAYS)
        first, last = chunk.first.isoformat(), chunk.last.isoformat()
        daily = DailyValues(self.about.id)
        nights = await self._get(
            credentials, "/sleep-service/sleep/dailySleepSummariesByDate", startDate=first, endDate=last
        )
        for night in self.items(nights or []):
            self._add_night(daily, night, chunk)
        hrv = self.mapping(await self._get(credentials, f"/hrv-service/hrv/daily/{first}/{last}") or {})
        for night in self.items(hrv.get("hrvSummaries") or []):
            day = self._day(night.get("calendarDate"), chunk)
            if day is not None:
                daily.add(WellnessMetric.HRV_RMSSD_MS, night.get("lastNightAvg"), day=day)
        summaries = self.mapping(
            await self._get(credentials, "/usersummary-service/v2/dailysummaries", startDate=first, endDate=last) or {}
        )
        for summary in self.items(summaries.get("data") or []):
            self._add_summary(daily, summary, chunk)
        weights = self.mapping(
            await self._get(credentials, f"/weight-service/weight/range/{first}/{last}", includeAll="true") or {}
        )
        for weighed in self.items(weights.get("dailyWeightSummaries") or []):
            self._add_weight(daily, weighed, chunk)
        return daily.page(following, reached=chunk.first)

    def _add_night(self, daily: DailyValues, night: Mapping[str, Any], chunk: Window) -> None:
        day = self._day(night.get("calendarDate"), chunk)
        # A day without a night is listed too, with nothing but zeros in it.
        if day is None or not number(night.get("sleepTimeSeconds")):
            return
        for name, metric in SLEEP.items():
            daily.add(metric, night.get(name), day=day)
        overall = _part(_part(night, "sleepScores"), "overall").get("value")
        daily.add(WellnessMetric.GARMIN_SLEEP_SCORE, overall, day=day)
        # Local times come as if they were UTC.
        start_s, end_s = _epoch_s(night.get("sleepStartTimestampLocal")), _epoch_s(night.get("sleepEndTimestampLocal"))
        if start_s is not None and end_s is not None:
            daily.add_bed_times(day, start_s=start_s, end_s=end_s, offset_s=0)

    def _add_summary(self, daily: DailyValues, summary: Mapping[str, Any], chunk: Window) -> None:
        day = self._day(summary.get("calendarDate"), chunk)
        if day is None or summary.get("includesWellnessData") is False:
            return
        daily.add(WellnessMetric.STEPS, _part(_part(summary, "movement"), "steps").get("value"), day=day)
        for group, name, metric, factor in SUMMARY:
            value = number(_part(summary, group).get(name))
            if value is not None and value >= 0:  # negative numbers say that it was not measured
                daily.add(metric, value, day=day, factor=factor)

    def _add_weight(self, daily: DailyValues, weighed: Mapping[str, Any], chunk: Window) -> None:
        day = self._day(weighed.get("summaryDate"), chunk)
        if day is None:
            return
        listed = weighed.get("allWeightMetrics")
        entries: list[Mapping[str, Any]] = []
        if isinstance(listed, list):
            entries = [entry for entry in listed if isinstance(entry, dict)]
        for entry in entries or [_part(weighed, "latestWeight")]:
            at_s = _epoch_s(entry.get("timestampGMT"))
            at = None if at_s is None else instant_of(at_s)
            daily.add(WellnessMetric.BODY_MASS_KG, entry.get("weight"), day=day, factor=KG_PER_G, measured_at=at)
            daily.add(WellnessMetric.BODY_FAT_PCT, entry.get("bodyFat"), day=day, measured_at=at)

    def _day(self, text: Any, chunk: Window) -> date | None:
        """Return the day of a record, None outside the stretch; a record without its day is refused."""
        day = day_of(text)
        if day is None:
            raise self.unusable("has a daily record without its day")
        return day if chunk.first <= day <= chunk.last else None

    async def _get(self, credentials: Credentials, path: str, **params: str) -> Any:
        """Return the JSON, None for the empty answer that means nothing is there."""
        return await self.http.get_json(
            f"{SITE}{path}",
            token=credentials.access_token,
            params=params,
            headers={"Accept": "application/json"},
            may_be_empty=True,
        )


def _part(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a group of fields, empty where there is none."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _epoch_s(value: Any) -> float | None:
    """Return the seconds of a time that comes as milliseconds, or as text without an offset, which is UTC."""
    if isinstance(value, str):
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            return None
        return (parsed if parsed.utcoffset() is not None else parsed.replace(tzinfo=UTC)).timestamp()
    stamp = number(value)
    return None if stamp is None else stamp * MS


def _end_of(token: str, now: datetime) -> datetime:
    """Return when the token ends, as it says itself; its signature is the service's to check."""
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, OSError):
        return now + TOKEN_LIFE
