"""Frames are cropped before they are converted."""

from __future__ import annotations

import numpy as np
import pytest

from topform.core.errors import ShapeError
from topform.vision.frames import VideoFrame


def gradient(rotation_deg: int = 0) -> VideoFrame:
    """A frame whose luma is 4 x + 10 in full range: positions can be read off the picture."""
    luma = np.broadcast_to(np.arange(60, dtype=np.uint8) * 4 + 10, (40, 60)).copy()
    chroma = np.full((20, 30), 128, dtype=np.uint8)
    return VideoFrame(0.0, luma, chroma, chroma, rotation_deg=rotation_deg, full_range=True)


def test_identity_crop_gives_the_pixels() -> None:
    crop = gradient().crop(np.eye(3), 40)
    assert crop[10, :, 0].tolist() == [4 * x + 10 for x in range(40)]


def test_enlarged_crop_interpolates_between_pixel_centres() -> None:
    crop = gradient().crop(np.diag([0.5, 0.5, 1.0]), 40)
    # Crop pixel 21 covers positions 10.5..11: its centre 10.75 lies a quarter of a pixel past the centre of pixel 10.
    assert crop[10, 21, 0] == pytest.approx(4 * 10.25 + 10, abs=0.6)


def test_outside_the_picture_is_black() -> None:
    shift = np.array([[1.0, 0.0, -30.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    crop = gradient().crop(shift, 40)
    assert crop[10, :29].max() == 0
    assert crop[10, 35, 0] > 0


def test_limited_range_white_and_black() -> None:
    chroma = np.full((4, 4), 128, dtype=np.uint8)
    luma = np.array([[16, 235] * 4] * 8, dtype=np.uint8)
    rgb = VideoFrame(0.0, luma, chroma, chroma).crop(np.eye(3), 8)
    assert rgb[2, 2].tolist() == [0, 0, 0]
    assert rgb[2, 3].tolist() == [255, 255, 255]


@pytest.mark.parametrize("weights", ["bt601", "bt709"])
def test_pure_red_by_the_standard(weights: str) -> None:
    """Red of 100 % has Y = 16 + 219 Kr and Cr = 240 (ITU-R BT.601 and BT.709)."""
    k_red, k_blue = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722)}[weights]
    blue = round(128 + 224 * (-k_red / (2 * (1 - k_blue))))
    frame = VideoFrame(
        0.0,
        np.full((8, 8), round(16 + 219 * k_red), dtype=np.uint8),
        np.full((4, 4), blue, dtype=np.uint8),
        np.full((4, 4), 240, dtype=np.uint8),
        luma_weights=weights,
    )
    assert np.abs(frame.crop(np.eye(3), 8)[4, 4].astype(int) - (255, 0, 0)).max() <= 3


def test_wide_pixels_are_shown_wide() -> None:
    chroma = np.full((20, 30), 128, dtype=np.uint8)
    frame = VideoFrame(0.0, np.zeros((40, 60), dtype=np.uint8), chroma, chroma, pixel_aspect=4 / 3)
    assert frame.size_px == (80.0, 40.0)
    turned = VideoFrame(0.0, np.zeros((40, 60), dtype=np.uint8), chroma, chroma, rotation_deg=90, pixel_aspect=4 / 3)
    assert turned.size_px == (40.0, 80.0)


def test_smaller_copy_keeps_the_aspect() -> None:
    assert gradient().rgb(max_side_px=30).shape == (20, 30, 3)


def test_odd_rotation_is_refused() -> None:
    with pytest.raises(ShapeError):
        gradient(rotation_deg=45)
