"""Commands that work on what is there make no installation where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from topform.entrypoints.cli import app


@pytest.mark.parametrize(
    "command",
    [
        ["backup", "{folder}/backup.zip"],
        ["recompute"],
        ["import", "{folder}/run.fit", "--athlete", "lena@example.org"],
    ],
)
def test_an_empty_folder_stays_empty(command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TOPFORM_DATABASE_URL", raising=False)
    (tmp_path / "run.fit").write_bytes(b"no activity")
    nothing = tmp_path / "nothing"
    words = [word.format(folder=tmp_path) for word in command]
    ran = CliRunner().invoke(app, [*words, "--data-dir", str(nothing), "--json"])
    assert ran.exit_code == 1
    error = json.loads(ran.stdout)["error"]
    assert error["code"] == "no_installation"
    assert "--data-dir" in error["remedy"] and "topform serve" in error["remedy"]
    assert not nothing.exists()


def test_an_assistant_is_told_that_there_is_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TOPFORM_DATABASE_URL", raising=False)
    nothing = tmp_path / "nothing"
    ran = CliRunner().invoke(app, ["mcp", "--data-dir", str(nothing)])
    assert ran.exit_code == 1 and not nothing.exists()
