"""Workouts that Oura and WHOOP tell without a course: activities of their own, and one with what a watch recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.support.api import Api, Person
from tests.support.connections import authorize, synced
from tests.support.provider_server import ProviderServer
from tests.support.workouts import Ride

RIDE = Ride()
WHOOP_SCOPES = "offline read:recovery read:sleep read:cycles read:workout read:profile"


def oura_workout(number: int, days_before: int) -> dict[str, Any]:
    """Return a workout of the ride's length, as the ring saw it: half a minute late, in whole minutes."""
    start = RIDE.started_at - timedelta(days=days_before) + timedelta(seconds=30)
    return {
        "id": f"w{number}",
        "day": start.date().isoformat(),
        "activity": "cycling",
        "calories": 200.0,
        "distance": 9500.0,
        "start_datetime": start.isoformat(),
        "end_datetime": (start + timedelta(seconds=RIDE.seconds)).isoformat(),
        "label": None,
    }


def whoop_workout(number: int, days_before: int, *, state: str = "SCORED") -> dict[str, Any]:
    start = RIDE.started_at - timedelta(days=days_before)
    return {
        "id": f"w{number}",
        "start": start.isoformat().replace("+00:00", "Z"),
        "end": (start + timedelta(seconds=RIDE.seconds)).isoformat().replace("+00:00", "Z"),
        "timezone_offset": "+01:00",
        "sport_name": "cycling",
        "score_state": state,
        "score": {"strain": 9.5, "average_heart_rate": 139, "max_heart_rate": 151, "kilojoule": 900.0},
    }


def fill(provider: ProviderServer, service: str) -> None:
    if service == "oura":
        provider.health = {"workout": [oura_workout(1, 0), oura_workout(2, 3)]}
        return
    workouts = [whoop_workout(1, 0), whoop_workout(2, 3), whoop_workout(3, 5, state="PENDING_SCORE")]
    provider.health = {"activity/workout": workouts, "scopes": WHOOP_SCOPES}


@pytest.mark.parametrize("service", ["oura", "whoop"])
async def test_a_workout_is_an_activity_once(api: Api, person: Person, provider: ProviderServer, service: str) -> None:
    await person.upload("ride.fit", RIDE.as_fit())
    await api.work()
    fill(provider, service)
    connection = await authorize(person, provider, service, since="2026-02-01")
    after = await synced(api, person, connection["id"])
    assert (after["error"], after["counts"]["imported"], after["counts"]["merged"]) == (None, 1, 1)
    rides = (await person.get("/activities"))["items"]
    assert [ride["local_date"] for ride in rides] == ["2026-03-01", "2026-02-26"]
    recorded = await person.get(f"/activities/{rides[0]['id']}")
    assert {source["format"] for source in recorded["sources"]} == {"fit", f"{service}.workout.v2"}
    assert recorded["format"] == "fit", "what was recorded tells the numbers"
    assert recorded["distance_m"] == pytest.approx(RIDE.seconds * RIDE.speed_m_s, rel=0.01)
    told = await person.get(f"/activities/{rides[1]['id']}")
    assert (told["sport"], told["timer_s"], told["format"]) == ("cycling", RIDE.seconds, f"{service}.workout.v2")

    await person.call("POST", f"/connections/{connection['id']}/looks", status=202)
    await api.work()
    assert len((await person.get("/activities"))["items"]) == 2


async def test_a_connection_from_before_workouts_goes_on_and_names_what_is_missing(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider, "whoop")
    provider.health["scopes"] = "offline read:recovery read:sleep read:cycles read:profile"
    connection = await authorize(person, provider, "whoop", since="2026-02-01")
    after = await synced(api, person, connection["id"])
    assert (after["error"], after["counts"]["imported"]) == (None, 0)
    assert after["missing_permissions"] == ["read:workout"]
