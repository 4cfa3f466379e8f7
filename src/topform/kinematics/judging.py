"""Holds one repetition against the table of its exercise, and a set against its repetitions.

The scheme is that of the push-up: a limit to pass, one to fail, and between them a grey zone as wide as the error of
single-camera angles, where nothing is called a fault.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from topform.kinematics import push_up_faults
from topform.kinematics.exercises.definition import (
    FRONT_DEG,
    SIDE_DEG,
    WIDEST_SIDE_DEG,
    Check,
    Definition,
    From,
    Needs,
    Scene,
)
from topform.kinematics.exercises.readings import median, quantile
from topform.kinematics.form_analysis import (
    Decision,
    Finding,
    FormDecision,
    FormVerdict,
    JointRange,
    Repetition,
    Tempo,
)
from topform.kinematics.movement import spread
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import Attempt, position_of, probability_of

MIN_SAMPLES: Final = 5
MIN_VISIBILITY: Final = 0.3
OBLIQUE_WIDENING: Final = 1.5
MIN_FAULTY_REP_SHARE: Final = 0.25


def judge(
    definition: Definition,
    window: Sequence[FrameObservation],
    attempt: Attempt,
    *,
    view_yaw_deg: float,
    looks_along_arms: bool = False,
) -> Repetition:
    """Measure one repetition and decide on every fault of its exercise.

    Parameters
    ----------
    definition : Definition
        The exercise.
    window : sequence of FrameObservation
        The frames of the attempt, with some before and after.
    attempt : Attempt
        Its extent.
    view_yaw_deg : float
        Where the camera stands, 0 = side. [deg]; NaN = unknown.
    looks_along_arms : bool
        True for a camera above or below a push-up.
    """
    if not definition.checks:
        return push_up_faults.judge(window, attempt, view_yaw_deg=view_yaw_deg, looks_along_arms=looks_along_arms)
    wide = [frame for frame in window if frame.body is not None]
    frames = [frame for frame in wide if attempt.start_s <= frame.t_s <= attempt.end_s]
    scene = Scene(frames, wide, attempt, 90.0 if math.isnan(view_yaw_deg) else view_yaw_deg)
    findings = tuple(found(check, scene) for check in definition.checks)
    angle = _angle(definition, wide)
    return Repetition(
        index=attempt.index,
        start_s=attempt.start_s,
        turn_s=attempt.turn_s,
        end_s=attempt.end_s,
        is_complete=attempt.is_complete,
        range_deg=None if angle is None else angle.max_deg - angle.min_deg,
        range_m=spread([definition.travel_m(frame) for frame in frames]),
        min_elbow_deg=None,
        max_elbow_deg=None,
        body_line_deg=None,
        tempo=_tempo(attempt, rises_first=definition.rises_first),
        score=score_of(definition.checks, findings),
        findings=findings,
        angle=angle,
    )


def _tempo(attempt: Attempt, *, rises_first: bool) -> Tempo:
    first_s, last_s = attempt.turn_s - attempt.start_s, attempt.end_s - attempt.turn_s
    return Tempo(eccentric_s=last_s, concentric_s=first_s) if rises_first else Tempo(first_s, last_s)


def found(check: Check, scene: Scene) -> Finding:
    """Return the finding of one criterion; it abstains where the view or what is visible does not allow one."""
    reason = _unseen(check, scene)
    value = math.nan if reason is not None else check.measure(scene)
    if reason is None and not math.isfinite(value):
        reason = "not_observed"
    window_s = (scene.attempt.start_s, scene.attempt.end_s)
    limits = check.criterion
    if reason is not None:
        return Finding(
            check.fault, Decision.ABSTAIN, None, reason, window_s, None, limits.passes, limits.fails, limits.unit
        )
    position = check.excess(scene) if check.excess is not None else limits.excess(value)
    if check.seen_from is From.SIDE and abs(scene.facing_deg) > SIDE_DEG:
        position = (position - 0.5) / OBLIQUE_WIDENING + 0.5
    if position >= 1.0:
        decision, reason = Decision.FAULT, "beyond_limit"
    elif position > 0.0:
        decision, reason = Decision.BORDERLINE, "within_measurement_error"
    else:
        decision, reason = Decision.NONE, "within_limit"
    return Finding(
        check.fault,
        decision,
        probability_of(position),
        reason,
        window_s,
        value,
        limits.passes,
        limits.fails,
        limits.unit,
    )


def _unseen(check: Check, scene: Scene) -> str | None:
    turn = abs(scene.facing_deg)
    if len(scene.frames) < MIN_SAMPLES:
        return "too_few_frames"
    if check.seen_from is From.SIDE and turn > WIDEST_SIDE_DEG:
        return "view_not_side"
    if check.seen_from is From.FRONT and turn < FRONT_DEG:
        return "view_not_front"
    return None if _visibility(check, scene) >= MIN_VISIBILITY else f"{check.needs.value}_not_visible"


def _visibility(check: Check, scene: Scene) -> float:
    both = check.seen_from is From.FRONT
    seen = [frame.body for frame in scene.frames if frame.body is not None]
    pick = min if both else max
    if check.needs is Needs.FEET:
        return median(pick(leg.foot_visibility for leg in body.legs) for body in seen)
    if check.needs is Needs.LEGS:
        return median(pick(leg.visibility for leg in body.legs) for body in seen)
    if check.needs is Needs.ARMS:
        return median(pick(arm.visibility for arm in body.arms) for body in seen)
    return 1.0 if seen else 0.0


def _angle(definition: Definition, wide: Sequence[FrameObservation]) -> JointRange | None:
    angles = [definition.angle(frame.body) for frame in wide if frame.body is not None]
    low, high = quantile(angles, 0.03), quantile(angles, 0.97)
    return JointRange(definition.angle_name, low, high) if math.isfinite(low + high) else None


def score_of(checks: Sequence[Check], findings: Sequence[Finding]) -> float | None:
    """Return 100 minus the penalties, linear between pass and fail; None where the essential was not seen."""
    lost = 0.0
    for check, finding in zip(checks, findings, strict=True):
        if finding.probability is not None:
            lost += check.criterion.penalty * min(1.0, max(0.0, position_of(finding.probability)))
        elif check.is_essential:
            return None
    return max(0.0, 100.0 - lost)


def verdict_of(checks: Sequence[Check], judged: Sequence[Sequence[Finding]]) -> FormVerdict:
    """Return the verdict on a set from the findings of its repetitions.

    A fault belongs to the set when it was seen in a quarter of the repetitions that show it. The probability is that
    of the worst criterion over the worse half of the repetitions; it orders sets and is not calibrated.

    Parameters
    ----------
    checks : sequence of Check
        The table of the exercise.
    judged : sequence of sequence of Finding
        For each repetition its findings, in the order of the table.
    """
    faults = tuple(check.fault for check in checks)
    if not judged:
        return FormVerdict(FormDecision.UNSURE, None, (), faults)
    positions, weights, unseen = {}, {}, []
    for place, check in enumerate(checks):
        seen = [findings[place] for findings in judged if findings[place].probability is not None]
        if not seen:
            unseen.append(check.fault)
            continue
        ordered = sorted((position_of(f.probability or 0.5) for f in seen), reverse=True)
        worse = ordered[: math.ceil(len(ordered) / 2)]
        positions[check.fault] = sum(worse) / len(worse)
        share = sum(finding.decision is Decision.FAULT for finding in seen) / len(seen)
        if share >= MIN_FAULTY_REP_SHARE:
            weights[check.fault] = share * check.criterion.penalty
    worst_first = tuple(sorted(weights, key=lambda fault: -weights[fault]))
    if not positions:
        return FormVerdict(FormDecision.UNSURE, None, (), tuple(unseen))
    probability = probability_of(max(positions.values()))
    if worst_first or probability >= 0.5:
        decision = FormDecision.FAULTY if worst_first else FormDecision.UNSURE
    elif any(check.is_essential and check.fault in unseen for check in checks):
        decision = FormDecision.UNSURE
    else:
        decision = FormDecision.CORRECT
    return FormVerdict(decision, probability, worst_first, tuple(unseen))
