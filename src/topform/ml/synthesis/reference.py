"""Reference executions: a body of average proportions that keeps every published criterion of the push-up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from topform.core.arrays import FloatArray, frozen_floats
from topform.core.errors import ModelUnavailableError
from topform.kinematics.comparison import JOINTS, RepCurve, rep_curves
from topform.kinematics.form_analysis import Exercise, Repetition, ViewName
from topform.kinematics.movement_track import BONES, normalised_rep
from topform.kinematics.movement_track import JOINTS as POINTS
from topform.kinematics.observation import FrameObserver
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.references import FORMAT, VERSION
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.synthesis.body import SHARE_OF_STATURE, Bodies, PushUpPose, push_up_joints
from topform.ml.synthesis.camera import Cameras, project
from topform.ml.synthesis.movement import Repetitions
from topform.vision.analysis import analyze_sequence

STATURE_M: Final = 1.75
RATE_HZ: Final = 60.0
REPS: Final = 5
PX_PER_M: Final = 400.0
VIEWS: Final = {ViewName.SIDE: 0.0, ViewName.THREE_QUARTER: 45.0, ViewName.FRONT: 88.0}
"""Yaw of the camera. [deg]"""

STYLE: Final = {
    "top_elbow_deg": 174.0,
    "bottom_elbow_deg": 64.0,
    "line_deg": 0.0,
    "neck_deg": 5.0,
    "face_deg": 70.0,
    "elbow_from_trunk_deg": 45.0,
    "hand_width_shoulders": 1.3,
    "lean_deg": 4.0,
    "descent_s": 1.5,
    "hold_s": 0.2,
    "ascent_s": 1.2,
    "rest_s": 0.8,
}
"""Within the limits that the form check holds push-ups against; see its page for their sources."""


def write_references(folder: Path) -> list[Path]:
    """Write one document for each side.

    Parameters
    ----------
    folder : Path
        Where to; made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for view, yaw_deg in VIEWS.items():
        path = folder / f"{Exercise.PUSH_UP.value}_{view.value}.json"
        document = reference_document(view, yaw_deg)
        path.write_text(json.dumps(document, separators=(",", ":"), allow_nan=False) + "\n", encoding="utf-8")
        written.append(path)
    return written


def reference_document(view: ViewName, yaw_deg: float) -> dict[str, Any]:
    """Return the reference execution seen from one side, as the package stores it.

    Parameters
    ----------
    view : ViewName
        Name of the side.
    yaw_deg : float
        0 = from the side, 90 = the head towards the camera. [deg]
    """
    poses = reference_poses(yaw_deg)
    analysis = analyze_sequence(poses, exercise=Exercise.PUSH_UP)
    if len(analysis.reps) != REPS or analysis.form.faults:
        raise ModelUnavailableError(
            f"From the {view.value} view the made-up set of {REPS} is not judged as {REPS} clean repetitions",
            remedy="Mend the form check, or the style of the reference, before references are made again.",
        )
    observer = FrameObserver(poses.skeleton)
    assert poses.world_m is not None
    frames = [
        observer.observe(t_s=float(t_s), xy_px=xy, score=score, world_m=world)
        for t_s, xy, score, world in zip(poses.t_s, poses.xy_px, poses.score, poses.world_m, strict=True)
    ]
    curves = rep_curves(frames, analysis.reps)
    mean = np.mean([curve.angles_deg for curve in curves], axis=0)
    rep = RepCurve(
        index=1,
        duration_s=round(float(np.median([curve.duration_s for curve in curves])), 1),
        is_good=True,
        score=100.0,
        angles_deg=mean,
    )
    return {
        "format": FORMAT,
        "version": VERSION,
        "exercise": Exercise.PUSH_UP.value,
        "view": view.value,
        "card": {
            "made_by": "topform form reference",
            "kind": "synthesised; nobody was filmed",
            "licence": "CC0-1.0",
            "body": "segments after Drillis and Contini 1966, stature 1.75 m",
            "style": STYLE,
            "joints": list(JOINTS),
            "use": "a guide for angles and timing; another build moves differently",
        },
        "rep": rep.as_dict(),
        "skeleton": {
            "joints": list(POINTS),
            "bones": [[POINTS.index(start), POINTS.index(end)] for start, end in BONES],
            "xy": _normalised(poses, analysis.reps),
        },
    }


def reference_poses(yaw_deg: float) -> PoseSequence:
    """Return a set of five repetitions, without noise.

    Parameters
    ----------
    yaw_deg : float
        0 = from the side, 90 = the head towards the camera. [deg]
    """
    body = Bodies(**{name: np.array([STATURE_M * share]) for name, share in SHARE_OF_STATURE.items()})
    length_s = STYLE["descent_s"] + STYLE["hold_s"] + STYLE["ascent_s"]
    start_s: FloatArray = np.asarray(1.0 + np.arange(REPS) * (length_s + STYLE["rest_s"]), dtype=np.float64)
    t_s = np.arange(0.0, start_s[-1] + length_s + 1.0, 1.0 / RATE_HZ)
    one = Repetitions(
        start_s=start_s,
        bottom_s=start_s + STYLE["descent_s"],
        leave_s=start_s + STYLE["descent_s"] + STYLE["hold_s"],
        end_s=start_s + length_s,
        depth=np.ones(REPS),
    )
    depth = one.depth_at(t_s)[None]
    still = np.zeros_like(depth)
    pose = PushUpPose(
        elbow_deg=STYLE["top_elbow_deg"] - (STYLE["top_elbow_deg"] - STYLE["bottom_elbow_deg"]) * depth,
        roll_m=still,
        line_deg=still + STYLE["line_deg"],
        knee_bend_deg=still,
        neck_deg=still + STYLE["neck_deg"],
        face_deg=still + STYLE["face_deg"],
        swivel_deg=still + STYLE["elbow_from_trunk_deg"],
        lean_deg=np.array([STYLE["lean_deg"]]),
        hand_half_m=STYLE["hand_width_shoulders"] * body.shoulder_half,
        hand_height_m=np.zeros(1),
        top_elbow_deg=np.array([STYLE["top_elbow_deg"]]),
        top_line_deg=np.array([STYLE["line_deg"]]),
        on_knees=np.zeros(1),
        on_forearms=np.zeros(1),
    )
    joints = push_up_joints(body, pose)
    camera = Cameras(
        yaw_deg=np.array([yaw_deg]),
        from_left=np.ones(1),
        height_m=np.array([0.5]),
        distance_m=np.array([4.0]),
        roll_deg=np.zeros(1),
        aim_m=np.zeros((1, 3)),
        distortion=np.zeros(1),
    )
    picture, _, size = project(joints, camera)
    return PoseSequence(
        t_s=frozen_floats(t_s),
        xy_px=frozen_floats(picture[0] / size[0] * PX_PER_M + 1000.0),
        score=frozen_floats(np.full((t_s.size, len(BLAZEPOSE33)), 0.95)),
        skeleton=BLAZEPOSE33,
        world_m=frozen_floats(_seen_from(joints[0], yaw_deg)),
    )


def _seen_from(joints: FloatArray, yaw_deg: float) -> FloatArray:
    """Return the joints in the axes of the pose model: from the hips, x right, y down, z away from the camera. [m]"""
    turn = np.radians(yaw_deg)
    hips = joints[:, BLAZEPOSE33.indices(("left_hip", "right_hip"))].mean(axis=1, keepdims=True)
    # The camera stands on the athlete's left, so the head is at its left hand.
    away = np.array([-np.sin(turn), 0.0, -np.cos(turn)])
    right = np.array([-np.cos(turn), 0.0, np.sin(turn)])
    down = np.array([0.0, -1.0, 0.0])
    return np.asarray((joints - hips) @ np.stack([right, down, away], axis=-1))


def _normalised(poses: PoseSequence, reps: tuple[Repetition, ...]) -> list[list[float]]:
    """Return the mean skeleton over a repetition."""
    mean = np.mean([normalised_rep(poses, start_s=rep.start_s, end_s=rep.end_s) for rep in reps], axis=0)
    return [[round(float(value), 3) for value in moment.ravel()] for moment in mean]
