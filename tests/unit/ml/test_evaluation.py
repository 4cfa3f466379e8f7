"""Scores against hand calculation and scikit-style definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from topform.core.errors import OutOfRangeError, ShapeError
from topform.ml.evaluation import auroc, brier, count_mae_norm, ece, macro_f1, obo
from topform.ml.splits import fold_of_group, group_folds, leave_one_group_out


def test_count_scores() -> None:
    true, counted = [10, 4, 8, 0], [12, 4, 7, 3]
    assert count_mae_norm(true=true, counted=counted) == pytest.approx((0.2 + 0.0 + 0.125) / 3)
    assert obo(true=true, counted=counted) == pytest.approx(2 / 4)
    assert math.isnan(count_mae_norm(true=[0, 0], counted=[0, 1]))


def test_macro_f1_is_the_mean_over_classes() -> None:
    # Class a: precision 1/1, recall 1/2, F1 2/3. Class b: 1/2, 1/1, 2/3. Class c is predicted once and never true: 0.
    assert macro_f1(true=["a", "a", "b"], predicted=["a", "c", "b"]) == pytest.approx((2 / 3 + 1.0 + 0.0) / 3)


def test_a_perfectly_calibrated_forecaster_has_no_calibration_error() -> None:
    probability = np.repeat([0.15, 0.55, 0.95], 100)
    true = np.concatenate([np.arange(100) < 15, np.arange(100) < 55, np.arange(100) < 95]).astype(float)
    assert ece(true=true, probability=probability) == pytest.approx(0.0, abs=1e-12)
    assert brier(true=true, probability=probability) == pytest.approx(np.mean([0.1275, 0.2475, 0.0475]))


def test_auroc_with_ties_and_without_a_class() -> None:
    assert auroc(true=[1, 0, 1, 0], score=[0.5, 0.5, 0.5, 0.5]) == 0.5
    assert auroc(true=[0, 0, 1], score=[0.1, 0.2, 0.9]) == 1.0
    assert math.isnan(auroc(true=[1, 1], score=[0.2, 0.3]))


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ShapeError):
        obo(true=[], counted=[])
    with pytest.raises(ShapeError):
        obo(true=[1, 2], counted=[1])
    with pytest.raises(OutOfRangeError):
        brier(true=[1], probability=[1.2])


def test_groups_are_never_split_and_keep_their_fold() -> None:
    rng = np.random.default_rng(2)
    groups = [f"person {index}" for index in rng.integers(0, 30, 300)]
    held_out = []
    for train, test in group_folds(groups, folds=5, seed=1):
        assert {groups[i] for i in train}.isdisjoint(groups[i] for i in test)
        held_out.extend(test.tolist())
    assert sorted(held_out) == list(range(300))
    assert fold_of_group("person 7", folds=5, seed=1) == fold_of_group("person 7", folds=5, seed=1)
    with pytest.raises(OutOfRangeError):
        fold_of_group("anna", folds=1)


def test_leave_one_group_out_covers_every_group_once() -> None:
    groups = ["a", "b", "a", "c"]
    found = {name: (train.tolist(), test.tolist()) for name, train, test in leave_one_group_out(groups)}
    assert found == {"a": ([1, 3], [0, 2]), "b": ([0, 2, 3], [1]), "c": ([0, 1, 2], [3])}
