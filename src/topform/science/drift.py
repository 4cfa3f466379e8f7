"""Tells whether numbers still come from where they came from: the stability index and the Page-Hinkley test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from topform.core.errors import OutOfRangeError, ShapeError

PSI_WATCH: Final = 0.1
PSI_ACT: Final = 0.25
"""The usual limits of the stability index; conventions of credit scoring, not of statistics [1]_ of the function."""

LEAST_SHARE: Final = 1e-3
"""What an empty bin counts as, so that one missing case is not an infinite change."""


def population_stability_index(*, expected: ArrayLike, observed: ArrayLike) -> float:
    """Return how far a distribution over bins has moved.

    With few cases it is above zero without any change: about (bins - 1) times the sum of the two reciprocal numbers of
    cases.

    Parameters
    ----------
    expected, observed : array_like of float, shape (B,)
        Cases, or shares of cases, in each bin. >= 0, not all zero

    Returns
    -------
    float
        0 = the same. [1]

    Raises
    ------
    ShapeError
        If the two are not equally long lists of at least two bins.
    OutOfRangeError
        If one is negative or empty.

    References
    ----------
    .. [1] B. Yurdakul, J. Naranjo, "Statistical properties of the population stability index," J. Risk Model
       Validation, vol. 14, no. 4, 2020.

    Examples
    --------
    >>> round(population_stability_index(expected=[0.5, 0.5], observed=[0.25, 0.75]), 4)
    0.2747
    """
    before, now = np.asarray(expected, dtype=np.float64), np.asarray(observed, dtype=np.float64)
    if before.ndim != 1 or before.shape != now.shape or before.size < 2:
        raise ShapeError(f"Expected two equally long lists of bins, got {before.shape} and {now.shape}")
    if min(before.min(), now.min()) < 0.0 or before.sum() <= 0.0 or now.sum() <= 0.0:
        raise OutOfRangeError("Shares must not be negative, nor all zero")
    before = np.maximum(before / before.sum(), LEAST_SHARE)
    now = np.maximum(now / now.sum(), LEAST_SHARE)
    return float(np.sum((now - before) * np.log(now / before)))


@dataclass(frozen=True, slots=True)
class PageHinkley:
    """The Page-Hinkley test for a mean that has grown [1]_, as a value: each case gives the next state.

    Parameters
    ----------
    delta : float
        Growth that is tolerated. In the unit of the values
    threshold : float
        Sum at which the alarm is raised. In the unit of the values
    target : float or None
        What the mean should be; None takes the mean so far, which finds a change but never a wrong start.
    cases : int
        Cases so far.
    mean, total, lowest : float
        Mean of the cases, sum of the excess, and its lowest value.

    References
    ----------
    .. [1] E. S. Page, "Continuous inspection schemes," Biometrika, vol. 41, pp. 100-115, 1954; D. V. Hinkley,
       "Inference about the change-point from cumulative sum tests," Biometrika, vol. 58, pp. 509-523, 1971.

    Examples
    --------
    >>> test = PageHinkley(delta=0.05, threshold=1.0)
    >>> for value in [0.1] * 10 + [0.6] * 3:
    ...     test = test.after(value)
    >>> test.is_alarmed
    True
    """

    delta: float
    threshold: float
    target: float | None = None
    cases: int = 0
    mean: float = 0.0
    total: float = 0.0
    lowest: float = 0.0

    def after(self, value: float) -> PageHinkley:
        """Return the state after one more case."""
        cases = self.cases + 1
        mean = self.mean + (value - self.mean) / cases
        expected = mean if self.target is None else self.target
        total = self.total + value - expected - self.delta
        return replace(self, cases=cases, mean=mean, total=total, lowest=min(self.lowest, total))

    @property
    def excess(self) -> float:
        """How far the sum has risen above its lowest value."""
        return self.total - self.lowest

    @property
    def is_alarmed(self) -> bool:
        """Whether the mean has grown."""
        return self.excess > self.threshold
