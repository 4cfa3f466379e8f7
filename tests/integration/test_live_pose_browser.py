"""What the app sees in a real Chromium is what the recorded analysis sees in the same pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.live_browser import LIVE, call, footage_of, opened
from tests.support.browser import require_chromium
from tests.support.live_replay import require_node
from tests.support.pose_weights import require_pose_weights

from topform.kinematics import exercise_step
from topform.kinematics.form_analysis import Exercise
from topform.vision.analysis import Clocks, PoseEstimator, SetRun
from topform.vision.form_model import FormModels

CLIPS = {"push_up/kg_red_rack_man__01.mp4": {"hips_sag"}, "push_up/kg_teal_woman__01.mp4": set()}
"""One repetition each, from the side, with the faults noted by eye."""

MAX_APART = 0.02
"""Between the keypoints of both, in the middle of all: a share of the trunk's length."""


@pytest.mark.shared_data
@pytest.mark.parametrize("clip", CLIPS)
def test_the_same_pictures_give_the_same_body_repetitions_and_faults(shared_data: Path, clip: str) -> None:
    require_node()
    require_chromium()
    require_pose_weights()
    if not (LIVE / "pose-worker.js").is_file():
        pytest.skip("the app is not built: run 'make app/dist/index.html'")
    footage, frames = footage_of(shared_data / "video" / clip)
    with opened(footage) as page:
        call(page, "open", "ours", {})
        live = call(page, "replay", footage.described(), {"keypoints": True, "engine": True})
    run = SetRun(PoseEstimator().new_tracker(), FormModels().new_model(), None, Clocks(), exercise=Exercise.PUSH_UP)
    for frame in frames:
        run.take(frame)
    poses, state, _ = run.finish()
    recorded = exercise_step.leading(state)
    assert recorded is not None

    seen = np.isfinite(poses.xy_px[:, 0, 0])
    assert [xy is not None for xy in live["seen"]] == seen.tolist()
    assert seen.mean() > 0.9
    ours = np.array([xy for xy in live["seen"] if xy is not None]).reshape(-1, 33, 2)
    theirs = poses.xy_px[seen]
    trunk_px = np.linalg.norm((theirs[:, [11, 12]] - theirs[:, [23, 24]]).mean(axis=1), axis=1)
    apart = np.linalg.norm(ours - theirs, axis=2) / np.median(trunk_px)
    assert np.median(apart) <= MAX_APART

    assert live["summary"]["count"] == recorded.engine.count == 1
    for rep, other in zip(live["summary"]["reps"], (*recorded.reps, *recorded.partial_reps), strict=True):
        times = [rep["startS"], rep["turnS"], rep["endS"]]
        assert times == pytest.approx([other.start_s, other.turn_s, other.end_s], abs=0.2)
    said = {one["code"] for rep in live["summary"]["reps"] for one in rep["findings"] if one["decision"] == "fault"}
    assert CLIPS[clip] <= said
    assert said == {one.fault.value for rep in recorded.reps for one in rep.findings if one.decision.value == "fault"}
