"""Which pictures of a camera a live set rests on: those looked at, those passed over, and the longest gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from topform.core.activity import FileWarning
from topform.core.arrays import FloatArray

MAX_DROPPED: Final = 50_000
"""Of so many pictures that were passed over the times are kept."""

MOST_GAPS: Final = 5
GAP_S: Final = 0.25
"""A shorter time between two pictures is none to speak of. [s]"""

ENOUGH_PER_S: Final = 10.0
"""With fewer pictures a second fast repetitions are missed."""

LONG_GAP_S: Final = 0.5
"""Half of a fast repetition fits in. [s]"""


@dataclass(frozen=True, slots=True)
class CameraRecord:
    """The pictures of a live set.

    Parameters
    ----------
    frames, dropped : int
        Pictures that were looked at, and that were passed over.
    dropped_s : tuple of float
        When the first `MAX_DROPPED` of those were taken that were passed over, since the first picture. [s]
    gaps_s : tuple of (float, float)
        The longest times without a picture that was looked at, the longest first. [s]
    duration_s : float
        From the first picture to the last. [s]
    """

    frames: int
    dropped: int
    dropped_s: tuple[float, ...]
    gaps_s: tuple[tuple[float, float], ...]
    duration_s: float

    @property
    def is_sparse(self) -> bool:
        """Whether so many pictures are missing that a repetition may be."""
        return (
            self.frames < ENOUGH_PER_S * self.duration_s
            or max((end - start for start, end in self.gaps_s), default=0.0) >= LONG_GAP_S
        )

    def warnings(self) -> tuple[FileWarning, ...]:
        """Return what to know about the recording."""
        if not self.is_sparse:
            return ()
        text = f"{self.dropped} pictures of the camera were passed over; fast repetitions may be missing"
        return (FileWarning("pictures_dropped", text),)

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "frames": self.frames,
            "dropped": self.dropped,
            "dropped_s": list(self.dropped_s),
            "gaps": gaps_as_dicts(self.gaps_s),
        }


def longest_gaps(t_s: FloatArray) -> tuple[tuple[float, float], ...]:
    """Return the longest times between pictures (T,) taken at increasing `t_s`, the longest first. [s]"""
    gaps_s = np.diff(t_s)
    order = np.argsort(-gaps_s, kind="stable")[:MOST_GAPS]
    return tuple((float(t_s[at]), float(t_s[at + 1])) for at in order.tolist() if gaps_s[at] >= GAP_S)


def gaps_as_dicts(gaps_s: tuple[tuple[float, float], ...]) -> list[dict[str, float]]:
    """Return gaps as they stand in JSON documents."""
    return [{"start_s": round(start, 3), "end_s": round(end, 3)} for start, end in gaps_s]
