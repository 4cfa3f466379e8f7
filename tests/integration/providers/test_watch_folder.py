"""The watch folder: new recordings are imported, half-written ones wait, nothing outside it is touched."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.api import Api, Person
from tests.support.connections import synced
from tests.support.workouts import Ride

from topform.core.clock import FixedClock
from topform.providers.errors import ProviderUnavailableError, RemoteItemMissingError
from topform.providers.protocols import Credentials, RemoteActivity, SignInWay, Window
from topform.providers.watch_folder import PAGE_SIZE, WatchFolder

RIDE = replace(Ride(), seconds=60)
WINDOW = Window(date(2026, 1, 1), date(2026, 3, 1))
ACCESS = Credentials(access_token="", sign_in=SignInWay.FOLDER)
SOON = timedelta(seconds=60)


def in_a_minute() -> datetime:
    """Return a clock's reading at which what was just written is settled."""
    return datetime.now(UTC) + SOON


async def names(folder: WatchFolder) -> list[str]:
    page = await folder.activities(ACCESS, WINDOW, None)
    return sorted(one.title or "" for one in page.items)


async def test_files_that_were_just_written_wait(tmp_path: Path) -> None:
    (tmp_path / "ride.fit").write_bytes(RIDE.as_fit()[:500])
    assert await names(WatchFolder(tmp_path)) == []
    assert await names(WatchFolder(tmp_path, now=in_a_minute)) == ["ride.fit"]


async def test_a_file_that_grows_after_all_becomes_another_one(tmp_path: Path) -> None:
    folder = WatchFolder(tmp_path, now=in_a_minute)
    path = tmp_path / "ride.fit"
    path.write_bytes(RIDE.as_fit()[:500])
    (half,) = (await folder.activities(ACCESS, WINDOW, None)).items
    path.write_bytes(RIDE.as_fit())
    (whole,) = (await folder.activities(ACCESS, WINDOW, None)).items
    assert half.external_id != whole.external_id
    with pytest.raises(RemoteItemMissingError):
        await folder.original(ACCESS, half)
    assert (await folder.original(ACCESS, whole)).content == RIDE.as_fit()


async def test_links_hidden_files_and_others_are_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.fit").write_bytes(RIDE.as_fit())
    inside = tmp_path / "inside"
    (inside / ".hidden").mkdir(parents=True)
    (inside / "sub").mkdir()
    (inside / "link.fit").symlink_to(outside / "secret.fit")
    (inside / "all").symlink_to(outside)
    os.mkfifo(inside / "pipe.fit")
    for name in (".ride.fit", ".hidden/ride.fit", "notes.txt", "empty.fit", "sub/ride.tcx"):
        (inside / name).write_bytes(b"" if "empty" in name else RIDE.as_tcx() if "tcx" in name else b"x")
    assert await names(WatchFolder(inside, now=in_a_minute)) == ["ride.tcx"]


async def test_many_files_come_in_pages_without_one_twice(tmp_path: Path) -> None:
    for index in range(PAGE_SIZE + 5):
        (tmp_path / f"{index}.gpx").write_bytes(b"<gpx/>")
    folder = WatchFolder(tmp_path, now=in_a_minute)
    first = await folder.activities(ACCESS, WINDOW, None)
    second = await folder.activities(ACCESS, WINDOW, first.next_cursor)
    seen: list[RemoteActivity] = [*first.items, *second.items]
    assert len({one.external_id for one in seen}) == PAGE_SIZE + 5
    assert second.next_cursor is None


async def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProviderUnavailableError):
        await WatchFolder(tmp_path / "gone").activities(ACCESS, WINDOW, None)


async def test_what_lies_in_an_athletes_folder_is_imported(api: Api, person: Person) -> None:
    connection = await person.call("POST", "/connections/folder", status=201, json={})
    folder = Path(connection["folder"])
    assert folder.name == person.athlete["email"]
    (folder / "ride.fit").write_bytes(RIDE.as_fit())
    (folder / "broken.fit").write_bytes(b"not a recording at all")
    after = await synced(api, person, connection["id"])
    assert after["runs"][0]["state"] == "succeeded"
    assert sum(after["counts"].values()) == 0, "they were written just now"

    api.app.state.resources = replace(api.resources, clock=FixedClock(in_a_minute()))
    await person.call("POST", f"/connections/{connection['id']}/looks", status=202)
    after = await synced(api, person, connection["id"])
    assert (after["counts"]["imported"], after["counts"]["rejected"]) == (1, 1)
    assert [one["title"] for one in after["missed"]] == ["broken.fit"]
    calendar = await person.get(
        f"/connections/{connection['id']}/calendar", params={"from": "2026-03-01", "to": "2026-03-01"}
    )
    assert calendar["days"][0] | {"activities": 1, "state": "data"} == calendar["days"][0]

    await person.call("DELETE", f"/connections/{connection['id']}", status=204)
    await api.work()
    assert (folder / "ride.fit").read_bytes() == RIDE.as_fit(), "the athlete's files are left alone"
