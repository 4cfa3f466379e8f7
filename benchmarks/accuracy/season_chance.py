"""What befalls a simulated athlete, the same whatever plan they follow, and the Fitness that was possible with it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from topform.coaching import rules
from topform.coaching.baseline import HISTORY_DAYS, baseline
from topform.coaching.planner.daily_load import LINEAR_SEGMENTS, LinearLimit, LoadProblem, Response, solve
from topform.coaching.request import PlanRequest
from topform.core.arrays import FloatArray

SESSIONS_A_DAY: Final = 4
_LOOKS: Final = 4
"""How often the possible loads are chosen again, with the bounds of the weeks that the loads before allow."""


class Chance:
    """Illness, pain, absences, mornings and sessions of every day, drawn before anybody lives them.

    Parameters
    ----------
    seed : int
    n_days : int
    """

    def __init__(self, seed: int, n_days: int) -> None:
        rng = np.random.default_rng(seed)
        shape = (n_days, SESSIONS_A_DAY)
        self.miss: float = rng.uniform(0.1, 0.3)
        self.threshold_error: float = rng.uniform(-0.1, 0.1)
        self.falls_ill = rng.random(n_days) < 0.008
        self.ill_days = rng.integers(2, 12, n_days)
        self.feels_pain = rng.random(n_days) < 0.006
        self.pain_days = rng.integers(3, 10, n_days)
        self.is_called_away = rng.random(n_days) < 0.006
        self.away_in_days = rng.integers(2, 10, n_days)
        self.away_days = rng.integers(2, 8, n_days)
        self.readiness = np.clip(rng.normal(52, 13, n_days), 0, 100)
        self.is_missed = rng.random(shape) < self.miss
        self.share = rng.choice([1.0, 1.0, 1.0, 0.55, 1.15], shape)
        self.is_broken_off = rng.random(shape) < 0.3


def possible_fitness(request: PlanRequest, days: list[date], done_au: dict[date, float]) -> float:
    """Return the highest Fitness on the last morning but one that the rules of load allow, known in hindsight.

    Parameters
    ----------
    request : PlanRequest
    days : list of date
        Every day of the plan.
    done_au : mapping of date to float
        What was done on each day by following the first plan unchanged; no day can hold more. [AU]

    Returns
    -------
    float
        Ctl with the rules on ramp, Form and the growth of weeks kept by what was done. [AU/day]
    """
    base, n = baseline(request), len(days)
    caps = np.array([done_au.get(day, 0.0) for day in days])
    end = max(0, n - 2)
    keep = np.exp(-1.0 / rules.CTL_TIME_CONSTANT_DAYS)
    ages = end - np.arange(n)
    worth = np.where(ages >= 0, (1 - keep) * keep ** np.maximum(ages, 0), 0.0)
    loads, best = caps, 0.0
    for _ in range(_LOOKS):
        problem = LoadProblem(
            caps_au=caps,
            ctl=base.ctl,
            atl=base.atl,
            ctl_before=base.ctl_before,
            ramp_au=rules.MAX_RAMP_AU[request.experience],
            tsb_floor_au=rules.MIN_TSB_AU[request.experience],
            response=Response(worth[np.newaxis], np.zeros((1, n))),
            limits=tuple(_growth(base, loads, day, keep) for day in range(n)),
            segments=LINEAR_SEGMENTS,
        )
        loads = solve(problem).loads_au
        best = max(best, float(base.ctl * keep ** (end + 1) + worth @ loads))
    return best


def _growth(base: Any, loads: FloatArray, day: int, keep: float) -> LinearLimit:
    """Bound the seven days up to a day by what allows most with the loads so far: any of the bounds is safe."""
    n = loads.size

    def past(first: int, stop: int) -> tuple[FloatArray, float]:
        """Return the weights of days ``first`` to ``stop`` (not included), and the load of those before the plan."""
        row = np.zeros(n)
        row[max(0, first) : max(0, stop)] = 1.0
        known = [float(base.loads_au[HISTORY_DAYS + d]) if -d <= HISTORY_DAYS else base.ctl for d in range(first, 0)]
        return row, float(sum(known[: max(0, stop - first)]))

    def ctl(on: int) -> tuple[FloatArray, float]:
        if on < 0:
            return np.zeros(n), float(base.ctl_before[max(0, 7 + on)])
        ages = on - np.arange(n)
        row = np.where(ages >= 0, (1 - keep) * keep ** np.maximum(ages, 0), 0.0)
        return row, float(base.ctl * keep ** (on + 1))

    week, week_before = past(day - 6, day + 1)
    three, three_before = past(day - 27, day - 6)
    ratio = rules.MAX_WEEK_RATIO
    bounds = [(np.zeros(n), rules.FREE_WEEK_LOAD_AU), (ratio / 3 * three, ratio / 3 * three_before)]
    for on in range(day - 6 - rules.RETURN_DAYS, day - 6):
        row, known = ctl(on)
        bounds.append((7 * ratio * row, 7 * ratio * known))
    row, known = max(bounds, key=lambda bound: float(bound[0] @ loads) + bound[1])
    return LinearLimit(week - row, high=max(0.0, known - week_before))
