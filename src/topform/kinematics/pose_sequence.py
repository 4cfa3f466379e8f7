"""Keypoints of one person over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topform.core.arrays import FloatArray, require_increasing, require_shape
from topform.core.errors import ShapeError
from topform.kinematics.skeleton import Skeleton


@dataclass(frozen=True, slots=True, eq=False)
class PoseSequence:
    """A person's keypoints on the video's own time axis.

    Parameters
    ----------
    t_s : ndarray of float64, shape (T,)
        Strictly increasing. [s]
    xy_px : ndarray of float64, shape (T, K, 2)
        Upright picture, origin top left, y down. [px]; NaN = not observed.
    score : ndarray of float64, shape (T, K)
        Certainty of the estimator, 0..1, not calibrated; 0 where not observed.
    skeleton : Skeleton
        Names of the keypoints.
    world_m : ndarray of float64, shape (T, K, 3), optional
        Metres from the hip centre; x right, y down, z away from the camera.

    Raises
    ------
    ShapeError
        If shapes do not fit each other or times do not increase.
    """

    t_s: FloatArray
    xy_px: FloatArray
    score: FloatArray
    skeleton: Skeleton
    world_m: FloatArray | None = None

    def __post_init__(self) -> None:
        n_frames, n_keypoints = self.t_s.size, len(self.skeleton)
        require_shape("t_s", self.t_s, (n_frames,))
        require_increasing("t_s", self.t_s)
        require_shape("xy_px", self.xy_px, (n_frames, n_keypoints, 2))
        require_shape("score", self.score, (n_frames, n_keypoints))
        if not np.all((self.score >= 0.0) & (self.score <= 1.0)):
            raise ShapeError("score must lie in 0..1")
        if self.world_m is not None:
            require_shape("world_m", self.world_m, (n_frames, n_keypoints, 3))

    def __len__(self) -> int:
        return int(self.t_s.size)

    @property
    def duration_s(self) -> float:
        """Time from the first to the last frame. [s]"""
        return float(self.t_s[-1] - self.t_s[0]) if len(self) else 0.0

    def xy(self, name: str) -> FloatArray:
        """Return the path of one keypoint, shape (T, 2). [px]"""
        return self.xy_px[:, self.skeleton.index(name)]

    def mirrored(self) -> PoseSequence:
        """Return what a mirror shows: x reversed, left and right exchanged."""
        order = self.skeleton.mirrored()
        world = None
        if self.world_m is not None:
            world = self.world_m[:, order] * np.array([-1.0, 1.0, 1.0])
        return PoseSequence(
            t_s=self.t_s,
            xy_px=self.xy_px[:, order] * np.array([-1.0, 1.0]),
            score=self.score[:, order],
            skeleton=self.skeleton,
            world_m=world,
        )
