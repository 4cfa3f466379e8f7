"""The features of a repetition against bodies whose angles are known."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.ml.rep_features import NAMES, observe_all, rep_features
from topform.vision.analysis import analyze_sequence


def features_of(poses: PushUps) -> dict[str, float]:
    frames = poses.frames()
    reps = analyze_sequence(frames, exercise=None).reps
    found = rep_features(observe_all(frames), reps[1])
    assert found is not None
    assert found.shape == (len(NAMES),) == (40,)
    assert np.isfinite(found).all()
    return dict(zip(NAMES, found.tolist(), strict=True))


def test_a_repetition_is_summed_up() -> None:
    clean = features_of(PushUps())
    assert clean["elbow_deg_0.05"] < clean["elbow_deg_0.50"] < clean["elbow_deg_0.95"]
    assert clean["shoulder_height_0.05"] < clean["shoulder_height_0.95"]
    assert clean["shoulder_hip_correlation"] > 0.95
    assert abs(clean["turned_from_side"]) < 0.2


def test_too_few_frames_are_no_repetition() -> None:
    frames = PushUps().frames()
    rep = analyze_sequence(frames, exercise=None).reps[0]
    assert rep_features(observe_all(frames)[:2], rep) is None


def test_a_sag_shows_in_the_line() -> None:
    straight, sagging = features_of(PushUps()), features_of(PushUps(hip_offset=-0.08))
    # The hip at 0.4 of the line, 0.08 below it: atan(0.08 / 0.4) + atan(0.08 / 0.6) = 11.3 + 7.6 degrees.
    assert straight["body_line_deg_0.50"] == pytest.approx(0.0, abs=0.5)
    assert sagging["body_line_deg_0.50"] == pytest.approx(-18.9, abs=0.5)
