"""The jumping jack: arms and legs open together and close again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from topform.kinematics.body import Body
from topform.kinematics.cycles import CycleEvent
from topform.kinematics.exercises.definition import Check, Definition, From, Needs, Scene
from topform.kinematics.exercises.readings import (
    around,
    bodies,
    facing_deg,
    hands_over_shoulders_m,
    hips_over_ankles_m,
    is_observed,
    median,
    raise_deg,
    scale_px_per_m,
)
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.movement import Movement, Ruler, spread
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import Criterion

MIN_STANDING_M: Final = 0.55
"""Hips this high over the ankles stand."""

MAX_LEAN_DEG: Final = 25.0
MIN_RAISE_RANGE_DEG: Final = 45.0
MIN_FEET_RANGE_M: Final = 0.06
"""Both have to move, so neither a raise of the arms nor a wide stance is one."""


def stands(seen: FrameObservation) -> bool:
    """Tell whether a body stands upright with the hands below the shoulders."""
    return may_jump(seen) and hands_over_shoulders_m(seen, seen.px_per_m) < 0.1


def may_jump(seen: FrameObservation) -> bool:
    """Tell whether a body that stood may still be jumping: the trunk is upright over the legs."""
    return (
        seen.body is not None
        and seen.body.lean_deg <= MAX_LEAN_DEG
        and hips_over_ankles_m(seen, seen.px_per_m) > MIN_STANDING_M
    )


def arms_below(seen: FrameObservation, _: Ruler) -> float:
    """Return how far the upper arms are from overhead. [deg]"""
    return math.nan if seen.body is None else 180.0 - raise_deg(seen.body)


def feet_apart_px(body: Body) -> float:
    """Return the distance of the ankles across the picture. [px]"""
    return abs(body.left_leg.ankle_x - body.right_leg.ankle_x)


def is_jumping_jack(event: CycleEvent, frames: Sequence[FrameObservation]) -> bool:
    """Tell whether the arms went up and the feet went apart in one cycle."""
    seen = bodies(frames)
    scale = scale_px_per_m(frames)
    if spread([raise_deg(body) for body in seen]) < MIN_RAISE_RANGE_DEG:
        return False
    reach_s = (event.end.t_s - event.start.t_s) / 6.0
    open_px = median(feet_apart_px(body) for body in bodies(around(frames, event.turn.t_s, reach_s)))
    ends = [*around(frames, event.start.t_s, reach_s), *around(frames, event.end.t_s, reach_s)]
    closed_px = median(feet_apart_px(body) for body in bodies(ends))
    return (open_px - closed_px) / scale >= MIN_FEET_RANGE_M


def raises_arms(_: CycleEvent, frames: Sequence[FrameObservation]) -> bool:
    """Accept every cycle in which the arms rise."""
    return spread([raise_deg(body) for body in bodies(frames)]) >= MIN_RAISE_RANGE_DEG / 2.0


def never(_: CycleEvent, __: Sequence[FrameObservation]) -> bool:
    """Accept nothing: squeezed into its own box, a body's feet have no distance."""
    return False


MOVEMENT: Final = Movement(
    enters=stands,
    stays=may_jump,
    signal=arms_below,
    accepts=is_jumping_jack,
    min_range=50.0,
    min_rep_s=0.35,
    max_rep_s=4.0,
)
_LAX: Final = Movement(
    enters=is_observed, stays=is_observed, signal=arms_below, accepts=raises_arms, min_range=40.0, min_rep_s=0.35
)

# Coaching conventions: hands over the head, feet well apart, and closed again. The limits are our own.
HANDS_UP: Final = Criterion(passes=0.0, fails=-0.10, unit="m", penalty=40.0)
FEET_APART: Final = Criterion(passes=1.6, fails=1.2, unit="hip widths", penalty=35.0)
ARMS_DOWN: Final = Criterion(passes=36.0, fails=50.0, unit="deg", penalty=25.0)

HIP_HALF_M: Final = 0.0935
"""Half the distance of the hip joints of an average body, for bodies that the picture turns away a little."""


def hands_over_head_m(scene: Scene) -> float:
    """Return the height of the lower hand over the nose where the arms are highest. [m]"""
    scale = scale_px_per_m(scene.frames)
    return median((body.nose_y - max(arm.wrist_y for arm in body.arms)) / scale for body in scene.turn)


def feet_over_hips(scene: Scene) -> float:
    """Return the distance of the feet where they are widest, in hip widths. [1]"""
    scale = scale_px_per_m(scene.frames)
    return median(feet_apart_px(body) / (2.0 * HIP_HALF_M * scale) for body in scene.turn)


def arms_at_end_deg(scene: Scene) -> float:
    """Return how far the arms stay raised between the jumps. [deg]"""
    return median(raise_deg(body) for body in scene.ends)


DEFINITION: Final = Definition(
    exercise=Exercise.JUMPING_JACK,
    movement=MOVEMENT,
    normalised=(_LAX,),
    recognises=Movement(
        enters=is_observed, stays=is_observed, signal=arms_below, accepts=never, min_range=180.0, min_rep_s=0.35
    ),
    checks=(
        Check(Fault.NOT_FULLY_UP, HANDS_UP, hands_over_head_m, From.FRONT, Needs.ARMS, is_essential=True),
        Check(Fault.FEET_NARROW, FEET_APART, feet_over_hips, From.FRONT, Needs.LEGS, is_essential=True),
        Check(Fault.NOT_FULLY_DOWN, ARMS_DOWN, arms_at_end_deg, From.FRONT, Needs.ARMS),
    ),
    view_deg=facing_deg,
    angle=raise_deg,
    angle_name="shoulder",
    travel_m=lambda seen: -seen.wrist_y_px / seen.px_per_m,
    rises_first=True,
)
