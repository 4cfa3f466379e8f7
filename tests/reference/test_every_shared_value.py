"""Every number of the file of worked examples beside the checkout, against what our own code makes of its inputs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.reference.published import capacity, forecasts, movement, plans, sessions
from tests.reference.published.simulations import simulated
from tests.reference.published.walk import disagreements
from tests.support.shared_data import require_shared_data

VALUES = {**sessions.VALUES, **capacity.VALUES, **forecasts.VALUES, **movement.VALUES, **plans.VALUES}

INPUTS = {
    "power": ["ride_segments_s_W > *", "ftp"],
    "hr": ["inputs > *", "lucia_minutes > *", "interval_session > segments > *"],
    "grade": ["grade > *", "run_example > segments_m_s_grade > *"],
    "run_load": ["v_thr", "duration_s", "eq_speed"],
    "critical_speed": ["d_m > *", "t_s > *"],
    "swim": ["t400", "t200", "session_m", "moving_s"],
    "srpe": ["week > *"],
    "strength": ["effective_sets_example > sets_rir > *"],
    "meanmax": ["power > *"],
    "cp": [
        "t_s > *",
        "P_W > *",
        "morton3 > t > *",
        "morton3 > P > *",
        "submax_hr_line > hr > *",
        "submax_hr_line > W > *",
        "submax_hr_line > lthr",
        "kalman_fusion > prior > *",
        "kalman_fusion > q_sd_per_step",
        "kalman_fusion > obs > *",
    ],
    "wbal": ["CP", "W", "segments > *"],
    "decoupling": ["first > *", "second > *"],
    "dfa": ["generator", "hrvt_example > hr > *", "hrvt_example > alpha1 > *"],
    "hrv": ["rr_ms > *", "swc > baseline28", "swc > week > *"],
    "readiness": ["z_(positive=good) > *"],
    "pmc": ["week_from_50_50 > loads > *"],
    "banister": [
        "loads_day1..10 > *",
        "p0",
        "k1",
        "k2",
        "tau1",
        "tau2",
        "noise_free_recovery > true > *",
        "noise_free_recovery > setup",
    ],
    "race": ["log_model > races > *"],
    "conformal": ["residuals_pct > *", "alpha", "aci > alpha0", "aci > gamma", "aci > outcomes_covered > *"],
    "injury": ["acwr_descriptive > loads", "note"],
    "drift": ["page_hinkley > series", "page_hinkley > delta", "page_hinkley > lambda"],
    "weekly_assignment": ["sessions > *", "rules > *"],
    "pose": ["angle_example > [abc] > *", "body_line_example(y up) > [sha]* > *"],
    "reps": ["signal", "thresholds > *", "drift > bottom_angles > *"],
    "dtw": ["[xyz] > *"],
    "kinematic": ["U", "F", "body"],
    "plan_lp": ["params > *", "_test_note"],
    "gait": ["tc", "tf"],
    "inverse_kinematics": ["shoulder > *", "wrist > *", "U", "F", "bend"],
    "camera": ["X > *", "yaw", "pitch", "dist", "f", "c > *", "convention"],
    "pushup_prescription": ["* > max"],
}

ROUNDED = {
    "strength": {"pred_max_reps_from_8_regular > feet_60cm": 0.005},
    "workout_library_pct_of_threshold": {"* > three_zone_pct* > *": 0.05},
    "pose": {"body_line_dev_deg_for_hip_offset_h/L(hip at 0.45L) > 0.01": 0.005},
    "plan_lp": {"gain_*": 0.0005},
    "injury": {"spike_19km_vs_16km_pct": 0.0501},  # the warning tells tenths of a percent
    "auc_standard_error": {"*": 0.00005},
}
"""Numbers that are small beside their last printed digit, with half of that digit."""


RESULTS_OF_OTHERS = [
    "walk_forward_MAE_pct > * > ffm_ls",
    "walk_forward_MAE_pct > * > ffm_fixed42_7",
    "walk_forward_MAE_pct > * > oracle",
]
"""Forecasts by models that the project does not have: least squares, fixed time constants, the hidden truth."""

CHANCE = {
    "walk_forward_MAE_pct > * > last": 0.15,
    "walk_forward_MAE_pct > * > mean3": 0.3,
    "walk_forward_MAE_pct > * > ffm_map": 0.2,
    "impulse_response_identifiability > * > tau*": 0.5,
    "plan_virtual_athletes > * > mean_pct": 0.05,
    "plan_virtual_athletes > * > p5_p50_p95 > *": 0.2,
    "plan_virtual_athletes > * > share_better": 0.02,
}
"""How far our simulations may lie from the stated ones: their seeds and the course of their loads are not told."""


@pytest.fixture(scope="module")
def file() -> dict[str, Any]:
    path = require_shared_data().parent / "reference_values.json"
    if not path.is_file():
        pytest.skip("the file of worked examples is not beside this checkout")
    stated: dict[str, Any] = json.loads(path.read_text())
    return stated


@pytest.fixture(scope="module")
def examples(file: dict[str, Any]) -> dict[str, Any]:
    stated: dict[str, Any] = file["deterministic"]
    return stated


@pytest.mark.shared_data
@pytest.mark.parametrize("entry", sorted(VALUES))
def test_the_numbers_of_an_entry(entry: str, examples: dict[str, Any]) -> None:
    wrong = disagreements(
        examples[entry], VALUES[entry](examples), inputs=INPUTS.get(entry, []), rounded=ROUNDED.get(entry)
    )
    assert wrong == []


@pytest.mark.shared_data
def test_no_entry_is_left_out(file: dict[str, Any]) -> None:
    assert set(file) == {"_meta", "deterministic", "simulation"}
    assert set(file["deterministic"]) == set(VALUES)


@pytest.mark.shared_data
def test_the_simulations_are_about_as_stated(file: dict[str, Any]) -> None:
    stated = file["simulation"]
    inputs = ["impulse_response_identifiability > * > noise_pct", *RESULTS_OF_OTHERS]
    ours = simulated(file["deterministic"], stated)
    assert disagreements(stated, ours, inputs=inputs, chance=CHANCE) == []
    for forecast in ours["walk_forward_MAE_pct"].values():
        assert forecast["ffm_map"] < forecast["last"]


def test_the_walk_names_what_is_missing_wrong_or_unknown() -> None:
    stated = {"load": 64.0, "count": 8, "week": [1.0, 2.0], "class": "polarised (PI > 2)", "below": True}
    ours = {"load": 64.05, "count": 8, "class": "polarised", "below": True}
    assert disagreements(stated, ours, inputs=["week > *"]) == []
    assert disagreements(stated, ours, inputs=["week > 0"]) == ["week > 1: 2.0 is neither an input nor computed"]
    for wrong in ({"load": 64.1}, {"count": 9}, {"class": "pyramidal"}, {"below": False}):
        (said,) = disagreements(stated, {**ours, **wrong}, inputs=["week > *"])
        assert said.startswith(next(iter(wrong)))
    assert disagreements(stated, {**ours, "week": [1.0]}, inputs=["week > *"]) == [
        "week > 0: called an input, but computed"
    ]
    assert disagreements({"a": 1.5}, {"a": 1.5, "b": 2.0}, inputs=["c"]) == [
        "b: of ours, but not in the file",
        "c: matches nothing",
    ]
    assert disagreements({"ramp": 0.132}, {"ramp": 0.1324}) != []
    assert disagreements({"ramp": 0.132}, {"ramp": 0.1324}, rounded={"ramp": 5e-4}) == []
    assert disagreements({"mae": 1.4}, {"mae": 1.5}, chance={"mae": 0.1}) == []
    assert disagreements({"mae": 1.4}, {"mae": 1.6}, chance={"mae": 0.1}) != []
