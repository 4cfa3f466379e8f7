"""Pictures of screens compared as a person would: by blocks, with room for another machine's drawing of letters.

Two pictures look the same when nearly every block of one is found in the other within four points of its place. Edges
of letters differ between machines and are averaged away; a card that is gone, a colour that changed and anything that
moved by more than eight points are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(height, width, 3) at half the size of the screen."""

BLOCK: Final = 8
REACH: Final = 2
"""How far a block may have moved; pixels of the halved picture, as `BLOCK`."""

BLUR_SD: Final = 1.6
BLOCK_DIFFERS: Final = 11.0
"""Mean difference of a block's colours, of 255."""

MAX_BLOCKS: Final = 6
MAX_TINT: Final = 2.5
"""Difference of the whole picture's mean colour, of 255: a ground that changed a little everywhere."""

QUALITY: Final = 82
_GONE: Final = (255, 0, 255)


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """How two pictures differ."""

    blocks: NDArray[np.bool_]
    """By rows and columns of blocks."""
    tint: float

    @property
    def is_seen(self) -> bool:
        """Whether a person would say that something changed."""
        return bool(self.blocks.sum() > MAX_BLOCKS or self.tint > MAX_TINT)

    def __str__(self) -> str:
        return f"{int(self.blocks.sum())} of {self.blocks.size} blocks differ, the mean colour by {self.tint:.1f}"


def from_screen(png: bytes) -> Picture:
    """Return a screenshot at half its size."""
    whole = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert whole is not None
    return _colours(cv2.resize(whole, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def read(file: Path) -> Picture:
    """Return a stored picture."""
    stored = cv2.imread(str(file), cv2.IMREAD_COLOR)
    assert stored is not None, file
    return _colours(stored)


def write(file: Path, picture: Picture) -> None:
    """Store a picture as WebP."""
    file.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(file), picture, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])


def difference(before: Picture, after: Picture) -> Difference:
    """Compare two pictures; what only one of them has differs."""
    height = max(before.shape[0], after.shape[0])
    width = max(before.shape[1], after.shape[1])
    # A page that grew by less than things may move is compared as far as both go.
    if abs(before.shape[0] - after.shape[0]) <= 2 * REACH and before.shape[1] == after.shape[1]:
        height = min(before.shape[0], after.shape[0])
    height, width = (BLOCK * -(-side // BLOCK) for side in (height, width))
    first, second = (_fitted(picture, height, width) for picture in (before, after))
    least = np.full((height // BLOCK, width // BLOCK), np.inf, dtype=np.float32)
    around = cv2.copyMakeBorder(second, REACH, REACH, REACH, REACH, cv2.BORDER_REPLICATE)
    for down in range(2 * REACH + 1):
        for right in range(2 * REACH + 1):
            moved = around[down : down + height, right : right + width]
            apart = np.abs(first - moved).mean(axis=2)
            least = np.minimum(least, cv2.resize(apart, least.shape[::-1], interpolation=cv2.INTER_AREA))
    tint = np.abs(first.mean(axis=(0, 1)) - second.mean(axis=(0, 1))).max()
    return Difference(least > BLOCK_DIFFERS, float(tint))


def marked(before: Picture, after: Picture) -> Picture:
    """Return both beside each other, with frames around what differs."""
    blocks = difference(before, after).blocks
    height, width = (BLOCK * count for count in blocks.shape)
    sides = []
    for picture in (before, after):
        drawn = _padded(picture, height, width)
        for row, column in np.argwhere(blocks).tolist():
            corner = (column * BLOCK, row * BLOCK)
            cv2.rectangle(drawn, corner, (corner[0] + BLOCK - 1, corner[1] + BLOCK - 1), _GONE, 1)
        sides.append(drawn)
    return _colours(np.hstack(sides))


def _fitted(picture: Picture, height: int, width: int) -> NDArray[np.float32]:
    soft = cv2.GaussianBlur(picture, (0, 0), BLUR_SD)
    return _padded(_colours(soft), height, width).astype(np.float32)


def _padded(picture: Picture, height: int, width: int) -> Picture:
    """Cut a picture, or fill it up with a colour that no screen has."""
    cut = picture[:height, :width]
    # Up to a whole block the last pixels go on: sides need not be multiples of it.
    short, narrow = height - cut.shape[0], width - cut.shape[1]
    cut = cv2.copyMakeBorder(cut, 0, min(short, BLOCK - 1), 0, min(narrow, BLOCK - 1), cv2.BORDER_REPLICATE)
    missing = height - cut.shape[0], width - cut.shape[1]
    return _colours(cv2.copyMakeBorder(cut, 0, missing[0], 0, missing[1], cv2.BORDER_CONSTANT, value=_GONE))


def _colours(picture: Any) -> Picture:
    return np.ascontiguousarray(picture, dtype=np.uint8)
