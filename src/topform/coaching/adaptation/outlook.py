"""What a plan makes of the race: an interval over draws of the athlete's response, not a promise."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from topform.coaching.baseline import baseline
from topform.coaching.goals import RaceGoal
from topform.coaching.race import estimate_race
from topform.coaching.request import PlanRequest

_BASE_PERFORMANCE: Final = 250.0


def race_outlook(document: dict[str, Any], request: PlanRequest) -> dict[str, Any] | None:
    """Return the time that the plan's race may take, with an 80 % interval; None without a race.

    Parameters
    ----------
    document : dict
    request : PlanRequest

    Returns
    -------
    dict or None
        ``minutes``, ``interval_80_minutes`` and ``gain_pct``: the mean change of performance against training on as
        before the plan, and its 80 % interval over draws of the response.

    Notes
    -----
    The time at unchanged training comes from the threshold and a fatigue exponent. The change is that of the
    impulse-response model averaged over draws of its parameters; such gains are smaller than the noise of a test, so
    two plans whose intervals overlap are not different.
    """
    goal = request.goal
    if not isinstance(goal, RaceGoal):
        return None
    estimate = estimate_race(goal, request)
    loads = np.array([sum(s["load"] for s in day["sessions"]) for day in document["days"]], dtype=np.float64)
    loads[-1] = 0.0
    n_days = loads.size
    from topform.coaching.planner.daily_load import Response

    response = Response.drawn(n_days=n_days, target_day=n_days - 1, rng=np.random.default_rng(request.seed))
    as_before = np.full(n_days, baseline(request).ctl)
    as_before[-1] = 0.0
    change = ((response.benefit - response.cost) @ (loads - as_before)) / _BASE_PERFORMANCE
    mean, (low, high) = float(change.mean()), (float(value) for value in np.quantile(change, [0.1, 0.9]))
    minutes = estimate.minutes / (1.0 + mean)
    spread = math.hypot(estimate.half_width_frac, (high - low) / 2)
    return {
        "date": goal.day.isoformat(),
        "minutes": round(minutes, 1),
        "interval_80_minutes": [round(minutes * (1 - spread), 1), round(minutes * (1 + spread), 1)],
        "gain_pct": round(100 * mean, 2),
        "gain_interval_80_pct": [round(100 * low, 2), round(100 * high, 2)],
    }
