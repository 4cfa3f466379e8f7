"""Published values of the planner's parts."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.reference.published.plans import Season

from topform.coaching.planner.daily_load import SATURATING_SEGMENTS
from topform.coaching.workouts.library import LIBRARY
from topform.coaching.workouts.strength import predicted_max_reps, standard_prescription
from topform.coaching.workouts.template import workout

VALUES = tomllib.loads(Path(__file__).with_name("planning.toml").read_text())
LP = VALUES["daily_load"]
SEASON = Season(
    n_days=LP["n_days"],
    taus=tuple(LP["taus"]),
    gains=tuple(LP["gains"]),
    performance_now=LP["performance_now"],
    level=LP["ctl"],
    caps=LP["caps_mon_to_sun"],
    ramp=LP["ramp"],
    balance_floor=LP["balance_floor"],
)


def test_the_optimum_at_equal_total_load() -> None:
    """0.61 % above the textbook plan, with the published weeks."""
    loads = SEASON.best(total=LP["textbook_total"])
    performance = SEASON.performance(loads)
    assert performance == pytest.approx(LP["equal_total"], abs=0.0005)
    gain_pct = 100 * (performance / LP["textbook_performance"] - 1)
    assert gain_pct == pytest.approx(LP["equal_total_gain_pct"], abs=0.005)
    assert loads.reshape(-1, 7).sum(axis=1) == pytest.approx(LP["weekly_equal_total"], abs=0.06)


def test_the_optimum_without_a_total() -> None:
    """More load is better in the model, which is why the plan does not leave the total to it."""
    assert SEASON.performance(SEASON.best()) == pytest.approx(LP["free_total"], abs=0.0005)


def test_the_optimum_with_saturation() -> None:
    """Falling benefit and rising cost for long days."""
    loads = SEASON.best(SATURATING_SEGMENTS, total=LP["textbook_total"])
    performance = SEASON.performance(loads, SATURATING_SEGMENTS)
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
