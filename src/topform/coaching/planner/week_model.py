"""The variables of one week: which candidate, strength session or run off the bike stands on which day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ortools.sat.python import cp_model

from topform.coaching.goals import PlanSport
from topform.coaching.planner.candidates import Candidate, distance_fits
from topform.coaching.planner.diary import Diary
from topform.coaching.planner.long_sessions import spike_cap_minutes
from topform.coaching.planner.menu import WeekMenu
from topform.coaching.planner.season import Season, Week
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.model import Workout
from topform.core.arrays import FloatArray

KnownSessions = Mapping[int, frozenset[tuple[str, int]]]
"""Workout and minutes of the sessions of each day, to start a search from."""

_NO_BRICK_BEFORE_RACE_DAYS: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class WeekProblem:
    """What one week's choice depends on."""

    request: PlanRequest
    season: Season
    week: Week
    diary: Diary
    menu: WeekMenu
    target_au: float
    daily_au: FloatArray


class WeekModel:
    """One variable for each candidate, strength session and run off the bike of a week, and what follows from them.

    All linear expressions are in tenths of an AU or whole minutes.

    Parameters
    ----------
    problem : WeekProblem
    """

    def __init__(self, problem: WeekProblem) -> None:
        self.problem = problem
        self.model: Any = cp_model.CpModel()
        self.days = problem.week.days
        self.pick = [self.model.new_bool_var(f"c{i}") for i in range(len(problem.menu.main))]
        self.strength: list[list[list[Any]]] = []
        self.on_day: dict[int, list[tuple[Candidate, Any]]] = defaultdict(list)
        for candidate, chosen in zip(problem.menu.main, self.pick, strict=True):
            self.on_day[candidate.day].append((candidate, chosen))
        self._add_strength()
        self._add_bricks()
        self.load = {d: self._day_sum(d, "load") for d in self.days}
        self.minutes = {d: self._day_sum(d, "minutes") for d in self.days}
        self.races = problem.season.races
        self.hard = {d: sum((v for c, v in self.on_day[d] if c.item.is_hard), start=0) for d in self.days}
        self.lifts = {d: sum((self.strength[s][k][i] for s, k, i in self.slots(d)), start=0) for d in self.days}
        self.trained = {d: self._trained(d) for d in self.days}

    def _add_strength(self) -> None:
        """One variable for each slot, duration and day; a slot is used at most once and slots keep their order."""
        for slot, choices in enumerate(self.problem.menu.strength):
            grid = [[self.model.new_bool_var(f"s{slot}_{k}_{d}") for d in self.days] for k in range(len(choices))]
            self.strength.append(grid)
            self.model.add_at_most_one([v for row in grid for v in row])
        for first, second in zip(self.strength, self.strength[1:], strict=False):
            for i in range(len(self.days)):
                earlier = sum(row[j] for row in first for j in range(i))
                self.model.add(sum(row[i] for row in second) <= earlier)

    def _add_bricks(self) -> None:
        """One variable for each length of a run off the bike and day; at most one a week, after a ride only."""
        season, diary = self.problem.season, self.problem.diary
        self.bricks: list[tuple[int, Workout, Any]] = []
        for d in self.days:
            rides = [(c, v) for c, v in self.on_day[d] if c.item.sport is PlanSport.CYCLING]
            cap = spike_cap_minutes(diary, PlanSport.RUNNING, d)
            is_close = season.race_index is not None and d > season.race_index - _NO_BRICK_BEFORE_RACE_DAYS
            for item in self.problem.menu.bricks if rides and not is_close else ():
                if item.minutes <= cap and distance_fits(self.problem.request, diary, item, d):
                    chosen = self.model.new_bool_var(f"b{item.minutes}_{d}")
                    # Race pace off the bike belongs to a day that is hard already.
                    fitting = [v for c, v in rides if c.item.is_hard or not item.is_hard]
                    self.model.add(chosen <= sum(fitting))
                    self.bricks.append((d, item, chosen))
        self.model.add_at_most_one([v for _, _, v in self.bricks])

    def slots(self, day: int) -> list[tuple[int, int, int]]:
        """Return the places of a day's strength variables: slot, duration and day of the week."""
        i = day - self.days[0]
        return [(s, k, i) for s, grid in enumerate(self.strength) for k in range(len(grid))]

    def _day_sum(self, day: int, what: str) -> Any:
        total: Any = 0
        for candidate, chosen in self.on_day[day]:
            total += chosen * (candidate.load_tenths if what == "load" else candidate.item.minutes)
        for d, item, chosen in self.bricks:
            if d == day:
                total += chosen * (round(item.load_au * 10) if what == "load" else item.minutes)
        for s, k, i in self.slots(day):
            item = self.problem.menu.strength[s][k]
            total += self.strength[s][k][i] * (round(item.load_au * 10) if what == "load" else item.minutes)
        return total

    def _trained(self, day: int) -> Any:
        main: Any = sum((chosen for _, chosen in self.on_day[day]), start=0)
        lifts = self.lifts[day]
        self.model.add(main <= 1)
        if not self.strength and not self.races:
            return main
        trained = self.model.new_bool_var(f"t{day}")
        self.model.add(lifts <= 1)
        self.model.add(trained >= main)
        self.model.add(trained >= lifts)
        self.model.add(trained <= main + lifts)
        return trained

    def start_from(self, days: KnownSessions) -> None:
        """Start the search from known sessions, each a workout and its minutes; without any from complete rest."""
        for candidate, variable in zip(self.problem.menu.main, self.pick, strict=True):
            self.model.add_hint(variable, _mark(candidate.item) in days.get(candidate.day, ()))
        for d, item, variable in self.bricks:
            self.model.add_hint(variable, _mark(item) in days.get(d, ()))
        free_from = 0
        for choices, grid in zip(self.problem.menu.strength, self.strength, strict=True):
            place = self._strength_place(choices, days, free_from)
            for k, row in enumerate(grid):
                for i, variable in enumerate(row):
                    self.model.add_hint(variable, (k, i) == place)
            free_from = place[1] + 1 if place is not None else free_from

    def _strength_place(self, choices: tuple[Workout, ...], days: KnownSessions, first: int) -> tuple[int, int] | None:
        """Return duration and day of the week of the first known session that a slot can hold."""
        marks = [_mark(item) for item in choices]
        places = [(marks.index(mark), i) for i, d in enumerate(self.days) for mark in days.get(d, ()) if mark in marks]
        return next((place for place in places if place[1] >= first), None)

    def pin(self, places: frozenset[int]) -> None:
        """Choose one of these candidates."""
        self.model.add(sum(self.pick[place] for place in places) == 1)


def _mark(item: Workout) -> tuple[str, int]:
    return item.template_id, item.minutes
