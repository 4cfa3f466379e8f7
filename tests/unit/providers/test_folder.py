"""Folders and archives: what is taken, what is refused, and that nothing is followed or unpacked too far."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from tests.support.documents import gpx, gpx_point, gpx_track
from tests.support.fit_writer import ride

from topform.core.errors import ArchiveError, InvalidInputError, NotFoundError, TooLargeError
from topform.formats import decode
from topform.providers import folder
from topform.providers.folder import RejectedFile, SourceFile, source_files, unpack

RIDE = ride(5).finish()
RUN = gpx([gpx_track([gpx_point(0)])])


def archive(members: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return target.getvalue()


def names(found: list[SourceFile | RejectedFile], kind: type) -> list[str]:
    return [Path(item.name).name for item in found if isinstance(item, kind)]


def test_a_folder_yields_what_looks_like_an_activity_in_a_stable_order(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.gpx").write_bytes(RUN)
    (tmp_path / "a.fit").write_bytes(RIDE)
    (tmp_path / "no_suffix").write_bytes(RIDE)
    (tmp_path / "broken.FIT").write_bytes(b"not a fit file")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "profile.csv").write_text("a,b")
    found = list(source_files([tmp_path]))
    assert names(found, SourceFile) == ["a.fit", "broken.FIT", "no_suffix", "2.gpx"]
    assert names(found, RejectedFile) == []


def test_a_named_file_is_taken_whatever_it_is(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    assert list(source_files([path])) == [SourceFile(str(path), b"hello")]


def test_a_named_path_in_which_nothing_is_found_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "table.xlsx").write_bytes(archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}))
    (tmp_path / "none.zip").write_bytes(archive({}))
    for name, code in (
        ("empty", "no_activity"),
        ("photos", "no_activity"),
        ("table.xlsx", "format_unknown"),
        ("none.zip", "format_unknown"),
    ):
        (found,) = source_files([tmp_path / name])
        assert isinstance(found, RejectedFile)
        assert (found.name, found.error.code, bool(found.error.remedy)) == (str(tmp_path / name), code, True)


def test_a_missing_path_is_reported(tmp_path):
    (found,) = source_files([tmp_path / "gone.fit"])
    assert isinstance(found, RejectedFile)
    assert isinstance(found.error, NotFoundError)


def test_archives_in_folders_and_archives_in_archives_are_opened(tmp_path):
    inner = archive({"deep/3.fit": RIDE})
    (tmp_path / "export.zip").write_bytes(
        archive({"activities/1.fit": RIDE, "activities/2.gpx": RUN, "part1.zip": inner, "readme.html": b"<html>"})
    )
    found = list(source_files([tmp_path]))
    assert [item.name.removeprefix(str(tmp_path)) for item in found] == [
        "/export.zip/activities/1.fit", "/export.zip/activities/2.gpx", "/export.zip/part1.zip/deep/3.fit",
    ]  # fmt: skip
    assert all(isinstance(item, SourceFile) and decode(item.content, file=item.name).legs for item in found)


def test_archives_nested_deeper_are_refused():
    nested = archive({"c.zip": archive({"b.zip": archive({"a.fit": RIDE})})})
    (found,) = unpack("outer.zip", nested)
    assert isinstance(found, RejectedFile)
    assert "nested" in found.error.message


@pytest.mark.parametrize(
    "name", ["../../etc/ride.fit", "/etc/ride.fit", "a/../../ride.fit", "..\\ride.fit", "C:/x.fit"]
)
def test_paths_that_lead_out_are_refused_and_the_rest_is_taken(name):
    found = list(unpack("upload.zip", archive({name: RIDE, "good.fit": RIDE})))
    assert names(found, SourceFile) == ["good.fit"]
    (refused,) = [item for item in found if isinstance(item, RejectedFile)]
    assert isinstance(refused.error, ArchiveError)
    assert "Unpack it" in (refused.error.remedy or "")


def test_an_encrypted_member_is_refused():
    packed = bytearray(archive({"secret.fit": RIDE}))
    for signature, flag_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + flag_at] |= 1
    (found,) = unpack("upload.zip", bytes(packed))
    assert isinstance(found, RejectedFile)
    assert "encrypted" in found.error.message


def test_a_bomb_is_refused_after_a_bounded_amount(monkeypatch):
    monkeypatch.setattr(folder, "BOMB_FLOOR_BYTES", 2**20)
    bomb = archive({f"{number}.fit": bytes(2**20) for number in range(50)})
    found = list(unpack("bomb.zip", bomb))
    assert len(found) < 10
    assert isinstance(found[-1], RejectedFile)
    assert "unpacks to more than 5 MB" in found[-1].error.message
    assert "one by one" in (found[-1].error.remedy or "")


def test_a_member_larger_than_any_activity_is_refused(monkeypatch):
    monkeypatch.setattr(folder, "MAX_FILE_BYTES", 1000)
    (found,) = unpack("upload.zip", archive({"big.fit": os.urandom(2000)}))
    assert isinstance(found, RejectedFile)
    assert isinstance(found.error, ArchiveError)
    (found,) = unpack("big.fit", bytes(2000))
    assert isinstance(found, RejectedFile)
    assert isinstance(found.error, TooLargeError)


def test_a_member_that_lies_about_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(folder, "MAX_FILE_BYTES", 10_000)
    packed = bytearray(archive({"liar.fit": bytes(50_000)}))
    for signature, size_at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = packed.index(signature) + size_at
        packed[place : place + 4] = (100).to_bytes(4, "little")
    (found,) = unpack("upload.zip", bytes(packed))
    assert isinstance(found, RejectedFile)
    assert isinstance(found.error, ArchiveError)


@pytest.mark.parametrize("cut", [10, 60, 200])
def test_a_damaged_archive_is_refused(cut):
    packed = archive({"a.fit": RIDE, "b.fit": RIDE})
    found = list(unpack("cut.zip", packed[:-cut]))
    assert found
    assert all(isinstance(item, RejectedFile) and isinstance(item.error, ArchiveError) for item in found)


def test_a_flipped_byte_costs_one_member():
    packed = bytearray(archive({"a.fit": RIDE, "b.fit": RIDE}))
    packed[60] ^= 0xFF
    found = list(unpack("flipped.zip", bytes(packed)))
    assert names(found, SourceFile) == ["b.fit"]
    assert len(found) == 2


def test_resource_forks_and_hidden_copies_are_passed_over():
    assert list(unpack("mac.zip", archive({"__MACOSX/._a.fit": b"x", "._b.fit": b"x"}))) == []


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.fit").write_bytes(RIDE)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "own.fit").write_bytes(RIDE)
    (inside / "link.fit").symlink_to(outside / "secret.fit")
    (inside / "folder").symlink_to(outside, target_is_directory=True)
    (inside / "again.fit").symlink_to(inside / "own.fit")
    found = list(source_files([inside]))
    assert sorted(names(found, SourceFile)) == ["again.fit", "own.fit"]
    refused = [item for item in found if isinstance(item, RejectedFile)]
    assert [item.name for item in refused] == [str(inside / "folder"), str(inside / "link.fit")]
    for item in refused:
        assert isinstance(item.error, InvalidInputError)
        assert "leads out of the folder" in item.error.message
        assert str(outside) in (item.error.remedy or "")


def test_a_link_that_leads_nowhere_is_told_and_one_within_the_folder_is_not(tmp_path):
    (tmp_path / "lost.fit").symlink_to(tmp_path / "gone.fit")
    (tmp_path / "self.fit").symlink_to(tmp_path / "self.fit")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    refused = list(source_files([tmp_path]))
    assert sorted(names(refused, RejectedFile)) == ["lost.fit", "self.fit"]
    assert all(isinstance(item, RejectedFile) and "leads nowhere" in item.error.message for item in refused)


def test_a_file_that_was_left_in_the_cloud_is_told(tmp_path):
    (tmp_path / ".ride.fit.icloud").write_bytes(b"bplist00")
    (tmp_path / ".notes.txt.icloud").write_bytes(b"bplist00")
    (refused,) = source_files([tmp_path])
    assert isinstance(refused, RejectedFile)
    assert Path(refused.name) == tmp_path / "ride.fit"
    assert "iCloud" in refused.error.message
    assert refused.error.remedy


def test_pipes_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.fit")
    assert names(list(source_files([tmp_path])), SourceFile) == []
    (found,) = source_files([tmp_path / "pipe.fit"])
    assert isinstance(found, RejectedFile)


def test_files_are_read_one_at_a_time(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.fit").write_bytes(RIDE)
    stream = source_files([tmp_path])
    next(stream)
    (tmp_path / "1.fit").write_bytes(b"changed meanwhile")
    second = next(stream)
    assert isinstance(second, SourceFile)
    assert second.content == b"changed meanwhile"


def test_an_upload_on_the_disk_is_read_the_same_way(tmp_path):
    path = tmp_path / "staged"
    path.write_bytes(archive({"a.fit": RIDE}))
    assert list(unpack("upload.zip", path)) == [SourceFile("upload.zip/a.fit", RIDE)]
    path.write_bytes(RIDE)
    assert list(unpack("ride.fit", path)) == [SourceFile("ride.fit", RIDE)]
