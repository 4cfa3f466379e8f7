"""What all rules need: the days, the request, the athlete's state, and loads that reach back before the start."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from topform.coaching import rules
from topform.coaching.baseline import HISTORY_DAYS, Baseline, baseline
from topform.coaching.checker.document import PlannedDay, read_days
from topform.coaching.goals import PlanSport
from topform.coaching.request import PlanRequest


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one rule: "pass", "warn" or "fail", with the numbers that decided."""

    rule: str
    status: str
    detail: str

    def as_dict(self) -> dict[str, str]:
        """Return the plain form."""
        return {"rule": self.rule, "status": self.status, "detail": self.detail}


def passed(rule: str, detail: str) -> Finding:
    """Return a finding that the rule holds."""
    return Finding(rule, "pass", detail)


def verdict(rule: str, problems: list[str], otherwise: str) -> Finding:
    """Return a failure that lists the first problems, or a pass."""
    if not problems:
        return passed(rule, otherwise)
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return Finding(rule, "fail", "; ".join(problems[:3]) + more)


class Context:
    """A plan under examination; day indices count from the start, the past is negative."""

    def __init__(
        self,
        document: Mapping[str, Any],
        request: PlanRequest,
        *,
        since: date | None = None,
        locked: frozenset[date] = frozenset(),
    ) -> None:
        self.request = request
        self.locked = locked
        self.days: tuple[PlannedDay, ...] = read_days(document)
        self.base: Baseline = baseline(request)
        self.n = len(self.days)
        self.since = 0 if since is None else (since - self.days[0].day).days
        self.ctl = _averages(self.days, self.base.ctl, rules.CTL_TIME_CONSTANT_DAYS)
        self.atl = _averages(self.days, self.base.atl, rules.ATL_TIME_CONSTANT_DAYS)
        race_day = request.race_day
        index = None if race_day is None else (race_day - self.days[0].day).days
        self.race_index = index if index is not None and 0 <= index < self.n else None

    def is_open(self, index: int) -> bool:
        """Return whether a day is still planned, not yet lived."""
        return index >= self.since

    def plans(self, days: Iterable[int]) -> bool:
        """Return whether any of the days is still planned and holds training."""
        return any(self.is_open(index) and self.trains(index) for index in days if 0 <= index < self.n)

    def load(self, index: int) -> float:
        """Return the load of a day, the race of the goal left out. [AU]"""
        if index >= 0:
            day = self.days[index]
            return day.training_load_au if index == self.race_index else day.load_au
        return float(self.base.loads_au[HISTORY_DAYS + index]) if -index <= HISTORY_DAYS else self.base.ctl

    def loads(self, first: int, end: int) -> float:
        """Return the load of days ``first`` to ``end`` (not included), the race of the goal left out. [AU]"""
        return sum(self.load(index) for index in range(first, end))

    def training(self, first: int, end: int) -> float:
        """Return the load of those days without any race. [AU]"""
        return sum(self.days[index].training_load_au if index >= 0 else self.load(index) for index in range(first, end))

    def usual_week(self, first: int, end: int) -> float:
        """Return the mean weekly load of a stretch; where part of it was lived, no less than what held ctl. [AU]"""
        mean_week = 7 * self.loads(first, end) / (end - first)
        if self.since <= 0 or first >= self.since:
            return mean_week
        return max(mean_week, *(7 * self.ctl_on(index) for index in range(end - rules.RETURN_DAYS, end)))

    def ctl_on(self, index: int) -> float:
        """Return ctl after a day. [AU/day]"""
        return self.ctl[index] if index >= 0 else float(self.base.ctl_before[max(0, 7 + index)])

    def blocks(self) -> list[range]:
        """Return the whole weeks of the plan, counted from its start."""
        return [range(first, first + 7) for first in range(0, self.n - 6, 7)]

    def name(self, index: int) -> str:
        """Return the date of a day for a message."""
        return self.days[index].day.isoformat()

    def trains(self, index: int) -> bool:
        """Return whether a day has training; the race is none."""
        return any(not session.is_race for session in self.days[index].sessions)

    def longest_before(self, index: int, sport: PlanSport) -> float | None:
        """Return the longest session of a sport in the 30 days before a day, None without one. [min]"""
        first = index - rules.LONGEST_WINDOW_DAYS
        minutes = [
            session.minutes
            for day in self.days[max(0, first) : index]
            for session in day.sessions
            if session.sport is sport and not session.is_race
        ]
        past = self.base.longest_since(sport, first)
        if past is not None:
            minutes.append(past)
        return max((value for value in minutes if value > 0), default=None)


def _averages(days: tuple[PlannedDay, ...], start: float, time_constant_days: float) -> list[float]:
    gain = 1.0 - math.exp(-1.0 / time_constant_days)
    values, value = [], start
    for day in days:
        value += (day.load_au - value) * gain
        values.append(value)
    return values
