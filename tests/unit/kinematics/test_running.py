"""The measures of running on a parametric runner: the parameters are the truth; nothing of it is called accuracy."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from topform.kinematics.form_analysis import Decision, Exercise, Fault, FormAnalysis
from topform.ml.synthesis.exercises import Performance, perform
from topform.ml.synthesis.running import Run, run
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels


@lru_cache(maxsize=1)
def models() -> FormModels:
    return FormModels()


def analysed(made: Run, exercise: Exercise | None = Exercise.RUNNING) -> FormAnalysis:
    return analyze_sequence(run(made, np.random.default_rng(3)), exercise=exercise, form_models=models())


@pytest.mark.parametrize("step_rate_spm", [150.0, 170.0, 190.0])
@pytest.mark.parametrize("frames_per_s", [30.0, 120.0])
def test_steps_a_minute_are_measured_at_any_frame_rate(step_rate_spm: float, frames_per_s: float) -> None:
    gait = analysed(Run(step_rate_spm=step_rate_spm, frames_per_s=frames_per_s, noise_m=0.004)).gait
    assert gait is not None
    assert gait.step_rate_spm == pytest.approx(step_rate_spm, abs=1.5)


@pytest.mark.parametrize("facing_deg", [0.0, 180.0])
def test_landing_and_trunk_are_measured_in_either_direction(facing_deg: float) -> None:
    gait = analysed(Run(landing_ahead=0.2, lean_deg=8.0, facing_deg=facing_deg, noise_m=0.004)).gait
    assert gait is not None
    assert gait.landing_ahead == pytest.approx(0.2, abs=0.05)
    assert gait.trunk_lean_deg == pytest.approx(8.0, abs=2.0)
    assert gait.knee_at_landing_deg is not None
    assert 130.0 < gait.knee_at_landing_deg < 180.0


def test_contact_and_flight_need_a_fast_camera() -> None:
    fast, slow = analysed(Run(contact_s=0.24)), analysed(Run(contact_s=0.24, frames_per_s=60.0))
    assert fast.gait is not None
    assert fast.gait.contact_s == pytest.approx(0.24, abs=0.04)
    assert fast.gait.flight_s == pytest.approx(60.0 / 170.0 - fast.gait.contact_s, abs=0.01)
    assert slow.gait is not None
    assert (slow.gait.contact_s, slow.gait.flight_s) == (None, None)
    assert "gait_contact_unseen" in [warning.code for warning in slow.warnings]


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (Run(), None),
        (Run(landing_ahead=0.45), Fault.OVERSTRIDE),
        (Run(lean_deg=24.0), Fault.FORWARD_LEAN),
        (Run(lean_deg=-9.0), Fault.LEAN_BACK),
    ],
)
def test_each_fault_is_found_and_only_it(made: Run, fault: Fault | None) -> None:
    result = analysed(made)
    assert result.gait is not None
    found = {finding.fault for finding in result.gait.findings if finding.decision is Decision.FAULT}
    assert found == (set() if fault is None else {fault})
    assert result.form.faults == (() if fault is None else (fault,))
    assert result.feedback[0] == f"You run at {round(result.gait.step_rate_spm)} steps a minute."
    assert (result.rep_count, result.exercise) == (0, Exercise.RUNNING)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (Run(facing_deg=80.0), "gait_view_not_side"),
        (Run(frames_per_s=15.0), "gait_frame_rate_low"),
        (Run(seconds=2.0), "gait_too_short"),
        (Run(step_rate_spm=100.0, contact_s=0.4), "gait_not_running"),
    ],
)
def test_what_cannot_be_seen_is_refused_with_how_to_film(made: Run, code: str) -> None:
    result = analysed(made)
    assert result.gait is None
    assert code in [warning.code for warning in result.warnings]
    assert result.feedback[0].startswith("I could not see you run: film from the side")


def test_another_movement_is_not_measured_as_running() -> None:
    for exercise in (Exercise.SQUAT, Exercise.LUNGE):
        poses = perform(Performance(exercise, noise_m=0.004), np.random.default_rng(7))
        result = analyze_sequence(poses, exercise=Exercise.RUNNING, form_models=models())
        assert result.gait is None


def test_a_run_that_nobody_named_holds_no_repetition() -> None:
    result = analysed(Run(frames_per_s=30.0, noise_m=0.004), None)
    assert (result.exercise, result.rep_count, result.gait) == (Exercise.UNKNOWN, 0, None)
