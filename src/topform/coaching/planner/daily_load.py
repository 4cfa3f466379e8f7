"""Stage A: the load of every day, as a linear programme over draws of the athlete's response.

The model breaks ties; the plan is mostly determined by its constraints. With a linear response and box limits the
optimum is bang-bang, so segments with falling benefit and rising cost make many moderate days better than few
extreme ones, and a small weight keeps the days close to an ordinary week.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from scipy import sparse
from scipy.optimize import linprog

from topform.coaching import rules
from topform.core.arrays import FloatArray
from topform.core.errors import TopFormError

LINEAR_SEGMENTS: Final = ((np.inf, 1.0, 1.0),)
SATURATING_SEGMENTS: Final = ((60.0, 1.0, 1.0), (60.0, 0.85, 1.15), (np.inf, 0.7, 1.3))
"""Width [AU], slope of the benefit, slope of the cost; concave benefit and convex cost keep the problem linear."""

BENEFIT_GAIN: Final = 0.008
_SHORTFALL_WEIGHT: Final = 1.0
N_DRAWS: Final = 50


class PlannerError(TopFormError):
    """The planner failed to do what its own rules guarantee; a defect, never the athlete's fault."""

    code = "planner_failed"


@dataclass(frozen=True, slots=True, eq=False)
class LinearLimit:
    """A bound on a weighted sum of daily loads.

    Parameters
    ----------
    days : FloatArray
        (n,) weight of each day.
    high : float
        Never exceeded.
    low : float
        Reached where the other limits allow it.
    """

    days: FloatArray
    high: float = np.inf
    low: float = -np.inf


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """What a unit of load on each day is worth on the target morning, one row for each draw of the parameters.

    Parameters
    ----------
    benefit, cost : FloatArray
        (draws, n), performance units per AU.
    """

    benefit: FloatArray
    cost: FloatArray

    @classmethod
    def fixed(
        cls, *, n_days: int, target_day: int, tau_fitness: float, tau_fatigue: float, gains: tuple[float, float]
    ) -> Response:
        """Return the response for known parameters; day d acts for ``target_day - d`` days."""
        lag = target_day - np.arange(n_days, dtype=np.float64)
        benefit = gains[0] * np.exp(-lag / tau_fitness)
        cost = gains[1] * np.exp(-lag / tau_fatigue)
        return cls(benefit[np.newaxis], cost[np.newaxis])

    @classmethod
    def drawn(cls, *, n_days: int, target_day: int, rng: Generator, n_draws: int = N_DRAWS) -> Response:
        """Return responses for parameters drawn from the population.

        Time constants are log-normal around 42 and 9 days, the ratio of the gains around 2: conventions that hold
        for the average person and are not identifiable for a single one.
        """
        lag = target_day - np.arange(n_days, dtype=np.float64)
        tau_fitness = 42.0 * np.exp(0.25 * rng.standard_normal(n_draws))
        tau_fatigue = np.minimum(9.0 * np.exp(0.3 * rng.standard_normal(n_draws)), 0.6 * tau_fitness)
        ratio = 2.0 * np.exp(0.25 * rng.standard_normal(n_draws))
        benefit = BENEFIT_GAIN * np.exp(-lag / tau_fitness[:, np.newaxis])
        cost = BENEFIT_GAIN * ratio[:, np.newaxis] * np.exp(-lag / tau_fatigue[:, np.newaxis])
        return cls(benefit, cost)


@dataclass(frozen=True, slots=True, eq=False)
class LoadProblem:
    """Everything that determines the daily loads.

    Parameters
    ----------
    caps_au : FloatArray
        (n,) most load each day can hold; 0 on rest days. [AU]
    ctl, atl : float
        On the evening before day 0. [AU/day]
    ctl_before : FloatArray
        (7,) ctl after each of the seven days before day 0.
    ramp_au, tsb_floor_au : float
        Largest rise of ctl in seven days; lowest tsb. [AU/day]
    response : Response
    limits : tuple of LinearLimit
        Weekly totals, deload, taper and the like.
    segments : tuple
        See `SATURATING_SEGMENTS`.
    spread_weight : float
        Weight of the mean absolute deviation over the draws, subtracted from the mean.
    shape_au : FloatArray or None
        (n,) an ordinary distribution of the load, kept close to where it costs nothing.
    shape_weight : float
    """

    caps_au: FloatArray
    ctl: float
    atl: float
    ctl_before: FloatArray
    ramp_au: float
    tsb_floor_au: float
    response: Response
    limits: tuple[LinearLimit, ...] = ()
    segments: tuple[tuple[float, float, float], ...] = SATURATING_SEGMENTS
    spread_weight: float = 0.0
    shape_au: FloatArray | None = None
    shape_weight: float = 0.0
    time_constants: tuple[float, float] = field(default=(rules.CTL_TIME_CONSTANT_DAYS, rules.ATL_TIME_CONSTANT_DAYS))


@dataclass(frozen=True, slots=True, eq=False)
class LoadSolution:
    """The optimal loads and what they are worth: the change of performance caused by the planned days alone."""

    loads_au: FloatArray
    gain: float


class _Rows:
    """Collects sparse rows ``row @ x <= bound``."""

    def __init__(self, n_columns: int) -> None:
        self.n_columns = n_columns
        self.blocks: list[sparse.csr_array] = []
        self.bounds: list[FloatArray] = []

    def add(self, block: sparse.csr_array, bounds: FloatArray) -> None:
        self.blocks.append(block)
        self.bounds.append(bounds)


def solve(problem: LoadProblem) -> LoadSolution:
    """Return the daily loads that maximise the expected performance on the target morning.

    Days without any load are always allowed, so that a solution exists; lower bounds give way to upper bounds.

    Parameters
    ----------
    problem : LoadProblem

    Returns
    -------
    LoadSolution

    Raises
    ------
    PlannerError
        If the solver does not end with an optimum.
    """
    n = problem.caps_au.size
    n_seg, n_draws, n_limits = len(problem.segments), problem.response.benefit.shape[0], len(problem.limits)
    with_spread = problem.spread_weight > 0 and n_draws > 1
    with_shape = problem.shape_au is not None and problem.shape_weight > 0
    n_spread, n_shape = (n_draws if with_spread else 0), (n if with_shape else 0)
    # Columns: segment loads (segment by segment), shortfalls of the limits, spread, distance from the shape.
    columns = n * n_seg + n_limits + n_spread + n_shape
    at_limits, at_spread = n * n_seg, n * n_seg + n_limits
    at_shape = at_spread + n_spread
    day_sum = sparse.hstack([sparse.eye_array(n)] * n_seg + [sparse.csr_array((n, columns - n * n_seg))], format="csr")
    values = np.hstack(
        [benefit * problem.response.benefit - cost * problem.response.cost for _, benefit, cost in problem.segments]
    )
    rows = _Rows(columns)
    _safety_rows(rows, problem, day_sum)
    _limit_rows(rows, problem, day_sum, at_limits)
    if with_spread:
        _spread_rows(rows, values - values.mean(axis=0), at_spread)
    if with_shape and problem.shape_au is not None:
        slack = sparse.hstack([sparse.csr_array((n, at_shape)), sparse.eye_array(n)], format="csr")
        rows.add(day_sum - slack, problem.shape_au)
        rows.add(-day_sum - slack, -problem.shape_au)
    objective = np.zeros(columns)
    objective[: n * n_seg] = -values.mean(axis=0)
    objective[at_limits:at_spread] = _SHORTFALL_WEIGHT
    objective[at_spread:at_shape] = problem.spread_weight / max(1, n_spread)
    objective[at_shape:] = problem.shape_weight
    upper = np.concatenate([_segment_widths(problem), np.full(columns - n * n_seg, np.inf)])
    result: Any = linprog(
        objective,
        A_ub=sparse.vstack(rows.blocks, format="csr"),
        b_ub=np.concatenate(rows.bounds),
        bounds=list(zip(np.zeros(columns), upper, strict=True)),
        method="highs",
    )
    if result.status != 0:
        raise PlannerError(f"the daily-load programme ended with: {result.message}")
    loads = np.asarray(day_sum @ result.x, dtype=np.float64)
    return LoadSolution(np.clip(loads, 0.0, None), float(values.mean(axis=0) @ result.x[: n * n_seg]))


def _segment_widths(problem: LoadProblem) -> FloatArray:
    """Return the upper bound of every segment variable: the segments fill up to the day's cap in turn."""
    taken, parts = 0.0, []
    for width, _, _ in problem.segments:
        parts.append(np.clip(problem.caps_au - taken, 0.0, width))
        taken += width
    return np.concatenate(parts)


def _spread_rows(rows: _Rows, deviation: FloatArray, at_spread: int) -> None:
    """Bound the distance of each draw from the mean by its spread variable, from both sides."""
    n_draws, n_values = deviation.shape
    pad = sparse.csr_array((n_draws, at_spread - n_values))
    tail = sparse.csr_array((n_draws, rows.n_columns - at_spread - n_draws))
    for sign in (1.0, -1.0):
        parts = [sign * sparse.csr_array(deviation), pad, -sparse.eye_array(n_draws), tail]
        rows.add(sparse.hstack(parts, format="csr"), np.zeros(n_draws))


def decay_matrix(n: int, time_constant_days: float) -> FloatArray:
    """Return the (n, n) matrix that turns daily loads into their share of the load average after each day."""
    lag = np.subtract.outer(np.arange(n), np.arange(n)).astype(np.float64)
    keep = np.exp(-1.0 / time_constant_days)
    return np.where(lag >= 0, (1.0 - keep) * keep ** np.maximum(lag, 0.0), 0.0)


def _safety_rows(rows: _Rows, problem: LoadProblem, day_sum: sparse.csr_array) -> None:
    """Ramp and balance; each bound is at least what complete rest would give, so that rest stays allowed."""
    n = problem.caps_au.size
    tau_ctl, tau_atl = problem.time_constants
    chronic, acute = decay_matrix(n, tau_ctl), decay_matrix(n, tau_atl)
    days = np.arange(1, n + 1)
    ctl_rest, atl_rest = problem.ctl * np.exp(-days / tau_ctl), problem.atl * np.exp(-days / tau_atl)
    week_before = np.concatenate([problem.ctl_before, ctl_rest])[:n]
    rise_at_rest = ctl_rest - week_before
    earlier = np.vstack([np.zeros((min(7, n), n)), chronic[:-7]]) if n > 7 else np.zeros((n, n))
    rows.add(sparse.csr_array(chronic - earlier) @ day_sum, np.maximum(problem.ramp_au, rise_at_rest) - rise_at_rest)
    balance_at_rest = ctl_rest - atl_rest
    floor = np.minimum(problem.tsb_floor_au, balance_at_rest)
    rows.add(sparse.csr_array(acute - chronic) @ day_sum, balance_at_rest - floor)


def _limit_rows(rows: _Rows, problem: LoadProblem, day_sum: sparse.csr_array, at_limits: int) -> None:
    for index, limit in enumerate(problem.limits):
        row = sparse.csr_array(limit.days[np.newaxis]) @ day_sum
        if np.isfinite(limit.high):
            rows.add(row, np.array([limit.high]))
        if np.isfinite(limit.low):
            shortfall = sparse.csr_array(([1.0], ([0], [at_limits + index])), shape=(1, rows.n_columns))
            rows.add(-row - shortfall, np.array([-limit.low]))
