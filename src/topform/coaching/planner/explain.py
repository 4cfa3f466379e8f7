"""The sentences that say why a session is there."""

from __future__ import annotations

from typing import Final

from topform.coaching.goals import FitnessGoal, Goal, MaintainGoal, RaceGoal, StrengthGoal, ThresholdGoal
from topform.coaching.planner.season import Season, Week
from topform.coaching.workouts.model import SessionKind, Workout
from topform.core.units import M_PER_KM

_PHASE_REASONS: Final = {
    "base": "You are in the base phase, where most work is easy",
    "build": "You are in the build phase, where faster work joins the volume",
    "peak": "You are in the peak phase, where work comes close to the race",
    "specific": "With few weeks left the plan sharpens what is there",
    "taper": "You are in the taper: less volume, the rhythm stays",
    "progress": "The plan grows step by step",
    "maintain": "The plan holds what you have",
}


def why(item: Workout, *, goal: Goal, season: Season, week: Week, index: int) -> str:
    """Return one or two plain sentences: what the session is for, and why on this day.

    Parameters
    ----------
    item : Workout
    goal : Goal
    season : Season
    week : Week
    index : int
        Day of the plan.
    """
    reasons = [item.purpose + "."]
    if week.is_deload and item.kind is not SessionKind.RACE:
        reasons.append("This is an easier week: the body adapts while it rests.")
        return " ".join(reasons)
    days_left = None if season.race_index is None else season.race_index - index
    match item.kind:
        case SessionKind.OPENER:
            reasons.append(f"The race is {'tomorrow' if days_left == 1 else 'the day after tomorrow'}.")
        case SessionKind.LONG:
            reasons.append(
                f"It lies on {_day_name(season.weekday(index))}, with {season.minutes[index]} minutes to spare, "
                "and is at most a careful step longer than your longest of the last 30 days."
            )
        case SessionKind.EASY | SessionKind.RECOVERY:
            reasons.append("Easy on purpose: it keeps you fresh for the hard days around it.")
        case SessionKind.STRENGTH:
            reasons.append("A day or more lies between strength sessions, so that muscles can rebuild.")
        case _:
            reasons.append(f"{_PHASE_REASONS[week.phase]}; the days before and after are easy or free.")
    if week.index == 0 and item.kind in {SessionKind.LONG, SessionKind.THRESHOLD, SessionKind.VO2}:
        reasons.append(_goal_words(goal))
    return " ".join(reasons)


def goal_sentence(goal: Goal) -> str:
    """Return the goal in words."""
    match goal:
        case RaceGoal():
            article = "an" if goal.priority == "A" else "a"
            distance_km = goal.distance_m / M_PER_KM
            return f"{article} {goal.priority} race over {distance_km:g} km ({goal.sport}) on {goal.day}"
        case ThresholdGoal():
            return f"{goal.gain_pct:g} % more threshold in {_weeks(goal.weeks)}"
        case StrengthGoal():
            return (
                f"{goal.target_reps} instead of {goal.current_reps} {goal.exercise.replace('_', '-')}s "
                f"in {_weeks(goal.weeks)}"
            )
        case FitnessGoal():
            return f"general fitness over {_weeks(goal.weeks)}"
        case MaintainGoal():
            return f"holding fitness for {_weeks(goal.weeks)}"


def _weeks(number: int) -> str:
    return f"{number} week{'' if number == 1 else 's'}"


def _goal_words(goal: Goal) -> str:
    return f"Your goal: {goal_sentence(goal)}."


def _day_name(short: str) -> str:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return next(name for name in names if name.lower().startswith(short))
