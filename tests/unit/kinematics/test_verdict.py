"""The verdict on a set against hand calculation."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.support.push_up_body import PushUps

from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Decision, Fault, FormDecision, Repetition
from topform.kinematics.push_up_faults import CRITERIA, probability_of
from topform.kinematics.verdict import (
    CONSTANTS,
    VerdictConstants,
    margins,
    positions,
    probability_faulty,
    verdict_of,
)
from topform.ml.verdict_fit import LabelledSet, choose_conventions, fit_constants, leave_one_person_out, probabilities
from topform.vision.analysis import analyze_sequence


@pytest.fixture(scope="module")
def clean() -> Repetition:
    return analyze_sequence(PushUps().frames(), exercise=None).reps[1]


def with_positions(rep: Repetition, wanted: dict[Fault, float | None]) -> Repetition:
    """Return the repetition with every criterion well within its limit but for those given; None = not seen."""
    findings = []
    for finding in rep.findings:
        position = wanted.get(finding.fault, -1.0)
        findings.append(
            replace(
                finding,
                probability=None if position is None else probability_of(position),
                decision=Decision.ABSTAIN if position is None else Decision.NONE if position < 1.0 else Decision.FAULT,
                learned_probability=None,
            )
        )
    return replace(rep, findings=tuple(findings))


def test_positions_are_those_of_the_worse_half(clean: Repetition) -> None:
    reps = [with_positions(clean, {Fault.HIPS_SAG: value}) for value in (0.0, 0.2, 0.6, 1.0, -0.5)]
    assert positions(reps)[Fault.HIPS_SAG] == pytest.approx((1.0 + 0.6 + 0.2) / 3.0)
    hidden = [with_positions(clean, {Fault.HIPS_SAG: None})]
    assert Fault.HIPS_SAG not in positions(hidden)


def test_the_largest_margin_decides(clean: Repetition) -> None:
    constants = VerdictConstants(
        line=0.5, head=1.0, tempo=0.5, other=0.75, slope_faulty=2.0, slope_correct=4.0, noise=0.05
    )
    reps = [with_positions(clean, {Fault.HIPS_SAG: 0.7, Fault.HEAD_DROP: 1.1, Fault.ELBOW_FLARE: 1.4})]
    beyond = margins(positions(reps), constants)
    assert beyond[Fault.HIPS_SAG] == pytest.approx(0.2)
    assert beyond[Fault.HEAD_DROP] == pytest.approx(0.1)
    assert Fault.ELBOW_FLARE not in beyond
    verdict = verdict_of(reps, constants)
    assert verdict.decision is FormDecision.FAULTY
    assert verdict.probability_faulty == pytest.approx(0.05 + 0.9 / (1.0 + math.exp(-2.0 * 0.2)))
    # The line decides although it is borderline; head and flare are beyond their limits.
    assert set(verdict.faults) == {Fault.HIPS_SAG, Fault.HEAD_DROP, Fault.ELBOW_FLARE}


def test_a_clean_set_is_correct_and_a_hidden_line_costs_certainty(clean: Repetition) -> None:
    seen = verdict_of([with_positions(clean, {})])
    assert seen.decision is FormDecision.CORRECT
    hidden = verdict_of([with_positions(clean, {Fault.HIPS_SAG: None, Fault.HIPS_PIKE: None})])
    assert hidden.decision is FormDecision.CORRECT
    assert hidden.probability_faulty == pytest.approx(probability_faulty(CONSTANTS.hidden_line))
    assert seen.probability_faulty is not None
    assert hidden.probability_faulty > seen.probability_faulty
    assert Fault.HIPS_SAG in hidden.unseen


def test_no_probability_is_closer_to_certainty_than_the_labels_are() -> None:
    constants = VerdictConstants(noise=0.04)
    assert probability_faulty(0.0, constants) == pytest.approx(0.5)
    assert 0.04 < probability_faulty(-100.0, constants) < 0.0401
    assert 0.94 < probability_faulty(100.0, constants) < 0.96


def test_no_verdict_without_evidence(clean: Repetition) -> None:
    assert verdict_of([]).decision is FormDecision.UNSURE
    nothing = dict.fromkeys((Fault.HIPS_SAG, Fault.HIPS_PIKE, Fault.SHALLOW_DEPTH))
    assert verdict_of([with_positions(clean, nothing)]).decision is FormDecision.UNSURE


def test_a_suspected_hidden_sag_is_no_verdict_but_a_reason_to_film_again(clean: Repetition) -> None:
    rep = with_positions(clean, {Fault.HIPS_SAG: None, Fault.HIPS_PIKE: None})
    suspected = replace(
        rep,
        findings=tuple(
            replace(finding, learned_probability=0.95) if finding.fault is Fault.HIPS_SAG else finding
            for finding in rep.findings
        ),
    )
    assert verdict_of([suspected]).decision is FormDecision.UNSURE


def test_every_deciding_criterion_has_published_limits() -> None:
    assert all(fault in CRITERIA for fault in PUSH_UP_FAULTS if CONSTANTS.offset(fault) is not None)


def made_up_people() -> list[LabelledSet]:
    """Ten people: sets beyond the line's middle are wrong, except that one person's labels are the reverse."""
    sets = []
    for person in range(10):
        for position in (-0.8, -0.4, 0.1, 0.9, 1.3):
            label = position > 0.5
            found = {Fault.HIPS_SAG: position, Fault.HIPS_PIKE: -1.0, Fault.SHALLOW_DEPTH: -1.0}
            sets.append(LabelledSet(f"p{person}", label if person else not label, found))
    return sets


def test_constants_are_fitted_without_the_person_they_judge() -> None:
    sets = made_up_people()
    held_out, fitted = leave_one_person_out(sets)
    assert set(fitted) == {one.person for one in sets}
    # Without the odd one the others' slopes are as steep as they may be; with them all they cannot be.
    assert fitted["p0"].slope_faulty > fit_constants(sets).slope_faulty
    own = [place for place, one in enumerate(sets) if one.person == "p3"]
    assert held_out[own] == pytest.approx(probabilities([sets[place] for place in own], fitted["p3"]))


def test_conventions_are_chosen_by_the_labels_of_others() -> None:
    sets = [
        LabelledSet(f"p{person}", position > 1.0, {Fault.HIPS_SAG: -1.0, Fault.HEAD_DROP: position})
        for person in range(6)
        for position in (0.2, 0.6, 0.9, 1.1, 1.6)
    ]
    # Of the offsets on offer only 1.0 parts these labels.
    assert choose_conventions(sets).head == 1.0
    _, fitted = leave_one_person_out(sets, fit=choose_conventions)
    assert all(constants.head == 1.0 for constants in fitted.values())
