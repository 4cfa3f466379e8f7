"""What counts in a challenge, and how much: pure rules over what was recorded, the only place that decides a score.

A score is a function of the entries that exist now. Nothing is added up over time, so that a late upload, a correction
and a deletion all lead to the number that counting everything afresh gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

Kind = Literal["push_ups", "distance", "time", "ascent", "streak"]
RankedBy = Literal["total", "own_best"]

LATE_DAYS: Final = 3
"""What arrives later than so many days after the last day does not count any more."""

SHORTEST_REP_S: Final = 0.35
"""Faster than the records over a minute (about 150 push-ups, 0.4 s each): the camera saw something else."""

STANDARD: Final = frozenset({"shallow_depth", "incomplete_lockout", "hips_sag", "hips_pike", "worming"})
"""What a push-up test asks for: depth, straight arms, a straight body. Other findings are advice and cost nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something recorded: on which of the athlete's own days, when the server learned of it, and how much it is."""

    day: date
    arrived_at: datetime
    amount: float


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day with planned sessions, how many of them were done, and when the server learned of the last one."""

    day: date
    planned: int
    done: int
    is_locked: bool
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A score and since when it stands; None when there is nothing yet."""

    score: float
    reached_at: datetime | None
    base: float | None = None
    """On a ladder, the own best that it starts from."""


NOTHING: Final = Standing(0.0, None)


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a challenge; each participant's own days count, wherever they are."""

    first: date
    last: date

    @property
    def late_until(self) -> datetime:
        """The last moment at which something of the last day may arrive, in coordinated universal time."""
        return datetime(self.last.year, self.last.month, self.last.day, tzinfo=UTC) + timedelta(days=LATE_DAYS + 1)

    def takes(self, entry: Entry) -> bool:
        """Tell whether something recorded counts."""
        return self.first <= entry.day <= self.last and entry.arrived_at < self.late_until


def total_of(entries: Iterable[Entry], window: Window) -> Standing:
    """Return the sum of what counts, and when the last of it arrived.

    Examples
    --------
    >>> from datetime import UTC
    >>> at = datetime(2026, 6, 1, 8, tzinfo=UTC)
    >>> june = Window(date(2026, 6, 1), date(2026, 6, 30))
    >>> total_of([Entry(date(2026, 6, 1), at, 12), Entry(date(2026, 5, 31), at, 99)], june).score
    12.0
    """
    counted = sorted((one for one in entries if one.amount > 0 and window.takes(one)), key=lambda one: one.arrived_at)
    if not counted:
        return NOTHING
    return Standing(round(float(sum(one.amount for one in counted)), 3), counted[-1].arrived_at)


def longest_streak(days: Iterable[PlannedDay], window: Window) -> Standing:
    """Return the longest run of planned sessions that were done.

    A day without a planned session and a day on which health or the athlete's word forbids training are passed over:
    they neither add to a run nor end it. A session that was left out ends the run, and what is gained is kept.
    """
    best, run = NOTHING, 0
    for day in sorted(days, key=lambda one: one.day):
        if not window.first <= day.day <= window.last or day.planned == 0:
            continue
        late = day.arrived_at is not None and day.arrived_at >= window.late_until
        done = 0 if late else min(day.done, day.planned)
        run += done
        if run > best.score:
            best = Standing(float(run), day.arrived_at)
        if done < day.planned and not day.is_locked:
            run = 0
    return best


@dataclass(frozen=True, slots=True)
class CountedRep:
    """A repetition and why it counts, or does not."""

    index: int
    start_s: float
    end_s: float
    counts: bool
    reason: str


def counted_reps(reps: Sequence[Mapping[str, Any]]) -> list[CountedRep]:
    """Return for each repetition of an analysed set whether it counts.

    It does when it is complete, as long as a human needs, judged on at least one point of the standard, and clearly
    wrong on none of them. A borderline finding counts: doubt is the athlete's.
    """
    return [_counted(index, rep) for index, rep in enumerate(reps, start=1)]


def _counted(index: int, rep: Mapping[str, Any]) -> CountedRep:
    start_s, end_s = float(rep["start_s"]), float(rep["end_s"])
    decisions = {one["code"]: one["decision"] for one in rep.get("faults") or () if one["code"] in STANDARD}
    wrong = sorted(code for code, decision in decisions.items() if decision == "fault")
    if not rep["complete"]:
        reason = "not_complete"
    elif end_s - start_s < SHORTEST_REP_S:
        reason = "too_short"
    elif wrong:
        reason = wrong[0]
    elif all(decision == "abstain" for decision in decisions.values()):
        reason = "not_seen"
    else:
        reason = "counts"
    return CountedRep(index, start_s, end_s, reason == "counts", reason)


@dataclass(frozen=True, slots=True)
class CountedSet:
    """A set as the board counts it; ``digest`` is the same for two recordings of the same repetitions."""

    digest: str
    entry: Entry


def each_set_once(sets: Iterable[CountedSet]) -> list[Entry]:
    """Return the sets without those that were handed in before: the same repetitions count once, when first handed in.

    Examples
    --------
    >>> from datetime import UTC
    >>> early, late = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC)
    >>> twice = [CountedSet("a", Entry(day.date(), day, 9)) for day in (late, early)]
    >>> [entry.arrived_at.day for entry in each_set_once(twice)]
    [1]
    """
    first: dict[str, Entry] = {}
    for one in sorted(sets, key=lambda item: item.entry.arrived_at):
        first.setdefault(one.digest, one.entry)
    return list(first.values())


def ranks(scores: Sequence[float]) -> list[int | None]:
    """Return the rank of each of some falling scores: equal scores share a rank, and nothing yet has none.

    Examples
    --------
    >>> ranks([40, 30, 30, 12, 0])
    [1, 2, 2, 4, None]
    """
    found: list[int | None] = []
    for position, score in enumerate(scores):
        if score <= 0:
            found.append(None)
        elif position and score == scores[position - 1]:
            found.append(found[-1])
        else:
            found.append(position + 1)
    return found


BANDS: Final = (16, 20, 30, 40, 50, 60, 70)
"""Where the age bands begin."""


def age_band(age: int) -> str | None:
    """Return the age band of an age; None below 16.

    Examples
    --------
    >>> age_band(15), age_band(19), age_band(44), age_band(83)
    (None, '16-19', '40-49', '70+')
    """
    starts = [start for start in BANDS if start <= age]
    if not starts:
        return None
    start = starts[-1]
    return f"{start}+" if start == BANDS[-1] else f"{start}-{BANDS[BANDS.index(start) + 1] - 1}"
