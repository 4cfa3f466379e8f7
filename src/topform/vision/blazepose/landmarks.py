"""The landmark model: 33 keypoints and two alignment points of one person in a region."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.vision.blazepose.geometry import Region
from topform.vision.blazepose.runtime import LiteRtModel
from topform.vision.frames import VideoFrame

INPUT_PX = 256
HEATMAP_PX = 64
KEYPOINTS = 33
POINTS = 39
CENTER_POINT, RIM_POINT = 33, 34
REFINE_KERNEL = 7
MIN_CONFIDENCE_TO_REFINE = 0.5
MAX_VISIBILITY_OUTSIDE = 0.2
"""The model extrapolates joints beyond the picture's edge and calls them visible; nobody can see them there."""


@dataclass(frozen=True, slots=True, eq=False)
class BodyLandmarks:
    """One person in one frame.

    Parameters
    ----------
    xy_px : ndarray of float64, shape (33, 2)
        Upright pixels; positions outside the picture are extrapolated.
    visibility, presence : ndarray of float64, shape (33,)
        The model's own certainties, not calibrated.
    world_m : ndarray of float64, shape (33, 3)
        Metres from the hip centre; x to the right of the picture, y down, z away from the camera.
    score : float
        Whether there is a person in the region at all.
    next_region : Region
        Where to look in the next frame.
    """

    xy_px: FloatArray
    visibility: FloatArray
    presence: FloatArray
    world_m: FloatArray
    score: float
    next_region: Region


class LandmarkModel:
    """BlazePose landmarks, any of the three sizes."""

    def __init__(self, content: bytes, *, threads: int = 1) -> None:
        self._model = LiteRtModel(content, input_shape=(1, INPUT_PX, INPUT_PX, 3), threads=threads)

    def estimate(self, frame: VideoFrame, region: Region) -> BodyLandmarks:
        """Return what the model sees in a region of a frame."""
        upright_from_crop = region.upright_from_crop(INPUT_PX)
        self._model.run(frame.crop(upright_from_crop, INPUT_PX), scale=1.0 / 255.0, offset=0.0)
        points = self._model.output(0).reshape(POINTS, 5).astype(np.float64)
        score = float(self._model.output(1).ravel()[0])
        xy_crop = refined(points[:, :2], self._model.output(3)[0])
        xy_px = xy_crop @ upright_from_crop[:2, :2].T + upright_from_crop[:2, 2]
        certainty = 1.0 / (1.0 + np.exp(-points[:KEYPOINTS, 3:5]))
        outside = np.any((xy_px[:KEYPOINTS] < 0.0) | (xy_px[:KEYPOINTS] > frame.size_px), axis=1)
        visibility = np.where(outside, np.minimum(certainty[:, 0], MAX_VISIBILITY_OUTSIDE), certainty[:, 0])
        world = self._model.output(4).reshape(POINTS, 3).astype(np.float64)[:KEYPOINTS]
        cos, sin = math.cos(region.rotation_rad), math.sin(region.rotation_rad)
        world[:, :2] = world[:, :2] @ np.array([[cos, sin], [-sin, cos]])
        return BodyLandmarks(
            xy_px=xy_px[:KEYPOINTS],
            visibility=visibility,
            presence=certainty[:, 1],
            world_m=world,
            score=score,
            next_region=Region.from_alignment(xy_px[CENTER_POINT], xy_px[RIM_POINT]),
        )


def refined(xy_crop: FloatArray, heatmaps: NDArray[np.float32]) -> FloatArray:
    """Move points to the centre of mass of the heatmap around them.

    Parameters
    ----------
    xy_crop : ndarray of float64, shape (39, 2)
        Positions in the crop. [px]
    heatmaps : ndarray of float32, shape (64, 64, 39)
        Logits.

    Returns
    -------
    ndarray of float64, shape (39, 2)
        Positions in the crop; unchanged where the heatmap is not sure enough or the point lies outside.
    """
    scale = HEATMAP_PX / INPUT_PX
    reach = (REFINE_KERNEL - 1) // 2
    cells = (xy_crop * scale).astype(np.int64)
    inside = np.all((xy_crop >= 0.0) & (cells < HEATMAP_PX), axis=1)
    offsets = np.arange(-reach, reach + 1)
    rows, columns = cells[:, 1, None] + offsets, cells[:, 0, None] + offsets
    valid = ((rows >= 0) & (rows < HEATMAP_PX))[:, :, None] & ((columns >= 0) & (columns < HEATMAP_PX))[:, None, :]
    logits = heatmaps[
        np.clip(rows, 0, HEATMAP_PX - 1)[:, :, None],
        np.clip(columns, 0, HEATMAP_PX - 1)[:, None, :],
        np.arange(len(xy_crop))[:, None, None],
    ].astype(np.float64)
    weights = np.where(valid, 1.0 / (1.0 + np.exp(-logits)), 0.0)
    total = weights.sum(axis=(1, 2))
    sure = inside & (weights.max(axis=(1, 2)) >= MIN_CONFIDENCE_TO_REFINE) & (total > 0.0)
    safe = np.where(total > 0.0, total, 1.0)
    x = (weights * columns[:, None, :]).sum(axis=(1, 2)) / safe
    y = (weights * rows[:, :, None]).sum(axis=(1, 2)) / safe
    return np.where(sure[:, None], np.stack([x, y], axis=1) / scale, xy_crop)
