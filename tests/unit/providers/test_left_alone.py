"""Nothing in a folder or an archive is passed over in silence: it is taken by its content, or named with the reason."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.support import platform_exports as made
from tests.support.documents import gpx, gpx_point, gpx_track
from tests.support.fit_writer import ride

from topform.formats import decode
from topform.formats.exports import PlatformExports
from topform.providers.folder import (
    DailyValuesFile,
    Item,
    LeftFile,
    Reason,
    RejectedFile,
    SourceFile,
    count_by_ending,
    export_items,
    unpack_items,
)

UTC = PlatformExports(ZoneInfo("UTC"))
TABLE = b"# exported\ntime,heart_rate\n2026-03-01T07:00:00Z,120\n2026-03-01T07:00:05Z,122\n"
COUNTED = b"time,heart_rate\n0,120\n5,122\n"
WELLNESS = b"date,weight,restingHR,hrv,sleepSecs\n2026-03-02,71.5,48,60,27000\n"
OTHERS = {
    "LICENSE": b"All rights",
    "notes.txt": b"time flies",
    "counted.csv": COUNTED,
    "plain.csv": b"a,b\n1,2\n",
    "page.xml": b"<html></html>",
    "settings.json": b"{}",
    "numbers.txt": b"800\n810\n790\n",
    "photo.jpg": b"\xff\xd8\xff\x00",
    "cut.gz": b"\x1f\x8b\x00",
    "planned.zwo": b"<workout_file></workout_file>",
}


def health_document() -> bytes:
    with zipfile.ZipFile(io.BytesIO(made.apple_health())) as archive:
        return archive.read("apple_health_export/export.xml")


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def walked(*paths: Path) -> tuple[list[Item], list[LeftFile]]:
    left: list[LeftFile] = []
    return list(export_items(paths, exports=UTC, leave=left.append)), left


def what_is_in(items: list[Item]) -> list[object]:
    """Return what the items hold, without the names, which tell where they lay."""
    held: list[object] = [item.content for item in items if isinstance(item, SourceFile)]
    return [*held, *(item.values for item in items if isinstance(item, DailyValuesFile))]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("table.csv", TABLE),
        ("table.txt", TABLE),
        ("no_ending", TABLE.replace(b",", b";")),
        ("run.xml", gpx([gpx_track([gpx_point(0)])])),
        ("ride.bin", ride(5).finish()),
        ("packed.gz", gzip.compress(ride(5).finish())),
        ("export.xml", health_document()),
        ("wellness.csv", WELLNESS),
    ],
)
@pytest.mark.parametrize("place", ["", "one/two/three/four/"])
def test_what_is_taken_by_name_is_taken_from_folders_and_archives(tmp_path, name, content, place):
    named, _ = walked(written(tmp_path / "named", {name: content}) / name)
    assert what_is_in(named)
    found, left = walked(written(tmp_path / "folder", {f"{place}{name}": content}))
    assert (what_is_in(found), left) == (what_is_in(named), [])
    packed = made.zipped({f"{place}{name}": content})
    unpacked = list(unpack_items("all.zip", packed, exports=UTC, leave=left.append))
    assert (what_is_in(unpacked), left) == (what_is_in(named), [])


def test_everything_else_is_named_with_the_reason(tmp_path):
    folder = written(tmp_path / "all", {**OTHERS, "2026/ride.fit": ride(5).finish(), "old.zip": made.zipped(OTHERS)})
    written(folder, {"none.zip": made.zipped({})})
    os.mkfifo(folder / "pipe")
    found, left = walked(folder)
    assert [Path(item.name).name for item in found] == ["ride.fit"]
    reasons = {str(Path(file.name).relative_to(folder)): file.reason for file in left}
    assert reasons == {
        **dict.fromkeys(OTHERS, Reason.NO_ACTIVITY),
        **{f"old.zip/{name}": Reason.NO_ACTIVITY for name in OTHERS},
        "none.zip": Reason.EMPTY_ARCHIVE,
        "pipe": Reason.NOT_PLAIN,
    }
    assert len(left) == len(reasons)
    assert list(count_by_ending(left).items())[:3] == [(".csv", 4), (".txt", 4), ("", 3)]


def test_a_path_in_which_everything_is_left_alone_is_refused_too(tmp_path):
    (refused,), left = walked(written(tmp_path / "photos", {"photo.jpg": b"\xff\xd8\xff\x00"}))
    assert isinstance(refused, RejectedFile)
    assert (refused.error.code, [file.as_dict()["reason"] for file in left]) == ("no_activity", ["no activity format"])


def test_a_file_among_those_of_an_export_is_left_to_it_and_one_elsewhere_is_not(tmp_path):
    tables = {"day.csv": TABLE, "sleepmodel.csv": b"day,type\n2026-03-02,long_sleep\n"}
    folder = written(tmp_path / "all", {f"oura/{name}": content for name, content in tables.items()})
    found, left = walked(written(folder, {"runs/day.csv": TABLE}))
    assert [Path(item.name).relative_to(folder).as_posix() for item in found] == ["runs/day.csv"]
    assert [(Path(file.name).name, file.reason) for file in left] == [("day.csv", Reason.OF_EXPORT)]
    (taken,) = (item for item in found if isinstance(item, SourceFile))
    assert len(decode(taken.content, file=taken.name).legs) == 1


def test_files_that_an_export_was_read_from_are_not_among_them(tmp_path):
    with zipfile.ZipFile(io.BytesIO(made.apple_health())) as archive:
        archive.extractall(tmp_path / "unpacked")
    written(tmp_path / "unpacked", {"apple_health_export/export_cda.xml": b"<ClinicalDocument/>"})
    _, left = walked(tmp_path / "unpacked")
    assert [Path(file.name).name for file in left] == ["export_cda.xml"]
