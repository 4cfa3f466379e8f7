"""Which pictures of a camera are missing in a set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.core.errors import PoseFileError
from topform.kinematics.camera_record import MOST_GAPS, CameraRecord, longest_gaps
from topform.vision.analysis import analyze_poses
from topform.vision.poses_file import write_poses

WHOLE = CameraRecord(frames=150, dropped=0, dropped_s=(), gaps_s=(), duration_s=10.0)


def test_the_longest_gaps_are_listed_with_their_times_and_short_ones_are_none() -> None:
    t_s = np.array([0.0, 0.1, 0.2, 1.2, 1.3, 1.6, 1.7])
    assert longest_gaps(t_s) == ((0.2, 1.2), (1.3, 1.6))
    assert longest_gaps(t_s[:1]) == ()
    assert len(longest_gaps(np.arange(20.0))) == MOST_GAPS


def test_a_set_says_what_is_missing_only_where_a_repetition_may_be() -> None:
    assert WHOLE.warnings() == ()
    assert replace(WHOLE, dropped=150, dropped_s=tuple(np.arange(150) / 15), gaps_s=((1.0, 1.4),)).warnings() == ()
    for sparse in (replace(WHOLE, frames=80, dropped=220), replace(WHOLE, dropped=15, gaps_s=((3.0, 3.9),))):
        (warning,) = sparse.warnings()
        assert warning.code == "pictures_dropped"
        assert str(sparse.dropped) in warning.message


def test_body_points_of_a_live_set_bring_the_pictures_that_are_missing(tmp_path: Path) -> None:
    poses = PushUps(bottoms_m=(0.22,) * 3).frames(15.0, rng=np.random.default_rng(1))
    file = tmp_path / "live.npz"
    write_poses(file, poses)
    assert analyze_poses(file).camera is None

    def with_dropped(*dropped_s: float) -> Path:
        with np.load(file) as archive:
            np.savez(tmp_path / "told.npz", **archive, dropped_s=np.array(dropped_s))
        return tmp_path / "told.npz"

    camera = analyze_poses(with_dropped(0.5, 1.25)).as_dict()["camera"]
    assert camera == {"frames": poses.t_s.size, "dropped": 2, "dropped_s": [0.5, 1.25], "gaps": []}
    for wrong in ((1.0, 0.5), (-1.0,), (np.nan,), (1.0, 1e6)):
        with pytest.raises(PoseFileError, match="dropped_s"):
            analyze_poses(with_dropped(*wrong))
