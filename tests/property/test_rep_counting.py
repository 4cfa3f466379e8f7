"""Properties of counting: nothing about the camera or the frame rate changes the number of repetitions."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.push_up_body import PushUps

from topform.kinematics.form_analysis import FormAnalysis
from topform.kinematics.pose_sequence import PoseSequence
from topform.vision.analysis import analyze_sequence

reps = st.integers(1, 6)
depths = st.floats(0.15, 0.32)
periods = st.floats(0.8, 4.0)
SETTINGS = settings(max_examples=15, deadline=None)


def counted(poses: PoseSequence) -> FormAnalysis:
    return analyze_sequence(poses, exercise=None)


@SETTINGS
@given(n=reps, depth=depths, period_s=periods, fps=st.floats(15.0, 60.0))
def test_any_frame_rate(n: int, depth: float, period_s: float, fps: float) -> None:
    push_ups = PushUps(bottoms_m=(depth,) * n, period_s=max(period_s, 12.0 / fps))
    assert counted(push_ups.frames(fps)).rep_count == n


@SETTINGS
@given(n=reps, depth=depths, seed=st.integers(0, 2**16), drop=st.floats(0.0, 0.35))
def test_variable_frame_rate(n: int, depth: float, seed: int, drop: float) -> None:
    push_ups = PushUps(bottoms_m=(depth,) * n)
    rng = np.random.default_rng(seed)
    t_s = np.arange(int(push_ups.duration_s * 30.0) + 1) / 30.0
    t_s = np.sort(t_s + rng.uniform(-0.012, 0.012, t_s.size))
    t_s = t_s[rng.random(t_s.size) >= drop]
    t_s = np.clip(t_s - t_s[0], 0.0, push_ups.duration_s)
    assert counted(push_ups.at(np.unique(t_s))).rep_count == n


@SETTINGS
@given(n=reps, yaw_deg=st.floats(-180.0, 180.0), depth=depths)
def test_any_yaw(n: int, yaw_deg: float, depth: float) -> None:
    assert counted(PushUps(bottoms_m=(depth,) * n, yaw_deg=yaw_deg).frames()).rep_count == n


@SETTINGS
@given(scale=st.floats(0.2, 6.0), shift=st.tuples(st.floats(-500.0, 500.0), st.floats(-500.0, 500.0)))
def test_scale_and_place_in_the_picture(scale: float, shift: tuple[float, float]) -> None:
    poses = PushUps(bottoms_m=(0.2, 0.25, 0.2)).frames()
    moved = PoseSequence(poses.t_s, (poses.xy_px + np.array(shift)) * scale, poses.score, poses.skeleton, poses.world_m)
    before, after = counted(poses), counted(moved)
    assert after.rep_count == before.rep_count == 3
    for one, other in zip(before.reps, after.reps, strict=True):
        assert one.turn_s == other.turn_s
        for first, second in zip(one.findings, other.findings, strict=True):
            assert first.decision is second.decision


@SETTINGS
@given(yaw_deg=st.floats(-60.0, 60.0), hip_offset=st.floats(-0.1, 0.1))
def test_a_mirror_changes_no_count_and_no_finding(yaw_deg: float, hip_offset: float) -> None:
    poses = PushUps(bottoms_m=(0.2, 0.2), yaw_deg=yaw_deg, hip_offset=hip_offset).frames()
    before, after = counted(poses), counted(poses.mirrored())
    assert before.rep_count == after.rep_count
    for one, other in zip(before.reps, after.reps, strict=True):
        assert [f.decision for f in one.findings] == [f.decision for f in other.findings]


@SETTINGS
@given(noise_px=st.floats(0.0, 6.0), seed=st.integers(0, 2**16))
def test_noise_of_the_estimator(noise_px: float, seed: int) -> None:
    """Up to 6 px at 300 px/m: 4 % of the trunk's length, twice what the pose model shows."""
    push_ups = PushUps(bottoms_m=(0.2,) * 4, noise_px=noise_px)
    assert counted(push_ups.frames(rng=np.random.default_rng(seed))).rep_count == 4


@SETTINGS
@given(
    seed=st.integers(0, 2**16),
    n=st.integers(2, 40),
    missing=st.floats(0.0, 1.0),
    scale=st.sampled_from([1.0, 1e-6, 1e9]),
)
def test_no_garbage_breaks_the_analysis(seed: int, n: int, missing: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    xy = rng.normal(0.0, 1.0, (n, 33, 2)) * scale
    xy[rng.random((n, 33)) < missing] = np.nan
    world = rng.normal(0.0, 1.0, (n, 33, 3)) if seed % 2 else None
    from topform.kinematics.skeleton import BLAZEPOSE33

    poses = PoseSequence(np.cumsum(rng.uniform(0.001, 2.0, n)), xy, rng.random((n, 33)), BLAZEPOSE33, world)
    document = counted(poses).as_dict()
    assert document["rep_count"] >= 0
    assert 0.0 <= document["exercise_probability"] <= 1.0
