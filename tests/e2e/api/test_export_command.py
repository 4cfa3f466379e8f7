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
    stranger = topform("export", "00000000-0000-7000-8000-000000000000", "--out", "new.gpx", status=1)["error"]
    assert (stranger["code"], stranger.get("file")) == ("not_found", None)
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_without_a_format_nothing_is_started(topform):
    unsaid = topform("export", "00000000-0000-7000-8000-000000000000", "--out", "ride.doc", status=1)["error"]
    assert (unsaid["code"], unsaid["remedy"]) == ("invalid_input", "Say --format with one of gpx, tcx, fit, csv.")
    topform("export", "not-an-id", "--format", "gpx", status=2)
    topform("export", "00000000-0000-7000-8000-000000000000", "--format", "kml", status=2)


def test_a_table_keeps_its_mapping_and_is_read_with_it_again(topform, tmp_path: Path):
    rows = "\n".join(f"{second},{200 + second % 5},{140 + second % 3}" for second in range(120))
    (tmp_path / "rolle.csv").write_text(f"Zeit;Watt am Rad;Puls\n{rows}\n".replace(",", ";"), encoding="utf-8")
    mapping = {
        "columns": {"Zeit": "elapsed_s", "Watt am Rad": "power_w", "Puls": "hr_bpm"},
        "started_at": "2026-03-01T08:00:00+01:00",
        "sport": "cycling",
    }
    (tmp_path / "mapping.json").write_text(json.dumps(mapping), encoding="utf-8")
    (tmp_path / "wrong.json").write_text('{"columns": {"Puls": "pulse"}}', encoding="utf-8")

    wrong = topform("import", "rolle.csv", "--mapping", "wrong.json", status=1)["error"]
    assert (wrong["code"], wrong["file"], bool(wrong["remedy"])) == ("invalid_input", "wrong.json", True)
    assert topform("import", "rolle.csv", status=1)["summary"]["rejected"] == 1
    imported = topform("import", "rolle.csv", "--mapping", "mapping.json")
    assert imported["summary"]["imported"] == 1
    (activity,) = imported["files"][0]["activity_ids"]
    topform("export", activity, "--out", "out.fit")
    (leg,) = decode((tmp_path / "out.fit").read_bytes(), file="out.fit").legs
    (inspected,) = topform("inspect", "rolle.csv", "--mapping", "mapping.json")["legs"]
    assert (leg.started_at, leg.sport.value, len(leg.streams)) == (MORNING, inspected["sport"], inspected["samples"])
    assert leg.streams[Channel.POWER_W].mean() == pytest.approx(inspected["power_w"]["mean"])
    assert leg.streams[Channel.HR_BPM].max() == inspected["hr_bpm"]["max"] == 142
