"""Holds one push-up against the published criteria, and says so where the camera cannot see them.

Every measurement has a limit to pass and one to fail; between them lies the grey zone that the measurement error
of single-camera angles demands (about 7 degrees). A value there is "borderline", never a fault.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Decision, Fault, Finding, Repetition, Tempo
from topform.kinematics.observation import FrameObservation

SIDE_YAW_DEG: Final = 30.0
WIDEST_SIDE_YAW_DEG: Final = 45.0
FRONT_YAW_DEG: Final = 45.0
MIN_LEG_VISIBILITY: Final = 0.3
"""What lies outside the picture has at most 0.2 (`topform.vision.blazepose.landmarks`): a line to feet that nobody saw
is a guess."""

NO_LEGS: Final = "legs_not_visible"

MIN_ARM_VISIBILITY: Final = 0.3
MIN_SAMPLES: Final = 5
EXTREME_SHARE: Final = 0.03
"""A minimum or maximum that one outlier does not make is this quantile or its opposite."""

SAG_SHARE: Final = 0.15
"""A sag counts when it lasts a seventh of the repetition: many sag only on the way up."""

PIKE_SHARE: Final = 0.6
BOTTOM_REACH_FRAC: Final = 1.0 / 16.0
OBLIQUE_WIDENING: Final = 1.5
SEEN_FROM_ABOVE: Final = frozenset({Fault.TOO_FAST, Fault.ELBOW_FLARE, Fault.ASYMMETRY})
MIN_TRAVEL_FOR_UNIT_MOTION_M: Final = 0.1

Window = Sequence[FrameObservation]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A limit to pass and one to fail.

    Parameters
    ----------
    passes, fails : float
        Values up to ``passes`` are clean, beyond ``fails`` a fault; ``fails < passes`` means that less is worse.
    unit : str
        Unit of both.
    penalty : float
        Points a failed criterion costs of 100.
    """

    passes: float
    fails: float
    unit: str
    penalty: float

    def excess(self, value: float, *, widening: float = 1.0) -> float:
        """Return the position in the grey zone: 0 at the limit to pass, 1 at the limit to fail."""
        middle, half = (self.passes + self.fails) / 2.0, (self.fails - self.passes) / 2.0 * widening
        return (value - middle) / (2.0 * half) + 0.5


# U.S. Army and Air Force push-up standards (depth, lock-out, line); coaching conventions for the rest. The limits of
# angles stand one measurement error (7 degrees) apart from the nominal standard: 90, 160 and 10 degrees.
CRITERIA: Final = {
    Fault.HIPS_SAG: Criterion(passes=10.0, fails=17.0, unit="deg", penalty=25.0),
    Fault.HIPS_PIKE: Criterion(passes=10.0, fails=17.0, unit="deg", penalty=25.0),
    Fault.SHALLOW_DEPTH: Criterion(passes=90.0, fails=97.0, unit="deg", penalty=30.0),
    Fault.INCOMPLETE_LOCKOUT: Criterion(passes=160.0, fails=148.0, unit="deg", penalty=15.0),
    Fault.ELBOW_FLARE: Criterion(passes=75.0, fails=85.0, unit="deg", penalty=10.0),
    Fault.HEAD_DROP: Criterion(passes=20.0, fails=35.0, unit="deg", penalty=5.0),
    Fault.ASYMMETRY: Criterion(passes=10.0, fails=20.0, unit="deg", penalty=10.0),
    Fault.TOO_FAST: Criterion(passes=1.2, fails=0.8, unit="s", penalty=5.0),
    Fault.WORMING: Criterion(passes=0.95, fails=0.85, unit="1", penalty=0.0),
}
ARM_LEVEL: Final = Criterion(passes=0.0, fails=7.0, unit="deg", penalty=0.0)
ARM_LEVEL_FROM_FRONT: Final = Criterion(passes=7.0, fails=25.0, unit="deg", penalty=0.0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """When a repetition or an attempt happened and how far the shoulders sank."""

    index: int
    start_s: float
    turn_s: float
    end_s: float
    range_m: float
    is_complete: bool


@dataclass(frozen=True, slots=True)
class _Scene:
    """One attempt with everything its findings share."""

    window: Window
    wide: Window
    attempt: Attempt
    yaw_deg: float
    legs: float

    @property
    def turn(self) -> float:
        return abs(self.yaw_deg)

    @property
    def widening(self) -> float:
        """Grey zones grow where the view is oblique or the legs are hardly seen."""
        return OBLIQUE_WIDENING if self.turn > SIDE_YAW_DEG or self.legs < MIN_ARM_VISIBILITY else 1.0


def judge(window: Window, attempt: Attempt, *, view_yaw_deg: float, looks_along_arms: bool = False) -> Repetition:
    """Measure one repetition and decide on every fault.

    Parameters
    ----------
    window : sequence of FrameObservation
        The frames from start to end of the attempt, with some before and after that show the top; unobserved
        frames may be among them.
    attempt : Attempt
        Its extent.
    view_yaw_deg : float
        Where the camera stands, 0 = side. [deg]; NaN = unknown.
    looks_along_arms : bool
        True for a camera above or below; heights mean nothing then.

    Returns
    -------
    Repetition
        With one finding for each fault, abstentions included.
    """
    wide = [frame for frame in window if frame.is_observed]
    seen = [frame for frame in wide if attempt.start_s <= frame.t_s <= attempt.end_s]
    yaw = 90.0 if math.isnan(view_yaw_deg) else view_yaw_deg
    legs = _quantile([frame.leg_visibility for frame in seen], 0.5)
    scene = _Scene(seen, wide, attempt, yaw, legs)
    enough = len(seen) >= MIN_SAMPLES
    findings = []
    for fault, measure in _MEASURES.items():
        if not enough:
            findings.append(_abstain(scene, fault, "too_few_frames"))
        elif looks_along_arms and fault not in SEEN_FROM_ABOVE:
            findings.append(_abstain(scene, fault, "view_from_above"))
        else:
            findings.append(measure(scene))
    low, high = _elbow_extremes(scene)
    line = None if not enough or scene.turn > WIDEST_SIDE_YAW_DEG else _median(f.body_line_deg for f in seen)
    return Repetition(
        index=attempt.index,
        start_s=attempt.start_s,
        turn_s=attempt.turn_s,
        end_s=attempt.end_s,
        is_complete=attempt.is_complete,
        range_deg=None if low is None or high is None else high - low,
        range_m=attempt.range_m,
        min_elbow_deg=low,
        max_elbow_deg=high,
        body_line_deg=line,
        tempo=Tempo(attempt.turn_s - attempt.start_s, attempt.end_s - attempt.turn_s),
        score=score_of(findings),
        findings=tuple(findings),
    )


def score_of(findings: Iterable[Finding]) -> float | None:
    """Return 100 minus the penalties, linear between pass and fail; None where depth or line were not seen."""
    by_fault = {finding.fault: finding for finding in findings}
    line_seen = by_fault[Fault.HIPS_SAG].decision is not Decision.ABSTAIN
    if not line_seen or by_fault[Fault.SHALLOW_DEPTH].decision is Decision.ABSTAIN:
        return None
    lost = 0.0
    for fault, finding in by_fault.items():
        if finding.decision is Decision.ABSTAIN or finding.probability is None:
            continue
        lost += CRITERIA[fault].penalty * min(1.0, max(0.0, position_of(finding.probability)))
    return max(0.0, 100.0 - lost)


MAX_EXCESS: Final = 5.0
STEEPNESS: Final = 4.0
"""Logits across the grey zone: 0.12 at the limit to pass, 0.5 in the middle, 0.88 at the limit to fail."""


def probability_of(excess: float) -> float:
    """Map the position in the grey zone to a probability.

    A logistic of the margin, symmetric about the middle of the grey zone. It orders repetitions fairly but is not
    calibrated on outcomes.

    Examples
    --------
    >>> [round(probability_of(excess), 2) for excess in (0.0, 0.5, 1.0)]
    [0.12, 0.5, 0.88]
    """
    return 1.0 / (1.0 + math.exp(-STEEPNESS * max(-MAX_EXCESS, min(MAX_EXCESS, excess - 0.5))))


def position_of(probability: float) -> float:
    """Return the position in the grey zone that a probability stands for; the inverse of `probability_of`.

    Examples
    --------
    >>> round(position_of(probability_of(0.8)), 6)
    0.8
    """
    return math.log(probability / (1.0 - probability)) / STEEPNESS + 0.5


LEARNED_FAULTS: Final = frozenset(set(PUSH_UP_FAULTS) - {Fault.TOO_FAST})
LEARNED_LOGIT_SHIFT: Final = 1.0
"""Real sets show more faults than made-up ones; see ``benchmarks/accuracy/form_check.py``."""

LEARNED_SHARE_SIDE: Final = 0.2
LEARNED_SHARE_OBLIQUE: Final = 0.5
"""Weights of the learned model: little where the picture shows the angle, half where an oblique view bends it."""

MAX_LEARNED_POSITION: Final = 2.0
LEARNED_BEFORE_END: Final = 0.25
LEARNED_AFTER_END_S: Final = 0.3


def learned_logit(window: Window, attempt: Attempt, fault: Fault) -> float | None:
    """Return what the learned model says of a fault: its mean over the end of the repetition."""
    from_s = attempt.end_s - LEARNED_BEFORE_END * (attempt.end_s - attempt.start_s)
    said = [
        frame.learned.logit(fault)
        for frame in window
        if frame.learned is not None and from_s <= frame.t_s <= attempt.end_s + LEARNED_AFTER_END_S
    ]
    return sum(said) / len(said) if said else None


def _learned_position(scene: _Scene, fault: Fault) -> float | None:
    logit = learned_logit(scene.wide, scene.attempt, fault)
    if logit is None:
        return None
    return max(-MAX_LEARNED_POSITION, min(MAX_LEARNED_POSITION, (logit + LEARNED_LOGIT_SHIFT) / STEEPNESS + 0.5))


def _decide(scene: _Scene, fault: Fault, value: float | None, *, excess: float | None = None) -> Finding:
    """Return the finding for a measured value."""
    if value is None or math.isnan(value):
        return _abstain(scene, fault, "not_observed")
    criterion = CRITERIA[fault]
    position = criterion.excess(value, widening=scene.widening) if excess is None else excess
    if math.isnan(position):
        return _abstain(scene, fault, "not_observed")
    learned = _learned_position(scene, fault) if fault in LEARNED_FAULTS else None
    if learned is not None and scene.turn <= WIDEST_SIDE_YAW_DEG:
        share = LEARNED_SHARE_OBLIQUE if scene.turn > SIDE_YAW_DEG else LEARNED_SHARE_SIDE
        position += share * (learned - position)
    if position >= 1.0:
        decision, reason = Decision.FAULT, "beyond_limit"
    elif position > 0.0:
        decision, reason = Decision.BORDERLINE, "within_measurement_error"
    else:
        decision, reason = Decision.NONE, "within_limit"
    return Finding(
        fault=fault,
        decision=decision,
        probability=probability_of(position),
        reason=reason,
        window_s=(scene.attempt.start_s, scene.attempt.end_s),
        measured=value,
        passes=criterion.passes,
        fails=criterion.fails,
        unit=criterion.unit,
        learned_probability=None if learned is None else probability_of(learned),
    )


def _abstain(scene: _Scene, fault: Fault, reason: str) -> Finding:
    criterion = CRITERIA[fault]
    learned = _learned_position(scene, fault) if fault in LEARNED_FAULTS else None
    return Finding(
        fault=fault,
        decision=Decision.ABSTAIN,
        probability=None,
        reason=reason,
        window_s=(scene.attempt.start_s, scene.attempt.end_s),
        measured=None,
        passes=criterion.passes,
        fails=criterion.fails,
        unit=criterion.unit,
        learned_probability=None if learned is None else probability_of(learned),
    )


def _line_unseen(scene: _Scene) -> str | None:
    if scene.turn > WIDEST_SIDE_YAW_DEG:
        return "view_not_side"
    return NO_LEGS if scene.legs < MIN_LEG_VISIBILITY else None


def _hips_sag(scene: _Scene) -> Finding:
    if (reason := _line_unseen(scene)) is not None:
        return _abstain(scene, Fault.HIPS_SAG, reason)
    return _decide(scene, Fault.HIPS_SAG, -_quantile([f.body_line_deg for f in scene.window], SAG_SHARE))


def _hips_pike(scene: _Scene) -> Finding:
    if (reason := _line_unseen(scene)) is not None:
        return _abstain(scene, Fault.HIPS_PIKE, reason)
    return _decide(scene, Fault.HIPS_PIKE, _quantile([f.body_line_deg for f in scene.window], PIKE_SHARE))


def _worming(scene: _Scene) -> Finding:
    if (reason := _line_unseen(scene)) is not None:
        return _abstain(scene, Fault.WORMING, reason)
    if scene.attempt.range_m < MIN_TRAVEL_FOR_UNIT_MOTION_M:
        return _abstain(scene, Fault.WORMING, "range_too_small")
    together = _correlation([f.shoulder_y_px for f in scene.window], [f.hip_y_px for f in scene.window])
    return _decide(scene, Fault.WORMING, together)


def _arms_unseen(scene: _Scene) -> bool:
    return not _quantile([f.near_arm.visibility for f in scene.window], 0.5) >= MIN_ARM_VISIBILITY


def _shallow_depth(scene: _Scene) -> Finding:
    if _arms_unseen(scene):
        return _abstain(scene, Fault.SHALLOW_DEPTH, "arms_not_visible")
    bottom = _around_bottom(scene)
    arm_deg = _quantile([f.near_arm.upper_arm_deg for f in bottom], 0.5)
    if scene.turn > FRONT_YAW_DEG:
        # From the front the elbow angle collapses; the upper arm's slope is still seen, if roughly.
        excess = ARM_LEVEL_FROM_FRONT.excess(arm_deg)
        finding = _decide(scene, Fault.SHALLOW_DEPTH, _low(_world_elbows(scene)), excess=excess)
        return finding
    elbow_deg = _low([f.near_arm.elbow_deg for f in scene.window])
    criterion = CRITERIA[Fault.SHALLOW_DEPTH]
    # Deep enough by either sign: the elbow angle or the upper arm level with the ground.
    widening = scene.widening
    excess = min(criterion.excess(elbow_deg, widening=widening), ARM_LEVEL.excess(arm_deg, widening=widening))
    return _decide(scene, Fault.SHALLOW_DEPTH, elbow_deg, excess=excess)


def _incomplete_lockout(scene: _Scene) -> Finding:
    if scene.turn > FRONT_YAW_DEG:
        return _abstain(scene, Fault.INCOMPLETE_LOCKOUT, "view_not_side")
    if _arms_unseen(scene):
        return _abstain(scene, Fault.INCOMPLETE_LOCKOUT, "arms_not_visible")
    straightest = max(_high([f.left.elbow_deg for f in scene.wide]), _high([f.right.elbow_deg for f in scene.wide]))
    return _decide(scene, Fault.INCOMPLETE_LOCKOUT, straightest)


def _elbow_flare(scene: _Scene) -> Finding:
    if scene.turn < FRONT_YAW_DEG:
        return _abstain(scene, Fault.ELBOW_FLARE, "view_not_front")
    bottom = _around_bottom(scene)
    arms = [_quantile([f.left.flare_deg for f in bottom], 0.5), _quantile([f.right.flare_deg for f in bottom], 0.5)]
    return _decide(scene, Fault.ELBOW_FLARE, max(arms) if all(map(math.isfinite, arms)) else None)


def _asymmetry(scene: _Scene) -> Finding:
    if scene.turn < FRONT_YAW_DEG:
        return _abstain(scene, Fault.ASYMMETRY, "far_arm_hidden")
    bottom = _around_bottom(scene)
    if min(_quantile([min(f.left.visibility, f.right.visibility) for f in bottom], 0.5), 1.0) < MIN_ARM_VISIBILITY:
        return _abstain(scene, Fault.ASYMMETRY, "arms_not_visible")
    left = _quantile([f.left.elbow_world_deg for f in bottom], 0.5)
    right = _quantile([f.right.elbow_world_deg for f in bottom], 0.5)
    return _decide(scene, Fault.ASYMMETRY, abs(left - right))


def _head_drop(scene: _Scene) -> Finding:
    if scene.turn > WIDEST_SIDE_YAW_DEG:
        return _abstain(scene, Fault.HEAD_DROP, "view_not_side")
    return _decide(scene, Fault.HEAD_DROP, _quantile([f.neck_deg for f in scene.window], 0.5))


def _too_fast(scene: _Scene) -> Finding:
    return _decide(scene, Fault.TOO_FAST, scene.attempt.end_s - scene.attempt.start_s)


_MEASURES: Final[dict[Fault, Callable[[_Scene], Finding]]] = {
    Fault.HIPS_SAG: _hips_sag,
    Fault.HIPS_PIKE: _hips_pike,
    Fault.SHALLOW_DEPTH: _shallow_depth,
    Fault.INCOMPLETE_LOCKOUT: _incomplete_lockout,
    Fault.ELBOW_FLARE: _elbow_flare,
    Fault.HEAD_DROP: _head_drop,
    Fault.ASYMMETRY: _asymmetry,
    Fault.TOO_FAST: _too_fast,
    Fault.WORMING: _worming,
}


def _around_bottom(scene: _Scene) -> list[FrameObservation]:
    """Return the frames around the lowest point: an eighth of the repetition, at least three frames."""
    reach_s = (scene.attempt.end_s - scene.attempt.start_s) * BOTTOM_REACH_FRAC
    near = [f for f in scene.window if abs(f.t_s - scene.attempt.turn_s) <= reach_s]
    return near if len(near) >= 3 else sorted(scene.window, key=lambda f: abs(f.t_s - scene.attempt.turn_s))[:3]


def _world_elbows(scene: _Scene) -> list[float]:
    return [f.elbow_world_deg if math.isfinite(f.elbow_world_deg) else f.elbow_deg for f in scene.wide]


def _elbow_extremes(scene: _Scene) -> tuple[float | None, float | None]:
    if not scene.window:
        return None, None
    side = scene.turn <= WIDEST_SIDE_YAW_DEG
    angles = [f.near_arm.elbow_deg for f in scene.wide] if side else _world_elbows(scene)
    low, high = _low(angles), _high(angles)
    return (low, high) if math.isfinite(low) and math.isfinite(high) else (None, None)


def _low(values: Iterable[float]) -> float:
    """Return a minimum that one outlier does not make."""
    return _quantile(list(values), EXTREME_SHARE)


def _high(values: Iterable[float]) -> float:
    return _quantile(list(values), 1.0 - EXTREME_SHARE)


def _median(values: Iterable[float]) -> float | None:
    middle = _quantile(list(values), 0.5)
    return middle if math.isfinite(middle) else None


def _quantile(values: list[float], share: float) -> float:
    seen = sorted(value for value in values if math.isfinite(value))
    if not seen:
        return math.nan
    place = share * (len(seen) - 1)
    below = int(place)
    above = min(below + 1, len(seen) - 1)
    return seen[below] + (place - below) * (seen[above] - seen[below])


def _correlation(first: list[float], second: list[float]) -> float | None:
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if math.isfinite(a) and math.isfinite(b)]
    n = len(pairs)
    if n < MIN_SAMPLES:
        return None
    mean_a, mean_b = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    var_a = sum((a - mean_a) ** 2 for a, _ in pairs)
    var_b = sum((b - mean_b) ** 2 for _, b in pairs)
    if not (var_a > 0.0 and var_b > 0.0):
        return None
    return sum((a - mean_a) * (b - mean_b) for a, b in pairs) / math.sqrt(var_a * var_b)
