"""``topform account`` as a person runs it: export, erase, import, export again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.workouts import MORNING, Ride


@pytest.fixture
def topform(database_url: str, tmp_path: Path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
    environment |= {"TOPFORM_DATABASE_URL": database_url, "TOPFORM_DATA_DIR": str(tmp_path / "data")}

    def run(*arguments: str, status: int = 0) -> dict[str, Any]:
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

    return run


def contents(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as found:
        return {name: found.read(name) for name in found.namelist() if name != "manifest.json"}


def test_an_account_goes_and_comes_back_bit_for_bit(topform, tmp_path: Path):
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.fit").write_bytes(Ride(seconds=600).as_fit())
    (files / "b.tcx").write_bytes(Ride(started_at=MORNING + timedelta(days=3), seconds=600).as_tcx())
    topform("import", str(files))
    email = "athlete@topform.local"
    first = topform("account", "export", str(tmp_path / "first.zip"))
    assert (first["athlete"], first["rows"]["activities"], first["objects"]) == (email, 2, 4)
    assert topform("account", "export", str(tmp_path / "first.zip"), status=1)["error"]["code"] == "conflict"

    assert topform("account", "erase", email, status=1)["error"]["remedy"] == f"Say --confirm {email}."
    other = ("account", "import", str(tmp_path / "first.zip"), "--athlete", "new@example.org")
    assert topform(*other, status=1)["error"]["code"] == "rows_taken"
    left = topform("account", "erase", "new@example.org", "--confirm", "new@example.org", status=1)
    assert left["error"]["code"] == "not_found"  # the account made for it went with the refusal

    erased = topform("account", "erase", email, "--confirm", email)
    assert erased["erased"]["objects"] == 4
    assert not [path for path in (tmp_path / "data" / "objects").rglob("*") if path.is_file()]
    assert topform("account", "export", str(tmp_path / "none.zip"), status=1)["error"]["code"] == "invalid_input"

    restored = topform("account", "import", str(tmp_path / "first.zip"))
    assert (restored["athlete"], restored["created"], restored["rows"]["activities"]) == (email, True, 2)
    assert restored["password"]
    topform("account", "export", str(tmp_path / "second.zip"))
    assert contents(tmp_path / "second.zip") == contents(tmp_path / "first.zip")


def test_a_role_is_given_on_the_machine_and_the_last_administrator_stays(topform, tmp_path: Path):
    (tmp_path / "ride.fit").write_bytes(Ride(seconds=60).as_fit())
    topform("import", str(tmp_path / "ride.fit"))
    email = "athlete@topform.local"
    assert topform("account", "role", email, "admin") == {"athlete": email, "role": "admin", "is_locked": False}
    assert topform("account", "role", email, "athlete", status=1)["error"]["code"] == "last_admin"
    assert topform("account", "role", "nobody@example.org", "admin", status=1)["error"]["code"] == "not_found"


def test_what_is_no_archive_is_refused_with_a_remedy(topform, tmp_path: Path):
    (tmp_path / "ride.fit").write_bytes(Ride(seconds=60).as_fit())
    error = topform("account", "import", str(tmp_path / "ride.fit"), status=1)["error"]
    assert error["code"] == "archive_refused" and error["remedy"]
    assert error["file"].endswith("ride.fit")
    missing = topform("account", "import", str(tmp_path / "missing.zip"), status=1)["error"]
    assert missing["code"] == "not_found"
