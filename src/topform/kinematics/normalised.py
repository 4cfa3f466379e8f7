"""Poses that are not in pixels: what can be put back, and what to warn of.

Pose collections often come normalised: by the picture's size, by the body's box in each frame, or to the hip
centre. The counting signal needs one scale and a fixed ground, so both are rebuilt from the body itself: limbs do
not change their length, and the hands of a push-up rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.kinematics.gaps import with_short_gaps_filled
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import SIDES

NORMALISED_BELOW: Final = 4.0
"""Coordinates of a picture in pixels spread wider than this many units."""

# Segment lengths over stature (Drillis and Contini, 1966), times 1000: only ratios matter.
_SEGMENTS: Final = (
    ("shoulder", "elbow", 186.0),
    ("elbow", "wrist", 146.0),
    ("shoulder", "hip", 288.0),
    ("hip", "knee", 245.0),
    ("knee", "ankle", 246.0),
)
_UNITS_PER_FRAME: Final = 1000.0


class CoordinateFrame(StrEnum):
    """What the numbers of a pose file are relative to."""

    PICTURE = "picture"
    PICTURE_SIZE = "picture_size"
    BODY_BOX = "body_box"
    BODY_CENTER = "body_center"


@dataclass(frozen=True, slots=True, eq=False)
class Rebuilt:
    """Poses on one scale over resting hands, and what they were before."""

    poses: PoseSequence
    frame: CoordinateFrame


def coordinate_frame(poses: PoseSequence) -> CoordinateFrame:
    """Guess from the numbers what they are relative to."""
    xy = poses.xy_px[np.isfinite(poses.xy_px).all(axis=(1, 2))]
    if len(xy) == 0:
        return CoordinateFrame.PICTURE
    low, high = xy.min(axis=1), xy.max(axis=1)
    boxed = np.all((np.abs(low) < 0.02) & (np.abs(high - 1.0) < 0.02), axis=1)
    if boxed.mean() > 0.9:
        return CoordinateFrame.BODY_BOX
    hips = poses.skeleton.indices(f"{side}_hip" for side in SIDES)
    centre = np.abs(xy[:, hips].mean(axis=1)).max(axis=1)
    size = (high - low).max(axis=1)
    if np.median(centre / size) < 0.01:
        return CoordinateFrame.BODY_CENTER
    return CoordinateFrame.PICTURE_SIZE if np.median(size) < NORMALISED_BELOW else CoordinateFrame.PICTURE


def rebuild(poses: PoseSequence) -> Rebuilt:
    """Return poses that the causal step can follow.

    Parameters
    ----------
    poses : PoseSequence
        In any coordinates.

    Returns
    -------
    Rebuilt
        Joints missed for a moment are put back; otherwise pixels come back unchanged. Normalised by the picture:
        enlarged, the aspect ratio stays unknown. Normalised by each frame's box or centred on the body: every frame is
        scaled to constant limb lengths and moved so that the hands rest.
    """
    # Some collections write zeros where they saw nobody: all keypoints in one place are no body.
    seen = np.isfinite(poses.xy_px).all(axis=2, keepdims=True)
    highest = np.where(seen, poses.xy_px, -np.inf).max(axis=1)
    lowest = np.where(seen, poses.xy_px, np.inf).min(axis=1)
    nobody = ~(highest > lowest).any(axis=1)
    poses = replace(poses, xy_px=np.where(nobody[:, None, None], np.nan, poses.xy_px))
    poses = with_short_gaps_filled(poses)
    frame = coordinate_frame(poses)
    if frame is CoordinateFrame.PICTURE:
        return Rebuilt(poses, frame)
    if frame is CoordinateFrame.PICTURE_SIZE:
        return Rebuilt(replace(poses, xy_px=poses.xy_px * _UNITS_PER_FRAME), frame)
    xy = poses.xy_px * limb_scales(poses, is_isotropic=frame is CoordinateFrame.BODY_CENTER)[:, None, :]
    wrists = poses.skeleton.indices(f"{side}_wrist" for side in SIDES)
    xy = xy - xy[:, wrists].mean(axis=1, keepdims=True)
    return Rebuilt(replace(poses, xy_px=xy), frame)


def limb_scales(poses: PoseSequence, *, is_isotropic: bool) -> FloatArray:
    """Return factors for x and y that give every frame limbs of a person's proportions, shape (T, 2).

    Notes
    -----
    With ``a = sx**2`` and ``b = sy**2`` the squared length of a segment is ``a dx**2 + b dy**2``: linear, so each
    frame is a least-squares problem in two unknowns that must not be negative.
    """
    squares, lengths = [], []
    for side in SIDES:
        for start, end, length in _SEGMENTS:
            squares.append((poses.xy(f"{side}_{end}") - poses.xy(f"{side}_{start}")) ** 2)
            lengths.append(length**2)
    step = np.stack(squares, axis=1)
    wanted = np.array(lengths)
    if is_isotropic:
        total = step.sum(axis=2)
        scale = np.sqrt((total * wanted).sum(axis=1) / np.maximum((total**2).sum(axis=1), 1e-12))
        return np.stack([scale, scale], axis=1)
    xx, yy = (step[..., 0] ** 2).sum(axis=1), (step[..., 1] ** 2).sum(axis=1)
    cross = (step[..., 0] * step[..., 1]).sum(axis=1)
    xl, yl = step[..., 0] @ wanted, step[..., 1] @ wanted
    determinant = xx * yy - cross**2
    with np.errstate(invalid="ignore", divide="ignore"):
        a = (xl * yy - yl * cross) / determinant
        b = (yl * xx - xl * cross) / determinant
        a = np.where(b < 0.0, xl / xx, a)
        b = np.where(a < 0.0, yl / yy, b)
    floor = 1e-4 * _UNITS_PER_FRAME**2
    factors: FloatArray = np.sqrt(np.stack([np.maximum(a, floor), np.maximum(b, floor)], axis=1))
    return factors
