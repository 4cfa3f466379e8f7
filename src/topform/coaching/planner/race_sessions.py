"""When a week should hold work at race pace, and which sessions offer it."""

from __future__ import annotations

from collections.abc import Mapping

from topform.coaching.baseline import trained_sports
from topform.coaching.goals import PlanSport, RaceGoal
from topform.coaching.planner.long_sessions import long_weekday
from topform.coaching.planner.season import Season, Week
from topform.coaching.race import race_legs
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.model import KEY_KINDS, SessionKind
from topform.coaching.workouts.race_pace import race_templates
from topform.coaching.workouts.template import Template


def race_wishes(
    request: PlanRequest, season: Season, week: Week, long_minutes: Mapping[PlanSport, int]
) -> tuple[int, int]:
    """Return how many key and long sessions of a week should hold work at race pace.

    One in every second week of the build, one in every week nearer the race; where the race is long enough they take
    turns with long sessions that hold some.
    """
    found = [item for sport in trained_sports(request) for item in _at_race_pace(request, season, week, sport)]
    if not found or (week.phase == "build" and week.index % 2):
        return 0, 0
    has_long = any(
        item.kind is SessionKind.LONG and item.min_minutes <= long_minutes.get(item.sport, 0) for item in found
    )
    turn = week.index // 2 if week.phase == "build" else week.index
    is_long = has_long and turn % 2 == 0
    return int(not is_long), int(is_long)


def race_menu(
    request: PlanRequest,
    season: Season,
    week: Week,
    sport: PlanSport,
    kinds: frozenset[SessionKind],
    long_minutes: Mapping[PlanSport, int],
) -> tuple[Template, ...]:
    """Return the sessions at race pace that a week offers in a sport: one key session or one long one."""
    n_keys, n_longs = race_wishes(request, season, week, long_minutes)
    found = _at_race_pace(request, season, week, sport) if n_keys or n_longs else ()
    if n_longs:
        return tuple(item for item in found if item.kind is SessionKind.LONG and SessionKind.LONG in kinds)
    keys = [item for item in found if item.kind is not SessionKind.LONG and kinds & KEY_KINDS]
    return (keys[week.index // 2 % len(keys)],) if keys else ()


def _at_race_pace(request: PlanRequest, season: Season, week: Week, sport: PlanSport) -> tuple[Template, ...]:
    """Return the sessions at race pace that exist for a week, whether or not it is their turn."""
    goal = request.goal
    if not isinstance(goal, RaceGoal) or week.is_deload:
        return ()
    leg = next((leg for leg in race_legs(goal, request) if leg.sport is sport), None)
    if leg is None:
        return ()
    weekday = long_weekday(request, season, week)
    long_day = next((index for index in week.days if season.weekday(index) == weekday), week.days[-1])
    free = sorted((season.minutes[index] for index in week.days if abs(index - long_day) > 1), reverse=True)
    most_min = free[min(1, len(free) - 1)] if free else 0  # Two days can hold it: the other key session needs one, too.
    return race_templates(sport, leg.minutes, leg.intensity_pct, request.experience, week.phase, most_min)
