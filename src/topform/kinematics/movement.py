"""What the causal engine must know of an exercise to count it: a posture, a signal, and which cycles belong to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from topform.kinematics.cycles import CycleEvent
from topform.kinematics.observation import FrameObservation


@dataclass(frozen=True, slots=True)
class Ruler:
    """The slow measures of a recording.

    Parameters
    ----------
    px_per_m : float
        Scale of the picture at the body, averaged. [px/m]
    hands_y_px : float
        Height of the hands, averaged, for hands that rest. [px]
    """

    px_per_m: float
    hands_y_px: float


@dataclass(frozen=True, slots=True)
class Movement:
    """How the repetitions of an exercise are found.

    Parameters
    ----------
    enters, stays : callable
        Whether a frame clearly shows the posture, and whether a body that was in it may still be. To stay in it less
        will do.
    signal : callable
        A length [m] or an angle [deg] that is large at the start of a repetition and small at its turn; NaN = not seen.
    accepts : callable
        Whether a cycle, with the frames from its start to its end, is a repetition of this exercise.
    min_range : float
        Smallest range that can be a cycle. [unit of the signal]
    min_rep_s, max_rep_s : float
        Shortest and longest cycle. [s]
    median_s : float
        The signal is the median over this time, at least over three frames. [s]
    """

    enters: Callable[[FrameObservation], bool]
    stays: Callable[[FrameObservation], bool]
    signal: Callable[[FrameObservation, Ruler], float]
    accepts: Callable[[CycleEvent, Sequence[FrameObservation]], bool]
    min_range: float
    min_rep_s: float
    max_rep_s: float = 12.0
    median_s: float = 0.0


def spread(values: Sequence[float]) -> float:
    """Return the range without the most extreme tenth at each end, 0 where nothing was seen.

    Examples
    --------
    >>> spread([0.0, *range(1, 19), 100.0])
    15
    """
    seen = sorted(value for value in values if math.isfinite(value))
    if not seen:
        return 0.0
    cut = len(seen) // 10
    return seen[-1 - cut] - seen[cut]
