"""How long the long session of a week should be, and on which weekday it belongs."""

from __future__ import annotations

import math
from typing import Final

from topform.coaching import rules
from topform.coaching.baseline import trained_sports
from topform.coaching.goals import PlanSport, RaceGoal
from topform.coaching.planner.diary import Diary
from topform.coaching.planner.season import Season, Week, longest_run
from topform.coaching.request import PlanRequest

_MINUTES_PER_AU: Final = 1.1
_LONG_SHARE: Final = {1: 0.50, 2: 0.50, 3: 0.45, 4: 0.40}
_LONG_SHARE_MANY_SESSIONS: Final = 0.33
"""Share of the week in the long session, by sessions a week: with three, one of them is naturally near a half."""

_LONG_NEEDS_MINUTES: Final = 75
"""Races up to this length are prepared by a session as long as the race. [min]"""

_MARATHON_LONG_SHARE: Final = 0.42
_MARATHON_PHASES: Final = frozenset({"build", "peak", "specific"})
"""Share of the week in the long run of a marathon's last months, as in common programmes (20 of 45 to 50 miles), in
weeks whose long run holds no race pace; below it the library's share, above it never."""

LONG_RACE_MINUTES: Final = 150
"""From here on a race is prepared as a marathon is. [min]"""

_TAPER_LONG_EARLY: Final = 0.7
_TAPER_LONG_BY_RACE: Final = ((75, 0.6), (150, 0.55), (math.inf, 0.45))
"""Long session in the taper over the longest of the month before: ten days and more before the race, and nearer to it
by the length of the race; the longer the race, the fresher the legs must be. [min]"""

_TAPER_EARLY_DAYS: Final = 10
_LEAST_LONG_MINUTES: Final = 35
_LEAST_TAPER_LONG: Final = 30


def long_weekday(request: PlanRequest, season: Season, week: Week) -> str:
    """Return the weekday of the long session: as stated, else the one with most time, Sunday before Saturday."""
    if request.constraints.long_day is not None:
        return request.constraints.long_day
    minutes = {season.weekday(d): season.minutes[d] for d in week.days}
    return max(("sun", "sat", *minutes), key=lambda name: (minutes.get(name, 0), name == "sun", name == "sat"))


def long_targets(
    request: PlanRequest, season: Season, week: Week, diary: Diary, target_au: float, n_sessions: int
) -> dict[PlanSport, int]:
    """Return the length wanted of each sport's long session in a week. [min]"""
    if request.constraints.max_hard_days == 0:
        return {}
    share = _LONG_SHARE.get(n_sessions, _LONG_SHARE_MANY_SESSIONS)
    by_load = share * target_au * _MINUTES_PER_AU
    # A race asks for a long session near its own length, as far as half of the week's load can carry it.
    if season.race is not None and not week.is_deload and week.phase != "taper":
        wish = min(season.race.minutes, _LONG_NEEDS_MINUTES)
        by_load = max(by_load, min(wish, _LONG_SHARE[1] * target_au * _MINUTES_PER_AU))
    long_day = next((d for d in week.days if season.weekday(d) == long_weekday(request, season, week)), week.days[-1])
    is_tapering = week.phase == "taper" or (bool(season.taper) and long_day >= season.taper_from)
    targets = {}
    for sport in trained_sports(request):
        if sport is PlanSport.SWIMMING and request.sport is PlanSport.TRIATHLON:
            continue
        cap = _most_long(request, season, week, diary, sport)
        wanted = by_load * (1.25 if sport is PlanSport.CYCLING else 1.0)
        if is_tapering:
            wanted = _taper_long_share(season, long_day) * (diary.longest_minutes(sport, week.first_day) or 0.0)
        # The easy sessions stay below; a week without room for a longer one has no long session.
        minutes = min(cap, round(wanted))
        if minutes >= (_LEAST_TAPER_LONG if is_tapering else _LEAST_LONG_MINUTES):
            targets[sport] = minutes
    return targets


def _most_long(request: PlanRequest, season: Season, week: Week, diary: Diary, sport: PlanSport) -> int:
    """Return the longest session that the week's days, the 30-day rule and the goal allow. [min]

    A triathlete's longest day is for the long ride.
    """
    offered = {index: season.minutes[index] for index in week.days}
    if request.sport is PlanSport.TRIATHLON and sport is PlanSport.RUNNING:
        ride = max(offered, key=lambda index: (offered[index], index))
        offered = {index: minutes for index, minutes in offered.items() if abs(index - ride) > 1} or offered
    most_min = min(spike_cap_minutes(diary, sport, week.first_day), max(offered.values()))
    return min(most_min, longest_run(request.goal, season.race)) if sport is PlanSport.RUNNING else most_min


def marathon_long(
    request: PlanRequest, season: Season, week: Week, diary: Diary, target_au: float, minutes: int
) -> int:
    """Return how long a long run should be: in a marathon's last months near the longest of its goal. [min]"""
    if not _is_marathon_week(request, season, week):
        return minutes
    most_min = _most_long(request, season, week, diary, PlanSport.RUNNING)
    return max(minutes, min(most_min, round(_MARATHON_LONG_SHARE * target_au * _MINUTES_PER_AU)))


def _is_marathon_week(request: PlanRequest, season: Season, week: Week) -> bool:
    """Return whether a week's long run should come near the longest that the goal asks for."""
    goal, race = request.goal, season.race
    if not isinstance(goal, RaceGoal) or goal.sport is not PlanSport.RUNNING or race is None or week.is_deload:
        return False
    return race.minutes >= LONG_RACE_MINUTES and week.phase in _MARATHON_PHASES and week.days[-1] < season.taper_from


def _taper_long_share(season: Season, long_day: int) -> float:
    if season.race is None or season.race_index is None:
        return 1.0
    if season.race_index - long_day > _TAPER_EARLY_DAYS:
        return _TAPER_LONG_EARLY
    minutes = season.race.minutes
    return next(share for most_min, share in _TAPER_LONG_BY_RACE if minutes <= most_min)


def spike_cap_minutes(diary: Diary, sport: PlanSport, index: int) -> int:
    """Return the longest session of a sport that the 30-day rule allows on a day. [min]"""
    longest = diary.longest_minutes(sport, index)
    if longest is None:
        # Known at the start of the week but out of the window now: the sport waits for the next week.
        return 0 if diary.longest_minutes(sport, len(diary.days)) else rules.FREE_SESSION_MINUTES[sport]
    return math.floor(longest * rules.MAX_LONGEST_RATIO[sport] + 1e-9)
