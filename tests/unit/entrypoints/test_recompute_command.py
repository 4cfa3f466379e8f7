"""``topform recompute --engine ray`` where Ray is not installed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from topform.entrypoints.cli import app


def test_a_missing_extra_is_said_with_its_remedy_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # as if it were not there, wherever this runs
    ran = CliRunner().invoke(app, ["recompute", "--engine", "ray", "--data-dir", str(tmp_path / "data"), "--json"])
    assert ran.exit_code == 1
    error = json.loads(ran.stdout)["error"]
    assert (error["code"], error["message"]) == ("setup", "Ray is not installed.")
    assert "pip install 'topform[ray]'" in error["remedy"]
    assert not (tmp_path / "data").exists()


def test_an_engine_that_is_not_there_is_wrong_usage() -> None:
    assert CliRunner().invoke(app, ["recompute", "--engine", "spark"]).exit_code == 2
