"""Named keypoints. Code refers to joints by name; the place of a name in an array is the skeleton's business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from topform.core.errors import ShapeError


class Side(StrEnum):
    """The athlete's own left and right, never a side of the picture."""

    LEFT = "left"
    RIGHT = "right"


SIDES: Final = (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A layout of keypoints.

    Parameters
    ----------
    id : str
        Stable name of the layout.
    names : tuple of str
        Keypoint names in array order.
    bones : tuple of (str, str)
        Pairs of keypoints to draw.

    Examples
    --------
    >>> BLAZEPOSE33.index("left_elbow"), len(BLAZEPOSE33)
    (13, 33)
    """

    id: str
    names: tuple[str, ...]
    bones: tuple[tuple[str, str], ...]
    _positions: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise ShapeError(f"Skeleton {self.id} names a keypoint twice")
        object.__setattr__(self, "_positions", MappingProxyType({name: i for i, name in enumerate(self.names)}))
        unknown = {name for bone in self.bones for name in bone} - set(self.names)
        if unknown:
            raise ShapeError(f"Skeleton {self.id} has bones to unknown keypoints: {sorted(unknown)}")

    def __len__(self) -> int:
        return len(self.names)

    def index(self, name: str) -> int:
        """Return the array position of a keypoint.

        Raises
        ------
        ShapeError
            If the layout has no such keypoint.
        """
        try:
            return self._positions[name]
        except KeyError:
            raise ShapeError(f"Skeleton {self.id} has no keypoint {name!r}") from None

    def indices(self, names: Iterable[str]) -> list[int]:
        """Return the array positions of keypoints."""
        return [self.index(name) for name in names]

    def mirrored(self) -> list[int]:
        """Return the order of keypoints with left and right exchanged."""
        return [self.index(_other_side(name)) for name in self.names]


def _other_side(name: str) -> str:
    for own, other in (("left", "right"), ("right", "left")):
        if own in name:
            return name.replace(own, other)
    return name


BLAZEPOSE33: Final = Skeleton(
    id="blazepose33",
    names=(
        "nose",
        "left_eye_inner",
        "left_eye",
        "left_eye_outer",
        "right_eye_inner",
        "right_eye",
        "right_eye_outer",
        "left_ear",
        "right_ear",
        "mouth_left",
        "mouth_right",
        "left_shoulder",
        "right_shoulder",
        "left_elbow",
        "right_elbow",
        "left_wrist",
        "right_wrist",
        "left_pinky",
        "right_pinky",
        "left_index",
        "right_index",
        "left_thumb",
        "right_thumb",
        "left_hip",
        "right_hip",
        "left_knee",
        "right_knee",
        "left_ankle",
        "right_ankle",
        "left_heel",
        "right_heel",
        "left_foot_index",
        "right_foot_index",
    ),
    bones=(
        ("left_ear", "left_shoulder"),
        ("right_ear", "right_shoulder"),
        ("left_shoulder", "right_shoulder"),
        ("left_hip", "right_hip"),
        *(
            (f"{side}_{start}", f"{side}_{end}")
            for side in SIDES
            for start, end in (
                ("shoulder", "elbow"),
                ("elbow", "wrist"),
                ("shoulder", "hip"),
                ("hip", "knee"),
                ("knee", "ankle"),
                ("heel", "foot_index"),
                ("ankle", "heel"),
            )
        ),
    ),
)
