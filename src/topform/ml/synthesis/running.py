"""A parametric runner on a treadmill, seen from any side: the parameters are the truth for the measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33, SIDES
from topform.ml.synthesis.body import SHARE_OF_STATURE, SIGN
from topform.ml.synthesis.exercises import direction, finished, seen_by_camera, two_links

ANKLE_M: Final = 0.09
LIFT_M: Final = 0.28
BOB_M: Final = 0.035
"""Half the way that the hips go up and down in a step."""


@dataclass(frozen=True, slots=True)
class Run:
    """One made-up run.

    Parameters
    ----------
    step_rate_spm : float
        Steps of both feet. [1/min]
    contact_s : float
        A foot on the ground. [s]
    landing_ahead : float
        Ankle ahead of the hip at landing. [leg lengths]
    lean_deg : float
        Trunk, positive forwards. [deg]
    seconds, frames_per_s : float
        Length and frame rate. [s], [1/s]
    facing_deg : float
        0 = seen from the side, 90 = from the front. [deg]
    stature_m : float
        Size of the body. [m]
    noise_m : float
        Standard deviation of every coordinate. [m]
    """

    step_rate_spm: float = 170.0
    contact_s: float = 0.24
    landing_ahead: float = 0.15
    lean_deg: float = 6.0
    seconds: float = 6.0
    frames_per_s: float = 120.0
    facing_deg: float = 0.0
    stature_m: float = 1.70
    noise_m: float = 0.0


def run(made: Run, rng: np.random.Generator) -> PoseSequence:
    """Return the poses of a made-up run.

    Parameters
    ----------
    made : Run
        What is done.
    rng : Generator
        Source of the noise.
    """
    length = {name: made.stature_m * share for name, share in SHARE_OF_STATURE.items()}
    leg = length["thigh"] + length["shank"]
    t_s = np.arange(int(made.seconds * made.frames_per_s) + 1) / made.frames_per_s
    step_s = 60.0 / made.step_rate_spm
    joints = np.zeros((t_s.size, len(BLAZEPOSE33), 3))
    # Lowest in the middle of a contact, highest in flight.
    height = ANKLE_M + 0.93 * leg - BOB_M * np.cos(2.0 * np.pi * (t_s - made.contact_s / 2.0) / step_s)
    hips = np.stack([0.0 * t_s, height, 0.0 * t_s], axis=-1)
    trunk = direction(np.full(t_s.size, 90.0 - made.lean_deg)) * length["trunk"]
    forwards = np.broadcast_to(np.array([1.0, 0.0, 0.0]), hips.shape)
    backwards = np.broadcast_to(np.array([-1.0, -0.3, 0.0]), hips.shape)
    for side in SIDES:
        sign = SIGN[side]
        phase_s = np.mod(t_s - (0.0 if side == "left" else step_s), 2.0 * step_s)
        hip = hips + np.array([0.0, 0.0, sign * length["hip_half"]])
        ankle = _ankle(made, phase_s, 2.0 * step_s, leg) + np.array([0.0, 0.0, sign * length["hip_half"]])
        knee = two_links(hip, ankle, length["thigh"], length["shank"], forwards)
        shoulder = hips + trunk + np.array([0.0, 0.0, sign * length["shoulder_half"]])
        swing = np.sin(2.0 * np.pi * phase_s / (2.0 * step_s))
        wrist = shoulder + np.stack([0.15 - 0.2 * swing, -0.3 + 0.0 * t_s, 0.0 * t_s], axis=-1)
        elbow = two_links(shoulder, wrist, length["upper_arm"], length["forearm"], backwards)
        named = {"hip": hip, "knee": knee, "ankle": ankle, "shoulder": shoulder, "elbow": elbow, "wrist": wrist}
        for name, place in named.items():
            joints[:, BLAZEPOSE33.index(f"{side}_{name}")] = place
    joints = finished(joints, made.stature_m, neck_deg=np.full(t_s.size, 5.0), heel_deg=np.zeros(t_s.size))
    return seen_by_camera(joints, t_s, facing_deg=made.facing_deg, noise_m=made.noise_m, rng=rng)


def _ankle(made: Run, phase_s: FloatArray, stride_s: float, leg: float) -> FloatArray:
    """Return the path of an ankle about the hip: back along the ground in contact, forwards in the air."""
    front = made.landing_ahead * leg
    back = front - 0.62 * leg
    on_ground = phase_s < made.contact_s
    held = np.clip(phase_s / made.contact_s, 0.0, 1.0)
    swung = np.clip((phase_s - made.contact_s) / (stride_s - made.contact_s), 0.0, 1.0)
    # The foot swings on a little behind and ahead of its contact, and comes back to meet the ground.
    eased = swung - np.sin(2.0 * np.pi * swung) / (2.0 * np.pi)
    beyond = 0.06 * leg * (np.sin(np.pi * np.clip((swung - 0.6) / 0.4, 0.0, 1.0)))
    x = np.where(on_ground, front + (back - front) * held, back + (front - back) * eased + beyond)
    y = ANKLE_M + np.where(on_ground, 0.0, LIFT_M * np.sin(np.pi * swung) ** 1.2)
    return np.stack([x, y, np.zeros_like(x)], axis=-1)
