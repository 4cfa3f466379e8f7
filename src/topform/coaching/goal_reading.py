"""The goal of a plan request, read and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from topform.coaching.fields import Fields, refuse
from topform.coaching.goals import (
    FitnessGoal,
    Goal,
    MaintainGoal,
    PlanSport,
    Priority,
    RaceGoal,
    StrengthGoal,
    ThresholdGoal,
)

MAX_WEEKS: Final = 52
STRENGTH_EXERCISES: Final = ("push_up", "squat", "lunge", "pull_up", "dip", "sit_up", "burpee")
RACE_DISTANCES_M: Final = {
    PlanSport.RUNNING: (400, 250_000),
    PlanSport.CYCLING: (1000, 1_000_000),
    PlanSport.SWIMMING: (50, 50_000),
    PlanSport.TRIATHLON: (5000, 300_000),
}
_BODY_WEIGHT_GOALS: Final = ("weight", "lose", "fat", "slim", "bmi", "diet", "body_mass")


def read_goal(document: object, *, start: date, max_reps: Mapping[str, int], ignored: list[str]) -> Goal:
    """Read the goal of a plan request.

    Parameters
    ----------
    document : object
        The parsed JSON of the goal.
    start : date
        First day of the plan.
    max_reps : mapping of str to int
        Repetitions that the athlete can do now, by exercise.
    ignored : list of str
        Takes the names of fields that are not known.

    Raises
    ------
    PlanRequestError
        Naming the field that is missing, misspelt, out of range or contradictory.
    """
    if not isinstance(document, Mapping):
        raise refuse("goal", "is not a JSON object", 'Write {"type": "...", ...}.')
    kind = document.get("type")
    readers: dict[str, Callable[[Mapping[str, Any], date, Mapping[str, int], list[str]], Goal]] = {
        "race": _race,
        "threshold_gain": _threshold_gain,
        "general_fitness": _general_fitness,
        "strength_max_reps": _strength,
        "maintain": _maintain,
    }
    if isinstance(kind, str) and kind in readers:
        return readers[kind](document, start, max_reps, ignored)
    if isinstance(kind, str) and any(word in kind.lower() for word in _BODY_WEIGHT_GOALS):
        raise refuse(
            "goal.type",
            "TopForm does not plan for body weight: training load is no good lever for it, and the pressure can harm",
            'Choose a goal of doing, for example {"type": "general_fitness", "weeks": 8}; '
            "for questions of weight a dietitian or doctor can help.",
        )
    raise refuse("goal.type", "is missing" if kind is None else f"is {kind!r}", f"Write one of: {', '.join(readers)}.")


def _race(document: Mapping[str, Any], start: date, _max_reps: Mapping[str, int], ignored: list[str]) -> RaceGoal:
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
    low, high = RACE_DISTANCES_M[sport]
    distance_m = fields.number("distance_m", low=low, high=high, unit=f"metres for {sport}")
    if distance_m is None:
        raise refuse("goal.distance_m", "is missing", "Write the distance of the race in metres.")
    race_day = fields.day("date")
    if race_day is None:
        raise refuse("goal.date", "is missing", 'Write the day of the race: "date": "YYYY-MM-DD".')
    if race_day <= start:
        raise refuse(
            "goal.date",
            f"{race_day} is not after the start {start}",
            "Choose a race after the first day of the plan, or a start before the race.",
        )
    if race_day > start + timedelta(weeks=MAX_WEEKS):
        raise refuse(
            "goal.date",
            f"{race_day} is more than {MAX_WEEKS} weeks after the start {start}",
            f"Start on {race_day - timedelta(weeks=MAX_WEEKS)} or later, or plan for a nearer goal first.",
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
    document: Mapping[str, Any], _start: date, _max_reps: Mapping[str, int], ignored: list[str]
) -> ThresholdGoal:
    fields = Fields(document, path="goal", known=("type", "pct", "weeks"), ignored=ignored)
    gain_pct = fields.number("pct", low=0.1, high=50, unit="percent")
    if gain_pct is None:
        raise refuse("goal.pct", "is missing", "Write the wished gain in percent, for example 5.")
    return ThresholdGoal(gain_pct=gain_pct, weeks=_weeks(fields))


def _general_fitness(
    document: Mapping[str, Any], _start: date, _max_reps: Mapping[str, int], ignored: list[str]
) -> FitnessGoal:
    fields = Fields(document, path="goal", known=("type", "weeks", "hours_per_week"), ignored=ignored)
    return FitnessGoal(weeks=_weeks(fields), hours_per_week=fields.number("hours_per_week", low=0.25, high=40))


def _strength(
    document: Mapping[str, Any], _start: date, max_reps: Mapping[str, int], ignored: list[str]
) -> StrengthGoal:
    fields = Fields(document, path="goal", known=("type", "exercise", "current", "target", "weeks"), ignored=ignored)
    exercise = fields.required("exercise", f"Write one of: {', '.join(STRENGTH_EXERCISES)}.")
    if exercise not in STRENGTH_EXERCISES:
        raise refuse("goal.exercise", f"is {exercise!r}", f"Write one of: {', '.join(STRENGTH_EXERCISES)}.")
    current = fields.whole("current", low=0, high=1000, unit="repetitions")
    target = fields.whole("target", low=1, high=1000, unit="repetitions")
    if target is None:
        raise refuse("goal.target", "is missing", "Write how many repetitions you want to reach.")
    if current is None:
        if exercise not in max_reps:
            raise refuse("goal.current", "is missing", "Write how many good repetitions you can do in one set now.")
        current = max_reps[exercise]
    if target <= current:
        raise refuse(
            "goal.target",
            f"{target} is not more than the current {current}",
            'Set a higher target, or choose {"type": "maintain"}.',
        )
    return StrengthGoal(exercise=exercise, current_reps=current, target_reps=target, weeks=_weeks(fields))


def _maintain(
    document: Mapping[str, Any], _start: date, _max_reps: Mapping[str, int], ignored: list[str]
) -> MaintainGoal:
    return MaintainGoal(weeks=_weeks(Fields(document, path="goal", known=("type", "weeks"), ignored=ignored)))
