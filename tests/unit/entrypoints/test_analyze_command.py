"""`topform analyze` and `topform models` as a user meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.support.pose_weights import require_pose_weights
from tests.support.push_up_body import PushUps
from tests.support.tiny_videos import write_video
from typer.testing import CliRunner

from topform.entrypoints.cli import app
from topform.vision.poses_file import read_poses, write_poses

run = CliRunner().invoke


@pytest.fixture
def poses_file(tmp_path: Path) -> Path:
    write_poses(tmp_path / "set.npz", PushUps(hip_offset=-0.08).frames())
    return tmp_path / "set.npz"


def test_poses_as_json(poses_file: Path) -> None:
    result = run(app, ["analyze", str(poses_file), "--json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["rep_count"] == 5
    assert document["exercise"] == "push_up"
    assert document["form"]["decision"] == "faulty"
    assert document["form"]["faults"] == ["hips_sag"]
    assert document["recommendations"][0]["fault"] == "hips_sag"
    assert {finding["code"] for finding in document["reps"][0]["faults"]} >= {"hips_sag", "elbow_flare"}


def test_stderr_is_empty_where_all_went_well(poses_file: Path) -> None:
    """The runtime of the models would tell there, past Python, how it computes."""
    command = [sys.executable, "-m", "topform", "analyze", str(poses_file), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["rep_count"] == 5
    assert done.stderr == ""


def test_poses_for_people(poses_file: Path) -> None:
    result = run(app, ["analyze", str(poses_file)])
    assert result.exit_code == 0
    assert "5 repetitions, side view" in result.stdout
    assert "hips sag" in result.stdout


@pytest.mark.parametrize("transform", ["picture fractions", "body box", "hip centred"])
def test_normalised_coordinates_are_counted_and_said(tmp_path: Path, transform: str) -> None:
    poses = PushUps().frames()
    xy = poses.xy_px
    if transform == "picture fractions":
        xy = xy / 1000.0
    elif transform == "body box":
        low, high = xy.min(axis=1, keepdims=True), xy.max(axis=1, keepdims=True)
        xy = (xy - low) / (high - low)
    else:
        hips = xy[:, [23, 24]].mean(axis=1, keepdims=True)
        shoulders = xy[:, [11, 12]].mean(axis=1, keepdims=True)
        xy = (xy - hips) / np.linalg.norm(shoulders - hips, axis=2, keepdims=True)
    np.savez(tmp_path / "set.npz", xy=xy, fps=30.0)
    document = json.loads(run(app, ["analyze", str(tmp_path / "set.npz"), "--json"]).stdout)
    assert document["rep_count"] == 5
    assert "coordinates_normalised" in [warning["code"] for warning in document["warnings"]]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere.npz"], "poses_unreadable"),
        (["nowhere.mp4"], "not_a_video"),
        (["nowhere.mp4", "--exercise", "handstand"], "invalid_input"),
        (["nowhere.npz", "--save-poses", "x.npz"], "invalid_input"),
        (["nowhere.mp4", "--annotate", "missing_folder/x.mp4"], "invalid_input"),
    ],
)
def test_failures_are_documents(arguments: list[str], code: str) -> None:
    result = run(app, ["analyze", *arguments, "--json"])
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["remedy"]


def test_failures_for_people_go_to_stderr(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    result = run(app, ["analyze", str(tmp_path / "empty.mp4")])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "video_empty" in result.stderr


def test_wrong_usage_exits_2() -> None:
    assert run(app, ["analyze"]).exit_code == 2


def test_video_with_poses_saved(tmp_path: Path) -> None:
    require_pose_weights()
    video = write_video(tmp_path / "wall.mp4", size=(320, 240))
    result = run(app, ["analyze", str(video), "--save-poses", str(tmp_path / "poses.npz"), "--json", "--threads", "1"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["poses_found"] == 0
    poses, _ = read_poses(tmp_path / "poses.npz")
    assert len(poses) == 10
    assert np.isnan(poses.xy_px).all()


def test_models_list_and_verify(tmp_path: Path) -> None:
    listed = json.loads(run(app, ["models", "list", "--json"]).stdout)
    assert [model["id"] for model in listed["models"]] == ["blazepose", "push_up_form"]
    failed = run(app, ["models", "verify", "--json", "--weights-dir", str(tmp_path)])
    assert failed.exit_code == 1
    assert json.loads(failed.stdout)["error"]["code"] == "model_unavailable"
    for_people = run(app, ["models", "verify", "--weights-dir", str(tmp_path)])
    assert for_people.exit_code == 1
    assert "npm" in for_people.stderr


def test_a_set_as_training(poses_file: Path) -> None:
    unsaid = json.loads(run(app, ["analyze", str(poses_file), "--json"]).stdout)
    assert unsaid["set_load"]["missing"] == ["body_mass", "rir", "rating"]
    assert unsaid["set_load"]["load_au"] is None
    said = ["--mass-kg", "75", "--rir", "2", "--rpe", "7"]
    found = json.loads(run(app, ["analyze", str(poses_file), *said, "--json"]).stdout)["set_load"]
    assert found["volume_load_kg"] == pytest.approx(unsaid["rep_count"] * 0.64 * 75, abs=0.1)
    assert found["load_au"] == pytest.approx(100 * found["active_s"] / 3600, abs=2e-3)
    assert (found["hard_sets"], found["missing"]) == (1.0, [])
    assert "hard sets 1" in run(app, ["analyze", str(poses_file), *said]).stdout
    refused = run(app, ["analyze", str(poses_file), "--rir", "0", "--rpe", "1", "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["code"] == "effort_contradiction"
