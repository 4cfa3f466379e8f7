"""The squat: hips and knees bend together over resting feet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from topform.kinematics.cycles import CycleEvent
from topform.kinematics.exercises.definition import Check, Definition, From, Needs, Scene
from topform.kinematics.exercises.readings import (
    around,
    bend_deg,
    bodies,
    facing_deg,
    folded_leg_deg,
    hips_over_ankles_m,
    hips_over_feet_range_m,
    is_observed,
    knee_both_deg,
    knee_deg,
    knee_range_deg,
    leg_bend_deg,
    legs_m,
    median,
    scale_px_per_m,
    thigh_difference_deg,
)
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.movement import Movement, Ruler, spread
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import Criterion

MIN_KNEE_RANGE_DEG: Final = 40.0
MIN_HIP_TRAVEL_M: Final = 0.12
MAX_FOOT_TRAVEL_FRAC: Final = 0.5
MAX_FOOT_SLIDE_M: Final = 0.2
"""Feet that go further aside jump, as in a jumping jack."""

MAX_THIGH_DIFFERENCE_DEG: Final = 35.0
"""Further apart is a lunge."""

MIN_HIPS_OVER_FEET_RANGE_M: Final = 0.22
MIN_LEGS_M: Final = 0.5
"""Legs that look shorter point at the camera, and what they do is not seen."""

MAX_LEAN_DEG: Final = 65.0
STANDING_BEND_DEG: Final = 125.0


def stands(seen: FrameObservation) -> bool:
    """Tell whether a body stands on its feet."""
    return (
        seen.body is not None
        and hips_over_ankles_m(seen, seen.px_per_m) >= 0.5
        and seen.body.lean_deg <= 50.0
        and leg_bend_deg(seen) > STANDING_BEND_DEG
    )


def is_on_feet(seen: FrameObservation) -> bool:
    """Tell whether a body that stood may still be on its feet, however low."""
    return seen.body is not None and hips_over_ankles_m(seen, seen.px_per_m) >= -0.1 and seen.body.lean_deg <= 80.0


def bend(seen: FrameObservation, _: Ruler) -> float:
    """Return the mean of knee and hip angle. [deg]"""
    return leg_bend_deg(seen)


def feet_rest(frames: Sequence[FrameObservation]) -> bool:
    """Tell whether both feet stay where they are while the hips move."""
    seen = bodies(frames)
    hips = spread([(body.left_leg.hip_y + body.right_leg.hip_y) / 2.0 for body in seen])
    limit = MAX_FOOT_TRAVEL_FRAC * hips
    ankles = [[(body.left_leg.ankle_y, body.right_leg.ankle_y)[side] for body in seen] for side in (0, 1)]
    aside = [[(body.left_leg.ankle_x, body.right_leg.ankle_x)[side] for body in seen] for side in (0, 1)]
    widest = MAX_FOOT_SLIDE_M * scale_px_per_m(frames)
    return all(spread(heights) <= limit for heights in ankles) and all(spread(places) <= widest for places in aside)


def hips_travel_m(frames: Sequence[FrameObservation]) -> float:
    """Return how far the hips moved up and down. [m]"""
    return spread([frame.hip_y_px for frame in frames if frame.body is not None]) / scale_px_per_m(frames)


def is_squat(event: CycleEvent, frames: Sequence[FrameObservation], *, is_normalised: bool = False) -> bool:
    """Tell whether a cycle was a squat and no lunge, bow or jump."""
    if knee_range_deg(frames) < MIN_KNEE_RANGE_DEG * (0.8 if is_normalised else 1.0):
        return False
    if not is_normalised and not (feet_rest(frames) and hips_travel_m(frames) > MIN_HIP_TRAVEL_M):
        return False
    turn = bodies(around(frames, event.turn.t_s, (event.end.t_s - event.start.t_s) / 16.0))
    if median(thigh_difference_deg(body) for body in turn) >= MAX_THIGH_DIFFERENCE_DEG + 10.0 * is_normalised:
        return False
    return median(body.lean_deg for body in turn) <= MAX_LEAN_DEG


def legs_fold(frames: Sequence[FrameObservation]) -> bool:
    """Tell whether the legs are seen at length and the hips sink towards the feet."""
    return median(legs_m(frame) for frame in frames) >= MIN_LEGS_M and (
        hips_over_feet_range_m(frames) >= MIN_HIPS_OVER_FEET_RANGE_M
    )


def has_range(event: CycleEvent, frames: Sequence[FrameObservation]) -> bool:
    """Accept every cycle in which the knees bend."""
    return max(knee_range_deg(frames), bend_deg(event, frames, knee_both_deg)) >= 25.0


MOVEMENT: Final = Movement(
    enters=stands, stays=is_on_feet, signal=bend, accepts=is_squat, min_range=30.0, min_rep_s=0.5
)
RECOGNISES: Final = replace(
    MOVEMENT, accepts=partial(is_squat, is_normalised=True), min_range=35.0, max_rep_s=20.0, median_s=0.4
)


def normalised_movements() -> tuple[Movement, ...]:
    """Return the signals that follow the legs where each frame is normalised on its own."""
    lax = replace(RECOGNISES, enters=is_observed, stays=is_observed, accepts=has_range, min_range=35.0)
    return (
        lax,
        replace(lax, signal=lambda seen, _: folded_leg_deg(seen)),
        replace(lax, signal=lambda seen, _: knee_both_deg(seen)),
        replace(lax, signal=lambda seen, _: hips_over_ankles_m(seen, seen.px_per_m), min_range=0.28),
    )


# Coaching conventions (depth: hip at or below the knee). The limits are our own.
THIGH: Final = Criterion(passes=0.0, fails=14.0, unit="deg", penalty=40.0)
THIGH_FROM_FRONT: Final = Criterion(passes=7.0, fails=28.0, unit="deg", penalty=40.0)
LEAN: Final = Criterion(passes=15.0, fails=29.0, unit="deg", penalty=20.0)
HEEL: Final = Criterion(passes=10.0, fails=17.0, unit="deg", penalty=15.0)
KNEES: Final = Criterion(passes=0.9, fails=0.75, unit="1", penalty=25.0)


def thigh_deg(scene: Scene) -> float:
    """Return the inclination of the thighs at the lowest point; 0 = level. [deg]"""
    if scene.is_from_side:
        return median(body.near_leg.thigh_deg for body in scene.turn)
    return median((body.left_leg.thigh_deg + body.right_leg.thigh_deg) / 2.0 for body in scene.turn)


def depth_excess(scene: Scene) -> float:
    """Return how far the depth lies beyond its limits, which the camera's height blurs more from the front."""
    return (THIGH if scene.is_from_side else THIGH_FROM_FRONT).excess(thigh_deg(scene))


def lean_over_shanks_deg(scene: Scene) -> float:
    """Return by how much the trunk leans further than the shanks at the lowest point. [deg]"""
    return median(body.lean_deg - body.near_leg.shank_lean_deg for body in scene.turn)


def heel_rise_deg(scene: Scene) -> float:
    """Return how much further the heel is up at the lowest point than standing. [deg]"""
    return median(b.near_leg.foot_deg for b in scene.turn) - median(b.near_leg.foot_deg for b in scene.ends)


def knee_separation(scene: Scene) -> float:
    """Return the distance of the knees over that of the ankles at the lowest point."""
    ratios = []
    for body in scene.turn:
        ankles = body.left_leg.ankle_x - body.right_leg.ankle_x
        if abs(ankles) > 0.0:
            ratios.append((body.left_leg.knee_x - body.right_leg.knee_x) / ankles)
    return median(ratios)


DEFINITION: Final = Definition(
    exercise=Exercise.SQUAT,
    movement=MOVEMENT,
    normalised=normalised_movements(),
    recognises=RECOGNISES,
    checks=(
        Check(Fault.SHALLOW_DEPTH, THIGH, thigh_deg, From.ANYWHERE, Needs.LEGS, depth_excess, is_essential=True),
        Check(Fault.KNEES_IN, KNEES, knee_separation, From.FRONT, Needs.LEGS),
        Check(Fault.FORWARD_LEAN, LEAN, lean_over_shanks_deg, From.SIDE, Needs.LEGS),
        Check(Fault.HEEL_LIFT, HEEL, heel_rise_deg, From.SIDE, Needs.FEET),
    ),
    view_deg=facing_deg,
    angle=knee_deg,
    angle_name="knee",
    travel_m=lambda seen: -seen.hip_y_px / seen.px_per_m,
    may_be=legs_fold,
)
