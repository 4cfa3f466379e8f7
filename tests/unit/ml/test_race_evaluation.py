"""The harness on people whose outcomes are known, and the learned correction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from topform.core.errors import OutcomeTableError
from topform.ml.bests_table import BestsTable, Person
from topform.ml.race_evaluation import adapt_in_order, cases_by_target, evaluate_table

HALF, MARATHON = 21_097.5, 42_195.0


def people(
    n: int, *, women_lose: float = 0.0, seed: int = 5, exponent: float = 1.15, noise: float = 0.04
) -> BestsTable:
    """Return runners with an exponent from the half on and noise; women lose more or less by a share."""
    rng = np.random.default_rng(seed)
    found = []
    for index in range(n):
        sex = "f" if index % 2 else "m"
        half = 6600 * np.exp(0.15 * rng.standard_normal())
        loss = women_lose if sex == "f" else -women_lose
        marathon = half * 2**exponent * np.exp(noise * rng.standard_normal() + loss)
        found.append(Person(f"p{index}", sex, 40.0, {HALF: float(half), MARATHON: float(marathon)}))
    return BestsTable(found, 2 * n)


def test_known_errors_are_found() -> None:
    """Riegel 1.06 is 6 % too fast; the shipped predictor has hardly a bias, and wide intervals for such even people."""
    headline = evaluate_table(people(200), bootstrap=50)["headline"]
    assert headline["baselines"]["riegel_1.06"]["bias"] == pytest.approx(2**-0.09 - 1, abs=0.01)
    assert abs(headline["as_shipped"]["bias"]) < 0.02
    assert headline["as_shipped"]["coverage_80"] > 0.84
    assert headline["recalibrated_on_other_people"]["coverage_80"] == pytest.approx(0.8, abs=0.06)
    assert headline["recalibrated_on_other_people"]["half_width_80"] == pytest.approx(1.2816 * 0.04, rel=0.25)
    low, high = headline["ratio_to_riegel_1.06"]["range_95"]
    assert low < headline["ratio_to_riegel_1.06"]["value"] < high < 0.93
    assert headline["goals"]["ratio_reached"]


@pytest.mark.parametrize(
    ("exponent", "noise"),
    [(1.06, 0.08), (1.10, 0.13), (1.10, 0.08), (1.14, 0.09), (1.14, 0.05), (1.18, 0.06), (1.20, 0.11)],
)
def test_intervals_that_follow_the_people_before_hold_in_any_population(exponent: float, noise: float) -> None:
    """One time a person, the learning counted in; the times stay those that are shipped."""
    headline = evaluate_table(people(450, exponent=exponent, noise=noise), bootstrap=0)["headline"]
    adapted, shipped = headline["adapted_to_people_before"], headline["as_shipped"]
    assert 0.76 <= adapted["coverage_80"] <= 0.84
    assert 0.86 <= adapted["coverage_90"] <= 0.94
    assert abs(adapted["coverage_80"] - 0.8) <= abs(shipped["coverage_80"] - 0.8) + 0.01
    assert adapted["mape"] == shipped["mape"]
    assert headline["goals"]["coverage_80_reached_adapted"]
    assert (adapted["last_miss_rate_80"] < 0.2) == (shipped["coverage_80"] < adapted["coverage_80"])


def test_nobodys_own_time_and_nobody_later_moves_an_interval() -> None:
    """The first person has the shipped interval; a changed outcome moves only the intervals of those after."""
    (cases,) = [one for target, one in cases_by_target(people(40)).items() if target == MARATHON]
    order = np.random.default_rng(0).permutation(len(cases))
    before, _ = adapt_in_order(cases, seed=0)
    assert before.low_80[order[0]] == pytest.approx(cases.low_80[order[0]])
    assert before.high_90[order[0]] == pytest.approx(cases.high_90[order[0]])
    actual = cases.actual.copy()
    actual[order[20]] += 1.0
    after, _ = adapt_in_order(replace(cases, actual=actual), seed=0)
    assert np.array_equal(after.high_80[order[:21]], before.high_80[order[:21]])
    assert (after.high_80[order[21:]] > before.high_80[order[21:]]).all()


def test_riegel_starts_from_the_half_also_where_a_nearer_race_was_run() -> None:
    """30 km is nearer to the marathon; the stated baseline is the half. What predicted what is told."""
    table = people(60)
    near = [Person(one.id, None, None, {**one.bests, 30_000.0: 1.02 * one.bests[HALF]}) for one in table.people]
    document = evaluate_table(BestsTable(near, 180), bootstrap=0)
    headline, target = document["headline"], document["targets"]["marathon"]
    assert headline["baselines"]["riegel_1.06"]["bias"] == pytest.approx(2**-0.09 - 1, abs=0.02)
    assert target["baselines"]["riegel_1.06"]["bias"] < headline["baselines"]["riegel_1.06"]["bias"] - 0.1
    assert target["from"] == {"half marathon": 60, "30 km": 60}
    assert headline["from_the_half_alone"]["people"] == document["table"]["sex_unknown"] == 60


def test_of_very_many_people_a_part_is_taken() -> None:
    """The same part for the same seed."""
    parts = [evaluate_table(people(120), bootstrap=0, max_people=40)["headline"]["as_shipped"] for _ in range(2)]
    assert parts[0] == parts[1]
    assert evaluate_table(people(120), bootstrap=0, max_people=40)["table"]["people_evaluated"] == 40


def test_the_median_of_other_people_is_a_baseline() -> None:
    """Times spread by 15 %: knowing nothing but the sex costs about 12 % on average."""
    headline = evaluate_table(people(200), bootstrap=0)["headline"]
    assert headline["baselines"]["mean_of_other_people"]["mape"] == pytest.approx(0.8 * 0.155, abs=0.03)


def test_a_correction_is_learned_only_where_there_is_one() -> None:
    """Women and men 10 % apart: the correction holds for people it was not fitted on; without, it does not win."""
    apart = evaluate_table(people(300, women_lose=0.05), bootstrap=100)["headline"]["learned_on_other_people"]
    alike = evaluate_table(people(300), bootstrap=100)["headline"]["learned_on_other_people"]
    assert apart["beats_the_ensemble"]
    assert apart["ratio_to_recalibrated"]["value"] < 0.85
    assert not alike["beats_the_ensemble"]


def test_who_has_raced_more_gets_a_narrower_interval() -> None:
    """A third of the people have raced a half before the marathon, a third two distances, a third three."""
    shorter = (10_000.0, 5000.0)
    table = people(300)
    more = [
        replace(one, bests={**one.bests, **{m: one.bests[HALF] * (m / HALF) ** 1.07 for m in shorter[: index % 3]}})
        for index, one in enumerate(table.people)
    ]
    groups = evaluate_table(replace(table, people=more), bootstrap=0)["targets"]["marathon"]["groups"]
    one, two, three = (groups[f"{known} known"] for known in ("one race", "two races", "three or more races"))
    assert one["people"] == two["people"] == three["people"] == 100
    assert one["half_width_80"] > two["half_width_80"] > three["half_width_80"]
    assert all(0.7 < known["coverage_80_recalibrated"] < 0.95 for known in (one, two, three))


def test_groups_tell_apart_whom_it_suits() -> None:
    """Women lose more than predicted, men less: the bias of the groups says so."""
    groups = evaluate_table(people(200, women_lose=0.05), bootstrap=0)["headline"]["groups"]
    assert groups["women"]["bias"] < -0.02 < 0.02 < groups["men"]["bias"]


@pytest.mark.filterwarnings("error")
def test_against_a_formula_without_any_error_there_is_no_ratio() -> None:
    """Everybody slows by exactly 1.06, so that Riegel is right but for the last digit of a number."""
    scores = evaluate_table(people(60, exponent=1.06, noise=0.0), bootstrap=20)
    headline = scores["headline"]
    assert headline["baselines"]["riegel_1.06"]["mape"] == pytest.approx(0, abs=1e-9)
    assert headline["ratio_to_riegel_1.06"] == {"value": None, "range_95": []}
    assert headline["goals"]["ratio_reached"] is False
    assert [pair["ratio"]["value"] for pair in scores["pairs"]] == [None] * len(scores["pairs"])
    assert scores["pairs"]


def test_too_few_people_are_refused() -> None:
    """A handful of people proves nothing."""
    with pytest.raises(OutcomeTableError):
        evaluate_table(people(5))
