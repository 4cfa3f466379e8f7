"""Where the plan leads: load averages week by week, and an honest word on what can be expected."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from topform.coaching.baseline import Baseline
from topform.coaching.goals import RaceGoal, StrengthGoal, ThresholdGoal
from topform.coaching.planner.diary import Diary
from topform.coaching.planner.season import Season
from topform.coaching.planner.warnings import lost_fitness
from topform.coaching.race import race_basis
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.strength import total_reps

_USUAL_GAIN_PCT_A_WEEK: Final = (0.1, 0.6)
_USUAL_GAIN_LIMIT_PCT: Final = 10.0
_NOTE: Final = "Fitness, fatigue and form are averages of load; they describe training, not what a body must do."
_MUCH_LESS: Final = 0.75
"""Ordinary weeks below this share of what fitness rests on let it fall by the plan alone."""

_USUAL_REPS_GROWTH_A_WEEK: Final = (0.02, 0.07)


def forecast(request: PlanRequest, base: Baseline, season: Season, diary: Diary) -> dict[str, Any]:
    """Return load averages for each week and the end, and what the goal can expect.

    Parameters
    ----------
    request : PlanRequest
    base : Baseline
    season : Season
    diary : Diary

    Returns
    -------
    dict
        ``weeks``, ``start``, ``end`` and one of ``race``, ``threshold`` or ``strength`` where the goal has numbers.
    """
    weeks = []
    for week in season.weeks:
        sessions = [item for index in week.days for item in diary.days[index]]
        last = week.days[-1]
        weeks.append(
            {
                "week": week.index + 1,
                "start": season.day(week.first_day).isoformat(),
                "phase": week.phase,
                "easier": week.is_deload,
                "sessions": len(sessions),
                "minutes": sum(item.minutes for item in sessions),
                "load": round(sum(item.load_au for item in sessions), 1),
                "ctl": round(diary.ctl[last], 1),
                "atl": round(diary.atl[last], 1),
                "tsb": round(diary.ctl[last] - diary.atl[last], 1),
            }
        )
    result: dict[str, Any] = {
        "start": {"ctl": round(base.ctl, 1), "atl": round(base.atl, 1), "tsb": round(base.ctl - base.atl, 1)},
        "end": {key: weeks[-1][key] for key in ("ctl", "atl", "tsb")},
        "peak_ctl": round(float(np.max(diary.ctl)), 1),
        "weeks": weeks,
        "note": _NOTE,
    }
    beside = _beside(base, season, weeks)
    if beside is not None:
        result |= {"beside": beside, "note": f"{_NOTE} {beside['text']}"}
    return result | _goal_forecast(request, base, season, diary)


def _beside(base: Baseline, season: Season, weeks: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what the plan leaves out of the athlete's usual load, None where it leaves out little.

    A plan for push-ups or for one sport of several holds a part of the training that fitness rests on. Taken alone it
    would look like a loss.
    """
    ordinary = [
        week["load"]
        for week, frame in zip(weeks, season.weeks, strict=True)
        if not frame.is_deload and frame.phase != "taper" and frame.n_days == 7
    ]
    usual = 7 * base.ctl
    planned = sum(ordinary) / max(1, len(ordinary))
    if not ordinary or planned >= _MUCH_LESS * usual:
        return None
    return {
        "planned_week_load": round(planned),
        "usual_week_load": round(usual),
        "text": f"An ordinary week of this plan holds a load of about {planned:.0f}; your fitness at the start rests "
        f"on about {usual:.0f} a week. What you train beside the plan, other sports too, is not in this forecast: "
        "fitness falls as shown only if you leave it out.",
    }


def _goal_forecast(request: PlanRequest, base: Baseline, season: Season, diary: Diary) -> dict[str, Any]:
    goal = request.goal
    if isinstance(goal, RaceGoal) and season.race is not None and season.race_index is not None:
        interval = season.race.interval_80_s
        eve = season.race_index - 1
        return {
            "race": {
                "date": goal.day.isoformat(),
                "minutes": season.race.minutes,
                "load": season.race.load_au,
                "tsb_on_the_morning": round(diary.ctl[eve] - diary.atl[eve], 1),
                "basis": race_basis(goal, season.race),
                "based_on": season.race.basis,
                "interval_80_minutes": None if interval is None else [round(value / 60, 1) for value in interval],
                "missing": list(season.race.missing),
            }
        }
    if isinstance(goal, ThresholdGoal):
        low, high = (min(_USUAL_GAIN_LIMIT_PCT, goal.weeks * rate) for rate in _USUAL_GAIN_PCT_A_WEEK)
        note = "within what training of this length usually brings"
        if goal.gain_pct > high:
            note = "more than training of this length usually brings; the plan is the same, the hope should be smaller"
        usual: list[float] | None = [round(low, 1), round(high, 1)]
        if lost_fitness(request, base, season, diary) is not None:
            usual, note = None, "no gain to be expected: the plan holds less load than your fitness rests on"
        return {"threshold": {"wanted_pct": goal.gain_pct, "usual_pct": usual, "note": note}}
    if isinstance(goal, StrengthGoal):
        training = sum(not week.is_deload for week in season.weeks)
        low, high = (round(max(goal.current_reps, 1) * (1 + rate) ** training) for rate in _USUAL_REPS_GROWTH_A_WEEK)
        reps = [sum(total_reps(item) for index in week.days for item in diary.days[index]) for week in season.weeks]
        note = (
            "within reach at the planned growth"
            if goal.target_reps <= high
            else ("beyond the planned growth of five to ten percent a week; expect to need more weeks")
        )
        return {
            "strength": {
                "exercise": goal.exercise,
                "current": goal.current_reps,
                "wanted": goal.target_reps,
                "usual_after_plan": [low, high],
                "weekly_reps": reps,
                "note": note,
            }
        }
    return {}
