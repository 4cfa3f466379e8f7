"""Which sets to ask about next: where the verdict is least certain, evidence disagrees, or few were labelled."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from topform.features.form_checks.public import ConsentedCheck
from topform.features.improvement.examples import examples_of, view_of
from topform.kinematics.verdict import positions
from topform.kinematics.verdict_model import recorded_reps

ENTROPY_WEIGHT: Final = 0.5
DISAGREEMENT_WEIGHT: Final = 0.3
NOVELTY_WEIGHT: Final = 0.2
COVERED_PEOPLE: Final = 20
"""People labelled in a group, from which on it counts as covered."""

RANDOM_SHARE: Final = 0.1
"""Of the sets are asked about by chance, so that what is known of all of them stays unbiased."""


@dataclass(frozen=True, slots=True)
class Question:
    """A set to ask about, and why."""

    check: ConsentedCheck
    score: float
    reason: str


def questions(checks: Sequence[ConsentedCheck]) -> list[Question]:
    """Return the sets nobody labelled, the most useful first; a tenth of them are drawn by lot and come first."""
    people: dict[str, set[str]] = {}
    for check, _ in examples_of(checks):
        people.setdefault(_group(check), set()).add(check.person)
    covered = Counter({group: len(who) for group, who in people.items()})
    waiting = [_question(check, covered) for check in checks if check.is_wrong is None]
    return sorted(waiting, key=lambda one: (one.reason != "by_lot", -one.score, one.check.code))


def _question(check: ConsentedCheck, covered: Mapping[str, int]) -> Question:
    terms = {
        "uncertain": ENTROPY_WEIGHT * entropy(check.document["form"]["probability_faulty"]),
        "evidence_disagrees": DISAGREEMENT_WEIGHT * _disagreement(check.document),
        "few_like_it": NOVELTY_WEIGHT * (1.0 - min(1.0, covered[_group(check)] / COVERED_PEOPLE)),
    }
    reason = "by_lot" if _lot(check.code) < RANDOM_SHARE else max(terms, key=lambda name: terms[name])
    return Question(check, sum(terms.values()), reason)


def entropy(probability: float | None) -> float:
    """Return how uncertain a probability is, in bits; no probability is as uncertain as can be.

    Examples
    --------
    >>> entropy(0.5), entropy(1.0), entropy(None)
    (1.0, 0.0, 1.0)
    """
    if probability is None:
        return 1.0
    return -sum(p * math.log2(p) for p in (probability, 1.0 - probability) if p > 0.0) + 0.0


def _disagreement(document: Mapping[str, Any]) -> float:
    """Return the largest distance between the rules and the learned model over all faults, 0..1."""
    return max(_gaps(document), default=0.0)


def _gaps(document: Mapping[str, Any]) -> Iterable[float]:
    for rep in recorded_reps(document):
        for finding in rep.findings:
            if finding.probability is not None and finding.learned_probability is not None:
                yield abs(finding.probability - finding.learned_probability)


def _group(check: ConsentedCheck) -> str:
    found = positions(recorded_reps(check.document))
    return f"{view_of(check.document)} {check.decision} {max(found, key=lambda one: found[one]) if found else ''}"


def _lot(code: str) -> float:
    return int.from_bytes(hashlib.sha256(f"lot {code}".encode()).digest()[:8], "big") / 2.0**64
