"""Exports of platforms through upload and worker: everything once, named, counted; what is bad is said."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support import platform_exports as made
from tests.support.api import Api, Person
from tests.support.fit_writer import FILE_MONITORING, FitWriter, ride
from tests.support.workouts import MORNING, Ride

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


async def imported(api: Api, person: Person, name: str, content: bytes) -> dict[str, Any]:
    """Upload an export, do the job and return it."""
    job = await person.upload(name, content)
    await api.work()
    return await person.get(f"/jobs/{job['id']}")


def outcomes(job: dict[str, Any]) -> list[str]:
    return [file["outcome"] for file in job["result"]["files"]]


async def test_an_apple_health_export_gives_days_and_workouts_and_again_nothing_new(api: Api, person: Person) -> None:
    first = await imported(api, person, "export.zip", made.apple_health())
    assert (first["state"], first["error"]) == ("succeeded", None)
    values, run = first["result"]["files"]
    assert (values["outcome"], values["daily_values"], values["daily_values_changed"]) == ("imported", 14, 14)
    assert [warning["code"] for warning in values["warnings"]] == ["values_implausible"]
    assert (run["outcome"], len(run["activity_ids"])) == ("imported", 1)
    stored = await person.get("/wellness", params=MARCH)
    listed = (await person.get("/activities"))["items"]
    assert [(one["sport"], one["distance_m"], one["local_date"]) for one in listed] == [("running", 1800, "2026-03-02")]
    original = await person.http.get(f"/api/v1/activities/{run['activity_ids'][0]}/original")
    assert original.content.startswith(b'{"topform_session":1,"format":"apple_health"')

    again = await imported(api, person, "export (1).zip", made.apple_health())
    assert outcomes(again) == ["duplicate", "duplicate"]
    assert again["result"]["files"][0]["daily_values_changed"] == 0
    assert await person.get("/wellness", params=MARCH) == stored
    assert (await person.get("/activities"))["items"] == listed


@pytest.mark.parametrize(
    "build", [made.garmin, made.fitbit, made.whoop, made.oura, made.health_connect], ids=lambda build: build.__name__
)
async def test_importing_any_export_twice_stores_nothing_new(api: Api, person: Person, build: Any) -> None:
    first = await imported(api, person, "export.zip", build())
    assert set(outcomes(first)) == {"imported"}
    stored = await person.get("/wellness", params=MARCH | {"all_sources": "true"})
    again = await imported(api, person, "export.zip", build())
    assert set(outcomes(again)) == {"duplicate"}
    assert await person.get("/wellness", params=MARCH | {"all_sources": "true"}) == stored


async def test_strava_names_are_kept_and_what_the_athlete_wrote_stays(api: Api, person: Person) -> None:
    files = {
        f"activities/{day}.fit.gz": gzip.compress(Ride(started_at=MORNING + timedelta(days=day)).as_fit(), mtime=0)
        for day in (1, 2)
    }
    table = made.strava_table(
        *(
            made.strava_row(day, f"Ride number {day}", file=f"activities/{day}.fit.gz", gear="Blue bike", kind="Ride")
            for day in (1, 2)
        ),
        made.strava_row(20, "Yoga", kind="Yoga"),
    )
    job = await imported(api, person, "strava.zip", made.zipped({"activities.csv": table, **files}))
    assert outcomes(job) == ["imported"] * 3
    activities = {one["title"]: one for one in (await person.get("/activities"))["items"]}
    assert set(activities) == {"Ride number 1", "Ride number 2", "Yoga"}
    first = activities["Ride number 1"]
    assert (await person.get(f"/activities/{first['id']}"))["notes"] == "Gear: Blue bike"
    await person.call("PATCH", f"/activities/{first['id']}", status=200, json={"title": "Mine", "notes": "My words"})
    again = await imported(api, person, "strava.zip", made.zipped({"activities.csv": table, **files}))
    assert set(outcomes(again)) == {"duplicate"}
    kept = await person.get(f"/activities/{first['id']}")
    assert (kept["title"], kept["notes"]) == ("Mine", "My words")


async def test_garmin_uploads_lie_in_archives_of_their_own_and_get_their_names(api: Api, person: Person) -> None:
    monitoring = FitWriter(FILE_MONITORING).finish()
    upload = made.zipped({"me_1.fit": Ride(started_at=MORNING).as_fit(), "me_2.fit": monitoring})
    entry = {"name": "Before work", "startTimeGmt": MORNING.astimezone(UTC).timestamp() * 1000 + 400}
    member = {"DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": upload}
    job = await imported(api, person, "garmin.zip", made.garmin(member, names=[entry]))
    assert [(file["name"].rpartition("/")[2], file["outcome"]) for file in job["result"]["files"]] == [
        ("DI_CONNECT", "imported"),
        ("me_1.fit", "imported"),
    ]
    (activity,) = (await person.get("/activities"))["items"]
    assert activity["title"] == "Before work"


async def test_of_500_files_with_20_bad_ones_480_are_imported_and_each_bad_one_is_explained(
    api: Api, person: Person
) -> None:
    bad = {
        "empty.fit": b"",
        "not_fit.fit": b"this is no activity",
        "cut_header.fit": ride(5).finish()[:10],
        "no_root.gpx": b'<?xml version="1.0"?><note>hello</note>',
        "entities.gpx": b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><gpx>&b;</gpx>',
        "empty_track.gpx": b'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"></gpx>',
        "settings.fit": FitWriter(2).finish(),
        "broken.fit.gz": b"\x1f\x8bnot gzip at all",
        "empty.tcx": b"",
        "half.tcx": b"<TrainingCenterDatabase",
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(480):
            started_at = datetime(2020, 1, 1, 7, tzinfo=UTC) + timedelta(days=number)
            archive.writestr(f"good/{number:03d}.fit", Ride(started_at=started_at, seconds=30).as_fit())
        for round_ in (1, 2):
            for name, content in bad.items():
                archive.writestr(f"bad{round_}/{name}", content)
    job = await imported(api, person, "history.zip", target.getvalue())
    files = job["result"]["files"]
    assert (job["state"], len(files)) == ("succeeded", 500)
    rejected = [file for file in files if file["outcome"] == "rejected"]
    assert sum(file["outcome"] == "imported" for file in files) == 480
    assert {file["name"].removeprefix("history.zip/") for file in rejected} == {
        f"bad{round_}/{name}" for round_ in (1, 2) for name in bad
    }
    assert all(file["code"] and file["message"] for file in rejected)
    assert {file["code"] for file in rejected} >= {
        "file_empty",
        "format_unknown",
        "activity_file_unsafe",
        "no_activity",
    }


async def test_ten_thousand_tiny_files_do_no_harm(api: Api, person: Person) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(10_000):
            archive.writestr(f"{number}.txt", b"x")
        archive.writestr("ride.fit", Ride().as_fit())
    job = await imported(api, person, "tiny.zip", target.getvalue())
    assert outcomes(job) == ["imported"]


async def test_unsafe_members_are_refused_and_the_rest_is_imported(api: Api, person: Person) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        link = zipfile.ZipInfo("link.fit")
        link.external_attr = (0o120777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("../../outside.fit", Ride().as_fit())
        archive.writestr("nested.zip", made.zipped({"deeper.zip": made.zipped({"a.fit": Ride().as_fit()})}))
        archive.writestr("good.fit", Ride().as_fit())
    job = await imported(api, person, "mixed.zip", target.getvalue())
    by_name = {file["name"].removeprefix("mixed.zip/"): file for file in job["result"]["files"]}
    assert by_name["good.fit"]["outcome"] == "imported"
    assert "link" in by_name["link.fit"]["message"]
    assert "leads out" in by_name["../../outside.fit"]["message"]
    assert "nested" in by_name["nested.zip/deeper.zip"]["message"]
    assert {file["code"] for name, file in by_name.items() if name != "good.fit"} == {"archive_refused"}


async def test_a_bomb_in_an_export_is_refused_after_a_bounded_amount(
    api: Api, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from topform.providers import folder

    monkeypatch.setattr(folder, "BOMB_FLOOR_BYTES", 2**20)
    document = made.apple_document(" " * 300 * 2**20)
    job = await imported(api, person, "bomb.zip", made.zipped({"apple_health_export/export.xml": document}))
    assert job["state"] == "failed"
    assert job["error"]["code"] == "archive_refused"
    assert "unpacks to more than" in job["error"]["message"]


async def test_noise_named_like_an_export_is_explained(api: Api, person: Person) -> None:
    members = {"apple_health_export/export.xml": b"<HealthData " + os.urandom(3000)}
    job = await imported(api, person, "export.zip", made.zipped(members))
    assert job["state"] == "failed"
    assert job["error"]["remedy"]


async def test_an_archive_says_how_many_of_its_files_were_left_alone(api: Api, person: Person) -> None:
    others = {"notes.txt": "hello", "more.TXT": "hello", "LICENSE": "all rights", "a.csv": "a,b\n1,2\n"}
    table = "time,heart_rate\n2026-03-01T07:00:00Z,120\n2026-03-01T07:00:05Z,122\n"
    job = await imported(api, person, "all.zip", made.zipped({**others, "deep/down/run.csv": table}))
    assert [(file["name"], file["outcome"]) for file in job["result"]["files"]] == [
        ("all.zip/deep/down/run.csv", "imported")
    ]
    assert job["result"]["skipped"] == {".txt": 2, ".csv": 1, "": 1}
