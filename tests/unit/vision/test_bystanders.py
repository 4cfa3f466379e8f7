"""What lies beside a body, as pictures of their own: the right part of the upright picture, however it is stored."""

from __future__ import annotations

import numpy as np
import pytest

from topform.vision.bystanders import beside
from topform.vision.frames import VideoFrame

BODY = np.linspace([80.0, 40.0], [120.0, 80.0], 33)
"""Forty pixels wide and high; four more on each side are left to it."""


def stored(rotation_deg: int) -> VideoFrame:
    """Return a picture of 200x120 upright pixels that becomes brighter from left to right, stored as a camera does."""
    upright = np.broadcast_to(np.linspace(30, 220, 200).astype(np.uint8), (120, 200))
    luma = np.ascontiguousarray(np.rot90(upright, -rotation_deg // 90))
    chroma = np.full((luma.shape[0] // 2, luma.shape[1] // 2), 128, dtype=np.uint8)
    return VideoFrame(0.0, luma, chroma, chroma, rotation_deg=rotation_deg, full_range=True)


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_the_parts_are_those_of_the_upright_picture(rotation_deg: int) -> None:
    frame = stored(rotation_deg)
    assert frame.size_px == (200.0, 120.0)
    whole = frame.rgb()
    assert whole[60, 10].mean() < whole[60, 190].mean()
    parts = beside(frame, BODY)
    assert [part.size_px for part in parts] == [(76.0, 120.0), (76.0, 120.0), (200.0, 36.0), (200.0, 36.0)]
    left, right, above, below = (part.rgb().astype(float) for part in parts)
    assert left[:, 4:-4] == pytest.approx(whole[:, 4:72].astype(float), abs=2.0)
    assert right[:, 4:-4] == pytest.approx(whole[:, 128:196].astype(float), abs=2.0)
    assert above == pytest.approx(whole[:36].astype(float), abs=2.0)
    assert below == pytest.approx(whole[84:].astype(float), abs=2.0)


def test_a_body_that_fills_the_picture_leaves_nothing_to_look_at() -> None:
    assert beside(stored(0), np.linspace([10.0, 5.0], [190.0, 115.0], 33)) == []
    assert beside(stored(0), np.linspace([-50.0, -50.0], [300.0, 300.0], 33)) == []
