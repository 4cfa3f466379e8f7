"""Second thoughts: what the whole recording says about a count that was made frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from topform.kinematics.form_analysis import Repetition

MIN_ATTEMPTS: Final = 4
FULL_FRAC: Final = 0.65
TOO_SMALL_FRAC: Final = 0.4


@dataclass(frozen=True, slots=True)
class Revision:
    """Another count and the reason for it."""

    count: int
    reason: str


def revise(reps: Sequence[Repetition], partial_reps: Sequence[Repetition]) -> Revision | None:
    """Compare every attempt with the typical range of the whole set.

    The causal count cannot know the athlete's range at the first repetitions. Afterwards, attempts far below the
    typical range are no repetitions, and partial ones that reach it are.

    Parameters
    ----------
    reps, partial_reps : sequence of Repetition
        What the causal step counted and what it did not.

    Returns
    -------
    Revision or None
        None where the recording agrees with the causal count or is too short to tell.
    """
    if len(reps) + len(partial_reps) < MIN_ATTEMPTS or len(reps) < MIN_ATTEMPTS - 1:
        return None
    ranges = sorted(rep.range_m for rep in reps)
    typical = ranges[len(ranges) // 2]
    too_small = [rep for rep in reps if rep.range_m < TOO_SMALL_FRAC * typical]
    full_after_all = [rep for rep in partial_reps if rep.range_m >= FULL_FRAC * typical]
    count = len(reps) - len(too_small) + len(full_after_all)
    if count == len(reps):
        return None
    parts = []
    if too_small:
        parts.append(f"{len(too_small)} counted with less than {TOO_SMALL_FRAC:.0%} of the typical range")
    if full_after_all:
        parts.append(f"{len(full_after_all)} partial with the typical range")
    return Revision(count=count, reason="; ".join(parts))
