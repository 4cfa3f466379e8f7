"""The object store on a local folder."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from topform.core.errors import NotFoundError
from topform.platform.objects import CHUNK_BYTES, ObjectStore
from topform.platform.settings import Settings


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return ObjectStore(staging_dir=tmp_path / "staging", folder=tmp_path / "objects")


def files_below(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != ".lock"
    )


async def test_what_is_put_comes_back_and_replaces_what_was_there(store: ObjectStore, tmp_path: Path) -> None:
    await store.put("activities/7/original", b"first")
    await store.put("activities/7/original", b"second")
    assert await store.get("activities/7/original") == b"second"
    assert await store.size_bytes("activities/7/original") == 6
    assert files_below(tmp_path) == ["objects/activities/7/original"]


async def test_a_large_object_streams_in_chunks_and_in_ranges(store: ObjectStore) -> None:
    content = os.urandom(2 * CHUNK_BYTES + 12_345)

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 100_000):
            yield content[start : start + 100_000]

    await store.put("video", chunks())
    digest = hashlib.sha256()
    sizes = []
    async for chunk in store.stream("video"):
        digest.update(chunk)
        sizes.append(len(chunk))
    assert digest.digest() == hashlib.sha256(content).digest()
    assert max(sizes) <= CHUNK_BYTES
    part = b"".join([chunk async for chunk in store.stream("video", start=CHUNK_BYTES - 5, end=CHUNK_BYTES + 5)])
    assert part == content[CHUNK_BYTES - 5 : CHUNK_BYTES + 5]
    assert b"".join([chunk async for chunk in store.stream("video", start=len(content) - 3, end=10**9)]) == content[-3:]


async def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    await store.put("empty", b"")
    assert await store.exists("empty")
    assert await store.get("empty") == b""
    assert [chunk async for chunk in store.stream("empty")] == []


async def test_a_missing_object_is_a_typed_error_everywhere(store: ObjectStore) -> None:
    assert not await store.exists("nowhere")
    with pytest.raises(NotFoundError):
        await store.get("nowhere")
    with pytest.raises(NotFoundError):
        await store.size_bytes("nowhere")
    with pytest.raises(NotFoundError):
        async for _ in store.stream("nowhere"):
            pytest.fail("there is nothing to stream")
    with pytest.raises(NotFoundError):
        async with store.local_file("nowhere"):
            pytest.fail("there is no file to lend")


async def test_deleting_twice_is_deleting_once(store: ObjectStore) -> None:
    await store.put("a/b", b"x")
    await store.delete("a/b")
    await store.delete("a/b")
    assert not await store.exists("a/b")


async def test_a_staged_file_vanishes_unless_it_is_committed(store: ObjectStore, tmp_path: Path) -> None:
    async with store.staging_file(suffix=".mp4") as staged:
        await staged.write(b"half a vid")
        assert staged.path.suffix == ".mp4"
        assert stat.S_IMODE(staged.path.stat().st_mode) == 0o600
    assert files_below(tmp_path) == []


async def test_an_interrupted_upload_leaves_nothing(store: ObjectStore, tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def never_ending() -> AsyncIterator[bytes]:
        yield b"the first half"
        begun.set()
        await asyncio.sleep(3600)

    upload = asyncio.create_task(store.put("upload", never_ending()))
    await begun.wait()
    assert len(files_below(tmp_path / "staging")) == 1
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert files_below(tmp_path) == []


async def test_a_failing_sender_leaves_the_object_that_was_there(store: ObjectStore, tmp_path: Path) -> None:
    await store.put("upload", b"whole")

    async def breaks() -> AsyncIterator[bytes]:
        yield b"new"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.put("upload", breaks())
    assert await store.get("upload") == b"whole"
    assert files_below(tmp_path / "staging") == []


async def test_a_program_may_write_to_the_path_and_the_result_is_committed(store: ObjectStore) -> None:
    async with store.staging_file(suffix=".mp4") as staged:
        staged.path.write_bytes(b"written by an encoder")
        await staged.commit("form-checks/1/annotated.mp4")
    assert await store.get("form-checks/1/annotated.mp4") == b"written by an encoder"


async def test_a_file_is_copied_and_lent(store: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "clip.mp4"
    source.write_bytes(b"clip")
    await store.put_file("clips/1", source)
    assert source.read_bytes() == b"clip"
    async with store.local_file("clips/1") as lent:
        assert lent.read_bytes() == b"clip"


async def test_keys_below_a_prefix_are_listed(store: ObjectStore) -> None:
    for key in ("a/1", "a/2/x", "b/1"):
        await store.put(key, b"")
    assert sorted([key async for key in store.keys("a")]) == ["a/1", "a/2/x"]


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".hidden", "a/.b", "a b", "a\0b"]
)
async def test_a_key_cannot_leave_the_store(store: ObjectStore, key: str) -> None:
    with pytest.raises(ValueError, match="not an object key"):
        await store.put(key, b"")
    with pytest.raises(ValueError, match="not an object key"):
        await store.get(key)


async def test_cleaning_spares_the_files_of_living_writers(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "staging" / "left-behind").write_bytes(b"half")
    async with store.staging_file() as staged:
        assert store.clean_staging() == 1
        assert staged.path.exists()
        await staged.commit("kept")
    assert await store.exists("kept")


def test_the_settings_choose_the_folder(tmp_path: Path) -> None:
    ObjectStore.from_settings(Settings(data_dir=tmp_path / "data"))
    assert (tmp_path / "data" / "objects").is_dir()
    assert (tmp_path / "data" / "staging").is_dir()


async def test_the_last_object_takes_its_folders_with_it_while_others_write_there(
    store: ObjectStore, tmp_path: Path
) -> None:
    for number in range(100):
        await store.put("streams/ada/one", b"1")
        await asyncio.gather(store.delete("streams/ada/one"), store.put("streams/ada/two", b"2"))
        assert await store.get("streams/ada/two") == b"2", number
        await store.delete("streams/ada/two")
        assert [path for path in (tmp_path / "objects").rglob("*")] == [], number
