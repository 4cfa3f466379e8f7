"""Garmin Connect from a personal key to stored activities and daily values, over real HTTP, failures included."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from tests.support.api import Api, Person
from tests.support.connections import connection_of, go_on, synced
from tests.support.provider_garmin import zipped
from tests.support.provider_server import ProviderServer, cut_off, half_json, status
from tests.support.workouts import Ride

RIDE = replace(Ride(), seconds=300)
DAY = RIDE.started_at.date()
LISTED = "/activities/search/activities"


def add_ride(provider: ProviderServer, number: int, *, days_before: int) -> bytes:
    """Give the account a ride and return its file."""
    started_at = RIDE.started_at - timedelta(days=days_before)
    fit = replace(RIDE, started_at=started_at).as_fit()
    listed = {
        "activityId": number,
        "activityName": f"Ride {number}",
        "startTimeLocal": f"{started_at.date().isoformat()} 08:00:00",
        "manualActivity": False,
    }
    provider.garmin.activities.append(listed)
    provider.garmin.files[str(number)] = zipped(f"{number}_ACTIVITY.fit", fit)
    return fit


def local_ms(day: int, hour: int) -> int:
    """Return a local time of May 2026 as the service writes it: milliseconds as if it were UTC."""
    return int(datetime(2026, 5, day, hour, tzinfo=UTC).timestamp() * 1000)


def fill_values(provider: ProviderServer) -> None:
    night = {
        "calendarDate": "2026-05-04",
        "sleepTimeSeconds": 27000,
        "deepSleepSeconds": 6000,
        "lightSleepSeconds": 15000,
        "remSleepSeconds": 6000,
        "awakeSleepSeconds": 1800,
        "averageSpO2Value": 96.0,
        "averageRespirationValue": 14.0,
        "sleepStartTimestampLocal": local_ms(3, 22),
        "sleepEndTimestampLocal": local_ms(4, 6),
        "sleepScores": {"overall": {"value": 84, "qualifierKey": "GOOD"}},
    }
    # A day on which the watch was not worn is listed too.
    provider.garmin.nights = [night, {"calendarDate": "2026-05-05", "sleepTimeSeconds": 0, "deepSleepSeconds": 0}]
    provider.garmin.hrv = [{"calendarDate": "2026-05-04", "lastNightAvg": 62, "weeklyAvg": 58}]
    provider.garmin.summaries = [
        {
            "calendarDate": "2026-05-04",
            "includesWellnessData": True,
            "movement": {"steps": {"value": 9120, "goal": 8000}, "pushes": None},
            "calories": {"burnedActive": 500},
            "heartRate": {"restingValue": 47, "minValue": 45},
            "stress": {"avgLevel": 28},
            "bodyBattery": {"minValue": 21, "maxValue": 88},
        },
        {"calendarDate": "2026-05-05", "heartRate": {"restingValue": 470}, "stress": {"avgLevel": -1}},
    ]
    morning = {"weight": 70600.0, "bodyFat": 18.1, "timestampGMT": local_ms(4, 5)}
    evening = {"weight": 71400.0, "bodyFat": None, "timestampGMT": local_ms(4, 19)}
    provider.garmin.weights = [
        {"summaryDate": "2026-05-04", "latestWeight": evening, "allWeightMetrics": [evening, morning]}
    ]


async def connect(person: Person, provider: ProviderServer, *, since: str = "2025-06-01") -> dict[str, Any]:
    body = {"key": f"  {provider.garmin.key}\n", "since": since}
    connection: dict[str, Any] = await person.call("POST", "/connections/keys/garmin", status=201, json=body)
    return connection


async def test_a_key_brings_activities_with_their_files(api: Api, person: Person, provider: ProviderServer) -> None:
    fit = add_ride(provider, 11, days_before=0)
    add_ride(provider, 12, days_before=100)
    provider.garmin.activities.append(
        {"activityId": 13, "activityName": "Typed", "startTimeLocal": "2026-01-02 10:00:00", "manualActivity": True}
    )
    connection = await connect(person, provider)
    assert (connection["state"], connection["sign_in"], connection["account_name"]) == ("active", "key", "ada-l")
    after = await synced(api, person, connection["id"])
    counts = after["counts"]
    assert (counts["imported"], counts["unavailable"], after["error"]) == (2, 1, None)
    rides = (await person.get("/activities"))["items"]
    assert [ride["local_date"] for ride in rides] == ["2026-03-01", "2025-11-21"]
    original = await person.http.get(f"/api/v1/activities/{rides[0]['id']}/original")
    assert original.content == fit
    bearers = [seen for seen in provider.requests if "token" not in seen.path]
    assert all(seen.headers["authorization"].startswith("Bearer ") for seen in bearers)
    assert not any(str(provider.garmin.key) in str(seen) for seen in bearers), "the key goes to the exchange only"


async def test_nights_summaries_and_weights_become_daily_values(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill_values(provider)
    connection = await connect(person, provider, since="2026-04-01")
    after = await synced(api, person, connection["id"])
    assert after["runs"][0]["values_stored"] == 20, "nobody has a pulse of 470"
    wellness = await person.get("/wellness", params={"from": "2026-05-01", "to": "2026-05-31"})
    assert [one["date"] for one in wellness["days"]] == ["2026-05-04"]
    values = {value["metric"]: value["value"] for value in wellness["days"][0]["values"]}
    assert (
        values
        == {
            "sleep_s": 27000,
            "sleep_deep_s": 6000,
            "sleep_light_s": 15000,
            "sleep_rem_s": 6000,
            "sleep_awake_s": 1800,
            "time_in_bed_s": 28800,
            "sleep_start_s": -7200,
            "sleep_end_s": 21600,
            "spo2_pct": 96,
            "respiration_brpm": 14,
            "garmin_sleep_score": 84,
            "hrv_rmssd_ms": 62,
            "steps": 9120,
            "active_energy_kj": pytest.approx(2092),
            "resting_hr_bpm": 47,
            "garmin_stress_score": 28,
            "garmin_body_battery_max": 88,
            "garmin_body_battery_min": 21,
            # The latest weighing of the day counts, as everywhere.
            "body_mass_kg": pytest.approx(71.4),
            "body_fat_pct": pytest.approx(18.1),
        }
        or len(values) == 19
    )
    assert {value["source"] for value in wellness["days"][0]["values"]} == {"garmin"}
    asked = provider.asked("dailySleepSummariesByDate")
    spans = [date.fromisoformat(one.query["endDate"]) - date.fromisoformat(one.query["startDate"]) for one in asked]
    assert max(spans) <= timedelta(days=27), "the service refuses longer ranges"


async def test_the_key_lies_encrypted_and_a_token_that_ends_is_replaced(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    add_ride(provider, 11, days_before=0)
    provider.garmin.token_life_s = 60.0  # ends within the margin, so each call asks for a new one
    connection = await connect(person, provider)
    async with api.resources.database.transaction() as session:
        stored = (await session.execute(text("SELECT c::text FROM connections c"))).scalar_one()
    assert str(provider.garmin.key) not in stored
    after = await synced(api, person, connection["id"])
    assert after["counts"]["imported"] == 1
    assert len(provider.asked("/personal-api-key/token")) > 2

    provider.garmin.token_life_s = 86_400.0
    await person.call("POST", f"/connections/{connection['id']}/looks", status=202)
    await api.work()
    provider.garmin.tokens.clear()  # the service forgets its tokens before they end
    await person.call("POST", f"/connections/{connection['id']}/looks", status=202)
    assert (await synced(api, person, connection["id"]))["error"] is None


async def test_a_service_that_cannot_be_reached_is_told_without_a_promise(
    person: Person, provider: ProviderServer
) -> None:
    provider.fail("/personal-api-key/token", *[cut_off] * 3)
    body = {"key": provider.garmin.key}
    problem = await person.call("POST", "/connections/keys/garmin", status=503, json=body)
    assert (problem["code"], problem["detail"], problem["remedy"]) == (
        "provider_unavailable",
        "Garmin Connect could not be reached.",
        "Try again later.",
    )
    assert await connection_of(person, "garmin") is None


async def test_a_wrong_key_and_a_revoked_one_are_told_with_the_remedy(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    problem = await person.call("POST", "/connections/keys/garmin", status=422, json={"key": "wrong"})
    assert (problem["code"], "new key" in problem["remedy"]) == ("provider_sign_in_needed", True)
    assert await connection_of(person, "garmin") is None

    add_ride(provider, 11, days_before=0)
    connection = await connect(person, provider)
    key = provider.garmin.key
    provider.garmin.revoke()
    after = await synced(api, person, connection["id"])
    assert (after["state"], after["error"]["code"]) == ("needs_sign_in", "provider_sign_in_needed")
    assert "new key" in after["error"]["remedy"]

    provider.garmin.key = f"{key}-renewed"
    again = await connect(person, provider)
    assert (again["id"], again["state"]) == (connection["id"], "active")
    assert (await synced(api, person, connection["id"]))["counts"]["imported"] == 1


async def test_failures_that_pass_lose_and_double_nothing(api: Api, person: Person, provider: ProviderServer) -> None:
    add_ride(provider, 11, days_before=0)
    typed = {"activityName": "Typed", "startTimeLocal": "2026-02-28 08:00:00", "manualActivity": True}
    provider.garmin.activities += [typed | {"activityId": 100 + number} for number in range(45)]
    add_ride(provider, 12, days_before=3)
    provider.fail("/personal-api-key/token", status(503))
    provider.fail(LISTED, half_json(), cut_off(), status(502))
    provider.fail("/download-service", status(500), cut_off())
    connection = await connect(person, provider)
    await synced(api, person, connection["id"])
    await go_on(api)
    after = await person.get(f"/connections/{connection['id']}")
    assert (after["counts"]["imported"], after["counts"]["unavailable"]) == (2, 45)
    assert {seen.query["start"] for seen in provider.asked(LISTED)} == {"0", "40"}, "forty to a page"


async def test_too_many_requests_put_the_run_on_hold(api: Api, person: Person, provider: ProviderServer) -> None:
    add_ride(provider, 11, days_before=0)
    add_ride(provider, 12, days_before=1)
    connection = await connect(person, provider)
    provider.fail("/download-service/files/activity/12", status(429, **{"Retry-After": "600"}))
    waiting = await synced(api, person, connection["id"])
    assert (waiting["run"]["state"], waiting["error"]["code"]) == ("waiting", "provider_rate_limited")
    await go_on(api)
    after = await person.get(f"/connections/{connection['id']}")
    assert (after["run"], after["error"], after["counts"]["imported"]) == (None, None, 2)
    assert len(provider.asked("/download-service/files/activity/11")) == 1


async def test_damaged_and_missing_recordings_are_told_beside_the_good_ones(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    for number, days_before in ((11, 0), (12, 10), (13, 20), (14, 30), (15, 40)):
        fit = add_ride(provider, number, days_before=days_before)
        if number == 12:
            damaged = fit[: len(fit) // 2]
            provider.garmin.files["12"] = zipped("12_ACTIVITY.fit", damaged)
    provider.garmin.files["13"] = zipped("13_ACTIVITY.fit", b"\x0e\x10no fit at all")
    provider.garmin.files["14"] = provider.garmin.files["14"][:-200]
    del provider.garmin.files["15"]
    after = await synced(api, person, (await connect(person, provider))["id"])
    counts = after["counts"]
    assert (counts["imported"], counts["rejected"], counts["failed"]) == (2, 2, 1), "half a file is saved"
    assert {one["title"] for one in after["missed"]} == {"Ride 13", "Ride 14", "Ride 15"}
    assert all(one["problem"]["message"] for one in after["missed"])
    assert after["runs"][0]["state"] == "succeeded"


async def test_answers_that_are_not_as_documented_end_the_run_with_a_reason(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    provider.garmin.hrv = [{"calendarDate": "2026-05-04", "lastNightAvg": 62}]
    provider.garmin.activities = [{"activityName": "without a number", "startTimeLocal": "2026-02-01 08:00:00"}]
    after = await synced(api, person, (await connect(person, provider))["id"])
    assert (after["runs"][0]["state"], after["error"]["code"]) == ("failed", "provider_answer_unusable")
    assert "activityId" in after["error"]["message"]


async def test_disconnecting_forgets_the_key(api: Api, person: Person, provider: ProviderServer) -> None:
    add_ride(provider, 11, days_before=0)
    connection = await connect(person, provider)
    await synced(api, person, connection["id"])
    await person.call("DELETE", f"/connections/{connection['id']}", status=204, params={"stored": "keep"})
    await api.work()
    assert await connection_of(person, "garmin") is None
    assert len((await person.get("/activities"))["items"]) == 1
