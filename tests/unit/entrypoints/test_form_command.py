"""`topform form` as a user meets it: made-up data, import, quality, split, evaluation; training says what it needs."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from tests.support.push_up_body import PushUps
from typer.testing import CliRunner

from topform.entrypoints.cli import app
from topform.vision.poses_file import write_poses

run = CliRunner().invoke


def test_made_up_athletes_from_end_to_end(tmp_path: Path) -> None:
    folder = tmp_path / "made-up"
    made = run(app, ["form", "synthesize", "--out", str(folder), "--count", "6", "--seconds", "6", "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["recordings"] == 6
    quality = json.loads(run(app, ["form", "quality", "--dataset", str(folder), "--json"]).stdout)
    assert quality["people"] == 6
    assert quality["coverage"]["light"] == {"not measured": {"recordings": 6, "people": 6}}
    split = run(app, ["form", "split", "--dataset", str(folder), "--out", str(tmp_path / "folds.json"), "--folds", "3"])
    assert split.exit_code == 0, split.output
    folds = json.loads((tmp_path / "folds.json").read_text(encoding="utf-8"))
    assert len(folds["recordings"]) == 6
    assert set(folds["recordings"][0]) == {"sha256", "fold"}
    evaluated = run(app, ["form", "evaluate", "--dataset", str(folder)])
    assert evaluated.exit_code == 0, evaluated.output
    assert "not measured" in evaluated.stdout


def test_labelled_clips_are_imported_and_judged(tmp_path: Path) -> None:
    """Three sets of two people as poses; one row names a file that is not there, one a file elsewhere."""
    clips = tmp_path / "clips"
    clips.mkdir()
    for name, offset in (("sag", -0.09), ("good", 0.0), ("fine", 0.005)):
        write_poses(clips / f"{name}.npz", PushUps(hip_offset=offset, top_m=0.56).frames())
    (tmp_path / "labels.csv").write_text(
        "file,person_group,exercise,view,true_reps,form_label,faults\n"
        "sag.npz,p1,push_up,side,5,wrong,hips_sag\n"
        "good.npz,p2,push_up,side,5,correct,none visible\n"
        "fine.npz,p2,push_up,side,5,correct,none visible\n"
        "gone.npz,p3,push_up,side,5,correct,none visible\n"
        "../../secret.npz,p3,push_up,side,5,correct,none visible\n",
        encoding="utf-8",
    )
    arguments = ["--labels", str(tmp_path / "labels.csv"), "--clips", str(clips), "--out", str(tmp_path / "set")]
    imported = run(app, ["form", "import", *arguments, "--json"])
    assert imported.exit_code == 0, imported.output
    document = json.loads(imported.stdout)
    assert document["recordings"] == 3
    assert [refused["code"] for refused in document["refused"]] == ["poses_unreadable", "invalid_input"]
    report = json.loads(run(app, ["form", "evaluate", "--dataset", str(tmp_path / "set"), "--json"]).stdout)
    everything = report["form"]["all"]["all"]
    assert (everything["recordings"], everything["people"], everything["wrong"]) == (3, 2, 1)
    assert everything["balanced_accuracy"] == 1.0
    assert everything["auroc"] == 1.0
    assert report["faults"]["hips_sag"]["recall"] == report["faults"]["hips_sag"]["precision"] == 1.0
    assert report["faults"]["head_drop"]["recall"] is None
    assert report["counting"]["exact"] == 1.0
    assert report["form"]["by view"]["side"]["recordings"] == 3


def test_a_folder_without_labels_says_what_to_do(tmp_path: Path) -> None:
    result = run(app, ["form", "evaluate", "--dataset", str(tmp_path), "--json"])
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "dataset_unreadable"
    assert error["remedy"]


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="PyTorch is installed")
def test_training_says_what_it_needs(tmp_path: Path) -> None:
    for arguments in (["train", "--out", str(tmp_path)], ["export", str(tmp_path), "--out", str(tmp_path)]):
        result = run(app, ["form", *arguments, "--json"])
        assert result.exit_code == 1
        error = json.loads(result.stdout)["error"]
        assert error["code"] == "model_unavailable"
        assert "topform[train]" in error["remedy"]
