"""Finds people: the single-shot detector that starts a track."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topform.core.arrays import FloatArray
from topform.vision.blazepose.geometry import Region
from topform.vision.blazepose.runtime import LiteRtModel
from topform.vision.frames import VideoFrame

INPUT_PX = 224
MIN_SCORE = 0.2
"""Lower than the published 0.5: people lying or bent over score low, and the landmark model confirms or refutes."""

MIN_OVERLAP_TO_MERGE = 0.3
_LOGIT_LIMIT = 100.0
# Strides and anchors per cell of the published graph: 28x28x2, 14x14x2 and 7x7x(2+2+2) = 2254.
_LAYERS = ((8, 2), (16, 2), (32, 6))
_CENTER, _RIM = 0, 1


@dataclass(frozen=True, slots=True)
class Detection:
    """A person found in a frame."""

    score: float
    region: Region


def anchor_centers() -> FloatArray:
    """Return the anchor centres in 0..1, shape (2254, 2); all anchors have unit size."""
    layers = []
    for stride, per_cell in _LAYERS:
        cells = INPUT_PX // stride
        axis = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(axis, axis)
        layers.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), per_cell, axis=0))
    return np.concatenate(layers)


class PersonDetector:
    """The BlazePose detector."""

    def __init__(self, content: bytes, *, threads: int = 1) -> None:
        self._model = LiteRtModel(content, input_shape=(1, INPUT_PX, INPUT_PX, 3), threads=threads)
        self._anchors_px = anchor_centers() * INPUT_PX

    def detect(self, frame: VideoFrame) -> list[Detection]:
        """Return the likely people in a frame, the most certain first."""
        width, height = frame.size_px
        side = max(width, height)
        letterbox = np.array(
            [
                [side / INPUT_PX, 0.0, (width - side) / 2.0],
                [0.0, side / INPUT_PX, (height - side) / 2.0],
                [0.0, 0.0, 1.0],
            ]
        )
        self._model.run(frame.crop(letterbox, INPUT_PX), scale=2.0 / 255.0, offset=-1.0)
        logits = np.clip(self._model.output(1)[0, :, 0], -_LOGIT_LIMIT, _LOGIT_LIMIT).astype(np.float64)
        scores = 1.0 / (1.0 + np.exp(-logits))
        likely = np.flatnonzero(scores > MIN_SCORE)
        if likely.size == 0:
            return []
        boxes = self._decode(self._model.output(0)[0, likely].astype(np.float64), self._anchors_px[likely])
        found = []
        for score, merged in merge_overlapping(scores[likely], boxes):
            points = merged[4:].reshape(-1, 2) @ letterbox[:2, :2].T + letterbox[:2, 2]
            region = Region.from_alignment(points[_CENTER], points[_RIM])
            if region.side_px > 1.0:
                found.append(Detection(score=score, region=region))
        return found

    @staticmethod
    def _decode(raw: FloatArray, anchors_px: FloatArray) -> FloatArray:
        """Return rows of left, top, right, bottom and four keypoints. [px of the input]"""
        center, size = raw[:, 0:2] + anchors_px, raw[:, 2:4]
        points = raw[:, 4:12].reshape(len(raw), 4, 2) + anchors_px[:, None]
        return np.hstack([center - size / 2.0, center + size / 2.0, points.reshape(len(raw), 8)])


def merge_overlapping(scores: FloatArray, boxes: FloatArray) -> list[tuple[float, FloatArray]]:
    """Merge overlapping boxes into their score-weighted mean, the most certain first.

    Examples
    --------
    >>> boxes = np.array([[0.0, 0, 10, 10], [0, 0, 10, 12], [50, 50, 60, 60]])
    >>> merged = merge_overlapping(np.array([0.9, 0.6, 0.8]), boxes)
    >>> [(score, box.round(1).tolist()) for score, box in merged]
    [(0.9, [0.0, 0.0, 10.0, 10.8]), (0.8, [50.0, 50.0, 60.0, 60.0])]
    """
    remaining = np.argsort(-scores, kind="stable")
    merged = []
    while remaining.size:
        best = boxes[remaining[0]]
        overlapping = _overlap(best, boxes[remaining]) > MIN_OVERLAP_TO_MERGE
        overlapping[0] = True
        group = remaining[overlapping]
        weights = scores[group]
        merged.append((float(scores[remaining[0]]), (weights[:, None] * boxes[group]).sum(axis=0) / weights.sum()))
        remaining = remaining[~overlapping]
    return merged


def _overlap(box: FloatArray, others: FloatArray) -> FloatArray:
    corner_low = np.maximum(box[:2], others[:, :2])
    corner_high = np.minimum(box[2:4], others[:, 2:4])
    shared = np.prod(np.clip(corner_high - corner_low, 0.0, None), axis=1)
    areas = np.prod(np.clip(others[:, 2:4] - others[:, :2], 0.0, None), axis=1)
    own = np.prod(np.clip(box[2:4] - box[:2], 0.0, None))
    union = own + areas - shared
    overlap: FloatArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0.0)
    return overlap
