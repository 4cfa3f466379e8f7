"""Doubts about a plan: every rule may hold in one that cannot prepare for its races, or that lets Fitness fall."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from topform.coaching import rules
from topform.coaching.baseline import Baseline
from topform.coaching.goals import PlanSport, RaceGoal, StrengthGoal
from topform.coaching.language import sentence
from topform.coaching.planner.diary import Diary
from topform.coaching.planner.explain import race_name
from topform.coaching.planner.season import DELOAD_TARGET, RaceOnTheWay, Season, week_capacity
from topform.coaching.request import PlanRequest, easy_days_before
from topform.coaching.workouts.model import SessionKind

PlanWarning = dict[str, Any]
"""``{"code", "date", "message", "params"}``: a doubt about the race on that date, without one about the whole plan."""

LONG_RACE_MIN: Final = 60
"""Races up to this length are not measured against the longest session. [min]"""

LONGEST_SHARE: Final = 1 / 3
"""Below this share of the race its longest session does not prepare for it at all."""

LONG_RUN_SHARE: Final = 0.75
"""The share of a run's time that the longest run before it should reach, as common programmes for the half marathon
do by distance."""

LONG_RUN_ENOUGH_MIN: Final = 115
"""A run of about two hours is not called short, whatever the race. [min]"""

SHORT_NOTICE_DAYS: Final = 28
"""A race nearer than this leaves no time to build a base. [d]"""

BASE_SHARE: Final = 0.5
"""The least share of the race's load that an ordinary week should hold when the race is near."""

LOST_SHARE: Final = 0.03
LEAST_LOST_AU: Final = 1.0
"""A loss of Fitness below this share of its start, or below this load a day, is an ordinary swing. [AU/day]"""

_LAST_DAYS: Final = 14
"""Fitness at the end is the highest of these days: the last week may be an easier one. [d]"""

_NO_TRAINING: Final = frozenset({SessionKind.STRENGTH, SessionKind.RACE})
"""No preparation for a long race; a race that nothing prepared for least of all."""

UNPREPARED: Final = frozenset({"race_too_long", "race_too_soon"})
"""What says that the plan does not prepare for the race."""


def plan_warnings(request: PlanRequest, base: Baseline, season: Season, diary: Diary) -> list[PlanWarning]:
    """Return what speaks against the races, the goal and those on the way, and whether Fitness falls.

    Parameters
    ----------
    request : PlanRequest
    base : Baseline
    season : Season
    diary : Diary

    Returns
    -------
    list of dict
        Each ``{"code", "date", "message", "params"}`` in order of date, the loss of Fitness last; empty when nothing
        speaks against the plan. Races that are over are not doubted.
    """
    races = dict(season.races)
    if isinstance(request.goal, RaceGoal) and season.race is not None and season.race_index is not None:
        races[season.race_index] = RaceOnTheWay(request.goal, season.race)
    found = []
    for index, race in sorted(races.items()):
        found += [
            _too_long(race, base, season, index, diary) or _long_run_short(race, base, index, diary),
            _too_soon(race, base, season, index),
            _too_close(request, season, race, index, diary),
            _unavailable(request, race),
        ]
    found.append(_fitness_falls(request, base, season, diary))
    return [item for item in found if item is not None]


def lost_fitness(request: PlanRequest, base: Baseline, season: Season, diary: Diary) -> float | None:
    """Return Fitness at the end of the training, before the taper, where it is clearly lower than at the start.

    Parameters
    ----------
    request : PlanRequest
    base : Baseline
    season : Season
    diary : Diary

    Returns
    -------
    float or None
        None where Fitness holds or grows, for a plan that is nothing but taper, and for one for strength alone, which
        holds only a part of the training. [AU/day]
    """
    if isinstance(request.goal, StrengthGoal) or season.taper_from == 0:
        return None
    ctl = max(diary.ctl[max(0, season.taper_from - _LAST_DAYS) : season.taper_from])
    return float(ctl) if base.ctl - ctl > max(LOST_SHARE * base.ctl, LEAST_LOST_AU) else None


def _fitness_falls(request: PlanRequest, base: Baseline, season: Season, diary: Diary) -> PlanWarning | None:
    ctl = lost_fitness(request, base, season, diary)
    if ctl is None:
        return None
    training = [week for week in season.weeks if week.first_day < season.taper_from]
    usual_au, hours_au = 7 * base.ctl, max(week_capacity(request, season, week, is_dense=True) for week in training)
    # Easier weeks hold less, so the ordinary ones have to hold more than the mean.
    needed_au = usual_au / float(np.mean([DELOAD_TARGET if week.is_deload else 1.0 for week in training]))
    numbers = {"ctl_start": round(base.ctl), "ctl_end": round(ctl)}
    if hours_au < needed_au:
        return _about_plan("fitness_falls", **numbers, hours_load=round(hours_au), needed_load=round(needed_au))
    return _about_plan("fitness_falls_anyway", **numbers, week_load=round(usual_au))


def _about_plan(code: str, **params: int) -> PlanWarning:
    return {"code": code, "date": None, "message": sentence(f"warning.{code}", params, "en"), "params": params}


def _warning(code: str, race: RaceOnTheWay, message: str, **params: Any) -> PlanWarning:
    goal = race.goal
    about = {"sport": goal.sport.value, "distance_m": goal.distance_m, **params}
    return {"code": code, "date": goal.day.isoformat(), "message": message, "params": about}


def _named(goal: RaceGoal) -> str:
    return f"{race_name(goal)} on {goal.day}"


def _too_long(race: RaceOnTheWay, base: Baseline, season: Season, index: int, diary: Diary) -> PlanWarning | None:
    race_min, longest_min = race.estimate.minutes, _longest_min(race.goal.sport, base, index, diary)
    if race_min <= LONG_RACE_MIN or longest_min >= LONGEST_SHARE * race_min:
        return None
    return _warning(
        "race_too_long",
        race,
        f"The longest session before the {_named(race.goal)} is {longest_min} min, the race takes about {race_min} "
        f"min: choose a shorter race or a later date{_or_leave_out(season, index)}.",
        longest_min=longest_min,
        race_min=race_min,
    )


def _long_run_short(race: RaceOnTheWay, base: Baseline, index: int, diary: Diary) -> PlanWarning | None:
    race_min, longest_min = race.estimate.minutes, _longest_min(race.goal.sport, base, index, diary)
    needed_min = min(round(LONG_RUN_SHARE * race_min), LONG_RUN_ENOUGH_MIN)
    if race.goal.sport is not PlanSport.RUNNING or race_min <= LONG_RACE_MIN or longest_min >= needed_min:
        return None
    params = {"longest_min": longest_min, "race_min": race_min, "needed_min": needed_min}
    message = sentence("warning.long_run_short", {"date": race.goal.day.isoformat(), **params}, "en")
    return _warning("long_run_short", race, message, **params)


def _too_soon(race: RaceOnTheWay, base: Baseline, season: Season, index: int) -> PlanWarning | None:
    week_au, race_au = 7 * base.ctl, race.estimate.load_au
    if index >= SHORT_NOTICE_DAYS or week_au >= BASE_SHARE * race_au:
        return None
    when = "on the first day of the plan" if index == 0 else f"{index} day{'s' if index > 1 else ''} into the plan"
    return _warning(
        "race_too_soon",
        race,
        f"The {_named(race.goal)}, {when}, costs a load of about {race_au:.0f}, your ordinary week holds "
        f"{week_au:.0f}: there is no time to prepare, choose a later date{_or_leave_out(season, index)}.",
        race_load=round(race_au),
        week_load=round(week_au),
    )


def _too_close(
    request: PlanRequest, season: Season, race: RaceOnTheWay, index: int, diary: Diary
) -> PlanWarning | None:
    """Doubt a race in the days that an earlier one asks to be easy, or that it asks for itself."""
    latest: tuple[int, RaceGoal] | None = None
    for other in request.other_races:
        place = (other.day - season.start).days
        if place >= index or not _is_raced(diary, place):
            continue
        _, easy = rules.race_recovery(sport=other.sport, distance_m=other.distance_m)
        needed = max(easy, easy_days_before(race.goal.priority))
        if place + needed >= index and (latest is None or place + needed > latest[0]):
            latest = (place + needed, other.as_goal)
    if latest is None:
        return None
    last, earlier = latest
    days, free_from = (race.goal.day - earlier.day).days, season.day(last + 1)
    gap = "the day after" if days == 1 else f"{days} days after"
    asked = last - (earlier.day - season.start).days
    return _warning(
        "races_too_close",
        race,
        f"The {_named(race.goal)} is {gap} the {_named(earlier)}; the two ask for {asked} days without hard work "
        f"between: leave one of them out, or choose a race from {free_from} on.",
        days=days,
        days_asked=asked,
        free_from=free_from.isoformat(),
        other_date=earlier.day.isoformat(),
        other_sport=earlier.sport.value,
        other_distance_m=earlier.distance_m,
    )


def _unavailable(request: PlanRequest, race: RaceOnTheWay) -> PlanWarning | None:
    if race.goal.day not in request.unavailable_dates:
        return None
    return _warning(
        "race_unavailable",
        race,
        f"The {_named(race.goal)} is on a day that you called unavailable. It stays in the plan, with easy days around "
        "it: make the day available, or leave the race out.",
    )


def _or_leave_out(season: Season, index: int) -> str:
    return "" if index == season.race_index else ", or leave it out"


def _is_raced(diary: Diary, index: int) -> bool:
    """Return whether a day holds a race: planned, or run in the part of the plan that is over."""
    return 0 <= index < len(diary.days) and any(item.kind is SessionKind.RACE for item in diary.days[index])


def _longest_min(sport: PlanSport, base: Baseline, race_index: int, diary: Diary) -> int:
    """Return the longest session before the race, the past included; any sport counts for a triathlon. [min]"""
    is_any = sport is PlanSport.TRIATHLON
    past = [entry.minutes for past_sport, entry in base.longest.items() if is_any or past_sport is sport]
    planned = [
        item.minutes
        for day in diary.days[:race_index]
        for item in day
        if item.kind not in _NO_TRAINING and (is_any or item.sport is sport)
    ]
    return round(max([*past, *planned], default=0))
