"""What is true about made-up recordings follows from their parameters."""

from __future__ import annotations

import numpy as np
import pytest

from topform.kinematics.form_analysis import Fault
from topform.ml.synthesis.movement import AWAY, CONCENTRIC, ECCENTRIC, TOP, Repetitions
from topform.ml.synthesis.pose_errors import MAX_SCORE_OUTSIDE
from topform.ml.synthesis.recordings import FAULTS, Recordings, rep_faults, synthesise


@pytest.fixture(scope="module")
def recordings() -> Recordings:
    return synthesise(np.random.default_rng(11), count=80, frames=100)


def test_the_same_seed_makes_the_same_recordings() -> None:
    first, second = (synthesise(np.random.default_rng(5), count=4, frames=20) for _ in range(2))
    np.testing.assert_array_equal(first.xy, second.xy)
    np.testing.assert_array_equal(first.fault, second.fault)


def test_depth_goes_down_and_up_without_a_jerk() -> None:
    one = Repetitions(*(np.array([value]) for value in (1.0, 2.0, 2.5, 3.5, 1.0)))
    t_s = np.array([0.5, 1.0, 1.5, 2.0, 2.25, 3.0, 3.5, 4.0])
    # Minimum jerk is at half its way after half its time.
    assert one.depth_at(t_s) == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.0, 0.5, 0.0, 0.0])
    assert one.phase_at(t_s).tolist() == [TOP, ECCENTRIC, ECCENTRIC, ECCENTRIC, ECCENTRIC, CONCENTRIC, CONCENTRIC, TOP]
    assert one.index_at(t_s).tolist() == [-1, 0, 0, 0, 0, 0, 0, -1]


def faults_of(*, line_deg: float = 0.0, elbow_deg: float = 70.0, neck_deg: float = 5.0, seconds: float = 2.0) -> dict:
    """Return the degrees of a repetition whose measures are constant but for the depth."""
    n = 30
    measures = np.tile([line_deg, elbow_deg, elbow_deg, neck_deg, -20.0 if elbow_deg < 90.0 else 30.0, 45.0], (n, 1))
    depth = np.sin(np.linspace(0.0, np.pi, n))
    heights = np.stack([0.5 - 0.3 * depth, 0.4 - 0.2 * depth], axis=1)
    found = rep_faults(measures, heights, depth, np.linspace(0.0, seconds, n), 172.0)
    return dict(zip(FAULTS, found, strict=True))


def test_degrees_are_positions_between_the_published_limits() -> None:
    clean = faults_of()
    assert all(degree <= 0.0 for degree in clean.values()), clean
    # Sag passes to 10 degrees and fails from 17; depth from 90 to 97; head from 20 to 35; speed from 1.2 down to 0.8 s.
    assert faults_of(line_deg=-13.5)[Fault.HIPS_SAG] == pytest.approx(0.5)
    assert faults_of(line_deg=17.0)[Fault.HIPS_PIKE] == pytest.approx(1.0)
    assert faults_of(elbow_deg=97.0)[Fault.SHALLOW_DEPTH] == pytest.approx(1.0)
    assert faults_of(neck_deg=27.5)[Fault.HEAD_DROP] == pytest.approx(0.5)
    assert faults_of(seconds=0.9)[Fault.TOO_FAST] == pytest.approx(0.75)


def test_labels_exist_only_where_something_is_known(recordings: Recordings) -> None:
    away = recordings.exercise == 0
    assert (recordings.phase[away] == AWAY).all()
    assert (recordings.fault_weight[away] == 0.0).all()
    assert ((recordings.fault >= 0.0) & (recordings.fault <= 1.0)).all()
    assert (recordings.rep_count[recordings.exercise.max(axis=1) != 1] == 0).all()
    assert recordings.rep_count.max() >= 3


def test_every_fault_and_clean_sets_occur(recordings: Recordings) -> None:
    more = synthesise(np.random.default_rng(12), count=300, frames=60)
    known = more.fault_weight > 0.0
    for place, fault in enumerate(FAULTS):
        degrees = more.fault[..., place][known[..., place]]
        assert (degrees > 0.5).any(), fault
        assert (degrees == 0.0).mean() > 0.3, fault


def test_what_the_pose_model_would_say(recordings: Recordings) -> None:
    missed = np.isnan(recordings.xy).all(axis=(2, 3))
    assert 0.0 < missed.mean() < 0.05
    assert (recordings.score[missed] == 0.0).all()
    assert ((recordings.score >= 0.0) & (recordings.score <= 1.0)).all()
    assert MAX_SCORE_OUTSIDE == 0.2
    assert (np.diff(recordings.t_s, axis=1) > 0.0).all()
