"""Which days without data are unusual for this athlete; pure."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

HABIT_DAYS: Final = 180
MIN_PAUSES: Final = 10
"""Fewer say nothing about a habit."""
USUAL_QUANTILE: Final = 0.9
TOLERANCE: Final = 2
"""A pause may be this many times as long as a usual one before it is called a gap."""


class DayState(StrEnum):
    """What a day of a source is."""

    DATA = "data"
    QUIET = "quiet"
    """Without data, as often."""
    GAP = "gap"
    """Without data for longer than this athlete's habit explains."""
    OUTSIDE = "outside"
    """Before the first day that was asked for, or still to come."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How long this athlete's pauses usually are, counted in days without data between days with data."""

    usual_pause_days: int
    longest_quiet_days: int


def habit_of(days_with_data: Collection[date], *, until: date) -> Habit | None:
    """Return the habit over the half year before, None when there is too little to tell one."""
    since = until - timedelta(days=HABIT_DAYS)
    ordered = sorted(day for day in set(days_with_data) if since <= day <= until)
    pauses = sorted((later - earlier).days - 1 for earlier, later in itertools.pairwise(ordered))
    if len(pauses) < MIN_PAUSES:
        return None
    usual = pauses[min(int(USUAL_QUANTILE * len(pauses)), len(pauses) - 1)]
    return Habit(usual_pause_days=usual, longest_quiet_days=TOLERANCE * usual)


def judge_days(
    days_with_data: Collection[date], *, first: date, last: date, known_from: date, today: date
) -> list[tuple[date, DayState]]:
    """Return the state of each day; today is never a gap, since it is not over.

    Examples
    --------
    >>> daily = [date(2026, 1, 1) + timedelta(days=n) for n in range(30) if n != 20]
    >>> states = dict(judge_days(daily, first=date(2026, 1, 1), last=date(2026, 1, 30),
    ...                          known_from=date(2026, 1, 1), today=date(2026, 1, 31)))
    >>> states[date(2026, 1, 21)].value
    'gap'
    """
    present = set(days_with_data)
    habit = habit_of(present, until=min(last, today))
    gaps = frozenset[date]() if habit is None else _gap_days(present, known_from, today, habit)
    states = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day in present:
            state = DayState.DATA
        elif day < known_from or day > today:
            state = DayState.OUTSIDE
        else:
            state = DayState.GAP if day in gaps else DayState.QUIET
        states.append((day, state))
    return states


def _gap_days(present: set[date], known_from: date, today: date, habit: Habit) -> frozenset[date]:
    """Return the days of all pauses that are longer than the habit explains."""
    first = min(present, default=today)
    borders: Sequence[date] = sorted({*(day for day in present if day >= known_from), today})
    begins = max(first, known_from)
    found: set[date] = set()
    for earlier, later in itertools.pairwise(borders):
        length = (later - earlier).days - 1
        if earlier >= begins and length > habit.longest_quiet_days:
            found.update(earlier + timedelta(days=step) for step in range(1, length + 1))
    return frozenset(found)
