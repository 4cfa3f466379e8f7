"""``topform import`` as a person runs it: on a fresh data directory, beside a server, twice."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.running_server import PASSWORD, RunningServer, wait_for_job
from tests.support.workouts import MORNING, Ride

FILES = 240
"""So many that some are left when the first batch of fifty was stored."""


def run_import(
    *arguments: str, data_dir: Path, status: int = 0, environment: dict[str, str] | None = None
) -> dict[str, Any]:
    """Run the command with --json and return its document."""
    done = subprocess.run(
        [sys.executable, "-m", "topform", "import", "--json", "--data-dir", str(data_dir), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        env={name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
        | (environment or {}),
    )
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder as people have it: files, an archive, things that are no activities."""
    folder = tmp_path / "exports"
    (folder / "2026").mkdir(parents=True)
    (folder / "2026" / "ride.fit").write_bytes(Ride(seconds=600).as_fit())
    (folder / "2026" / "copy.fit").write_bytes(Ride(seconds=600).as_fit())
    (folder / "ride.tcx").write_bytes(Ride(seconds=600).as_tcx())
    (folder / "text.fit").write_text("not a FIT file", encoding="utf-8")
    (folder / "notes.txt").write_text("hello", encoding="utf-8")
    with zipfile.ZipFile(folder / "old.zip", "w") as archive:
        archive.writestr("next.fit", Ride(started_at=MORNING + timedelta(days=1), seconds=600).as_fit())
    return folder


def test_a_folder_is_imported_once_without_a_server(exports: Path, data_dir: Path) -> None:
    first = run_import(str(exports), data_dir=data_dir)
    assert first["summary"] == {"imported": 2, "merged": 1, "duplicate": 1, "rejected": 1}
    assert first["athlete"]["created"] is True
    assert [(Path(file["name"]).name, file["reason"]) for file in first["skipped"]] == [
        ("notes.txt", "no activity format")
    ]
    outcomes = {Path(file["name"]).name: file["outcome"] for file in first["files"]}
    assert outcomes["text.fit"] == "rejected"
    (rejected,) = [file for file in first["files"] if file["outcome"] == "rejected"]
    assert (rejected["code"], bool(rejected["message"])) == ("format_unknown", True)
    stored = sorted(path.name for path in (data_dir / "objects").rglob("*") if path.is_file())

    again = run_import(str(exports), data_dir=data_dir)
    assert again["summary"] == {"imported": 0, "merged": 0, "duplicate": 4, "rejected": 1}
    assert again["athlete"]["id"] == first["athlete"]["id"]
    assert again["athlete"]["created"] is False
    assert sorted(path.name for path in (data_dir / "objects").rglob("*") if path.is_file()) == stored


def test_the_password_of_a_new_account_is_told_beside_the_document(exports: Path, data_dir: Path) -> None:
    command = [sys.executable, "-m", "topform", "import", "--data-dir", str(data_dir), str(exports)]
    first = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True, timeout=600)
    told = re.search(r"with the password (\S{12,}); sign in", first.stderr)
    assert told is not None, first.stderr
    assert told[1] not in first.stdout
    assert "password" not in json.loads(first.stdout)["athlete"]
    again = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    assert "with the password" not in again.stdout + again.stderr
    assert "1 other file left alone: 1 .txt; --json names each with the reason" in again.stdout


def test_failures_are_explained(exports: Path, data_dir: Path) -> None:
    bad = run_import(str(exports / "text.fit"), data_dir=data_dir, status=1)
    assert bad["error"]["code"] == "format_unknown"
    assert bad["error"]["remedy"]
    assert bad["files"][0]["outcome"] == "rejected"
    missing = str(exports / "gone.fit")
    partly = run_import(str(exports / "ride.tcx"), missing, data_dir=data_dir, status=1)
    assert (partly["error"]["code"], partly["error"]["file"]) == ("not_found", missing)
    assert partly["summary"] == {"imported": 1, "merged": 0, "duplicate": 0, "rejected": 1}
    with zipfile.ZipFile(exports / "table.xlsx", "w") as table:
        table.writestr("xl/workbook.xml", "<workbook/>")
    beside = run_import(str(exports / "ride.tcx"), str(exports / "table.xlsx"), data_dir=data_dir)
    assert [(one["outcome"], one["code"]) for one in beside["files"]] == [
        ("duplicate", None),
        ("rejected", "format_unknown"),
    ]
    nothing = run_import(str(exports / "2026" / ".."), "--athlete", "nobody@example.org", data_dir=data_dir, status=1)
    assert (nothing["error"]["code"], bool(nothing["error"]["remedy"])) == ("not_found", True)
    empty = data_dir / "empty"
    empty.mkdir()
    assert run_import(str(empty), data_dir=data_dir, status=1)["error"]["code"] == "no_activity"


def test_an_import_that_was_interrupted_goes_on_when_it_is_repeated(tmp_path: Path, data_dir: Path) -> None:
    folder = tmp_path / "Jahre über Jahre"
    folder.mkdir()
    for day in range(FILES):
        (folder / f"{day}.fit").write_bytes(Ride(started_at=MORNING + timedelta(days=day), seconds=300).as_fit())
    command = [sys.executable, "-m", "topform", "import", "--data-dir", str(data_dir), str(folder)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0)
    patience = time.monotonic() + 300
    while running.poll() is None and not any(path.is_file() for path in (data_dir / "objects").rglob("*")):
        assert time.monotonic() < patience, "nothing was stored"
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=300)
    assert running.returncode == 130, said
    assert "Stopped." in said
    assert "Traceback" not in said
    assert "exception" not in said
    summary = run_import(str(folder), data_dir=data_dir)["summary"]
    assert (summary["imported"] + summary["duplicate"], summary["rejected"], summary["merged"]) == (FILES, 0, 0)
    assert summary["imported"] > 0


def test_beside_a_server_the_athlete_sees_it_at_once(server: RunningServer, exports: Path) -> None:
    beside = {"TOPFORM_DATABASE_URL": server.database_url}

    def imported(*arguments: str, status: int = 0) -> dict[str, Any]:
        return run_import(*arguments, data_dir=server.data_dir, status=status, environment=beside)

    ada, eve = server.sign_up(), server.sign_up("eve@example.org")
    ambiguous = imported(str(exports), status=1)
    assert "--athlete" in ambiguous["error"]["remedy"]
    report = imported(str(exports), "--athlete", "ADA@example.org")
    assert report["athlete"]["email"] == "ada@example.org"
    assert len(ada.get("/activities").json()["items"]) == 2
    assert eve.get("/activities").json()["items"] == []
    server.start_worker("--queues", "default")
    job = ada.post(
        "/activities/uploads", files={"file": ("r.fit", (exports / "2026" / "ride.fit").read_bytes())}
    ).json()
    assert wait_for_job(ada, job["id"])["result"]["files"][0]["outcome"] == "duplicate"
    assert PASSWORD not in json.dumps(report)


@pytest.mark.shared_data
def test_real_files_are_imported_and_a_second_time_nothing_is_stored(shared_data: Path, data_dir: Path) -> None:
    folder = str(shared_data / "activities" / "heartandsole")
    first = run_import(folder, data_dir=data_dir)
    outcomes = {Path(file["name"]).name: (file["outcome"], file["code"]) for file in first["files"]}
    assert outcomes["testdata.fit"] == ("imported", None)
    assert outcomes["testdata.gpx"] == outcomes["testdata.tcx"] == ("merged", None)
    assert {outcomes[f"testcourse.{kind}"] for kind in ("fit", "gpx", "tcx")} == {("rejected", "no_activity")}
    again = run_import(folder, data_dir=data_dir)
    assert again["summary"] == {"imported": 0, "merged": 0, "duplicate": 4, "rejected": 3}
