"""Exercises of a parametric body: any severity of any fault, seen from any side.

The labels are the parameters. Nothing of it is called accuracy; it proves that a criterion finds what it is for, stays
silent on clean repetitions, and abstains where the view hides the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray, frozen_floats
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33, SIDES, Side
from topform.ml.synthesis.body import SHARE_OF_STATURE, SIGN, Bodies, add_extremities

ANKLE_M: Final = 0.09
HALF_STANCE_M: Final = 0.13
GRIP_HALF_M: Final = 0.28
BAR_M: Final = 2.3


@dataclass(frozen=True, slots=True)
class Performance:
    """One made-up set.

    Parameters
    ----------
    exercise : Exercise
        Squat, lunge, pull-up, sit-up, jumping jack or overhead press.
    severity : mapping of Fault to float
        How bad each fault is: 0 = clean, 1 = clearly beyond its limit; others are clean.
    reps : int
        Repetitions.
    period_s, rest_s : float
        Time of one repetition, and before the first and after the last. [s]
    facing_deg : float
        0 = seen from the side, 90 = from the front, -90 = from behind. [deg]
    stature_m : float
        Size of the body. [m]
    noise_m : float
        Standard deviation of every coordinate in the picture. [m]
    frames_per_s : float
        Frame rate. [1/s]
    """

    exercise: Exercise
    severity: Mapping[Fault, float] = field(default_factory=dict)
    reps: int = 4
    period_s: float = 2.5
    rest_s: float = 1.0
    facing_deg: float = 0.0
    stature_m: float = 1.70
    noise_m: float = 0.0
    frames_per_s: float = 30.0

    def of(self, fault: Fault) -> float:
        """Return the severity of a fault."""
        return self.severity.get(fault, 0.0)


def perform(performance: Performance, rng: np.random.Generator) -> PoseSequence:
    """Return the poses of a made-up set.

    Parameters
    ----------
    performance : Performance
        What is done.
    rng : Generator
        Source of the noise.
    """
    duration_s = 2.0 * performance.rest_s + performance.reps * performance.period_s
    t_s = np.arange(int(duration_s * performance.frames_per_s) + 1) / performance.frames_per_s
    moving_s = np.clip(t_s - performance.rest_s, 0.0, performance.reps * performance.period_s)
    depth = 0.5 - 0.5 * np.cos(2.0 * np.pi * moving_s / performance.period_s)
    joints = _BODIES[performance.exercise](performance, depth)
    return seen_by_camera(joints, t_s, facing_deg=performance.facing_deg, noise_m=performance.noise_m, rng=rng)


def seen_by_camera(
    joints: FloatArray, t_s: FloatArray, *, facing_deg: float, noise_m: float, rng: np.random.Generator
) -> PoseSequence:
    """Return a moving body as a far camera sees it.

    Parameters
    ----------
    joints : FloatArray
        (T, 33, 3) forwards, up, to the athlete's left. [m]
    t_s : FloatArray
        (T,) [s]
    facing_deg, noise_m : float
        0 = from the side, 90 = from the front [deg]; standard deviation of every coordinate [m].
    rng : Generator
        Source of the noise.
    """
    turn = np.radians(facing_deg)
    across = joints[..., 0] * np.cos(turn) + joints[..., 2] * np.sin(turn)
    away = -joints[..., 0] * np.sin(turn) + joints[..., 2] * np.cos(turn)
    world = np.stack([across, -joints[..., 1], away], axis=-1)
    world = world + rng.normal(0.0, noise_m, world.shape)
    hips = world[:, BLAZEPOSE33.indices(("left_hip", "right_hip"))].mean(axis=1, keepdims=True)
    return PoseSequence(
        t_s=frozen_floats(t_s),
        xy_px=frozen_floats(world[..., :2] * 300.0 + np.array([640.0, 800.0])),
        score=frozen_floats(_scores(world)),
        skeleton=BLAZEPOSE33,
        world_m=frozen_floats(world - hips),
    )


def _scores(world: FloatArray) -> FloatArray:
    """Return high scores for the side nearer the camera, lower ones where the other side hides."""
    score = np.full(world.shape[:2], 0.95)
    depth = {side: _mean_depth(world, side) for side in SIDES}
    if abs(depth[Side.LEFT] - depth[Side.RIGHT]) > 0.1:
        far = max(SIDES, key=lambda side: depth[side])
        score[:, [i for i, name in enumerate(BLAZEPOSE33.names) if far in name]] = 0.4
    return score


def _mean_depth(world: FloatArray, side: str) -> float:
    return float(world[:, BLAZEPOSE33.indices((f"{side}_shoulder", f"{side}_hip")), 2].mean())


def _lengths(performance: Performance) -> dict[str, float]:
    return {name: performance.stature_m * share for name, share in SHARE_OF_STATURE.items()}


def direction(angle_deg: FloatArray) -> FloatArray:
    """Return unit vectors of the sagittal plane; 0 = forwards, 90 = up."""
    angle = np.radians(angle_deg)
    return np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], axis=-1)


def _sideways(values: FloatArray | float, like: FloatArray) -> FloatArray:
    zeros = np.zeros(like.shape[0])
    return np.stack([zeros, zeros, zeros + values], axis=-1)


def _place(joints: FloatArray, name: str, place: FloatArray) -> None:
    joints[:, BLAZEPOSE33.index(name)] = place


def finished(
    joints: FloatArray, stature_m: float, *, neck_deg: FloatArray, heel_deg: FloatArray | None = None
) -> FloatArray:
    """Add head, hands and feet; feet that stand lie flat or rise at the heel."""
    size = Bodies(**{name: np.array([stature_m * share]) for name, share in SHARE_OF_STATURE.items()})
    whole = joints[None]
    add_extremities(whole, size.columns(), neck_deg[None], np.full((1, len(joints)), 80.0))
    joints = whole[0]
    if heel_deg is not None:
        foot = stature_m * SHARE_OF_STATURE["foot"]
        for side in SIDES:
            ankle = joints[:, BLAZEPOSE33.index(f"{side}_ankle")]
            toes = ankle + np.array([0.8 * foot, -0.4 * foot, 0.0])
            _place(joints, f"{side}_foot_index", toes)
            _place(joints, f"{side}_heel", toes - direction(-heel_deg) * foot)
    return joints


def two_links(start: FloatArray, end: FloatArray, first: float, last: float, towards: FloatArray) -> FloatArray:
    """Return the joint between two segments, bent to one side (two-link inverse kinematics)."""
    span = end - start
    distance = np.clip(np.linalg.norm(span, axis=-1), 1e-6, first + last - 1e-4)
    along = span / np.linalg.norm(span, axis=-1, keepdims=True)
    reach = (first**2 - last**2 + distance**2) / (2.0 * distance)
    off = np.sqrt(np.maximum(first**2 - reach**2, 0.0))
    aside = towards - along * np.sum(along * towards, axis=-1, keepdims=True)
    aside = aside / np.maximum(np.linalg.norm(aside, axis=-1, keepdims=True), 1e-9)
    return np.asarray(start + along * reach[:, None] + aside * off[:, None])


def _squat(performance: Performance, depth: FloatArray) -> FloatArray:
    length, of = _lengths(performance), performance.of
    joints = np.zeros((depth.size, len(BLAZEPOSE33), 3))
    shank = 90.0 - 32.0 * depth
    thigh = 90.0 + (98.0 - 42.0 * of(Fault.SHALLOW_DEPTH)) * depth
    lean = 4.0 + (36.0 + 24.0 * of(Fault.FORWARD_LEAN)) * depth
    trunk = direction(90.0 - lean) * length["trunk"]
    for side in SIDES:
        sign = SIGN[side]
        inwards = 1.0 - 0.45 * of(Fault.KNEES_IN) * depth
        ankle = _sideways(sign * HALF_STANCE_M, depth) + np.array([0.0, ANKLE_M, 0.0])
        knee = ankle + direction(shank) * length["shank"]
        hip = knee + direction(thigh) * length["thigh"]
        knee[:, 2] = sign * HALF_STANCE_M * 1.05 * inwards
        hip[:, 2] = sign * length["hip_half"]
        shoulder = hip + trunk
        shoulder[:, 2] = sign * length["shoulder_half"]
        elbow = shoulder + np.array([length["upper_arm"], 0.0, 0.0])
        named = {"ankle": ankle, "knee": knee, "hip": hip, "shoulder": shoulder, "elbow": elbow}
        named["wrist"] = elbow + np.array([length["forearm"], 0.0, 0.0])
        for name, place in named.items():
            _place(joints, f"{side}_{name}", place)
    heel = 25.0 * of(Fault.HEEL_LIFT) * depth
    return finished(joints, performance.stature_m, neck_deg=np.full(depth.size, 8.0), heel_deg=heel)


def _lunge(performance: Performance, depth: FloatArray) -> FloatArray:
    length, of = _lengths(performance), performance.of
    joints = np.zeros((depth.size, len(BLAZEPOSE33), 3))
    top = ANKLE_M + 0.90 * (length["thigh"] + length["shank"])
    bottom = ANKLE_M + length["shank"] + 0.22 * of(Fault.SHALLOW_DEPTH) * length["thigh"] * 2.0
    height = top + (bottom - top) * depth
    lean = 3.0 + 40.0 * of(Fault.FORWARD_LEAN) * depth
    forwards = np.broadcast_to(np.array([1.0, 0.0, 0.0]), (depth.size, 3))
    for side in SIDES:
        sign = SIGN[side]
        hip = np.stack([0.0 * depth, height, 0.0 * depth + sign * length["hip_half"]], axis=-1)
        foot_x = 0.95 * length["thigh"] if side == "left" else -1.1 * length["thigh"]
        lifted = ANKLE_M if side == "left" else ANKLE_M + 0.06
        ankle = hip * 0.0 + np.array([foot_x, lifted, sign * length["hip_half"]])
        knee = two_links(hip, ankle, length["thigh"], length["shank"], forwards)
        if side == "left":
            knee[:, 2] -= sign * 0.18 * of(Fault.KNEES_IN) * depth
        shoulder = hip + direction(90.0 - lean) * length["trunk"]
        shoulder[:, 2] = sign * length["shoulder_half"]
        elbow = shoulder + np.array([0.0, -length["upper_arm"], 0.05 * sign])
        named = {"ankle": ankle, "knee": knee, "hip": hip, "shoulder": shoulder, "elbow": elbow}
        named["wrist"] = elbow + np.array([0.0, -length["forearm"], 0.0])
        for name, place in named.items():
            _place(joints, f"{side}_{name}", place)
    return finished(joints, performance.stature_m, neck_deg=np.full(depth.size, 5.0), heel_deg=0.0 * depth)


def _pull_up(performance: Performance, depth: FloatArray) -> FloatArray:
    length, of = _lengths(performance), performance.of
    joints = np.zeros((depth.size, len(BLAZEPOSE33), 3))
    arm = length["upper_arm"] + length["forearm"]
    spread = GRIP_HALF_M - length["shoulder_half"]
    hang = np.sqrt((arm * (1.0 - 0.10 * of(Fault.INCOMPLETE_LOCKOUT)) * 0.998) ** 2 - spread**2)
    top = 0.03 + 0.22 * of(Fault.CHIN_BELOW_BAR)
    below = hang + (top - hang) * depth
    swing = 55.0 * of(Fault.KIPPING) * np.sin(np.pi * depth)
    lag = 0.16 * of(Fault.ASYMMETRY) * depth
    for side in SIDES:
        sign = SIGN[side]
        shoulder = np.stack(
            [
                0.0 * depth,
                BAR_M - below - (lag if side == "left" else 0.0),
                0.0 * depth + sign * length["shoulder_half"],
            ],
            axis=-1,
        )
        wrist = shoulder * 0.0 + np.array([0.0, BAR_M, sign * GRIP_HALF_M])
        outwards = np.broadcast_to(np.array([0.15, -0.4, sign]), shoulder.shape)
        elbow = two_links(shoulder, wrist, length["upper_arm"], length["forearm"], outwards)
        hip = shoulder + np.array([0.0, -length["trunk"], 0.0])
        hip[:, 2] = sign * length["hip_half"]
        knee = hip + direction(-90.0 + swing) * length["thigh"]
        ankle = knee + direction(-95.0 + swing) * length["shank"]
        named = {"ankle": ankle, "knee": knee, "hip": hip, "shoulder": shoulder, "elbow": elbow, "wrist": wrist}
        for name, place in named.items():
            _place(joints, f"{side}_{name}", place)
    return finished(joints, performance.stature_m, neck_deg=np.full(depth.size, 0.0))


def _sit_up(performance: Performance, depth: FloatArray) -> FloatArray:
    length, of = _lengths(performance), performance.of
    joints = np.zeros((depth.size, len(BLAZEPOSE33), 3))
    low = 4.0 + 34.0 * of(Fault.NOT_FULLY_DOWN)
    high = 86.0 - 36.0 * of(Fault.NOT_FULLY_UP)
    trunk = direction(180.0 - (low + (high - low) * depth)) * length["trunk"]
    lift = 0.18 * of(Fault.FEET_LIFT) * depth
    for side in SIDES:
        sign = SIGN[side]
        hip = _sideways(sign * length["hip_half"], depth) + np.array([0.0, 0.12, 0.0])
        ankle = hip + np.array([0.75 * length["thigh"], -0.04, 0.0])
        ankle[:, 1] += lift
        upwards = np.broadcast_to(np.array([0.0, 1.0, 0.0]), ankle.shape)
        knee = two_links(hip, ankle, length["thigh"], length["shank"], upwards)
        shoulder = hip + trunk
        shoulder[:, 2] = sign * length["shoulder_half"]
        towards = knee - shoulder
        towards = towards / np.linalg.norm(towards, axis=-1, keepdims=True)
        elbow = shoulder + towards * length["upper_arm"] * 0.55 + np.array([0.0, 0.0, 0.5 * sign]) * length["upper_arm"]
        named = {"ankle": ankle, "knee": knee, "hip": hip, "shoulder": shoulder, "elbow": elbow}
        named["wrist"] = shoulder + np.array([0.0, 0.1, 0.0])
        for name, place in named.items():
            _place(joints, f"{side}_{name}", place)
    return finished(joints, performance.stature_m, neck_deg=10.0 + 55.0 * of(Fault.NECK_PULL) * depth)


def _jumping_jack(performance: Performance, depth: FloatArray) -> FloatArray:
    length, of = _lengths(performance), performance.of
    joints = np.zeros((depth.size, len(BLAZEPOSE33), 3))
    low = 12.0 + 60.0 * of(Fault.NOT_FULLY_DOWN)
    high = 168.0 - 68.0 * of(Fault.NOT_FULLY_UP)
    raised = np.radians(low + (high - low) * depth)
    half_stance = 0.05 + (0.33 - 0.28 * of(Fault.FEET_NARROW)) * depth
    leg = length["thigh"] + length["shank"]
    hip_height = ANKLE_M + 0.98 * np.sqrt(leg**2 - np.maximum(half_stance - length["hip_half"], 0.0) ** 2)
    for side in SIDES:
        sign = SIGN[side]
        hip = np.stack([0.0 * depth, hip_height, 0.0 * depth + sign * length["hip_half"]], axis=-1)
        ankle = np.stack([0.0 * depth, 0.0 * depth + ANKLE_M, sign * half_stance], axis=-1)
        forwards = np.broadcast_to(np.array([1.0, 0.0, 0.0]), hip.shape)
        knee = two_links(hip, ankle, length["thigh"], length["shank"], forwards)
        shoulder = hip + np.array([0.0, length["trunk"], 0.0])
        shoulder[:, 2] = sign * length["shoulder_half"]
        along = np.stack([0.05 + 0.0 * depth, -np.cos(raised), sign * np.sin(raised)], axis=-1)
        elbow = shoulder + along * length["upper_arm"]
        named = {"ankle": ankle, "knee": knee, "hip": hip, "shoulder": shoulder, "elbow": elbow}
        named["wrist"] = elbow + along * length["forearm"]
        for name, place in named.items():
            _place(joints, f"{side}_{name}", place)
    return finished(joints, performance.stature_m, neck_deg=np.full(depth.size, 0.0), heel_deg=0.0 * depth)


def _overhead_press(performance: Performance, depth: FloatArray) -> FloatArray:
    length, of = _lengths(performance), performance.of
    joints = np.zeros((depth.size, len(BLAZEPOSE33), 3))
    arm = length["upper_arm"] + length["forearm"]
    lean = 3.0 + 32.0 * of(Fault.LEAN_BACK) * depth
    for side in SIDES:
        sign = SIGN[side]
        ankle = _sideways(sign * HALF_STANCE_M, depth) + np.array([0.0, ANKLE_M, 0.0])
        knee = ankle + np.array([0.0, length["shank"], 0.0])
        hip = knee + np.array([0.0, length["thigh"], 0.0])
        hip[:, 2] = sign * length["hip_half"]
        shoulder = hip + direction(90.0 + lean) * length["trunk"]
        shoulder[:, 2] = sign * length["shoulder_half"]
        short = 0.10 * of(Fault.INCOMPLETE_LOCKOUT) + (0.10 * of(Fault.ASYMMETRY) if side == "left" else 0.0)
        reach = 0.06 + (arm * (0.997 - short) - 0.06) * depth
        off = 0.40 * arm * of(Fault.HANDS_OFF) * depth
        ahead = np.maximum(0.10 * (1.0 - depth), off)
        rise = np.sqrt(np.maximum(reach**2 - np.minimum(ahead, 0.95 * reach) ** 2, 0.0))
        wrist = shoulder + np.stack([ahead, rise, 0.0 * depth], axis=-1)
        outwards = np.broadcast_to(np.array([0.5, -0.3, sign * 0.7]), shoulder.shape)
        elbow = two_links(shoulder, wrist, length["upper_arm"], length["forearm"], outwards)
        named = {"ankle": ankle, "knee": knee, "hip": hip, "shoulder": shoulder, "elbow": elbow, "wrist": wrist}
        for name, place in named.items():
            _place(joints, f"{side}_{name}", place)
    return finished(joints, performance.stature_m, neck_deg=np.full(depth.size, 0.0), heel_deg=0.0 * depth)


_BODIES: Final[Mapping[Exercise, Callable[[Performance, FloatArray], FloatArray]]] = {
    Exercise.SQUAT: _squat,
    Exercise.LUNGE: _lunge,
    Exercise.PULL_UP: _pull_up,
    Exercise.SIT_UP: _sit_up,
    Exercise.JUMPING_JACK: _jumping_jack,
    Exercise.OVERHEAD_PRESS: _overhead_press,
}
