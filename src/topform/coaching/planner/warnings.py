"""Doubts about the goal itself: every rule may hold in a plan that still cannot prepare for its race."""

from __future__ import annotations

from typing import Final

from topform.coaching.baseline import Baseline
from topform.coaching.goals import PlanSport, RaceGoal
from topform.coaching.planner.diary import Diary
from topform.coaching.planner.season import Season
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.model import SessionKind

LONG_RACE_MIN: Final = 90
"""Races up to this length are not measured against the longest session. [min]"""

LONGEST_SHARE: Final = 1 / 3
"""The least share of the race that the longest session before it should reach."""

SHORT_NOTICE_DAYS: Final = 28
"""A race nearer than this leaves no time to build a base. [d]"""

BASE_SHARE: Final = 0.5
"""The least share of the race's load that an ordinary week should hold when the race is near."""


def race_warnings(request: PlanRequest, base: Baseline, season: Season, diary: Diary) -> list[dict[str, str]]:
    """Return what speaks against the race, as far as the plan can tell.

    Parameters
    ----------
    request : PlanRequest
    base : Baseline
    season : Season
    diary : Diary

    Returns
    -------
    list of dict
        Each ``{"code", "message"}``; empty without a race or when nothing speaks against it.
    """
    goal = request.goal
    if not isinstance(goal, RaceGoal) or season.race is None or season.race_index is None:
        return []
    found = []
    race_min, longest_min = season.race.minutes, _longest_min(goal.sport, base, season.race_index, diary)
    if race_min > LONG_RACE_MIN and longest_min < LONGEST_SHARE * race_min:
        found.append(
            {
                "code": "race_too_long",
                "message": f"The longest session before the race is {longest_min} min, the race takes about "
                f"{race_min} min: choose a shorter race or a later date.",
            }
        )
    week_au = 7 * base.ctl
    if season.race_index < SHORT_NOTICE_DAYS and week_au < BASE_SHARE * season.race.load_au:
        when = {0: "is today", 1: "is tomorrow"}.get(season.race_index, f"is {season.race_index} days away")
        found.append(
            {
                "code": "race_too_soon",
                "message": f"The race {when} and costs a load of about {season.race.load_au:.0f}, your ordinary "
                f"week holds {week_au:.0f}: there is no time left to prepare, choose a later date.",
            }
        )
    return found


def _longest_min(sport: PlanSport, base: Baseline, race_index: int, diary: Diary) -> int:
    """Return the longest session before the race, the past included; any sport counts for a triathlon. [min]"""
    is_any = sport is PlanSport.TRIATHLON
    past = [entry.minutes for past_sport, entry in base.longest.items() if is_any or past_sport is sport]
    planned = [
        item.minutes
        for day in diary.days[:race_index]
        for item in day
        if item.kind is not SessionKind.STRENGTH and (is_any or item.sport is sport)
    ]
    return round(max([*past, *planned], default=0))
