"""Bodies: segment lengths of a population, and where the joints are for given joint angles.

World axes: x towards the athlete's head, y up, z to the athlete's left. Metres and degrees.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.kinematics.skeleton import BLAZEPOSE33, SIDES

# Segment lengths as shares of stature: Drillis and Contini, "Body segment parameters", 1966, as printed by
# D. A. Winter, "Biomechanics and motor control of human movement", 4th ed., figure 4.1. Head and foot: distances
# between the points that the pose model marks, by eye.
SHARE_OF_STATURE: Final = {
    "upper_arm": 0.186,
    "forearm": 0.146,
    "trunk": 0.288,
    "thigh": 0.245,
    "shank": 0.246,
    "shoulder_half": 0.110,
    "hip_half": 0.060,
    "neck": 0.110,
    "ear_half": 0.045,
    "nose": 0.065,
    "hand": 0.060,
    "foot": 0.110,
}
SEGMENT_SPREAD: Final = 0.05
"""Standard deviation of each share, on a log scale."""

ANKLE_HEIGHT_M: Final = 0.10
SIGN: Final = {"left": 1.0, "right": -1.0}


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """Segment lengths of many bodies, each an array of shape (B,). [m]"""

    upper_arm: FloatArray
    forearm: FloatArray
    trunk: FloatArray
    thigh: FloatArray
    shank: FloatArray
    shoulder_half: FloatArray
    hip_half: FloatArray
    neck: FloatArray
    ear_half: FloatArray
    nose: FloatArray
    hand: FloatArray
    foot: FloatArray

    def __len__(self) -> int:
        return int(self.upper_arm.size)

    def columns(self) -> Bodies:
        """Return the lengths with a second axis, to combine with arrays of shape (B, T)."""
        return Bodies(*(getattr(self, item.name)[:, None] for item in fields(self)))


def sample_bodies(rng: np.random.Generator, count: int) -> Bodies:
    """Return bodies of an adult population.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    count : int
        How many.
    """
    stature_m = 1.70 * np.exp(rng.normal(0.0, 0.055, count))
    return Bodies(
        **{
            name: stature_m * share * np.exp(rng.normal(0.0, SEGMENT_SPREAD, count))
            for name, share in SHARE_OF_STATURE.items()
        }
    )


@dataclass(frozen=True, slots=True, eq=False)
class PushUpPose:
    """Joint angles of push-ups, arrays of shape (B, T) unless noted.

    Parameters
    ----------
    elbow_deg : ndarray
        Interior elbow angle, 180 = straight. [deg]
    roll_m : ndarray
        By how much the left shoulder is above the middle and the right one below it. [m]
    line_deg : ndarray
        Bend at the hip against the line from shoulders to the support, + pike, - sag. [deg]
    knee_bend_deg : ndarray
        180 minus the interior knee angle, the knee on the ground side. [deg], >= 0
    neck_deg : ndarray
        Ear against the trunk seen from the shoulder, positive on the ground side. [deg]
    face_deg : ndarray
        Direction of the nose from the ears against the trunk, 90 = to the ground. [deg]
    swivel_deg : ndarray
        Elbow about the axis from shoulder to wrist, 0 = towards the feet, 90 = outwards. [deg]
    lean_deg : ndarray, shape (B,)
        Shoulders before the hands at the top, against the vertical. [deg]
    hand_half_m : ndarray, shape (B,)
        Half the distance of the hands. [m]
    hand_height_m : ndarray, shape (B,)
        Height of the hands over the ground that carries the feet. [m]
    top_elbow_deg, top_line_deg : ndarray, shape (B,)
        Angles for which the feet were placed. [deg]
    on_knees : ndarray of bool, shape (B,)
        Whether the knees carry the body.
    on_forearms : ndarray of bool, shape (B,)
        Whether the forearms lie on the ground, as in a plank; the elbow angle is a right angle then.
    """

    elbow_deg: FloatArray
    roll_m: FloatArray
    line_deg: FloatArray
    knee_bend_deg: FloatArray
    neck_deg: FloatArray
    face_deg: FloatArray
    swivel_deg: FloatArray
    lean_deg: FloatArray
    hand_half_m: FloatArray
    hand_height_m: FloatArray
    top_elbow_deg: FloatArray
    top_line_deg: FloatArray
    on_knees: FloatArray
    on_forearms: FloatArray


def opposite_side(first: FloatArray, second: FloatArray, interior_deg: FloatArray) -> FloatArray:
    """Return the third side of a triangle by the law of cosines.

    Examples
    --------
    >>> round(float(opposite_side(np.array(3.0), np.array(4.0), np.array(90.0))), 6)
    5.0
    """
    angle = np.radians(interior_deg)
    return np.asarray(np.sqrt(first**2 + second**2 - 2.0 * first * second * np.cos(angle)))


def push_up_joints(bodies: Bodies, pose: PushUpPose) -> FloatArray:
    """Return the joints of push-ups.

    Hands and feet rest. The shoulders are where the arms' and the body's lengths meet, so the elbow and the bend at
    the hip have exactly the angles asked for where both arms do the same.

    Parameters
    ----------
    bodies : Bodies
        B bodies.
    pose : PushUpPose
        Their angles over T frames.

    Returns
    -------
    ndarray of float64, shape (B, T, 33, 3)
        World positions. [m]
    """
    size = bodies.columns()
    knees, forearms = pose.on_knees[:, None] > 0.5, pose.on_forearms[:, None] > 0.5
    bent = opposite_side(size.thigh, size.shank, 180.0 - pose.knee_bend_deg)
    leg = np.where(knees, size.thigh, bent)
    straight_leg = np.where(knees, size.thigh, size.thigh + size.shank)
    aside = pose.hand_half_m[:, None] - size.shoulder_half

    def arm_in_plane(elbow_deg: FloatArray) -> FloatArray:
        reach = np.where(forearms, size.upper_arm, opposite_side(size.upper_arm, size.forearm, elbow_deg))
        return np.asarray(np.sqrt(np.maximum(reach**2 - aside**2, 0.01)))

    arm, top_arm = arm_in_plane(pose.elbow_deg), arm_in_plane(pose.top_elbow_deg[:, None])
    body = opposite_side(size.trunk, leg, 180.0 - np.abs(pose.line_deg))
    top_body = opposite_side(size.trunk, straight_leg, 180.0 - np.abs(pose.top_line_deg[:, None]))
    lean = np.radians(pose.lean_deg[:, None])
    hand = np.stack([np.zeros_like(lean), pose.hand_height_m[:, None]], axis=-1)
    top = hand + top_arm[..., None] * np.stack([np.sin(lean), np.cos(lean)], axis=-1)
    support_y = np.where(knees, 0.05, ANKLE_HEIGHT_M)
    support_x = top[..., 0] - np.sqrt(np.maximum(top_body**2 - (top[..., 1] - support_y) ** 2, 0.01))
    support = np.stack([support_x, support_y], axis=-1)
    shoulder = circles_meet(support, body, hand, arm)
    hip = _beside_line(shoulder, support, size.trunk, leg, np.sign(pose.line_deg))
    knee = _beside_line(hip, support, size.thigh, size.shank, -np.ones_like(pose.line_deg))
    heel_up = np.radians(40.0)
    raised = support + size.shank[..., None] * np.array([-np.cos(heel_up), np.sin(heel_up)])
    ankle = np.where(knees[..., None], raised, np.broadcast_to(support, shoulder.shape))
    knee = np.where(knees[..., None], np.broadcast_to(support, shoulder.shape), knee)
    joints = np.zeros((*shoulder.shape[:2], len(BLAZEPOSE33), 3))
    for side in SIDES:
        sign = SIGN[side]
        put(joints, f"{side}_hip", hip, sign * size.hip_half)
        put(joints, f"{side}_knee", knee, sign * size.hip_half)
        put(joints, f"{side}_ankle", ankle, sign * size.hip_half)
        rise = np.stack([np.zeros_like(pose.roll_m), sign * pose.roll_m], axis=-1)
        put(joints, f"{side}_shoulder", shoulder + rise, sign * size.shoulder_half)
        resting = np.where(forearms[..., None], hand + np.stack([size.forearm, 0.0 * size.forearm], axis=-1), hand)
        put(joints, f"{side}_wrist", np.broadcast_to(resting, shoulder.shape), sign * pose.hand_half_m[:, None])
    _bend_arms(joints, size, pose, hand, hip)
    add_extremities(joints, size, pose.neck_deg, pose.face_deg)
    return joints


def circles_meet(
    first: FloatArray, first_radius: FloatArray, second: FloatArray, second_radius: FloatArray
) -> FloatArray:
    """Return the upper point that lies at given distances from two points of the plane.

    Examples
    --------
    >>> point = circles_meet(np.array([0.0, 0.0]), np.array(5.0), np.array([6.0, 0.0]), np.array(5.0))
    >>> point.tolist()
    [3.0, 4.0]
    """
    step = second - first
    apart = np.linalg.norm(step, axis=-1)
    along = (first_radius**2 - second_radius**2 + apart**2) / (2.0 * apart)
    beside = np.sqrt(np.maximum(first_radius**2 - along**2, 0.0))
    unit = step / apart[..., None]
    normal = np.stack([-unit[..., 1], unit[..., 0]], axis=-1)
    return np.asarray(first + unit * along[..., None] + normal * beside[..., None])


def _beside_line(
    start: FloatArray, end: FloatArray, first: FloatArray, second: FloatArray, side: FloatArray
) -> FloatArray:
    """Return the joint between two segments from start to end; side +1 = above the line, -1 = on the ground side."""
    step = end - start
    apart = np.maximum(np.linalg.norm(step, axis=-1), 1e-6)
    along = (first**2 - second**2 + apart**2) / (2.0 * apart)
    beside = np.sqrt(np.maximum(first**2 - along**2, 0.0)) * side
    unit = step / apart[..., None]
    above = np.stack([unit[..., 1], -unit[..., 0]], axis=-1)
    return np.asarray(start + unit * along[..., None] + above * beside[..., None])


def put(joints: FloatArray, name: str, plane: FloatArray, z: FloatArray) -> None:
    """Write one joint from its place in the sagittal plane and its distance from it."""
    index = BLAZEPOSE33.index(name)
    joints[:, :, index, :2], joints[:, :, index, 2] = plane, z


def at(joints: FloatArray, name: str) -> FloatArray:
    """Return one joint, shape (..., 3)."""
    return np.asarray(joints[..., BLAZEPOSE33.index(name), :])


def _bend_arms(joints: FloatArray, size: Bodies, pose: PushUpPose, hand: FloatArray, hip: FloatArray) -> None:
    forearms = pose.on_forearms[:, None, None] > 0.5
    for side in SIDES:
        shoulder, wrist = at(joints, f"{side}_shoulder"), at(joints, f"{side}_wrist")
        hips = np.concatenate([hip, np.zeros_like(hip[..., :1])], axis=-1)
        elbow = elbow_between(
            shoulder,
            wrist,
            upper_arm=np.broadcast_to(size.upper_arm, shoulder.shape[:-1]),
            forearm=np.broadcast_to(size.forearm, shoulder.shape[:-1]),
            towards=hips - shoulder,
            outwards=SIGN[side],
            swivel_deg=pose.swivel_deg,
        )
        resting = np.zeros_like(elbow)
        resting[..., :2], resting[..., 2] = hand, SIGN[side] * pose.hand_half_m[:, None]
        joints[:, :, BLAZEPOSE33.index(f"{side}_elbow")] = np.where(forearms, resting, elbow)


def elbow_between(
    shoulder: FloatArray,
    wrist: FloatArray,
    *,
    upper_arm: FloatArray,
    forearm: FloatArray,
    towards: FloatArray,
    outwards: float,
    swivel_deg: FloatArray,
) -> FloatArray:
    """Return the elbow by two-link inverse kinematics.

    Parameters
    ----------
    shoulder, wrist : ndarray, shape (..., 3)
        Ends of the arm. [m]
    upper_arm, forearm : ndarray, shape (...)
        Lengths. [m]
    towards : ndarray, shape (..., 3)
        Where the elbow points at swivel 0, any length.
    outwards : float
        +1 for the left arm, -1 for the right one.
    swivel_deg : ndarray, shape (...)
        Turn about the axis from shoulder to wrist, 90 = outwards. [deg]
    """
    span = wrist - shoulder
    distance = np.clip(np.linalg.norm(span, axis=-1), 1e-6, upper_arm + forearm - 1e-9)
    axis = span / np.linalg.norm(span, axis=-1, keepdims=True)
    along = (upper_arm**2 - forearm**2 + distance**2) / (2.0 * distance)
    away = np.sqrt(np.maximum(upper_arm**2 - along**2, 0.0))
    back = towards - axis * np.sum(towards * axis, axis=-1, keepdims=True)
    back = back / np.maximum(np.linalg.norm(back, axis=-1, keepdims=True), 1e-9)
    out = np.cross(axis, back)
    out = out * np.where(out[..., 2:] * outwards < 0.0, -1.0, 1.0)
    turn = np.radians(swivel_deg)[..., None]
    return np.asarray(shoulder + axis * along[..., None] + (np.cos(turn) * back + np.sin(turn) * out) * away[..., None])


def add_extremities(joints: FloatArray, size: Bodies, neck_deg: FloatArray, face_deg: FloatArray) -> None:
    """Add head, hands and feet to a body whose trunk and limbs are placed."""
    shoulders = (at(joints, "left_shoulder") + at(joints, "right_shoulder")) / 2.0
    hips = (at(joints, "left_hip") + at(joints, "right_hip")) / 2.0
    trunk = shoulders - hips
    trunk = trunk / np.maximum(np.linalg.norm(trunk, axis=-1, keepdims=True), 1e-9)
    # The front of the body: the trunk turned by 90 degrees towards the ground where the athlete lies face down.
    front = np.stack([trunk[..., 1], -trunk[..., 0], trunk[..., 2]], axis=-1)

    def turned(angle_deg: FloatArray) -> FloatArray:
        angle = np.radians(angle_deg)[..., None]
        return np.asarray(np.cos(angle) * trunk + np.sin(angle) * front)

    left = np.array([0.0, 0.0, 1.0])
    ears = shoulders + turned(neck_deg) * size.neck[..., None]
    face, crown = turned(face_deg), turned(face_deg - 90.0)
    nose = size.nose[..., None]
    index = BLAZEPOSE33.index
    joints[:, :, index("nose")] = ears + face * nose
    for side in SIDES:
        out = left * SIGN[side]
        ear_half = size.ear_half[..., None]
        joints[:, :, index(f"{side}_ear")] = ears + out * ear_half
        for name, share in (("eye_inner", 0.3), ("eye", 0.5), ("eye_outer", 0.7)):
            joints[:, :, index(f"{side}_{name}")] = ears + (0.75 * face + 0.3 * crown) * nose + out * share * ear_half
        joints[:, :, index(f"mouth_{side}")] = ears + (0.75 * face - 0.35 * crown) * nose + out * 0.35 * ear_half
        _add_hand_and_foot(joints, size, side)


def _add_hand_and_foot(joints: FloatArray, size: Bodies, side: str) -> None:
    index = BLAZEPOSE33.index
    wrist, elbow = at(joints, f"{side}_wrist"), at(joints, f"{side}_elbow")
    forearm = wrist - elbow
    forearm = forearm / np.maximum(np.linalg.norm(forearm, axis=-1, keepdims=True), 1e-9)
    # A hand on the ground lies flat and points forwards; a free one continues the forearm.
    flat = np.broadcast_to(np.array([1.0, 0.0, 0.0]), forearm.shape)
    rests = (forearm[..., 1:2] < -0.3) & (wrist[..., 1:2] < 0.8)
    pointing = np.where(rests, flat, forearm)
    hand = size.hand[..., None]
    for name, reach, out in (("pinky", 1.0, 0.4), ("index", 1.1, -0.1), ("thumb", 0.5, -0.4)):
        aside = np.array([0.0, 0.0, SIGN[side] * out])
        joints[:, :, index(f"{side}_{name}")] = wrist + (pointing * reach + aside) * hand
    ankle, knee = at(joints, f"{side}_ankle"), at(joints, f"{side}_knee")
    shank = ankle - knee
    shank = shank / np.maximum(np.linalg.norm(shank, axis=-1, keepdims=True), 1e-9)
    forwards = np.stack([-shank[..., 1], shank[..., 0], shank[..., 2]], axis=-1)
    foot = size.foot[..., None]
    joints[:, :, index(f"{side}_heel")] = ankle + (0.25 * shank - 0.25 * forwards) * foot
    joints[:, :, index(f"{side}_foot_index")] = ankle + (0.35 * shank + 0.8 * forwards) * foot
