"""A plan request: what the athlete told us, checked completely before any planning starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from topform.coaching import rules
from topform.coaching.equipment import Equipment
from topform.coaching.fields import Fields, day, number, refuse
from topform.coaching.goal_reading import RACE_DISTANCES_M, STRENGTH_EXERCISES, read_goal
from topform.coaching.goals import (
    Experience,
    Goal,
    PlanSport,
    Priority,
    RaceGoal,
    ThresholdGoal,
)

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_REQUEST_FIELDS: Final = (
    "athlete",
    "goal",
    "start",
    "available_minutes",
    "unavailable_dates",
    "offered_dates",
    "other_races",
    "preferred_rest",
    "constraints",
    "history_days",
    "seed",
    # Says what an account filled in; the planner does not use it.
    "filled_in",
)
_ATHLETE_FIELDS: Final = (
    "sport",
    "experience",
    "ctl",
    "atl",
    "threshold",
    "recent_longest",
    "max_reps",
    "equipment",
    "mass_kg",
    # Known to an account and harmless in a request; the planner does not use them.
    "name",
    "sex",
    "age",
    "hr_rest_bpm",
    "hr_max_bpm",
)
LEAST_DAYS_BETWEEN_RACES: Final = 4
_EASY_DAYS_BEFORE_RACE: Final = 3
_HEALTH_FIELDS: Final = ("health", "red_flag", "red_flags")
_HEALTH_STATES: Final = ("well", "ill", "red_flag")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The athlete's thresholds, each absent when unknown.

    Parameters
    ----------
    speed_m_s : float or None
        Critical running speed, or critical swim speed for a swimmer. [m/s]
    power_w : float or None
        Cycling power at threshold. [W]
    hr_bpm : float or None
        Heart rate at threshold. [bpm]
    swim_speed_m_s : float or None
        Critical swim speed of a triathlete. [m/s]
    """

    speed_m_s: float | None = None
    power_w: float | None = None
    hr_bpm: float | None = None
    swim_speed_m_s: float | None = None


@dataclass(frozen=True, slots=True)
class RecentSession:
    """One session of the last 30 days. [min]"""

    day: date
    minutes: float


@dataclass(frozen=True, slots=True)
class LongestSession:
    """The longest session of the last 30 days. [min], [m]

    Parameters
    ----------
    minutes, distance_m : float or None
        As the athlete states them. [min], [m]
    by_sport : mapping of PlanSport to tuple of RecentSession, or None
        What is stored: each session that none of the same sport after it was as long as, in order of date. A sport
        that is absent was not done. None where nothing is stored.
    """

    minutes: float | None = None
    distance_m: float | None = None
    by_sport: Mapping[PlanSport, tuple[RecentSession, ...]] | None = None


@dataclass(frozen=True, slots=True)
class AthleteState:
    """What the request says about the athlete; None where it says nothing."""

    sport: PlanSport
    experience: Experience | None = None
    ctl: float | None = None
    atl: float | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    recent_longest: LongestSession = field(default_factory=LongestSession)
    max_reps: Mapping[str, int] = field(default_factory=dict)
    equipment: frozenset[Equipment] = frozenset()
    mass_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Constraints:
    """Further wishes that the plan must keep.

    Parameters
    ----------
    max_session_minutes, max_weekly_minutes : int or None
        No session, no week longer than this. [min]
    max_sessions_per_week : int or None
    max_hard_days : int or None
        Hard days a week, 0..3; the safety rules may allow fewer.
    long_day : str or None
        Weekday of the long session.
    strength_per_week : int or None
        Short strength sessions beside an endurance plan, 0..3.
    """

    max_session_minutes: int | None = None
    max_weekly_minutes: int | None = None
    max_sessions_per_week: int | None = None
    max_hard_days: int | None = None
    long_day: str | None = None
    strength_per_week: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryDay:
    """One day already trained. [AU], [min]"""

    day: date
    load_au: float
    minutes: float | None


@dataclass(frozen=True, slots=True)
class OtherRace:
    """A race on the way, beside the goal of the plan.

    Parameters
    ----------
    day : date
    sport : PlanSport
    distance_m : float
        [m]
    priority : Priority
        B or C.
    expected_s : float or None
        The time the athlete can expect, where a prediction knows one. [s]
    """

    day: date
    sport: PlanSport
    distance_m: float
    priority: Priority
    expected_s: float | None = None

    @property
    def as_goal(self) -> RaceGoal:
        """The race as a goal, for what is known of races."""
        return RaceGoal(self.sport, self.distance_m, self.day, self.priority, self.expected_s)


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A valid request for a plan.

    Parameters
    ----------
    athlete : AthleteState
    goal : Goal
    start : date
        First day of the plan.
    available_minutes : mapping of str to int
        Minutes for each of `WEEKDAYS`; a weekday not named in the request has 0. [min]
    unavailable_dates : frozenset of date
    preferred_rest : frozenset of str
        Weekdays kept free of training.
    offered_dates : mapping of date to int
        Minutes offered on single dates, instead of those of the weekday and also on a preferred day of rest. [min]
    other_races : tuple of OtherRace
        Races on the way, in order of date: the day itself holds the race alone, those around it none or little.
    constraints : Constraints
    history : tuple of HistoryDay
        In order of date, all before ``start``.
    seed : int
        Seed of everything random in the planner.
    ignored_fields : tuple of str
        Paths of fields in the document that this version does not know and did not use.
    """

    athlete: AthleteState
    goal: Goal
    start: date
    available_minutes: Mapping[str, int]
    unavailable_dates: frozenset[date] = frozenset()
    preferred_rest: frozenset[str] = frozenset()
    offered_dates: Mapping[date, int] = field(default_factory=dict)
    other_races: tuple[OtherRace, ...] = ()
    constraints: Constraints = field(default_factory=Constraints)
    history: tuple[HistoryDay, ...] = ()
    seed: int = 0
    ignored_fields: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, document: object) -> PlanRequest:
        """Check a request document completely and return the request.

        Parameters
        ----------
        document : object
            The parsed JSON document.

        Returns
        -------
        PlanRequest

        Raises
        ------
        PlanRequestError
            Naming the first field that is missing, misspelt, out of range or contradictory.
        """
        ignored: list[str] = []
        fields = Fields(document, path="", known=_REQUEST_FIELDS, ignored=ignored)
        athlete = _athlete(fields.required("athlete", 'Add "athlete": {"sport": "running"}.'), ignored)
        start = fields.day("start")
        if start is None:
            raise refuse("start", "is missing", 'Add the first day of the plan: "start": "YYYY-MM-DD".')
        _require_before(start, athlete.recent_longest)
        goal = read_goal(
            fields.required("goal", 'Add a goal, for example {"type": "general_fitness", "weeks": 8}.'),
            start=start,
            max_reps=athlete.max_reps,
            ignored=ignored,
        )
        if isinstance(goal, ThresholdGoal) and athlete.sport is PlanSport.STRENGTH:
            raise refuse(
                "goal.type",
                "a threshold belongs to an endurance sport, the athlete's sport is strength",
                "Choose the sport to train, or a goal in repetitions.",
            )
        unavailable = frozenset(
            day(item, field=f"unavailable_dates[{index}]")
            for index, item in enumerate(fields.items("unavailable_dates"))
        )
        if isinstance(goal, RaceGoal) and goal.day in unavailable:
            raise refuse(
                "unavailable_dates",
                f"contains the day of the race, {goal.day}",
                "Remove that day, or choose another race.",
            )
        return cls(
            athlete=athlete,
            goal=goal,
            start=start,
            available_minutes=_available(fields),
            unavailable_dates=unavailable,
            preferred_rest=_weekdays(fields, "preferred_rest"),
            offered_dates=_offered(fields),
            other_races=_other_races(fields, start, goal, ignored),
            constraints=_constraints(fields.raw("constraints"), ignored),
            history=_history(fields, start, ignored),
            seed=fields.whole("seed", low=0, high=2**31 - 1) or 0,
            ignored_fields=tuple(ignored),
        )

    @property
    def end(self) -> date:
        """Last day of the plan: the race, or the end of the last whole week."""
        if isinstance(self.goal, RaceGoal):
            return self.goal.day
        return self.start + timedelta(days=7 * self.goal.weeks - 1)

    @property
    def days_for_races(self) -> frozenset[date]:
        """Days without training: those of the races on the way, the day before a B race, and the first after each."""
        found: set[date] = set()
        for race in self.other_races:
            free, _ = rules.race_recovery(sport=race.sport, distance_m=race.distance_m)
            before = 1 if race.priority is Priority.B else 0
            found.update(race.day + timedelta(days=n) for n in range(-before, free + 1))
        return frozenset(found)

    @property
    def easy_days_for_races(self) -> frozenset[date]:
        """Days without hard sessions: three before a B race, one before a C race, and as many after as it takes."""
        found: set[date] = set()
        for race in self.other_races:
            _, easy = rules.race_recovery(sport=race.sport, distance_m=race.distance_m)
            before = easy_days_before(race.priority)
            found.update(race.day + timedelta(days=n) for n in range(-before, easy + 1))
        return frozenset(found)

    @property
    def race_dates(self) -> Mapping[date, OtherRace]:
        """The races on the way by their day."""
        return {race.day: race for race in self.other_races}

    @property
    def race_day(self) -> date | None:
        """The day of the race, None for other goals."""
        return self.goal.day if isinstance(self.goal, RaceGoal) else None

    @property
    def sport(self) -> PlanSport:
        """The sport that the plan trains: that of the race, else the athlete's own."""
        return self.goal.sport if isinstance(self.goal, RaceGoal) else self.athlete.sport

    @property
    def experience(self) -> Experience:
        """Stated experience; beginner, the most careful, when nothing was said."""
        return self.athlete.experience or Experience.BEGINNER

    def minutes_on(self, when: date) -> int:
        """Return the minutes in which training may take place on that day, rest days and absences included. [min]"""
        if when in self.unavailable_dates or when in self.days_for_races:
            return 0
        if self.is_rest_wished(when) and when not in self.offered_dates:
            return 0
        return self.offered_on(when)

    def offered_on(self, when: date) -> int:
        """Return the minutes that the date offers, else its weekday; rest days and absences not looked at. [min]"""
        return self.offered_dates.get(when, self.available_minutes[WEEKDAYS[when.weekday()]])

    def is_rest_wished(self, when: date) -> bool:
        """Return whether the weekday is one of the preferred days of rest."""
        return WEEKDAYS[when.weekday()] in self.preferred_rest


def easy_days_before(priority: Priority) -> int:
    """Return the days without hard sessions before a race of some priority. [d]

    Examples
    --------
    >>> easy_days_before(Priority.B), easy_days_before(Priority.C)
    (3, 1)
    """
    return 1 if priority is Priority.C else _EASY_DAYS_BEFORE_RACE


def own_threshold_speed(request: PlanRequest, sport: PlanSport) -> float | None:
    """Return the stated threshold speed where it belongs to the sport. [m/s]"""
    if sport is PlanSport.SWIMMING and request.athlete.sport is not PlanSport.SWIMMING:
        return request.athlete.thresholds.swim_speed_m_s
    owner = PlanSport.RUNNING if request.athlete.sport is PlanSport.TRIATHLON else request.athlete.sport
    return request.athlete.thresholds.speed_m_s if owner is sport and sport is not PlanSport.CYCLING else None


def _athlete(document: object, ignored: list[str]) -> AthleteState:
    fields = Fields(document, path="athlete", known=_ATHLETE_FIELDS, ignored=ignored)
    sport = fields.choice("sport", PlanSport)
    if sport is None:
        raise refuse("athlete.sport", "is missing", f"Write one of: {', '.join(PlanSport)}.")
    threshold = Fields(
        fields.raw("threshold") or {},
        path="athlete.threshold",
        known=("speed_m_s", "power_w", "hr_bpm", "swim_speed_m_s"),
    )
    longest = Fields(
        fields.raw("recent_longest") or {},
        path="athlete.recent_longest",
        known=("minutes", "distance_m", "by_sport"),
    )
    reps = fields.raw("max_reps") or {}
    reps_fields = Fields(reps, path="athlete.max_reps", known=STRENGTH_EXERCISES)
    max_reps = {name: reps_fields.whole(name, low=0, high=1000) for name in STRENGTH_EXERCISES}
    return AthleteState(
        sport=sport,
        experience=fields.choice("experience", Experience),
        ctl=fields.number("ctl", low=0, high=300, unit="AU/day"),
        atl=fields.number("atl", low=0, high=500, unit="AU/day"),
        thresholds=Thresholds(
            speed_m_s=threshold.number("speed_m_s", low=0.3, high=8, unit="m/s"),
            power_w=threshold.number("power_w", low=30, high=600, unit="W"),
            hr_bpm=threshold.number("hr_bpm", low=80, high=220, unit="bpm"),
            swim_speed_m_s=threshold.number("swim_speed_m_s", low=0.3, high=3, unit="m/s"),
        ),
        recent_longest=LongestSession(
            minutes=longest.number("minutes", low=0, high=24 * 60, unit="minutes"),
            distance_m=longest.number("distance_m", low=0, high=1_000_000, unit="m"),
            by_sport=_recent_sessions(longest),
        ),
        max_reps={name: reps for name, reps in max_reps.items() if reps is not None},
        equipment=_equipment(fields),
        mass_kg=fields.number("mass_kg", low=20, high=400, unit="kg"),
    )


def _recent_sessions(longest: Fields) -> dict[PlanSport, tuple[RecentSession, ...]] | None:
    raw = longest.raw("by_sport")
    if raw is None:
        return None
    sports = Fields(raw, path=longest.at("by_sport"), known=[item.value for item in rules.MAX_LONGEST_RATIO])
    found: dict[PlanSport, tuple[RecentSession, ...]] = {}
    for sport in rules.MAX_LONGEST_RATIO:
        sessions = []
        for index, item in enumerate(sports.items(sport.value)):
            path = f"{sports.at(sport.value)}[{index}]"
            entry = Fields(item, path=path, known=("date", "minutes"))
            when = day(entry.required("date", "Write the day as YYYY-MM-DD."), field=f"{path}.date")
            minutes = entry.required("minutes", "Write the minutes of the session.")
            length = number(minutes, field=f"{path}.minutes", low=0, high=24 * 60, unit="minutes")
            sessions.append(RecentSession(when, length))
        if sessions:
            found[sport] = tuple(sorted(sessions, key=lambda session: session.day))
    return found


def _require_before(start: date, longest: LongestSession) -> None:
    for sport, sessions in (longest.by_sport or {}).items():
        if sessions[-1].day >= start:
            raise refuse(
                f"athlete.recent_longest.by_sport.{sport.value}",
                f"{sessions[-1].day} is not before the start {start}",
                "List only sessions before the start.",
            )


def _equipment(fields: Fields) -> frozenset[Equipment]:
    known = [item.value for item in Equipment]
    chosen = [item for item in fields.items("equipment") if item != "none"]
    for index, item in enumerate(chosen):
        if item not in known:
            raise refuse(f"athlete.equipment[{index}]", f"is {item!r}", f"Write any of: none, {', '.join(known)}.")
    return frozenset(Equipment(item) for item in chosen)


def _available(fields: Fields) -> dict[str, int]:
    raw = fields.required("available_minutes", 'Add "available_minutes": {"mon": 0, "tue": 45, ...}.')
    minutes = Fields(raw, path="available_minutes", known=WEEKDAYS)
    return {name: int(minutes.number(name, low=0, high=24 * 60, unit="minutes") or 0) for name in WEEKDAYS}


def _offered(fields: Fields) -> dict[date, int]:
    raw = fields.raw("offered_dates") or {}
    if not isinstance(raw, Mapping):
        raise refuse("offered_dates", "is no JSON object", 'Write {"YYYY-MM-DD": minutes, ...}.')
    return {
        day(name, field=f"offered_dates.{name}"): int(
            number(value, field=f"offered_dates.{name}", low=0, high=24 * 60, unit="minutes")
        )
        for name, value in raw.items()
    }


def _other_races(fields: Fields, start: date, goal: Goal, ignored: list[str]) -> tuple[OtherRace, ...]:
    races: dict[date, OtherRace] = {}
    for index, item in enumerate(fields.items("other_races")):
        path = f"other_races[{index}]"
        entry = Fields(
            item,
            path=path,
            known=("date", "sport", "distance_m", "priority", "name", "type", "expected_s"),
            ignored=ignored,
        )
        when = day(entry.required("date", "Write the day as YYYY-MM-DD."), field=f"{path}.date")
        priority = entry.choice("priority", Priority) or Priority.B
        sport = entry.choice("sport", PlanSport) or PlanSport.RUNNING
        if sport is PlanSport.STRENGTH:
            raise refuse(f"{path}.sport", "strength has no races here", "Write the sport of the race, or leave it out.")
        low, high = RACE_DISTANCES_M[sport]
        distance_m = entry.number("distance_m", low=low, high=high, unit=f"metres for {sport}")
        if distance_m is None:
            raise refuse(f"{path}.distance_m", "is missing", "Write the distance of the race in metres.")
        if priority is Priority.A:
            raise refuse(f"{path}.priority", "is A", "A plan leads to one A race, its goal; write B or C here.")
        _require_place(path, when, start=start, goal=goal, taken=races)
        expected_s = entry.number("expected_s", low=10, high=14 * 86_400, unit="seconds")
        races[when] = OtherRace(when, sport, distance_m, priority, expected_s)
    return tuple(races[when] for when in sorted(races))


def _require_place(path: str, when: date, *, start: date, goal: Goal, taken: Mapping[date, OtherRace]) -> None:
    """Refuse a race outside of the plan, on the day of another race or right before the race of the plan."""
    is_race = isinstance(goal, RaceGoal)
    end = goal.day if isinstance(goal, RaceGoal) else start + timedelta(days=7 * goal.weeks - 1)
    last = end - timedelta(days=LEAST_DAYS_BETWEEN_RACES) if is_race else end
    span = f"a day from {start} to {last}" if last >= start else None
    write = f"Write {span}, or leave the race out." if span else "Leave the race out: the plan is too short for it."
    if when < start:
        raise refuse(f"{path}.date", f"{when} is before the first day of the plan, {start}", write)
    if is_race and when == end:
        raise refuse(
            f"{path}.date",
            f"{when} is the day of the race that the plan leads to",
            f"Nobody races twice on one day: leave one of the two out. {write}",
        )
    if when > end:
        longer = "" if is_race else " A longer plan holds it, too."
        raise refuse(f"{path}.date", f"{when} is after the last day of the plan, {end}", f"{write}{longer}")
    if when in taken:
        raise refuse(
            f"{path}.date",
            f"{when} holds another race of this request already",
            "Two races on one day contradict each other: leave one of them out, or give it the day it is on.",
        )
    if when > last:
        raise refuse(
            f"{path}.date",
            f"{when} is less than {LEAST_DAYS_BETWEEN_RACES} days before the race of the plan on {end}",
            f"{write} If this is the race that matters, make it the goal.",
        )


def _weekdays(fields: Fields, name: str) -> frozenset[str]:
    chosen = fields.items(name)
    for index, item in enumerate(chosen):
        if item not in WEEKDAYS:
            raise refuse(f"{name}[{index}]", f"is {item!r}", f"Write weekdays as {', '.join(WEEKDAYS)}.")
    return frozenset(chosen)


def _constraints(document: object, ignored: list[str]) -> Constraints:
    known = (*Constraints.__dataclass_fields__, *_HEALTH_FIELDS)
    fields = Fields(document or {}, path="constraints", known=known, ignored=ignored)
    _require_health(fields)
    long_day = fields.raw("long_day")
    if long_day is not None and long_day not in WEEKDAYS:
        raise refuse("constraints.long_day", f"is {long_day!r}", f"Write one of: {', '.join(WEEKDAYS)}.")
    return Constraints(
        max_session_minutes=fields.whole("max_session_minutes", low=5, high=24 * 60, unit="minutes"),
        max_weekly_minutes=fields.whole("max_weekly_minutes", low=0, high=7 * 24 * 60, unit="minutes"),
        max_sessions_per_week=fields.whole("max_sessions_per_week", low=0, high=14),
        max_hard_days=fields.whole("max_hard_days", low=0, high=3),
        long_day=long_day,
        strength_per_week=fields.whole("strength_per_week", low=0, high=3),
    )


def _require_health(fields: Fields) -> None:
    """Refuse to plan training for somebody who should not train now."""
    health = fields.raw("health") or "well"
    if health not in _HEALTH_STATES:
        raise refuse("constraints.health", f"is {health!r}", f"Write one of: {', '.join(_HEALTH_STATES)}.")
    flag = fields.raw("red_flag")
    if flag not in (None, True, False):
        raise refuse("constraints.red_flag", f"is {flag!r}", "Write true or false.")
    if flag or health == "red_flag" or fields.items("red_flags"):
        name = next(name for name in ("red_flag", "red_flags", "health") if fields.raw(name))
        raise refuse(
            f"constraints.{name}",
            "a sign was reported that a doctor should look at before any training",
            "Have it looked at now; chest pain, fainting or breathlessness at rest are an emergency. "
            "Take the field out once a doctor says that training is safe.",
        )
    if health == "ill":
        raise refuse(
            "constraints.health",
            "is ill: with fever or symptoms below the neck training waits",
            "Rest, and plan again when you have been free of symptoms for a day.",
        )


def _history(fields: Fields, start: date, ignored: list[str]) -> tuple[HistoryDay, ...]:
    history: dict[date, HistoryDay] = {}
    for index, item in enumerate(fields.items("history_days")):
        path = f"history_days[{index}]"
        entry = Fields(item, path=path, known=("date", "load", "minutes", "sport"), ignored=ignored)
        when = day(entry.required("date", "Write the day as YYYY-MM-DD."), field=f"{path}.date")
        if when >= start:
            raise refuse(f"{path}.date", f"{when} is not before the start {start}", "List only days before the start.")
        if when in history:
            raise refuse(f"{path}.date", f"{when} appears twice", "Add the day's loads up and list each day once.")
        load = number(
            entry.required("load", "Write the day's load, 0 for rest."), field=f"{path}.load", low=0, high=2000
        )
        history[when] = HistoryDay(day=when, load_au=load, minutes=entry.number("minutes", low=0, high=24 * 60))
    return tuple(history[when] for when in sorted(history))
