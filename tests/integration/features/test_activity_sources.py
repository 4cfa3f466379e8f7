"""One workout from several recordings: joined, seen, chosen, undone, separated, never counted twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.support.api import Api, Person
from tests.support.two_devices import STARTED, TwoDevices

from topform.core.activity import Channel
from topform.formats import decode

RIDE = TwoDevices()


async def imported(api: Api, person: Person, *files: tuple[str, bytes]) -> list[dict[str, Any]]:
    """Upload files one after the other and return the activities, newest first."""
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 250, "hr_max_bpm": 190, "hr_rest_bpm": 50})
    for name, content in files:
        await person.upload(name, content)
        await api.work()
    items: list[dict[str, Any]] = (await person.get("/activities"))["items"]
    return items


async def done(api: Api, person: Person, job: dict[str, Any], *, state: str = "succeeded") -> dict[str, Any]:
    await api.work()
    ended: dict[str, Any] = await person.get(f"/jobs/{job['id']}")
    assert ended["state"] == state, ended
    return ended


async def total_load(person: Person) -> float:
    days = (await person.get("/fitness", params={"from": "2026-04-01", "to": "2026-04-30"}))["days"]
    return sum(day["load_au"] for day in days if day["load_au"] is not None)


async def both(api: Api, person: Person) -> tuple[str, dict[str, Any]]:
    (activity,) = await imported(api, person, ("computer.fit", RIDE.computer_file()), ("watch.fit", RIDE.watch_file()))
    return activity["id"], await person.get(f"/activities/{activity['id']}/sources")


async def test_power_from_the_computer_and_pulse_from_the_watch_become_one_activity(api: Api, person: Person):
    activity_id, sources = await both(api, person)
    detail = await person.get(f"/activities/{activity_id}")
    assert {"power_w", "hr_bpm"} <= set(detail["legs"][0]["channels"])
    assert detail["hr_mean_bpm"] is not None and detail["power_mean_w"] is not None
    by_device = {item["device"]: item for item in sources["items"]}
    assert set(by_device) == {"acme Edge", "pulse Watch"}
    assert by_device["acme Edge"]["is_primary"]
    assert "power" in by_device["acme Edge"]["gives"]
    assert by_device["pulse Watch"]["gives"] == ["heart_rate", "heart_beats"]
    assert "distance" in by_device["pulse Watch"]["has"]
    assert by_device["pulse Watch"]["shift_s"] == pytest.approx(0.0, abs=1.5)


async def test_the_order_of_upload_does_not_matter(api: Api):
    details = []
    for order in (("c", "w"), ("w", "c")):
        person = await api.sign_up()
        files = {"c": ("computer.fit", RIDE.computer_file()), "w": ("watch.fit", RIDE.watch_file())}
        (activity,) = await imported(api, person, *(files[name] for name in order))
        detail = await person.get(f"/activities/{activity['id']}")
        details.append({name: detail[name] for name in ("distance_m", "power_mean_w", "hr_mean_bpm", "load_au")})
    assert details[0] == details[1]


async def test_a_load_counts_once_however_many_recordings_tell_of_it(api: Api, person: Person):
    (activity,) = await imported(api, person, ("computer.fit", RIDE.computer_file()))
    before = await total_load(person)
    assert before == pytest.approx(activity["load_au"])
    (activity,) = await imported(api, person, ("watch.fit", RIDE.watch_file()), ("platform.tcx", RIDE.platform_file()))
    assert await total_load(person) == pytest.approx(activity["load_au"]) == pytest.approx(before)


async def test_a_copy_in_the_wrong_time_zone_is_recognised(api: Api, person: Person):
    items = await imported(api, person, ("watch.fit", RIDE.watch_file()), ("shifted.fit", RIDE.watch_file(hours=2)))
    assert len(items) == 1
    sources = await person.get(f"/activities/{items[0]['id']}/sources")
    assert sorted(abs(item["shift_s"]) for item in sources["items"]) == [0.0, pytest.approx(7200.0, abs=2)]


async def test_other_sessions_stay_apart(api: Api, person: Person):
    later = TwoDevices(started_at=STARTED + timedelta(seconds=1700), seed=5)
    other = TwoDevices(started_at=STARTED + timedelta(seconds=120), seed=9)
    items = await imported(
        api,
        person,
        ("one.fit", RIDE.computer_file()),
        ("right-after.fit", later.computer_file()),
        ("somebody-else.fit", other.watch_file()),
    )
    assert len(items) == 3


async def test_a_choice_is_made_and_undone(api: Api, person: Person):
    activity_id, sources = await both(api, person)
    watch = next(item["id"] for item in sources["items"] if item["device"] == "pulse Watch")
    before = await person.get(f"/activities/{activity_id}")
    path = f"/activities/{activity_id}/sources"
    job = await person.call("PUT", f"{path}/priorities", status=202, json={"choice": {"distance": watch}})
    ended = await done(api, person, job)
    assert ended["result"] == {"activity_ids": [activity_id]}
    changed = await person.get(f"/activities/{activity_id}")
    assert changed["distance_m"] == pytest.approx(RIDE.watch().distance_m)
    assert changed["distance_m"] != before["distance_m"]
    now = await person.get(path)
    assert (now["choice"], now["given_by"]["distance"]) == ({"distance": watch}, watch)
    # A choice outlives a new computation.
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 240})
    await api.work()
    assert (await person.get(f"/activities/{activity_id}"))["distance_m"] == changed["distance_m"]
    await done(api, person, await person.call("PUT", f"{path}/priorities", status=202, json={"choice": {}}))
    after = await person.get(f"/activities/{activity_id}")
    assert after["distance_m"] == before["distance_m"]
    assert (await person.get(path))["choice"] == {}


async def test_a_choice_must_be_possible(api: Api, person: Person):
    activity_id, sources = await both(api, person)
    watch = next(item["id"] for item in sources["items"] if item["device"] == "pulse Watch")
    path = f"/activities/{activity_id}/sources/priorities"
    problem = await person.call("PUT", path, status=422, json={"choice": {"power": watch}})
    assert "power" in problem["detail"]
    await person.call("PUT", path, status=404, json={"choice": {"power": activity_id}})
    await person.call("PUT", path, status=422, json={"choice": {"horse_power": watch}})


async def test_a_preferred_device_counts_in_every_activity(api: Api, person: Person):
    activity_id, _ = await both(api, person)
    wanted = {"preferences": {"distance": ["pulse Watch", "acme Edge"]}}
    job = await person.call("PUT", "/activities/source-preferences", status=202, json=wanted)
    ended = await done(api, person, job)
    assert ended["result"]["activity_ids"] == [activity_id]
    known = await person.get("/activities/source-preferences")
    assert known["preferences"] == wanted["preferences"]
    one_each = [{"device": "acme Edge", "activities": 1}, {"device": "pulse Watch", "activities": 1}]
    assert known["devices"]["distance"] == one_each
    assert known["devices"]["power"] == one_each[:1]
    stranger = await api.sign_up()
    assert await stranger.get("/activities/source-preferences") == {"preferences": {}, "devices": {}}
    detail = await person.get(f"/activities/{activity_id}")
    assert detail["distance_m"] == pytest.approx(RIDE.watch().distance_m)


async def test_a_recording_can_be_separated_and_joined_again(api: Api, person: Person):
    activity_id, sources = await both(api, person)
    watch = next(item["id"] for item in sources["items"] if item["device"] == "pulse Watch")
    joined = await person.get(f"/activities/{activity_id}")
    await person.call("PATCH", f"/activities/{activity_id}", status=200, json={"title": "Ride", "notes": "one"})
    job = await person.call("POST", f"/activities/{activity_id}/split", status=202, json={"source_id": watch})
    ended = await done(api, person, job)
    kept, own = ended["result"]["activity_ids"]
    alone = await person.get(f"/activities/{own}")
    rest = await person.get(f"/activities/{kept}")
    assert kept == activity_id
    assert rest["hr_mean_bpm"] is None and rest["title"] == "Ride" and rest["notes"] == "one"
    assert alone["power_mean_w"] is None and alone["hr_mean_bpm"] is not None
    assert len((await person.get("/activities"))["items"]) == 2
    await person.call("POST", f"/activities/{own}/split", status=409, json={"source_id": watch})
    # Reading the same file again keeps them apart.
    await person.upload("watch.fit", RIDE.watch_file())
    await api.work()
    assert len((await person.get("/activities"))["items"]) == 2

    await person.call("PATCH", f"/activities/{own}", status=200, json={"notes": "two"})
    job = await person.call("POST", f"/activities/{activity_id}/merge", status=202, json={"other_id": own})
    await done(api, person, job)
    again = await person.get(f"/activities/{activity_id}")
    assert again["notes"] == "one\n\ntwo" and again["title"] == "Ride"
    for name in ("distance_m", "hr_mean_bpm", "power_mean_w", "load_au", "elapsed_s"):
        assert again[name] == joined[name], name
    assert await total_load(person) == pytest.approx(again["load_au"])
    await person.get(f"/activities/{own}", status=404)
    keys = {key for key in api.stored_files() if key.startswith("streams/")}
    assert len(keys) == 1  # nothing is left behind


async def test_sessions_of_different_days_cannot_be_joined(api: Api, person: Person):
    later = TwoDevices(started_at=STARTED + timedelta(days=1), seed=3)
    one, other = await imported(api, person, ("a.fit", RIDE.computer_file()), ("b.fit", later.computer_file()))
    path = f"/activities/{one['id']}/merge"
    problem = await person.call("POST", path, status=409, json={"other_id": other["id"]})
    assert problem["code"] == "not_at_the_same_time"
    await person.call("POST", path, status=422, json={"other_id": one["id"]})


async def test_strangers_see_nothing(api: Api, person: Person):
    activity_id, sources = await both(api, person)
    source_id = sources["items"][0]["id"]
    stranger = await api.sign_up()
    path = f"/activities/{activity_id}"
    await stranger.get(f"{path}/sources", status=404)
    await stranger.get(f"{path}/sources/{source_id}/original", status=404)
    await stranger.get(f"{path}/export", status=404, params={"format": "fit"})
    await stranger.call("PUT", f"{path}/sources/priorities", status=404, json={"choice": {}})
    await stranger.call("POST", f"{path}/split", status=404, json={"source_id": source_id})
    await stranger.call("POST", f"{path}/merge", status=404, json={"other_id": activity_id})


async def test_each_original_can_be_downloaded(api: Api, person: Person):
    activity_id, sources = await both(api, person)
    contents = {
        item["device"]: (
            await person.http.get(f"/api/v1/activities/{activity_id}/sources/{item['id']}/original")
        ).content
        for item in sources["items"]
    }
    assert contents == {"acme Edge": RIDE.computer_file(), "pulse Watch": RIDE.watch_file()}


@pytest.mark.parametrize("file_format", ["fit", "tcx", "gpx"])
async def test_the_joined_activity_is_downloaded_as_a_file(api: Api, person: Person, file_format: str):
    activity_id, _ = await both(api, person)
    await person.call("PATCH", f"/activities/{activity_id}", status=200, json={"title": "Früh/am Morgen"})
    response = await person.http.get(f"/api/v1/activities/{activity_id}/export", params={"format": file_format})
    assert response.status_code == 200
    assert f"Fr%C3%BCh-am-Morgen.{file_format}" in response.headers["content-disposition"]
    leg = decode(response.content, file=f"x.{file_format}").legs[0]
    assert {Channel.POWER_W, Channel.HR_BPM, Channel.LATITUDE_DEG} <= set(leg.streams.channels)
    assert leg.started_at == STARTED


async def test_csv_and_unknown_formats(api: Api, person: Person):
    activity_id, _ = await both(api, person)
    path = f"/api/v1/activities/{activity_id}/export"
    response = await person.http.get(path, params={"format": "csv"})
    assert response.text.startswith("kind,leg,sport")
    assert (await person.http.get(path, params={"format": "docx"})).status_code == 422
