"""Ladders: everybody climbs from their own best before the start, in steps that a day can add. Pure.

What counts is how far somebody gets above their own best, in percent of it, never how good that best is. A day adds at
most a step, so that a leap brings no more than steady work does and nobody gains by beginning far below what they can.
Days without an effort and efforts below the best take nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import Final

from topform.features.community.challenges.scoring import NOTHING, Entry, Standing, Window

LOOKED_BACK: Final = timedelta(days=365)
"""The best of so long before the first day is what somebody starts from."""

PARTS: Final = 10
"""A day lifts the best by at most one of so many parts of it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one effort of a kind is measured on a ladder."""

    least_step: float
    """What a day may always add, also when a tenth is less; steps are multiples of it."""

    least_base: float
    """Percent are of at least this much, so that tiny beginnings do not outrank everybody."""

    def step_from(self, best: float) -> float:
        """Return how much a day may add to a best."""
        return max(1, floor(best / PARTS / self.least_step)) * self.least_step


MEASURES: Final[Mapping[str, Measure]] = {
    "push_ups": Measure(least_step=1.0, least_base=10.0),
    "distance": Measure(least_step=100.0, least_base=1000.0),
    "time": Measure(least_step=60.0, least_base=600.0),
    "ascent": Measure(least_step=10.0, least_base=100.0),
}
"""Repetitions of a set; metres, seconds and metres of ascent of an activity."""


@dataclass(frozen=True, slots=True)
class Step:
    """A day that lifted the best: its best effort, and up to where it counts."""

    day: date
    amount: float
    counts_to: float


@dataclass(frozen=True, slots=True)
class Ladder:
    """How somebody climbed: from where, in which steps, and where that puts them."""

    base: float | None
    """The best that they started from; None while there is none."""

    starts_on: date | None
    """The day whose best is the base, when there was no effort before the start; None otherwise."""

    steps: tuple[Step, ...]
    standing: Standing


def best_before(entries: Iterable[Entry], window: Window) -> float | None:
    """Return the best effort of the year before the first day; None without any.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 5, 1, 8, tzinfo=UTC)
    >>> june = Window(date(2026, 6, 1), date(2026, 6, 30))
    >>> best_before([Entry(date(2026, 5, 1), at, 20), Entry(date(2025, 5, 31), at, 40)], june)
    20
    """
    amounts = [
        one.amount
        for one in entries
        if window.first - LOOKED_BACK <= one.day < window.first
        and one.arrived_at < window.late_until
        and one.amount > 0
    ]
    return max(amounts, default=None)


def climbed(entries: Iterable[Entry], window: Window, *, before: float | None, measure: Measure) -> Ladder:
    """Return how somebody climbed on the days of a challenge, from ``before`` or else from their first day's best.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> june = Window(date(2026, 6, 1), date(2026, 6, 30))
    >>> done = [Entry(date(2026, 6, day), datetime(2026, 6, day, tzinfo=UTC), reps) for day, reps in ((2, 30), (3, 23))]
    >>> climbed(done, june, before=20, measure=MEASURES["push_ups"]).standing.score
    15.0
    """
    days = _best_of_days(entries, window)
    if before is None and not days:
        return Ladder(None, None, (), NOTHING)
    base, starts_on = (before, None) if before is not None else (days[0].amount, days[0].day)
    best, reached_at, steps = base, None, []
    for one in days:
        reach = min(one.amount, best + measure.step_from(best))
        if reach <= best:
            continue
        best = reach
        reached_at = one.arrived_at if reached_at is None else max(reached_at, one.arrived_at)
        steps.append(Step(one.day, one.amount, round(best, 3)))
    score = round(100.0 * (best - base) / max(base, measure.least_base), 1)
    return Ladder(base, starts_on, tuple(steps), NOTHING if reached_at is None else Standing(score, reached_at))


def _best_of_days(entries: Iterable[Entry], window: Window) -> list[Entry]:
    """Return the best of each day, in the order of days; of equal ones that which arrived first."""
    best: dict[date, Entry] = {}
    for one in sorted(entries, key=lambda entry: (entry.day, entry.arrived_at)):
        if one.amount > 0 and window.takes(one) and (one.day not in best or one.amount > best[one.day].amount):
            best[one.day] = one
    return list(best.values())


def highest(kept: float | None, found: float | None) -> float | None:
    """Return what somebody starts from: deleting a best does not make the ladder easier, a late upload counts."""
    known = [one for one in (kept, found) if one is not None]
    return max(known, default=None)
