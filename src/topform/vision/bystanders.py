"""Looks now and then for people beside the one who is followed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.vision.blazepose.detector import PersonDetector
from topform.vision.blazepose.geometry import Region
from topform.vision.blazepose.landmarks import BodyLandmarks, LandmarkModel
from topform.vision.blazepose.tracker import is_plausible
from topform.vision.frames import Plane, VideoFrame

FIRST_LOOK_S: Final = 1.0
LONGER_EACH_TIME: Final = 3.0
"""Looks after 1, 3, 9, 27, ... seconds: six in a video of five minutes."""

MARGIN: Final = 0.1
"""Of the body's larger extent, left around it."""

LEAST_SHARE: Final = 0.2
"""Of the picture's width and height that a part beside the body must have."""

MIN_DETECTION: Final = 0.8
MIN_SCORE: Final = 0.95
"""Racks, plants and limbs of the body that is followed reach 0.75 and 0.97 in the labelled clips, never both limits."""


class Bystanders:
    """Tells whether more than one person is in a video.

    The detector names the most prominent person of a picture and often nobody else. So it is shown what lies beside the
    body that is followed.

    Parameters
    ----------
    detector, landmarks
        The two models.
    """

    def __init__(self, detector: PersonDetector, landmarks: LandmarkModel) -> None:
        self._detector = detector
        self._landmarks = landmarks
        self._next_s = FIRST_LOOK_S
        self.are_there = False

    def look(self, frame: VideoFrame, body: BodyLandmarks | None) -> None:
        """Take a frame in, and look where it is time; whoever was seen once need not be looked for again."""
        if self.are_there or body is None or frame.t_s < self._next_s:
            return
        self._next_s = max(frame.t_s, self._next_s) * LONGER_EACH_TIME
        self.are_there = any(self._shows_somebody(part) for part in beside(frame, body.xy_px))

    def _shows_somebody(self, part: VideoFrame) -> bool:
        return any(
            found.score >= MIN_DETECTION and self._is_body(part, found.region)
            for found in self._detector.detect(part)[:1]
        )

    def _is_body(self, part: VideoFrame, region: Region) -> bool:
        """Tell whether the landmark model sees a person twice: where the detector does, and where it then looks."""
        for _ in range(2):
            body = self._landmarks.estimate(part, region)
            if body.score < MIN_SCORE or not is_plausible(body, size_px=part.size_px):
                return False
            region = body.next_region
        return True


def beside(frame: VideoFrame, xy_px: FloatArray) -> list[VideoFrame]:
    """Return the parts of a picture left and right of a body and above and below it, as pictures of their own.

    Parameters
    ----------
    frame : VideoFrame
        The picture.
    xy_px : ndarray of float64, shape (33, 2)
        The body. [upright px]
    """
    width, height = frame.size_px
    low, high = xy_px.min(axis=0), xy_px.max(axis=0)
    margin = MARGIN * float((high - low).max())
    (left, top), (right, bottom) = low - margin, high + margin
    boxes = (
        (0.0, 0.0, left, height),
        (right, 0.0, width, height),
        (0.0, 0.0, width, top),
        (0.0, bottom, width, height),
    )
    return [
        _part(frame, box)
        for box in boxes
        if box[2] - box[0] >= LEAST_SHARE * width and box[3] - box[1] >= LEAST_SHARE * height
    ]


def _part(frame: VideoFrame, box: tuple[float, float, float, float]) -> VideoFrame:
    """Return the part of a picture between two upright corners."""
    corners = np.array([[box[0], box[1], 1.0], [box[2], box[3], 1.0]]) @ frame.stored_from_upright().T
    size = (frame.luma.shape[1], frame.luma.shape[0])
    low = np.clip(corners.min(axis=0)[:2], 0, size) / size
    high = np.clip(corners.max(axis=0)[:2], 0, size) / size

    def cut(plane: Plane) -> Plane:
        rows, columns = plane.shape
        x0, x1 = (2 * round(share * columns / 2) for share in (low[0], high[0]))
        y0, y1 = (2 * round(share * rows / 2) for share in (low[1], high[1]))
        return plane[y0:y1, x0:x1]

    return replace(frame, luma=cut(frame.luma), blue=cut(frame.blue), red=cut(frame.red))
