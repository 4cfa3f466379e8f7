"""What has been trained and planned so far: the memory that carries the safety rules from week to week."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from topform.coaching import rules
from topform.coaching.baseline import HISTORY_DAYS, Baseline
from topform.coaching.goals import PlanSport
from topform.coaching.workouts.model import SessionKind, Workout

CTL_KEEP = math.exp(-1.0 / rules.CTL_TIME_CONSTANT_DAYS)
ATL_KEEP = math.exp(-1.0 / rules.ATL_TIME_CONSTANT_DAYS)


_RETURN_RATIO = 1.2
"""Weekly load over what holds fitness after weeks that fell short; below the rule's limit, so that one more missed
session leaves the plan within it."""


@dataclass(slots=True)
class Diary:
    """Days before and inside the plan; day indices count from the start of the plan, the past is negative.

    The first ``n_lived`` days of the plan are over.
    """

    base: Baseline
    n_lived: int = 0
    days: list[tuple[Workout, ...]] = field(default_factory=list)
    ctl: list[float] = field(default_factory=list)
    atl: list[float] = field(default_factory=list)

    def append(self, workouts: tuple[Workout, ...]) -> None:
        """Write the next day down."""
        load = sum(item.load_au for item in workouts)
        ctl = self.ctl[-1] if self.ctl else self.base.ctl
        atl = self.atl[-1] if self.atl else self.base.atl
        self.days.append(workouts)
        self.ctl.append(CTL_KEEP * ctl + (1 - CTL_KEEP) * load)
        self.atl.append(ATL_KEEP * atl + (1 - ATL_KEEP) * load)

    def load_on(self, index: int) -> float:
        """Return the load of a day, back to 28 days before the start; further back the average. [AU]"""
        if index >= 0:
            return sum(item.load_au for item in self.days[index])
        if -index <= HISTORY_DAYS:
            return float(self.base.loads_au[HISTORY_DAYS + index])
        return self.base.ctl

    def load_between(self, first: int, end: int) -> float:
        """Return the load of days ``first`` to ``end`` (not included). [AU]"""
        return sum(self.load_on(index) for index in range(first, end))

    def training_between(self, first: int, end: int) -> float:
        """Return the load of those days without that of planned races. [AU]"""
        races = sum(
            item.load_au
            for index in range(max(0, first), min(end, len(self.days)))
            for item in self.days[index]
            if item.kind is SessionKind.RACE
        )
        return self.load_between(first, end) - races

    def held_week(self, first: int, end: int) -> float:
        """Return the weekly load that held the best ctl of late; 0 where nothing of a stretch was lived. [AU]"""
        if self.n_lived == 0 or first >= self.n_lived:
            return 0.0
        known = min(end, len(self.days))
        return 7 * max(self.ctl_on(index) for index in range(end - rules.RETURN_DAYS, known))

    def most_in_week(self, last: int) -> float:
        """Return the load that the seven days up to ``last`` may hold after the weeks before them. [AU]"""
        before, held = self.load_between(last - 27, last - 6) / 3, self.held_week(last - 27, last - 6)
        return max(rules.FREE_WEEK_LOAD_AU, rules.MAX_WEEK_RATIO * before, _RETURN_RATIO * held)

    def heaviest_of_three_weeks(self, before: int) -> float:
        """Return the heaviest of three weeks, races left out; before the plan only the last one counts. [AU]"""
        weeks = [n for n in (1, 2, 3) if n == 1 or before >= 7 * n]
        return max(self.training_between(before - 7 * n, before - 7 * (n - 1)) for n in weeks)

    def ctl_on(self, index: int) -> float:
        """Return ctl after a day, back to seven days before the start. [AU/day]"""
        return self.ctl[index] if index >= 0 else float(self.base.ctl_before[max(0, 7 + index)])

    def is_trained(self, index: int) -> bool:
        """Return whether a day of the plan has a session; nothing is known of the days before."""
        return index >= 0 and bool(self.days[index])

    def is_hard(self, index: int) -> bool:
        """Return whether a day of the plan holds a hard or long session."""
        return index >= 0 and any(item.is_hard for item in self.days[index])

    def has_strength(self, index: int) -> bool:
        """Return whether a day of the plan holds a strength session."""
        return index >= 0 and any(item.sport is PlanSport.STRENGTH for item in self.days[index])

    def longest_minutes(self, sport: PlanSport, before: int) -> float | None:
        """Return the longest session of a sport in the 30 days before a day, None without one. [min]"""
        first = before - rules.LONGEST_WINDOW_DAYS
        known = [
            float(item.minutes)
            for index in range(max(0, first), min(before, len(self.days)))
            for item in self.days[index]
            if item.sport is sport and item.kind is not SessionKind.RACE
        ]
        past = self.base.longest_since(sport, first)
        if past is not None:
            known.append(past)
        return max((minutes for minutes in known if minutes > 0), default=None)

    def longest_distance_m(self, sport: PlanSport, before: int, threshold_speed_m_s: float) -> float | None:
        """Return the longest distance in the 30 days before a day; None unless the request stated one. [m]"""
        past = self.base.longest.get(sport)
        first = before - rules.LONGEST_WINDOW_DAYS
        if past is None or not past.distance_m or past.day_index < first:
            return None
        known = [
            item.threshold_s * threshold_speed_m_s
            for index in range(max(0, first), min(before, len(self.days)))
            for item in self.days[index]
            if item.sport is sport and item.kind is not SessionKind.RACE
        ]
        return max([past.distance_m, *known])

    def recent_templates(self, before: int, n_days: int) -> set[str]:
        """Return the templates used in the days before."""
        first = max(0, before - n_days)
        return {item.template_id for day in self.days[first : min(before, len(self.days))] for item in day}
