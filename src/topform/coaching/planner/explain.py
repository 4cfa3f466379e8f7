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

_NAMED_RACES: Final = {
    PlanSport.RUNNING: ((21_097.5, "half marathon"), (42_195.0, "marathon")),
    PlanSport.CYCLING: ((160_934.0, "century ride"),),
    PlanSport.SWIMMING: (),
    PlanSport.TRIATHLON: (
        (25_750.0, "sprint triathlon"),
        (51_500.0, "Olympic triathlon"),
        (113_000.0, "middle-distance triathlon"),
        (226_000.0, "full-distance triathlon"),
    ),
}
_RACE_SOON: Final = {1: "race_tomorrow", 2: "race_after_tomorrow"}
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
            parts.append(_part(_RACE_SOON.get(days_left, "race_in_days"), days=days_left))
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
        parts.append(_part("goal", goal=goal_part(goal)))
    return parts


def _part(code: str, **params: Any) -> Part:
    return {"code": code, "params": params}


def goal_part(goal: Goal) -> Part:
    """Return the goal as a code with its words and numbers."""
    match goal:
        case RaceGoal():
            name = race_name(goal)
            article = "an" if name.startswith(("O", "8", "11 ", "18 ")) else "a"
            return _part("goal.race", race=f"{article} {name}", day=goal.day.isoformat(), priority=goal.priority.value)
        case ThresholdGoal():
            return _part("goal.threshold", pct=goal.gain_pct)
        case StrengthGoal():
            return _part("goal.strength", target=goal.target_reps, current=goal.current_reps, exercise=goal.exercise)
        case FitnessGoal():
            return _part("goal.fitness")
        case MaintainGoal():
            return _part("goal.maintain")
