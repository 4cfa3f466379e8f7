"""The lunge: one thigh comes level while the other stays upright."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from topform.kinematics.body import Body, Leg
from topform.kinematics.cycles import CycleEvent
from topform.kinematics.exercises.definition import Check, Definition, From, Needs, Scene
from topform.kinematics.exercises.readings import (
    around,
    bodies,
    facing_deg,
    knee_deg,
    knee_range_deg,
    median,
    thigh_difference_deg,
)
from topform.kinematics.exercises.squat import (
    MOVEMENT as SQUAT,
)
from topform.kinematics.exercises.squat import (
    hips_travel_m,
    normalised_movements,
)
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import Criterion

MIN_KNEE_RANGE_DEG: Final = 35.0
MIN_HIP_TRAVEL_M: Final = 0.1
MIN_THIGH_DIFFERENCE_DEG: Final = 35.0
MAX_LEAN_DEG: Final = 50.0


def is_lunge(event: CycleEvent, frames: Sequence[FrameObservation], *, is_normalised: bool = False) -> bool:
    """Tell whether a cycle of the legs was a lunge: the thighs part, the trunk stays up."""
    laxer = 10.0 if is_normalised else 0.0
    if knee_range_deg(frames) < MIN_KNEE_RANGE_DEG - laxer:
        return False
    if not is_normalised and hips_travel_m(frames) < MIN_HIP_TRAVEL_M:
        return False
    turn = bodies(around(frames, event.turn.t_s, (event.end.t_s - event.start.t_s) / 16.0))
    if median(body.lean_deg for body in turn) > MAX_LEAN_DEG:
        return False
    return median(thigh_difference_deg(body) for body in turn) >= MIN_THIGH_DIFFERENCE_DEG - laxer


MOVEMENT: Final = replace(SQUAT, accepts=is_lunge, min_range=25.0)

# Coaching conventions: front knee near a right angle, trunk upright, knee over the foot. The limits are our own.
FRONT_KNEE: Final = Criterion(passes=100.0, fails=114.0, unit="deg", penalty=40.0)
LEAN: Final = Criterion(passes=15.0, fails=29.0, unit="deg", penalty=25.0)
VALGUS: Final = Criterion(passes=8.0, fails=17.0, unit="deg", penalty=35.0)


def front_leg(body: Body) -> Leg:
    """Return the leg whose thigh is nearer level."""
    return min(body.legs, key=lambda leg: abs(leg.thigh_deg))


def front_knee_deg(scene: Scene) -> float:
    """Return the angle of the front knee at the lowest point. [deg]"""
    return median(front_leg(body).knee_deg for body in scene.turn)


def lean_deg(scene: Scene) -> float:
    """Return the lean of the trunk at the lowest point. [deg]"""
    return median(body.lean_deg for body in scene.turn)


def valgus_deg(scene: Scene) -> float:
    """Return by how much the front shank leans towards the other leg, seen from the front. [deg]"""
    values = []
    for body in scene.turn:
        leg = front_leg(body)
        other = body.right_leg if leg is body.left_leg else body.left_leg
        inwards = math.copysign(1.0, other.hip_x - leg.hip_x) * (leg.knee_x - leg.ankle_x)
        values.append(math.degrees(math.atan2(inwards, leg.ankle_y - leg.knee_y)))
    return median(values)


DEFINITION: Final = Definition(
    exercise=Exercise.LUNGE,
    movement=MOVEMENT,
    normalised=normalised_movements(),
    recognises=replace(
        MOVEMENT, accepts=partial(is_lunge, is_normalised=True), min_range=25.0, max_rep_s=20.0, median_s=0.4
    ),
    checks=(
        Check(Fault.SHALLOW_DEPTH, FRONT_KNEE, front_knee_deg, From.SIDE, Needs.LEGS, is_essential=True),
        Check(Fault.KNEES_IN, VALGUS, valgus_deg, From.FRONT, Needs.LEGS),
        Check(Fault.FORWARD_LEAN, LEAN, lean_deg, From.SIDE, Needs.TRUNK),
    ),
    view_deg=facing_deg,
    angle=knee_deg,
    angle_name="knee",
    travel_m=lambda seen: -seen.hip_y_px / seen.px_per_m,
)
