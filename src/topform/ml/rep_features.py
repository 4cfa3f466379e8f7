"""About forty numbers that sum up one repetition: what a learner without a memory of frames can use."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.kinematics.form_analysis import Repetition
from topform.kinematics.observation import FrameObservation, FrameObserver
from topform.kinematics.pose_sequence import PoseSequence

_SIGNALS: Final = (
    "elbow_deg",
    "elbow_gap_deg",
    "upper_arm_deg",
    "body_line_deg",
    "neck_deg",
    "hip_angle_deg",
    "arm_trunk_deg",
    "trunk_inclination_deg",
    "shoulder_height",
    "hip_height",
)
_QUANTILES: Final = (0.05, 0.5, 0.95)
NAMES: Final = (
    *(f"{signal}_{share:.2f}" for signal in _SIGNALS for share in _QUANTILES),
    "down_s",
    "up_s",
    "shoulder_hip_correlation",
    "line_growth_deg",
    "line_at_turn_deg",
    "turned_from_side",
    "arm_visibility",
    "leg_visibility",
    "elbow_spread_deg",
    "line_spread_deg",
)
"""Names of the features, in order."""


def observe_all(poses: PoseSequence) -> list[FrameObservation]:
    """Return what every frame shows in which a body was observed."""
    observer = FrameObserver(poses.skeleton)
    seen = [
        observer.observe(
            t_s=float(t_s),
            xy_px=poses.xy_px[frame],
            score=poses.score[frame],
            world_m=None if poses.world_m is None else poses.world_m[frame],
        )
        for frame, t_s in enumerate(poses.t_s)
    ]
    return [frame for frame in seen if frame.is_observed]


def rep_features(frames: Sequence[FrameObservation], rep: Repetition) -> FloatArray | None:
    """Return the features of one repetition.

    Parameters
    ----------
    frames : sequence of FrameObservation
        Of the whole set; see `observe_all`.
    rep : Repetition
        Which part of it.

    Returns
    -------
    ndarray of float64, shape (40,) or None
        See `NAMES`; what was not observed is 0. None where fewer than four frames show the repetition.
    """
    window = [frame for frame in frames if rep.start_s <= frame.t_s <= rep.end_s]
    if len(window) < 4:
        return None
    rows = np.array([_signals(frame) for frame in window])
    line, shoulder, hip = rows[:, 3], rows[:, 8], rows[:, 9]
    t_s = np.array([frame.t_s for frame in window])
    quantiles = [
        [np.quantile(column[np.isfinite(column)], share) for share in _QUANTILES]
        if np.isfinite(column).any()
        else [math.nan] * len(_QUANTILES)
        for column in rows.T
    ]
    quarter = max(1, len(window) // 4)
    yaws = [abs(frame.yaw_deg) for frame in window if math.isfinite(frame.yaw_deg)]
    found = np.array(
        [
            *np.ravel(quantiles),
            rep.turn_s - rep.start_s,
            rep.end_s - rep.turn_s,
            _correlation(shoulder, hip),
            np.mean(line[-quarter:]) - np.mean(line[:quarter]),
            line[np.argmin(np.abs(t_s - rep.turn_s))],
            math.sin(math.radians(float(np.median(yaws)))) if yaws else math.nan,
            np.median([frame.near_arm.visibility for frame in window]),
            np.median([frame.leg_visibility for frame in window]),
            np.std(rows[:, 0]),
            np.std(line),
        ],
        dtype=np.float64,
    )
    return np.nan_to_num(found, nan=0.0)


def _signals(frame: FrameObservation) -> list[float]:
    trunk_px = 0.49 * frame.px_per_m
    return [
        frame.near_arm.elbow_deg,
        frame.left.elbow_deg - frame.right.elbow_deg,
        frame.near_arm.upper_arm_deg,
        frame.body_line_deg,
        frame.neck_deg,
        frame.hip_angle_deg,
        frame.arm_trunk_deg,
        frame.trunk_inclination_deg,
        (frame.wrist_y_px - frame.shoulder_y_px) / trunk_px,
        (frame.wrist_y_px - frame.hip_y_px) / trunk_px,
    ]


def _correlation(first: FloatArray, second: FloatArray) -> float:
    if not (first.std() > 0.0 and second.std() > 0.0):
        return 0.0
    return float(np.asarray(np.corrcoef(first, second))[0, 1])
