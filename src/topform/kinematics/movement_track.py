"""A recording reduced to what is needed to look at it again: a moving skeleton, and each repetition's joint angles."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.kinematics.comparison import PHASES, RepCurve, rep_curves
from topform.kinematics.form_analysis import FormAnalysis
from topform.kinematics.observation import FrameObserver
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import SIDES

VERSION: Final = 1
RATE_HZ: Final = 15.0
UNITS: Final = 1000.0
"""Length of the longer side of the box that holds the whole movement."""

_LIMB: Final = ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
JOINTS: Final = ("nose", *(f"{side}_{joint}" for side in SIDES for joint in _LIMB))
BONES: Final = (
    ("nose", "left_ear"),
    ("nose", "right_ear"),
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    *((f"{side}_{a}", f"{side}_{b}") for side in SIDES for a, b in pairwise(_LIMB[:4])),
    *((f"{side}_{a}", f"{side}_{b}") for side in SIDES for a, b in pairwise(_LIMB[4:])),
    *((f"{side}_shoulder", f"{side}_hip") for side in SIDES),
)


def movement_track(poses: PoseSequence) -> dict[str, Any]:
    """Return a moving skeleton as plain numbers.

    Parameters
    ----------
    poses : PoseSequence
        Any length; at most 15 frames a second are kept.

    Returns
    -------
    dict
        ``joints`` and ``bones`` (pairs of places in it), ``width`` and ``height`` of the box around the whole movement,
        ``t_s``, and for each of these times ``xy``: x and y of each joint in turn, y down, or None where nobody was
        seen. The longer side of the box is 1000.
    """
    keep = _thinned(poses.t_s)
    xy = poses.xy_px[keep][:, poses.skeleton.indices(JOINTS)]
    document: dict[str, Any] = {
        "version": VERSION,
        "joints": list(JOINTS),
        "bones": [[JOINTS.index(start), JOINTS.index(end)] for start, end in BONES],
        "t_s": [round(float(t_s), 3) for t_s in poses.t_s[keep]],
    }
    if not np.isfinite(xy).any():
        return {**document, "width": UNITS, "height": UNITS, "xy": [None] * len(keep)}
    low, high = np.nanmin(xy, axis=(0, 1)), np.nanmax(xy, axis=(0, 1))
    scale = UNITS / max(float((high - low).max()), 1e-9)
    width, height = (high - low) * scale
    return {
        **document,
        "width": max(1, round(float(width))),
        "height": max(1, round(float(height))),
        "xy": [_row((frame - low) * scale) for frame in xy],
    }


def curves_of(poses: PoseSequence, analysis: FormAnalysis) -> list[RepCurve]:
    """Return the joint angles of the counted repetitions of an analysed recording.

    Parameters
    ----------
    poses : PoseSequence
        In pixels, as the pose model found them.
    analysis : FormAnalysis
        What came of them.
    """
    if not analysis.reps:
        return []
    observer = FrameObserver(poses.skeleton)
    first, last = analysis.reps[0].start_s, analysis.reps[-1].end_s
    inside = np.flatnonzero((poses.t_s >= first) & (poses.t_s <= last))
    frames = [
        observer.observe(
            t_s=float(poses.t_s[place]),
            xy_px=poses.xy_px[place],
            score=poses.score[place],
            world_m=None if poses.world_m is None else poses.world_m[place],
        )
        for place in inside
    ]
    return rep_curves(frames, analysis.reps)


def _thinned(t_s: FloatArray) -> list[int]:
    keep, last = [], -math.inf
    for place, moment in enumerate(t_s.tolist()):
        if moment - last >= 1.0 / RATE_HZ - 0.004:
            keep.append(place)
            last = moment
    return keep


def _row(frame: FloatArray) -> list[int | None] | None:
    if not np.isfinite(frame).any():
        return None
    return [round(value) if math.isfinite(value) else None for value in frame.ravel().tolist()]


def normalised_rep(poses: PoseSequence, *, start_s: float, end_s: float) -> FloatArray:
    """Return the body over one repetition such that bodies of any size and direction can be laid over each other.

    Parameters
    ----------
    poses : PoseSequence
        Of the whole recording.
    start_s, end_s : float
        Extent of the repetition. [s]

    Returns
    -------
    ndarray of float64, shape (64, joints, 2)
        `JOINTS` at 64 equal steps: origin between the hips, the trunk's length is 1, head to the right, y down; NaN
        where not observed.
    """
    inside = (poses.t_s >= start_s - 0.2) & (poses.t_s <= end_s + 0.2)
    t_s, xy = poses.t_s[inside], poses.xy_px[inside]
    seen = np.isfinite(xy[:, poses.skeleton.indices(JOINTS)]).all(axis=(1, 2))
    if seen.sum() < 2:
        return np.full((PHASES, len(JOINTS), 2), np.nan)
    t_s, xy = t_s[seen], xy[seen]
    hips, shoulders = (
        xy[:, poses.skeleton.indices((f"left_{joint}", f"right_{joint}"))].mean(axis=1) for joint in ("hip", "shoulder")
    )
    trunk = float(np.median(np.linalg.norm(shoulders - hips, axis=1)))
    facing = 1.0 if float(np.median(shoulders[:, 0] - hips[:, 0])) >= 0.0 else -1.0
    scaled = (xy[:, poses.skeleton.indices(JOINTS)] - hips[:, None]) / max(trunk, 1e-9) * np.array([facing, 1.0])
    flat = scaled.reshape(len(scaled), -1)
    moments = np.linspace(start_s, end_s, PHASES)
    at_moments = [np.interp(moments, t_s, flat[:, column]) for column in range(flat.shape[1])]
    return np.asarray(np.array(at_moments).T.reshape(PHASES, len(JOINTS), 2))
