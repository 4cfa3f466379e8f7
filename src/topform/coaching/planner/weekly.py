"""Stage B: the sessions of one week, chosen by CP-SAT from the week's menu.

Every safety rule is an upper bound that complete rest satisfies, so a week always has a solution and no rule is ever
relaxed. What bends, in this order because of its weight, is variety, then the distribution of intensity, then the
load target, then the number of key sessions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from ortools.sat.python import cp_model

from topform.coaching.planner.candidates import PLAIN_TEMPLATES
from topform.coaching.planner.daily_load import PlannerError
from topform.coaching.planner.long_sessions import long_weekday
from topform.coaching.planner.week_model import KnownSessions, WeekModel, WeekProblem
from topform.coaching.planner.week_rules import add_rules
from topform.coaching.planner.week_wishes import Wishes
from topform.coaching.workouts.model import SessionKind, Workout
from topform.coaching.workouts.race_pace import is_race_pace

_DETERMINISTIC_LIMIT: Final = 0.12
_DETERMINISTIC_SECOND: Final = 0.25
_WIDE_GAP_POINTS: Final = 4000
"""A week that may still lack a key session is looked at once more, for longer."""

_DETERMINISTIC_RETRY: Final = 5.0
_SOLVED: Final = (cp_model.OPTIMAL, cp_model.FEASIBLE)
_GAP_POINTS: Final = (60, 600)
_GAP_POINTS_AN_AU: Final = 1.0
"""The search stops this close to the best: one percent of the week's load, less than a coach would notice."""

_NEARBY_LOAD_SHARE: Final = 0.95
_KINDS_ALWAYS_NEAR: Final = frozenset({SessionKind.RECOVERY, SessionKind.OPENER})


@dataclass(frozen=True, slots=True)
class WeekChoice:
    """The chosen sessions, day by day, and what had to give."""

    days: tuple[tuple[Workout, ...], ...]
    missing_keys: int
    is_long_missing: bool
    missing_strength: int
    load_au: float


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
    problem: WeekProblem,
    solver: Any,
    limit: float,
    *,
    start: KnownSessions,
    pinned: frozenset[int] = frozenset(),
    is_presolved: bool = False,
) -> tuple[WeekModel, Wishes, Any]:
    built = WeekModel(problem)
    add_rules(built)
    wishes = Wishes(built)
    wishes.add()
    if pinned:
        built.pin(pinned)
    solver.parameters.max_deterministic_time = limit
    solver.parameters.cp_model_presolve = is_presolved
    built.start_from(start)
    return built, wishes, solver.solve(built.model)


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
    start: KnownSessions = problem.menu.planned
    nearby = _nearby(problem)
    if nearby is not None:
        choice = _search(nearby, start, is_last=False)
        if _is_complete(problem, choice) or _is_kept(problem, choice):
            return choice
        start = _marked(problem, choice.days)
    return _search(problem, start)


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
    found = _marked(problem, choice.days)
    return all(problem.menu.planned.get(day, frozenset()) <= items for day, items in found.items())


def _marked(problem: WeekProblem, days: tuple[tuple[Workout, ...], ...]) -> KnownSessions:
    """Return the sessions of each day as a search can start from them."""
    chosen = zip(problem.week.days, days, strict=True)
    return {day: frozenset((item.template_id, item.minutes) for item in items) for day, items in chosen}


def _search(problem: WeekProblem, start: KnownSessions, *, is_last: bool = True) -> WeekChoice:
    """Return the best week found; one that is not the last look may still be far from the best."""
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = problem.request.seed
    solver.parameters.absolute_gap_limit = float(np.clip(_GAP_POINTS_AN_AU * problem.target_au, *_GAP_POINTS))
    solver.parameters.linearization_level = 2
    # The models are small and already tight: presolve, cuts, probing and the search for symmetries cost more than they
    # save.
    solver.parameters.cut_level = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    pinned = _longest_on_its_day(problem)
    built, wishes, status = _solve(problem, solver, _DETERMINISTIC_LIMIT, start=start, pinned=pinned)
    if pinned and status not in _SOLVED:
        built, wishes, status = _solve(problem, solver, _DETERMINISTIC_LIMIT, start=start)
    is_wide = status == cp_model.FEASIBLE and solver.objective_value - solver.best_objective_bound > _WIDE_GAP_POINTS
    if is_wide and is_last:
        # From what was found, half of the work leads as far as twice of it from nothing.
        start = _marked(problem, _chosen_days(problem, built, solver))
        built, wishes, status = _solve(problem, solver, _DETERMINISTIC_SECOND, start=start)
    if status == cp_model.UNKNOWN:
        built, wishes, status = _solve(problem, solver, _DETERMINISTIC_RETRY, start=start, is_presolved=True)
    if status not in _SOLVED:
        raise PlannerError(f"week {problem.week.index + 1} has no solution ({solver.status_name(status)})")
    chosen_days = _chosen_days(problem, built, solver)
    return WeekChoice(
        days=chosen_days,
        missing_keys=problem.menu.n_keys_wished - problem.menu.n_keys + int(solver.value(wishes.missing_keys)),
        is_long_missing=any(solver.value(missing) for missing in wishes.missing_long),
        missing_strength=int(solver.value(wishes.missing_strength)),
        load_au=round(sum(item.load_au for day in chosen_days for item in day), 1),
    )


def _chosen_days(problem: WeekProblem, built: WeekModel, solver: Any) -> tuple[tuple[Workout, ...], ...]:
    """Return the sessions of each day in the solution of a model."""
    days: dict[int, list[Workout]] = {d: [] for d in problem.week.days}
    for candidate, chosen in zip(problem.menu.main, built.pick, strict=True):
        if solver.value(chosen):
            days[candidate.day].append(candidate.item)
    for day, item, chosen in built.bricks:
        if solver.value(chosen):
            days[day].append(item)
    for s, grid in enumerate(built.strength):
        for k, row in enumerate(grid):
            for i, chosen in enumerate(row):
                if solver.value(chosen):
                    days[problem.week.days[i]].append(problem.menu.strength[s][k])
    return tuple(tuple(items) for items in days.values())
