"""Comparison with a reference: warping against the published example, differences where they were put."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.core.errors import InvalidInputError
from topform.kinematics.comparison import warp
from topform.vision.analysis import analyze_poses
from topform.vision.poses_file import write_poses

X = [0, 1, 2, 3, 2, 1, 0]
STRETCHED = [0, 0, 1, 2, 3, 3, 2, 1, 0]
LOWER_PEAK = [0, 1, 2, 2, 2, 1, 0]


@pytest.mark.parametrize(("other", "expected"), [(X, 0.0), (STRETCHED, 0.0), (LOWER_PEAK, 1.0)])
def test_squared_distance_of_the_published_example(other: list[float], expected: float) -> None:
    cost = np.square(np.array(X, dtype=float)[:, None] - np.array(other, dtype=float)[None, :])
    total, path = warp(cost, band=4)
    assert total == expected
    assert path[0] == (0, 0)
    assert path[-1] == (len(X) - 1, len(other) - 1)
    assert all(0 <= b - a <= 1 and 0 <= d - c <= 1 for (a, c), (b, d) in itertools.pairwise(path))


def saved(folder: Path, name: str, push_ups: PushUps) -> Path:
    path = folder / f"{name}.npz"
    write_poses(path, push_ups.frames())
    return path


def test_the_same_set_at_another_tempo_does_not_differ(tmp_path: Path) -> None:
    reference = saved(tmp_path, "reference", PushUps())
    slow = analyze_poses(saved(tmp_path, "slow", PushUps(period_s=3.0)), reference=reference).as_dict()["comparison"]
    assert slow["distance"] < 0.05
    assert slow["tempo_ratio"] == pytest.approx(1.5, abs=0.1)
    assert all(abs(value) < 3.0 for joint in slow["joints"] for value in joint["by_part_deg"].values())


def test_a_shallow_set_differs_at_the_bottom_in_the_elbow(tmp_path: Path) -> None:
    reference = saved(tmp_path, "reference", PushUps())
    shallow = PushUps(bottoms_m=(0.35,) * 5)
    comparison = analyze_poses(saved(tmp_path, "shallow", shallow), reference=reference).as_dict()["comparison"]
    elbow = next(joint for joint in comparison["joints"] if joint["joint"] == "elbow")
    assert elbow["by_part_deg"]["bottom"] > 15.0
    assert abs(elbow["by_part_deg"]["top"]) < 6.0
    assert comparison["similarity"] == 0.0


def test_a_sagging_set_differs_in_the_line(tmp_path: Path) -> None:
    reference = saved(tmp_path, "reference", PushUps())
    sagging = saved(tmp_path, "sagging", PushUps(hip_offset=-0.08))
    comparison = analyze_poses(sagging, reference=reference).as_dict()["comparison"]
    line = next(joint for joint in comparison["joints"] if joint["joint"] == "body_line")
    assert line["mean_deg"] == pytest.approx(-18.9, abs=2.0)


def test_a_reference_without_repetitions_is_refused(tmp_path: Path) -> None:
    plank = saved(tmp_path, "plank", PushUps(bottoms_m=(0.545,)))
    with pytest.raises(InvalidInputError, match="reference"):
        analyze_poses(saved(tmp_path, "set", PushUps()), reference=plank)
