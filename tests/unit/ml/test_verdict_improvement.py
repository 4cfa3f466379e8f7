"""Fitting the verdict to what people said, and the gates: what passes them and what must not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from topform.core.errors import ModelUnavailableError
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault
from topform.kinematics.verdict import CONSTANTS, VerdictConstants, margins, probability_faulty
from topform.kinematics.verdict_model import read_constants, write_constants
from topform.kinematics.verdict_training import GateLimits, LabelledExample, TrainedOn, is_held_out
from topform.ml.verdict_improvement import (
    ConstantsTrainer,
    ExamplesMissingError,
    bootstrap_interval,
    judge_challenger,
    trained_on,
)

TRUTH = replace(CONSTANTS, line=0.2, head=0.2, tempo=0.2, other=0.2)
LENIENT = replace(CONSTANTS, line=1.6, head=1.6, tempo=1.6, other=1.6)
LIMITS = GateLimits(min_people=20, min_sets=60)


def people_who_hold(constants: VerdictConstants, *, people: int = 80, sets: int = 4, seed: int = 1):
    """Return sets labelled by people who judge as the constants do, with their noise."""
    rng = np.random.default_rng(seed)
    found = []
    for person in range(people):
        for number in range(sets):
            positions = {fault: float(rng.uniform(-1.0, 1.4)) for fault in PUSH_UP_FAULTS if rng.random() < 0.35}
            positions = positions or {Fault.HIPS_SAG: float(rng.uniform(-1.0, 1.4))}
            said = probability_faulty(max(margins(dict(positions), constants).values()), constants)
            found.append(
                LabelledExample(
                    person=f"person-{person}",
                    positions=positions,
                    is_wrong=bool(rng.random() < said),
                    groups={"view": "side" if number % 2 else "front"},
                    content=f"{person}-{number}",
                )
            )
    return found


@pytest.fixture(scope="module")
def examples():
    return people_who_hold(TRUTH)


@pytest.fixture(scope="module")
def challenger(examples):
    return ConstantsTrainer().fit(examples, CONSTANTS)


def test_about_two_fifths_of_the_people_are_held_out_and_always_the_same() -> None:
    held = [is_held_out(f"person-{place}") for place in range(5000)]
    assert 0.37 < sum(held) / len(held) < 0.43
    assert held == [is_held_out(f"person-{place}") for place in range(5000)]


def test_fitting_moves_towards_what_people_hold_and_sees_nobody_held_out(examples, challenger) -> None:
    assert abs(challenger.constants.other - TRUTH.other) < abs(CONSTANTS.other - TRUTH.other)
    assert abs(challenger.constants.line - TRUTH.line) < abs(CONSTANTS.line - TRUTH.line)
    assert not any(is_held_out(person) for person in challenger.trained_on.people)
    assert challenger == ConstantsTrainer().fit(examples, CONSTANTS)


def test_few_people_hardly_move_the_conventions() -> None:
    few = [one for one in people_who_hold(TRUTH, people=6, sets=2) if not one.is_held_out]
    fitted = ConstantsTrainer().fit(few, CONSTANTS).constants
    assert abs(fitted.line - CONSTANTS.line) < 0.25


def test_labels_of_one_kind_teach_nothing() -> None:
    alike = [replace(one, is_wrong=True) for one in people_who_hold(TRUTH, people=10)]
    with pytest.raises(ExamplesMissingError):
        ConstantsTrainer().fit(alike, CONSTANTS)


def test_a_better_challenger_passes_all_gates(examples, challenger) -> None:
    report = judge_challenger(challenger.constants, LENIENT, examples, challenger.trained_on, LIMITS)
    assert report.has_passed, report.reasons
    assert report.numbers["gain"]["low"] > 0.0
    assert report.numbers["brier"]["challenger"] < report.numbers["brier"]["champion"]
    assert set(report.numbers["groups"]) == {"view: front", "view: side"}


def test_the_champion_itself_proves_no_gain(examples, challenger) -> None:
    seen = TrainedOn(frozenset(), frozenset())
    report = judge_challenger(challenger.constants, challenger.constants, examples, seen, LIMITS)
    assert report.reasons == ("no_proven_gain",)


def test_flipped_labels_are_refused(examples, challenger) -> None:
    flipped = [replace(one, is_wrong=not one.is_wrong) for one in examples]
    poisoned = ConstantsTrainer().fit(flipped, CONSTANTS)
    report = judge_challenger(poisoned.constants, CONSTANTS, examples, poisoned.trained_on, LIMITS)
    assert "no_proven_gain" in report.reasons


def test_what_saw_its_judges_is_refused_also_under_another_code(examples, challenger) -> None:
    seen = trained_on(examples)
    report = judge_challenger(challenger.constants, LENIENT, examples, seen, LIMITS)
    assert report.reasons == ("trained_on_held_out_people",)
    renamed = trained_on([replace(one, person="somebody-else") for one in examples])
    report = judge_challenger(challenger.constants, LENIENT, examples, renamed, LIMITS)
    assert report.reasons == ("trained_on_held_out_people",)
    assert report.numbers["seen_in_training"]["people"] == 0


def test_too_few_people_decide_nothing(examples, challenger) -> None:
    limits = GateLimits(min_people=500, min_sets=10)
    report = judge_challenger(challenger.constants, LENIENT, examples, challenger.trained_on, limits)
    assert report.reasons == ("too_few_held_out",)


def test_a_gain_on_all_does_not_pay_for_a_loss_of_some(examples, challenger) -> None:
    # From the top, people hold what the champion says: the challenger is right for the many and wrong for these.
    others = [
        replace(one, groups={"view": "top"}, content=f"top {one.content}")
        for one in people_who_hold(LENIENT, people=60, sets=1, seed=2)
    ]
    report = judge_challenger(challenger.constants, LENIENT, [*examples, *others], challenger.trained_on, LIMITS)
    assert "subgroup_worse" in report.reasons


def test_each_look_is_stricter_and_all_together_keep_the_level(examples, challenger) -> None:
    levels = []
    for looks in range(200):
        if looks < 3:
            limits = replace(LIMITS, looks=looks)
            report = judge_challenger(challenger.constants, LENIENT, examples, challenger.trained_on, limits)
            levels.append(report.numbers["gain"]["level"])
        else:
            levels.append(0.05 / ((looks + 1) * (looks + 2)))
    assert levels[:3] == pytest.approx([0.025, 0.05 / 6, 0.05 / 12])
    assert sum(levels) < 0.05


def test_a_version_that_calls_clean_sets_wrong_is_refused(examples, challenger) -> None:
    strict = replace(CONSTANTS, line=-0.5, head=-0.5, tempo=-0.5, other=-0.5, slope_faulty=20.0)
    report = judge_challenger(strict, LENIENT, examples, challenger.trained_on, LIMITS)
    assert "judges_plain_cases_wrong" in report.reasons or "no_proven_gain" in report.reasons


def test_the_bootstrap_is_near_the_normal_interval() -> None:
    values = np.random.default_rng(3).normal(1.0, 2.0, 400)
    low, high = bootstrap_interval(values, level=0.05)
    half = 1.96 * values.std() / 20.0
    assert low == pytest.approx(values.mean() - half, abs=0.03)
    assert high == pytest.approx(values.mean() + half, abs=0.03)


def test_the_file_is_read_strictly() -> None:
    assert read_constants(write_constants(CONSTANTS)) == CONSTANTS
    for broken in (b"{}", b"nonsense", write_constants(replace(CONSTANTS, line=9.0)), b'{"format": 3}'):
        with pytest.raises(ModelUnavailableError):
            read_constants(broken)
