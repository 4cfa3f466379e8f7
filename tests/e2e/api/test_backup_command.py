"""``topform backup`` beside a server that is being used, ``topform restore`` elsewhere, and both compared."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import make_url
from tests.support.postgres import PostgresServer
from tests.support.running_server import RunningServer, wait_for_job
from tests.support.workouts import MORNING, Ride

Rows = dict[str, list[str]]
CLUSTER_GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "kubernetes.md"


@pytest.fixture
def empty_database_url(postgres_server: PostgresServer) -> Iterator[str]:
    name = f"restored_{uuid4().hex}"
    postgres_server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield postgres_server.url_of(name)
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def topform(environment: dict[str, str], *arguments: str, status: int = 0) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "topform", *arguments, "--json"],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
    )
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def upload(client: httpx.Client, day: int) -> str:
    ride = Ride(started_at=MORNING + timedelta(days=day), seconds=120 + day)
    answer = client.post("/activities/uploads", files={"file": (f"{day}.fit", ride.as_fit())})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def plain(url: str) -> str:
    found = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return found.replace("+", "%20")


def all_rows(url: str) -> Rows:
    """Return every row of every table as text."""
    with psycopg.connect(plain(url)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            table: sorted(str(row[0]) for row in connection.execute(f'SELECT t::text FROM "{table}" t').fetchall())
            for (table,) in tables
        }


def objects(data_dir: Path) -> dict[str, str]:
    folder = data_dir / "objects"
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def restored_environment(server: RunningServer, url: str, data_dir: Path) -> dict[str, str]:
    return {**server.environment, "TOPFORM_DATABASE_URL": url, "TOPFORM_DATA_DIR": str(data_dir)}


def test_a_quiet_installation_comes_back_row_for_row_and_byte_for_byte(
    server: RunningServer, empty_database_url: str, tmp_path: Path
):
    client = server.sign_up()
    server.start_worker()
    for day in range(3):
        assert wait_for_job(client, upload(client, day))["state"] == "succeeded"
    server.stop()
    archive, elsewhere = tmp_path / "backup.zip", tmp_path / "elsewhere"
    made = topform(server.environment, "backup", str(archive))
    assert archive.stat().st_mode & 0o077 == 0
    assert made["objects"] == len(objects(tmp_path))

    restored = topform(restored_environment(server, empty_database_url, elsewhere), "restore", str(archive))
    assert restored["needs_key"] is False
    before, after = all_rows(server.database_url), all_rows(empty_database_url)
    # How often somebody tried is nothing to bring back.
    assert len(before.pop("rate_limits")) == 1
    assert after.pop("rate_limits") == []
    assert after == before
    assert objects(elsewhere) == objects(tmp_path)
    again = topform(restored_environment(server, empty_database_url, elsewhere), "restore", str(archive), status=1)
    assert again["error"]["code"] == "installation_not_empty"


def test_a_backup_under_load_holds_whatever_was_done_before_it_began(
    server: RunningServer, empty_database_url: str, tmp_path: Path
):
    client = server.sign_up()
    server.start_worker()
    before = [wait_for_job(client, upload(client, day)) for day in range(3)]
    enough, failures = threading.Event(), list[BaseException]()

    def keep_working() -> None:
        day = 100
        try:
            while not enough.is_set():
                wait_for_job(client, upload(client, day))
                newest = client.get("/activities", params={"limit": 1}).json()["items"][0]
                client.delete(f"/activities/{newest['id']}")
                day += 1
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            failures.append(error)

    worker = threading.Thread(target=keep_working)
    worker.start()
    archive, elsewhere = tmp_path / "backup.zip", tmp_path / "elsewhere"
    topform(server.environment, "backup", str(archive))
    enough.set()
    worker.join()
    assert failures == []

    topform(restored_environment(server, empty_database_url, elsewhere), "restore", str(archive))
    rows = all_rows(empty_database_url)
    assert all(any(job["id"] in row for row in rows["jobs"]) for job in before)
    there = objects(elsewhere)
    with psycopg.connect(plain(empty_database_url)) as connection:
        named = connection.execute(
            "SELECT object_key, sha256 FROM activity_sources UNION ALL SELECT streams_key, NULL FROM activities"
        ).fetchall()
    assert len([key for key, _ in named if key is not None]) >= 6
    for key, digest in named:
        assert key in there
        assert digest is None or there[key] == digest


def test_a_damaged_backup_leaves_the_target_empty(server: RunningServer, empty_database_url: str, tmp_path: Path):
    server.sign_up()
    archive, elsewhere = tmp_path / "backup.zip", tmp_path / "elsewhere"
    topform(server.environment, "backup", str(archive))
    whole = archive.read_bytes()
    with zipfile.ZipFile(archive) as found:
        dump = found.getinfo("database.dump")
    changed = bytearray(whole)
    changed[dump.header_offset + dump.compress_size // 2] ^= 0xFF
    with zipfile.ZipFile(tmp_path / "account.zip", "w") as made:
        made.writestr("manifest.json", json.dumps({"format": "topform-account"}))
    for content in (whole[:-200], changed, (tmp_path / "account.zip").read_bytes()):
        archive.write_bytes(content)
        environment = restored_environment(server, empty_database_url, elsewhere)
        error = topform(environment, "restore", str(archive), status=1)["error"]
        assert error["code"] == "archive_refused" and error["remedy"]
    assert all_rows(empty_database_url) == {} and objects(elsewhere) == {}


def test_the_guide_brings_a_laptop_to_a_cluster_that_has_begun(data_dir: Path, empty_database_url: str, tmp_path: Path):
    ride, archive = tmp_path / "ride.fit", tmp_path / "laptop.zip"
    ride.write_bytes(Ride(seconds=120).as_fit())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
    laptop = environment | {"TOPFORM_DATA_DIR": str(data_dir)}
    topform(laptop, "import", str(ride))
    topform(laptop, "backup", str(archive))
    cluster = environment | {
        "TOPFORM_DATABASE_URL": empty_database_url,
        "TOPFORM_DATA_DIR": str(tmp_path / "pod"),
        "TOPFORM_SECRET_KEY": secrets.token_hex(32),
    }
    subprocess.run([sys.executable, "-m", "topform.entrypoints.migrate"], check=True, capture_output=True, env=cluster)
    refused = topform(cluster, "restore", str(archive), status=1)
    assert refused["error"]["code"] == "installation_not_empty"

    statements = re.findall(r"-c '([^']+ SCHEMA [^']+)'", CLUSTER_GUIDE.read_text(encoding="utf-8"))
    assert len(statements) == 2
    with psycopg.connect(plain(empty_database_url), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
    assert topform(cluster, "restore", str(archive))["needs_key"] is True
    (athlete,) = topform(cluster, "recompute")["athletes"]
    assert (athlete["activities"], athlete["changed_metrics"]) == (1, 0)
