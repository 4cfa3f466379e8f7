"""The harness on people whose outcomes are known, and the learned correction."""

from __future__ import annotations

import numpy as np
import pytest

from topform.core.errors import OutcomeTableError
from topform.ml.bests_table import BestsTable, Person
from topform.ml.race_evaluation import evaluate_table

HALF, MARATHON = 21_097.5, 42_195.0


def people(n: int, *, women_lose: float = 0.0, seed: int = 5) -> BestsTable:
    """Return runners with an exponent of 1.15 from the half and 4 % of noise; women lose more or less by a share."""
    rng = np.random.default_rng(seed)
    found = []
    for index in range(n):
        sex = "f" if index % 2 else "m"
        half = 6600 * np.exp(0.15 * rng.standard_normal())
        loss = women_lose if sex == "f" else -women_lose
        marathon = half * 2**1.15 * np.exp(0.04 * rng.standard_normal() + loss)
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


def test_groups_tell_apart_whom_it_suits() -> None:
    """Women lose more than predicted, men less: the bias of the groups says so."""
    groups = evaluate_table(people(200, women_lose=0.05), bootstrap=0)["headline"]["groups"]
    assert groups["women"]["bias"] < -0.02 < 0.02 < groups["men"]["bias"]


def test_too_few_people_are_refused() -> None:
    """A handful of people proves nothing."""
    with pytest.raises(OutcomeTableError):
        evaluate_table(people(5))
