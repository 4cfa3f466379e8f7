"""The stored reference executions: clean by the published limits, and what a set is laid over."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.kinematics.comparison import JOINTS as ANGLES
from topform.kinematics.comparison import PHASES
from topform.kinematics.form_analysis import ViewName
from topform.kinematics.movement_track import BONES, JOINTS, movement_track, normalised_rep
from topform.kinematics.references import reference_execution
from topform.ml.synthesis.reference import REPS, VIEWS, reference_poses, write_references
from topform.vision.analysis import analyze_sequence


def test_the_side_view_keeps_every_published_limit() -> None:
    """Depth and lock-out of the Army and ACSM standards; line and neck within their pass limits."""
    execution = reference_execution("push_up", ViewName.SIDE)
    assert execution is not None
    angle = dict(zip(ANGLES, execution.rep.angles_deg, strict=True))
    assert angle["elbow"].min() <= 90.0
    # The stored part begins where the arms leave the top; how straight they were before is in the whole set.
    whole = analyze_sequence(reference_poses(0.0), exercise=None)
    assert len(whole.reps) == REPS
    assert all((rep.max_elbow_deg or 0.0) >= 165.0 and rep.score == 100.0 for rep in whole.reps)
    assert np.abs(angle["body_line"]).max() <= 10.0
    assert np.abs(angle["neck"]).max() <= 20.0
    assert np.argmin(angle["elbow"]) in range(PHASES // 3, 2 * PHASES // 3)
    assert execution.rep.duration_s >= 1.2


def test_the_stored_files_are_what_the_command_writes(tmp_path: Path) -> None:
    for path in write_references(tmp_path):
        made, name = json.loads(path.read_text()), path.stem
        stored = reference_execution(made["exercise"], ViewName(made["view"]))
        assert stored is not None, name
        assert made["card"]["licence"] == "CC0-1.0"
        assert stored.joints == made["skeleton"]["joints"] == list(JOINTS)
        for joint, row in made["rep"]["angles_deg"].items():
            held = stored.rep.angles_deg[list(ANGLES).index(joint)]
            assert np.allclose(held, row, atol=1.0), (name, joint)
    assert {view for view in ViewName if reference_execution("push_up", view)} == {*VIEWS, ViewName.REAR}


@pytest.mark.parametrize("mirrored", [False, True])
def test_bodies_of_any_size_and_direction_lie_over_each_other(mirrored: bool) -> None:
    small, large = PushUps(px_per_m=100.0).frames(), PushUps(px_per_m=700.0).frames()
    second = large.mirrored() if mirrored else large
    bodies = [normalised_rep(poses, start_s=1.0, end_s=3.0) for poses in (small, second)]
    # A mirror also exchanges left and right.
    order = [JOINTS.index(name.replace("left", "#").replace("right", "left").replace("#", "right")) for name in JOINTS]
    other = bodies[1][:, order] if mirrored else bodies[1]
    assert np.allclose(bodies[0], other, atol=1e-9)
    hips = bodies[0][:, [JOINTS.index("left_hip"), JOINTS.index("right_hip")]].mean(axis=1)
    assert np.allclose(hips, 0.0, atol=1e-9)


def test_a_moving_skeleton_is_small_and_true() -> None:
    poses = PushUps().frames(fps=60.0)
    track = movement_track(poses)
    assert len(track["t_s"]) == pytest.approx(15 * poses.duration_s, rel=0.05)
    assert max(track["width"], track["height"]) == 1000
    assert len(track["bones"]) == len(BONES)
    place = 2 * track["joints"].index("left_wrist")
    xs = [frame[place] for frame in track["xy"]]
    assert max(xs) - min(xs) <= 1, "the hands rest"
    nobody = movement_track(type(poses)(poses.t_s, poses.xy_px * np.nan, poses.score * 0.0, poses.skeleton))
    assert set(map(type, nobody["xy"])) == {type(None)}
