"""Polar, Oura, WHOOP and Withings from connecting to stored values, over real HTTP, failures and notifications too."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from tests.support.api import Api, Person
from tests.support.connections import authorize, connection_of, synced
from tests.support.provider_health import as_bytes
from tests.support.provider_server import CLIENT_SECRET, WEBHOOK_SECRET, ProviderServer, status
from tests.support.workouts import Ride

NIGHT = "2026-05-04"
RIDE = replace(Ride(), seconds=60)


async def values_of(person: Person, day: str = NIGHT) -> dict[str, float]:
    wellness = await person.get("/wellness", params={"from": day, "to": day})
    return {value["metric"]: value["value"] for one in wellness["days"] for value in one["values"]}


def fill_oura(provider: ProviderServer) -> None:
    night = {
        "id": "s1",
        "day": NIGHT,
        "type": "long_sleep",
        "average_hrv": 62,
        "lowest_heart_rate": 44,
        "average_breath": 13.5,
        "total_sleep_duration": 27000,
        "time_in_bed": 30000,
        "deep_sleep_duration": 6000,
        "light_sleep_duration": 15000,
        "rem_sleep_duration": 6000,
        "awake_time": 3000,
        "bedtime_end": "2026-05-04T06:31:00+02:00",
    }
    nap = night | {"id": "s2", "type": "late_nap", "total_sleep_duration": 1800, "lowest_heart_rate": 60}
    later = night | {"id": "s3", "day": "2026-05-05", "lowest_heart_rate": 999}
    provider.health = {
        "sleep": [nap, night, later],
        "daily_sleep": [{"id": "d1", "day": NIGHT, "score": 85}],
        "daily_readiness": [{"id": "r1", "day": NIGHT, "score": 79, "temperature_deviation": -0.2}],
        "daily_activity": [{"id": "a1", "day": NIGHT, "steps": 9000}],
    }


def fill_whoop(provider: ProviderServer) -> None:
    stages = {
        "total_in_bed_time_milli": 30_000_000,
        "total_awake_time_milli": 3_000_000,
        "total_light_sleep_time_milli": 15_000_000,
        "total_slow_wave_sleep_time_milli": 6_000_000,
        "total_rem_sleep_time_milli": 6_000_000,
    }
    sleep = {
        "id": "ecfc6a15-4661-442f-a9a4-f160dd7afae8",
        "start": "2026-05-03T21:30:00.000Z",
        "end": "2026-05-04T05:50:00.000Z",
        "timezone_offset": "+02:00",
        "nap": False,
        "score_state": "SCORED",
        "score": {"stage_summary": stages, "respiratory_rate": 16.1, "sleep_performance_percentage": 98},
    }
    recovery = {
        "cycle_id": 93845,
        "sleep_id": sleep["id"],
        "score_state": "SCORED",
        "score": {
            "recovery_score": 44,
            "resting_heart_rate": 47,
            "hrv_rmssd_milli": 61.8,
            "spo2_percentage": 95.7,
            "skin_temp_celsius": 33.7,
        },
    }
    cycle = {"id": 93845, "end": "2026-05-05T05:00:00.000Z", "score_state": "SCORED", "score": {"strain": 12.5}}
    nap = sleep | {"id": "nap", "nap": True}
    pending = recovery | {"sleep_id": "unknown", "cycle_id": 1, "score_state": "PENDING_SCORE", "score": None}
    provider.health = {"activity/sleep": [nap, sleep], "recovery": [pending, recovery], "cycle": [cycle]}


def fill_withings(provider: ProviderServer) -> None:
    def group(hour: int, *measures: tuple[int, int, int]) -> dict[str, Any]:
        return {
            "grpid": hour,
            "date": 1777845600 + hour * 3600,  # 2026-05-04 00:00 in Berlin, and so many hours later
            "measures": [{"type": kind, "value": value, "unit": unit} for kind, value, unit in measures],
        }

    night = {
        "total_sleep_time": 27000,
        "total_timeinbed": 30000,
        "deepsleepduration": 6000,
        "hr_min": 45,
        "rr_average": 14,
        "sleep_score": 82,
    }
    provider.health = {
        "measuregrps": [
            group(8, (1, 70600, -3), (6, 1812, -2)),
            group(7, (1, 71200, -3), (10, 121, 0), (9, 78, 0)),
            group(23, (999, 1, 0)),
        ],
        "series": [{"date": NIGHT, "enddate": 1777869600, "data": night}],
    }


def fill_polar(provider: ProviderServer) -> None:
    now = time.time()
    recent = RIDE.started_at.fromtimestamp(now - 3 * 86_400, RIDE.started_at.tzinfo)
    day = recent.date()
    exercise = {
        "id": "2AC312F",
        "start_time": recent.isoformat()[:19],
        "start_time_utc_offset": 0,
        "sport": "CYCLING",
        "detailed_sport_info": "ROAD_BIKING",
    }
    night = {
        "date": day.isoformat(),
        "light_sleep": 15000,
        "deep_sleep": 6000,
        "rem_sleep": 6000,
        "unrecognized_sleep_stage": 120,
        "total_interruption_duration": 900,
        "sleep_score": 81,
    }
    recharge = {
        "date": day.isoformat(),
        "heart_rate_variability_avg": 58,
        "breathing_rate_avg": 14.1,
        "nightly_recharge_status": 4,
        "heart_rate_avg": 52,
    }
    provider.health = {
        "day": day.isoformat(),
        "exercises": [exercise, exercise | {"id": "2AC312G", "start_time": (recent - timedelta(days=1)).isoformat()}],
        "fit": {"2AC312F": replace(RIDE, started_at=recent).as_fit()},
        "nights": [night],
        "recharges": [recharge],
    }


EXPECTED = {
    "oura": {
        "hrv_rmssd_ms": 62,
        "resting_hr_bpm": 44,
        "respiration_brpm": 13.5,
        "sleep_s": 27000,
        "time_in_bed_s": 30000,
        "sleep_deep_s": 6000,
        "sleep_light_s": 15000,
        "sleep_rem_s": 6000,
        "sleep_awake_s": 3000,
        "oura_sleep_score": 85,
        "oura_readiness_score": 79,
        "skin_temperature_deviation_c": -0.2,
        "steps": 9000,
    },
    "whoop": {
        "whoop_recovery_pct": 44,
        "resting_hr_bpm": 47,
        "hrv_rmssd_ms": 61.8,
        "spo2_pct": 95.7,
        "time_in_bed_s": 30000,
        "sleep_awake_s": 3000,
        "sleep_light_s": 15000,
        "sleep_deep_s": 6000,
        "sleep_rem_s": 6000,
        "sleep_s": 27000,
        "respiration_brpm": 16.1,
        "whoop_sleep_performance_pct": 98,
        "whoop_day_strain": 12.5,
    },
    "withings": {
        "body_mass_kg": 70.6,
        "body_fat_pct": 18.12,
        "blood_pressure_systolic_mmhg": 121,
        "blood_pressure_diastolic_mmhg": 78,
        "sleep_s": 27000,
        "time_in_bed_s": 30000,
        "sleep_deep_s": 6000,
        "resting_hr_bpm": 45,
        "respiration_brpm": 14,
        "withings_sleep_score": 82,
    },
}
FILL = {"oura": fill_oura, "whoop": fill_whoop, "withings": fill_withings, "polar": fill_polar}


@pytest.mark.parametrize("service", ["oura", "whoop", "withings"])
async def test_days_arrive_from_all_pages_in_our_units(
    api: Api, person: Person, provider: ProviderServer, service: str
) -> None:
    FILL[service](provider)
    connection = await authorize(person, provider, service, since="2026-05-01")
    after = await synced(api, person, connection["id"])
    assert (after["error"], after["runs"][0]["state"]) == (None, "succeeded")
    assert await values_of(person) == pytest.approx(EXPECTED[service])


async def test_polar_brings_recordings_and_nights_of_the_last_month(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill_polar(provider)
    connection = await authorize(person, provider, "polar")
    after = await synced(api, person, connection["id"])
    assert (after["counts"]["imported"], after["counts"]["failed"]) == (1, 1)
    assert after["missed"][0]["problem"]["code"] == "provider_item_missing"
    (ride,) = (await person.get("/activities"))["items"]
    assert (await person.get(f"/activities/{ride['id']}"))["file_name"] == "polar-2AC312F.fit"
    assert await values_of(person, provider.health["day"]) == {
        "sleep_s": 27120,
        "sleep_light_s": 15000,
        "sleep_deep_s": 6000,
        "sleep_rem_s": 6000,
        "sleep_awake_s": 900,
        "polar_sleep_score": 81,
        "hrv_rmssd_ms": 58,
        "respiration_brpm": 14.1,
        "polar_nightly_recharge": 4,
    }
    # Connecting once more finds the athlete registered, which is no failure.
    again = await authorize(person, provider, "polar")
    assert again["id"] == connection["id"]
    assert provider.registered == ["topform-475", "topform-475"]


@pytest.mark.parametrize("service", ["oura", "whoop", "withings"])
async def test_an_ended_token_is_refreshed_and_a_withdrawn_permission_is_told(
    api: Api, person: Person, provider: ProviderServer, service: str
) -> None:
    FILL[service](provider)
    connection = await authorize(person, provider, service, since="2026-05-01")
    provider.oauth.access_tokens.clear()
    after = await synced(api, person, connection["id"])
    assert (after["error"], provider.oauth.refreshes) == (None, 1)
    provider.oauth.revoke()
    await person.call("POST", f"/connections/{connection['id']}/looks", status=202)
    after = await synced(api, person, connection["id"])
    assert (after["state"], after["error"]["code"]) == ("needs_sign_in", "provider_sign_in_needed")


@pytest.mark.parametrize("service", ["polar", "oura", "whoop", "withings"])
async def test_disconnecting_withdraws_the_permission_there(
    api: Api, person: Person, provider: ProviderServer, service: str
) -> None:
    FILL[service](provider)
    connection = await authorize(person, provider, service)
    await person.call("DELETE", f"/connections/{connection['id']}", status=204)
    await api.work()
    assert await connection_of(person, service) is None
    assert (provider.oauth.access_tokens, provider.oauth.refresh_tokens) == (set(), set())


async def test_withings_own_status_counts_not_that_of_http(api: Api, person: Person, provider: ProviderServer) -> None:
    fill_withings(provider)
    connection = await authorize(person, provider, "withings", since="2026-05-01")
    provider.fail("/measure", lambda: status_envelope(601))
    waiting = await synced(api, person, connection["id"])
    assert (waiting["run"]["state"], waiting["error"]["code"]) == ("waiting", "provider_rate_limited")
    provider.fail("/measure", lambda: status_envelope(2555))
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    failed = await synced(api, person, connection["id"])
    assert (failed["runs"][0]["state"], failed["error"]["code"]) == ("failed", "provider_permission_missing")


def status_envelope(code: int) -> Any:
    from fastapi.responses import JSONResponse

    return JSONResponse({"status": code, "error": "no"})


def signed(service: str, body: bytes, *, secret: str = CLIENT_SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers with which a service signs a notification."""
    now = time.time() if at is None else at
    if service == "polar":
        return {"Polar-Webhook-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
    stamp = str(int(now)) if service == "oura" else str(int(now * 1000))
    digest = hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256)
    if service == "oura":
        return {"x-oura-signature": digest.hexdigest().upper(), "x-oura-timestamp": stamp}
    encoded = base64.b64encode(digest.digest()).decode()
    return {"X-WHOOP-Signature": encoded, "X-WHOOP-Signature-Timestamp": stamp}


EVENTS = {
    "polar": {"event": "EXERCISE", "user_id": 475, "entity_id": "2AC312F", "url": "https://evil.example.org/"},
    "oura": {"event_type": "create", "data_type": "sleep", "object_id": "s1", "user_id": "8f9a5221"},
    "whoop": {"user_id": 10129, "id": "550e8400-e29b-41d4-a716-446655440000", "type": "sleep.updated"},
}


@pytest.mark.parametrize("service", ["polar", "oura", "whoop"])
async def test_only_signed_and_fresh_notifications_are_taken(
    api: Api, person: Person, provider: ProviderServer, service: str
) -> None:
    FILL[service](provider)
    connection = await authorize(person, provider, service, since="2026-05-01")
    await synced(api, person, connection["id"])
    body = as_bytes(EVENTS[service])
    secret = WEBHOOK_SECRET if service == "polar" else CLIENT_SECRET
    path = f"/api/v1/connections/notifications/{service}"

    async def send(content: bytes, headers: dict[str, str]) -> httpx.Response:
        async with api.client() as anybody:
            return await anybody.post(path, content=content, headers=headers)

    assert (await send(body, {})).status_code == 403
    assert (await send(body, signed(service, body, secret="guess"))).status_code == 403
    assert (await send(body + b" ", signed(service, body, secret=secret))).status_code == 403
    if service != "polar":
        old = signed(service, body, secret=secret, at=time.time() - 3600)
        assert (await send(body, old)).status_code == 403
    assert (await person.get(f"/connections/{connection['id']}"))["run"] is None

    assert (await send(body, signed(service, body, secret=secret))).status_code == 200
    after = await synced(api, person, connection["id"])
    assert [run["kind"] for run in after["runs"]] == ["notice", "back_fill"]


async def test_addresses_are_confirmed_as_each_service_asks(api: Api, provider: ProviderServer) -> None:
    path = "/api/v1/connections/notifications"
    async with api.client() as anybody:
        query = {"verification_token": WEBHOOK_SECRET, "challenge": "abc"}
        assert (await anybody.get(f"{path}/oura", params=query)).json() == {"challenge": "abc"}
        wrong = query | {"verification_token": "guess"}
        assert (await anybody.get(f"{path}/oura", params=wrong)).status_code == 403
        assert (await anybody.post(f"{path}/polar", content=as_bytes({"event": "PING"}))).status_code == 200
        assert (await anybody.head(f"{path}/withings")).status_code == 200
        assert (await anybody.post(f"{path}/nobody", content=b"{}")).status_code == 404


async def test_a_hint_from_withings_names_days(api: Api, person: Person, provider: ProviderServer) -> None:
    fill_withings(provider)
    connection = await authorize(person, provider, "withings", since="2026-06-01")
    await synced(api, person, connection["id"])
    assert await values_of(person) == {}
    form = {"userid": "363", "appli": "1", "startdate": "1777845600", "enddate": "1777932000"}
    async with api.client() as anybody:
        path = "/api/v1/connections/notifications/withings"
        assert (await anybody.post(path, data=form)).status_code == 200
        assert (await anybody.post(path, data={"userid": "x"})).status_code == 403
    await synced(api, person, connection["id"])
    assert (await values_of(person))["body_mass_kg"] == pytest.approx(70.6)


async def test_a_service_that_is_down_is_told_and_tried_again(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill_oura(provider)
    connection = await authorize(person, provider, "oura", since="2026-05-01")
    provider.fail("/usercollection/sleep", *[status(503)] * 3)
    waiting = await synced(api, person, connection["id"])
    assert (waiting["run"]["state"], waiting["error"]["code"]) == ("waiting", "provider_unavailable")
    assert waiting["error"]["remedy"]
