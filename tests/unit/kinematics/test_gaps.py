"""Missed joints against the body they were taken from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.kinematics.form_analysis import Decision, Exercise, Fault
from topform.kinematics.gaps import with_short_gaps_filled
from topform.kinematics.pose_sequence import PoseSequence
from topform.vision.analysis import analyze_sequence


@pytest.fixture(scope="module")
def whole() -> PoseSequence:
    return PushUps().frames()


def with_holes(poses: PoseSequence, missed: np.ndarray) -> PoseSequence:
    world = None if poses.world_m is None else np.where(missed[..., None], np.nan, poses.world_m)
    return replace(
        poses,
        xy_px=np.where(missed[..., None], np.nan, poses.xy_px),
        score=np.where(missed, 0.0, poses.score),
        world_m=world,
    )


def test_a_short_gap_is_a_straight_line_and_a_long_one_stays(whole: PoseSequence) -> None:
    missed = np.zeros(whole.score.shape, dtype=bool)
    missed[20:23, 15] = True
    missed[40:60, 16] = True
    filled = with_short_gaps_filled(with_holes(whole, missed))
    steps = (whole.t_s[20:23] - whole.t_s[19]) / (whole.t_s[23] - whole.t_s[19])
    line = whole.xy_px[19, 15] + steps[:, None] * (whole.xy_px[23, 15] - whole.xy_px[19, 15])
    np.testing.assert_allclose(filled.xy_px[20:23, 15], line)
    assert np.isnan(filled.xy_px[40:60, 16]).all()
    assert (filled.score[40:60, 16] == 0.0).all()


def test_a_frame_without_anybody_stays_empty_and_whole_poses_come_back(whole: PoseSequence) -> None:
    missed = np.zeros(whole.score.shape, dtype=bool)
    missed[30] = True
    assert np.isnan(with_short_gaps_filled(with_holes(whole, missed)).xy_px[30]).all()
    assert with_short_gaps_filled(whole) is whole


def test_joints_at_either_end_are_not_invented(whole: PoseSequence) -> None:
    missed = np.zeros(whole.score.shape, dtype=bool)
    missed[:2, 11] = True
    missed[-2:, 12] = True
    filled = with_short_gaps_filled(with_holes(whole, missed))
    assert np.isnan(filled.xy_px[:2, 11]).all()
    assert np.isnan(filled.xy_px[-2:, 12]).all()


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_repetitions_are_counted_although_joints_are_missed_now_and_then(whole: PoseSequence, share: float) -> None:
    for seed in range(3):
        missed = np.random.default_rng(seed).random(whole.score.shape) < share
        assert analyze_sequence(with_holes(whole, missed), exercise=None).rep_count == 5


@pytest.mark.parametrize("joints", [[13, 14], [13], [14]])
def test_depth_is_not_judged_where_the_elbows_are_missed_at_the_bottom(joints: list[int]) -> None:
    """From the front the slope of the upper arm is the measure; world coordinates alone are none."""
    whole = PushUps(yaw_deg=90.0).frames(20.0)
    at_the_bottom = (whole.t_s % 2.0 > 1.4) | (whole.t_s % 2.0 < 0.4)
    xy_px = whole.xy_px.copy()
    for joint in joints:
        xy_px[at_the_bottom, joint] = np.nan
    analysis = analyze_sequence(replace(whole, xy_px=xy_px), exercise=Exercise.PUSH_UP)
    assert analysis.rep_count == 5
    depths = [rep.finding(Fault.SHALLOW_DEPTH) for rep in analysis.reps]
    assert {(one.decision, one.probability, one.reason) for one in depths} == {(Decision.ABSTAIN, None, "not_observed")}
    assert Fault.SHALLOW_DEPTH not in analysis.form.faults
