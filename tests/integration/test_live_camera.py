"""A set before the camera of a computer: the same coach as in the app, the same result as of the film."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.support.pose_weights import require_pose_weights
from typer.testing import CliRunner

from topform.entrypoints.cli import app
from topform.kinematics.form_analysis import Exercise
from topform.vision.analysis import VideoAnalysis
from topform.vision.camera import FilmCamera
from topform.vision.live import LiveCoach, Moment

CLIP = "video/push_up/ucf_pink_shorts_woman__02.mp4"
run = CliRunner().invoke


@pytest.mark.shared_data
def test_a_film_as_the_camera_gives_what_the_recorded_analysis_gives(shared_data: Path) -> None:
    require_pose_weights()
    moments: list[Moment] = []
    live, poses, report = LiveCoach().follow(
        FilmCamera(shared_data / CLIP), exercise=Exercise.PUSH_UP, sets=0, show=moments.append, may_drop=False
    )
    recorded, their_poses = VideoAnalysis().analyze_with_poses(shared_data / CLIP, exercise="push_up")
    ours, theirs = live.as_dict(), recorded.as_dict()
    assert {name for name in ours if ours[name] != theirs[name]} <= {"timing_s"}
    assert live.rep_count == 2
    assert any(finding["decision"] == "fault" for rep in ours["reps"] for finding in rep["faults"])
    assert (poses.t_s == their_poses.t_s).all()
    assert (report.frames, report.dropped_s) == (len(their_poses), [])
    said = [(one["code"], one["text"]) for one in report.said]
    assert [text for code, text in said if code == "count"] == ["1", "2"]
    assert any(code.startswith("correction.") for code, _ in said)
    assert [one.said.wish.code for one in moments if one.said is not None] == [code for code, _ in said]


@pytest.mark.shared_data
def test_ctrl_c_ends_the_set_with_the_whole_document_and_everything_was_spoken(
    shared_data: Path, tmp_path: Path
) -> None:
    require_pose_weights()
    heard = tmp_path / "heard"
    speaker = tmp_path / "spd-say"
    speaker.write_text(f'#!/bin/sh\necho "$@" >> {heard}\n', encoding="utf-8")
    speaker.chmod(0o755)
    command = [sys.executable, "-m", "topform", "analyze", "--camera", str(shared_data / CLIP), "--exercise", "push_up"]
    command += ["--model", "lite", "--sets", "0", "--voice", "--language", "de", "--json"]
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None and process.stdout is not None
        for line in process.stderr:
            if " s  " in line:  # something was said, so somebody is followed
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
        document: dict[str, Any] = json.loads(process.stdout.read())
        assert process.wait(60) == 0, rest
    assert document["exercise"] == "push_up"
    assert document["frames"] == document["camera"]["frames"] > 0
    assert document["camera"]["dropped"] == len(document["camera"]["dropped_s"])
    assert set(tmp_path.iterdir()) == {heard, speaker}
    said = [one["text"] for one in document["camera"]["said"]]
    spoken = [line for line in heard.read_text(encoding="utf-8").splitlines() if line != "-S"]
    assert spoken == [f"-w -l de {text}" for text in said]


def test_a_camera_and_a_film_at_once_is_wrong_usage() -> None:
    assert run(app, ["analyze", "--camera", "0", "film.mp4"]).exit_code == 2


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--camera", "987"], "camera_missing"),
        (["--camera", "0", "--annotate", "out.mp4"], "invalid_input"),
        (["--camera", "0", "--exercise", "running"], "invalid_input"),
        (["--camera", "no-such-film.mp4"], "not_a_video"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="cameras are read on Linux")
def test_what_cannot_be_followed_is_said_with_a_remedy(options: list[str], code: str) -> None:
    result = run(app, ["analyze", *options, "--json"])
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert error["code"] == code
    assert error["remedy"]
