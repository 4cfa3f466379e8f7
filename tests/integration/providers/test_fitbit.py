"""Fitbit through the Google Health API: from the permission to stored activities and values, failures included."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.support.api import Api, Person
from tests.support.connections import authorize, connection_of, go_on, synced
from tests.support.provider_fitbit import ALL_SCOPES, civil
from tests.support.provider_server import ProviderServer, cut_off, half_json, status
from tests.support.workouts import Ride

RIDE = replace(Ride(), seconds=300)
RIDE_DAY = RIDE.started_at.date()
NIGHT = "2026-05-04"
VALUES = {
    "sleep_s": 27000,
    "sleep_deep_s": 6000,
    "sleep_light_s": 15000,
    "sleep_rem_s": 6000,
    "sleep_awake_s": 1800,
    "time_in_bed_s": 28800,
    "sleep_start_s": -7200,
    "sleep_end_s": 21600,
    "resting_hr_bpm": 47,
    "hrv_rmssd_ms": 61.5,
    "spo2_pct": 95.7,
    "respiration_brpm": 14.2,
    "body_mass_kg": 70.6,
    "body_fat_pct": 18.1,
    "steps": 9120,
}


def exercise(number: int, day: date, *, kind: str = "BIKING", seconds: int = 300) -> dict[str, Any]:
    """Return an exercise as the service lists it: Berlin in winter, an hour ahead of UTC."""
    return {
        "name": f"users/me/dataTypes/exercise/dataPoints/{number}",
        "dataSource": {"recordingMethod": "ACTIVELY_MEASURED", "platform": "FITBIT"},
        "exercise": {
            "exerciseType": kind,
            "displayName": kind.title(),
            "activeDuration": f"{seconds}s",
            "interval": {
                "startTime": f"{day}T07:00:00Z",
                "startUtcOffset": "3600s",
                "endTime": f"{day}T07:{seconds // 60:02}:00Z",
                "endUtcOffset": "3600s",
                "civilStartTime": civil(day.isoformat(), 8),
            },
            "metricsSummary": {
                "distanceMillimeters": 2_400_000.0,
                "averageHeartRateBeatsPerMinute": "141",
                "caloriesKcal": 120.0,
            },
        },
    }


def fill(provider: ProviderServer) -> None:
    days = [RIDE_DAY - timedelta(days=n) for n in range(5)]
    tcx = {str(n): replace(RIDE, started_at=RIDE.started_at - timedelta(days=n)).as_tcx() for n in range(4)}
    night = {
        "sleep": {
            "type": "STAGES",
            "interval": {
                "startTime": "2026-05-03T20:00:00Z",
                "startUtcOffset": "7200s",
                "endTime": "2026-05-04T04:00:00Z",
                "endUtcOffset": "7200s",
                "civilEndTime": civil(NIGHT, 6),
            },
            "metadata": {"mainSleep": True, "processed": True},
            "summary": {
                "minutesAsleep": "450",
                "minutesAwake": "30",
                "stagesSummary": [
                    {"type": "DEEP", "minutes": "100", "count": "4"},
                    {"type": "LIGHT", "minutes": "250", "count": "20"},
                    {"type": "REM", "minutes": "100", "count": "5"},
                    {"type": "AWAKE", "minutes": "30", "count": "12"},
                ],
            },
        }
    }
    nap = {"sleep": night["sleep"] | {"metadata": {"nap": True}, "summary": {"minutesAsleep": "40"}}}
    when = {"utcOffset": "7200s", "civilTime": civil(NIGHT, 7), "physicalTime": "2026-05-04T05:00:00Z"}
    day = civil(NIGHT)["date"]
    provider.health = {
        "exercise": [exercise(n, one) for n, one in enumerate(days)],
        "tcx": tcx,
        "sleep": [nap, night, nap],
        "daily-resting-heart-rate": [{"dailyRestingHeartRate": {"date": day, "beatsPerMinute": "47"}}],
        "daily-heart-rate-variability": [
            {"dailyHeartRateVariability": {"date": day, "averageHeartRateVariabilityMilliseconds": 61.5}}
        ],
        "daily-oxygen-saturation": [{"dailyOxygenSaturation": {"date": day, "averagePercentage": 95.7}}],
        "daily-respiratory-rate": [{"dailyRespiratoryRate": {"date": day, "breathsPerMinute": 14.2}}],
        "weight": [{"weight": {"weightGrams": 70600, "sampleTime": when}}],
        "body-fat": [{"bodyFat": {"percentage": 18.1, "sampleTime": when}}],
        "steps": {NIGHT: 9120},
    }


async def values_of(person: Person) -> dict[str, float]:
    wellness = await person.get("/wellness", params={"from": "2026-05-01", "to": "2026-05-31"})
    assert {value["source"] for one in wellness["days"] for value in one["values"]} <= {"fitbit"}
    return {value["metric"]: value["value"] for one in wellness["days"] for value in one["values"]}


async def test_exercises_come_with_their_course_or_their_summary(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider)
    provider.health["tcx"]["3"] = b"<TrainingCenterDatabase><Activities/></TrainingCenterDatabase>"
    connection = await authorize(person, provider, "fitbit", since="2026-02-01")
    after = await synced(api, person, connection["id"])
    assert (after["error"], after["counts"]["imported"]) == (None, 5)
    rides = (await person.get("/activities"))["items"]
    details = [await person.get(f"/activities/{ride['id']}") for ride in rides]
    assert [one["format"] for one in details] == ["tcx"] * 3 + ["google_health.exercise.v4"] * 2
    told = details[-1]
    assert (told["sport"], told["distance_m"], told["timer_s"]) == ("cycling", 2400, 300)
    assert (told["started_at"], told["local_date"]) == ("2026-02-25T07:00:00Z", "2026-02-25")


async def test_values_arrive_in_our_units_from_all_pages(api: Api, person: Person, provider: ProviderServer) -> None:
    fill(provider)
    connection = await authorize(person, provider, "fitbit", since="2026-04-01")
    after = await synced(api, person, connection["id"])
    assert after["runs"][0]["values_stored"] == len(VALUES)
    assert await values_of(person) == pytest.approx(VALUES)


async def test_the_permission_is_asked_for_with_pkce_and_a_refresh_token(
    person: Person, provider: ProviderServer
) -> None:
    started = await person.call("POST", "/connections/authorizations/fitbit", status=201, json={})
    query = {name: values[0] for name, values in parse_qs(urlsplit(started["authorization_url"]).query).items()}
    assert (query["access_type"], query["code_challenge_method"]) == ("offline", "S256")
    assert set(query["scope"].split()) == set(ALL_SCOPES.split())
    provider.health = {}
    code = provider.oauth.approve("another challenge")
    answer = {"state": query["state"], "code": code}
    problem = await person.call("POST", "/connections/authorizations", status=422, json=answer)
    assert problem["code"] == "provider_sign_in_needed"


async def test_what_was_not_allowed_is_left_out_and_named(api: Api, person: Person, provider: ProviderServer) -> None:
    fill(provider)
    provider.health["google_scopes"] = " ".join(one for one in ALL_SCOPES.split() if ".sleep." in one)
    connection = await authorize(person, provider, "fitbit", since="2026-02-01")
    after = await synced(api, person, connection["id"])
    assert (after["error"], after["runs"][0]["state"], after["counts"]["imported"]) == (None, "succeeded", 0)
    assert set(await values_of(person)) == {name for name in VALUES if "sleep" in name or "bed" in name}
    assert "googlehealth.location.readonly" in after["missing_permissions"]
    assert len(after["missing_permissions"]) == 3


async def test_without_the_place_exercises_come_as_summaries(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider)
    provider.health["google_scopes"] = " ".join(one for one in ALL_SCOPES.split() if "location" not in one)
    connection = await authorize(person, provider, "fitbit", since="2026-02-27")
    after = await synced(api, person, connection["id"])
    assert (after["error"], after["counts"]["imported"]) == (None, 3)
    assert provider.asked(":exportExerciseTcx") == []


async def test_failures_in_the_middle_lose_and_double_nothing(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider)
    connection = await authorize(person, provider, "fitbit", since="2026-02-01")
    provider.oauth.access_tokens.clear()  # they end after an hour
    provider.fail("dataTypes/exercise/dataPoints", half_json(), cut_off())
    provider.fail("dataPoints/2:exportExerciseTcx", status(429, **{"Retry-After": "900"}))
    waiting = await synced(api, person, connection["id"])
    assert (waiting["run"]["state"], waiting["error"]["code"]) == ("waiting", "provider_rate_limited")
    assert provider.oauth.refreshes == 1
    provider.fail("dataTypes/sleep", status(503))
    await go_on(api)
    after = await person.get(f"/connections/{connection['id']}")
    assert (after["run"], after["error"], after["counts"]["imported"]) == (None, None, 5)
    assert len((await person.get("/activities"))["items"]) == 5


async def test_a_withdrawn_permission_is_told_and_disconnecting_revokes(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider)
    connection = await authorize(person, provider, "fitbit", since="2026-05-01")
    provider.oauth.revoke()
    after = await synced(api, person, connection["id"])
    assert (after["state"], after["error"]["code"]) == ("needs_sign_in", "provider_sign_in_needed")
    again = await authorize(person, provider, "fitbit", since="2026-05-01")
    await person.call("DELETE", f"/connections/{again['id']}", status=204)
    await api.work()
    assert await connection_of(person, "fitbit") is None
    assert provider.oauth.refresh_tokens == set()
