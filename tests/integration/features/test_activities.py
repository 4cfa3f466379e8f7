"""From an uploaded file to an activity, over HTTP, through the worker, on a real database and object store."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.api import Api, Person
from tests.support.workouts import MORNING, Ride

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.repository import ActivityRepository
from topform.features.athletes.public import reading_for

RIDE = Ride()


async def import_file(api: Api, person: Person, name: str, content: bytes) -> dict:
    """Upload a file, have the worker import it, and return the job."""
    job = await person.upload(name, content)
    assert (job["state"], job["kind"], job["file_name"]) == ("queued", "activity_import", name)
    await api.work()
    return await person.get(f"/jobs/{job['id']}")


async def only_activity(person: Person) -> dict:
    (activity,) = (await person.get("/activities"))["items"]
    return activity


async def test_a_ride_becomes_an_activity_with_the_numbers_of_the_file(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200})
    job = await import_file(api, person, "ride.fit", RIDE.as_fit())
    assert (job["state"], job["progress"], job["error"]) == ("succeeded", 1, None)
    (outcome,) = job["result"]["files"]
    assert (outcome["name"], outcome["outcome"]) == ("ride.fit", "imported")

    summary = await only_activity(person)
    assert outcome["activity_ids"] == [summary["id"]]
    assert summary["sport"] == "cycling"
    assert summary["started_at"] == "2026-03-01T07:00:00Z"
    assert (summary["utc_offset_s"], summary["local_date"]) == (3600, "2026-03-01")
    assert (summary["elapsed_s"], summary["timer_s"], summary["leg_count"]) == (1200, 1200, 1)
    assert summary["distance_m"] == 9600
    assert (summary["hr_mean_bpm"], summary["power_mean_w"]) == (140, 200)
    assert summary["speed_mean_m_s"] == pytest.approx(8.0, rel=1e-3)
    # 20 minutes at threshold: a third of the 100 that one hour gives.
    assert (summary["load_au"], summary["load_source"]) == (pytest.approx(100 / 3, rel=1e-3), "power")
    assert len(summary["route_preview"]) <= 64
    assert summary["route_preview"][0] == [47.0, 8.0]
    assert summary["route_preview"][-1] == [pytest.approx(47.0 + 9600 / 111_195, abs=1e-5), 8.0]

    detail = await person.get(f"/activities/{summary['id']}")
    assert detail | summary == detail
    (leg,) = detail["legs"]
    assert leg["power_w"] == {"mean": 200, "max": 200, "coverage": 1}
    assert leg["best_power_w"]["1200"] == pytest.approx(200)
    assert leg["metrics"]["weighted_power_w"]["value"] == pytest.approx(200, rel=1e-6)
    assert leg["metrics"]["weighted_power_w"]["version"] >= 1
    assert set(leg["channels"]) >= {"power_w", "hr_bpm", "latitude_deg", "speed_m_s", "distance_m"}
    assert (detail["format"], detail["file_name"], detail["salvaged"]) == ("fit", "ride.fit", False)
    assert [source["is_primary"] for source in detail["sources"]] == [True]


async def test_a_new_threshold_is_applied_to_the_history(api: Api, person: Person) -> None:
    await import_file(api, person, "ride.fit", RIDE.as_fit())
    before = await only_activity(person)
    await person.call("PATCH", f"/activities/{before['id']}", status=200, json={"title": "Home trainer"})
    assert before["load_source"] != "power"

    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200})
    await api.work()

    after = await only_activity(person)
    assert after["id"] == before["id"]
    assert (after["load_au"], after["load_source"]) == (pytest.approx(100 / 3, rel=1e-3), "power")
    assert after["title"] == "Home trainer"
    detail = await person.get(f"/activities/{after['id']}")
    assert [source["is_primary"] for source in detail["sources"]] == [True]
    assert (await person.get(f"/activities/{after['id']}/streams"))["channels"]["power_w"]


async def test_the_original_is_kept_byte_for_byte(api: Api, person: Person) -> None:
    content = gzip.compress(RIDE.as_fit())
    await import_file(api, person, "Fahrt über Land.fit.gz", content)
    activity = await only_activity(person)
    response = await person.http.get(f"/api/v1/activities/{activity['id']}/original")
    assert response.content == content
    assert response.headers["content-disposition"] == ("attachment; filename*=UTF-8''Fahrt%20%C3%BCber%20Land.fit.gz")


async def test_streams_come_whole_or_thinned_out(api: Api, person: Person) -> None:
    await import_file(api, person, "ride.fit", RIDE.as_fit())
    path = f"/activities/{(await only_activity(person))['id']}/streams"
    whole = await person.get(path, params={"points": 5000})
    assert (len(whole["t_s"]), whole["samples"]) == (1201, 1201)
    assert whole["t_s"][:3] == [0, 1, 2]
    assert whole["channels"]["distance_m"][100] == 800
    thin = await person.get(path, params={"points": 100, "channels": ["power_w", "distance_m"]})
    assert set(thin["channels"]) == {"power_w", "distance_m"}
    assert len(thin["t_s"]) == 100
    assert set(thin["channels"]["power_w"]) == {200}
    assert thin["channels"]["distance_m"][-1] == 9600
    problem = await person.get(path, params={"leg": 1}, status=404)
    assert problem["code"] == "not_found"
    assert (await person.get(path, params={"points": 10**9}, status=422))["code"] == "request_malformed"


async def test_a_misspelt_filter_is_refused_and_the_right_name_told(person: Person) -> None:
    problem = await person.get("/activities", params={"sports": "running"}, status=422)
    assert (problem["code"], problem["parameter"]) == ("parameter_unknown", "sports")
    assert "'sport'" in problem["remedy"]
    none = await person.get("/athletes/me", params={"verbose": "1"}, status=422)
    assert none["remedy"] == "It takes none."


async def test_the_same_file_twice_is_a_duplicate_and_stores_nothing(api: Api, person: Person) -> None:
    await import_file(api, person, "ride.fit", RIDE.as_fit())
    stored = api.stored_files()
    activity = await only_activity(person)
    job = await import_file(api, person, "renamed.fit", RIDE.as_fit())
    assert job["result"]["files"][0]["outcome"] == "duplicate"
    assert job["result"]["files"][0]["activity_ids"] == [activity["id"]]
    assert await only_activity(person) == activity
    assert api.stored_files() == stored


@pytest.mark.parametrize("order", ["fit_first", "tcx_first"])
async def test_one_workout_from_two_files_is_merged_and_the_better_one_counts(
    api: Api, person: Person, order: str
) -> None:
    files = [("ride.fit", RIDE.as_fit()), ("ride.tcx", Ride(started_at=MORNING + timedelta(seconds=3)).as_tcx())]
    if order == "tcx_first":
        files.reverse()
    first = await import_file(api, person, *files[0])
    activity = await only_activity(person)
    await person.call("PATCH", f"/activities/{activity['id']}", status=200, json={"title": "My ride", "rpe_cr10": 4})
    second = await import_file(api, person, *files[1])
    assert first["result"]["files"][0]["outcome"] == "imported"
    assert second["result"]["files"][0]["outcome"] == "merged"
    assert second["result"]["files"][0]["activity_ids"] == [activity["id"]]

    detail = await person.get(f"/activities/{activity['id']}")
    assert (await only_activity(person))["id"] == activity["id"]
    assert [(source["format"], source["is_primary"]) for source in detail["sources"]] == [("fit", True), ("tcx", False)]
    assert (detail["power_mean_w"], detail["title"], detail["rpe_cr10"]) == (200, "My ride", 4)
    stored = api.stored_files()
    assert len([key for key in stored if key.startswith("originals/")]) == 2
    assert len([key for key in stored if key.startswith("streams/")]) == 1


async def test_two_different_workouts_on_one_day_stay_two(api: Api, person: Person) -> None:
    await import_file(api, person, "morning.fit", RIDE.as_fit())
    job = await import_file(api, person, "later.fit", Ride(started_at=MORNING + timedelta(seconds=1201)).as_fit())
    assert job["result"]["files"][0]["outcome"] == "imported"
    assert len((await person.get("/activities"))["items"]) == 2


async def test_an_archive_reports_every_file(api: Api, person: Person) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/ride.fit", RIDE.as_fit())
        archive.writestr("b/ride.tcx", RIDE.as_tcx())
        archive.writestr("c/again.fit", RIDE.as_fit())
        archive.writestr("d/text.fit", b"this is not a FIT file")
        archive.writestr("../e.fit", RIDE.as_fit())
        archive.writestr("readme.txt", b"hello")
    job = await import_file(api, person, "export.zip", packed.getvalue())
    outcomes = {file["name"]: (file["outcome"], file["code"]) for file in job["result"]["files"]}
    assert job["state"] == "succeeded"
    assert outcomes == {
        "export.zip/a/ride.fit": ("imported", None),
        "export.zip/b/ride.tcx": ("merged", None),
        "export.zip/c/again.fit": ("duplicate", None),
        "export.zip/d/text.fit": ("rejected", "format_unknown"),
        "export.zip/../e.fit": ("rejected", "archive_refused"),
    }
    assert len((await person.get("/activities"))["items"]) == 1
    assert not [key for key in api.stored_files() if key.startswith("uploads/")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("text.fit", b"just text, renamed", "format_unknown"),
        ("cut.fit", RIDE.as_fit()[:30], "file_damaged"),
        ("broken.zip", b"PK\x03\x04 and nothing else", "archive_refused"),
        ("page.gpx", b"<html><body>login</body></html>", "format_unknown"),
    ],
    ids=["text", "cut", "broken-archive", "web-page"],
)
async def test_a_bad_file_fails_with_code_and_remedy_and_leaves_nothing(
    api: Api, person: Person, name: str, content: bytes, code: str
) -> None:
    await import_file(api, person, "ride.fit", RIDE.as_fit())
    stored = api.stored_files()
    job = await import_file(api, person, name, content)
    assert (job["state"], job["error"]["code"]) == ("failed", code)
    assert job["error"]["file"] == name
    assert job["error"]["remedy"]
    assert job["result"]["files"][0]["outcome"] == "rejected"
    assert api.stored_files() == stored
    assert len((await person.get("/activities"))["items"]) == 1


async def test_an_empty_archive_says_so(api: Api, person: Person) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("notes.txt", b"nothing to see")
    job = await import_file(api, person, "notes.zip", packed.getvalue())
    assert (job["state"], job["error"]["code"]) == ("failed", "no_activity")


async def test_a_zip_bomb_is_refused(api: Api, person: Person) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.fit", bytes(200 * 2**20))
    assert len(packed.getvalue()) < 2**20
    job = await import_file(api, person, "bomb.zip", packed.getvalue())
    assert (job["state"], job["error"]["code"]) == ("failed", "archive_refused")
    assert api.stored_files() == set()


async def test_title_and_notes_can_be_changed_and_found(api: Api, person: Person) -> None:
    await import_file(api, person, "ride.fit", RIDE.as_fit())
    activity = await only_activity(person)
    path = f"/activities/{activity['id']}"
    changed = await person.call(
        "PATCH", path, status=200, json={"title": " 100%_sure ", "notes": "with Grace", "rpe_cr10": 6.5}
    )
    assert (changed["title"], changed["rpe_cr10"]) == ("100%_sure", 6.5)
    for words, found in (("0%_s", 1), ("GRACE", 1), ("100x", 0), ("%", 1), ("_", 1), ("\\", 0)):
        assert len((await person.get("/activities", params={"q": words}))["items"]) == found, words
    assert len((await person.get("/activities", params={"sport": "running"}))["items"]) == 0
    for bad in ({"rpe_cr10": 11}, {"title": "x" * 201}, {"notes": "\x00"}, {"sport": "running"}):
        assert (await person.call("PATCH", path, status=422, json=bad))["code"] == "request_malformed"
    assert (await only_activity(person)) == changed


async def test_exertion_gives_a_load_where_nothing_better_does(api: Api, person: Person) -> None:
    await import_file(api, person, "ride.tcx", RIDE.as_tcx())
    activity = await only_activity(person)
    assert activity["load_au"] is None
    path = f"/activities/{activity['id']}"
    rated = await person.call("PATCH", path, status=200, json={"rpe_cr10": 7})
    # One hour at CR-10 7 is 100, so 20 minutes are a third of it.
    assert (rated["load_au"], rated["load_source"]) == (pytest.approx(100 / 3), "srpe")
    fitness = await person.get("/fitness", params={"from": "2026-03-01", "to": "2026-03-01"})
    assert fitness["days"][0]["load_au"] == pytest.approx(100 / 3)
    cleared = await person.call("PATCH", path, status=200, json={"rpe_cr10": None})
    assert (cleared["load_au"], cleared["load_source"]) == (None, None)


async def test_heart_rate_gives_a_load_before_its_threshold_is_known(api: Api, person: Person) -> None:
    """20 min at 140 of 50 to 190 bpm: with 88 % of the maximum as threshold 17.63, with 170 bpm as threshold 16.57."""
    await person.call("PATCH", "/athletes/me", status=200, json={"sex": "m", "hr_rest_bpm": 50, "hr_max_bpm": 190})
    await import_file(api, person, "ride.tcx", RIDE.as_tcx())
    activity = await only_activity(person)
    assert (activity["load_au"], activity["load_source"]) == (pytest.approx(17.63, abs=0.02), "hr_est")
    path = f"/activities/{activity['id']}"
    noted = (await person.get(path))["legs"][0]["metrics"]["hr_load_est"]["warnings"]
    assert noted[0] == "threshold heart rate estimated: 167 bpm, 88% of the stated maximum"
    rated = await person.call("PATCH", path, status=200, json={"rpe_cr10": 7})
    assert (rated["load_au"], rated["load_source"]) == (activity["load_au"], "hr_est")
    await person.call("PATCH", "/athletes/me", status=200, json={"lthr_bpm": 170})
    await api.work()
    known = await only_activity(person)
    assert (known["load_au"], known["load_source"]) == (pytest.approx(16.57, abs=0.02), "hr")
    assert "hr_load_est" not in (await person.get(path))["legs"][0]["metrics"]


async def test_own_ratings_beside_measured_loads_scale_those_without(api: Api, person: Person) -> None:
    """One ride of 20 min rated 7 with a power load of 64/3: own factor 0.64 of the default, weight 1/9."""
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 250})
    await import_file(api, person, "ride.fit", RIDE.as_fit())
    measured = await only_activity(person)
    assert measured["load_au"] == pytest.approx(64 / 3, rel=0.01)
    await person.call("PATCH", f"/activities/{measured['id']}", status=200, json={"rpe_cr10": 7})
    later = Ride(started_at=RIDE.started_at + timedelta(days=1))
    await import_file(api, person, "ride.tcx", later.as_tcx())
    unmeasured = next(one for one in (await person.get("/activities"))["items"] if one["load_au"] is None)
    rated = await person.call("PATCH", f"/activities/{unmeasured['id']}", status=200, json={"rpe_cr10": 7})
    assert rated["load_au"] == pytest.approx(100 / 3 * 0.64 ** (1 / 9), rel=0.005)


async def test_deleting_removes_rows_and_objects_and_the_file_can_come_back(api: Api, person: Person) -> None:
    await import_file(api, person, "ride.fit", RIDE.as_fit())
    activity = await only_activity(person)
    await person.call("DELETE", f"/activities/{activity['id']}", status=204)
    await person.get(f"/activities/{activity['id']}", status=404)
    assert api.stored_files() == set()
    job = await import_file(api, person, "ride.fit", RIDE.as_fit())
    assert job["result"]["files"][0]["outcome"] == "imported"
    assert len(api.stored_files()) == 2


async def test_a_stranger_sees_nothing(api: Api, person: Person) -> None:
    job = await import_file(api, person, "ride.fit", RIDE.as_fit())
    activity = await only_activity(person)
    stranger = await api.sign_up()
    assert (await stranger.get("/activities"))["items"] == []
    assert (await stranger.get("/jobs"))["items"] == []
    path = f"/activities/{activity['id']}"
    answers = [
        await stranger.get(path, status=404),
        await stranger.get(f"{path}/streams", status=404),
        await stranger.get(f"{path}/original", status=404),
        await stranger.get(f"/jobs/{job['id']}", status=404),
        await stranger.call("PATCH", path, status=404, json={"title": "mine"}),
        await stranger.call("DELETE", path, status=404),
        await stranger.get(f"/activities/{uuid4()}", status=404),
    ]
    assert {answer["code"] for answer in answers} == {"not_found"}
    assert answers[0]["detail"] == answers[-1]["detail"]
    assert await only_activity(person) == activity
    # The same file is a new activity of the other person.
    own = await import_file(api, stranger, "ride.fit", RIDE.as_fit())
    assert own["result"]["files"][0]["outcome"] == "imported"


async def test_pages_walk_the_whole_list_once(api: Api, person: Person) -> None:
    for day in range(5):
        await person.upload(f"{day}.fit", Ride(started_at=MORNING + timedelta(days=day), seconds=10).as_fit())
    await api.work()
    seen: list[str] = []
    cursor = None
    while True:
        page = await person.get("/activities", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        assert len(page["items"]) <= 2
        seen += [item["local_date"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["2026-03-05", "2026-03-04", "2026-03-03", "2026-03-02", "2026-03-01"]
    for bad in ("nonsense", "W10", "bnVsbA", "\x00", "e30"):
        assert (await person.get("/activities", params={"cursor": bad}, status=422))["code"] == "cursor_invalid", bad


async def test_a_search_walks_through_titles_notes_and_kinds_of_sport_in_one_order(api: Api, person: Person) -> None:
    words = (
        {"title": "Hills at dawn"},
        {"notes": "over the HILLS"},
        {"title": "Flat"},
        {"title": "\u5c71" * 190 + " hills"},
        {"title": "Hills", "notes": "and more hills"},
        {"title": "100 % hills_"},
    )
    ids = []
    for day, said in enumerate(words):
        content = Ride(started_at=MORNING + timedelta(days=day), seconds=10).as_fit()
        job = await import_file(api, person, f"{day}.fit", content)
        (ids_of_file,) = [one["activity_ids"] for one in job["result"]["files"]]
        ids += ids_of_file
        await person.call("PATCH", f"/activities/{ids[-1]}", status=200, json=said)

    async def found(**wanted: str) -> list[int]:
        seen: list[int] = []
        cursor = None
        while True:
            page = await person.get(
                "/activities", params={"limit": 2, **wanted} | ({"cursor": cursor} if cursor else {})
            )
            seen += [ids.index(one["id"]) for one in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                return seen

    assert await found(q="hills") == [5, 4, 3, 1, 0]
    assert await found(q="more hills") == [4]
    assert await found(q="hills_") == [5]
    assert await found(q="%") == [5]
    assert await found(q="hills", sport="running") == []
    assert await found(sport="cycling") == [5, 4, 3, 2, 1, 0]
    assert await found(q="hills", sport="cycling") == [5, 4, 3, 1, 0]


async def test_activities_of_some_days_are_found_by_the_athletes_calendar(api: Api, person: Person) -> None:
    """A ride late on the evening of the second belongs to that day, although it is the third in universal time."""
    starts = [MORNING + timedelta(days=day) for day in range(4)]
    for start in starts:
        await person.upload(f"{start:%d}.fit", Ride(started_at=start, seconds=10).as_fit())
    await api.work()
    second = starts[1].date()
    async with api.resources.database.transaction() as session:
        await session.execute(
            text("UPDATE activities SET started_at = started_at + interval '20 hours' WHERE local_date = :second"),
            {"second": second},
        )

    async def days(**wanted: str) -> list[str]:
        return [one["local_date"] for one in (await person.get("/activities", params=wanted))["items"]]

    everything = [start.date().isoformat() for start in reversed(starts)]
    assert await days(**{"from": second.isoformat()}) == everything[:3]
    assert await days(to=second.isoformat()) == everything[2:]
    assert await days(**{"from": second.isoformat(), "to": second.isoformat()}) == [second.isoformat()]
    assert await days(**{"from": second.isoformat(), "to": second.isoformat(), "sport": "running"}) == []
    assert await days(**{"from": second.isoformat(), "sport": "cycling"}) == everything[:3]
    assert await days(**{"from": "0001-01-01", "to": "9999-12-31"}) == everything
    swapped = {"from": everything[0], "to": everything[1]}
    assert (await person.call("GET", "/activities", status=422, params=swapped))["remedy"] == "Swap the two dates."


async def test_titles_of_any_length_are_kept_and_found(api: Api, person: Person) -> None:
    """What a file calls its workout may be longer than an entry of an index can be."""
    rng = random.Random(1)
    long = " ".join(f"{rng.getrandbits(64):x}" for _ in range(1000))
    points = "".join(
        f'<trkpt lat="{47 + second / 10_000}" lon="8"><time>2026-03-01T07:00:{second:02}Z</time></trkpt>'
        for second in range(60)
    )
    track = f"<trk><name>{long}</name><trkseg>{points}</trkseg></trk>"
    document = f'<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">{track}</gpx>'
    await import_file(api, person, "ride.gpx", document.encode())
    assert (await only_activity(person))["title"] == long
    (found,) = (await person.get("/activities", params={"q": long[-60:]}))["items"]
    assert found["title"] == long


async def test_a_search_for_an_assistant_passes_over_what_it_must_not_see(api: Api, person: Person) -> None:
    for day in range(3):
        await person.upload(f"{day}.fit", Ride(started_at=MORNING + timedelta(days=day), seconds=10).as_fit())
    await api.work()
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE activities SET title = 'Hills'"))
        await session.execute(
            text("UPDATE activities SET restricted_by = 'strava' WHERE local_date > :first"),
            {"first": MORNING.date()},
        )
    viewer = AthleteId(UUID(person.athlete["id"]))
    async with api.resources.database.transaction() as session:
        with reading_for(Purpose.ASSISTANT):
            found = await ActivityRepository(session).page(viewer, sport=None, text_part="hills", after=None, limit=1)
    assert [row.local_date for row in found] == [MORNING.date()]


async def many_activities(api: Api, person: Person, count: int) -> list[str]:
    """Import activities of several days and return their ids, newest first."""
    for day in range(count):
        await person.upload(f"{day}.fit", Ride(started_at=MORNING + timedelta(days=day), seconds=10 + day).as_fit())
    await api.work()
    return [one["id"] for one in (await person.get("/activities"))["items"]]


async def test_many_activities_are_corrected_in_one_request(api: Api, person: Person) -> None:
    first, _, third = await many_activities(api, person, 3)
    said = {"items": [{"id": third, "title": "Commute", "rpe_cr10": 2}, {"id": first, "title": "Home"}]}
    key = {"Idempotency-Key": "corrections-1"}
    changed = await person.call("POST", "/activities/changes", status=200, json=said, headers=key)
    assert [(one["id"], one["title"], one["rpe_cr10"]) for one in changed["items"]] == [
        (third, "Commute", 2),
        (first, "Home", None),
    ]
    assert await person.call("POST", "/activities/changes", status=200, json=said, headers=key) == changed
    assert [one["title"] for one in (await person.get("/activities"))["items"]] == ["Home", None, "Commute"]
    only_notes = {"items": [{"id": third, "notes": "rain"}]}
    await person.call("POST", "/activities/changes", status=200, json=only_notes)
    kept = await person.get(f"/activities/{third}")
    assert (kept["title"], kept["notes"], kept["rpe_cr10"]) == ("Commute", "rain", 2)


async def test_many_activities_are_deleted_in_one_request(api: Api, person: Person) -> None:
    before = api.stored_files()
    first, second, third = await many_activities(api, person, 3)
    await person.call("POST", "/activities/deletions", status=204, json={"ids": [first, third, first]})
    assert [one["id"] for one in (await person.get("/activities"))["items"]] == [second]
    await person.call("POST", "/activities/deletions", status=204, json={"ids": [second]})
    assert api.stored_files() == before


async def test_what_is_asked_of_many_activities_happens_to_all_or_to_none(api: Api, person: Person) -> None:
    own = await many_activities(api, person, 2)
    stranger = await api.sign_up()
    (theirs,) = await many_activities(api, stranger, 1)
    unchanged = (await person.get("/activities"))["items"]
    for other in (theirs, str(uuid4())):
        titled = {"items": [{"id": one, "title": "Mine"} for one in (*own, other)]}
        assert (await person.call("POST", "/activities/changes", status=404, json=titled))["code"] == "not_found"
        ids = {"ids": [*own, other]}
        assert (await person.call("POST", "/activities/deletions", status=404, json=ids))["code"] == "not_found"
    assert (await person.get("/activities"))["items"] == unchanged
    assert [one["title"] for one in (await stranger.get("/activities"))["items"]] == [None]
    twice = {"items": [{"id": own[0], "title": "A"}, {"id": own[0], "title": "B"}]}
    too_many = {"ids": [str(uuid4()) for _ in range(101)]}
    for path, body in (
        ("changes", twice),
        ("changes", {"items": []}),
        ("deletions", too_many),
        ("deletions", {"ids": []}),
    ):
        await person.call("POST", f"/activities/{path}", status=422, json=body)
