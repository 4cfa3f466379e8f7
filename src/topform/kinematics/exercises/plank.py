"""The plank: nothing moves, and the line from shoulders to feet is what is judged."""

from __future__ import annotations

import math
from typing import Final

from topform.kinematics.exercises.definition import Check, From, HoldDefinition, Needs, Scene
from topform.kinematics.exercises.push_up import has_push_up_posture, may_be_in_push_up
from topform.kinematics.exercises.readings import median, quantile
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.observation import TRUNK_M, FrameObservation
from topform.kinematics.push_up_faults import Criterion

MIN_HIP_ANGLE_DEG: Final = 110.0
FIRST_S: Final = 5.0
LASTING: Final = 0.2
"""A bend counts when it lasts for a fifth of the hold."""

FOREARM_ELBOW_DEG: Final = 130.0

SAG: Final = Criterion(passes=10.0, fails=17.0, unit="deg", penalty=40.0)
PIKE: Final = Criterion(passes=10.0, fails=17.0, unit="deg", penalty=30.0)
DRIFT: Final = Criterion(passes=5.0, fails=12.0, unit="deg", penalty=15.0)
ELBOWS: Final = Criterion(passes=0.15, fails=0.3, unit="1", penalty=15.0)


def planks(seen: FrameObservation) -> bool:
    """Tell whether a body is clearly in a plank, on hands or forearms."""
    return has_push_up_posture(seen) and not seen.hip_angle_deg < MIN_HIP_ANGLE_DEG


def sag_deg(scene: Scene) -> float:
    """Return how far the hips sink below the line for a fifth of the hold. [deg]"""
    return -quantile((frame.body_line_deg for frame in scene.frames), LASTING)


def pike_deg(scene: Scene) -> float:
    """Return how far the hips rise above the line for a fifth of the hold. [deg]"""
    return quantile((frame.body_line_deg for frame in scene.frames), 1.0 - LASTING)


def drift_deg(scene: Scene) -> float:
    """Return the change of the line from the first five seconds to the last five. [deg]"""
    first = [f.body_line_deg for f in scene.frames if f.t_s <= scene.attempt.start_s + FIRST_S]
    last = [f.body_line_deg for f in scene.frames if f.t_s >= scene.attempt.end_s - FIRST_S]
    return abs(median(last) - median(first))


def elbows_off(scene: Scene) -> float:
    """Return how far the elbows are from under the shoulders, over the length of the trunk; on forearms only."""
    offs = []
    for frame in scene.frames:
        if frame.body is None or not frame.near_arm.elbow_deg < FOREARM_ELBOW_DEG:
            continue
        arm = frame.body.near_arm
        offs.append(abs(arm.elbow_x - arm.shoulder_x) / (TRUNK_M * frame.px_per_m))
    return median(offs) if len(offs) * 2 > len(scene.frames) else math.nan


DEFINITION: Final = HoldDefinition(
    exercise=Exercise.PLANK,
    enters=planks,
    stays=may_be_in_push_up,
    checks=(
        Check(Fault.HIPS_SAG, SAG, sag_deg, From.SIDE, Needs.LEGS, is_essential=True),
        Check(Fault.HIPS_PIKE, PIKE, pike_deg, From.SIDE, Needs.LEGS, is_essential=True),
        Check(Fault.LINE_DRIFT, DRIFT, drift_deg, From.SIDE, Needs.LEGS),
        Check(Fault.ELBOWS_OFF, ELBOWS, elbows_off, From.SIDE, Needs.ARMS),
    ),
    view_deg=lambda seen: seen.yaw_deg,
)
