"""The hard rules of one week. Each is an upper bound that complete rest satisfies, and none is ever relaxed."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final

from topform.coaching import rules
from topform.coaching.goals import StrengthGoal
from topform.coaching.planner.diary import ATL_KEEP, CTL_KEEP, Diary
from topform.coaching.planner.season import Season
from topform.coaching.planner.week_model import WeekModel
from topform.coaching.workouts.strength import total_reps

_SCALE: Final = 1_000_000
_MARGIN_AU: Final = 0.02
"""Distance kept from the limits of ctl and tsb, so that published, rounded numbers keep them too. [AU/day]"""

_MONOTONY_SHARE: Final = 1 / 7 + 6 / (49 * rules.MAX_MONOTONY**2)
"""Least sum of the squares of seven loads over the square of their sum that keeps mean over SD at most at the limit."""

_MONOTONY_SCALE: Final = 1000
_CHORD_RATIO: Final = 1.15
_LEAST_CHORD_TENTHS: Final = 500
"""Chords from this sum of seven days on, each point so much beyond the one before; below it days differ anyhow."""

_NO_STRENGTH_BEFORE_RACE_DAYS: Final = 4
_NO_STRENGTH_BEFORE_OTHER_RACE_DAYS: Final = 2


def add_rules(week: WeekModel) -> None:
    """Add every hard rule to the model of a week."""
    season, diary = week.problem.season, week.problem.diary
    for d in week.days:
        week.model.add(week.minutes[d] <= season.minutes[d])
    _add_week_limits(week)
    _add_load_limits(week)
    _add_reps_limit(week)
    before = week.days[0] - 1
    race = season.race_index
    limit = _hard_limit(week)
    for d in week.days:
        _add_rest_day(week, range(d - 6, d + 1))
        _add_hard_limit(week, range(d - 6, d + 1), limit)
        if d + 1 in week.days:
            week.model.add(week.hard[d] + week.hard[d + 1] <= 1)
        if d == before + 1 and diary.is_hard(before):
            week.model.add(week.hard[d] == 0)
        if race is not None and d >= race - 1:
            week.model.add(week.hard[d] == 0)
        _add_monotony(week, d)
    if race is not None and week.days[0] < race <= week.days[-1] + 6:
        _add_rest_day(week, range(race - 6, race + 1))
    _add_strength_spacing(week)
    _add_races(week, limit)


def _add_races(week: WeekModel, limit: int) -> None:
    """Leave room for the races on the way of this week and the next."""
    for race in week.races:
        if not week.days[0] <= race <= week.days[-1] + 6:
            continue
        window = range(race - 6, race + 1)
        _add_rest_day(week, window, most=rules.MAX_DAYS_UP_TO_RACE)
        _add_hard_limit(week, window, limit)
        for d in range(race - _NO_STRENGTH_BEFORE_OTHER_RACE_DAYS, race):
            if d in week.days:
                week.model.add(week.lifts[d] == 0)
        for d in (race - 1, race + 1):
            if d in week.days:
                week.model.add(week.hard[d] == 0)


def _add_rest_day(week: WeekModel, window: range, *, most: int = rules.MAX_TRAINING_DAYS_IN_ROW) -> None:
    """Keep one of seven days free; days after this week count as free, races as trained."""
    diary, race = week.problem.diary, week.problem.season.race_index
    known = sum(j < week.days[0] and diary.is_trained(j) for j in window) + int(race in window)
    known += sum(j >= week.days[0] for j in window if j in week.races)
    open_days = sum(week.trained[j] for j in window if j in week.days)
    week.model.add(open_days <= max(0, most - known))


def _add_hard_limit(week: WeekModel, window: range, limit: int) -> None:
    """Bound the hard days of seven; races on the way are hard."""
    known = sum(week.problem.diary.is_hard(j) for j in window if j < week.days[0])
    known += sum(j >= week.days[0] for j in window if j in week.races)
    week.model.add(sum(week.hard[j] for j in window if j in week.days) <= max(0, limit - known))


def _hard_limit(week: WeekModel) -> int:
    stated = week.problem.request.constraints.max_hard_days
    limit = rules.MAX_HARD_DAYS[week.problem.request.experience]
    return limit if stated is None else min(limit, stated)


def _add_week_limits(week: WeekModel) -> None:
    constraints = week.problem.request.constraints
    lived = [
        item
        for index in range(7 * week.problem.week.index, week.problem.week.first_day)
        for item in week.problem.diary.days[index]
    ]
    done_min = sum(item.minutes for item in lived)
    hours = getattr(week.problem.request.goal, "hours_per_week", None)
    for limit in (constraints.max_weekly_minutes, None if hours is None else math.floor(hours * 60)):
        if limit is not None:
            week.model.add(sum(week.minutes.values()) <= max(0, limit - done_min))
    if constraints.max_sessions_per_week is not None:
        lifts = sum(week.lifts.values())
        bricks = sum(v for _, _, v in week.bricks)
        left = max(0, constraints.max_sessions_per_week - len(lived))
        week.model.add(sum(week.pick) + lifts + bricks <= left)


def _add_upper(week: WeekModel, coefficients: dict[int, float], bound: float, *, day: int | None = None) -> None:
    """Add ``sum(coefficient * load) <= bound`` in AU, rounded to the safe side; rest always satisfies it.

    A bound that speaks of one day and follows a race of this week holds where that day is trained: the race is
    no reason against what lies before it.
    """
    terms = [week.load[d] * math.ceil(c * _SCALE) for d, c in coefficients.items() if c > 0]
    rule = week.model.add(sum(terms) <= max(0, math.floor(bound * 10 * _SCALE)))
    if day is not None and any(week.days[0] <= race < day for race in week.races):
        rule.only_enforce_if(week.trained[day])


def _race_au(week: WeekModel, coefficients: dict[int, float]) -> float:
    """Return what the races on the way of this week add to a sum of loads. [AU]"""
    return sum(c * week.problem.season.race_load([d]) for d, c in coefficients.items())


def _add_reps_limit(week: WeekModel) -> None:
    """Bound the repetitions of the week for a goal in repetitions."""
    goal = week.problem.request.goal
    if not isinstance(goal, StrengthGoal):
        return
    heaviest = max(
        (
            sum(total_reps(item) for day in week.problem.diary.days[first : first + 7] for item in day)
            for first in range(0, 7 * week.problem.week.index, 7)
        ),
        default=0,
    )
    allowed = max(
        rules.FREE_STRENGTH_REPS,
        rules.FREE_STRENGTH_REPS_PER_MAX * goal.current_reps,
        math.floor(rules.MAX_STRENGTH_REPS_GROWTH * heaviest),
    )
    placed: Any = 0
    for choices, grid in zip(week.problem.menu.strength, week.strength, strict=True):
        for item, row in zip(choices, grid, strict=True):
            placed += total_reps(item) * sum(row)
    block = range(7 * week.problem.week.index, week.days[0])
    done = sum(total_reps(item) for index in block for item in week.problem.diary.days[index])
    week.model.add(placed <= max(0, allowed - done))


def _add_load_limits(week: WeekModel) -> None:
    request, diary, season = week.problem.request, week.problem.diary, week.problem.season
    first = week.days[0]
    ctl, atl = diary.ctl_on(first - 1), (diary.atl[-1] if diary.atl else diary.base.atl)
    ramp, floor = rules.MAX_RAMP_AU[request.experience], rules.MIN_TSB_AU[request.experience]
    for d in (d for d in week.days if d not in week.races):
        ctl_rest, atl_rest = ctl * CTL_KEEP ** (d - first + 1), atl * ATL_KEEP ** (d - first + 1)
        until = range(first, d + 1)
        chronic = {j: (1 - CTL_KEEP) * CTL_KEEP ** (d - j) for j in until}
        acute = {j: (1 - ATL_KEEP) * ATL_KEEP ** (d - j) - chronic[j] for j in until}
        rise = ramp + diary.ctl_on(d - 7) - ctl_rest - _MARGIN_AU
        _add_upper(week, chronic, rise - _race_au(week, chronic), day=d)
        _add_upper(week, acute, ctl_rest - atl_rest - floor - _MARGIN_AU - _race_au(week, acute), day=d)
        recent = {j: 1.0 for j in until}
        allowed = diary.most_in_week(d) - _race_au(week, recent)
        _add_upper(week, recent, allowed - diary.load_between(d - 6, first), day=d)
    block = 7 * week.problem.week.index
    if week.problem.week.is_deload and block >= 7:
        allowed = rules.DELOAD_RATIO * diary.heaviest_of_three_weeks(block) - diary.training_between(block, first)
        _add_upper(week, {j: 1.0 for j in week.days}, allowed)
    _add_taper(week, season, diary, first)


def _add_taper(week: WeekModel, season: Season, diary: Diary, first: int) -> None:
    for window in season.taper:
        inside = [d for d in week.days if window.first_day <= d < window.end_day]
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
        _add_upper(week, {d: 1.0 for d in inside}, allowed - done - coming)


def _add_monotony(week: WeekModel, d: int) -> None:
    """Keep mean over SD of seven days at most 2 where six of them are trained; five or fewer always do.

    With ddof 1 that means S <= sqrt(Q / c) for the sum S and the sum of squares Q of the loads, and a constant c.
    The root is concave, so the chords between points of it, all of them at once, lie below it: linear limits.
    """
    diary, window = week.problem.diary, range(d - 6, d + 1)
    open_days = [j for j in window if j in week.days and j not in week.races]
    known = [j for j in window if j not in week.days]
    coming = [j for j in window if j in week.days and j in week.races]
    n_known = sum(diary.is_trained(j) for j in known) + len(coming)
    # Six lived days leave the seventh free by another rule, whatever their loads were.
    if window[0] < 0 or n_known + len(open_days) < 6 or n_known >= 6:
        return
    fixed = [round(diary.load_on(j) * 10) for j in known]
    fixed += [round(week.problem.season.race_load([j]) * 10) for j in coming]
    most = sum(fixed) + sum(_most_on(week, j) for j in open_days)
    total = week.model.new_int_var(0, most, f"sum{d}")
    week.model.add(total == sum(fixed) + sum(week.load[j] for j in open_days))
    squares = week.model.new_int_var(0, most * most, f"squares{d}")
    week.model.add(squares == sum(x * x for x in fixed) + sum(_squares(week, j) for j in open_days))
    is_full = week.model.new_bool_var(f"six{d}")
    week.model.add(n_known + sum(week.trained[j] for j in open_days) - 5 <= is_full)
    for low, high in pairwise(_chord_points(most)):
        slope = _MONOTONY_SCALE * _MONOTONY_SHARE * (low + high)
        offset = _MONOTONY_SCALE * _MONOTONY_SHARE * low * high
        week.model.add(_MONOTONY_SCALE * squares >= math.ceil(slope) * total - math.floor(offset)).only_enforce_if(
            is_full
        )


def _most_on(week: WeekModel, day: int) -> int:
    """Return the most load that a day can hold, in tenths of an AU."""
    main = max((c.load_tenths for c, _ in week.on_day[day]), default=0)
    bricks = max((round(item.load_au * 10) for d, item, _ in week.bricks if d == day), default=0)
    lifts = max((round(item.load_au * 10) for slot in week.problem.menu.strength for item in slot), default=0)
    return main + bricks + lifts


def _squares(week: WeekModel, day: int) -> Any:
    """Return the square of a day's load, a little less where it holds two sessions."""
    total: Any = sum(c.load_tenths**2 * v for c, v in week.on_day[day])
    total += sum(round(item.load_au * 10) ** 2 * v for d, item, v in week.bricks if d == day)
    for s, k, i in week.slots(day):
        total += round(week.problem.menu.strength[s][k].load_au * 10) ** 2 * week.strength[s][k][i]
    return total


def _add_strength_spacing(week: WeekModel) -> None:
    diary, race = week.problem.diary, week.problem.season.race_index
    is_leg = week.problem.menu.is_leg_strength
    for d in week.days:
        for gap in range(1, rules.STRENGTH_GAP_DAYS):
            if d + gap in week.days:
                week.model.add(week.lifts[d] + week.lifts[d + gap] <= 1)
            if d - gap not in week.days and diary.has_strength(d - gap) and d not in week.races:
                week.model.add(week.lifts[d] == 0)
        if race is not None and d > race - _NO_STRENGTH_BEFORE_RACE_DAYS:
            week.model.add(week.lifts[d] == 0)
        if is_leg:
            # Three that exclude each other in pairs, said at once: the search sees sooner what cannot be had together.
            is_before = d + 1 in week.days
            week.model.add(week.lifts[d] + week.hard[d] + (week.hard[d + 1] if is_before else 0) <= 1)
            if is_before:
                week.model.add(week.lifts[d] + week.lifts[d + 1] + week.hard[d + 1] <= 1)
            if d - 1 not in week.days and diary.has_strength(d - 1):
                week.model.add(week.hard[d] == 0)


def _chord_points(most_tenths: int) -> list[float]:
    """Return sums of seven days at which a chord ends, from zero to beyond the largest possible sum."""
    points = [0.0, float(_LEAST_CHORD_TENTHS)]
    while points[-1] < most_tenths:
        points.append(points[-1] * _CHORD_RATIO)
    return points
