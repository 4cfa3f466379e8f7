"""The stability index and the Page-Hinkley test, against numbers worked out by hand and by another implementation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from topform.core.errors import OutOfRangeError, ShapeError
from topform.science.drift import PageHinkley, population_stability_index


def test_the_stability_index_is_the_sum_worked_out_by_hand() -> None:
    # (0.1-0.25) ln 0.4 + (0.2-0.25) ln 0.8 + (0.3-0.25) ln 1.2 + (0.4-0.25) ln 1.6
    by_hand = 0.15 * math.log(2.5) + 0.05 * math.log(1.25) + 0.05 * math.log(1.2) + 0.15 * math.log(1.6)
    found = population_stability_index(expected=[25, 25, 25, 25], observed=[0.1, 0.2, 0.3, 0.4])
    assert found == pytest.approx(by_hand) and found == pytest.approx(0.2282, abs=5e-5)
    assert population_stability_index(expected=[3, 1], observed=[6, 2]) == 0.0


def test_an_empty_bin_is_a_large_change_and_not_an_infinite_one() -> None:
    found = population_stability_index(expected=[1.0, 0.0], observed=[0.5, 0.5])
    assert 1.0 < found < 10.0


@pytest.mark.parametrize(("expected", "observed"), [([1.0], [1.0]), ([1, 2], [1, 2, 3])])
def test_bins_must_be_the_same(expected: list[float], observed: list[float]) -> None:
    with pytest.raises(ShapeError):
        population_stability_index(expected=expected, observed=observed)


@pytest.mark.parametrize("observed", [[0, 0], [-1, 2]])
def test_shares_must_be_shares(observed: list[float]) -> None:
    with pytest.raises(OutOfRangeError):
        population_stability_index(expected=[1, 1], observed=observed)


def test_page_hinkley_alarms_where_the_published_example_does() -> None:
    test, alarmed_at = PageHinkley(delta=0.05, threshold=1.0), None
    for place, value in enumerate([0.1] * 10 + [0.6] * 10, start=1):
        test = test.after(value)
        alarmed_at = place if alarmed_at is None and test.is_alarmed else alarmed_at
    assert alarmed_at == 13 and test.excess == pytest.approx(2.84386, abs=5e-6)


def test_a_wrong_start_is_found_only_against_a_target() -> None:
    values = [1.0] * 30
    own, against = PageHinkley(delta=0.1, threshold=6.0), PageHinkley(delta=0.1, threshold=6.0, target=0.2)
    for value in values:
        own, against = own.after(value), against.after(value)
    assert not own.is_alarmed and against.is_alarmed
    assert against.excess == pytest.approx(30 * 0.7)


def test_a_steady_stream_stays_quiet() -> None:
    test = PageHinkley(delta=0.1, threshold=8.0, target=0.15)
    for value in np.random.default_rng(1).random(1000) < 0.15:
        test = test.after(float(value))
        assert not test.is_alarmed
