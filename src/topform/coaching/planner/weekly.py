"""Stage B: the sessions of one week, chosen by CP-SAT from the week's menu.

Every safety rule is an upper bound that complete rest satisfies, so a week always has a solution and no rule is ever
relaxed. What bends, in this order because of its weight, is variety, then the distribution of intensity, then the
load target, then the number of key sessions.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
from ortools.sat.python import cp_model

from topform.coaching import rules
from topform.coaching.goals import PlanSport, StrengthGoal
from topform.coaching.planner.candidates import (
    PLAIN_TEMPLATES,
    Candidate,
    WeekMenu,
    distance_fits,
    long_weekday,
    spike_cap_minutes,
)
from topform.coaching.planner.daily_load import PlannerError
from topform.coaching.planner.diary import ATL_KEEP, CTL_KEEP, Diary
from topform.coaching.planner.season import Season, Week
from topform.coaching.planner.zones import zone_wish
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.model import KEY_KINDS, SessionKind, Workout
from topform.coaching.workouts.race_pace import is_race_pace
from topform.coaching.workouts.strength import total_reps
from topform.core.arrays import FloatArray

_SCALE: Final = 1_000_000
_MARGIN_AU: Final = 0.02
"""Distance kept from the limits of ctl and tsb, so that published, rounded numbers keep them too. [AU/day]"""

_DETERMINISTIC_LIMIT: Final = 0.12
_DETERMINISTIC_SECOND: Final = 0.5
_WIDE_GAP_POINTS: Final = 4000
"""A week that may still lack a key session is looked at once more, for longer."""

_DETERMINISTIC_RETRY: Final = 5.0
_SOLVED: Final = (cp_model.OPTIMAL, cp_model.FEASIBLE)
_GAP_POINTS: Final = (60, 600)
_GAP_POINTS_AN_AU: Final = 1.0
"""The search stops this close to the best: one percent of the week's load, less than a coach would notice."""

_MONOTONY_SHARE: Final = 1 / 7 + 6 / (49 * rules.MAX_MONOTONY**2)
"""Least sum of the squares of seven loads over the square of their sum that keeps mean over SD at most at the limit."""

_MONOTONY_SCALE: Final = 1000
_CHORD_RATIO: Final = 1.15
_LEAST_CHORD_TENTHS: Final = 500
"""Chords from this sum of seven days on, each point so much beyond the one before; below it days differ anyhow."""

_LOAD_BAND_FRAC: Final = (0.005, 0.02)
"""Deviations of the week's load below and above its target that cost nothing: what every week lacks, Fitness loses."""

# Penalties; loads are in tenths of an AU.
_LOAD, _LOAD_OF_SHORT_HOURS, _DAY_LOAD = 10, 16, 7
_MISSING_KEY, _MISSING_LONG, _MISSING_STRENGTH, _MISSING_SPORT = 4000, 4500, 3000, 2500
_MISSING_RACE_PACE, _NO_PLAIN_DAY, _MODERATE = 7000, 2500, 100
_LONG_MINUTE, _LONG_DAY, _SESSION_COUNT = 60, 1500, 900
_ZONE_MINUTE, _REPEATED, _RECOVERY, _NO_OPENER = 40, 300, 150, 600
_EASY_SHARE: Final = 0.8
_ZONE_WISH: Final = 2
"""For each tenth of a minute off the wished share: light, so that it chooses among sessions, not their number."""

_AS_PLANNED: Final = 1200
"""What it is worth to leave a session where the athlete has seen it before."""

_NEARBY_LOAD_SHARE: Final = 0.95
_KINDS_ALWAYS_NEAR: Final = frozenset({SessionKind.RECOVERY, SessionKind.OPENER})
_MISSING_BRICK: Final = 1200
_NO_STRENGTH_BEFORE_RACE_DAYS: Final = 4
_NO_STRENGTH_BEFORE_OTHER_RACE_DAYS: Final = 2
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


@dataclass(frozen=True, slots=True)
class WeekChoice:
    """The chosen sessions, day by day, and what had to give."""

    days: tuple[tuple[Workout, ...], ...]
    missing_keys: int
    is_long_missing: bool
    missing_strength: int
    load_au: float


class _WeekModel:
    """Builds the model of one week; all linear expressions are in tenths of an AU or whole minutes."""

    def __init__(self, problem: WeekProblem) -> None:
        self.p = problem
        self.model: Any = cp_model.CpModel()
        self.days = problem.week.days
        self.pick = [self.model.new_bool_var(f"c{i}") for i in range(len(problem.menu.main))]
        self.strength: list[list[list[Any]]] = []
        self.penalties: list[Any] = []
        self._by_day: dict[int, list[tuple[Candidate, Any]]] = defaultdict(list)
        for candidate, chosen in zip(problem.menu.main, self.pick, strict=True):
            self._by_day[candidate.day].append((candidate, chosen))
        self._add_strength()
        self._add_bricks()
        self.load = {d: self._day_sum(d, "load") for d in self.days}
        self.minutes = {d: self._day_sum(d, "minutes") for d in self.days}
        self.races = problem.season.races
        self.hard = {d: sum((v for c, v in self._by_day[d] if c.item.is_hard), start=0) for d in self.days}
        self.lifts = {d: sum((self.strength[s][k][i] for s, k, i in self._slots(d)), start=0) for d in self.days}
        self.trained = {d: self._trained(d) for d in self.days}

    def _add_strength(self) -> None:
        """One variable for each slot, duration and day; a slot is used at most once and slots keep their order."""
        for slot, choices in enumerate(self.p.menu.strength):
            grid = [[self.model.new_bool_var(f"s{slot}_{k}_{d}") for d in self.days] for k in range(len(choices))]
            self.strength.append(grid)
            self.model.add_at_most_one([v for row in grid for v in row])
        for first, second in zip(self.strength, self.strength[1:], strict=False):
            for i in range(len(self.days)):
                earlier = sum(row[j] for row in first for j in range(i))
                self.model.add(sum(row[i] for row in second) <= earlier)

    def _add_bricks(self) -> None:
        """One variable for each length of a run off the bike and day; at most one a week, after a ride only."""
        season, diary = self.p.season, self.p.diary
        self.brick: list[tuple[int, Workout, Any]] = []
        for d in self.days:
            rides = [(c, v) for c, v in self._by_day[d] if c.item.sport is PlanSport.CYCLING]
            cap = spike_cap_minutes(diary, PlanSport.RUNNING, d)
            is_close = season.race_index is not None and d > season.race_index - _NO_BRICK_BEFORE_RACE_DAYS
            for item in self.p.menu.bricks if rides and not is_close else ():
                if item.minutes <= cap and distance_fits(self.p.request, diary, item, d):
                    chosen = self.model.new_bool_var(f"b{item.minutes}_{d}")
                    # Race pace off the bike belongs to a day that is hard already.
                    fitting = [v for c, v in rides if c.item.is_hard or not item.is_hard]
                    self.model.add(chosen <= sum(fitting))
                    self.brick.append((d, item, chosen))
        self.model.add_at_most_one([v for _, _, v in self.brick])

    def _slots(self, day: int) -> list[tuple[int, int, int]]:
        i = day - self.days[0]
        return [(s, k, i) for s, grid in enumerate(self.strength) for k in range(len(grid))]

    def _day_sum(self, day: int, what: str) -> Any:
        total: Any = 0
        for candidate, chosen in self._by_day[day]:
            total += chosen * (candidate.load_tenths if what == "load" else candidate.item.minutes)
        for d, item, chosen in self.brick:
            if d == day:
                total += chosen * (round(item.load_au * 10) if what == "load" else item.minutes)
        for s, k, i in self._slots(day):
            item = self.p.menu.strength[s][k]
            total += self.strength[s][k][i] * (round(item.load_au * 10) if what == "load" else item.minutes)
        return total

    def _trained(self, day: int) -> Any:
        main: Any = sum((chosen for _, chosen in self._by_day[day]), start=0)
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

    # Safety: never relaxed.

    def add_safety(self) -> None:
        """Add every hard rule."""
        season, diary = self.p.season, self.p.diary
        for d in self.days:
            self.model.add(self.minutes[d] <= season.minutes[d])
        self._add_week_limits()
        self._add_load_limits()
        self._add_reps_limit()
        before = self.days[0] - 1
        race = season.race_index
        limit = self._hard_limit()
        for d in self.days:
            self._add_rest_day(range(d - 6, d + 1))
            self._add_hard_limit(range(d - 6, d + 1), limit)
            if d + 1 in self.days:
                self.model.add(self.hard[d] + self.hard[d + 1] <= 1)
            if d == before + 1 and diary.is_hard(before):
                self.model.add(self.hard[d] == 0)
            if race is not None and d >= race - 1:
                self.model.add(self.hard[d] == 0)
            self._add_monotony(d)
        if race is not None and self.days[0] < race <= self.days[-1] + 6:
            self._add_rest_day(range(race - 6, race + 1))
        self._add_strength_spacing()
        self._add_races(limit)

    def _add_races(self, limit: int) -> None:
        """Leave room for the races on the way of this week and the next."""
        for race in self.races:
            if not self.days[0] <= race <= self.days[-1] + 6:
                continue
            window = range(race - 6, race + 1)
            self._add_rest_day(window, most=rules.MAX_DAYS_UP_TO_RACE)
            self._add_hard_limit(window, limit)
            for d in range(race - _NO_STRENGTH_BEFORE_OTHER_RACE_DAYS, race):
                if d in self.days:
                    self.model.add(self.lifts[d] == 0)
            for d in (race - 1, race + 1):
                if d in self.days:
                    self.model.add(self.hard[d] == 0)

    def _add_rest_day(self, window: range, *, most: int = rules.MAX_TRAINING_DAYS_IN_ROW) -> None:
        """Keep one of seven days free; days after this week count as free, races as trained."""
        diary, race = self.p.diary, self.p.season.race_index
        known = sum(j < self.days[0] and diary.is_trained(j) for j in window) + int(race in window)
        known += sum(j >= self.days[0] for j in window if j in self.races)
        open_days = sum(self.trained[j] for j in window if j in self.days)
        self.model.add(open_days <= max(0, most - known))

    def _add_hard_limit(self, window: range, limit: int) -> None:
        """Bound the hard days of seven; races on the way are hard."""
        known = sum(self.p.diary.is_hard(j) for j in window if j < self.days[0])
        known += sum(j >= self.days[0] for j in window if j in self.races)
        self.model.add(sum(self.hard[j] for j in window if j in self.days) <= max(0, limit - known))

    def _hard_limit(self) -> int:
        stated = self.p.request.constraints.max_hard_days
        limit = rules.MAX_HARD_DAYS[self.p.request.experience]
        return limit if stated is None else min(limit, stated)

    def _add_week_limits(self) -> None:
        constraints = self.p.request.constraints
        lived = [
            item for index in range(7 * self.p.week.index, self.p.week.first_day) for item in self.p.diary.days[index]
        ]
        done_min = sum(item.minutes for item in lived)
        hours = getattr(self.p.request.goal, "hours_per_week", None)
        for limit in (constraints.max_weekly_minutes, None if hours is None else math.floor(hours * 60)):
            if limit is not None:
                self.model.add(sum(self.minutes.values()) <= max(0, limit - done_min))
        if constraints.max_sessions_per_week is not None:
            lifts = sum(self.lifts.values())
            bricks = sum(v for _, _, v in self.brick)
            left = max(0, constraints.max_sessions_per_week - len(lived))
            self.model.add(sum(self.pick) + lifts + bricks <= left)

    def _add_upper(self, coefficients: dict[int, float], bound: float, *, day: int | None = None) -> None:
        """Add ``sum(coefficient * load) <= bound`` in AU, rounded to the safe side; rest always satisfies it.

        A bound that speaks of one day and follows a race of this week holds where that day is trained: the race is
        no reason against what lies before it.
        """
        terms = [self.load[d] * math.ceil(c * _SCALE) for d, c in coefficients.items() if c > 0]
        rule = self.model.add(sum(terms) <= max(0, math.floor(bound * 10 * _SCALE)))
        if day is not None and any(self.days[0] <= race < day for race in self.races):
            rule.only_enforce_if(self.trained[day])

    def _race_au(self, coefficients: dict[int, float]) -> float:
        """Return what the races on the way of this week add to a sum of loads. [AU]"""
        return sum(c * self.p.season.race_load([d]) for d, c in coefficients.items())

    def _add_reps_limit(self) -> None:
        """Bound the repetitions of the week for a goal in repetitions."""
        goal = self.p.request.goal
        if not isinstance(goal, StrengthGoal):
            return
        heaviest = max(
            (
                sum(total_reps(item) for day in self.p.diary.days[first : first + 7] for item in day)
                for first in range(0, 7 * self.p.week.index, 7)
            ),
            default=0,
        )
        allowed = max(
            rules.FREE_STRENGTH_REPS,
            rules.FREE_STRENGTH_REPS_PER_MAX * goal.current_reps,
            math.floor(rules.MAX_STRENGTH_REPS_GROWTH * heaviest),
        )
        placed: Any = 0
        for choices, grid in zip(self.p.menu.strength, self.strength, strict=True):
            for item, row in zip(choices, grid, strict=True):
                placed += total_reps(item) * sum(row)
        block = range(7 * self.p.week.index, self.days[0])
        done = sum(total_reps(item) for index in block for item in self.p.diary.days[index])
        self.model.add(placed <= max(0, allowed - done))

    def _add_load_limits(self) -> None:
        request, diary, season, week = self.p.request, self.p.diary, self.p.season, self.p.week
        first = self.days[0]
        ctl, atl = diary.ctl_on(first - 1), (diary.atl[-1] if diary.atl else diary.base.atl)
        ramp, floor = rules.MAX_RAMP_AU[request.experience], rules.MIN_TSB_AU[request.experience]
        for d in (d for d in self.days if d not in self.races):
            ctl_rest, atl_rest = ctl * CTL_KEEP ** (d - first + 1), atl * ATL_KEEP ** (d - first + 1)
            until = range(first, d + 1)
            chronic = {j: (1 - CTL_KEEP) * CTL_KEEP ** (d - j) for j in until}
            acute = {j: (1 - ATL_KEEP) * ATL_KEEP ** (d - j) - chronic[j] for j in until}
            rise = ramp + diary.ctl_on(d - 7) - ctl_rest - _MARGIN_AU
            self._add_upper(chronic, rise - self._race_au(chronic), day=d)
            self._add_upper(acute, ctl_rest - atl_rest - floor - _MARGIN_AU - self._race_au(acute), day=d)
            recent = {j: 1.0 for j in until}
            allowed = diary.most_in_week(d) - self._race_au(recent)
            self._add_upper(recent, allowed - diary.load_between(d - 6, first), day=d)
        block = 7 * week.index
        if week.is_deload and block >= 7:
            allowed = rules.DELOAD_RATIO * diary.heaviest_of_three_weeks(block) - diary.training_between(block, first)
            self._add_upper({j: 1.0 for j in self.days}, allowed)
        self._add_taper(season, diary, first)

    def _add_taper(self, season: Season, diary: Diary, first: int) -> None:
        for window in season.taper:
            inside = [d for d in self.days if window.first_day <= d < window.end_day]
            if not inside:
                continue
            reference = range(season.taper[0].first_day - 28, season.taper[0].first_day)
            done = diary.load_between(min(window.first_day, first), first)
            mean_week = sum(diary.load_on(d) for d in reference if d < first) / 4
            mean_week = max(mean_week, diary.held_week(reference.start, reference.stop))
            # Days of the reference that lie in this very week make the bound looser: a negative coefficient would
            # let it depend on training not yet certain, so they are counted as rest.
            allowed = max(rules.TAPER_FREE_LOAD_AU, window.high * mean_week)
            coming = season.race_load(range(max(first, window.first_day), window.end_day))
            self._add_upper({d: 1.0 for d in inside}, allowed - done - coming)

    def _add_monotony(self, d: int) -> None:
        """Keep mean over SD of seven days at most 2 where six of them are trained; five or fewer always do.

        With ddof 1 that means S <= sqrt(Q / c) for the sum S and the sum of squares Q of the loads, and a constant c.
        The root is concave, so the chords between points of it, all of them at once, lie below it: linear limits.
        """
        diary, window = self.p.diary, range(d - 6, d + 1)
        open_days = [j for j in window if j in self.days and j not in self.races]
        known = [j for j in window if j not in self.days]
        coming = [j for j in window if j in self.days and j in self.races]
        n_known = sum(diary.is_trained(j) for j in known) + len(coming)
        # Six lived days leave the seventh free by another rule, whatever their loads were.
        if window[0] < 0 or n_known + len(open_days) < 6 or n_known >= 6:
            return
        fixed = [round(diary.load_on(j) * 10) for j in known]
        fixed += [round(self.p.season.race_load([j]) * 10) for j in coming]
        most = sum(fixed) + sum(self._most_on(j) for j in open_days)
        total = self.model.new_int_var(0, most, f"sum{d}")
        self.model.add(total == sum(fixed) + sum(self.load[j] for j in open_days))
        squares = self.model.new_int_var(0, most * most, f"squares{d}")
        self.model.add(squares == sum(x * x for x in fixed) + sum(self._squares(j) for j in open_days))
        is_full = self.model.new_bool_var(f"six{d}")
        self.model.add(n_known + sum(self.trained[j] for j in open_days) - 5 <= is_full)
        for low, high in pairwise(_chord_points(most)):
            slope = _MONOTONY_SCALE * _MONOTONY_SHARE * (low + high)
            offset = _MONOTONY_SCALE * _MONOTONY_SHARE * low * high
            self.model.add(_MONOTONY_SCALE * squares >= math.ceil(slope) * total - math.floor(offset)).only_enforce_if(
                is_full
            )

    def _most_on(self, day: int) -> int:
        """Return the most load that a day can hold, in tenths of an AU."""
        main = max((c.load_tenths for c, _ in self._by_day[day]), default=0)
        bricks = max((round(item.load_au * 10) for d, item, _ in self.brick if d == day), default=0)
        lifts = max((round(item.load_au * 10) for slot in self.p.menu.strength for item in slot), default=0)
        return main + bricks + lifts

    def _squares(self, day: int) -> Any:
        """Return the square of a day's load, a little less where it holds two sessions."""
        total: Any = sum(c.load_tenths**2 * v for c, v in self._by_day[day])
        total += sum(round(item.load_au * 10) ** 2 * v for d, item, v in self.brick if d == day)
        for s, k, i in self._slots(day):
            total += round(self.p.menu.strength[s][k].load_au * 10) ** 2 * self.strength[s][k][i]
        return total

    def _add_strength_spacing(self) -> None:
        diary, race = self.p.diary, self.p.season.race_index
        is_leg = self.p.menu.is_leg_strength
        for d in self.days:
            for gap in range(1, rules.STRENGTH_GAP_DAYS):
                if d + gap in self.days:
                    self.model.add(self.lifts[d] + self.lifts[d + gap] <= 1)
                if d - gap not in self.days and diary.has_strength(d - gap) and d not in self.races:
                    self.model.add(self.lifts[d] == 0)
            if race is not None and d > race - _NO_STRENGTH_BEFORE_RACE_DAYS:
                self.model.add(self.lifts[d] == 0)
            if is_leg:
                self.model.add(self.lifts[d] + self.hard[d] <= 1)
                if d + 1 in self.days:
                    self.model.add(self.lifts[d] + self.hard[d + 1] <= 1)
                if d - 1 not in self.days and diary.has_strength(d - 1):
                    self.model.add(self.hard[d] == 0)

    def hint_start(self) -> None:
        """Start the search from the plan as it was, or from complete rest, which keeps every rule."""
        planned = self.p.menu.planned
        lifts = [v for grid in self.strength for row in grid for v in row]
        for candidate, variable in zip(self.p.menu.main, self.pick, strict=True):
            is_planned = (candidate.item.template_id, candidate.item.minutes) in planned.get(candidate.day, ())
            self.model.add_hint(variable, is_planned)
        for variable in [*lifts, *(v for _, _, v in self.brick)]:
            self.model.add_hint(variable, 0)

    # Wishes: each has a price.

    def add_wishes(self) -> None:
        """Add the objective."""
        self._wish_load()
        self._wish_keys_and_long()
        self._wish_sessions()
        self._wish_variety_and_zones()
        self.model.minimize(sum(self.penalties))

    def _excess(self, expression: Any, weight: int, name: str, bound: int = 200_000) -> Any:
        """Penalise the positive part of an expression."""
        over = self.model.new_int_var(0, bound, name)
        self.model.add(over >= expression)
        self.penalties.append(weight * over)
        return over

    def _wish_load(self) -> None:
        target = round(self.p.target_au * 10)
        total = sum(self.load.values())
        below, above = (round(share * target) for share in _LOAD_BAND_FRAC)
        self._excess(total - target - above, _LOAD, "over")
        self._excess(target - below - total, _LOAD_OF_SHORT_HOURS if self.p.week.is_short else _LOAD, "under")
        asked = float(self.p.daily_au[list(self.days)].sum())
        for d in self.days:
            self._wish_day_load(d, round(10 * self.p.target_au * float(self.p.daily_au[d]) / max(asked, 1e-9)))

    def _wish_day_load(self, day: int, wanted: int) -> None:
        """Price how far a day's endurance load is from the one wanted, the run off the bike included."""
        bricks = sum(round(item.load_au * 10) * v for d, item, v in self.brick if d == day)
        if isinstance(bricks, int):
            self.penalties.append(
                sum(_DAY_LOAD * (abs(c.load_tenths - wanted) - wanted) * v for c, v in self._by_day[day])
            )
            return
        total = sum(c.load_tenths * v for c, v in self._by_day[day]) + bricks
        self._excess(total - wanted, _DAY_LOAD, f"day_over_{day}")
        self._excess(wanted - total, _DAY_LOAD, f"day_under_{day}")

    def _wish_keys_and_long(self) -> None:
        menu, main = self.p.menu, list(zip(self.p.menu.main, self.pick, strict=True))
        keys = [(c, v) for c, v in main if c.kind in KEY_KINDS]
        self.model.add(sum(v for _, v in keys) <= menu.n_keys)
        self.missing_keys = self._excess(menu.n_keys - sum(v for _, v in keys), _MISSING_KEY, "keys")
        by_kind: dict[SessionKind, list[Any]] = defaultdict(list)
        for candidate, chosen in keys:
            by_kind[candidate.kind].append(chosen)
        for of_one_kind in by_kind.values():
            self.model.add_at_most_one(of_one_kind)
        self.missing_long = []
        long_day = long_weekday(self.p.request, self.p.season, self.p.week)
        for sport, wanted in menu.long_minutes.items():
            longs = [(c, v) for c, v in main if c.kind is SessionKind.LONG and c.item.sport is sport]
            self.model.add_at_most_one([v for _, v in longs])
            possible = bool(longs)
            if not possible:
                continue
            missing = self._excess(1 - sum(v for _, v in longs), _MISSING_LONG, f"long_{sport}")
            self.missing_long.append(missing)
            self._excess(
                wanted - wanted * missing - sum(v * c.item.minutes for c, v in longs), _LONG_MINUTE, f"longmin_{sport}"
            )
            self.penalties.append(
                sum(v * (0 if self.p.season.weekday(c.day) == long_day else _LONG_DAY) for c, v in longs)
            )
        at_pace = [(c, v) for c, v in main if is_race_pace(c.item.template_id)]
        for wanted, is_long in ((menu.n_race_keys, False), (menu.n_race_longs, True)):
            chosen_at_pace = [v for c, v in at_pace if (c.kind is SessionKind.LONG) is is_long]
            if wanted and chosen_at_pace:
                self._excess(wanted - sum(chosen_at_pace), _MISSING_RACE_PACE, f"race_pace_{is_long}")

    def pin(self, places: frozenset[int]) -> None:
        """Choose one of these candidates."""
        self.model.add(sum(self.pick[place] for place in places) == 1)

    def _wish_sessions(self) -> None:
        total = sum(self.trained.values())
        self._excess(total - self.p.menu.n_sessions, _SESSION_COUNT, "days_over")
        self._excess(self.p.menu.n_sessions - total, _SESSION_COUNT, "days_under")
        placed: list[Any] = [sum(v for row in grid for v in row) for grid in self.strength]
        self.missing_strength = self._excess(len(placed) - sum(placed), _MISSING_STRENGTH, "lifts")
        if self.brick:
            self._excess(1 - sum(v for _, _, v in self.brick), _MISSING_BRICK, "brick")
        sports = {c.item.sport for c in self.p.menu.main}
        if len(sports) > 1:
            for sport in sorted(sports):
                done = sum(v for c, v in zip(self.p.menu.main, self.pick, strict=True) if c.item.sport is sport)
                self._excess(1 - done, _MISSING_SPORT, f"none_{sport}")
                self._excess(done - 2, _REPEATED * 4, f"many_{sport}")

    def _wish_variety_and_zones(self) -> None:
        recent = self.p.diary.recent_templates(self.days[0], 14)
        race = self.p.season.race_index
        by_template: dict[str, list[Any]] = defaultdict(list)
        above: Any = 0
        everything: Any = 0
        main = list(zip(self.p.menu.main, self.pick, strict=True))
        for candidate, chosen in main:
            item = candidate.item
            by_template[item.template_id].append(chosen)
            above += chosen * round(item.zone_minutes[1] + item.zone_minutes[2])
            everything += chosen * round(sum(item.zone_minutes))
            is_planned = (item.template_id, item.minutes) in self.p.menu.planned.get(candidate.day, ())
            price = -_AS_PLANNED if is_planned else 0
            if (item.kind in KEY_KINDS or item.template_id.endswith("fast_finish")) and item.template_id in recent:
                price += _REPEATED
            if item.kind is SessionKind.RECOVERY:
                price += _RECOVERY
            if item.is_moderate:
                price += _MODERATE
            if price:
                self.penalties.append(price * chosen)
        for name, uses in by_template.items():
            allowance = 3 if name in PLAIN_TEMPLATES else 1
            self._excess(sum(uses) - allowance, _REPEATED, f"again_{name}")
        plain = [v for c, v in main if c.item.template_id in PLAIN_TEMPLATES]
        if plain:
            self._excess(1 - sum(plain), _NO_PLAIN_DAY, "no_plain_day")
        self._excess(10 * above - round(10 * (1 - _EASY_SHARE)) * everything, _ZONE_MINUTE // 10, "zones")
        wish = zone_wish(phase=self.p.week.phase, is_easier=self.p.week.is_deload, experience=self.p.request.experience)
        zone_time = sum(v * round(10 * (1 - wish[0]) * sum(c.item.zone_minutes)) for c, v in main)
        self._excess(10 * above - zone_time, _ZONE_WISH, "zone_over")
        self._excess(zone_time - 10 * above, _ZONE_WISH, "zone_under")
        if race is not None:
            openers = [
                v
                for c, v in zip(self.p.menu.main, self.pick, strict=True)
                if c.kind is SessionKind.OPENER and c.day < race
            ]
            if openers:
                self._excess(1 - sum(openers), _NO_OPENER, "opener")


def _chord_points(most_tenths: int) -> list[float]:
    """Return sums of seven days at which a chord ends, from zero to beyond the largest possible sum."""
    points = [0.0, float(_LEAST_CHORD_TENTHS)]
    while points[-1] < most_tenths:
        points.append(points[-1] * _CHORD_RATIO)
    return points


def _longest_on_its_day(problem: WeekProblem) -> frozenset[int]:
    """Return the candidates for the longest session on its day: to choose among them first decides most of a week."""
    menu = problem.menu
    sport = max(menu.long_minutes, key=lambda name: menu.long_minutes[name], default=None)
    weekday = long_weekday(problem.request, problem.season, problem.week)
    return frozenset(
        place
        for place, c in enumerate(menu.main)
        if c.kind is SessionKind.LONG and c.item.sport is sport and problem.season.weekday(c.day) == weekday
    )


def _solve(
    problem: WeekProblem, solver: Any, limit: float, *, pinned: frozenset[int] = frozenset(), is_presolved: bool = False
) -> tuple[_WeekModel, Any]:
    built = _WeekModel(problem)
    built.add_safety()
    built.add_wishes()
    if pinned:
        built.pin(pinned)
    solver.parameters.max_deterministic_time = limit
    solver.parameters.cp_model_presolve = is_presolved
    built.hint_start()
    return built, solver.solve(built.model)


def solve_week(problem: WeekProblem) -> WeekChoice:
    """Choose the sessions of a week.

    The same problem and seed give the same sessions: one worker, a fixed seed, and a limit on deterministic work
    instead of wall time.

    Parameters
    ----------
    problem : WeekProblem

    Returns
    -------
    WeekChoice

    Raises
    ------
    PlannerError
        If no solution was found, which the form of the rules excludes.
    """
    nearby = _nearby(problem)
    if nearby is not None:
        choice = _search(nearby)
        if _is_complete(problem, choice) or _is_kept(problem, choice):
            return choice
    return _search(problem)


def _nearby(problem: WeekProblem) -> WeekProblem | None:
    """Return the week with only the workouts it was planned with, everyday ones and those at race pace, on any day.

    None for a week that was not planned before, and for one that cannot hold its load after the weeks before it: what
    it needs lies further away.
    """
    menu = problem.menu
    planned = {name for sessions in menu.planned.values() for name, _ in sessions}
    most_au = problem.diary.most_in_week(problem.week.days[-1])
    if not planned or most_au < problem.target_au:
        return None
    usual = PLAIN_TEMPLATES | planned
    main = tuple(
        c
        for c in menu.main
        if c.item.template_id in usual or is_race_pace(c.item.template_id) or c.kind in _KINDS_ALWAYS_NEAR
    )
    return replace(problem, menu=replace(menu, main=main))


def _is_complete(problem: WeekProblem, choice: WeekChoice) -> bool:
    """Return whether a choice among few workouts has every wished session and nearly all of the load."""
    is_short = choice.load_au < _NEARBY_LOAD_SHARE * problem.target_au
    return not (is_short or choice.missing_keys or choice.is_long_missing or choice.missing_strength)


def _is_kept(problem: WeekProblem, choice: WeekChoice) -> bool:
    """Return whether a choice is the week as it was planned, with all that it may have lacked before."""
    chosen = zip(problem.week.days, choice.days, strict=True)
    found = {day: {(item.template_id, item.minutes) for item in items} for day, items in chosen}
    return all(problem.menu.planned.get(day, frozenset()) <= items for day, items in found.items())


def _search(problem: WeekProblem) -> WeekChoice:
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = problem.request.seed
    solver.parameters.absolute_gap_limit = float(np.clip(_GAP_POINTS_AN_AU * problem.target_au, *_GAP_POINTS))
    solver.parameters.linearization_level = 2
    # The models are small and already tight: presolve costs more than it saves.
    pinned = _longest_on_its_day(problem)
    built, status = _solve(problem, solver, _DETERMINISTIC_LIMIT, pinned=pinned)
    if pinned and status not in _SOLVED:
        built, status = _solve(problem, solver, _DETERMINISTIC_LIMIT)
    if status == cp_model.FEASIBLE and solver.objective_value - solver.best_objective_bound > _WIDE_GAP_POINTS:
        built, status = _solve(problem, solver, _DETERMINISTIC_SECOND)
    if status == cp_model.UNKNOWN:
        built, status = _solve(problem, solver, _DETERMINISTIC_RETRY, is_presolved=True)
    if status not in _SOLVED:
        raise PlannerError(f"week {problem.week.index + 1} has no solution ({solver.status_name(status)})")
    days: dict[int, list[Workout]] = {d: [] for d in problem.week.days}
    for candidate, chosen in zip(problem.menu.main, built.pick, strict=True):
        if solver.value(chosen):
            days[candidate.day].append(candidate.item)
    for day, item, chosen in built.brick:
        if solver.value(chosen):
            days[day].append(item)
    for s, grid in enumerate(built.strength):
        for k, row in enumerate(grid):
            for i, chosen in enumerate(row):
                if solver.value(chosen):
                    days[problem.week.days[i]].append(problem.menu.strength[s][k])
    chosen_days = tuple(tuple(items) for items in days.values())
    return WeekChoice(
        days=chosen_days,
        missing_keys=problem.menu.n_keys_wished - problem.menu.n_keys + int(solver.value(built.missing_keys)),
        is_long_missing=any(solver.value(missing) for missing in built.missing_long),
        missing_strength=int(solver.value(built.missing_strength)),
        load_au=round(sum(item.load_au for day in chosen_days for item in day), 1),
    )
