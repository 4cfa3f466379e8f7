"""Scores for models: counting, classification, calibration.

Plain numpy; nothing here needs the libraries that train models.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError, ShapeError


def _pair(true: ArrayLike, other: ArrayLike) -> tuple[FloatArray, FloatArray]:
    first, second = np.asarray(true, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape or first.size == 0:
        raise ShapeError(f"Expected two equally long lists that are not empty, got {first.shape} and {second.shape}")
    return first, second


def count_mae_norm(*, true: ArrayLike, counted: ArrayLike) -> float:
    """Mean absolute count error over the true count.

    Clips without a repetition have no relative error and are left out, as the literature does.

    Parameters
    ----------
    true, counted : array_like of int, shape (N,)
        Repetitions of each clip.

    Returns
    -------
    float
        0 = perfect. [1]; NaN if no clip holds a repetition.

    Examples
    --------
    >>> count_mae_norm(true=[10, 5], counted=[9, 5])
    0.05
    """
    actual, found = _pair(true, counted)
    holds = actual > 0
    if not holds.any():
        return float("nan")
    return float(np.mean(np.abs(found[holds] - actual[holds]) / actual[holds]))


def obo(*, true: ArrayLike, counted: ArrayLike) -> float:
    """Off-by-one accuracy: share of clips counted to within one repetition.

    Examples
    --------
    >>> obo(true=[10, 5, 7], counted=[9, 5, 4])
    0.6666666666666666
    """
    actual, found = _pair(true, counted)
    return float(np.mean(np.abs(found - actual) <= 1))


def macro_f1(*, true: ArrayLike, predicted: ArrayLike) -> float:
    """Unweighted mean of the F1 score of every class that occurs in either list.

    A class that is predicted but never true, or the reverse, scores 0.

    Examples
    --------
    >>> round(macro_f1(true=[0, 0, 1, 1], predicted=[0, 1, 1, 1]), 4)
    0.7333
    """
    actual, said = np.asarray(true), np.asarray(predicted)
    if actual.ndim != 1 or actual.shape != said.shape or actual.size == 0:
        raise ShapeError("Expected two equally long lists that are not empty")
    scores = []
    for label in np.union1d(actual, said):
        hit = np.sum((actual == label) & (said == label))
        either = np.sum(actual == label) + np.sum(said == label)
        scores.append(2.0 * hit / either)
    return float(np.mean(scores))


def brier(*, true: ArrayLike, probability: ArrayLike) -> float:
    """Mean squared difference between probability and outcome (0 or 1).

    Examples
    --------
    >>> round(brier(true=[1, 0], probability=[0.8, 0.4]), 3)
    0.1
    """
    actual, said = _pair(true, probability)
    _require_probabilities(said)
    return float(np.mean((said - actual) ** 2))


def ece(*, true: ArrayLike, probability: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error: mean gap between stated probability and observed frequency.

    Parameters
    ----------
    true : array_like of {0, 1}, shape (N,)
        Outcomes.
    probability : array_like of float, shape (N,)
        Stated probabilities of outcome 1, 0..1.
    bins : int
        Equally wide bins; each weighs by the number of cases in it.

    Examples
    --------
    >>> round(ece(true=[1, 1, 0, 0], probability=[0.9, 0.9, 0.1, 0.1]), 3)
    0.1
    """
    actual, said = _pair(true, probability)
    _require_probabilities(said)
    place = np.minimum((said * bins).astype(np.int64), bins - 1)
    gaps = [
        np.sum(place == index) * abs(said[place == index].mean() - actual[place == index].mean())
        for index in np.unique(place)
    ]
    return float(np.sum(gaps) / actual.size)


def auroc(*, true: ArrayLike, score: ArrayLike) -> float:
    """Probability that a positive case scores above a negative one, ties counted half.

    Examples
    --------
    >>> auroc(true=[0, 0, 1, 1], score=[0.1, 0.4, 0.35, 0.8])
    0.75
    """
    actual, said = _pair(true, score)
    positive, negative = said[actual == 1], said[actual == 0]
    if positive.size == 0 or negative.size == 0:
        return float("nan")
    above = (positive[:, None] > negative[None, :]).sum() + 0.5 * (positive[:, None] == negative[None, :]).sum()
    return float(above / (positive.size * negative.size))


def _require_probabilities(values: NDArray[np.float64]) -> None:
    if not np.all((values >= 0.0) & (values <= 1.0)):
        raise OutOfRangeError("Probabilities must lie in 0..1")
