"""One picture of where and when an athlete deviates from a reference: a strip for each joint, and both bodies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.core.errors import InvalidInputError
from topform.kinematics.comparison import PHASES, SHOWN_PHASES, JointDeviation
from topform.kinematics.movement_track import BONES, JOINTS
from topform.vision.reference import Beside

WIDTH: Final = 1280
BODY_HEIGHT: Final = 460
ROW: Final = 52
MARGIN: Final = 40
LABELS: Final = 190
STEPS_DEG: Final = (7.0, 12.0, 20.0, 30.0)
"""As in the app: up to the first one lies within what a camera can tell."""

# Blue, green, red. A ramp of lightness, so that its order holds without hue.
_HEAT: Final = ((226, 231, 228), (214, 199, 185), (196, 165, 134), (31, 154, 208), (44, 29, 140))
_INK: Final = (29, 32, 19)
_GREY: Final = (163, 168, 154)
_OWN: Final = (93, 107, 11)
_PAPER: Final = (255, 255, 255)

Image = NDArray[np.uint8]
Color = tuple[int, int, int]


def write_picture(path: Path, found: Beside) -> None:
    """Write the picture as PNG or JPEG, by the ending of the path.

    Parameters
    ----------
    path : Path
        Where to; its folder exists.
    found : Beside
        What to show.
    """
    joints = found.comparison.joints
    picture: Image = np.full((BODY_HEIGHT + ROW * (len(joints) + 2) + MARGIN, WIDTH, 3), _PAPER, dtype=np.uint8)
    phase = worst_phase(joints)
    text = f"You (green) beside {found.name} (grey), at {100 * phase / (PHASES - 1):.0f} % of the repetition"
    _text(picture, text, MARGIN, 44, 0.8)
    scale, shift = _placed(found)
    for body, color, thickness in ((found.reference, _GREY, 6), (found.own, _OWN, 4)):
        _draw_body(picture, body[phase] * scale + shift, color, thickness)
    for row, joint in enumerate(joints):
        _draw_row(picture, joint, BODY_HEIGHT + ROW * (row + 1), phase)
    _draw_legend(picture, BODY_HEIGHT + ROW * (len(joints) + 1))
    try:
        done = cv2.imwrite(str(path), picture)
    except cv2.error as error:
        raise InvalidInputError(
            "The ending names no kind of picture", file=str(path), remedy="Use .png or .jpg."
        ) from error
    if not done:
        raise InvalidInputError("The picture cannot be written", file=str(path), remedy="Check the folder.")


def worst_phase(joints: tuple[JointDeviation, ...]) -> int:
    """Return at which of the 64 steps the largest deviation lies.

    Parameters
    ----------
    joints : tuple of JointDeviation
        Of a comparison.
    """
    values = np.array([[np.nan if value is None else abs(value) for value in one.by_phase_deg] for one in joints])
    if not np.isfinite(values).any():
        return PHASES // 2
    place = int(np.unravel_index(int(np.nanargmax(values)), values.shape)[1])
    return min(PHASES - 1, round((place + 0.5) * PHASES / SHOWN_PHASES))


def _placed(found: Beside) -> tuple[float, FloatArray]:
    both = np.concatenate([found.own, found.reference]).reshape(-1, 2)
    low, high = np.nanmin(both, axis=0), np.nanmax(both, axis=0)
    room = np.array([WIDTH - 2.0 * MARGIN, BODY_HEIGHT - 90.0])
    scale = float(np.min(room / np.maximum(high - low, 1e-6)))
    return scale, np.asarray(np.array([MARGIN, 70.0]) + (room - scale * (high - low)) / 2.0 - scale * low)


def _draw_body(picture: Image, points: FloatArray, color: Color, thickness: int) -> None:
    for start, end in BONES:
        a, b = points[JOINTS.index(start)], points[JOINTS.index(end)]
        if np.isfinite(a).all() and np.isfinite(b).all():
            cv2.line(picture, _pixel(a), _pixel(b), color, thickness, cv2.LINE_AA)
    if np.isfinite(points[0]).all():
        cv2.circle(picture, _pixel(points[0]), 9, color, -1, cv2.LINE_AA)


def _draw_row(picture: Image, joint: JointDeviation, top: int, phase: int) -> None:
    _text(picture, joint.joint.replace("_", " "), MARGIN, top + 32, 0.7)
    width = (WIDTH - 2 * MARGIN - LABELS) / SHOWN_PHASES
    for place, value in enumerate(joint.by_phase_deg):
        left = round(MARGIN + LABELS + place * width)
        if value is None:
            continue
        right = round(left + width) - 3
        shade = _shade(value)
        cv2.rectangle(picture, (left, top + 4), (right, top + ROW - 4), _HEAT[shade], -1)
        _text(picture, f"{value:+.0f}", left + 8, top + 33, 0.55, _PAPER if shade == len(_HEAT) - 1 else _INK)
    x = round(MARGIN + LABELS + phase / PHASES * width * SHOWN_PHASES)
    cv2.line(picture, (x, top), (x, top + ROW), _INK, 2)


def _draw_legend(picture: Image, top: int) -> None:
    words = [f"up to {STEPS_DEG[0]:.0f} deg", *(f"to {limit:.0f}" for limit in STEPS_DEG[1:]), "more"]
    left = MARGIN + LABELS
    for color, word in zip(_HEAT, words, strict=True):
        cv2.rectangle(picture, (left, top + 14), (left + 26, top + 38), color, -1)
        _text(picture, word, left + 36, top + 34, 0.55)
        left += 170
    _text(picture, "down, bottom, up: left to right", MARGIN + LABELS, top + 74, 0.55)


def _shade(value: float) -> int:
    return next((step for step, limit in enumerate(STEPS_DEG) if abs(value) <= limit), len(STEPS_DEG))


def _pixel(point: FloatArray) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _text(picture: Image, text: str, left: int, baseline: int, scale: float, color: Color = _INK) -> None:
    cv2.putText(picture, text, (left, baseline), cv2.FONT_HERSHEY_DUPLEX, scale, color, 1, cv2.LINE_AA)
