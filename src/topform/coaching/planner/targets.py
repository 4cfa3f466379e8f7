"""Stage A for a request: the season's limits as a linear programme, its solution as daily load targets."""

from __future__ import annotations

from typing import Final

import numpy as np

from topform.coaching import rules
from topform.coaching.baseline import Baseline
from topform.coaching.goals import PlanSport
from topform.coaching.planner.daily_load import LinearLimit, LoadProblem, Response, solve
from topform.coaching.planner.season import Season, Week
from topform.coaching.request import PlanRequest
from topform.core.arrays import FloatArray

_MOST_LOAD_PER_MINUTE_AU: Final = 1.2
_WEEK_BAND: Final = (0.88, 1.08)
"""How far a week may leave the textbook's load."""

_LEAST_TAPER: Final = 0.80
"""How far a week of the taper may fall below it: with 0.65 and 0.47 of the weeks before, two weeks then hold 55 percent
less, within the 41 to 60 percent less volume that worked best (Bosquet 2007)."""

_AFTER_PLAN_DAYS: Final = 14
"""Without a race performance is judged two weeks after the end, so that the last week is no taper."""

_SHAPE_MINUTES: Final = {PlanSport.CYCLING: 300, PlanSport.TRIATHLON: 300}
_USUAL_SHAPE_MINUTES: Final = 180
"""A day gets its share of the week's load by its minutes, up to so many: those of a long session. [min]"""

_SPREAD_WEIGHT: Final = 0.25
_SHAPE_WEIGHT: Final = 0.004


def daily_targets(request: PlanRequest, base: Baseline, season: Season) -> FloatArray:
    """Return the load wanted on each day.

    Parameters
    ----------
    request : PlanRequest
    base : Baseline
    season : Season

    Returns
    -------
    FloatArray
        (n_days,) [AU]; the day of the race is 0, its load belongs to the race.
    """
    n = season.n_days
    target_day = season.race_index if season.race_index is not None else n + _AFTER_PLAN_DAYS
    rng = np.random.default_rng(request.seed)
    shape = _shape(season, _SHAPE_MINUTES.get(request.sport, _USUAL_SHAPE_MINUTES))
    problem = LoadProblem(
        caps_au=np.array(season.minutes, dtype=np.float64) * _MOST_LOAD_PER_MINUTE_AU,
        ctl=base.ctl,
        atl=base.atl,
        ctl_before=base.ctl_before,
        ramp_au=rules.MAX_RAMP_AU[request.experience],
        tsb_floor_au=rules.MIN_TSB_AU[request.experience],
        response=Response.drawn(n_days=n, target_day=target_day, rng=rng),
        limits=_limits(base, season),
        spread_weight=_SPREAD_WEIGHT,
        shape_au=shape,
        shape_weight=_SHAPE_WEIGHT,
    )
    return solve(problem).loads_au


def _days(n: int, days: range) -> FloatArray:
    row = np.zeros(n)
    row[[day for day in days if 0 <= day < n]] = 1.0
    return row


def _limits(base: Baseline, season: Season) -> tuple[LinearLimit, ...]:
    n = season.n_days
    limits = [LinearLimit(np.ones(n), high=sum(week.target_au for week in season.weeks))]
    for week in season.weeks:
        row = _days(n, week.days)
        low, high = _WEEK_BAND
        low = _LEAST_TAPER if week.phase == "taper" else low
        limits.append(LinearLimit(row, high=high * week.target_au, low=low * week.target_au))
        if week.is_deload and week.index > 0:
            limits.append(LinearLimit(row - rules.DELOAD_RATIO * _days(n, season.weeks[week.index - 1].days), high=0.0))
    for window in season.taper:
        reference = range(season.taper[0].first_day - 28, season.taper[0].first_day)
        before = sum(float(base.loads_au[day]) for day in reference if -base.loads_au.size <= day < 0) / 4
        inside = _days(n, range(window.first_day, window.end_day))
        mean_week = _days(n, reference) / 4
        limits.append(LinearLimit(inside - window.high * mean_week, high=max(window.high * before, 0.0), low=-np.inf))
        limits.append(LinearLimit(inside - window.low * mean_week, low=window.low * before))
    return tuple(limits)


def _shape(season: Season, most_min: int) -> FloatArray:
    """Spread each week's load over its days in proportion to the minutes, the shortest of seven days free."""
    shape = np.zeros(season.n_days)
    for week in season.weeks:
        days = _training_days(season, week)
        minutes = sum(min(season.minutes[day], most_min) for day in days)
        for day in days:
            shape[day] = week.target_au * min(season.minutes[day], most_min) / minutes
    return shape


def _training_days(season: Season, week: Week) -> list[int]:
    offered = sorted((day for day in week.days if season.minutes[day] > 0), key=lambda day: -season.minutes[day])
    return offered[: rules.MAX_TRAINING_DAYS_IN_ROW]
