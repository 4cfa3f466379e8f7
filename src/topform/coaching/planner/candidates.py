"""What could be done on a day: library workouts at durations that fit the minutes, the phase and the spike rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from topform.coaching import rules
from topform.coaching.baseline import trained_sports
from topform.coaching.goals import Experience, MaintainGoal, PlanSport, RaceGoal, ThresholdGoal
from topform.coaching.planner.diary import Diary
from topform.coaching.planner.long_sessions import LONG_RACE_MINUTES, long_weekday, spike_cap_minutes
from topform.coaching.planner.race_sessions import race_menu
from topform.coaching.planner.season import Season, Week
from topform.coaching.request import PlanRequest, own_threshold_speed
from topform.coaching.workouts.library import templates
from topform.coaching.workouts.model import KEY_KINDS, SessionKind, Workout
from topform.coaching.workouts.template import Template, workout

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


def day_candidates(
    request: PlanRequest,
    season: Season,
    week: Week,
    diary: Diary,
    index: int,
    sports: tuple[PlanSport, ...],
    n_keys: int,
    long_minutes: dict[PlanSport, int],
) -> list[Candidate]:
    """Return every way to fill the main place of a day."""
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
            *race_menu(request, season, week, sport, kinds, long_minutes),
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


def _allowed_kinds(request: PlanRequest, season: Season, week: Week, index: int) -> frozenset[SessionKind]:
    kinds = {_K.EASY, _K.RECOVERY, _K.LONG}
    keys = set(_DELOAD_KEYS if week.is_deload else _KEYS_BY_PHASE[week.phase])
    is_long_race = season.race is not None and season.race.minutes >= LONG_RACE_MINUTES
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


def _shared_minutes(season: Season, week: Week, sport: PlanSport) -> int:
    """Return the least minutes of those days that can hold a first session of a sport, else of the longest day."""
    offered = [season.minutes[index] for index in week.days]
    enough = [minutes for minutes in offered if minutes >= rules.FREE_SESSION_MINUTES[sport]]
    return min(enough, default=max(offered))


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
