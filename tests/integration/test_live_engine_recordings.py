"""The app's engine and the package's follow recorded people, and say the same of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from tests.support.live_replay import app_results, package_result, require_node

from topform.core.arrays import frozen_floats
from topform.kinematics.normalised import rebuild
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.vision.analysis import PoseEstimator
from topform.vision.decode import VideoReader
from topform.vision.form_model import FormModels

FRAMES_PER_S: Final = 30.0
KINDS: Final = ("push_up", "bench_pressing")
"""What a counter of push-ups counts among the recorded poses, and what looks most like it."""

EVERY: Final = 30
"""Of the filmed push-ups one in so many is looked at by the pose model, which takes its time."""


def recorded_poses(shared: Path) -> Iterator[PoseSequence]:
    """Yield the poses of videos, without depth, put back from the box of the body."""
    with (
        (shared / "poses" / "countix_fitness_test.csv").open(encoding="utf-8", newline="") as table,
        np.load(shared / "poses" / "countix_fitness_test_poses.npz", allow_pickle=False) as stored,
    ):
        for row in csv.DictReader(table):
            if row["type"] not in KINDS or row["key"] not in stored.files or stored[row["key"]].size == 0:
                continue
            xy = stored[row["key"]].astype(np.float64).reshape(-1, len(BLAZEPOSE33), 3)[:, :, :2]
            yield rebuild(
                PoseSequence(
                    t_s=frozen_floats(np.arange(len(xy)) / FRAMES_PER_S),
                    xy_px=frozen_floats(xy),
                    score=frozen_floats(np.isfinite(xy).all(axis=2).astype(np.float64)),
                    skeleton=BLAZEPOSE33,
                )
            ).poses


def filmed_poses(shared: Path) -> Iterator[PoseSequence]:
    """Yield the poses of filmed sets as a camera gives them, with depth."""
    with (shared / "video" / "labels.csv").open(encoding="utf-8", newline="") as table:
        files = sorted(row["file"] for row in csv.DictReader(table) if row["exercise"] == "push_up")
    estimator = PoseEstimator()
    for file in files[::EVERY]:
        tracker = estimator.new_tracker()
        nobody = np.full((len(BLAZEPOSE33), 3), np.nan)
        with VideoReader(shared / "video" / file) as reader:
            seen = [(frame.t_s, tracker.track(frame)) for frame in reader]
        yield PoseSequence(
            t_s=frozen_floats(np.array([t_s for t_s, _ in seen])),
            xy_px=frozen_floats(np.stack([nobody[:, :2] if body is None else body.xy_px for _, body in seen])),
            score=frozen_floats(np.stack([np.zeros(33) if body is None else body.visibility for _, body in seen])),
            skeleton=BLAZEPOSE33,
            world_m=frozen_floats(np.stack([nobody if body is None else body.world_m for _, body in seen])),
        )


@pytest.mark.shared_data
def test_both_engines_count_recorded_people_at_the_same_times_with_the_same_faults(
    shared_data: Path, tmp_path: Path
) -> None:
    require_node()
    models = FormModels()
    clips = [*recorded_poses(shared_data), *filmed_poses(shared_data)]
    files = [tmp_path / f"{place:03d}.bin" for place in range(len(clips))]
    expected = [package_result(poses, models, file) for poses, file in zip(clips, files, strict=True)]
    found = app_results(files, tmp_path)
    assert len(clips) >= 30
    for place, (one, wanted) in enumerate(zip(found, expected, strict=True)):
        assert (one["count"], one["partial_count"]) == (wanted["count"], wanted["partial_count"]), place
        for rep, other in zip(one["reps"], wanted["reps"], strict=True):
            assert rep == pytest.approx(other, abs=1e-3), place
        assert one["faults"] == wanted["faults"], place
    assert sum(wanted["count"] > 0 for wanted in expected) >= 30
    decisions = [decision for wanted in expected for rep in wanted["faults"] for decision in rep]
    assert {"fault", "borderline", "none", "abstain"} <= set(decisions)
