"""One decoded video frame, kept as the decoder left it: planes of luma and chroma.

Converting a whole frame to RGB costs more than decoding it. A frame here is cropped first: only the pixels that
the model sees are scaled, rotated and converted. Positions are upright pixels: continuous, origin top left of the
picture as a player shows it, rotation metadata and non-square pixels applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.core.errors import ShapeError

Plane = NDArray[np.uint8]
RgbImage = NDArray[np.uint8]

# Luma weights (Kr, Kb) of ITU-R BT.601 and BT.709.
LUMA_WEIGHTS = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722)}


@dataclass(frozen=True, slots=True, eq=False)
class VideoFrame:
    """Planar YUV with half-resolution chroma, and how it lies in the upright picture.

    Parameters
    ----------
    t_s : float
        Presentation time since the first frame. [s]
    luma, blue, red : ndarray of uint8
        Planes Y (h, w), U and V (about half of both). Views into the decoder's buffer.
    rotation_deg : int
        How far the stored picture must be turned counter-clockwise to stand upright: 0, 90, 180 or 270.
    pixel_aspect : float
        Width over height of one stored pixel.
    luma_weights : str
        Key of `LUMA_WEIGHTS`.
    full_range : bool
        Whether luma uses 0..255 rather than 16..235.
    """

    t_s: float
    luma: Plane
    blue: Plane
    red: Plane
    rotation_deg: int = 0
    pixel_aspect: float = 1.0
    luma_weights: str = "bt601"
    full_range: bool = False

    def __post_init__(self) -> None:
        if self.luma.ndim != 2 or self.blue.shape != self.red.shape or self.blue.ndim != 2:
            raise ShapeError("A frame needs three planes, the chroma planes of one shape")
        if self.rotation_deg not in (0, 90, 180, 270):
            raise ShapeError(f"A frame can stand rotated by 0, 90, 180 or 270 degrees, not {self.rotation_deg}")

    @property
    def size_px(self) -> tuple[float, float]:
        """Width and height of the upright picture."""
        height, width = self.luma.shape
        stored = (width * self.pixel_aspect, float(height))
        return stored if self.rotation_deg in (0, 180) else (stored[1], stored[0])

    def stored_from_upright(self) -> FloatArray:
        """Return the 3x3 map from upright to stored luma positions."""
        return _stored_from_upright(self.luma.shape[1], self.luma.shape[0], self.rotation_deg, self.pixel_aspect)

    def crop(self, upright_from_crop: FloatArray, size_px: int) -> RgbImage:
        """Return a square RGB crop; what lies outside the picture is black.

        Parameters
        ----------
        upright_from_crop : ndarray of float64, shape (3, 3)
            Affine map from crop positions (0..size) to upright positions.
        size_px : int
            Side of the crop.
        """
        return self.warp(upright_from_crop, (size_px, size_px))

    def warp(self, upright_from_crop: FloatArray, size_px: tuple[int, int]) -> RgbImage:
        """Return an RGB crop of ``(width, height)``; see `crop`."""
        to_luma = self.stored_from_upright() @ upright_from_crop
        halves = np.diag([self.blue.shape[1] / self.luma.shape[1], self.blue.shape[0] / self.luma.shape[0], 1.0])
        to_chroma = halves @ to_luma
        yuv = cv2.merge(
            (
                _warp(self.luma, to_luma, size_px, border=0 if self.full_range else 16),
                _warp(self.blue, to_chroma, size_px, border=128),
                _warp(self.red, to_chroma, size_px, border=128),
            )
        )
        rgb = cv2.transform(yuv, _rgb_from_yuv(self.luma_weights, self.full_range))
        return np.asarray(rgb, dtype=np.uint8)

    def rgb(self, *, max_side_px: int | None = None) -> RgbImage:
        """Return the whole upright picture, made smaller where its longer side exceeds the limit."""
        width, height = self.size_px
        scale = 1.0 if max_side_px is None else min(1.0, max_side_px / max(width, height))
        target = (max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2))
        return self.warp(np.diag([width / target[0], height / target[1], 1.0]), target)


def _warp(plane: Plane, plane_from_crop: FloatArray, size_px: tuple[int, int], *, border: int) -> Plane:
    # OpenCV addresses pixel centres, the maps address positions: (i + 0.5) on both sides.
    matrix = plane_from_crop[:2].copy()
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    warped = cv2.warpAffine(
        plane,
        matrix,
        size_px,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=border,
    )
    return np.asarray(warped, dtype=np.uint8)


@cache
def _stored_from_upright(width: int, height: int, rotation_deg: int, pixel_aspect: float) -> FloatArray:
    squeeze = np.diag([1.0 / pixel_aspect, 1.0, 1.0])
    shown = width * pixel_aspect
    turn = {
        0: np.eye(3),
        90: np.array([[0.0, -1.0, shown], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
        180: np.array([[-1.0, 0.0, shown], [0.0, -1.0, height], [0.0, 0.0, 1.0]]),
        270: np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, height], [0.0, 0.0, 1.0]]),
    }[rotation_deg]
    matrix: FloatArray = squeeze @ turn
    matrix.setflags(write=False)
    return matrix


@cache
def _rgb_from_yuv(weights: str, full_range: bool) -> FloatArray:
    """Return the 3x4 matrix of ITU-R BT.601 or BT.709, after the names of `LUMA_WEIGHTS`."""
    k_red, k_blue = LUMA_WEIGHTS[weights]
    k_green = 1.0 - k_red - k_blue
    luma, chroma, offset = (1.0, 1.0, 0.0) if full_range else (255.0 / 219.0, 255.0 / 224.0, 16.0)
    matrix = np.array(
        [
            [luma, 0.0, 2.0 * (1.0 - k_red) * chroma],
            [
                luma,
                -2.0 * (1.0 - k_blue) * k_blue / k_green * chroma,
                -2.0 * (1.0 - k_red) * k_red / k_green * chroma,
            ],
            [luma, 2.0 * (1.0 - k_blue) * chroma, 0.0],
        ]
    )
    shift = -matrix @ np.array([offset, 128.0, 128.0])
    combined: FloatArray = np.hstack([matrix, shift[:, None]])
    combined.setflags(write=False)
    return combined
