"""The overhead press: the hands rise from the shoulders until the arms are straight, the body stays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from topform.kinematics.body import Body
from topform.kinematics.cycles import CycleEvent
from topform.kinematics.exercises.definition import Check, Definition, From, Needs, Scene
from topform.kinematics.exercises.jumping_jack import feet_apart_px, never
from topform.kinematics.exercises.readings import (
    around,
    bodies,
    elbow_deg,
    elbow_range_deg,
    facing_deg,
    hands_over_shoulders_m,
    is_observed,
    knee_range_deg,
    median,
    quantile,
    raise_deg,
    scale_px_per_m,
)
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.movement import Movement, Ruler, spread
from topform.kinematics.observation import ARM_M, FrameObservation
from topform.kinematics.push_up_faults import Criterion

MAX_LEAN_DEG: Final = 35.0
START_HANDS_M: Final = (-0.20, 0.30)
"""Where the hands are before the press, over the shoulders."""

MIN_ELBOW_RANGE_DEG: Final = 40.0
MIN_RAISE_RANGE_DEG: Final = 25.0
"""Arms that only bend and stretch overhead train the triceps."""

MIN_HAND_TRAVEL_M: Final = 0.22
MIN_TOP_M: Final = 0.35
MAX_START_ELBOW_DEG: Final = 125.0
"""Straight arms that rise are a raise."""

MAX_SHOULDER_TRAVEL_FRAC: Final = 0.5
"""Shoulders that move while the hands rest are a pull-up."""

MAX_KNEE_RANGE_DEG: Final = 45.0
MAX_FEET_RANGE_M: Final = 0.20


def holds_at_shoulders(seen: FrameObservation) -> bool:
    """Tell whether an upright body has its hands at the shoulders and its elbows bent."""
    if seen.body is None or seen.body.lean_deg > MAX_LEAN_DEG:
        return False
    low, high = START_HANDS_M
    at_shoulders = low <= hands_over_shoulders_m(seen, seen.px_per_m) <= high
    return at_shoulders and elbow_deg(seen.body) <= MAX_START_ELBOW_DEG


def may_press(seen: FrameObservation) -> bool:
    """Tell whether a body that held a weight may still press it: upright, the hands not below the chest."""
    return (
        seen.body is not None
        and seen.body.lean_deg <= MAX_LEAN_DEG + 15.0
        and hands_over_shoulders_m(seen, seen.px_per_m) > START_HANDS_M[0] - 0.15
    )


def hands_below(seen: FrameObservation, ruler: Ruler) -> float:
    """Return the height of the shoulders over the hands: largest before the press. [m]"""
    return -hands_over_shoulders_m(seen, ruler.px_per_m)


def is_press(event: CycleEvent, frames: Sequence[FrameObservation]) -> bool:
    """Tell whether the hands rose overhead from the shoulders by stretching the arms over a body that stayed."""
    seen, scale = bodies(frames), scale_px_per_m(frames)
    if elbow_range_deg(frames) < MIN_ELBOW_RANGE_DEG or knee_range_deg(frames) > MAX_KNEE_RANGE_DEG:
        return False
    if spread([raise_deg(body) for body in seen]) < MIN_RAISE_RANGE_DEG:
        return False
    if spread([feet_apart_px(body) for body in seen]) > MAX_FEET_RANGE_M * scale:
        return False
    hands, shoulders = spread([f.wrist_y_px for f in frames]), spread([f.shoulder_y_px for f in frames])
    if hands < MIN_HAND_TRAVEL_M * scale or shoulders > MAX_SHOULDER_TRAVEL_FRAC * hands:
        return False
    reach_s = (event.end.t_s - event.start.t_s) / 8.0
    top = around(frames, event.turn.t_s, reach_s)
    start = around(frames, event.start.t_s, reach_s)
    return (
        median(hands_over_shoulders_m(frame, frame.px_per_m) for frame in top) >= MIN_TOP_M
        and median(elbow_deg(body) for body in bodies(start)) <= MAX_START_ELBOW_DEG
    )


def stretches_arms(_: CycleEvent, frames: Sequence[FrameObservation]) -> bool:
    """Accept every cycle in which the arms stretch."""
    return elbow_range_deg(frames) >= MIN_ELBOW_RANGE_DEG / 2.0


MOVEMENT: Final = Movement(
    enters=holds_at_shoulders,
    stays=may_press,
    signal=hands_below,
    accepts=is_press,
    min_range=0.18,
    min_rep_s=0.6,
)
_LAX: Final = Movement(
    enters=is_observed,
    stays=is_observed,
    signal=hands_below,
    accepts=stretches_arms,
    min_range=0.14,
    min_rep_s=0.5,
    max_rep_s=20.0,
    median_s=0.3,
)

# Coaching conventions: arms straight, the weight over the shoulders, no leaning back. The limits are our own.
LOCK_OUT: Final = Criterion(passes=165.0, fails=151.0, unit="deg", penalty=40.0)
OVER_SHOULDER: Final = Criterion(passes=0.15, fails=0.30, unit="arm lengths", penalty=20.0)
LEAN_BACK: Final = Criterion(passes=15.0, fails=29.0, unit="deg", penalty=25.0)
SYMMETRY: Final = Criterion(passes=10.0, fails=20.0, unit="deg", penalty=15.0)


def straightest_elbow_deg(scene: Scene) -> float:
    """Return the elbow angle overhead in the picture. [deg]"""
    return quantile((elbow_deg(body) for body in scene.turn), 0.75)


def hands_off_shoulders(scene: Scene) -> float:
    """Return how far the hands are from over the shoulders, along the ground, in arm lengths. [1]"""
    scale = scale_px_per_m(scene.frames)
    return median(abs(b.near_arm.wrist_x - b.near_arm.shoulder_x) / (ARM_M * scale) for b in scene.turn)


def lean_back_deg(scene: Scene) -> float:
    """Return how far the trunk leans backwards overhead; leaning forwards counts as none. [deg]"""
    return max(0.0, median(_backwards_deg(body) for body in scene.turn))


def _backwards_deg(body: Body) -> float:
    trunk_x = body.near_arm.shoulder_x - body.near_leg.hip_x
    ahead = body.near_leg.toes_ahead_px
    return math.nan if not math.isfinite(ahead) else -math.copysign(body.lean_deg, trunk_x * ahead)


def elbow_difference_deg(scene: Scene) -> float:
    """Return the difference of the elbows overhead. [deg]"""
    return median(abs(body.left_arm.elbow_deg - body.right_arm.elbow_deg) for body in scene.turn)


DEFINITION: Final = Definition(
    exercise=Exercise.OVERHEAD_PRESS,
    movement=MOVEMENT,
    normalised=(_LAX,),
    recognises=Movement(
        enters=is_observed, stays=is_observed, signal=hands_below, accepts=never, min_range=9.0, min_rep_s=0.6
    ),
    checks=(
        Check(Fault.INCOMPLETE_LOCKOUT, LOCK_OUT, straightest_elbow_deg, From.ANYWHERE, Needs.ARMS, is_essential=True),
        Check(Fault.LEAN_BACK, LEAN_BACK, lean_back_deg, From.SIDE, Needs.FEET),
        Check(Fault.HANDS_OFF, OVER_SHOULDER, hands_off_shoulders, From.SIDE, Needs.ARMS),
        Check(Fault.ASYMMETRY, SYMMETRY, elbow_difference_deg, From.FRONT, Needs.ARMS),
    ),
    view_deg=facing_deg,
    angle=elbow_deg,
    angle_name="elbow",
    travel_m=lambda seen: -seen.wrist_y_px / seen.px_per_m,
    rises_first=True,
)
