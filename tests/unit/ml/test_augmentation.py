"""Changes to poses: each by hand calculation or against a body made anew, and labels that stay true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.core.errors import InvalidInputError, OutOfRangeError
from topform.kinematics.angles import joint_angle_deg
from topform.kinematics.pose_sequence import PoseSequence
from topform.ml.augmentation import (
    LIMITS,
    at_pace,
    augment_dataset,
    augmented,
    cut,
    jittered,
    other_times,
    pace_limits,
    resampled,
    trunk_px,
    turned,
    with_exchanged_sides,
    with_limbs,
    with_misses,
)
from topform.ml.dataset import Dataset, LabelledRecording, LabelledRep, add_recording, read_dataset, write_dataset
from topform.vision.analysis import analyze_sequence

LABELS = LabelledRecording("a", "poses/a.npz", "p1", "made by code", "CC0", "none needed", rep_count=5, faults=())


@pytest.fixture(scope="module")
def side() -> PoseSequence:
    return PushUps().frames()


def elbow_deg(poses: PoseSequence) -> np.ndarray:
    return joint_angle_deg(poses.xy("left_shoulder"), poses.xy("left_elbow"), poses.xy("left_wrist"))


def test_another_camera_far_away_sees_what_that_camera_would_see(side: PoseSequence) -> None:
    seen = turned(side, yaw_deg=30.0, focal=1000.0)
    expected = PushUps(yaw_deg=30.0).frames()
    for name in ("left_wrist", "right_elbow", "left_ankle"):
        hips, hips_expected = seen.xy("left_hip")[0], expected.xy("left_hip")[0]
        np.testing.assert_allclose(seen.xy(name) - hips, expected.xy(name) - hips_expected, atol=3.0)
    assert seen.world_m is not None
    assert expected.world_m is not None
    np.testing.assert_allclose(seen.world_m, expected.world_m, atol=0.02)


def test_without_world_coordinates_there_is_no_other_camera(side: PoseSequence) -> None:
    with pytest.raises(OutOfRangeError):
        turned(replace(side, world_m=None), yaw_deg=10.0)


def test_limbs_change_their_length_and_no_angle(side: PoseSequence) -> None:
    longer = with_limbs(side, {"upper_arm": 1.08, "forearm": 0.95})

    def length(poses: PoseSequence, start: str, end: str) -> np.ndarray:
        return np.linalg.norm(poses.xy(end) - poses.xy(start), axis=1)

    shoulder, elbow, wrist = "left_shoulder", "left_elbow", "left_wrist"
    np.testing.assert_allclose(length(longer, shoulder, elbow), 1.08 * length(side, shoulder, elbow))
    np.testing.assert_allclose(length(longer, elbow, wrist), 0.95 * length(side, elbow, wrist))
    np.testing.assert_allclose(elbow_deg(longer), elbow_deg(side), atol=1e-6)
    np.testing.assert_allclose(longer.xy("left_wrist"), side.xy("left_wrist"), atol=1e-9)


def test_times_keep_their_order_and_last_as_long_as_wanted() -> None:
    rng = np.random.default_rng(3)
    before = np.arange(300) / 30.0
    for pace in (0.7, 1.0, 1.4):
        after = other_times(rng, before, pace=pace, local=0.1)
        steps = np.diff(after) / np.diff(before) / pace
        assert after[0] == before[0]
        assert 0.89 < steps.min() <= steps.max() < 1.11
        assert after[-1] - after[0] == pytest.approx(pace * (before[-1] - before[0]), rel=0.07)


def test_another_frame_rate_shows_the_same_movement(side: PoseSequence) -> None:
    dense = resampled(side, 60.0)
    assert np.median(np.diff(dense.t_s)) == pytest.approx(1.0 / 60.0)
    expected = PushUps().at(dense.t_s)
    np.testing.assert_allclose(dense.xy("left_shoulder"), expected.xy("left_shoulder"), atol=0.5)


def test_jitter_is_as_strong_and_lasts_as_long_as_wanted(side: PoseSequence) -> None:
    certain = replace(side, score=np.ones_like(side.score))
    noise = jittered(np.random.default_rng(5), certain, sigma=0.02, correlation=0.8).xy_px - side.xy_px
    assert noise.std() / trunk_px(side) == pytest.approx(0.02, rel=0.05)
    assert np.corrcoef(noise[1:].ravel(), noise[:-1].ravel())[0, 1] == pytest.approx(0.8, abs=0.03)


def test_joints_and_one_limb_are_missed(side: PoseSequence) -> None:
    missed = with_misses(np.random.default_rng(6), side, share=0.1, limb_s=0.5)
    gone = ~np.isfinite(missed.xy_px).all(axis=2)
    assert (missed.score[gone] == 0.0).all()
    assert 0.09 < gone.mean() < 0.14
    # Five joints of an arm or four of a leg, one side, together for about half a second.
    together = [
        gone[:, side.skeleton.indices(f"{which}_{name}" for name in part)].all(axis=1).sum()
        for which in ("left", "right")
        for part in (("elbow", "wrist", "pinky", "index", "thumb"), ("knee", "ankle", "heel", "foot_index"))
    ]
    rate_hz = 1.0 / float(np.median(np.diff(side.t_s)))
    assert max(together) == pytest.approx(0.5 * rate_hz, abs=2.0)
    assert sorted(together)[-2] <= 1


def test_sides_are_exchanged_for_some_frames(side: PoseSequence) -> None:
    changed = with_exchanged_sides(side, first=4, count=3)
    np.testing.assert_array_equal(changed.xy("left_wrist")[4:7], side.xy("right_wrist")[4:7])
    np.testing.assert_array_equal(changed.xy_px[:4], side.xy_px[:4])
    np.testing.assert_array_equal(changed.xy_px[7:], side.xy_px[7:])


def test_a_cut_begins_at_zero(side: PoseSequence) -> None:
    middle = cut(side, start_share=0.1, end_share=0.1)
    assert middle.t_s[0] == 0.0
    assert len(middle) == len(side) - 2 * int(0.1 * len(side))


def test_no_change_of_pace_touches_a_label_of_speed() -> None:
    slow, fast = pace_limits(LABELS), pace_limits(replace(LABELS, faults=("too_fast",)))
    assert slow[0] * (1.0 - LIMITS.local_pace) >= 1.0 - 1e-9
    assert fast[1] * (1.0 + LIMITS.local_pace) <= 1.0 + 1e-9
    assert pace_limits(replace(LABELS, faults=None, form="wrong")) == (1.0, 1.0)
    assert pace_limits(replace(LABELS, faults=None)) == LIMITS.pace


def test_changed_copies_hold_as_many_repetitions(side: PoseSequence) -> None:
    gentle = replace(LIMITS, missed_share=(0.0, 0.05), yaw_deg=25.0)
    for seed in range(4):
        labels, changed = augmented(np.random.default_rng(seed), LABELS, side, limits=gentle)
        assert analyze_sequence(changed, exercise=None).rep_count == labels.rep_count == 5


def test_marked_repetitions_move_with_the_time(side: PoseSequence) -> None:
    marked = replace(LABELS, reps=(LabelledRep(1.0, 3.0), LabelledRep(3.0, 5.0)))
    labels, changed = augmented(np.random.default_rng(1), marked, side)
    first, second = labels.reps
    assert 0.0 <= first.start_s < first.end_s == second.start_s < second.end_s <= changed.t_s[-1] + 0.1
    assert first.end_s - first.start_s >= 2.0
    assert at_pace(side, 2.0 * side.t_s).duration_s == pytest.approx(2.0 * side.duration_s)


def test_a_dataset_is_copied_into_another_folder_only(tmp_path: Path, side: PoseSequence) -> None:
    folder = tmp_path / "mine"
    add_recording(folder, LABELS, side)
    write_dataset(Dataset(folder, (LABELS,)))
    written = augment_dataset(read_dataset(folder), tmp_path / "changed", copies=2, seed=1)
    read = read_dataset(tmp_path / "changed")
    assert [recording.id for recording in read.recordings] == ["a-changed-00", "a-changed-01"]
    assert read.recordings == written.recordings
    assert {recording.person for recording in read.recordings} == {"p1"}
    assert not np.array_equal(*(read.poses_of(recording).xy_px[:20] for recording in read.recordings))
    with pytest.raises(InvalidInputError, match="replace the dataset"):
        augment_dataset(read_dataset(folder), folder, copies=1, seed=1)
