"""From form checks to what is trained on and watched: positions in the grey zones, groups, and inputs in bins."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from topform.features.form_checks.public import ConsentedCheck
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault, FormDecision
from topform.kinematics.verdict import VerdictConstants, positions
from topform.kinematics.verdict_model import recorded_reps, recorded_verdict
from topform.kinematics.verdict_training import LabelledExample

POSITION_BINS: Final = (0.0, 0.5, 1.0)
WATCHED: Final = (Fault.HIPS_SAG, Fault.SHALLOW_DEPTH, Fault.HEAD_DROP, Fault.TOO_FAST)
UNSEEN_BINS: Final = (1, 3)


def example_of(check: ConsentedCheck) -> LabelledExample | None:
    """Return a labelled set as an example; None without a label, or where nothing was seen to judge it by."""
    if check.is_wrong is None or check.source is None:
        return None
    found = positions(recorded_reps(check.document))
    if not found:
        return None
    return LabelledExample(
        person=check.person,
        positions={fault: round(position, 6) for fault, position in found.items()},
        is_wrong=check.is_wrong,
        groups={
            "view": view_of(check.document),
            "line": "seen" if Fault.HIPS_SAG in found else "hidden",
        },
        source=check.source,
        content=_content(check.document),
    )


def examples_of(checks: Iterable[ConsentedCheck]) -> list[tuple[ConsentedCheck, LabelledExample]]:
    """Return the labelled sets among form checks, with their examples."""
    pairs = [(check, example_of(check)) for check in checks]
    return [(check, example) for check, example in pairs if example is not None]


def view_of(document: Mapping[str, Any]) -> str:
    """Return from where a set was filmed."""
    return str((document.get("view") or {}).get("name") or "unknown")


def _content(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document["reps"], sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a version says of a set."""

    decision: str
    probability: float | None

    def contradicts(self, is_wrong: bool | None) -> bool | None:
        """Whether people say otherwise; None where one of the two says nothing."""
        if is_wrong is None or self.decision == FormDecision.UNSURE.value:
            return None
        return (self.decision == FormDecision.FAULTY.value) != is_wrong


def judged_by(document: Mapping[str, Any], constants: VerdictConstants) -> Judged:
    """Return what constants make of a stored set, from its recorded figures."""
    said = recorded_verdict(document, constants)
    return Judged(said.decision.value, said.probability_faulty)


def input_bins(documents: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return how many sets fall into which bin of each watched input; drift is a change of these."""
    names = ("view", "unseen", *(fault.value for fault in WATCHED))
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for document in documents:
        found = positions(recorded_reps(document))
        counts["view"][view_of(document)] += 1
        counts["unseen"][_bin(len(PUSH_UP_FAULTS) - len(found), UNSEEN_BINS)] += 1
        for fault in WATCHED:
            counts[fault.value]["unseen" if fault not in found else _bin(found[fault], POSITION_BINS)] += 1
    return {name: dict(sorted(bins.items())) for name, bins in counts.items()}


def _bin(value: float, edges: Sequence[float]) -> str:
    below = next((edge for edge in edges if value < edge), None)
    return f"at least {edges[-1]:g}" if below is None else f"below {below:g}"
