"""Published values of the planner's parts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from topform.coaching.planner.daily_load import (
    LINEAR_SEGMENTS,
    SATURATING_SEGMENTS,
    LinearLimit,
    LoadProblem,
    LoadSolution,
    Response,
    solve,
)
from topform.coaching.workouts.library import LIBRARY
from topform.coaching.workouts.strength import predicted_max_reps, standard_prescription
from topform.coaching.workouts.template import workout

VALUES = tomllib.loads(Path(__file__).with_name("planning.toml").read_text())
LP = VALUES["daily_load"]
N = LP["n_days"]


def week(index: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the row that sums a week."""
    row = np.zeros(N)
    row[7 * index : 7 * index + 7] = 1
    return row


def solution(*, total: float | None, segments: tuple[tuple[float, float, float], ...]) -> tuple[LoadSolution, float]:
    """Solve the published problem; return the loads and the performance on the morning of the race."""
    before = (week(4) + week(5) + week(6) + week(7)) / 4
    limits = [
        LinearLimit(week(3) - 0.7 * week(2), high=0),
        LinearLimit(week(7) - 0.7 * week(6), high=0),
        LinearLimit(week(8) - 0.55 * before, low=0),
        LinearLimit(week(9) - 0.35 * before, low=0),
    ]
    if total is not None:
        limits.append(LinearLimit(np.ones(N), high=total))
    response = Response.fixed(
        n_days=N, target_day=N, tau_fitness=LP["taus"][0], tau_fatigue=LP["taus"][1], gains=tuple(LP["gains"])
    )
    problem = LoadProblem(
        caps_au=np.tile(LP["caps_mon_to_sun"], N // 7).astype(np.float64),
        ctl=LP["ctl"],
        atl=LP["ctl"],
        ctl_before=np.full(7, LP["ctl"]),
        ramp_au=LP["ramp"],
        tsb_floor_au=LP["balance_floor"],
        response=response,
        limits=tuple(limits),
        segments=segments,
    )
    solved = solve(problem)
    # Preload: the steady state of the load before, which is worth performance_now today and decays until the race.
    at_rest = LP["performance_now"]
    for sign, tau, gain in zip((1, -1), LP["taus"], LP["gains"], strict=True):
        steady = LP["ctl"] / (np.exp(1 / tau) - 1)
        at_rest += sign * gain * steady * (np.exp(-N / tau) - 1)
    return solved, at_rest + solved.gain


def test_the_optimum_at_equal_total_load() -> None:
    """0.61 % above the textbook plan, with the published weeks."""
    solved, performance = solution(total=LP["textbook_total"], segments=LINEAR_SEGMENTS)
    assert performance == pytest.approx(LP["equal_total"], abs=0.0005)
    gain_pct = 100 * (performance / LP["textbook_performance"] - 1)
    assert gain_pct == pytest.approx(LP["equal_total_gain_pct"], abs=0.005)
    assert solved.loads_au.reshape(-1, 7).sum(axis=1) == pytest.approx(LP["weekly_equal_total"], abs=0.06)


def test_the_optimum_without_a_total() -> None:
    """More load is better in the model, which is why the plan does not leave the total to it."""
    assert solution(total=None, segments=LINEAR_SEGMENTS)[1] == pytest.approx(LP["free_total"], abs=0.0005)


def test_the_optimum_with_saturation() -> None:
    """Falling benefit and rising cost for long days."""
    _, performance = solution(total=LP["textbook_total"], segments=SATURATING_SEGMENTS)
    assert performance == pytest.approx(LP["equal_total_saturating"], abs=0.0005)


@pytest.mark.parametrize(("name", "minutes", "ratio", "load"), VALUES["workouts"]["rows"])
def test_workouts_cost_what_was_published(name: str, minutes: int, ratio: float, load: float) -> None:
    """Intensity ratio and load on the target trace; relative tolerance 1e-3, as published."""
    template = next(item for item in LIBRARY if item.template_id == name)
    item = workout(template, minutes)
    assert item.minutes == minutes
    assert item.intensity_ratio == pytest.approx(ratio, rel=1e-3)
    assert item.load_au == pytest.approx(load, rel=1e-3, abs=0.051)


@pytest.mark.parametrize(("best", "sets", "reps"), VALUES["push_ups"]["prescriptions"])
def test_push_up_sessions(best: int, sets: int, reps: int) -> None:
    """Sets and repetitions for a best set."""
    prescription = standard_prescription(best)
    assert (prescription.sets, prescription.reps) == (sets, reps)


@pytest.mark.parametrize(("level", "best"), VALUES["push_ups"]["from_8_regular"].items())
def test_other_push_up_levels(level: str, best: float) -> None:
    """Best set at another level, for somebody with 8 regular push-ups."""
    assert predicted_max_reps(8, known="regular", wanted=level) == pytest.approx(best, abs=0.005)
