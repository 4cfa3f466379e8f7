"""The frame of a plan: phases, deload weeks, the taper, and the load an ordinary textbook plan would set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final

import numpy as np

from topform.coaching import rules
from topform.coaching.baseline import Baseline
from topform.coaching.goals import (
    Experience,
    FitnessGoal,
    Goal,
    MaintainGoal,
    PlanSport,
    Priority,
    RaceGoal,
    StrengthGoal,
    ThresholdGoal,
)
from topform.coaching.race import RaceEstimate, estimate_race
from topform.coaching.request import WEEKDAYS, PlanRequest

WEEKLY_GROWTH: Final = 1.05
SMALL_WEEK_GROWTH: Final = 1.10
"""Growth of a small week. A novice's week of 70 AU that grew by five percent would gain four easy minutes; ten percent
did no more harm to novice runners than half of it (Buist 2008), and the ramp stays far below its limit."""

_SMALL_WEEK_AU: Final = (200.0, 350.0)
"""Up to the first load a week counts as small; from the second on it grows like any other. [AU]"""

DELOAD_TARGET: Final = 0.68
MEAN_WEEK_SHARE: Final = (rules.DELOAD_EVERY_WEEKS - 1 + DELOAD_TARGET) / rules.DELOAD_EVERY_WEEKS
"""Mean load of a season's weeks over that of an ordinary one: what holds Fitness is an ordinary week's share of it."""

_SHORT_SEASON_WEEKS: Final = 6

_MAX_LONG_BY_DISTANCE: Final = ((6000, 75), (12_000, 90), (25_000, 120))
_MAX_LONG_RACE_SHARE: Final = 0.85
_LEAST_MARATHON_LONG: Final = 150
"""Longest run by the distance of the race; for a marathon and beyond a share of its time, but not less than two and a
half hours. [min]"""

_FILLED_FRAC: Final = 0.98
"""Share of what a week could hold at most that a plan counts on: whole sessions seldom fill every minute."""

_SHORT_FROM: Final = 0.95
"""Share of what the minutes hold at an easy pace from which they are short for the athlete's Fitness."""

TWO_HARD_DAYS: Final = frozenset({"base", "progress", "maintain"})
"""Phases whose weeks hold one key session beside the long one, unless hours are short for the athlete's Fitness."""

PHASE_WORDS: Final = {
    "base": "Easy volume and a sound basis; little intensity",
    "build": "Threshold and faster work on top of the volume",
    "peak": "Work close to the demands of the race",
    "specific": "Keep the volume, sharpen for the goal",
    "taper": "Less volume, same rhythm: freshness for the race",
    "race": "The race",
    "progress": "Steady growth with an easier week every fourth",
    "maintain": "Hold fitness with as little as needed",
}


@dataclass(frozen=True, slots=True)
class _Density:
    """Load of a minute [AU], and up to how many minutes of a day it can be had, for each way to fill a day.

    Means of the library's sessions; `steady` is the upper end of easy endurance, which holds Fitness where hours are
    short.
    """

    easy: tuple[tuple[float, int], ...]
    key: tuple[tuple[float, int], ...] = ()
    long: tuple[tuple[float, int], ...] = ()
    steady: tuple[tuple[float, int], ...] = ()


_DENSITY: Final = {
    PlanSport.RUNNING: _Density(easy=((0.92, 74),), key=((1.10, 85),), long=((0.94, rules.MAX_LONG_RUN_MINUTES),)),
    PlanSport.CYCLING: _Density(
        easy=((0.71, 119),), key=((1.05, 90), (0.95, 125)), long=((0.77, 360),), steady=((0.84, 119),)
    ),
    PlanSport.SWIMMING: _Density(easy=((0.99, 74),), key=((1.12, 65),), long=((1.04, 150),)),
    PlanSport.TRIATHLON: _Density(
        easy=((0.93, 74), (0.73, 119)),
        key=((1.08, 85), (0.92, 125)),
        long=((0.94, 110), (0.77, 360)),
        steady=((0.93, 74), (0.84, 119), (0.85, 149)),
    ),
    PlanSport.STRENGTH: _Density(easy=((1.1, 24 * 60),)),
}


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of the plan (the last may be shorter).

    ``target_au`` is the load of an ordinary build-up that fits the minutes; ``usual_au`` what the athlete is used to;
    ``is_short`` says that the minutes hold it only with steadier endurance or one more key session.
    """

    index: int
    first_day: int
    n_days: int
    phase: str
    is_deload: bool
    target_au: float
    usual_au: float
    is_short: bool = False

    @property
    def days(self) -> range:
        """Indices of its days."""
        return range(self.first_day, self.first_day + self.n_days)


@dataclass(frozen=True, slots=True)
class TaperWindow:
    """Days of reduced load before a race, ``first_day`` to ``end_day`` (not included), and the allowed share."""

    first_day: int
    end_day: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RaceOnTheWay:
    """A race beside the goal, and what it takes."""

    goal: RaceGoal
    estimate: RaceEstimate


@dataclass(frozen=True, slots=True)
class Season:
    """The frame that both stages fill.

    Parameters
    ----------
    n_days : int
        Training days and rest days, the race day included.
    minutes : tuple of int
        Minutes available on each day; 0 on the day of the race, which is taken by the race. [min]
    weeks : tuple of Week
    taper : tuple of TaperWindow
        Empty without an A or B race.
    taper_from : int
        First day of the taper, ``n_days`` without one.
    race_index : int or None
    race : RaceEstimate or None
    races : mapping of int to RaceOnTheWay
        The other races that the plan holds, by their day.
    """

    start: date
    n_days: int
    minutes: tuple[int, ...]
    weeks: tuple[Week, ...]
    taper: tuple[TaperWindow, ...]
    taper_from: int
    race_index: int | None
    race: RaceEstimate | None
    races: Mapping[int, RaceOnTheWay] = field(default_factory=dict)

    def day(self, index: int) -> date:
        """Return the calendar date of a day."""
        return self.start + timedelta(days=index)

    def race_load(self, days: Iterable[int]) -> float:
        """Return the load of the races on the way on those days. [AU]"""
        return sum(self.races[index].estimate.load_au for index in days if index in self.races)

    def weekday(self, index: int) -> str:
        """Return the weekday's short name."""
        return WEEKDAYS[self.day(index).weekday()]


def build_season(request: PlanRequest, base: Baseline) -> Season:
    """Lay out weeks, phases, deloads, taper and weekly load targets for a request.

    Parameters
    ----------
    request : PlanRequest
    base : Baseline

    Returns
    -------
    Season
    """
    n_days = (request.end - request.start).days + 1
    goal = request.goal
    race_index = n_days - 1 if isinstance(goal, RaceGoal) else None
    race = estimate_race(goal, request) if isinstance(goal, RaceGoal) else None
    taper = _taper(goal, race, race_index) if isinstance(goal, RaceGoal) and race and race_index is not None else ()
    taper_from = max(0, min((window.first_day for window in taper), default=n_days))
    limit = request.constraints.max_session_minutes or 24 * 60
    minutes = tuple(
        0 if index == race_index else min(limit, request.minutes_on(request.start + timedelta(days=index)))
        for index in range(n_days)
    )
    phases = _phases(request, n_days, taper_from if taper else n_days)
    deloads = _deload_weeks(request, n_days, taper_from)
    weeks = [
        Week(index, first, min(7, n_days - first), phases[index], index in deloads, 0.0, 7.0 * base.ctl)
        for index, first in enumerate(range(0, n_days, 7))
    ]
    races = {
        (race.day - request.start).days: RaceOnTheWay(race.as_goal, estimate_race(race.as_goal, request))
        for race in request.other_races
    }
    season = Season(request.start, n_days, minutes, tuple(weeks), taper, taper_from, race_index, race, races)
    return replace(season, weeks=_with_targets(request, base, season))


def _taper(goal: RaceGoal, race: RaceEstimate, race_index: int) -> tuple[TaperWindow, ...]:
    last = (race_index - 7, race_index)
    if goal.priority is Priority.C:
        return ()
    if goal.priority is Priority.B:
        return (TaperWindow(*last, 0.5, rules.TAPER_WEEK_BEFORE_RATIO[1]),)
    if rules.taper_weeks(sport=goal.sport, distance_m=goal.distance_m, duration_min=race.minutes) == 1:
        return (TaperWindow(*last, *rules.TAPER_LAST_WEEK_RATIO),)
    return (
        TaperWindow(race_index - 14, race_index - 7, *rules.TAPER_WEEK_BEFORE_RATIO),
        TaperWindow(*last, *rules.TAPER_LAST_WEEK_RATIO),
    )


def _phases(request: PlanRequest, n_days: int, taper_from: int) -> list[str]:
    n_weeks = -(-n_days // 7)
    match request.goal:
        case MaintainGoal():
            return ["maintain"] * n_weeks
        case FitnessGoal() | StrengthGoal():
            return ["progress"] * n_weeks
        case ThresholdGoal():
            n_base = n_weeks // 3 if n_weeks >= _SHORT_SEASON_WEEKS else 0
            return ["base"] * n_base + ["build"] * (n_weeks - n_base)
    # A week belongs to the taper when most of it does.
    n_before = min(n_weeks, (taper_from + 3) // 7)
    if n_weeks < _SHORT_SEASON_WEEKS:
        before = ["specific"] * n_before
    else:
        n_peak = 3 if n_before >= 14 else 2 if n_before >= 6 else 1
        n_build = round(0.4 * n_weeks) if n_before - n_peak > 3 else n_before - n_peak
        before = ["base"] * max(0, n_before - n_peak - n_build) + ["build"] * n_build + ["peak"] * n_peak
    return (before + ["taper"] * n_weeks)[:n_weeks]


def _deload_weeks(request: PlanRequest, n_days: int, taper_from: int) -> frozenset[int]:
    """Return the easy weeks: every fourth, or third where that keeps two hard weeks before the taper."""
    if not isinstance(request.goal, RaceGoal):
        every = rules.DELOAD_EVERY_WEEKS
        return frozenset(range(every - 1, n_days // 7, every))
    n_weeks = taper_from // 7
    if n_weeks < rules.DELOAD_EVERY_WEEKS:
        return frozenset()
    chosen: frozenset[int] = frozenset()
    for n_cycles in range(1, n_weeks // 3 + 1):
        total = min(n_weeks - 2, 4 * n_cycles)
        if total < 3 * n_cycles:
            break
        n_long = total - 3 * n_cycles
        lengths = [4] * n_long + [3] * (n_cycles - n_long)
        chosen = frozenset(sum(lengths[: index + 1]) - 1 for index in range(n_cycles))
        if n_weeks - total <= 3:
            return chosen
    return chosen or frozenset({2})


def week_capacity(request: PlanRequest, season: Season, week: Week, *, is_dense: bool = False) -> float:
    """Return the load that the week's minutes can hold within the rules for hard and free days. [AU]

    Parameters
    ----------
    request : PlanRequest
    season : Season
    week : Week
    is_dense : bool, optional
        Count on the upper end of easy endurance instead of its middle where the library has it, and on all the hard
        days that the rules allow: what holds Fitness where hours are short. Beginners have neither.
    """
    is_dense = is_dense and request.experience is not Experience.BEGINNER
    allowed = rules.MAX_HARD_DAYS[request.experience]
    if week.phase in TWO_HARD_DAYS and request.sport is not PlanSport.TRIATHLON and not is_dense:
        allowed = min(allowed, 2)
    if request.constraints.max_hard_days is not None:
        allowed = min(allowed, request.constraints.max_hard_days)
    n_days = min(rules.MAX_TRAINING_DAYS_IN_ROW, request.constraints.max_sessions_per_week or week.n_days)
    longest_min = longest_run(request.goal, season.race) if request.sport is PlanSport.RUNNING else 24 * 60
    load, used_min = _most_load(
        tuple(season.minutes[index] for index in week.days), request.sport, allowed, n_days, longest_min, is_dense
    )
    goal, limits = request.goal, [request.constraints.max_weekly_minutes]
    if isinstance(goal, FitnessGoal) and goal.hours_per_week is not None:
        limits.append(round(goal.hours_per_week * 60))
    limit = min((minutes for minutes in limits if minutes is not None), default=None)
    return _FILLED_FRAC * load * (1.0 if limit is None else min(1.0, limit / max(used_min, 1)))


@lru_cache(maxsize=512)
def _most_load(
    minutes: tuple[int, ...], sport: PlanSport, n_hard: int, n_days: int, longest_min: int, is_dense: bool
) -> tuple[float, int]:
    """Return the most load that days can hold [AU] and its minutes: hard days apart, one of them the long one."""
    density = _DENSITY[sport]
    easy_way = density.steady if is_dense and density.steady else density.easy
    easy = [_best(easy_way, offered) for offered in minutes]
    key = [_best(density.key, offered) for offered in minutes]
    long = [_best(density.long, min(offered, longest_min)) for offered in minutes]
    best = (0.0, 0)
    for size in range(min(n_hard, len(minutes)) + 1):
        for hard in combinations(range(len(minutes)), size):
            if any(later - earlier == 1 for earlier, later in pairwise(hard)):
                continue
            for long_day in hard or (-1,):
                days = [long[d] if d == long_day else key[d] if d in hard else easy[d] for d in range(len(minutes))]
                kept = sorted(days, reverse=True)[:n_days]
                best = max(best, (sum(load for load, _ in kept), sum(used for _, used in kept)))
    return best


def _best(ways: tuple[tuple[float, int], ...], offered_min: int) -> tuple[float, int]:
    """Return the most load that the minutes of a day can hold, and the minutes it takes."""
    return max(((load * min(offered_min, most), min(offered_min, most)) for load, most in ways), default=(0.0, 0))


def longest_run(goal: Goal, race: RaceEstimate | None) -> int:
    """Return the longest training run that makes sense for a goal. [min]

    Parameters
    ----------
    goal : Goal
    race : RaceEstimate or None
        Of the goal, None where it is no race.
    """
    if not isinstance(goal, RaceGoal) or race is None or goal.sport is not PlanSport.RUNNING:
        return rules.MAX_LONG_RUN_MINUTES
    by_race = max(_LEAST_MARATHON_LONG, round(_MAX_LONG_RACE_SHARE * race.minutes))
    return next((m for d, m in _MAX_LONG_BY_DISTANCE if goal.distance_m <= d), min(rules.MAX_LONG_RUN_MINUTES, by_race))


def _growth(goal: Goal, level_au: float) -> float:
    """Return the growth from week to week at a weekly load: as a textbook's, a small week grows faster."""
    if isinstance(goal, StrengthGoal):
        return 1.0
    usual = WEEKLY_GROWTH - (0.01 if isinstance(goal, FitnessGoal) else 0.0)
    return float(np.interp(level_au, _SMALL_WEEK_AU, (SMALL_WEEK_GROWTH, usual)))


def _with_targets(request: PlanRequest, base: Baseline, season: Season) -> tuple[Week, ...]:
    """Set each week's load as a textbook would: grow by five percent, ease every fourth week, taper.

    Where the minutes do not hold the load that keeps Fitness at an easy pace, the easy hours become steadier ones.
    """
    level = max(7.0 * base.ctl, 0.75 * rules.FREE_WEEK_LOAD_AU)
    holding = max(level, 7.0 * base.ctl / MEAN_WEEK_SHARE)
    targets: list[float] = []
    weeks: list[Week] = []
    recent = [7.0 * base.ctl] * 4
    for week in season.weeks:
        share = week.n_days / 7
        easily = week_capacity(request, season, week)
        most = max(easily, min(holding, week_capacity(request, season, week, is_dense=True)))
        if week.phase == "taper" or (season.taper and week.first_day >= season.taper_from):
            if not weeks or weeks[-1].phase != "taper":
                recent = ([7.0 * base.ctl] * 4 + targets)[-4:]
            days_left = (season.race_index or 0) - week.first_day
            target = sum(recent) / 4 * (0.65 if days_left > 7 else 0.47) * share
        elif week.is_deload:
            target = DELOAD_TARGET * level
        else:
            grown = level * _growth(request.goal, level)
            if isinstance(request.goal, MaintainGoal):
                grown = min(grown, holding)
            level = min(grown, max(level, most)) if weeks else level
            target = level * share
        target = min(target, most)
        targets.append(target)
        weeks.append(replace(week, target_au=target, is_short=holding > _SHORT_FROM * easily))
    return tuple(weeks)
