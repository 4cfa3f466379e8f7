"""Client of the Google Health API version 4, which took the place of Fitbit's own, from its reference.

Data points of one kind are listed, or brought together from several devices (`reconcile`). What is asked for is what
the athlete allowed: Google lets every scope be declined by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import quote

from topform.core.wellness import WellnessMetric
from topform.providers.base import (
    DailyValues,
    ProviderBase,
    allows,
    instant_of,
    number,
    optional_text,
    workout_document,
)
from topform.providers.errors import AccessRefusedError, ProviderAnswerError, RemoteItemMissingError, ScopeMissingError
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

HOST: Final = "health.googleapis.com"
API: Final = f"https://{HOST}/v4/users/me"
OAUTH_HOST: Final = "oauth2.googleapis.com"
SCOPE: Final = "https://www.googleapis.com/auth/googlehealth."
ACTIVITY_SCOPE: Final = f"{SCOPE}activity_and_fitness.readonly"
VALUES_SCOPE: Final = f"{SCOPE}health_metrics_and_measurements.readonly"
SLEEP_SCOPE: Final = f"{SCOPE}sleep.readonly"
LOCATION_SCOPE: Final = f"{SCOPE}location.readonly"
SOURCES: Final = "users/me/dataSourceFamilies/google-sources"
"""Google's and Fitbit's devices and what was typed there; not what other services wrote."""
DOCUMENT_FORMAT: Final = "google_health.exercise.v4"
CHUNK_DAYS: Final = 60
SESSIONS_PER_PAGE: Final = 25
POINTS_PER_PAGE: Final = 1000
MAX_PAGES: Final = 200
MINUTE_S: Final = 60.0
KG_PER_G: Final = 1e-3

# Kind of data point, its name in the answer, the field, the metric.
DAILY: Final = (
    ("daily-resting-heart-rate", "dailyRestingHeartRate", "beatsPerMinute", WellnessMetric.RESTING_HR_BPM),
    (
        "daily-heart-rate-variability",
        "dailyHeartRateVariability",
        "averageHeartRateVariabilityMilliseconds",
        WellnessMetric.HRV_RMSSD_MS,
    ),
    ("daily-oxygen-saturation", "dailyOxygenSaturation", "averagePercentage", WellnessMetric.SPO2_PCT),
    ("daily-respiratory-rate", "dailyRespiratoryRate", "breathsPerMinute", WellnessMetric.RESPIRATION_BRPM),
)
SAMPLES: Final = (
    ("weight", "weight", "weightGrams", WellnessMetric.BODY_MASS_KG, KG_PER_G),
    ("body-fat", "bodyFat", "percentage", WellnessMetric.BODY_FAT_PCT, 1.0),
)
STAGES: Final[Mapping[str, WellnessMetric]] = {
    "DEEP": WellnessMetric.SLEEP_DEEP_S,
    "LIGHT": WellnessMetric.SLEEP_LIGHT_S,
    "REM": WellnessMetric.SLEEP_REM_S,
    "AWAKE": WellnessMetric.SLEEP_AWAKE_S,
}


class Fitbit(ProviderBase):
    """Fitbit and Pixel watches."""

    about: ClassVar[About] = About(
        id="fitbit",
        name="Fitbit (Google Health)",
        sign_in=(SignInWay.OAUTH,),
        kinds=frozenset({DataKind.ACTIVITIES, DataKind.WELLNESS}),
        hosts=frozenset({HOST, OAUTH_HOST, "accounts.google.com"}),
        uses_pkce=True,
        can_deregister=True,
    )
    authorize_url: ClassVar[str] = "https://accounts.google.com/o/oauth2/v2/auth"
    token_url: ClassVar[str] = f"https://{OAUTH_HOST}/token"
    scopes: ClassVar[tuple[str, ...]] = (ACTIVITY_SCOPE, VALUES_SCOPE, SLEEP_SCOPE, LOCATION_SCOPE)

    def more_authorization(self) -> dict[str, str]:
        """Ask for a refresh token, which Google gives only together with the page of consent."""
        return {"access_type": "offline", "prompt": "consent"}

    async def exchange(self, *, code: str, redirect_uri: str, code_verifier: str | None) -> Credentials:
        """Return credentials with the number of the account."""
        credentials = await super().exchange(code=code, redirect_uri=redirect_uri, code_verifier=code_verifier)
        identity = self.mapping(await self.http.get_json(f"{API}/identity", token=credentials.access_token))
        return replace(credentials, account_id=self.text(identity, "healthUserId"))

    # ---- activities ----

    async def activities(self, credentials: Credentials, window: Window, cursor: str | None) -> ActivityPage:
        """Return a stretch of the calendar's exercises; none when the athlete did not allow them."""
        chunk, following = window.newest_chunk(cursor, days=CHUNK_DAYS)
        if not allows(credentials, ACTIVITY_SCOPE):
            return ActivityPage((), None, window.first)
        found = [
            self._listed(point)
            async for point in self._points(
                credentials, "exercise", "exercise.interval.civil_start_time", chunk, method=""
            )
        ]
        return ActivityPage(tuple(found), following, chunk.first)

    def _listed(self, point: Mapping[str, Any]) -> RemoteActivity:
        exercise = self.mapping(point.get("exercise"))
        return RemoteActivity(
            self.text(point, "name").rsplit("/", 1)[-1],
            local_date=_civil_day(self.mapping(exercise.get("interval")), "Start"),
            title=optional_text(exercise.get("displayName")),
        )

    async def original(self, credentials: Credentials, activity: RemoteActivity) -> Original:
        """Return the course as TCX; where the service has none, the exercise's summary as one document."""
        address = f"{API}/dataTypes/exercise/dataPoints/{quote(activity.external_id, safe='')}"
        if allows(credentials, LOCATION_SCOPE):
            try:
                answer = await self.http.request(
                    "GET",
                    f"{address}:exportExerciseTcx",
                    token=credentials.access_token,
                    params={"alt": "media", "partialData": "true"},
                    max_bytes=self.file_bytes,
                )
                if b"<Trackpoint>" in answer.content:
                    return Original(f"fitbit-{activity.external_id}.tcx", answer.content)
            except (RemoteItemMissingError, ScopeMissingError):
                pass  # no course is told of this exercise, its summary is
            except ProviderAnswerError as error:
                if error.fields.get("status_code") != 400:
                    raise
        point = self.mapping(await self.http.get_json(address, token=credentials.access_token))
        content = workout_document(DOCUMENT_FORMAT, self.mapping(point.get("exercise")))
        return Original(f"fitbit-{activity.external_id}.json", content)

    # ---- daily values ----

    async def wellness(self, credentials: Credentials, window: Window, cursor: str | None) -> WellnessPage:
        """Return a stretch of nights, daily values, weights and steps, as far as they were allowed."""
        chunk, following = window.newest_chunk(cursor, days=CHUNK_DAYS)
        daily = DailyValues(self.about.id)
        if allows(credentials, SLEEP_SCOPE):
            async for point in self._points(credentials, "sleep", "sleep.interval.civil_end_time", chunk):
                self._add_sleep(daily, self.mapping(point.get("sleep")), chunk)
        if allows(credentials, VALUES_SCOPE):
            await self._add_daily(daily, credentials, chunk)
        if allows(credentials, ACTIVITY_SCOPE):
            await self._add_steps(daily, credentials, chunk)
        return daily.page(following, reached=chunk.first)

    def _add_sleep(self, daily: DailyValues, sleep: Mapping[str, Any], chunk: Window) -> None:
        interval, summary = self.mapping(sleep.get("interval")), _part(sleep, "summary")
        metadata = _part(sleep, "metadata")
        day = _civil_day(interval, "End")
        is_main = metadata.get("mainSleep") is True and metadata.get("nap") is not True
        if day is None or not is_main or not chunk.first <= day <= chunk.last:
            return
        start, end = instant_of(interval.get("startTime")), instant_of(interval.get("endTime"))
        daily.add(WellnessMetric.SLEEP_S, summary.get("minutesAsleep"), day=day, factor=MINUTE_S, measured_at=end)
        for stage in _listed(summary.get("stagesSummary")):
            metric = STAGES.get(str(stage.get("type")))
            if metric is not None:
                daily.add(metric, stage.get("minutes"), day=day, factor=MINUTE_S, measured_at=end)
        offset_s = _offset_s(interval.get("endUtcOffset"))
        if start is not None and end is not None and offset_s is not None:
            daily.add_bed_times(day, start_s=start.timestamp(), end_s=end.timestamp(), offset_s=offset_s)

    async def _add_daily(self, daily: DailyValues, credentials: Credentials, chunk: Window) -> None:
        for kind, name, value, metric in DAILY:
            async for point in self._points(credentials, kind, f"{kind.replace('-', '_')}.date", chunk):
                fields = self.mapping(point.get(name))
                daily.add(metric, fields.get(value), day=self._date(fields.get("date")))
        for kind, name, value, metric, factor in SAMPLES:
            async for point in self._points(
                credentials, kind, f"{kind.replace('-', '_')}.sample_time.civil_time", chunk
            ):
                fields = self.mapping(point.get(name))
                sampled = self.mapping(fields.get("sampleTime"))
                at, offset_s = instant_of(sampled.get("physicalTime")), _offset_s(sampled.get("utcOffset"))
                if at is None:
                    raise self.unusable("has a measurement without its time")
                day = (at + timedelta(seconds=offset_s or 0.0)).date()
                if chunk.first <= day <= chunk.last:
                    daily.add(metric, fields.get(value), day=day, factor=factor, measured_at=at)

    async def _add_steps(self, daily: DailyValues, credentials: Credentials, chunk: Window) -> None:
        answer = self.mapping(
            await self.http.json(
                "POST",
                f"{API}/dataTypes/steps/dataPoints:dailyRollUp",
                token=credentials.access_token,
                may_repeat=True,
                body={
                    "range": {
                        "start": {"date": _as_date(chunk.first)},
                        "end": {"date": _as_date(chunk.last + timedelta(days=1))},
                    },
                    "windowSizeDays": 1,
                    "dataSourceFamily": SOURCES,
                },
            )
        )
        for point in self.items(answer.get("rollupDataPoints") or []):
            day = self._date(_part(point, "civilStartTime").get("date"))
            if chunk.first <= day <= chunk.last:
                daily.add(WellnessMetric.STEPS, _part(point, "steps").get("countSum"), day=day)

    async def _points(
        self, credentials: Credentials, kind: str, time: str, chunk: Window, *, method: str = ":reconcile"
    ) -> AsyncIterator[Mapping[str, Any]]:
        """Yield all data points of a kind in the stretch, brought together from all devices unless listed."""
        is_session = kind in ("exercise", "sleep")
        token = ""
        for _ in range(MAX_PAGES):
            params = {
                "filter": f'{time} >= "{chunk.first}" AND {time} < "{chunk.last + timedelta(days=1)}"',
                "pageSize": str(SESSIONS_PER_PAGE if is_session else POINTS_PER_PAGE),
                "dataSourceFamily": SOURCES,
                **({"pageToken": token} if token else {}),
            }
            answer = self.mapping(
                await self.http.get_json(
                    f"{API}/dataTypes/{kind}/dataPoints{method}", token=credentials.access_token, params=params
                )
            )
            for point in self.items(answer.get("dataPoints") or []):
                yield point
            following = optional_text(answer.get("nextPageToken")) or ""
            if following in ("", token):
                return
            token = following
        raise self.unusable("has no end")

    def _date(self, value: Any) -> date:
        day = _date_of(value)
        if day is None:
            raise self.unusable("has a daily record without its day")
        return day

    async def deregister(self, credentials: Credentials) -> None:
        """Revoke the tokens."""
        try:
            await self.http.request(
                "POST",
                f"https://{OAUTH_HOST}/revoke",
                data={"token": credentials.refresh_token or credentials.access_token},
                may_repeat=True,
            )
        except (AccessRefusedError, ScopeMissingError):
            return  # the permission has ended already
        except ProviderAnswerError as error:
            if error.fields.get("status_code") != 400:
                raise


def _part(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _date_of(value: Any) -> date | None:
    """Return the day of a date in parts."""
    try:
        return date(int(value["year"]), int(value["month"]), int(value["day"]))
    except (KeyError, TypeError, ValueError):
        return None


def _as_date(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _offset_s(value: Any) -> float | None:
    """Return a duration such as ``"7200s"``."""
    return number(value[:-1]) if isinstance(value, str) and value.endswith("s") else None


def _civil_day(interval: Mapping[str, Any], edge: str) -> date | None:
    """Return the local day on which a session began or ended."""
    day = _date_of(_part(interval, f"civil{edge}Time").get("date"))
    if day is not None:
        return day
    at, offset_s = instant_of(interval.get(f"{edge.lower()}Time")), _offset_s(interval.get(f"{edge.lower()}UtcOffset"))
    return None if at is None else (at + timedelta(seconds=offset_s or 0.0)).date()
