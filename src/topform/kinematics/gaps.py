"""Joints that a pose model missed for a moment: between the frames before and after, they lie on a straight line."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from topform.core.arrays import BoolArray, FloatArray, IntArray
from topform.kinematics.pose_sequence import PoseSequence

MAX_GAP_S: Final = 0.2
"""Longer gaps hide movement."""


def with_short_gaps_filled(poses: PoseSequence, *, max_gap_s: float = MAX_GAP_S) -> PoseSequence:
    """Return poses in which single joints that were missed for a moment are put back.

    Frames in which nobody was seen stay empty.

    Parameters
    ----------
    poses : PoseSequence
        Poses; NaN = not observed.
    max_gap_s : float
        Longest time between the frames around a gap. [s]
    """
    seen: BoolArray = np.asarray(np.isfinite(poses.xy_px).all(axis=2))
    missed = ~seen & seen.any(axis=1, keepdims=True)
    if not missed.any():
        return poses
    before, after = _neighbours(seen)
    frames, joints = np.nonzero(missed & (before >= 0) & (after < len(poses)))
    earlier, later = before[frames, joints], after[frames, joints]
    span_s = poses.t_s[later] - poses.t_s[earlier]
    # One missing frame of a slow camera is a short gap too.
    short = (span_s <= max_gap_s) | (later - earlier == 2)
    frames, joints, earlier, later = frames[short], joints[short], earlier[short], later[short]
    share = (poses.t_s[frames] - poses.t_s[earlier]) / span_s[short]

    def filled(values: FloatArray) -> FloatArray:
        result = values.copy()
        weight = share.reshape(-1, *([1] * (values.ndim - 2)))
        result[frames, joints] = (1.0 - weight) * values[earlier, joints] + weight * values[later, joints]
        return result

    world = None if poses.world_m is None else filled(poses.world_m)
    return replace(poses, xy_px=filled(poses.xy_px), score=filled(poses.score), world_m=world)


def _neighbours(seen: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the last frame before and the first after every frame in which each joint was seen; -1 and T for none."""
    count = len(seen)
    place = np.arange(count)[:, None]
    before = np.maximum.accumulate(np.where(seen, place, -1), axis=0)
    after = np.minimum.accumulate(np.where(seen, place, count)[::-1], axis=0)[::-1]
    return before, after
