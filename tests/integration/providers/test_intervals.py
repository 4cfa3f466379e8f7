"""intervals.icu from connecting to stored activities and daily values, over real HTTP, failures included."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from tests.support.api import Api, Person
from tests.support.connections import authorize, connection_of, go_on, synced
from tests.support.provider_server import (
    WEBHOOK_SECRET,
    ProviderServer,
    as_json,
    cut_off,
    half_json,
    ride_listed_by_intervals,
    status,
)
from tests.support.workouts import Ride

RIDE = Ride()
DAY = RIDE.started_at.date()


def fill(provider: ProviderServer, count: int = 3, *, every: int = 40) -> None:
    """Give the account rides, so far apart that they lie on several pages."""
    for index in range(count):
        ride = replace(RIDE, started_at=RIDE.started_at - timedelta(days=every * index), seconds=300)
        day = DAY - timedelta(days=every * index)
        provider.intervals_activities.append(ride_listed_by_intervals(f"i{index}", day, name=f"Ride {index}"))
        provider.intervals_files[f"i{index}"] = ride.as_fit()


async def connect(person: Person, provider: ProviderServer, *, since: str = "2025-06-01") -> dict:
    return await person.call(
        "POST", "/connections/keys/intervals", status=201, json={"key": provider.intervals_key, "since": since}
    )


async def test_a_key_brings_everything(api: Api, person: Person, provider: ProviderServer) -> None:
    fill(provider)
    provider.intervals_wellness = [
        {"id": "2026-02-20", "weight": 70.5, "restingHR": 48, "hrv": 61.0, "hrvSDNN": None, "sleepSecs": 27000},
        {"id": "2026-02-21", "weight": 0, "restingHR": 480, "hrv": 63.5},
    ]
    connection = await connect(person, provider)
    assert (connection["state"], connection["sign_in"], connection["account_name"]) == ("active", "key", "Ada")
    assert (connection["run"]["kind"], connection["run"]["state"]) == ("back_fill", "queued")

    after = await synced(api, person, connection["id"])
    assert (after["run"], after["error"]) == (None, None)
    assert after["counts"] | {"imported": 3} == after["counts"]
    (run,) = after["runs"]
    assert (run["state"], run["progress"], run["counts"]["imported"]) == ("succeeded", 1, 3)
    # The pulse of 480 and the weight of 0 are no observations.
    assert run["values_stored"] == 5
    rides = (await person.get("/activities"))["items"]
    assert [ride["local_date"] for ride in rides] == ["2026-03-01", "2026-01-20", "2025-12-11"]
    detail = await person.get(f"/activities/{rides[0]['id']}")
    assert detail["file_name"] == "intervals-i0"
    wellness = await person.get("/wellness", params={"from": "2026-02-20", "to": "2026-02-21"})
    first = {value["metric"]: value["value"] for value in wellness["days"][0]["values"]}
    assert first == {"body_mass_kg": 70.5, "resting_hr_bpm": 48, "hrv_rmssd_ms": 61, "sleep_s": 27000}


async def test_oauth_brings_the_athlete_back_with_pkce_and_state(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    connection = await authorize(person, provider, "intervals", since="2026-01-01")
    assert (connection["sign_in"], connection["account_name"]) == ("oauth", "Ada")
    after = await synced(api, person, connection["id"])
    assert after["runs"][0]["state"] == "succeeded"
    assert all(seen.headers["authorization"].startswith("Bearer ") for seen in provider.asked("/athlete/0/"))


async def test_a_permission_serves_once_and_only_who_asked(api: Api, person: Person, provider: ProviderServer) -> None:
    started = await person.call("POST", "/connections/authorizations/intervals", status=201, json={})
    state = started["authorization_url"].split("state=")[1].split("&")[0]
    stranger = await api.sign_up()
    answer = {"state": state, "code": provider.oauth.approve(None)}
    problem = await stranger.call("POST", "/connections/authorizations", status=409, json=answer)
    assert problem["code"] == "authorization_ended"
    await person.call("POST", "/connections/authorizations", status=201, json=answer)
    await person.call("POST", "/connections/authorizations", status=409, json=answer)


async def test_a_declined_permission_and_a_wrong_code_say_so(person: Person, provider: ProviderServer) -> None:
    started = await person.call("POST", "/connections/authorizations/intervals", status=201, json={})
    state = started["authorization_url"].split("state=")[1].split("&")[0]
    answer = {"state": state, "error": "access_denied"}
    problem = await person.call("POST", "/connections/authorizations", status=403, json=answer)
    assert problem["code"] == "authorization_declined"
    started = await person.call("POST", "/connections/authorizations/intervals", status=201, json={})
    state = started["authorization_url"].split("state=")[1].split("&")[0]
    problem = await person.call(
        "POST", "/connections/authorizations", status=422, json={"state": state, "code": "made-up"}
    )
    assert problem["code"] == "provider_sign_in_needed"
    assert await connection_of(person, "intervals") is None


async def test_a_wrong_key_is_refused_with_the_remedy(person: Person) -> None:
    problem = await person.call("POST", "/connections/keys/intervals", status=422, json={"key": "wrong"})
    assert problem["code"] == "provider_sign_in_needed"
    assert "settings" in problem["remedy"]


async def test_credentials_lie_encrypted_in_the_database(api: Api, person: Person, provider: ProviderServer) -> None:
    await connect(person, provider)
    async with api.resources.database.transaction() as session:
        stored = (await session.execute(text("SELECT c::text FROM connections c"))).scalar_one()
    assert provider.intervals_key not in stored
    assert "v1." in stored


async def test_what_the_service_may_not_hand_out_is_told(api: Api, person: Person, provider: ProviderServer) -> None:
    fill(provider, 1)
    provider.intervals_activities += [
        {"id": "i98", "start_date_local": "2026-02-01T10:00:00", "name": "Old ride", "source": "STRAVA"},
        {"id": "i99", "start_date_local": "2026-02-02T10:00:00", "name": "Typed", "source": "MANUAL"},
    ]
    after = await synced(api, person, (await connect(person, provider))["id"])
    assert (after["counts"]["imported"], after["counts"]["unavailable"]) == (1, 2)
    missed = {one["title"]: one["problem"]["message"] for one in after["missed"]}
    assert "Strava" in missed["Old ride"]
    assert "by hand" in missed["Typed"]


async def test_a_broken_recording_does_not_stop_the_others(api: Api, person: Person, provider: ProviderServer) -> None:
    fill(provider)
    provider.intervals_files["i1"] = b"not a recording"
    del provider.intervals_files["i2"]
    after = await synced(api, person, (await connect(person, provider))["id"])
    counts = after["counts"]
    assert (counts["imported"], counts["rejected"], counts["failed"]) == (1, 1, 1)
    codes = {one["title"]: one["problem"]["code"] for one in after["missed"]}
    assert codes == {"Ride 1": "format_unknown", "Ride 2": "provider_item_missing"}
    assert after["runs"][0]["state"] == "succeeded"


async def test_passing_failures_in_the_middle_lose_and_double_nothing(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider)
    provider.fail("/athlete/0/activities", half_json(), cut_off(), status(502))
    provider.fail("/file", status(500), cut_off())
    await connect(person, provider)
    provider.fail("/athlete/0/activities", half_json())
    after = await synced(api, person, (await connection_of(person, "intervals"))["id"])
    await go_on(api)
    after = await person.get(f"/connections/{after['id']}")
    assert after["counts"]["imported"] == 3
    assert len((await person.get("/activities"))["items"]) == 3


async def test_a_long_wait_puts_the_run_on_hold_and_it_goes_on_where_it_was(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider)
    connection = await connect(person, provider)
    provider.fail("/activity/i1/file", status(429, **{"Retry-After": "3000"}))
    waiting = await synced(api, person, connection["id"])
    assert (waiting["run"]["state"], waiting["error"]["code"]) == ("waiting", "provider_rate_limited")
    assert waiting["run"]["retry_at"] is not None
    assert waiting["counts"]["imported"] == 1
    assert 0 < waiting["run"]["progress"] < 1

    pages_before = [seen.query["newest"] for seen in provider.asked("/athlete/0/activities")]
    await go_on(api)
    after = await person.get(f"/connections/{connection['id']}")
    assert (after["run"], after["error"], after["counts"]["imported"]) == (None, None, 3)
    pages = [seen.query["newest"] for seen in provider.asked("/athlete/0/activities")]
    assert pages[: len(pages_before)] == pages_before
    assert pages[len(pages_before)] == pages_before[-1], "the page that was under way is asked for again, no other"
    assert len(set(pages)) == len(pages) - 1
    assert len(provider.asked("/activity/i0/file")) == 1


async def test_a_withdrawn_permission_is_told_and_a_new_one_goes_on(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider)
    connection = await authorize(person, provider, "intervals", since="2025-06-01")
    provider.oauth.revoke()
    after = await synced(api, person, connection["id"])
    assert (after["state"], after["error"]["code"]) == ("needs_sign_in", "provider_sign_in_needed")
    assert after["error"]["remedy"]
    await person.call("POST", f"/connections/{connection['id']}/looks", status=409)

    again = await authorize(person, provider, "intervals")
    assert (again["id"], again["state"], again["error"]) == (connection["id"], "active", None)
    after = await synced(api, person, connection["id"])
    assert after["counts"]["imported"] == 3


async def test_fetching_again_finds_what_was_mended_and_doubles_nothing(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    fill(provider)
    good = provider.intervals_files["i1"]
    provider.intervals_files["i1"] = b"not a recording"
    connection = await connect(person, provider)
    assert (await synced(api, person, connection["id"]))["counts"]["rejected"] == 1

    provider.intervals_files["i1"] = good
    path = f"/connections/{connection['id']}/fetches"
    days = {"first_day": "2025-12-01", "last_day": "2026-03-01"}
    key = {"Idempotency-Key": "fetch-again-1"}
    first = await person.call("POST", path, status=202, json=days, headers=key)
    second = await person.call("POST", path, status=202, json=days, headers=key)
    assert first["run"]["id"] == second["run"]["id"]
    after = await synced(api, person, connection["id"])
    assert after["runs"][0]["kind"] == "range"
    assert after["runs"][0]["counts"]["imported"] == 1
    assert after["runs"][0]["counts"]["duplicate"] == 2
    assert after["missed"] == []
    assert len((await person.get("/activities"))["items"]) == 3
    for first, last in (("2026-03-01", "2026-02-01"), ("0001-01-01", "0001-01-01"), ("9999-01-01", "9999-12-31")):
        problem = await person.call("POST", path, status=422, json={"first_day": first, "last_day": last})
        assert problem["code"] == "invalid_input"
    everything = {"first_day": "0001-01-01", "last_day": "9999-12-31"}
    queued = await person.call("POST", path, status=202, json=everything)
    assert queued["run"]["first_day"] == "1990-01-01"


async def test_the_regular_look_asks_for_the_last_days_only(api: Api, person: Person, provider: ProviderServer) -> None:
    connection = await connect(person, provider)
    await synced(api, person, connection["id"])
    provider.requests.clear()
    await person.call("POST", f"/connections/{connection['id']}/looks", status=202)
    await api.work()
    (asked,) = provider.asked("/athlete/0/activities")
    oldest = date.fromisoformat(asked.query["oldest"])
    assert timedelta(days=2) <= date.fromisoformat(asked.query["newest"][:10]) - oldest <= timedelta(days=5)


async def test_a_notification_needs_the_secret_and_is_only_a_hint(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    connection = await connect(person, provider, since="2026-02-25")
    await synced(api, person, connection["id"])
    fill(provider, 1)
    event = {"athlete_id": "i2049151", "type": "ACTIVITY_UPLOADED", "activity": {"id": "i0", "name": "a lie"}}
    path = "/api/v1/connections/notifications/intervals"
    async with api.client() as anybody:
        refused = await anybody.post(path, content=as_json({"secret": "wrong", "events": [event]}))
        assert (refused.status_code, refused.json()["code"]) == (403, "webhook_refused")
        taken = await anybody.post(path, content=as_json({"secret": WEBHOOK_SECRET, "events": [event] * 3}))
        assert taken.status_code == 200
        unknown = event | {"athlete_id": "i1"}
        assert (await anybody.post(path, content=as_json({"secret": WEBHOOK_SECRET, "events": [unknown]}))).is_success
        assert (await anybody.post(path, content=b"\xff{")).status_code == 403
        assert (await anybody.post(path, content=b"x" * 300_000)).status_code == 413
    after = await synced(api, person, connection["id"])
    assert [run["kind"] for run in after["runs"]].count("notice") == 1
    assert after["counts"]["imported"] == 1
    assert (await person.get("/activities"))["items"][0]["title"] != "a lie"


@pytest.mark.parametrize("stored", ["keep", "delete"])
async def test_disconnecting_deregisters_and_keeps_or_deletes(
    api: Api, person: Person, provider: ProviderServer, stored: str
) -> None:
    fill(provider)
    own = replace(RIDE, started_at=RIDE.started_at - timedelta(days=40), seconds=300)
    await person.upload("own.tcx", own.as_tcx())
    await api.work()
    provider.intervals_wellness = [{"id": "2026-02-20", "weight": 70.5}]
    connection = await authorize(person, provider, "intervals", since="2025-06-01")
    assert (await synced(api, person, connection["id"]))["counts"]["merged"] == 1

    await person.call("DELETE", f"/connections/{connection['id']}", status=204, params={"stored": stored})
    assert (await connection_of(person, "intervals"))["state"] == "disconnecting"
    await api.work()
    assert await connection_of(person, "intervals") is None
    assert provider.asked("/disconnect-app")[0].method == "DELETE"
    assert provider.oauth.access_tokens == set()
    left = (await person.get("/activities"))["items"]
    wellness = (await person.get("/wellness", params={"from": "2026-02-20", "to": "2026-02-20"}))["days"]
    if stored == "keep":
        assert (len(left), len(wellness)) == (3, 1)
        return
    assert ([ride["local_date"] for ride in left], wellness) == (["2026-01-20"], [])
    detail = await person.get(f"/activities/{left[0]['id']}")
    assert [source["file_name"] for source in detail["sources"]] == ["own.tcx"]
    # The numbers are those of the athlete's own file now.
    assert (detail["format"], detail["power_mean_w"]) == ("tcx", None)


async def test_the_calendar_marks_days_that_the_habit_does_not_explain(
    api: Api, person: Person, provider: ProviderServer
) -> None:
    days = [DAY - timedelta(days=n) for n in range(60) if n not in range(20, 26)]
    provider.intervals_wellness = [{"id": day.isoformat(), "restingHR": 50} for day in days]
    connection = await connect(person, provider, since="2025-12-01")
    await synced(api, person, connection["id"])
    path = f"/connections/{connection['id']}/calendar"
    calendar = await person.get(path, params={"from": "2026-01-01", "to": DAY.isoformat()})
    states = {one["day"]: one["state"] for one in calendar["days"]}
    gaps = [day for day, state in states.items() if state == "gap"]
    assert gaps == [(DAY - timedelta(days=n)).isoformat() for n in range(25, 19, -1)]
    assert calendar["usual_pause_days"] == 0
    assert states["2026-01-01"] == "data"
    for first, last in (("2026-02-01", "2026-01-01"), ("0001-01-01", "0001-01-02"), ("2000-01-01", "9999-12-31")):
        assert await person.get(path, params={"from": first, "to": last}, status=422)
    assert await person.get(path, params={"from": "9999-12-30", "to": "9999-12-31"})


async def test_others_see_nothing(api: Api, person: Person, provider: ProviderServer) -> None:
    connection = await connect(person, provider)
    stranger = await api.sign_up()
    path = f"/connections/{connection['id']}"
    assert await connection_of(stranger, "intervals") is None
    days = {"first_day": "2026-01-01", "last_day": "2026-01-02"}
    await stranger.get(path, status=404)
    await stranger.get(f"{path}/calendar", status=404, params={"from": "2026-01-01", "to": "2026-01-02"})
    await stranger.call("POST", f"{path}/fetches", status=404, json=days)
    await stranger.call("POST", f"{path}/looks", status=404)
    await stranger.call("DELETE", path, status=404)
