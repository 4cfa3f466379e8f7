"""Several trainings at a time: the same runs, whatever maps them."""

from __future__ import annotations

import json
import sys
from calendar import isleap
from pathlib import Path

import pytest
from typer.testing import CliRunner

from topform.core.errors import SetupError
from topform.entrypoints.cli import app
from topform.entrypoints.ray_engine import mapped


def square(number: int) -> int:
    return number * number


def test_here_one_comes_after_the_other_in_order() -> None:
    assert list(mapped(square, [3, 1, 2], on_ray=False)) == [(0, 9), (1, 1), (2, 4)]
    assert list(mapped(square, [], on_ray=False)) == []


def test_on_ray_every_item_comes_with_its_place() -> None:
    pytest.importorskip("ray", reason="Ray is an extra (topform[ray])")
    years = sorted(mapped(isleap, [2023, 2024, 2025], on_ray=True, workers=2))
    assert years == [(0, False), (1, True), (2, False)]


def test_a_missing_extra_is_said_before_anything_is_trained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # as if it were not there, wherever this runs
    with pytest.raises(SetupError, match="Ray is not installed"):
        next(mapped(square, [1], on_ray=True))
    out = tmp_path / "runs"
    ran = CliRunner().invoke(app, ["form", "train", "--out", str(out), "--runs", "3", "--engine", "ray", "--json"])
    assert ran.exit_code == 1 and not out.exists()
    assert "pip install 'topform[ray]'" in json.loads(ran.stdout)["error"]["remedy"]


def test_trainings_write_their_runs_and_which_was_best(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="PyTorch is an extra (topform[train])")
    from topform.entrypoints.trainer import train_form_models

    settings = [
        {"seed": seed, "recordings": 16, "validation": 16, "frames": 20, "epochs": 1, "width": 8} for seed in (1, 2)
    ]
    result = train_form_models(settings, tmp_path, on_ray=False)
    assert [run["settings"]["seed"] for run in result["runs"]] == [1, 2]
    assert result["best"] in ("run-1", "run-2")
    assert json.loads((tmp_path / "runs.json").read_text(encoding="utf-8")) == result
    assert (tmp_path / "run-2" / "weights.npz").is_file()
