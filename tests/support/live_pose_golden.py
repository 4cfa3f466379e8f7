"""What the recorded analysis computes around the pose models, as numbers that the app's live pose is tested with.

    python -m tests.support.live_pose_golden

writes them anew; nothing in them is anybody's picture.
"""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np

from tests.support.shared_data import REPOSITORY
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.vision.blazepose.detector import PersonDetector, anchor_centers, merge_overlapping
from topform.vision.blazepose.geometry import Region
from topform.vision.blazepose.landmarks import HEATMAP_PX, POINTS, BodyLandmarks, refined
from topform.vision.blazepose.tracker import is_plausible
from topform.vision.frames import VideoFrame

FILE: Final = REPOSITORY / "app" / "src" / "live" / "pose" / "golden.json"
REGIONS: Final = (
    Region(center_x_px=30.0, center_y_px=20.0, side_px=48.0, rotation_rad=0.0),
    Region(center_x_px=31.5, center_y_px=18.25, side_px=40.0, rotation_rad=0.7),
    Region(center_x_px=5.0, center_y_px=36.0, side_px=60.0, rotation_rad=-2.2),
)
PICTURE: Final = (64, 40)
CROP_PX: Final = 12


def document() -> dict[str, Any]:
    """Return every input and what comes of it."""
    return {
        "anchors": _anchors(),
        "regions": _regions(),
        "crops": _crops(),
        "detections": _detections(),
        "refined": _refined(),
        "plausible": _plausible(),
        "mirrored": [int(point) for point in BLAZEPOSE33.mirrored()],
    }


def _rounded(values: Any) -> Any:
    return np.round(np.asarray(values, dtype=np.float64), 6).tolist()


def _as_dict(region: Region) -> dict[str, float]:
    names = {"centerXPx": "center_x_px", "centerYPx": "center_y_px", "sidePx": "side_px", "rotationRad": "rotation_rad"}
    return {there: round(getattr(region, here), 6) for there, here in names.items()}


def _anchors() -> dict[str, Any]:
    centers = anchor_centers()
    places = [0, 1, 57, 1567, 1568, 1959, 1960, 2253]
    return {"count": len(centers), "places": places, "centers": _rounded(centers[places])}


def _regions() -> dict[str, Any]:
    alignments = [(100.0, 80.0, 100.0, 20.0), (100.0, 80.0, 160.0, 80.0), (320.0, 200.0, 250.0, 290.0)]
    quarter = np.array([[0.0, -1.0, 64.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    return {
        "alignments": [
            {"points": one, "region": _as_dict(Region.from_alignment(np.array(one[:2]), np.array(one[2:])))}
            for one in alignments
        ],
        "maps": [
            {"region": _as_dict(region), "uprightFromCrop": _rounded(region.upright_from_crop(256)[:2].ravel())}
            for region in REGIONS
        ],
        "moved": [{"region": _as_dict(region), "to": _as_dict(region.moved(quarter))} for region in REGIONS],
        "overlaps": _rounded([[one.overlap(other) for other in REGIONS] for one in REGIONS]),
    }


def _gray() -> VideoFrame:
    """A smooth picture without colour, so that one plane says it all."""
    width, height = PICTURE
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    luma = np.round(120.0 + 60.0 * np.sin(x / 9.0) + 50.0 * np.cos(y / 7.0)).astype(np.uint8)
    chroma = np.full((height // 2, width // 2), 128, dtype=np.uint8)
    return VideoFrame(t_s=0.0, luma=luma, blue=chroma, red=chroma, full_range=True)


def _crops() -> dict[str, Any]:
    frame = _gray()
    width, height = PICTURE
    return {
        "widthPx": width,
        "heightPx": height,
        "luma": frame.luma.ravel().tolist(),
        "sizePx": CROP_PX,
        "crops": [
            {
                "region": _as_dict(region),
                "values": frame.crop(region.upright_from_crop(CROP_PX), CROP_PX)[..., 0].tolist(),
            }
            for region in REGIONS
        ],
    }


def _detections() -> dict[str, Any]:
    rng = np.random.default_rng(9)
    anchors = [700, 701, 760, 1600, 1990, 2001]
    raw = rng.normal(0.0, 6.0, (len(anchors), 12)).astype(np.float32)
    raw[:, 2:4] = 60.0 + np.abs(raw[:, 2:4])
    logits = np.array([2.0, 1.0, -0.5, 0.4, -3.0, 3.5], dtype=np.float32)
    scores = 1.0 / (1.0 + np.exp(-logits.astype(np.float64)))
    likely = scores > 0.2
    centers = anchor_centers()[anchors] * 224
    boxes = PersonDetector._decode(raw.astype(np.float64), centers)
    merged = merge_overlapping(scores[likely], boxes[likely])
    return {
        "anchors": anchors,
        "raw": _rounded(raw),
        "logits": _rounded(logits),
        "merged": [{"score": round(score, 6), "values": _rounded(box)} for score, box in merged],
    }


def _refined() -> dict[str, Any]:
    """Hills whose tops lie beside the points; the last ones are too low, outside, or at the rim."""
    points = np.array([[40.0 + 5.0 * point, 200.0 - 4.0 * point] for point in range(POINTS)])
    points[36], points[37], points[38] = (-3.0, 50.0), (255.5, 1.0), (90.0, 90.0)
    tops = points / 4.0 + np.array([[1.3, -0.8]])
    heights = np.full(POINTS, 3.0)
    heights[38] = -2.0
    rows, columns = np.mgrid[0:HEATMAP_PX, 0:HEATMAP_PX]
    far = (columns[..., None] - tops[:, 0]) ** 2 + (rows[..., None] - tops[:, 1]) ** 2
    heatmaps = (heights - far / 2.0).astype(np.float32)
    return {
        "points": _rounded(points),
        "tops": _rounded(tops),
        "heights": _rounded(heights),
        "refined": _rounded(refined(points, heatmaps)),
    }


def _plausible() -> list[dict[str, Any]]:
    cases = []
    for score, trunk_m, side_px, shift_px in (
        (0.9, 0.5, 200.0, 0.0),
        (0.4, 0.5, 200.0, 0.0),
        (0.9, 0.1, 200.0, 0.0),
        (0.9, 0.9, 200.0, 0.0),
        (0.9, 0.5, 20.0, 0.0),
        (0.9, 0.5, 3000.0, 0.0),
        (0.9, 0.5, 200.0, 250.0),
        (0.9, 0.5, 200.0, 200.0),
    ):
        world = np.zeros((33, 3))
        world[11:13, 1] = -trunk_m
        xy = np.stack([np.linspace(10.0, 310.0, 33) + shift_px, np.full(33, 100.0)], axis=1)
        body = BodyLandmarks(
            xy_px=xy,
            visibility=np.ones(33),
            presence=np.ones(33),
            world_m=world,
            score=score,
            next_region=Region(center_x_px=160.0, center_y_px=100.0, side_px=side_px, rotation_rad=0.0),
        )
        given = {"score": score, "trunkM": trunk_m, "sidePx": side_px, "shiftPx": shift_px}
        cases.append({**given, "plausible": is_plausible(body, size_px=(320.0, 240.0))})
    return cases


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), separators=(",", ":")) + "\n", encoding="utf-8")
