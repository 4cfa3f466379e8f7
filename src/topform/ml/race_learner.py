"""A learned correction of the race ensemble: ridge regression of its errors, for tables that can carry it.

Data: any table of bests. Target: ln of the actual over the predicted time. Baseline: the ensemble itself, recalibrated
on the same people. Coefficients are written as JSON only where the correction beats that baseline on people never seen.
"""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.ml.splits import group_folds
from topform.science.prediction.correction import TargetCorrection, feature_matrix

RIDGE: Final = 5.0
ROUNDS: Final = 20
SMALLEST_ERROR: Final = 0.005
MIN_TRAINING: Final = 40


class EnsembleErrors(Protocol):
    """What the correction needs to know of predictions of one target distance."""

    @property
    def person(self) -> NDArray[np.str_]: ...
    @property
    def sex(self) -> NDArray[np.str_]: ...
    @property
    def age(self) -> FloatArray: ...
    @property
    def actual(self) -> FloatArray: ...
    @property
    def predicted(self) -> FloatArray: ...
    @property
    def reach(self) -> FloatArray: ...
    @property
    def own_exponent(self) -> FloatArray: ...
    @property
    def races(self) -> FloatArray: ...


def features(cases: EnsembleErrors, *, typical: float) -> FloatArray:
    """Return what may explain the errors of the ensemble; what is not known stands at its usual.

    Parameters
    ----------
    cases : EnsembleErrors
    typical : float
        Median of the predicted ln T of the people who are learned from.

    Returns
    -------
    FloatArray
        (n, len(FEATURES)), roughly of unit size.
    """
    return feature_matrix(
        level=cases.predicted - typical,
        is_woman=cases.sex == "f",
        sex_unknown=cases.sex == "",
        age=cases.age,
        own_exponent=cases.own_exponent,
        reach=cases.reach,
        races=cases.races,
    )


def fit(matrix: FloatArray, error: FloatArray) -> FloatArray:
    """Return intercept and coefficients with the least absolute error and a ridge on the coefficients.

    Parameters
    ----------
    matrix : FloatArray
        (n, k) features.
    error : FloatArray
        (n,) ln of actual over predicted.
    """
    full = np.column_stack([np.ones(error.size), matrix])
    penalty = RIDGE * np.diag([0.0, *np.ones(matrix.shape[1])])
    coefficients = np.zeros(full.shape[1])
    weight = np.ones(error.size)
    for _ in range(ROUNDS):
        scaled = full * weight[:, None]
        coefficients = np.linalg.solve(scaled.T @ full + penalty * weight.mean(), scaled.T @ error)
        weight = 1 / np.maximum(np.abs(error - full @ coefficients), SMALLEST_ERROR)
    return np.asarray(coefficients)


def learned_on_other_people(cases: EnsembleErrors, *, folds: int, seed: int) -> FloatArray | None:
    """Return ln T of each person, corrected by what was learned on all other folds of people.

    Parameters
    ----------
    cases : EnsembleErrors
    folds, seed : int
        By-person folds.

    Returns
    -------
    FloatArray or None
        None when a fold leaves fewer than forty people to learn from.
    """
    error = cases.actual - cases.predicted
    result = np.full(error.size, np.nan)
    for train, held in group_folds(cases.person.tolist(), folds=folds, seed=seed):
        if train.size < MIN_TRAINING:
            return None
        matrix = features(cases, typical=float(np.median(cases.predicted[train])))
        coefficients = fit(matrix[train], error[train])
        result[held] = cases.predicted[held] + coefficients[0] + matrix[held] @ coefficients[1:]
    return result if np.isfinite(result).all() else None


def fitted_correction(cases: EnsembleErrors) -> TargetCorrection:
    """Return the correction fitted on everybody, to be used on people who are not in the table."""
    typical = float(np.median(cases.predicted))
    coefficients = fit(features(cases, typical=typical), cases.actual - cases.predicted)
    return TargetCorrection(typical, float(coefficients[0]), tuple(coefficients[1:].tolist()))
