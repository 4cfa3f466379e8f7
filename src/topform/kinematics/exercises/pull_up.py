"""The pull-up: the shoulders rise to resting hands."""

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
    elbow_both_deg,
    elbow_deg,
    elbow_range_deg,
    facing_deg,
    hands_over_shoulders_m,
    hip_deg,
    hips_over_ankles_m,
    is_observed,
    knee_range_deg,
    median,
    quantile,
    scale_px_per_m,
)
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.movement import Movement, Ruler, spread
from topform.kinematics.observation import ARM_M, FrameObservation
from topform.kinematics.push_up_faults import Criterion

MIN_ELBOW_RANGE_DEG: Final = 40.0
MIN_TRAVEL_M: Final = 0.12
MAX_HAND_TRAVEL_FRAC: Final = 0.5
MAX_KNEE_RANGE_DEG: Final = 90.0
"""Beyond it the legs push from the ground."""

MAX_HANGING_LEAN_DEG: Final = 30.0
"""A trunk that leans further lies, as in a bench press."""

STATURE_M: Final = 1.70


def hangs(seen: FrameObservation) -> bool:
    """Tell whether the hands are above the shoulders and the legs below the hips."""
    return (
        seen.body is not None
        and seen.body.lean_deg <= 45.0
        and hands_over_shoulders_m(seen, seen.px_per_m) > 0.2
        and hips_over_ankles_m(seen, seen.px_per_m) > 0.1
    )


def may_hang(seen: FrameObservation) -> bool:
    """Tell whether a body that hung may still hang: at the top the shoulders reach the hands."""
    return seen.body is not None and seen.body.lean_deg <= 70.0 and hands_over_shoulders_m(seen, seen.px_per_m) > -0.15


def hands_over_shoulders(seen: FrameObservation, ruler: Ruler) -> float:
    """Return the height of the hands over the shoulders. [m]"""
    return hands_over_shoulders_m(seen, ruler.px_per_m)


def is_pull_up(_: CycleEvent, frames: Sequence[FrameObservation], *, is_normalised: bool = False) -> bool:
    """Tell whether the shoulders rose to hands that stayed, by bending the arms."""
    if elbow_range_deg(frames) < MIN_ELBOW_RANGE_DEG:
        return False
    if not is_normalised and knee_range_deg(frames) > MAX_KNEE_RANGE_DEG:
        return False
    hands, shoulders = spread([f.wrist_y_px for f in frames]), spread([f.shoulder_y_px for f in frames])
    return hands < MAX_HAND_TRAVEL_FRAC * shoulders and shoulders / scale_px_per_m(frames) > MIN_TRAVEL_M


def is_upright(frames: Sequence[FrameObservation]) -> bool:
    """Tell whether the trunk hangs instead of lying under the hands."""
    return median(body.lean_deg for body in bodies(frames)) <= MAX_HANGING_LEAN_DEG


def has_range(event: CycleEvent, frames: Sequence[FrameObservation]) -> bool:
    """Accept every cycle in which the arms bend."""
    return max(elbow_range_deg(frames), bend_deg(event, frames, elbow_both_deg)) >= MIN_ELBOW_RANGE_DEG / 2.0


MOVEMENT: Final = Movement(
    enters=hangs, stays=may_hang, signal=hands_over_shoulders, accepts=is_pull_up, min_range=0.12, min_rep_s=0.4
)
_LAX: Final = Movement(
    enters=is_observed,
    stays=is_observed,
    signal=lambda seen, _: elbow_both_deg(seen),
    accepts=has_range,
    min_range=35.0,
    min_rep_s=0.4,
    max_rep_s=20.0,
    median_s=0.4,
)


def _elbows_and_height(seen: FrameObservation, ruler: Ruler) -> float:
    return (elbow_both_deg(seen) / 100.0 + hands_over_shoulders(seen, ruler) / ARM_M) / 2.0


# Coaching conventions: arms straight, chin over the bar, no kipping. The limits are our own.
CHIN: Final = Criterion(passes=0.0, fails=-0.07, unit="m", penalty=40.0)
HANG: Final = Criterion(passes=160.0, fails=146.0, unit="deg", penalty=25.0)
KIP: Final = Criterion(passes=30.0, fails=44.0, unit="deg", penalty=20.0)
SWAY: Final = Criterion(passes=0.15, fails=0.22, unit="1", penalty=20.0)
SYMMETRY: Final = Criterion(passes=10.0, fails=20.0, unit="deg", penalty=15.0)


def mouth_over_hands_m(scene: Scene) -> float:
    """Return the height of the mouth over the wrists at the top, for the chin over the bar. [m]"""
    scale = scale_px_per_m(scene.frames)
    return median(((b.left_arm.wrist_y + b.right_arm.wrist_y) / 2.0 - b.mouth_y) / scale for b in scene.turn)


def straightest_elbow_deg(scene: Scene) -> float:
    """Return the elbow angle of the hang in the picture. [deg]"""
    return quantile((elbow_deg(body) for body in scene.ends), 0.75)


def hip_excursion_deg(scene: Scene) -> float:
    """Return the range of the hip angle. [deg]"""
    return spread([hip_deg(frame.body) for frame in scene.frames if frame.body is not None])


def kip_excess(scene: Scene) -> float:
    """Return how far the swing lies beyond its limits, by the hips or by how far they sway."""
    seen = [frame.body for frame in scene.frames if frame.body is not None]
    sway_m = spread([b.near_leg.hip_x for b in seen]) / scale_px_per_m(scene.frames)
    return max(KIP.excess(hip_excursion_deg(scene)), SWAY.excess(sway_m / STATURE_M))


def elbow_difference_deg(scene: Scene) -> float:
    """Return the difference of the elbows at the top. [deg]"""
    return median(abs(body.left_arm.elbow_deg - body.right_arm.elbow_deg) for body in scene.turn)


DEFINITION: Final = Definition(
    exercise=Exercise.PULL_UP,
    movement=MOVEMENT,
    normalised=(_LAX, replace(_LAX, signal=_elbows_and_height, min_range=0.35)),
    recognises=replace(
        MOVEMENT,
        signal=lambda seen, _: elbow_both_deg(seen),
        accepts=partial(is_pull_up, is_normalised=True),
        min_range=30.0,
        max_rep_s=20.0,
        median_s=0.4,
    ),
    checks=(
        Check(Fault.CHIN_BELOW_BAR, CHIN, mouth_over_hands_m, From.ANYWHERE, Needs.ARMS, is_essential=True),
        Check(Fault.INCOMPLETE_LOCKOUT, HANG, straightest_elbow_deg, From.FRONT, Needs.ARMS),
        Check(Fault.KIPPING, KIP, hip_excursion_deg, From.SIDE, Needs.LEGS, kip_excess),
        Check(Fault.ASYMMETRY, SYMMETRY, elbow_difference_deg, From.FRONT, Needs.ARMS),
    ),
    view_deg=facing_deg,
    angle=elbow_deg,
    angle_name="elbow",
    travel_m=lambda seen: -seen.shoulder_y_px / seen.px_per_m,
    rises_first=True,
    may_be=is_upright,
)
