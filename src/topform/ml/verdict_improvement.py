"""Fits the constants of the verdict to what users said, and lets a challenger pass only where it earned it.

Unlike `topform.ml.verdict_fit`, which fits slopes alone on few people, the offsets move too; a prior holds them near
the conventions until many people say otherwise, and people held out decide whether that was an improvement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from topform.core.arrays import BoolArray, FloatArray
from topform.core.errors import InvalidInputError
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault
from topform.kinematics.verdict import MAX_MARGIN, VerdictConstants, margins, probability_faulty
from topform.kinematics.verdict_model import BOUNDS
from topform.kinematics.verdict_training import Challenger, GateLimits, GateReport, LabelledExample, TrainedOn
from topform.ml.evaluation import brier, ece

OFFSETS: Final = ("line", "head", "tempo", "other")
SLOPES: Final = ("slope_faulty", "slope_correct")
OFFSET_SPREAD: Final = 0.3
LOG_SLOPE_SPREAD: Final = 0.7
"""Standard deviations of the prior; a tenth of a grey zone weighs as much as the word of a few people."""

MOST_SETS_OF_ONE: Final = 3.0
"""A person counts for at most so many sets."""

MAX_ITERATIONS: Final = 400
MOST_EXAMPLES: Final = 20_000
RESAMPLES: Final = 4000
MIN_GROUP_PEOPLE: Final = 5
LEAST: Final = 1e-6
CLEAN: Final = dict.fromkeys(PUSH_UP_FAULTS, -0.5)
"""A set that passes every criterion by half of its grey zone."""


class ExamplesMissingError(InvalidInputError):
    """There is nothing to fit."""

    code = "no_training_examples"


class ConstantsTrainer:
    """Fits and judges; implements `topform.kinematics.verdict_training.VerdictTrainer`."""

    def fit(self, examples: Sequence[LabelledExample], start: VerdictConstants) -> Challenger:
        """Fit to people who are not held out; see `fit_constants_to`."""
        used = [one for one in examples if not one.is_held_out]
        return Challenger(fit_constants_to(used, start), trained_on(used))

    def judge(
        self,
        challenger: VerdictConstants,
        champion: VerdictConstants,
        examples: Sequence[LabelledExample],
        trained_on: TrainedOn,
        limits: GateLimits,
    ) -> GateReport:
        """Hold a challenger against the champion; see `judge_challenger`."""
        return judge_challenger(challenger, champion, examples, trained_on, limits)


def trained_on(examples: Sequence[LabelledExample]) -> TrainedOn:
    """Return what a version that was fitted to the examples has seen."""
    return TrainedOn(frozenset(one.sha256 for one in examples), frozenset(one.person for one in examples))


def fit_constants_to(examples: Sequence[LabelledExample], start: VerdictConstants) -> VerdictConstants:
    """Return the constants that make labels and prior likeliest together.

    Parameters
    ----------
    examples : sequence of LabelledExample
        To learn from; the last `MOST_EXAMPLES` of them.
    start : VerdictConstants
        Middle of the prior; what is not fitted stays.

    Raises
    ------
    ExamplesMissingError
        If there are none, or all have the same label.
    """
    used = list(examples)[-MOST_EXAMPLES:]
    is_wrong = np.array([one.is_wrong for one in used], dtype=np.bool_)
    if not used or is_wrong.all() or not is_wrong.any():
        raise ExamplesMissingError(
            "Training needs sets that people called right and sets that they called wrong",
            remedy="Wait until more athletes have agreed and said what they think of their form checks.",
        )
    weight = _weights(used)
    found = _table(used)
    middle = np.array([getattr(start, name) for name in OFFSETS] + [np.log(getattr(start, name)) for name in SLOPES])
    spread = np.array([OFFSET_SPREAD] * len(OFFSETS) + [LOG_SLOPE_SPREAD] * len(SLOPES))
    bounds = [BOUNDS[name] for name in OFFSETS] + [tuple(np.log(BOUNDS[name])) for name in SLOPES]

    def loss(values: FloatArray) -> float:
        said = np.clip(_probabilities(found, _constants(values, start)), LEAST, 1.0 - LEAST)
        misfit = -np.sum(weight * np.where(is_wrong, np.log(said), np.log(1.0 - said)))
        return float(misfit + 0.5 * np.sum(((values - middle) / spread) ** 2))

    # The worst criterion decides, so the loss has kinks: a search without gradients.
    best = minimize(
        loss, middle, method="Powell", bounds=bounds, options={"maxiter": MAX_ITERATIONS, "xtol": 1e-3, "ftol": 1e-5}
    )
    return _constants(np.asarray(best.x, dtype=np.float64), start)


def _constants(values: FloatArray, start: VerdictConstants) -> VerdictConstants:
    offsets = {name: float(value) for name, value in zip(OFFSETS, values, strict=False)}
    slopes = {name: float(np.exp(value)) for name, value in zip(SLOPES, values[len(OFFSETS) :], strict=True)}
    bounded = {name: min(BOUNDS[name][1], max(BOUNDS[name][0], value)) for name, value in (offsets | slopes).items()}
    return replace(start, **bounded)


def _weights(examples: Sequence[LabelledExample]) -> FloatArray:
    people = [one.person for one in examples]
    sets = {person: people.count(person) for person in set(people)}
    return np.array([min(1.0, MOST_SETS_OF_ONE / sets[person]) for person in people])


def _table(examples: Sequence[LabelledExample]) -> FloatArray:
    """Return positions, shape (N, 9), NaN = not seen."""
    return np.array([[one.positions.get(fault, np.nan) for fault in PUSH_UP_FAULTS] for one in examples])


def _probabilities(found: FloatArray, constants: VerdictConstants) -> FloatArray:
    """Return the probability of every row; the same numbers as `probability_faulty` gives one by one."""
    offsets = np.array([np.nan if (at := constants.offset(f)) is None else at for f in PUSH_UP_FAULTS])
    beyond = found - offsets
    sag = PUSH_UP_FAULTS.index(Fault.HIPS_SAG)
    beyond[np.isnan(found[:, sag]), sag] = constants.hidden_line
    margin = np.clip(np.nanmax(beyond, axis=1), -MAX_MARGIN, MAX_MARGIN)
    slope = np.where(margin >= 0.0, constants.slope_faulty, constants.slope_correct)
    certain = 1.0 / (1.0 + np.exp(-slope * margin))
    return np.asarray(constants.noise + (1.0 - 2.0 * constants.noise) * certain)


def judge_challenger(
    challenger: VerdictConstants,
    champion: VerdictConstants,
    examples: Sequence[LabelledExample],
    seen: TrainedOn,
    limits: GateLimits,
) -> GateReport:
    """Return whether a challenger beats the champion on people held out, and everything that decided.

    The gain is the fall of the mean squared error of the probability (Brier score), each person counting once; its
    interval comes from resampling people. All of these must hold: enough people and sets; none seen in training; the
    interval above zero; no subgroup worse by more than the margin; calibration in range; and still a clean set
    right, a failed one wrong, and never a smaller probability for a worse set.

    Parameters
    ----------
    challenger, champion : VerdictConstants
        Which.
    examples : sequence of LabelledExample
        All there are; those of people held out are used.
    seen : TrainedOn
        What the challenger was fitted to.
    limits : GateLimits
        What it has to reach.
    """
    held = [one for one in examples if one.is_held_out]
    found = _table(held)
    said = Probabilities(_probabilities(found, challenger), _probabilities(found, champion)) if held else None
    return judge_probabilities(said, held, seen, limits, reasons=_unsafe(challenger))


@dataclass(frozen=True, slots=True, eq=False)
class Probabilities:
    """Of being wrong, for every set of people held out, by two versions; shape (N,) each."""

    challenger: FloatArray
    champion: FloatArray


def judge_probabilities(
    said: Probabilities | None,
    held: Sequence[LabelledExample],
    seen: TrainedOn,
    limits: GateLimits,
    *,
    reasons: Sequence[str] = (),
) -> GateReport:
    """Return whether the probabilities of one version beat those of another; see `judge_challenger`.

    Parameters
    ----------
    said : Probabilities or None
        Of the sets held out; None if there is none.
    held : sequence of LabelledExample
        These sets.
    seen : TrainedOn
        What the challenger was trained on.
    limits : GateLimits
        What it has to reach.
    reasons : sequence of str
        What speaks against it already.
    """
    people = sorted({one.person for one in held})
    overlap = {
        "people": len(seen.people & set(people)),
        "examples": len(seen.examples & {one.sha256 for one in held}),
    }
    numbers: dict[str, Any] = {"people": len(people), "sets": len(held), "seen_in_training": overlap}
    against = []
    if any(overlap.values()):
        against.append("trained_on_held_out_people")
    if len(people) < limits.min_people or len(held) < limits.min_sets:
        against.append("too_few_held_out")
    against += reasons
    if said is not None:
        against += _compared(said, held, people, limits, numbers)
    return GateReport(tuple(against), numbers)


def _compared(
    said: Probabilities,
    held: Sequence[LabelledExample],
    people: Sequence[str],
    limits: GateLimits,
    numbers: dict[str, Any],
) -> list[str]:
    """Add the scores to the numbers; return what speaks against the challenger."""
    is_wrong = np.array([one.is_wrong for one in held], dtype=np.bool_)
    ours, theirs = said.challenger, said.champion
    gain = (theirs - is_wrong) ** 2 - (ours - is_wrong) ** 2
    who = np.array([one.person for one in held])
    by_person = np.array([gain[who == person].mean() for person in people])
    look = limits.looks + 1
    level = limits.level / (look * (look + 1))
    low, high = bootstrap_interval(by_person, level=level)
    groups = _groups(held, gain)
    numbers |= {
        "brier": {
            "challenger": brier(true=is_wrong, probability=ours),
            "champion": brier(true=is_wrong, probability=theirs),
        },
        "ece": {"challenger": ece(true=is_wrong, probability=ours), "champion": ece(true=is_wrong, probability=theirs)},
        "agrees": {"challenger": _agrees(ours, is_wrong), "champion": _agrees(theirs, is_wrong)},
        "gain": {"mean": float(by_person.mean()), "low": low, "high": high, "level": level, "look": look},
        "groups": groups,
    }
    reasons = []
    if not low > 0.0:
        reasons.append("no_proven_gain")
    if any(group["gain"] < -limits.max_group_loss for group in groups.values() if group["people"] >= MIN_GROUP_PEOPLE):
        reasons.append("subgroup_worse")
    if numbers["ece"]["challenger"] > max(limits.max_ece, numbers["ece"]["champion"]):
        reasons.append("not_calibrated")
    return reasons


def _agrees(probability: FloatArray, is_wrong: BoolArray) -> float:
    return float(((probability >= 0.5) == is_wrong).mean())


def _groups(held: Sequence[LabelledExample], gain: FloatArray) -> dict[str, dict[str, Any]]:
    members: dict[str, list[int]] = {}
    for place, one in enumerate(held):
        for name, value in one.groups.items():
            members.setdefault(f"{name}: {value}", []).append(place)
    return {
        name: {
            "people": len({held[place].person for place in places}),
            "sets": len(places),
            "gain": float(gain[places].mean()),
        }
        for name, places in sorted(members.items())
    }


def bootstrap_interval(values: FloatArray, *, level: float, seed: int = 0) -> tuple[float, float]:
    """Return the percentile interval of a mean, by resampling the values; the same values give the same interval.

    Parameters
    ----------
    values : ndarray of float64, shape (N,)
        One for each person.
    level : float
        Probability that is left outside, both sides together. 0..1
    seed : int
        Of the resamples.
    """
    rng = np.random.default_rng(seed)
    means = np.array([rng.choice(values, values.size).mean() for _ in range(RESAMPLES)])
    low, high = np.quantile(means, [level / 2.0, 1.0 - level / 2.0])
    return float(low), float(high)


def _unsafe(constants: VerdictConstants) -> list[str]:
    """Return what a version must never do, whatever the labels say."""
    said = probability_faulty(max(margins(dict(CLEAN), constants).values()), constants)
    rows = [(fault, CLEAN | {fault: 2.5}) for fault in PUSH_UP_FAULTS if constants.offset(fault) is not None]
    failed = [probability_faulty(max(margins(dict(row), constants).values()), constants) for _, row in rows]
    return [] if said < 0.5 <= min(failed) else ["judges_plain_cases_wrong"]
