"""``topform export`` as a person runs it, beside a database that is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.workouts import MORNING, Ride

from topform.core.activity import Channel
from topform.formats import decode


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
            cwd=tmp_path,
        )
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        document: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
        return document

    return run


def test_a_stored_activity_is_written_in_every_format_and_read_back(topform, tmp_path: Path):
    original = Ride(seconds=300).as_fit()
    (tmp_path / "ride.fit").write_bytes(original)
    (activity,) = topform("import", "ride.fit")["files"][0]["activity_ids"]
    power_w = decode(original, file="ride.fit").legs[0].streams[Channel.POWER_W]

    for file_format in ("tcx", "fit", "csv"):
        written = topform("export", activity, "--out", f"out.{file_format}")
        content = (tmp_path / f"out.{file_format}").read_bytes()
        assert written == {
            "activity_id": activity,
            "format": file_format,
            "file": f"out.{file_format}",
            "size_bytes": len(content),
        }
        (leg,) = decode(content, file=f"out.{file_format}").legs
        assert leg.started_at == MORNING
        np.testing.assert_allclose(leg.streams[Channel.POWER_W], power_w, atol=0.5)
    named = topform("export", activity, "--format", "fit")
    assert named["file"] == f"{MORNING:%Y-%m-%d}-cycling.fit"
    assert (tmp_path / named["file"]).read_bytes() == (tmp_path / "out.fit").read_bytes()

    existing = topform("export", activity, "--out", "out.fit", status=1)["error"]
    assert (existing["code"], existing["file"]) == ("conflict", "out.fit")
    topform("export", activity, "--out", "out.fit", "--format", "csv", "--force")
    assert (tmp_path / "out.fit").read_bytes() == (tmp_path / "out.csv").read_bytes()
    gone = topform("export", activity, "--out", "missing/out.fit", status=1)["error"]
    assert (gone["code"], gone["file"]) == ("invalid_input", "missing/out.fit")
    stranger = topform("export", "00000000-0000-7000-8000-000000000000", "--format", "gpx", status=1)["error"]
    assert stranger["code"] == "not_found"
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_without_a_format_nothing_is_started(topform):
    unsaid = topform("export", "00000000-0000-7000-8000-000000000000", "--out", "ride.doc", status=1)["error"]
    assert (unsaid["code"], unsaid["remedy"]) == ("invalid_input", "Say --format with one of gpx, tcx, fit, csv.")
    topform("export", "not-an-id", "--format", "gpx", status=2)
    topform("export", "00000000-0000-7000-8000-000000000000", "--format", "kml", status=2)
