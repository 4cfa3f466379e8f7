"""A learned correction of the race ensemble: ridge regression of its errors, for tables that can carry it.

Data: any table of bests. Target: ln of the actual over the predicted time. Baseline: the ensemble itself, recalibrated
on the same people. Coefficients would be shipped as JSON only where the correction beats that baseline on people never
seen.
"""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.ml.splits import group_folds

RIDGE: Final = 5.0
ROUNDS: Final = 20
SMALLEST_ERROR: Final = 0.005
MIN_TRAINING: Final = 40
FEATURES: Final = (
    "level",
    "level_squared",
    "is_woman",
    "sex_unknown",
    "age",
    "age_squared",
    "own_exponent",
    "reach",
    "races",
)


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


def features(cases: EnsembleErrors) -> FloatArray:
    """Return what may explain the errors of the ensemble; what is not known stands at its usual.

    Returns
    -------
    FloatArray
        (n, len(FEATURES)), roughly of unit size.
    """
    level = (cases.predicted - np.median(cases.predicted)) / 0.2
    age = np.nan_to_num((cases.age - 42.0) / 12.0)
    exponent = np.clip(np.nan_to_num((cases.own_exponent - 1.07) / 0.05), -3, 3)
    return np.column_stack(
        [
            level,
            level**2,
            (cases.sex == "f").astype(np.float64),
            (cases.sex == "").astype(np.float64),
            age,
            age**2,
            exponent,
            cases.reach,
            np.log(cases.races),
        ]
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
    matrix, error = features(cases), cases.actual - cases.predicted
    result = np.full(error.size, np.nan)
    for train, held in group_folds(cases.person.tolist(), folds=folds, seed=seed):
        if train.size < MIN_TRAINING:
            return None
        coefficients = fit(matrix[train], error[train])
        result[held] = cases.predicted[held] + coefficients[0] + matrix[held] @ coefficients[1:]
    return result if np.isfinite(result).all() else None
