"""The push-up: the posture, the height of the shoulders over resting hands, and which cycles are one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from topform.kinematics.cycles import CycleEvent
from topform.kinematics.exercises.definition import Definition
from topform.kinematics.exercises.readings import (
    around,
    bend_deg,
    bodies,
    elbow_both_deg,
    elbow_deg,
    elbow_range_deg,
    hands_over_shoulders_m,
    hips_over_ankles_m,
    median,
    shoulders_over_hips_m,
)
from topform.kinematics.form_analysis import Exercise
from topform.kinematics.movement import Movement, Ruler, spread
from topform.kinematics.observation import ARM_M, FrameObservation

# The shoulders sink by about half an arm in a full repetition; a tenth is more than breathing and swaying.
MIN_RANGE_M: Final = 0.15 * ARM_M
MIN_ELBOW_RANGE_DEG: Final = 14.0
SWAY_M: Final = 0.25 * ARM_M
SWAY_S: Final = 1.5
"""A cycle smaller and slower than these may be the swaying of a held plank: it counts only where the elbows bend."""

MIN_REP_S: Final = 0.2
"""From leaving the top to three quarters of the way up; the fastest sets repeat every 0.45 s."""

MIN_TOP_M: Final = 0.35 * ARM_M
"""At the top the shoulders are clearly above the hands, whatever the camera's height takes from it."""

MAX_HAND_TRAVEL_FRAC: Final = 1.5
MAX_HEIGHT_M: Final = 1.1 * ARM_M
"""Higher than a straight arm the hands have left the ground, as in a clap."""

MIN_RISE_FRAC: Final = 0.25
"""Part of the rise of the signal that must be seen in the picture, where the elbows do not show it."""

RISE_MOMENT_S: Final = 0.1
MIN_POSTURE_SHARE: Final = 0.6

# To get into position the posture must be clear; to stay in it, less will do: at the bottom the arms are folded, and
# from the front the estimator bends the hips.
ENTER_TRUNK_INCLINATION_DEG: Final = 50.0
STAY_TRUNK_INCLINATION_DEG: Final = 65.0
ENTER_HIP_ANGLE_DEG: Final = 100.0
STAY_HIP_ANGLE_DEG: Final = 60.0
ENTER_ARM_TRUNK_DEG: Final = (25.0, 150.0)
STAY_HAND_DIRECTION: Final = -0.2
FRONT_YAW_DEG: Final = 60.0
ALONG_ARMS: Final = 0.7

# Where each frame is normalised on its own; set while looking at the Countix fitness test.
NORMALISED_TRUNK_INCLINATION_DEG: Final = 60.0
NORMALISED_MIN_RANGE: Final = 0.3
MAX_SHOULDERS_OVER_ANKLES_M: Final = 0.27
MAX_TRUNK_OFF_LEVEL_DEG: Final = 35.0


def has_push_up_posture(seen: FrameObservation) -> bool:
    """Tell whether a body is clearly in the position of a push-up.

    Trunk not upright, hands on the ground side of the shoulders, hips not folded, arms neither overhead nor along
    the trunk. Incline, decline and knee variants pass; standing, sitting, lying on the back and hanging do not.
    """
    if not seen.is_observed:
        return False
    low, high = ENTER_ARM_TRUNK_DEG
    from_front = abs(seen.yaw_deg) > FRONT_YAW_DEG
    return (
        abs(seen.trunk_inclination_deg) <= ENTER_TRUNK_INCLINATION_DEG
        and not seen.hip_angle_deg < (STAY_HIP_ANGLE_DEG if from_front else ENTER_HIP_ANGLE_DEG)
        and not (seen.arm_trunk_deg < low or seen.arm_trunk_deg > high)
        and (seen.hand_direction > 0.0 or seen.hand_depth > ALONG_ARMS)
    )


def may_be_in_push_up(seen: FrameObservation) -> bool:
    """Tell whether a body that was in position may still be in it."""
    return (
        seen.is_observed
        and abs(seen.trunk_inclination_deg) <= STAY_TRUNK_INCLINATION_DEG
        and not seen.hip_angle_deg < STAY_HIP_ANGLE_DEG
        and (seen.hand_direction > STAY_HAND_DIRECTION or seen.hand_depth > ALONG_ARMS)
    )


def shoulders_over_hands(seen: FrameObservation, ruler: Ruler) -> float:
    """Return the height of the shoulders over the resting hands. [m]"""
    return min((ruler.hands_y_px - seen.shoulder_y_px) / ruler.px_per_m, MAX_HEIGHT_M)


def is_push_up(event: CycleEvent, frames: Sequence[FrameObservation], *, is_normalised: bool = False) -> bool:
    """Tell whether a cycle of the shoulders was made by bending the arms over resting hands.

    Parameters
    ----------
    event : CycleEvent
        The cycle.
    frames : sequence of FrameObservation
        What was seen during it.
    is_normalised : bool
        Whether each frame is normalised on its own: lengths and elbows are too rough then to tell swaying.
    """
    if event.start.value < MIN_TOP_M or not frames:
        return False
    if sum(may_be_in_push_up(f) for f in frames) < MIN_POSTURE_SHARE * len(frames):
        return False
    inclination = sum(abs(f.trunk_inclination_deg) for f in frames) / len(frames)
    if inclination > ENTER_TRUNK_INCLINATION_DEG:
        return False
    elbows = max(spread([f.elbow_deg for f in frames]), spread([f.elbow_world_deg for f in frames]))
    if elbows < MIN_ELBOW_RANGE_DEG:
        return False
    may_sway = event.start.value - event.turn.value < SWAY_M and event.end.t_s - event.start.t_s >= SWAY_S
    if may_sway and not is_normalised and bend_deg(event, frames, elbow_both_deg) < MIN_ELBOW_RANGE_DEG:
        return False
    hands, shoulders = spread([f.wrist_y_px for f in frames]), spread([f.shoulder_y_px for f in frames])
    return hands <= MAX_HAND_TRAVEL_FRAC * shoulders and has_come_up(event, frames)


def has_come_up(event: CycleEvent, frames: Sequence[FrameObservation]) -> bool:
    """Tell whether the body at the end of a cycle differs from the body at its turn.

    Hands and scale are averaged: while they settle, as after getting down into a plank, the signal rises and nobody
    does. Then neither the height over the hands nor the elbows have changed in the picture.
    """
    turn, end = (around(frames, t_s, RISE_MOMENT_S) for t_s in (event.turn.t_s, event.end.t_s))
    rise_m = median(hands_over_shoulders_m(f, f.px_per_m) for f in turn) - median(
        hands_over_shoulders_m(f, f.px_per_m) for f in end
    )
    stretch_deg = median(map(elbow_both_deg, end)) - median(map(elbow_both_deg, turn))
    is_still = abs(rise_m) < MIN_RISE_FRAC * (event.end.value - event.turn.value)
    return not (is_still and abs(stretch_deg) < MIN_ELBOW_RANGE_DEG)


def is_low(frames: Sequence[FrameObservation]) -> bool:
    """Tell whether the trunk lies, or the shoulders are about as low as the feet where it points at the camera."""
    if median(abs(90.0 - body.lean_deg) for body in bodies(frames)) <= MAX_TRUNK_OFF_LEVEL_DEG:
        return True
    heights = (hips_over_ankles_m(f, f.px_per_m) + shoulders_over_hips_m(f, f.px_per_m) for f in frames)
    return median(heights) <= MAX_SHOULDERS_OVER_ANKLES_M


MOVEMENT: Final = Movement(
    enters=has_push_up_posture,
    stays=may_be_in_push_up,
    signal=shoulders_over_hands,
    accepts=is_push_up,
    min_range=MIN_RANGE_M,
    min_rep_s=MIN_REP_S,
)


def _is_low(seen: FrameObservation) -> bool:
    return seen.is_observed and abs(seen.trunk_inclination_deg) <= NORMALISED_TRUNK_INCLINATION_DEG


def _has_range(event: CycleEvent, frames: Sequence[FrameObservation]) -> bool:
    return max(elbow_range_deg(frames), bend_deg(event, frames, elbow_both_deg)) >= MIN_ELBOW_RANGE_DEG


def _elbows(seen: FrameObservation, _: Ruler) -> float:
    return elbow_both_deg(seen) / 100.0


def _shoulders(seen: FrameObservation, ruler: Ruler) -> float:
    return -hands_over_shoulders_m(seen, ruler.px_per_m) / ARM_M


def _both(seen: FrameObservation, ruler: Ruler) -> float:
    return (_elbows(seen, ruler) + _shoulders(seen, ruler)) / 2.0


def _more_bent_elbow(seen: FrameObservation, _: Ruler) -> float:
    return math.nan if seen.body is None else min(arm.elbow_deg for arm in seen.body.arms) / 100.0


def _arm_length(seen: FrameObservation, ruler: Ruler) -> float:
    if seen.body is None:
        return math.nan
    spans = [math.hypot(arm.wrist_x - arm.shoulder_x, arm.wrist_y - arm.shoulder_y) for arm in seen.body.arms]
    return sum(spans) / (2.0 * ruler.px_per_m * ARM_M)


_LAX: Final = replace(
    MOVEMENT,
    enters=_is_low,
    stays=_is_low,
    accepts=_has_range,
    signal=_elbows,
    min_range=NORMALISED_MIN_RANGE,
    min_rep_s=MIN_REP_S,
    median_s=0.3,
    max_rep_s=20.0,
)

DEFINITION: Final = Definition(
    exercise=Exercise.PUSH_UP,
    movement=MOVEMENT,
    normalised=(
        MOVEMENT,
        *(replace(_LAX, signal=signal) for signal in (_elbows, _shoulders, _both, _more_bent_elbow, _arm_length)),
    ),
    recognises=replace(MOVEMENT, accepts=partial(is_push_up, is_normalised=True)),
    checks=(),
    view_deg=lambda seen: seen.yaw_deg,
    angle=elbow_deg,
    angle_name="elbow",
    travel_m=lambda seen: -seen.shoulder_y_px / seen.px_per_m,
    may_be=is_low,
)
