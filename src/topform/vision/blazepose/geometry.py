"""The rotated square that the landmark model looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from topform.core.arrays import FloatArray

SIDE_OVER_RADIUS = 2.0
MARGIN = 1.25


@dataclass(frozen=True, slots=True)
class Region:
    """A square around a person, turned so that the person stands upright in it.

    Parameters
    ----------
    center_x_px, center_y_px : float
        Centre in upright pixels.
    side_px : float
        Side of the square.
    rotation_rad : float
        Turn of the square, clockwise in the picture (y points down).
    """

    center_x_px: float
    center_y_px: float
    side_px: float
    rotation_rad: float

    @classmethod
    def from_alignment(cls, center_px: FloatArray, rim_px: FloatArray) -> Region:
        """Return the region of a hip centre and a point on the circle around the whole body, above the head."""
        dx, dy = float(rim_px[0] - center_px[0]), float(rim_px[1] - center_px[1])
        turn = math.pi / 2.0 - math.atan2(-dy, dx)
        return cls(
            center_x_px=float(center_px[0]),
            center_y_px=float(center_px[1]),
            side_px=SIDE_OVER_RADIUS * MARGIN * math.hypot(dx, dy),
            rotation_rad=_wrapped(turn),
        )

    def upright_from_crop(self, size_px: int) -> FloatArray:
        """Return the 3x3 map from crop positions (0..size) to upright positions."""
        scale = self.side_px / size_px
        cos, sin = math.cos(self.rotation_rad) * scale, math.sin(self.rotation_rad) * scale
        half = size_px / 2.0
        return np.array(
            [
                [cos, -sin, self.center_x_px - half * cos + half * sin],
                [sin, cos, self.center_y_px - half * sin - half * cos],
                [0.0, 0.0, 1.0],
            ]
        )

    def moved(self, matrix: FloatArray) -> Region:
        """Return the region after a turn and shift of the picture, given as a 3x3 map of positions."""
        x, y, _ = matrix @ (self.center_x_px, self.center_y_px, 1.0)
        turn = self.rotation_rad + math.atan2(matrix[1, 0], matrix[0, 0])
        return Region(center_x_px=float(x), center_y_px=float(y), side_px=self.side_px, rotation_rad=_wrapped(turn))

    def overlap(self, other: Region) -> float:
        """Return the intersection over union of the two squares, their rotation ignored."""
        reach = (self.side_px + other.side_px) / 2.0
        wide = min(self.side_px, other.side_px, reach - abs(self.center_x_px - other.center_x_px))
        high = min(self.side_px, other.side_px, reach - abs(self.center_y_px - other.center_y_px))
        if wide <= 0.0 or high <= 0.0:
            return 0.0
        return wide * high / (self.side_px**2 + other.side_px**2 - wide * high)


def _wrapped(turn_rad: float) -> float:
    return turn_rad - 2.0 * math.pi * math.floor((turn_rad + math.pi) / (2.0 * math.pi))
