"""Evidence on a threshold, and which of it is too far from the rest to be believed alone.

A power meter that reads half as much again, a satellite track that jumps or a strap that slips looks like a best
effort. What lies far from what is known counts only once something independent of it says the same.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from topform.core.errors import OutOfRangeError

RISE_FRAC: Final = 0.15
"""A single effort this far above the threshold is still believed: a beginner gains as much in a season."""

HARD_RISE_FRAC: Final = 0.25
"""The same, when heart rate was that of a hard effort."""

FIRST_HARD_RISE_FRAC: Final = 1.0
"""The same, where nothing hard was known before: easy sessions lie far below the threshold."""

EASY_RISE_FRAC: Final = 0.05
"""The same, when heart rate was that of an easy session."""

LINE_OFF_FRAC: Final = 0.2
"""Heart rate lines and crossings of alpha 1 are 8 % off as a rule; this far off they need a second one."""

AGREE_FRAC: Final = 0.1
"""Two pieces of evidence this close to each other say the same."""

CONFIRM_D: Final = 90
"""Evidence farther away in time says nothing of the same form. [d]"""

OUTLIER_AGAINST: Final = 3
"""Days with evidence far below the very first effort from which on that one is the odd one."""

HARD_HR_MAX_FRAC, EASY_HR_MAX_FRAC = 0.87, 0.78
HARD_LTHR_FRAC, EASY_LTHR_FRAC = 0.97, 0.87
"""Mean heart rate of hard efforts and of easy sessions, as shares of the maximal and of the threshold heart rate.
Conventions of this project."""


class Evidence(StrEnum):
    """What a piece of evidence is."""

    TEST = "test"
    ENTERED = "entered"
    BEST_EFFORT = "best_effort"
    SUBMAXIMAL = "submaximal"
    DFA = "dfa"


class Exertion(StrEnum):
    """What heart rate says of an effort."""

    UNKNOWN = "unknown"
    HARD = "hard"
    EASY = "easy"


class SetAside(StrEnum):
    """Why a piece of evidence does not count."""

    FAR_ABOVE = "far_above"
    """It lies far above what else is known, and nothing confirms it yet."""

    HEART_RATE_LOW = "heart_rate_low"
    """It lies above what else is known, while heart rate was that of an easy session."""

    FAR_OFF = "far_off"
    """It lies far above or below what else is known, and nothing confirms it yet."""

    ABOVE_MAX = "above_max"
    """Heart rate was above the maximal one that is known."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One piece of evidence on one day.

    Parameters
    ----------
    day : date
    kind : Evidence
    value : float
        What it says the threshold is, in the threshold's unit, > 0.
    sd_frac : float
        Its error as a fraction of the value, > 0.
    is_lower_bound : bool
        The threshold is at least this; nothing is said of how much more.
    detail : str
        A stable word on how it was obtained, such as "power_20min".
    reference : str or None
        Id of the activity or test.
    holds_until : date or None
        Last day for which a person vouched for it; None = its own day.
    since : date or None
        First day of what it was taken from; None = its own day.
    exertion : Exertion
        Of an effort.
    fault : SetAside or None
        What is known to be wrong with it: it never counts, and confirms nothing.
    """

    day: date
    kind: Evidence
    value: float
    sd_frac: float
    is_lower_bound: bool = False
    detail: str = ""
    reference: str | None = None
    holds_until: date | None = None
    since: date | None = None
    exertion: Exertion = Exertion.UNKNOWN
    fault: SetAside | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and self.value > 0 and self.sd_frac > 0):
            raise OutOfRangeError("evidence needs a value and an error above 0")

    @property
    def is_stated(self) -> bool:
        """Whether the athlete vouched for it: a test or an entry."""
        return self.kind in (Evidence.TEST, Evidence.ENTERED)


def exertion_of(hr_bpm: float | None, *, hr_max_bpm: float | None, lthr_bpm: float | None) -> Exertion:
    """Return what the mean heart rate of an effort says of it.

    Parameters
    ----------
    hr_bpm : float or None
        Mean over the effort without its first minutes; None = not recorded. [bpm]
    hr_max_bpm, lthr_bpm : float or None
        Of the day; None = not known. [bpm]

    Examples
    --------
    >>> exertion_of(172.0, hr_max_bpm=190.0, lthr_bpm=None)
    <Exertion.HARD: 'hard'>
    >>> exertion_of(172.0, hr_max_bpm=None, lthr_bpm=None)
    <Exertion.UNKNOWN: 'unknown'>
    """
    shares = [
        (hr_bpm / known, hard, easy)
        for known, hard, easy in (
            (lthr_bpm, HARD_LTHR_FRAC, EASY_LTHR_FRAC),
            (hr_max_bpm, HARD_HR_MAX_FRAC, EASY_HR_MAX_FRAC),
        )
        if hr_bpm is not None and known is not None
    ]
    if not shares:
        return Exertion.UNKNOWN
    share, hard, easy = shares[0]
    if share >= hard:
        return Exertion.HARD
    return Exertion.EASY if share < easy else Exertion.UNKNOWN


class Witnesses:
    """The evidence of an athlete, asked whether it confirms one piece of it.

    Parameters
    ----------
    ordered : sequence of Observation
        In the order of time.
    """

    def __init__(self, ordered: Sequence[Observation]) -> None:
        self._ordered = ordered
        self._days = [one.day for one in ordered]

    def confirm(self, one: Observation, *, is_above: bool) -> bool:
        """Say whether something independent within 90 days says the same.

        Efforts are no witnesses of a fall: most of them are easy.
        """
        return any(
            _says_the_same(other, one)
            for other in self._near(one, before_d=CONFIRM_D)
            if is_above or not other.is_lower_bound
        )

    def outnumber(self, first: Observation, *, rise_frac: float) -> bool:
        """Say whether three days or more after the very first effort lie far below it, and nothing near it."""
        after = list(self._near(first, before_d=0))
        far_below = {other.day for other in after if other.value * (1 + rise_frac) < first.value}
        return len(far_below) >= OUTLIER_AGAINST and len(far_below) == len({other.day for other in after})

    def _near(self, one: Observation, *, before_d: int) -> Sequence[Observation]:
        begin = bisect_left(self._days, one.day - timedelta(days=before_d))
        end = bisect_right(self._days, one.day + timedelta(days=CONFIRM_D))
        return [other for other in self._ordered[begin:end] if _is_independent(other, one)]


def _is_independent(one: Observation, other: Observation) -> bool:
    """Say whether two pieces of evidence share no day, and with it no recording."""
    earlier, later = sorted((one, other), key=lambda each: each.day)
    return earlier.day < (later.since or later.day)


def _says_the_same(other: Observation, one: Observation) -> bool:
    apart = math.log(other.value / one.value)
    if other.is_stated and one.is_lower_bound:
        return apart >= -AGREE_FRAC
    return abs(apart) <= AGREE_FRAC


@dataclass(frozen=True, slots=True)
class Known:
    """What is believed before a piece of evidence is weighed.

    Parameters
    ----------
    mean : float
    former : float
        What was trained before a break, >= mean.
    is_proven : bool
        Whether a test, a hard effort or two that agree are behind it.
    """

    mean: float
    former: float
    is_proven: bool


def doubt(one: Observation, known: Known, *, rise_frac: float = RISE_FRAC) -> SetAside | None:
    """Return why a piece of evidence is not believed alone, None where it is.

    Parameters
    ----------
    one : Observation
    known : Known
    rise_frac : float
        How far above what is known a single effort is believed.

    Notes
    -----
    What was lost in a break may come back at once: the rise is measured from the geometric mean of what is known and
    what was trained.

    Examples
    --------
    >>> effort = Observation(date(2026, 5, 1), Evidence.BEST_EFFORT, 411.0, 0.03, is_lower_bound=True)
    >>> doubt(effort, Known(240.0, 240.0, is_proven=True))
    <SetAside.FAR_ABOVE: 'far_above'>
    """
    if one.is_stated:
        return None
    back = math.sqrt(known.mean * known.former)
    if not one.is_lower_bound:
        is_near = known.mean / (1 + LINE_OFF_FRAC) <= one.value <= (1 + LINE_OFF_FRAC) * back
        return None if is_near else SetAside.FAR_OFF
    if one.exertion is Exertion.EASY:
        highest = (1 + min(EASY_RISE_FRAC, rise_frac)) * known.mean
        return None if one.value <= highest else SetAside.HEART_RATE_LOW
    if one.exertion is Exertion.HARD:
        rise_frac = max(rise_frac, HARD_RISE_FRAC if known.is_proven else FIRST_HARD_RISE_FRAC)
    return None if one.value <= (1 + rise_frac) * back else SetAside.FAR_ABOVE
