"""The menu of one week: every candidate of every day, and how many sessions of each sort are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from topform.coaching import rules
from topform.coaching.baseline import trained_sports
from topform.coaching.goals import Experience, PlanSport, RaceGoal, StrengthGoal
from topform.coaching.planner.candidates import Candidate, day_candidates
from topform.coaching.planner.changes import Changes
from topform.coaching.planner.diary import Diary
from topform.coaching.planner.long_sessions import long_targets, marathon_long
from topform.coaching.planner.race_sessions import race_wishes
from topform.coaching.planner.season import TWO_HARD_DAYS, Season, Week
from topform.coaching.race import race_legs
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.model import KEY_KINDS, SessionKind, Workout
from topform.coaching.workouts.race_pace import race_brick
from topform.coaching.workouts.running_sets import BRICK_RUNS
from topform.coaching.workouts.strength import progression_week
from topform.coaching.workouts.strength_general import strength_sessions
from topform.coaching.workouts.template import workout

_BRICK_PHASES: Final = frozenset({"build", "peak", "specific", "progress"})
_BRICK_MINUTES: Final = (10, 15, 20, 25, 30)
_RACE_BRICK_MINUTES: Final = (20, 25, 30)

_LONG_SESSION_SHARE: Final = 0.5
"""A race on the way that lasts this share of the long session takes its place."""


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
    long_minutes = long_targets(request, season, week, diary, target_au, week_sessions) if sports else {}
    if len(long_minutes) > 1:  # A triathlete's long run and long ride take two of the hard days.
        n_keys_wished = min(n_keys_wished, max(0, rules.MAX_HARD_DAYS[request.experience] - len(long_minutes)))
    room = week_sessions - (1 if is_race_week else 2)
    n_keys = min(n_keys_wished, 1 if week_sessions <= 3 else n_keys_wished, max(0, room))
    if is_race_week:
        n_keys_wished = n_keys  # The race is the hard session of its week.
    for item in lived:
        if item.kind is SessionKind.LONG:
            long_minutes.pop(item.sport, None)
    for race in coming:  # A race that lasts about as long as the long session takes its place.
        for sport in (race.goal.sport,) if race.goal.sport in long_minutes else tuple(long_minutes):
            if race.estimate.minutes >= _LONG_SESSION_SHARE * long_minutes[sport]:
                del long_minutes[sport]
    n_race_keys, n_race_longs = race_wishes(request, season, week, long_minutes)
    if not n_race_longs and PlanSport.RUNNING in long_minutes:
        long_run = long_minutes[PlanSport.RUNNING]
        long_minutes[PlanSport.RUNNING] = marathon_long(request, season, week, diary, target_au, long_run)
    if n_race_longs and request.experience is not Experience.ADVANCED:
        # Race pace in the long session is a key session itself.
        n_keys, n_keys_wished = min(n_keys, 1), min(n_keys_wished, 1)
    main: list[Candidate] = []
    for index in week.days:
        if season.minutes[index] > 0:
            found = day_candidates(request, season, week, diary, index, sports, n_keys, long_minutes)
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
