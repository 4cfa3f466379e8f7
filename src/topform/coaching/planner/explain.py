"""The sentences that say why a session is there."""

from __future__ import annotations

from typing import Any, Final

from topform.coaching.goals import FitnessGoal, Goal, MaintainGoal, PlanSport, RaceGoal, StrengthGoal, ThresholdGoal
from topform.coaching.planner.season import Season, Week
from topform.coaching.race import race_legs
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.model import SessionKind, Workout
from topform.coaching.workouts.race_pace import is_race_pace
from topform.core.units import M_PER_KM

Part = dict[str, Any]
"""``{"code", "params"}``: a reason that the app can say in any language."""

_SENTENCES: Final = {
    "purpose": "{text}.",
    "easier_week": "This is an easier week: the body adapts while it rests.",
    "race_in_days": "The race is {when}.",
    "long_day": (
        "It lies on {weekday}, when you have {minutes} minutes, and is at most a careful step longer than your "
        "longest of the last 30 days."
    ),
    "long_taper": "Shorter than before on purpose: it keeps the habit while the load falls.",
    "easy_on_purpose": "Easy on purpose: it keeps you fresh for the hard days around it.",
    "steady_finish": (
        "It gets steady towards the end and so counts as moderate: not on the day before your long session."
    ),
    "race_pace": "Its target is what your race is expected to take: about {pct} % of your threshold.",
    "strength_gap": "A day or more lies between strength sessions, so that muscles can rebuild.",
    "after_ride": "It follows the ride of the same day at once.",
    "phase_base": "You are in the base phase, where most work is easy; the days before and after are easy or free.",
    "phase_build": (
        "You are in the build phase, where faster work joins the volume; the days before and after are easy or free."
    ),
    "phase_peak": (
        "You are in the peak phase, where work comes close to the race; the days before and after are easy or free."
    ),
    "phase_specific": (
        "With few weeks left the plan sharpens what is there; the days before and after are easy or free."
    ),
    "phase_taper": ("You are in the taper: less volume, the rhythm stays; the days before and after are easy or free."),
    "phase_progress": "The plan grows step by step; the days before and after are easy or free.",
    "phase_maintain": "The plan holds what you have; the days before and after are easy or free.",
    "goal": "Your goal: {goal}.",
}
_WHEN: Final = {1: "tomorrow", 2: "the day after tomorrow"}


_NAMED_RACES: Final = {
    PlanSport.RUNNING: ((21_097.5, "half marathon"), (42_195.0, "marathon")),
    PlanSport.CYCLING: ((160_934.0, "century ride"),),
    PlanSport.SWIMMING: (),
    PlanSport.TRIATHLON: (
        (25_750.0, "sprint triathlon"),
        (51_500.0, "olympic triathlon"),
        (113_000.0, "middle-distance triathlon"),
        (226_000.0, "full-distance triathlon"),
    ),
}
_SAME_DISTANCE_FRAC: Final = 0.005
_RACE_NOUNS: Final = {
    PlanSport.RUNNING: "run",
    PlanSport.CYCLING: "ride",
    PlanSport.SWIMMING: "swim",
    PlanSport.TRIATHLON: "triathlon",
}


def race_name(goal: RaceGoal) -> str:
    """Return what people call the race.

    Examples
    --------
    >>> from datetime import date
    >>> from topform.coaching.goals import Priority
    >>> [race_name(RaceGoal(PlanSport.RUNNING, metres, date(2027, 5, 9), Priority.A)) for metres in (21_097.5, 10_000)]
    ['half marathon', '10 km run']
    """
    for metres, name in _NAMED_RACES[goal.sport]:
        if abs(goal.distance_m - metres) <= _SAME_DISTANCE_FRAC * metres:
            return name
    if goal.distance_m < M_PER_KM:
        return f"{goal.distance_m:.0f} m {_RACE_NOUNS[goal.sport]}"
    return f"{round(goal.distance_m / M_PER_KM, 1):g} km {_RACE_NOUNS[goal.sport]}"


def why_parts(item: Workout, *, request: PlanRequest, season: Season, week: Week, index: int) -> list[Part]:
    """Return what a session is for, and why on this day, as codes with their numbers.

    Parameters
    ----------
    item : Workout
    request : PlanRequest
    season : Season
    week : Week
    index : int
        Day of the plan.
    """
    goal = request.goal
    parts = [_part("purpose", text=item.purpose)]
    if week.is_deload and item.kind is not SessionKind.RACE:
        return [*parts, _part("easier_week")]
    days_left = 0 if season.race_index is None else season.race_index - index
    match item.kind:
        case SessionKind.OPENER:
            parts.append(_part("race_in_days", days=days_left))
        case SessionKind.LONG:
            if week.phase == "taper" or index >= season.taper_from:
                return [*parts, _part("long_taper")]
            parts.append(_part("long_day", weekday=season.weekday(index), minutes=season.minutes[index]))
        case SessionKind.EASY | SessionKind.RECOVERY:
            is_brick = item.template_id.startswith("run.brick")
            is_plain = not item.is_moderate
            parts.append(_part("after_ride" if is_brick else "easy_on_purpose" if is_plain else "steady_finish"))
        case SessionKind.STRENGTH:
            parts.append(_part("strength_gap"))
        case _:
            parts.append(_part(f"phase_{week.phase}"))
    if is_race_pace(item.template_id) and isinstance(goal, RaceGoal):
        pct = next(leg.intensity_pct for leg in race_legs(goal, request) if leg.sport is item.sport)
        parts.insert(1, _part("race_pace", pct=pct))
    if week.index == 0 and item.kind in {SessionKind.LONG, SessionKind.THRESHOLD, SessionKind.VO2}:
        parts.append(_part("goal", goal=goal_sentence(goal)))
    return parts


def why(parts: list[Part]) -> str:
    """Return the parts as plain English sentences.

    Examples
    --------
    >>> why([{"code": "purpose", "params": {"text": "Builds the base"}}, {"code": "easier_week", "params": {}}])
    'Builds the base. This is an easier week: the body adapts while it rests.'
    """
    return " ".join(_sentence(part) for part in parts)


def _part(code: str, **params: Any) -> Part:
    return {"code": code, "params": params}


def _sentence(part: Part) -> str:
    params = dict(part["params"])
    if "weekday" in params:
        params["weekday"] = _day_name(params["weekday"])
    if "days" in params:
        params["when"] = _WHEN.get(params["days"], f"in {params['days']} days")
    return _SENTENCES[part["code"]].format(**params)


def goal_sentence(goal: Goal) -> str:
    """Return the goal in words."""
    match goal:
        case RaceGoal():
            name = race_name(goal)
            article = "an" if name.startswith(("o", "8", "11 ", "18 ")) else "a"
            return f"{article} {name} on {goal.day} (priority {goal.priority})"
        case ThresholdGoal():
            return f"{goal.gain_pct:g} % more at threshold"
        case StrengthGoal():
            return f"{goal.target_reps} instead of {goal.current_reps} {goal.exercise.replace('_', '-')}s"
        case FitnessGoal():
            return "general fitness"
        case MaintainGoal():
            return "holding fitness"


def _day_name(short: str) -> str:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return next(name for name in names if name.lower().startswith(short))
