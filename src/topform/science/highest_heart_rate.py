"""The highest heart rate that training shows: of a recording, and of the last six months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from topform.core.arrays import BoolArray, FloatArray
from topform.science.threshold_evidence import AGREE_FRAC, OUTLIER_AGAINST, Observation, SetAside

VERSION: Final = 1
"""Of the way in which recordings are weighed against each other."""

WINDOW_S: Final = 10
PERCENTILE: Final = 99.5
LEAST_S: Final = 300
"""In less than this a percentile is not much else than the maximum; a convention of this project. [s]"""

WINDOW_D: Final = 183
SD_FRAC: Final = 0.02

JUMP_BPM: Final = 30.0
"""Between one 10-s mean and the next no heart gains or loses more; a convention of this project. [bpm]"""

JUMP_WITHIN_S: Final = 60.0
SLIP_S: Final = 900.0
"""What jumps up and down again within this long was the strap and not the heart; a convention of this project. [s]"""


def highest_bpm(t_s: FloatArray, hr_bpm: FloatArray) -> float | None:
    """Return the 99.5th percentile of the plausible 10-s means of heart rate. [bpm]

    A mean counts when all of its ten seconds were observed, one after the other, and unless it lies between a jump up
    and a jump down as no heart makes them.

    Parameters
    ----------
    t_s : FloatArray
        (n,) whole seconds, rising, with gaps where the timer stood. [s]
    hr_bpm : FloatArray
        (n,) without single impossible values; NaN = not observed. [bpm]

    Returns
    -------
    float or None
        None with less than five minutes of such means.

    Examples
    --------
    >>> t_s = np.arange(1000.0)
    >>> highest_bpm(t_s, np.where(t_s < 900, 140.0, 180.0))
    180.0
    >>> highest_bpm(t_s[:200], np.full(200, 180.0)) is None
    True
    """
    if hr_bpm.size < WINDOW_S:
        return None
    last = hr_bpm.size - WINDOW_S + 1
    every: FloatArray = sum((hr_bpm[place : place + last] for place in range(WINDOW_S)), np.zeros(last)) / WINDOW_S
    is_whole = np.isfinite(every) & (t_s[WINDOW_S - 1 :] - t_s[:last] < WINDOW_S)
    means, starts_s = every[is_whole], t_s[:last][is_whole]
    kept = means[~_between_jumps(starts_s, means)]
    return float(np.percentile(kept, PERCENTILE)) if kept.size >= LEAST_S else None


def _between_jumps(starts_s: FloatArray, means: FloatArray) -> BoolArray:
    """Say which means lie between a jump up from the mean before and a jump down within a quarter of an hour."""
    slipped = np.zeros(means.size, dtype=np.bool_)
    before = np.searchsorted(starts_s, starts_s - WINDOW_S, side="right") - 1
    is_near = (before >= 0) & (starts_s - starts_s[before] <= JUMP_WITHIN_S)
    steps = np.where(is_near, means - means[before], 0.0)
    falls = np.flatnonzero(steps < -JUMP_BPM)
    for rise in np.flatnonzero(steps > JUMP_BPM):
        after = int(np.searchsorted(falls, rise))
        if after < falls.size and starts_s[falls[after]] - starts_s[rise] <= SLIP_S:
            slipped[rise : falls[after]] = True
    return slipped


@dataclass(frozen=True, slots=True)
class HighestHeartRate:
    """What the last six months say of the maximal heart rate: it is at least this.

    Parameters
    ----------
    of : Observation or None
        The recording that reached it; None when none of them rises above what is known already.
    set_aside : dict of Observation to SetAside
        Recordings that do not count.
    """

    of: Observation | None
    set_aside: dict[Observation, SetAside]

    @property
    def bpm(self) -> float | None:
        """The value in whole beats. [bpm]"""
        return None if self.of is None else float(round(self.of.value))


def highest_of_half_year(
    observations: Sequence[Observation], *, on: date, known_bpm: float | None = None
) -> HighestHeartRate:
    """Return the highest heart rate of the six months until a day, where it is above the one that is known.

    A recording more than a tenth above the known maximum, or above all those of at least three other days where none
    is known, counts once one of another day comes within a tenth of it: a fault of the sensor looks the same.

    Parameters
    ----------
    observations : sequence of Observation
        The highest heart rate of each recording, in any order. [bpm]
    on : date
    known_bpm : float or None
        The maximum in use; nothing below it is ever said. [bpm]

    Examples
    --------
    >>> from topform.science.threshold_evidence import Evidence
    >>> race = Observation(date(2026, 5, 1), Evidence.BEST_EFFORT, 186.4, SD_FRAC, is_lower_bound=True)
    >>> highest_of_half_year([race], on=date(2026, 6, 1), known_bpm=182.0).bpm
    186.0
    >>> highest_of_half_year([race], on=date(2026, 6, 1), known_bpm=190.0).bpm is None
    True
    """
    recent = within_half_year(observations, on=on)
    ranked = sorted(recent, key=lambda one: (one.value, one.day), reverse=True)
    set_aside: dict[Observation, SetAside] = {}
    while ranked and _is_alone(ranked[0], ranked[1:], known_bpm):
        set_aside[ranked.pop(0)] = SetAside.FAR_ABOVE
    if not ranked or (known_bpm is not None and round(ranked[0].value) <= known_bpm):
        return HighestHeartRate(None, set_aside)
    return HighestHeartRate(ranked[0], set_aside)


def within_half_year(observations: Sequence[Observation], *, on: date) -> list[Observation]:
    """Return what was observed in the six months until a day."""
    return [one for one in observations if on - timedelta(days=WINDOW_D) < one.day <= on]


def _is_alone(one: Observation, lower: Sequence[Observation], known_bpm: float | None) -> bool:
    others = {other.day: other.value for other in reversed(lower) if other.day != one.day}
    if any((1 + AGREE_FRAC) * value >= one.value for value in others.values()):
        return False
    if known_bpm is not None:
        return one.value > (1 + AGREE_FRAC) * known_bpm
    return len(others) >= OUTLIER_AGAINST
