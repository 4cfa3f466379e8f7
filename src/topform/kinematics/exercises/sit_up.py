"""The sit-up: the trunk rises over the hips while the feet rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from topform.kinematics.cycles import CycleEvent
from topform.kinematics.exercises.definition import Check, Definition, From, Needs, Scene
from topform.kinematics.exercises.readings import (
    bend_deg,
    bodies,
    facing_deg,
    hip_both_deg,
    hip_deg,
    hip_range_deg,
    hips_over_ankles_m,
    hips_over_feet_range_m,
    is_observed,
    median,
    scale_px_per_m,
    shoulders_over_hips_m,
)
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.movement import Movement, Ruler, spread
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import Criterion

MIN_HIP_RANGE_DEG: Final = 28.0
MIN_RISE_M: Final = 0.1
MAX_FOOT_TRAVEL_FRAC: Final = 0.5
MAX_HIPS_OVER_FEET_RANGE_M: Final = 0.5


def lies(seen: FrameObservation) -> bool:
    """Tell whether a body lies on its back with bent knees."""
    if seen.body is None:
        return False
    knees_up = any(leg.knee_y < leg.hip_y - 0.02 * seen.px_per_m for leg in seen.body.legs)
    return (
        abs(seen.trunk_inclination_deg) < 45.0
        and abs(shoulders_over_hips_m(seen, seen.px_per_m)) < 0.35
        and hips_over_ankles_m(seen, seen.px_per_m) < 0.3
        and knees_up
    )


def is_on_ground(seen: FrameObservation) -> bool:
    """Tell whether a body that lay may still be on the ground: it has not stood up."""
    return seen.body is not None and hips_over_ankles_m(seen, seen.px_per_m) < 0.4


def hip_angle(seen: FrameObservation, _: Ruler) -> float:
    """Return the hip angle. [deg]"""
    return hip_both_deg(seen)


def is_sit_up(_: CycleEvent, frames: Sequence[FrameObservation], *, is_normalised: bool = False) -> bool:
    """Tell whether the shoulders rose by bending the hips over resting feet."""
    if hip_range_deg(frames) < MIN_HIP_RANGE_DEG:
        return False
    if spread([shoulders_over_hips_m(f, f.px_per_m) for f in frames if f.body is not None]) < MIN_RISE_M:
        return False
    if is_normalised:
        return True
    limit = MAX_FOOT_TRAVEL_FRAC * spread([f.shoulder_y_px for f in frames])
    seen = bodies(frames)
    ankles = [[(body.left_leg.ankle_y, body.right_leg.ankle_y)[side] for body in seen] for side in (0, 1)]
    return all(spread(heights) < limit for heights in ankles)


def hips_stay(frames: Sequence[FrameObservation]) -> bool:
    """Tell whether hips and feet keep their heights while the trunk rises."""
    return hips_over_feet_range_m(frames) <= MAX_HIPS_OVER_FEET_RANGE_M


def has_range(event: CycleEvent, frames: Sequence[FrameObservation]) -> bool:
    """Accept every cycle in which the hips bend."""
    return max(hip_range_deg(frames), bend_deg(event, frames, hip_both_deg)) >= 0.75 * MIN_HIP_RANGE_DEG


MOVEMENT: Final = Movement(
    enters=lies, stays=is_on_ground, signal=hip_angle, accepts=is_sit_up, min_range=25.0, min_rep_s=0.5
)
_LAX: Final = replace(MOVEMENT, enters=is_observed, stays=is_observed, accepts=has_range, median_s=0.3, max_rep_s=20.0)

# Coaching conventions: shoulder blades down, trunk upright at the top. The limits are our own.
UP: Final = Criterion(passes=80.0, fails=66.0, unit="deg", penalty=40.0)
DOWN: Final = Criterion(passes=15.0, fails=29.0, unit="deg", penalty=30.0)
FEET: Final = Criterion(passes=0.06, fails=0.15, unit="m", penalty=15.0)
NECK: Final = Criterion(passes=25.0, fails=39.0, unit="deg", penalty=15.0)


def trunk_at_top_deg(scene: Scene) -> float:
    """Return the inclination of the trunk at the highest point; 90 = upright. [deg]"""
    return 90.0 - median(body.lean_deg for body in scene.turn)


def elbows_past_knees(scene: Scene) -> bool:
    """Tell whether the elbows reach the knees at the highest point."""
    gaps = []
    for body in scene.turn:
        ahead = 1.0 if body.near_leg.knee_x > body.near_leg.hip_x else -1.0
        gaps.append(ahead * (body.near_arm.elbow_x - body.near_leg.knee_x))
    return median(gaps) >= 0.0


def up_excess(scene: Scene) -> float:
    """Return how far the top lies beyond its limits: upright, or elbows at the knees."""
    return (
        min(UP.excess(trunk_at_top_deg(scene)), 0.0) if elbows_past_knees(scene) else UP.excess(trunk_at_top_deg(scene))
    )


def trunk_at_bottom_deg(scene: Scene) -> float:
    """Return the inclination of the trunk lying. [deg]"""
    return median(abs(90.0 - body.lean_deg) for body in scene.ends)


def feet_rise_m(scene: Scene) -> float:
    """Return how far the feet leave the ground. [m]"""
    seen = bodies(scene.frames)
    return spread([body.near_leg.ankle_y for body in seen]) / scale_px_per_m(scene.frames)


def neck_change_deg(scene: Scene) -> float:
    """Return how far the head is pulled towards the chest. [deg]"""
    return median(b.neck_deg for b in scene.ends) - median(b.neck_deg for b in scene.turn)


DEFINITION: Final = Definition(
    exercise=Exercise.SIT_UP,
    movement=MOVEMENT,
    normalised=(
        _LAX,
        replace(_LAX, signal=lambda seen, ruler: -shoulders_over_hips_m(seen, ruler.px_per_m), min_range=0.14),
    ),
    recognises=replace(MOVEMENT, accepts=partial(is_sit_up, is_normalised=True), median_s=0.25, max_rep_s=20.0),
    checks=(
        Check(Fault.NOT_FULLY_UP, UP, trunk_at_top_deg, From.SIDE, Needs.TRUNK, up_excess, is_essential=True),
        Check(Fault.NOT_FULLY_DOWN, DOWN, trunk_at_bottom_deg, From.SIDE, Needs.TRUNK),
        Check(Fault.FEET_LIFT, FEET, feet_rise_m, From.SIDE, Needs.LEGS),
        Check(Fault.NECK_PULL, NECK, neck_change_deg, From.SIDE, Needs.TRUNK),
    ),
    view_deg=facing_deg,
    angle=hip_deg,
    angle_name="hip",
    travel_m=lambda seen: -seen.shoulder_y_px / seen.px_per_m,
    rises_first=True,
    may_be=hips_stay,
)
