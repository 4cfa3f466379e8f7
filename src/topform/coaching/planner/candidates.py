"""What could be done on a day: library workouts at durations that fit the minutes, the phase and the spike rule."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from topform.coaching import rules
from topform.coaching.baseline import trained_sports
from topform.coaching.goals import Experience, MaintainGoal, PlanSport, RaceGoal, StrengthGoal, ThresholdGoal
from topform.coaching.planner.changes import Changes
from topform.coaching.planner.diary import Diary
from topform.coaching.planner.season import TWO_HARD_DAYS, Season, Week, longest_run
from topform.coaching.race import race_legs
from topform.coaching.request import PlanRequest, own_threshold_speed
from topform.coaching.workouts.library import templates
from topform.coaching.workouts.model import KEY_KINDS, SessionKind, Workout
from topform.coaching.workouts.race_pace import race_brick, race_templates
from topform.coaching.workouts.running_sets import BRICK_RUNS
from topform.coaching.workouts.strength import progression_week
from topform.coaching.workouts.strength_general import strength_sessions
from topform.coaching.workouts.template import Template, workout

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

_WALK_RUN_WEEKS: Final = 4
_WALK_RUN_MINUTES: Final = (30, 40)
"""Walking breaks are for runners who do not yet run half an hour, in the first weeks forty minutes. [min]"""

_K = SessionKind

_KEYS_BY_PHASE: Final = {
    "base": frozenset({_K.TEMPO, _K.THRESHOLD, _K.SPEED}),
    "build": frozenset({_K.THRESHOLD, _K.VO2, _K.TEMPO}),
    "peak": frozenset({_K.THRESHOLD, _K.VO2}),
    "specific": frozenset({_K.THRESHOLD, _K.VO2, _K.TEMPO}),
    "taper": frozenset({_K.THRESHOLD, _K.VO2}),
    "progress": frozenset({_K.TEMPO, _K.SPEED, _K.THRESHOLD}),
    "maintain": frozenset({_K.THRESHOLD, _K.VO2, _K.TEMPO}),
}
_DELOAD_KEYS: Final = frozenset({_K.TEMPO, _K.SPEED})
_LONG_RACE_MINUTES: Final = 150
_OPENER_DAYS: Final = 3
"""Where the last days before the race offer no time, the openers come this many days before it at the earliest."""

_EVE_MINUTES: Final = 30
"""A session on the day before the race lasts no longer, or as short as its kind goes. [min]"""

_STEADY_RIDE: Final = "ride.steady"
PLAIN_TEMPLATES: Final = frozenset({"run.easy", "run.walk_run", "ride.endurance", _STEADY_RIDE, "swim.easy"})
"""Everyday sessions that may repeat within a week; the steady one where the hours are short for the rider's fitness."""

_FOR_ANY_RACE: Final = frozenset({"run.long_mp_2x15", "run.long_mp_3x20", "ride.long_race"})
"""Work at the effort of some race; a plan for a race has sessions at the pace of its own."""

_OFFERED_KEYS: Final = 2
_OFFERED_OF_KIND: Final = {_K.EASY: 2, _K.LONG: 2, _K.RECOVERY: 1, _K.OPENER: 1, _K.TEST: 1}
"""How many templates of a kind a week chooses from; the library goes round from week to week."""

_BRICK_PHASES: Final = frozenset({"build", "peak", "specific", "progress"})
_BRICK_MINUTES: Final = (10, 15, 20, 25, 30)
_RACE_BRICK_MINUTES: Final = (20, 25, 30)

_TAPER_LONG_EARLY: Final = 0.7
_TAPER_LONG_BY_RACE: Final = ((75, 0.6), (150, 0.55), (math.inf, 0.45))
"""Long session in the taper over the longest of the month before: ten days and more before the race, and nearer to it
by the length of the race; the longer the race, the fresher the legs must be. [min]"""

_TAPER_EARLY_DAYS: Final = 10
_LONG_SESSION_SHARE: Final = 0.5
_LEAST_LONG_MINUTES: Final = 35
_LEAST_TAPER_LONG: Final = 30
_EARLY_TAPER_SHARE: Final = 0.45
"""Most of the taper's load that one of its days before the last week of the plan may take."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to fill the main place of a day."""

    day: int
    item: Workout

    @property
    def load_tenths(self) -> int:
        """Load in tenths of an AU, exact."""
        return round(self.item.load_au * 10)

    @property
    def kind(self) -> SessionKind:
        """What the workout is for."""
        return self.item.kind


@dataclass(frozen=True, slots=True)
class WeekMenu:
    """All candidates of a week and how many of each sort are wanted.

    Parameters
    ----------
    main : tuple of Candidate
    strength : tuple of tuple of Workout
        Strength sessions in their order; each entry lists the durations it can take.
    is_leg_strength : bool
        Whether strength must keep away from hard days.
    n_keys, n_keys_wished : int
        Key sessions that this week can hold at most, and what a week with enough days would get.
    long_minutes : mapping of PlanSport to int
        Wanted length of the long session. [min]
    n_sessions : int
        Wanted training days.
    n_race_keys, n_race_longs : int
        How many of the key and long sessions should hold work at race pace.
    bricks : tuple of Workout
        Runs that may follow a ride on the same day, for triathlon.
    planned : mapping of int to frozenset of tuple
        What the plan held so far on each day; kept where nothing speaks against it.
    """

    main: tuple[Candidate, ...]
    strength: tuple[tuple[Workout, ...], ...]
    is_leg_strength: bool
    n_keys: int
    n_keys_wished: int
    long_minutes: dict[PlanSport, int]
    n_sessions: int
    n_race_keys: int = 0
    n_race_longs: int = 0
    bricks: tuple[Workout, ...] = ()
    planned: Mapping[int, frozenset[tuple[str, int]]] = field(default_factory=dict)


def week_menu(
    request: PlanRequest,
    season: Season,
    week: Week,
    diary: Diary,
    target_au: float,
    *,
    training_weeks: int,
    changes: Changes,
) -> WeekMenu:
    """Return everything that may be chosen in a week.

    Parameters
    ----------
    request : PlanRequest
    season : Season
    week : Week
    diary : Diary
        Up to the day before the week.
    target_au : float
        Load wanted for the week. [AU]
    training_weeks : int
        Weeks of training already planned, easy ones not counted.
    changes : Changes
        Days already lived, and days on which less is possible.

    Returns
    -------
    WeekMenu
    """
    lived = [item for index in range(7 * week.index, week.first_day) for item in diary.days[index]]
    sports = tuple(sport for sport in trained_sports(request) if sport is not PlanSport.STRENGTH)
    n_open = sum(season.minutes[index] >= _shortest(sports) for index in week.days)
    is_race_week = season.race_index is not None and week.days[-1] >= season.race_index - 6
    is_early_taper = week.phase == "taper" and not is_race_week
    before_au = max((item.target_au for item in season.weeks[: week.index]), default=0.0) if is_early_taper else 0.0
    # Frequency stays in the taper, the sessions become shorter; in the last week the race is one of them.
    n_sessions = _wanted_sessions(request, week, max(target_au, before_au), n_open)
    n_keys_wished = _wished_keys(request, week, is_race_week=is_race_week) if sports else 0
    n_sessions = max(0, n_sessions - sum(diary.is_trained(index) for index in range(7 * week.index, week.first_day)))
    n_keys_wished = max(0, n_keys_wished - sum(item.kind in KEY_KINDS for item in lived))
    coming = [season.races[index] for index in week.days if index in season.races]
    n_sessions, n_keys_wished = max(0, n_sessions - len(coming)), max(0, n_keys_wished - len(coming))
    week_sessions = n_sessions + len(lived) + len(coming)
    long_minutes = _long_targets(request, season, week, diary, target_au, week_sessions) if sports else {}
    if len(long_minutes) > 1:  # A triathlete's long run and long ride take two of the hard days.
        n_keys_wished = min(n_keys_wished, max(0, rules.MAX_HARD_DAYS[request.experience] - len(long_minutes)))
    room = week_sessions - (1 if is_race_week else 2)
    n_keys = min(n_keys_wished, 1 if week_sessions <= 3 else n_keys_wished, max(0, room))
    if is_race_week:
        n_keys_wished = n_keys  # The race is the hard session of its week.
    for item in lived:
        if item.kind is _K.LONG:
            long_minutes.pop(item.sport, None)
    for race in coming:  # A race that lasts about as long as the long session takes its place.
        for sport in (race.goal.sport,) if race.goal.sport in long_minutes else tuple(long_minutes):
            if race.estimate.minutes >= _LONG_SESSION_SHARE * long_minutes[sport]:
                del long_minutes[sport]
    n_race_keys, n_race_longs = _race_wishes(request, season, week, long_minutes)
    if not n_race_longs and PlanSport.RUNNING in long_minutes and _is_marathon_week(request, season, week):
        most_min = _most_long(request, season, week, diary, PlanSport.RUNNING)
        by_load = round(_MARATHON_LONG_SHARE * target_au * _MINUTES_PER_AU)
        long_minutes[PlanSport.RUNNING] = max(long_minutes[PlanSport.RUNNING], min(most_min, by_load))
    if n_race_longs and request.experience is not Experience.ADVANCED:
        # Race pace in the long session is a key session itself.
        n_keys, n_keys_wished = min(n_keys, 1), min(n_keys_wished, 1)
    main: list[Candidate] = []
    for index in week.days:
        if season.minutes[index] > 0:
            found = _day_candidates(request, season, week, diary, index, sports, n_keys, long_minutes)
            main.extend(item for item in found if _is_possible(item, changes, season.day(index)))
    strength, is_leg = _strength_menu(request, season, week, diary, training_weeks, n_open)
    strength = strength[sum(item.sport is PlanSport.STRENGTH for item in lived) :]
    if any(PlanSport.STRENGTH in changes.avoided.get(season.day(index), ()) for index in week.days):
        strength = ()
    planned = {index: changes.planned_sessions(season.day(index)) for index in week.days}
    return WeekMenu(
        main=tuple(main),
        strength=strength,
        is_leg_strength=is_leg,
        n_keys=n_keys,
        n_keys_wished=n_keys_wished,
        long_minutes=long_minutes,
        n_sessions=n_sessions,
        n_race_keys=n_race_keys,
        n_race_longs=n_race_longs,
        bricks=_brick_menu(request, week, diary),
        planned=planned,
    )


def _is_possible(candidate: Candidate, changes: Changes, when: date) -> bool:
    if candidate.item.sport in changes.avoided.get(when, ()):
        return False
    return not (when in changes.easy and candidate.item.is_hard)


def spike_cap_minutes(diary: Diary, sport: PlanSport, index: int) -> int:
    """Return the longest session of a sport that the 30-day rule allows on a day. [min]"""
    longest = diary.longest_minutes(sport, index)
    if longest is None:
        # Known at the start of the week but out of the window now: the sport waits for the next week.
        return 0 if diary.longest_minutes(sport, len(diary.days)) else rules.FREE_SESSION_MINUTES[sport]
    return math.floor(longest * rules.MAX_LONGEST_RATIO[sport] + 1e-9)


def _shared_minutes(season: Season, week: Week, sport: PlanSport) -> int:
    """Return the least minutes of those days that can hold a first session of a sport, else of the longest day."""
    offered = [season.minutes[index] for index in week.days]
    enough = [minutes for minutes in offered if minutes >= rules.FREE_SESSION_MINUTES[sport]]
    return min(enough, default=max(offered))


def _shortest(sports: Iterable[PlanSport]) -> int:
    return 15 if tuple(sports) else 8


def _wanted_sessions(request: PlanRequest, week: Week, target_au: float, n_open: int) -> int:
    typical_au = {Experience.BEGINNER: 26.0, Experience.INTERMEDIATE: 52.0, Experience.ADVANCED: 66.0}
    fewest = {Experience.BEGINNER: 3, Experience.INTERMEDIATE: 3, Experience.ADVANCED: 4}[request.experience]
    most = {Experience.BEGINNER: 5, Experience.INTERMEDIATE: 6, Experience.ADVANCED: 6}[request.experience]
    wanted = max(fewest, min(most, round(target_au / typical_au[request.experience])))
    if week.phase == "taper":
        wanted = max(wanted, most - 1)
    limit = request.constraints.max_sessions_per_week
    wanted = wanted if limit is None else min(wanted, limit)
    return min(wanted, n_open, max(1, 6 * week.n_days // 7))


def _wished_keys(request: PlanRequest, week: Week, *, is_race_week: bool) -> int:
    allowed = rules.MAX_HARD_DAYS[request.experience]
    if request.constraints.max_hard_days is not None:
        allowed = min(allowed, request.constraints.max_hard_days)
    if isinstance(request.goal, StrengthGoal):
        allowed = min(allowed, 2)
    wanted = max(0, allowed - 1)
    if week.is_deload or (week.phase in TWO_HARD_DAYS and not week.is_short):
        wanted = min(wanted, 1)
    if is_race_week:
        wanted = min(wanted, 1)
    if week.phase == "base" and request.experience is Experience.BEGINNER and week.index < 3:
        return 0
    return wanted


def _long_targets(
    request: PlanRequest, season: Season, week: Week, diary: Diary, target_au: float, n_sessions: int
) -> dict[PlanSport, int]:
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


def _is_marathon_week(request: PlanRequest, season: Season, week: Week) -> bool:
    """Return whether a week's long run should come near the longest that the goal asks for."""
    goal, race = request.goal, season.race
    if not isinstance(goal, RaceGoal) or goal.sport is not PlanSport.RUNNING or race is None or week.is_deload:
        return False
    return race.minutes >= _LONG_RACE_MINUTES and week.phase in _MARATHON_PHASES and week.days[-1] < season.taper_from


def long_weekday(request: PlanRequest, season: Season, week: Week) -> str:
    """Return the weekday of the long session: as stated, else the one with most time, Sunday before Saturday."""
    if request.constraints.long_day is not None:
        return request.constraints.long_day
    minutes = {season.weekday(d): season.minutes[d] for d in week.days}
    return max(("sun", "sat", *minutes), key=lambda name: (minutes.get(name, 0), name == "sun", name == "sat"))


def _taper_long_share(season: Season, long_day: int) -> float:
    if season.race is None or season.race_index is None:
        return 1.0
    if season.race_index - long_day > _TAPER_EARLY_DAYS:
        return _TAPER_LONG_EARLY
    minutes = season.race.minutes
    return next(share for most_min, share in _TAPER_LONG_BY_RACE if minutes <= most_min)


def _allowed_kinds(request: PlanRequest, season: Season, week: Week, index: int) -> frozenset[SessionKind]:
    kinds = {_K.EASY, _K.RECOVERY, _K.LONG}
    keys = set(_DELOAD_KEYS if week.is_deload else _KEYS_BY_PHASE[week.phase])
    is_long_race = season.race is not None and season.race.minutes >= _LONG_RACE_MINUTES
    if is_long_race and week.phase in {"peak", "taper"}:
        keys = {_K.THRESHOLD, _K.TEMPO}
    if isinstance(request.goal, ThresholdGoal | MaintainGoal) and week.is_deload:
        keys |= {_K.TEST}
    kinds |= keys
    if season.race_index is not None:
        days_left = season.race_index - index
        if days_left <= 6:
            kinds -= {_K.LONG, _K.TEST}
        is_last_open = not any(season.minutes[index + 1 : season.race_index])
        if days_left <= 2 or (is_last_open and days_left <= _OPENER_DAYS):
            kinds = {_K.EASY, _K.RECOVERY, _K.OPENER}
        if days_left == 1:
            kinds = {_K.OPENER, _K.RECOVERY}
    if request.constraints.max_hard_days == 0:
        kinds -= KEY_KINDS | {_K.LONG}
    return frozenset(kinds)


def _day_candidates(
    request: PlanRequest,
    season: Season,
    week: Week,
    diary: Diary,
    index: int,
    sports: tuple[PlanSport, ...],
    n_keys: int,
    long_minutes: dict[PlanSport, int],
) -> list[Candidate]:
    kinds = _allowed_kinds(request, season, week, index)
    if n_keys == 0:
        kinds -= KEY_KINDS
    found: list[Candidate] = []
    most_au = _early_taper_load(season, week, diary, index)
    is_eve = season.weekday(index + 1) == long_weekday(request, season, week) and _K.LONG in kinds
    for sport in sports:
        cap, is_first = _longest_allowed(season, week, diary, index, sport)
        long_target = long_minutes.get(sport)
        for template in (
            *_menu_templates(request, week, sport, kinds),
            *_race_menu(request, season, week, sport, kinds, long_minutes),
        ):
            if template.template_id == "run.walk_run" and not _walks(week, diary, is_first):
                continue
            if template.template_id == _STEADY_RIDE and not week.is_short:
                continue
            is_last = season.race_index is not None and index == season.race_index - 1
            most_min = min(cap, max(template.min_minutes, _EVE_MINUTES)) if is_last else cap
            durations = _durations(template, most_min, long_target, is_coarse=len(sports) > 1)
            if is_first:
                durations = [minutes for minutes in durations if minutes == most_min]
            for minutes in durations:
                item = workout(template, minutes)
                if is_eve and item.is_moderate:
                    continue
                if item.load_au <= most_au and distance_fits(request, diary, item, index):
                    found.append(Candidate(index, item))
    return found


@lru_cache(maxsize=512)
def _rotated(
    sport: PlanSport,
    experience: Experience,
    kinds: frozenset[SessionKind],
    phase: str,
    week: int,
    *,
    n_sports: int,
    is_race: bool,
) -> tuple[Template, ...]:
    """Return at most a few templates of each kind, others each week, so that the choice stays quick and varied."""
    by_kind: dict[SessionKind, list[Template]] = {}
    for template in templates(sport, experience, kinds, phase):
        if is_race and template.template_id in _FOR_ANY_RACE:
            continue
        by_kind.setdefault(template.kind, []).append(template)
    chosen: list[Template] = []
    for kind, found in by_kind.items():
        plain = [item for item in found if item.template_id in PLAIN_TEMPLATES]
        others = [item for item in found if item.template_id not in PLAIN_TEMPLATES]
        offered = _OFFERED_OF_KIND.get(kind, _OFFERED_KEYS)
        count = min(len(others), offered if n_sports == 1 else 1)
        first = week * count % len(others) if others else 0
        chosen += plain + [others[(first + place) % len(others)] for place in range(count)]
    return tuple(chosen)


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


def _race_wishes(
    request: PlanRequest, season: Season, week: Week, long_minutes: Mapping[PlanSport, int]
) -> tuple[int, int]:
    """Return how many key and long sessions of a week should hold work at race pace.

    One in every second week of the build, one in every week nearer the race; where the race is long enough they take
    turns with long sessions that hold some.
    """
    found = [item for sport in trained_sports(request) for item in _at_race_pace(request, season, week, sport)]
    if not found or (week.phase == "build" and week.index % 2):
        return 0, 0
    has_long = any(item.kind is _K.LONG and item.min_minutes <= long_minutes.get(item.sport, 0) for item in found)
    turn = week.index // 2 if week.phase == "build" else week.index
    is_long = has_long and turn % 2 == 0
    return int(not is_long), int(is_long)


def _race_menu(
    request: PlanRequest,
    season: Season,
    week: Week,
    sport: PlanSport,
    kinds: frozenset[SessionKind],
    long_minutes: Mapping[PlanSport, int],
) -> tuple[Template, ...]:
    """Return the sessions at race pace that a week offers in a sport: one key session or one long one."""
    n_keys, n_longs = _race_wishes(request, season, week, long_minutes)
    found = _at_race_pace(request, season, week, sport) if n_keys or n_longs else ()
    if n_longs:
        return tuple(item for item in found if item.kind is _K.LONG and _K.LONG in kinds)
    keys = [item for item in found if item.kind is not _K.LONG and kinds & KEY_KINDS]
    return (keys[week.index // 2 % len(keys)],) if keys else ()


def _menu_templates(
    request: PlanRequest, week: Week, sport: PlanSport, kinds: frozenset[SessionKind]
) -> tuple[Template, ...]:
    n_sports = len(trained_sports(request))
    is_race = isinstance(request.goal, RaceGoal)
    return _rotated(sport, request.experience, kinds, week.phase, week.index, n_sports=n_sports, is_race=is_race)


def _walks(week: Week, diary: Diary, is_first: bool) -> bool:
    """Return whether walking breaks still have a place in the week."""
    longest = diary.longest_minutes(PlanSport.RUNNING, week.first_day) or 0.0
    return is_first or longest < _WALK_RUN_MINUTES[week.index < _WALK_RUN_WEEKS]


def _early_taper_load(season: Season, week: Week, diary: Diary, index: int) -> float:
    """Return the most load for a day of the taper that lies in a week before it, so that the rest gets its share."""
    if week.phase == "taper" or index < season.taper_from:
        return math.inf
    known = range(season.taper[0].first_day - 28, week.first_day)
    mean_week = 7 * diary.load_between(known.start, known.stop) / max(1, len(known))
    return _EARLY_TAPER_SHARE * max(rules.TAPER_FREE_LOAD_AU, season.taper[0].high * mean_week)


def _longest_allowed(season: Season, week: Week, diary: Diary, index: int, sport: PlanSport) -> tuple[int, bool]:
    """Return the longest session of a sport on a day, and whether only exactly this length is allowed. [min]"""
    cap = min(season.minutes[index], spike_cap_minutes(diary, sport, index))
    if diary.longest_minutes(sport, week.first_day) is not None:
        return cap, False
    # The first sessions of a sport all last the same, so that none is a jump from the one before.
    first = min(rules.FREE_SESSION_MINUTES[sport], _shared_minutes(season, week, sport))
    return (first if cap >= first else 0), True


def _durations(template: Template, cap: int, long_target: int | None, *, is_coarse: bool) -> list[int]:
    """Return sensible whole minutes: fives and the cap itself for easy work, three lengths around intervals.

    With several sports there are so many sessions to choose from that coarser lengths lose nothing.
    """
    low, high = template.min_minutes, min(template.max_minutes, cap)
    if high < low:
        return []
    if template.kind is _K.LONG:
        if long_target is None:
            return []
        high = min(high, long_target)
        low = max(low, math.ceil(0.7 * long_target))
        step = 5 if long_target <= 75 and not is_coarse else 10 if long_target <= 150 else 20
        return sorted({*range(-(-low // 5) * 5, high + 1, step), *((high,) if high >= low else ())})
    if template.kind in KEY_KINDS:
        lengths = (low,) if is_coarse else (low, low + 10, low + 25)
        return sorted({minutes for minutes in (*lengths, high) if minutes <= high})
    high = min(high, rules.LONG_SESSION_MINUTES[template.sport] - 1)
    if long_target is not None:
        high = min(high, max(25, round(0.8 * long_target)))
    low = max(low, min(20, high))
    if high < low:
        return []
    step = 5 if high <= 45 else 10
    if is_coarse or template.kind is not _K.EASY or template.template_id not in PLAIN_TEMPLATES:
        step *= 2  # Variants of an easy session need fewer lengths than the plain one.
    return sorted({*range(-(-low // 5) * 5, high + 1, step), high})


def distance_fits(request: PlanRequest, diary: Diary, item: Workout, index: int) -> bool:
    """Return whether the distance rule allows the session on a day; True where no distance is known."""
    speed = own_threshold_speed(request, item.sport)
    if speed is None:
        return True
    longest = diary.longest_distance_m(item.sport, index, speed)
    return longest is None or item.threshold_s * speed <= rules.MAX_LONGEST_RATIO[item.sport] * longest


def _brick_menu(request: PlanRequest, week: Week, diary: Diary) -> tuple[Workout, ...]:
    if request.sport is not PlanSport.TRIATHLON or week.is_deload or week.phase not in _BRICK_PHASES:
        return ()
    if diary.longest_minutes(PlanSport.RUNNING, week.first_day) is None:
        return ()
    if isinstance(request.goal, RaceGoal) and week.phase in {"peak", "specific"} and week.index % 2 == 0:
        leg = next(leg for leg in race_legs(request.goal, request) if leg.sport is PlanSport.RUNNING)
        templates_ = [race_brick(leg.intensity_pct, minutes) for minutes in _RACE_BRICK_MINUTES]
        return tuple(workout(item, item.min_minutes) for item in templates_)
    fitting = [t for t in BRICK_RUNS if request.experience in t.levels and t.belongs_to(week.phase)]
    template = fitting[week.index % len(fitting)]
    return tuple(workout(template, minutes) for minutes in _BRICK_MINUTES if template.fits(minutes))


def _strength_menu(
    request: PlanRequest, season: Season, week: Week, diary: Diary, training_weeks: int, n_open: int
) -> tuple[tuple[tuple[Workout, ...], ...], bool]:
    goal = request.goal
    if isinstance(goal, StrengthGoal):
        items = progression_week(
            goal.exercise, goal.current_reps, training_week=training_weeks, is_test_week=week.is_deload
        )
        return tuple((item,) for item in items), False
    is_own_sport = request.sport is PlanSport.STRENGTH
    count = 3 if is_own_sport else request.constraints.strength_per_week
    if count is None:
        count = 2 if week.phase == "progress" and n_open >= 5 else 0
    if week.is_deload:
        count = min(count, 2 if is_own_sport else 1)
    if week.phase in {"taper", "peak"}:
        count = min(count, 1)
    longest = max(season.minutes[index] for index in week.days)
    options = (15, 20, 25, 30, 40, 50, 60) if is_own_sport else (15, 20, 25, 30)
    sessions = strength_sessions(request.experience, request.sport, request.athlete.equipment)
    items_by_slot = []
    for slot in range(count):
        template = sessions[(slot + count * week.index) % len(sessions)]
        choices = tuple(workout(template, m) for m in options if m <= longest and template.fits(m))
        if choices:
            items_by_slot.append(choices)
    return tuple(items_by_slot), True
