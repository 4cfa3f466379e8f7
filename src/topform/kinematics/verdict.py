"""The verdict on a set: the worst criterion decides, and a handful of constants fitted on people held out.

Every criterion of every repetition has a position in its grey zone: 0 at the limit to pass, 1 at the limit to fail.
Over the worse half of the repetitions the positions are averaged, each criterion's own offset is taken off, and the
largest remainder decides: above zero the set is faulty. Its size becomes a probability by one slope on either side,
which stops short of certainty by the share of labels that nothing in the picture explains.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Decision, Fault, FormDecision, FormVerdict, Repetition
from topform.kinematics.push_up_faults import CRITERIA, position_of

MIN_FAULTY_REP_SHARE: Final = 0.25
MAX_MARGIN: Final = 1.5


@dataclass(frozen=True, slots=True)
class VerdictConstants:
    """The two slopes are fitted on labelled sets; everything else is a convention and is never fitted.

    Parameters
    ----------
    line, head, tempo, other : float
        Where in the grey zone a set becomes faulty: in the middle for sag, pike and speed, at three quarters for head,
        depth, lock-out and unit motion.
    learned_line : float
        The same for what the learned model says of a line that the view hides: at the limit to fail. Beyond it there is
        no verdict.
    slope_faulty, slope_correct : float
        Logits per unit of the margin, above and below zero; see ``benchmarks/accuracy/form_check.py``.
    hidden_line : float
        Margin that the unseen line of the body stands for at least.
    noise : float
        Share of labels, either way, that no criterion explains; no probability comes closer to 0 or 1.
    """

    line: float = 0.5
    head: float = 0.75
    tempo: float = 0.5
    other: float = 0.75
    learned_line: float = 1.0
    slope_faulty: float = 3.0
    slope_correct: float = 9.6
    hidden_line: float = -0.33
    noise: float = 0.03

    def offset(self, fault: Fault) -> float | None:
        """Return the offset of a criterion, None where it does not decide."""
        offsets = {
            Fault.HIPS_SAG: self.line,
            Fault.HIPS_PIKE: self.line,
            Fault.HEAD_DROP: self.head,
            Fault.TOO_FAST: self.tempo,
            Fault.SHALLOW_DEPTH: self.other,
            Fault.INCOMPLETE_LOCKOUT: self.other,
            Fault.WORMING: self.other,
        }
        return offsets.get(fault)


CONSTANTS: Final = VerdictConstants()


def positions(reps: Sequence[Repetition]) -> dict[Fault, float]:
    """Return the position of every criterion that was seen, over the worse half of the repetitions."""
    found = {}
    for fault in PUSH_UP_FAULTS:
        judged = [rep.finding(fault).probability for rep in reps]
        seen = sorted((position_of(probability) for probability in judged if probability is not None), reverse=True)
        if seen:
            worse = seen[: math.ceil(len(seen) / 2)]
            found[fault] = sum(worse) / len(worse)
    return found


def margins(found: dict[Fault, float], constants: VerdictConstants = CONSTANTS) -> dict[Fault, float]:
    """Return by how much each deciding criterion lies beyond its offset; the unseen line has its base rate."""
    result = {}
    for fault, position in found.items():
        offset = constants.offset(fault)
        if offset is not None:
            result[fault] = position - offset
    if Fault.HIPS_SAG not in found:
        result[Fault.HIPS_SAG] = constants.hidden_line
    return result


def suspects_hidden_line(reps: Sequence[Repetition], constants: VerdictConstants = CONSTANTS) -> bool:
    """Tell whether the learned model sees a sag or a pike where the view hides the line from the rules."""
    for fault in (Fault.HIPS_SAG, Fault.HIPS_PIKE):
        findings = [rep.finding(fault) for rep in reps]
        if any(finding.probability is not None for finding in findings):
            continue
        said = sorted(
            (position_of(f.learned_probability) for f in findings if f.learned_probability is not None), reverse=True
        )
        worse = said[: math.ceil(len(said) / 2)]
        if worse and sum(worse) / len(worse) > constants.learned_line:
            return True
    return False


def probability_faulty(margin: float, constants: VerdictConstants = CONSTANTS) -> float:
    """Return the calibrated probability of a margin.

    Examples
    --------
    >>> [round(probability_faulty(margin), 2) for margin in (-0.3, 0.0, 0.8)]
    [0.08, 0.5, 0.89]
    """
    slope = constants.slope_faulty if margin >= 0.0 else constants.slope_correct
    certain = 1.0 / (1.0 + math.exp(-slope * max(-MAX_MARGIN, min(MAX_MARGIN, margin))))
    return constants.noise + (1.0 - 2.0 * constants.noise) * certain


def verdict_of(reps: Sequence[Repetition], constants: VerdictConstants = CONSTANTS) -> FormVerdict:
    """Return the verdict on a set.

    A fault belongs to the set when it was seen in a quarter of the repetitions that show it, at least once, or when it
    decides. There is no verdict without repetitions, where neither line nor depth were seen, or where the learned model
    suspects a sag or a pike that the view hides: a view from the side tells.
    """
    if not reps:
        return FormVerdict(FormDecision.UNSURE, None, (), PUSH_UP_FAULTS)
    found = positions(reps)
    unseen = tuple(fault for fault in PUSH_UP_FAULTS if fault not in found)
    beyond = margins(found, constants)
    worst = max(beyond, key=lambda fault: beyond[fault])
    probability = probability_faulty(beyond[worst], constants)
    nothing_seen = Fault.HIPS_SAG in unseen and Fault.SHALLOW_DEPTH in unseen
    if probability < 0.5 and (nothing_seen or suspects_hidden_line(reps, constants)):
        decision = FormDecision.UNSURE
    else:
        decision = FormDecision.FAULTY if probability >= 0.5 else FormDecision.CORRECT
    weights = {}
    for fault in found:
        judged = [rep.finding(fault) for rep in reps if rep.finding(fault).probability is not None]
        share = sum(finding.decision is Decision.FAULT for finding in judged) / len(judged)
        decides = fault is worst and decision is FormDecision.FAULTY
        if share >= MIN_FAULTY_REP_SHARE or decides:
            weights[fault] = max(share, MIN_FAULTY_REP_SHARE) * max(CRITERIA[fault].penalty, 1.0)
    worst_first = tuple(sorted(weights, key=lambda fault: -weights[fault]))
    return FormVerdict(decision, probability, worst_first, unseen)
