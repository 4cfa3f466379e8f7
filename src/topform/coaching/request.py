"""A plan request: what the athlete told us, checked completely before any planning starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from topform.coaching.equipment import Equipment
from topform.coaching.fields import Fields, day, number, refuse
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

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_WEEKS: Final = 52
STRENGTH_EXERCISES: Final = ("push_up", "squat", "lunge", "pull_up", "dip", "sit_up", "burpee")

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
    # Known to an account and harmless in a request; the planner does not use them.
    "name",
    "sex",
    "age",
    "mass_kg",
    "hr_rest_bpm",
    "hr_max_bpm",
)
LEAST_DAYS_BETWEEN_RACES: Final = 4
_HEALTH_FIELDS: Final = ("health", "red_flag", "red_flags")
_HEALTH_STATES: Final = ("well", "ill", "red_flag")
_BODY_WEIGHT_GOALS: Final = ("weight", "lose", "fat", "slim", "bmi", "diet", "body_mass")


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
    """

    speed_m_s: float | None = None
    power_w: float | None = None
    hr_bpm: float | None = None


@dataclass(frozen=True, slots=True)
class LongestSession:
    """The longest session of the last 30 days. [min], [m]"""

    minutes: float | None = None
    distance_m: float | None = None


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
    """

    day: date
    sport: PlanSport
    distance_m: float
    priority: Priority


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
        Races on the way, in order of date: the day itself and those around it hold no training.
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
        goal = _goal(
            fields.required("goal", 'Add a goal, for example {"type": "general_fitness", "weeks": 8}.'),
            start,
            athlete,
            ignored,
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
        """The days of the races on the way, and a free day before and after each."""
        around = (timedelta(days=-1), timedelta(0), timedelta(days=1))
        return frozenset(race.day + shift for race in self.other_races for shift in around)

    @property
    def days_before_races(self) -> frozenset[date]:
        """Days without hard sessions: the second and third before a B race."""
        return frozenset(
            race.day - timedelta(days=n) for race in self.other_races if race.priority is Priority.B for n in (2, 3)
        )

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


def own_threshold_speed(request: PlanRequest, sport: PlanSport) -> float | None:
    """Return the stated threshold speed where it belongs to the sport. [m/s]"""
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
        known=("speed_m_s", "power_w", "hr_bpm"),
    )
    longest = Fields(fields.raw("recent_longest") or {}, path="athlete.recent_longest", known=("minutes", "distance_m"))
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
        ),
        recent_longest=LongestSession(
            minutes=longest.number("minutes", low=0, high=24 * 60, unit="minutes"),
            distance_m=longest.number("distance_m", low=0, high=1_000_000, unit="m"),
        ),
        max_reps={name: reps for name, reps in max_reps.items() if reps is not None},
        equipment=_equipment(fields),
    )


def _equipment(fields: Fields) -> frozenset[Equipment]:
    known = [item.value for item in Equipment]
    chosen = [item for item in fields.items("equipment") if item != "none"]
    for index, item in enumerate(chosen):
        if item not in known:
            raise refuse(f"athlete.equipment[{index}]", f"is {item!r}", f"Write any of: none, {', '.join(known)}.")
    return frozenset(Equipment(item) for item in chosen)


def _goal(document: object, start: date, athlete: AthleteState, ignored: list[str]) -> Goal:
    if not isinstance(document, Mapping):
        raise refuse("goal", "is not a JSON object", 'Write {"type": "...", ...}.')
    kind = document.get("type")
    readers: dict[str, Callable[[Mapping[str, Any], date, AthleteState, list[str]], Goal]] = {
        "race": _race,
        "threshold_gain": _threshold_gain,
        "general_fitness": _general_fitness,
        "strength_max_reps": _strength,
        "maintain": _maintain,
    }
    if isinstance(kind, str) and kind in readers:
        return readers[kind](document, start, athlete, ignored)
    if isinstance(kind, str) and any(word in kind.lower() for word in _BODY_WEIGHT_GOALS):
        raise refuse(
            "goal.type",
            "TopForm does not plan for body weight: training load is no good lever for it, and the pressure can harm",
            'Choose a goal of doing, for example {"type": "general_fitness", "weeks": 8}; '
            "for questions of weight a dietitian or doctor can help.",
        )
    raise refuse("goal.type", "is missing" if kind is None else f"is {kind!r}", f"Write one of: {', '.join(readers)}.")


def _race(document: Mapping[str, Any], start: date, _athlete: AthleteState, ignored: list[str]) -> RaceGoal:
    fields = Fields(
        document,
        path="goal",
        known=("type", "sport", "distance_m", "date", "priority", "name", "expected_s"),
        ignored=ignored,
    )
    sport = fields.choice("sport", PlanSport)
    if sport is None or sport is PlanSport.STRENGTH:
        raise refuse(
            "goal.sport",
            "is missing" if sport is None else "strength has no races here",
            "Write one of: running, cycling, swimming, triathlon.",
        )
    limits = {
        PlanSport.RUNNING: (400, 250_000),
        PlanSport.CYCLING: (1000, 1_000_000),
        PlanSport.SWIMMING: (50, 50_000),
        PlanSport.TRIATHLON: (5000, 300_000),
    }
    low, high = limits[sport]
    distance_m = fields.number("distance_m", low=low, high=high, unit=f"metres for {sport}")
    if distance_m is None:
        raise refuse("goal.distance_m", "is missing", "Write the distance of the race in metres.")
    race_day = fields.day("date")
    if race_day is None:
        raise refuse("goal.date", "is missing", 'Write the day of the race: "date": "YYYY-MM-DD".')
    if race_day <= start:
        raise refuse(
            "goal.date", f"{race_day} is not after the start {start}", "Start earlier, or choose a later race."
        )
    if race_day > start + timedelta(weeks=MAX_WEEKS):
        raise refuse(
            "goal.date",
            f"is more than {MAX_WEEKS} weeks after the start",
            "Start later, or plan first for a nearer goal.",
        )
    priority = fields.choice("priority", Priority) or Priority.A
    expected_s = fields.number("expected_s", low=30, high=14 * 86_400, unit="seconds")
    return RaceGoal(sport=sport, distance_m=distance_m, day=race_day, priority=priority, expected_s=expected_s)


def _weeks(fields: Fields) -> int:
    weeks = fields.whole("weeks", low=1, high=MAX_WEEKS, unit="weeks")
    if weeks is None:
        raise refuse(fields.at("weeks"), "is missing", f"Write a number of weeks from 1 to {MAX_WEEKS}.")
    return weeks


def _threshold_gain(
    document: Mapping[str, Any], _start: date, _athlete: AthleteState, ignored: list[str]
) -> ThresholdGoal:
    fields = Fields(document, path="goal", known=("type", "pct", "weeks"), ignored=ignored)
    gain_pct = fields.number("pct", low=0.1, high=50, unit="percent")
    if gain_pct is None:
        raise refuse("goal.pct", "is missing", "Write the wished gain in percent, for example 5.")
    return ThresholdGoal(gain_pct=gain_pct, weeks=_weeks(fields))


def _general_fitness(
    document: Mapping[str, Any], _start: date, _athlete: AthleteState, ignored: list[str]
) -> FitnessGoal:
    fields = Fields(document, path="goal", known=("type", "weeks", "hours_per_week"), ignored=ignored)
    return FitnessGoal(weeks=_weeks(fields), hours_per_week=fields.number("hours_per_week", low=0.25, high=40))


def _strength(document: Mapping[str, Any], _start: date, athlete: AthleteState, ignored: list[str]) -> StrengthGoal:
    fields = Fields(document, path="goal", known=("type", "exercise", "current", "target", "weeks"), ignored=ignored)
    exercise = fields.required("exercise", f"Write one of: {', '.join(STRENGTH_EXERCISES)}.")
    if exercise not in STRENGTH_EXERCISES:
        raise refuse("goal.exercise", f"is {exercise!r}", f"Write one of: {', '.join(STRENGTH_EXERCISES)}.")
    current = fields.whole("current", low=0, high=1000, unit="repetitions")
    target = fields.whole("target", low=1, high=1000, unit="repetitions")
    if target is None:
        raise refuse("goal.target", "is missing", "Write how many repetitions you want to reach.")
    if current is None:
        if exercise not in athlete.max_reps:
            raise refuse("goal.current", "is missing", "Write how many good repetitions you can do in one set now.")
        current = athlete.max_reps[exercise]
    if target <= current:
        raise refuse(
            "goal.target",
            f"{target} is not more than the current {current}",
            'Set a higher target, or choose {"type": "maintain"}.',
        )
    return StrengthGoal(exercise=exercise, current_reps=current, target_reps=target, weeks=_weeks(fields))


def _maintain(document: Mapping[str, Any], _start: date, _athlete: AthleteState, ignored: list[str]) -> MaintainGoal:
    return MaintainGoal(weeks=_weeks(Fields(document, path="goal", known=("type", "weeks"), ignored=ignored)))


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
    end = goal.day if isinstance(goal, RaceGoal) else start + timedelta(days=7 * goal.weeks - 1)
    races: dict[date, OtherRace] = {}
    for index, item in enumerate(fields.items("other_races")):
        path = f"other_races[{index}]"
        entry = Fields(
            item, path=path, known=("date", "sport", "distance_m", "priority", "name", "type"), ignored=ignored
        )
        when = day(entry.required("date", "Write the day as YYYY-MM-DD."), field=f"{path}.date")
        priority = entry.choice("priority", Priority) or Priority.B
        sport = entry.choice("sport", PlanSport) or PlanSport.RUNNING
        distance_m = entry.number("distance_m", low=50, high=1_000_000, unit="metres")
        if distance_m is None:
            raise refuse(f"{path}.distance_m", "is missing", "Write the distance of the race in metres.")
        if priority is Priority.A:
            raise refuse(f"{path}.priority", "is A", "A plan leads to one A race, its goal; write B or C here.")
        if not start <= when <= end or when in races:
            raise refuse(f"{path}.date", f"{when} is not a free day of the plan", f"Write a day up to {end}.")
        if isinstance(goal, RaceGoal) and (goal.day - when).days < LEAST_DAYS_BETWEEN_RACES:
            raise refuse(
                f"{path}.date",
                f"{when} is less than {LEAST_DAYS_BETWEEN_RACES} days before the race of the plan",
                "Leave it out, or make it the goal.",
            )
        races[when] = OtherRace(when, sport, distance_m, priority)
    return tuple(races[when] for when in sorted(races))


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
