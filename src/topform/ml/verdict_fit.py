"""Fits the constants of the verdict on labelled sets, and the logistic regression it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np
from scipy.optimize import minimize

from topform.core.arrays import BoolArray, FloatArray
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault
from topform.kinematics.verdict import MAX_MARGIN, VerdictConstants, margins, probability_faulty

CONVENTIONS: Final = tuple(
    VerdictConstants(head=head, tempo=tempo, hidden_line=hidden_line, noise=noise)
    for head, tempo, hidden_line, noise in product((0.75, 0.5, 1.0), (0.5, 0.75), (-0.33, -0.5), (0.03, 0.0, 0.06))
)
"""What else the conventions could have been, the shipped ones first; only to show what choosing them costs."""

SLOPE_BOUNDS: Final = (0.5, 20.0)


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One set: its positions in the grey zones, and whether people called it wrong.

    Parameters
    ----------
    person : str
        Who.
    is_wrong : bool
        The label.
    positions : dict
        See `topform.kinematics.verdict.positions`; empty without repetitions.
    """

    person: str
    is_wrong: bool
    positions: dict[Fault, float]


def margin_of(one: LabelledSet, constants: VerdictConstants) -> float:
    """Return the largest margin of a set; that of a hidden line for one without repetitions."""
    return max(margins(one.positions, constants).values())


def fit_constants(sets: Sequence[LabelledSet], conventions: VerdictConstants | None = None) -> VerdictConstants:
    """Return the constants with the two slopes that make the labels of the given sets likeliest."""
    conventions = VerdictConstants() if conventions is None else conventions
    is_wrong = np.array([one.is_wrong for one in sets])
    margin = np.array([margin_of(one, conventions) for one in sets])
    return replace(
        conventions,
        slope_faulty=_slope(margin[margin >= 0.0], is_wrong[margin >= 0.0], conventions.noise),
        slope_correct=_slope(margin[margin < 0.0], is_wrong[margin < 0.0], conventions.noise),
    )


def choose_conventions(sets: Sequence[LabelledSet]) -> VerdictConstants:
    """Return those of `CONVENTIONS`, with slopes of their own, that make the labels likeliest; the first of equals."""
    is_wrong = np.array([one.is_wrong for one in sets])

    def loss(constants: VerdictConstants) -> float:
        said = np.clip(probabilities(sets, constants), 1e-6, 1.0 - 1e-6)
        return float(-np.sum(np.where(is_wrong, np.log(said), np.log(1.0 - said))))

    return min((fit_constants(sets, conventions) for conventions in CONVENTIONS), key=loss)


def _slope(margin: FloatArray, is_wrong: BoolArray, noise: float) -> float:
    bounded = np.clip(margin, -MAX_MARGIN, MAX_MARGIN)

    def loss(slope: FloatArray) -> float:
        said = noise + (1.0 - 2.0 * noise) / (1.0 + np.exp(-slope[0] * bounded))
        return float(-np.sum(np.where(is_wrong, np.log(said), np.log(1.0 - said))))

    if not margin.size:
        return 3.0
    return float(minimize(loss, np.array([3.0]), bounds=[SLOPE_BOUNDS]).x[0])


def probabilities(sets: Sequence[LabelledSet], constants: VerdictConstants) -> FloatArray:
    """Return the probability that each set is faulty."""
    return np.array([probability_faulty(margin_of(one, constants), constants) for one in sets])


def leave_one_person_out(
    sets: Sequence[LabelledSet], *, fit: Callable[[Sequence[LabelledSet]], VerdictConstants] = fit_constants
) -> tuple[FloatArray, dict[str, VerdictConstants]]:
    """Return the probability of every set by constants that never saw its person, and those constants."""
    probability = np.full(len(sets), np.nan)
    fitted: dict[str, VerdictConstants] = {}
    for person in sorted({one.person for one in sets}):
        constants = fit([one for one in sets if one.person != person])
        fitted[person] = constants
        held_out = [place for place, one in enumerate(sets) if one.person == person]
        probability[held_out] = probabilities([sets[place] for place in held_out], constants)
    return probability, fitted


def design(sets: Sequence[LabelledSet]) -> FloatArray:
    """Return the features of the logistic regression: every position, 0 where unseen, and whether the line was seen."""
    rows = [
        [np.clip(one.positions.get(fault, 0.0), -MAX_MARGIN, MAX_MARGIN) for fault in PUSH_UP_FAULTS]
        + [float(Fault.HIPS_SAG in one.positions), 1.0]
        for one in sets
    ]
    return np.array(rows, dtype=np.float64)


def fit_logistic(features: FloatArray, outcome: BoolArray, *, penalty: float = 1.0) -> FloatArray:
    """Return the weights of a logistic regression with an L2 penalty on all but the last feature, the constant.

    Examples
    --------
    >>> x = np.array([[-1.0, 1.0], [1.0, 1.0], [-2.0, 1.0], [2.0, 1.0]])
    >>> bool(fit_logistic(x, np.array([False, True, False, True]))[0] > 0)
    True
    """
    free = np.ones(features.shape[1])
    free[-1] = 0.0

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        logit = features @ weights
        probability = 1.0 / (1.0 + np.exp(-logit))
        value = np.sum(np.logaddexp(0.0, logit) - outcome * logit) + 0.5 * penalty * np.sum(free * weights**2)
        return float(value), features.T @ (probability - outcome) + penalty * free * weights

    found = minimize(loss, np.zeros(features.shape[1]), jac=True)
    return np.asarray(found.x, dtype=np.float64)


def logistic_leave_one_person_out(sets: Sequence[LabelledSet]) -> FloatArray:
    """Return the probabilities of a logistic regression on all positions, each person held out once."""
    features = design(sets)
    is_wrong = np.array([one.is_wrong for one in sets])
    people = np.array([one.person for one in sets])
    probability = np.full(len(sets), np.nan)
    for person in sorted(set(people)):
        weights = fit_logistic(features[people != person], is_wrong[people != person])
        probability[people == person] = 1.0 / (1.0 + np.exp(-features[people == person] @ weights))
    return probability
