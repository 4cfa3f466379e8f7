"""How a body moves: joint angles, repetitions, comparison of two movements, virtual arms and cameras."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.reference.published.sessions import Tree, floats

from topform.core.arrays import FloatArray
from topform.kinematics.angles import angle_noise_deg, joint_angle_deg, signed_body_line_deg
from topform.kinematics.comparison import warp
from topform.kinematics.cycles import CycleEvent, CycleEventKind, CycleState, cycle_step, finish_cycles
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.synthesis.body import circles_meet, opposite_side
from topform.ml.synthesis.camera import Cameras, project

FRAMES_PER_S = 30.0


def seen_from_the_side_deg(true_deg: float, yaw_deg: float) -> float:
    """Return the elbow angle in the picture of an upright upper arm, with the camera off the side by the yaw."""
    turn = np.radians(true_deg)
    wrist = floats([np.sin(turn) * np.cos(np.radians(yaw_deg)), np.cos(turn)])
    return float(joint_angle_deg(floats([0, 1]), np.zeros(2), wrist))


def simulated_noise_deg(*, position_sd: float, length: float, angle_deg: float) -> float:
    turn = np.radians(angle_deg)
    points = floats([[length, 0], [0, 0], [length * np.cos(turn), length * np.sin(turn)]])
    noisy = points + np.random.default_rng(3).normal(0.0, position_sd, (1_000_000, 3, 2))
    return float(np.std(joint_angle_deg(noisy[:, 0], noisy[:, 1], noisy[:, 2])))


def pose_values(given: Tree) -> Tree:
    entry = given["pose"]
    three = {name: floats(entry["angle_example"][name]) for name in "abc"}
    yaw = "yaw_foreshortening_elbow_true(90,120,150)"
    offsets = "body_line_dev_deg_for_hip_offset_h/L(hip at 0.45L)"
    line = "body_line_example(y up)"
    shoulder, hip, ankle = (floats(entry[line][name]) for name in ("shoulder", "hip", "ankle"))
    down = floats([1, -1])  # pictures count downwards
    side = np.sign(signed_body_line_deg(shoulder * down, hip * down, ankle * down))
    along, aside = ankle - shoulder, hip - shoulder
    area = abs(along[0] * aside[1] - along[1] * aside[0])

    def bend_deg(offset: float) -> float:
        return float(signed_body_line_deg(floats([0, 0]), floats([0.45, -offset]), floats([1, 0])))

    def noise_deg(sd: float, length: float, angle: float) -> float:
        return angle_noise_deg(position_sd=sd, first_length=length, last_length=length, angle_deg=angle)

    return {
        "angle_(0,1)(0,0)(1,0)": float(joint_angle_deg(floats([0, 1]), floats([0, 0]), floats([1, 0]))),
        "angle_example": {"deg": float(joint_angle_deg(three["a"], three["b"], three["c"]))},
        yaw: {
            degrees: [seen_from_the_side_deg(true, float(degrees)) for true in (90, 120, 150)] for degrees in entry[yaw]
        },
        offsets: {offset: bend_deg(float(offset)) for offset in entry[offsets]},
        line: {
            "angle": float(joint_angle_deg(shoulder, hip, ankle)),
            "signed_hip_offset_over_L(neg=below line=sag)": side * area / (along @ along),
        },
        "angle_noise_sd_deg": {
            "sigma3px_L100_L100_90deg": noise_deg(3, 100, 90),
            "monte_carlo": simulated_noise_deg(position_sd=3, length=100, angle_deg=90),
            "sigma3px_L100_160deg": noise_deg(3, 100, 160),
            "sigma5px_L60_90deg": noise_deg(5, 60, 90),
        },
    }


def counted(signal: FloatArray) -> list[CycleEvent]:
    """Return the repetitions that the project's own counter finds, which adapts to the range and has no thresholds."""
    state, found = CycleState(min_range=20.0), []
    for frame, value in enumerate(signal.tolist()):
        state, events = cycle_step(state, t_s=frame / FRAMES_PER_S, value=value)
        found += [event for event in events if event.kind is CycleEventKind.COUNTED]
    return found + [event for event in finish_cycles(state) if event.kind is CycleEventKind.COUNTED]


def reps_values(given: Tree) -> Tree:
    entry = given["reps"]
    frame = np.arange(600)
    signal = 125 + 45 * np.cos(2 * np.pi * frame / FRAMES_PER_S / 2.5)
    reps = counted(signal)
    partial = np.where((frame >= 150) & (frame < 225), np.maximum(signal, 112), signal)
    is_up = signal > entry["thresholds"]["up>"]
    turns = [round(rep.turn.t_s * FRAMES_PER_S) for rep in reps]
    bottoms = floats(entry["drift"]["bottom_angles"])
    centred = signal - signal.mean()
    lags = np.arange(30, 121)
    similar = [float(centred[lag:] @ centred[:-lag]) / (frame.size - lag) for lag in lags]
    return {
        "count": len(reps),
        "bottom_first": reps[0].turn.value,
        # The example counts where the upper threshold is passed; the counter's turns say from where to look for that.
        "frames": [turn + int(np.argmax(is_up[turn:])) for turn in turns],
        "with_partial(frames 150-224 floored at 112)": len(counted(partial)),
        "drift": {
            "slope_deg_per_rep": float(np.polyfit(np.arange(bottoms.size), bottoms, 1)[0]),
            "cv_pct": 100 * bottoms.std(ddof=1) / bottoms.mean(),
            "first_rep_over_100": int(np.argmax(bottoms > 100)) + 1,
        },
        "autocorr_unbiased_period_frames": int(lags[np.argmax(similar)]),
    }


def soft_dtw(first: FloatArray, second: FloatArray, *, gamma: float = 1.0) -> float:
    """Cuturi and Blondel 2017. A loss for training, which the project's comparison of movements does not need."""
    total = np.full((first.size + 1, second.size + 1), np.inf)
    total[0, 0] = 0.0
    for i, one in enumerate(first, start=1):
        for j, other in enumerate(second, start=1):
            before = floats([total[i - 1, j - 1], total[i - 1, j], total[i, j - 1]])
            total[i, j] = (one - other) ** 2 - gamma * np.logaddexp.reduce(-before / gamma)
    return float(total[-1, -1])


def dtw_values(given: Tree) -> Tree:
    x, y, z = (floats(given["dtw"][name]) for name in "xyz")

    def squares(one: FloatArray, other: FloatArray) -> float:
        return warp((one[:, None] - other[None, :]) ** 2, band=max(one.size, other.size))[0]

    return {
        "sqdtw_xy": squares(x, y),
        "sqdtw_xz": squares(x, z),
        "softdtw_g1_xy": soft_dtw(x, y),
        "softdtw_g1_xz": soft_dtw(x, z),
        "soft_divergence_xz_g1": soft_dtw(x, z) - (soft_dtw(x, x) + soft_dtw(z, z)) / 2,
    }


def kinematic_values(given: Tree) -> Tree:
    entry = given["kinematic"]
    upper, fore = floats(entry["U"]), floats(entry["F"])
    ankle_m = 0.06  # height of the ankles over the ground that the example takes

    def reach(elbow_deg: str) -> float:
        return float(opposite_side(upper, fore, floats(elbow_deg)))

    distances, pitch = "wrist_shoulder_dist", "body_pitch_deg_if_arm_vertical"
    return {
        distances: {angle: reach(angle) for angle in entry[distances]},
        pitch: {
            angle: float(np.degrees(np.arcsin((reach(angle) - ankle_m) / entry["body"]))) for angle in entry[pitch]
        },
    }


def inverse_kinematics_values(given: Tree) -> Tree:
    entry = given["inverse_kinematics"]
    shoulder, wrist = floats(entry["shoulder"]), floats(entry["wrist"])
    elbow = circles_meet(shoulder, floats(entry["U"]), wrist, floats(entry["F"]))
    return {"elbow": elbow.tolist(), "elbow_angle": float(joint_angle_deg(shoulder, elbow, wrist))}


def camera_values(given: Tree) -> Tree:
    """The example turns the point and our virtual cameras go around it; its depth axis points the other way."""
    entry = given["camera"]
    pitch, distance = np.radians(entry["pitch"]), entry["dist"]
    joints = np.zeros((1, 1, len(BLAZEPOSE33), 3))
    joints[0, 0, BLAZEPOSE33.index("nose")] = floats(entry["X"]) * floats([1, 1, -1])
    none = np.zeros(1)
    cameras = Cameras(
        yaw_deg=floats([entry["yaw"]]),
        from_left=np.ones(1),
        height_m=floats([-distance * np.sin(pitch)]),
        distance_m=floats([distance * np.cos(pitch)]),
        roll_deg=none,
        aim_m=np.zeros((1, 3)),
        distortion=none,
    )
    picture, depths, _ = project(joints, cameras)
    (x, y), depth = picture[0, 0, BLAZEPOSE33.index("nose")], depths[0, 0, BLAZEPOSE33.index("nose")]
    return {
        "Xc": [x * depth, -y * depth, depth],
        "uv": [entry["c"][0] + entry["f"] * x, entry["c"][1] + entry["f"] * y],
    }


VALUES: dict[str, Any] = {
    "pose": pose_values,
    "reps": reps_values,
    "dtw": dtw_values,
    "kinematic": kinematic_values,
    "inverse_kinematics": inverse_kinematics_values,
    "camera": camera_values,
}
