"""Fits the constants of the verdict on labelled sets, and the logistic regression it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np
from scipy.optimize import minimize

from topform.core.arrays import BoolArray, FloatArray
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault
from topform.kinematics.verdict import MAX_MARGIN, VerdictConstants, margins, probability_faulty

HEAD_GRID: Final = (0.75, 1.0)
TEMPO_GRID: Final = (0.5, 0.75)
"""Coarse on purpose: the middle of each grey zone and one value beside it."""

SLOPE_BOUNDS: Final = (0.5, 12.0)


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
    """Return the largest margin of a set; the base rate of hidden lines for one without repetitions."""
    return max(margins(one.positions, constants).values())


def fit_constants(sets: Sequence[LabelledSet]) -> VerdictConstants:
    """Return the constants that serve the given sets best.

    The offsets are those of a coarse grid with the highest balanced accuracy, the first of equals; the slopes maximise
    the likelihood on either side of zero; the margin of a hidden line stands for the share of wrong sets among those
    whose line was not seen, one of each kind added.
    """
    is_wrong = np.array([one.is_wrong for one in sets])
    best, chosen = -1.0, VerdictConstants()
    for head, tempo in product(HEAD_GRID, TEMPO_GRID):
        constants = replace(VerdictConstants(), head=head, tempo=tempo)
        said = np.array([margin_of(one, constants) for one in sets]) >= 0.0
        balanced = float((said[is_wrong].mean() + (~said[~is_wrong]).mean()) / 2.0)
        if balanced > best + 1e-9:
            best, chosen = balanced, constants
    margin = np.array([margin_of(one, chosen) for one in sets])
    slope_faulty = _slope(margin[margin >= 0.0], is_wrong[margin >= 0.0])
    slope_correct = _slope(margin[margin < 0.0], is_wrong[margin < 0.0])
    hidden = [one.is_wrong for one in sets if Fault.HIPS_SAG not in one.positions]
    share = (sum(hidden) + 1.0) / (len(hidden) + 2.0)
    hidden_line = min(-0.05, float(np.log(share / (1.0 - share))) / slope_correct)
    return replace(chosen, slope_faulty=slope_faulty, slope_correct=slope_correct, hidden_line=hidden_line)


def _slope(margin: FloatArray, is_wrong: BoolArray) -> float:
    bounded = np.clip(margin, -MAX_MARGIN, MAX_MARGIN)

    def loss(slope: FloatArray) -> float:
        logit = slope[0] * bounded
        return float(np.sum(np.logaddexp(0.0, logit) - is_wrong * logit))

    if not margin.size:
        return 3.0
    return float(minimize(loss, np.array([3.0]), bounds=[SLOPE_BOUNDS]).x[0])


def probabilities(sets: Sequence[LabelledSet], constants: VerdictConstants) -> FloatArray:
    """Return the probability that each set is faulty."""
    return np.array([probability_faulty(margin_of(one, constants), constants) for one in sets])


def leave_one_person_out(sets: Sequence[LabelledSet]) -> tuple[FloatArray, dict[str, VerdictConstants]]:
    """Return the probability of every set by constants that never saw its person, and those constants."""
    probability = np.full(len(sets), np.nan)
    fitted: dict[str, VerdictConstants] = {}
    for person in sorted({one.person for one in sets}):
        constants = fit_constants([one for one in sets if one.person != person])
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
