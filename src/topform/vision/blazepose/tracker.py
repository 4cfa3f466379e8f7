"""Follows one person through a video: detect once, then look where the body was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from topform.vision.blazepose.detector import PersonDetector
from topform.vision.blazepose.geometry import Region
from topform.vision.blazepose.landmarks import BodyLandmarks, LandmarkModel
from topform.vision.frames import VideoFrame

MIN_SCORE = 0.5
MIN_SCORE_TO_START = 0.8
"""A new person must convince twice: in the detector's region and in the one that the landmarks ask for."""

QUARTER_TURNS = (0, 90, 270)
"""A body lying across the picture is sometimes found only in the picture turned by 90 degrees."""

MAX_CANDIDATES = 3
SEARCH_INTERVAL_S = 0.2
"""Without a person the detector looks again this often; a frame without one costs next to nothing."""

RECONSIDER_INTERVAL_S = 1.5
"""While the person followed does nothing of interest, others are considered this often."""

SAME_PERSON_OVERLAP = 0.3
SWITCH_RATIO = 1.5

# Trunk length of adults, hip to shoulder centre, with room for the model's error in foreshortened views.
TRUNK_M = (0.15, 0.80)
MIN_SIDE_PX = 32.0
_LEFT_SHOULDER, _RIGHT_SHOULDER, _LEFT_HIP, _RIGHT_HIP = 11, 12, 23, 24

Interest = Callable[[BodyLandmarks], float]


def is_plausible(body: BodyLandmarks, *, size_px: tuple[float, float]) -> bool:
    """Tell whether landmarks can be those of a person in the picture."""
    if body.score < MIN_SCORE or not np.isfinite(body.xy_px).all():
        return False
    shoulders = body.world_m[[_LEFT_SHOULDER, _RIGHT_SHOULDER]].mean(axis=0)
    hips = body.world_m[[_LEFT_HIP, _RIGHT_HIP]].mean(axis=0)
    trunk_m = float(np.linalg.norm(shoulders - hips))
    if not TRUNK_M[0] <= trunk_m <= TRUNK_M[1]:
        return False
    region = body.next_region
    if region.side_px < MIN_SIDE_PX or region.side_px > 6.0 * max(size_px):
        return False
    inside = np.all((body.xy_px >= 0.0) & (body.xy_px <= size_px), axis=1)
    return bool(inside.mean() >= 0.3)


class PoseTracker:
    """Follows the person of most interest.

    Parameters
    ----------
    detector, landmarks
        The two models.
    interest : callable
        Rates a body; larger is more interesting. Values above 1 stop the search for others.
    """

    def __init__(self, detector: PersonDetector, landmarks: LandmarkModel, *, interest: Interest) -> None:
        self._detector = detector
        self._landmarks = landmarks
        self._interest = interest
        self._region: Region | None = None
        self._searched_s: float | None = None
        self.detector_runs = 0
        self.people = 0
        """The most people that were seen at once."""

    def track(self, frame: VideoFrame) -> BodyLandmarks | None:
        """Return the person's landmarks in the next frame, None where nobody is seen."""
        body = None
        lost = False
        if self._region is not None:
            body = self._plausible(frame, self._region)
            lost = body is None
        if body is None:
            if lost or self._is_due(frame.t_s, SEARCH_INTERVAL_S):
                body = self._search(frame)
        elif self._is_due(frame.t_s, RECONSIDER_INTERVAL_S) and self._interest(body) < 1.0:
            body = self._search(frame, instead_of=body)
        self._region = None if body is None else body.next_region
        return body

    def _is_due(self, t_s: float, interval_s: float) -> bool:
        return self._searched_s is None or t_s - self._searched_s >= interval_s

    def _plausible(self, frame: VideoFrame, region: Region) -> BodyLandmarks | None:
        body = self._landmarks.estimate(frame, region)
        return body if is_plausible(body, size_px=frame.size_px) else None

    def _search(self, frame: VideoFrame, *, instead_of: BodyLandmarks | None = None) -> BodyLandmarks | None:
        self._searched_s = frame.t_s
        best = instead_of
        seen = [] if instead_of is None else [instead_of.next_region]
        best_interest = 0.0 if best is None else self._interest(best) * SWITCH_RATIO
        for turn in QUARTER_TURNS if instead_of is None else QUARTER_TURNS[:1]:
            for region in self._regions(frame, turn):
                if instead_of is not None and region.overlap(instead_of.next_region) > SAME_PERSON_OVERLAP:
                    continue
                candidate = self._confirmed(frame, region)
                if candidate is not None and all(
                    candidate.next_region.overlap(other) <= SAME_PERSON_OVERLAP for other in seen
                ):
                    seen.append(candidate.next_region)
                    self.people = max(self.people, len(seen))
                if candidate is not None and (best is None or self._interest(candidate) > best_interest):
                    best, best_interest = candidate, self._interest(candidate)
            if best is not None:
                return best
        return best

    def _regions(self, frame: VideoFrame, turn_deg: int) -> list[Region]:
        """Return the regions to try, found in the picture turned counter-clockwise."""
        self.detector_runs += 1
        if turn_deg == 0:
            return [found.region for found in self._detector.detect(frame)[:MAX_CANDIDATES]]
        turned = replace(frame, rotation_deg=(frame.rotation_deg + turn_deg) % 360)
        back = np.linalg.inv(frame.stored_from_upright()) @ turned.stored_from_upright()
        return [found.region.moved(back) for found in self._detector.detect(turned)[:MAX_CANDIDATES]]

    def _confirmed(self, frame: VideoFrame, region: Region) -> BodyLandmarks | None:
        first = self._plausible(frame, region)
        if first is None:
            return None
        second = self._plausible(frame, first.next_region)
        if second is None or max(first.score, second.score) < MIN_SCORE_TO_START:
            return None
        return second
