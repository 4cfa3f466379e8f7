"""What a workout is expected to cost: the load formulas of the sports on the target trace, second by second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from topform.coaching.goals import PlanSport
from topform.coaching.workouts.model import Step, StepKind
from topform.core.arrays import FloatArray
from topform.core.units import S_PER_HOUR, S_PER_MIN

ROLLING_WINDOW_S: Final = 30

SRPE_TO_LOAD: Final = 100.0 / 420.0
"""Load of one unit of session-RPE (rating times minutes): an hour at rating 7 counts as an hour at threshold."""

ZONE_BORDERS_PCT: Final = {
    PlanSport.RUNNING: (82.0, 100.0),
    PlanSport.CYCLING: (78.0, 100.0),
    PlanSport.SWIMMING: (93.0, 100.0),
}
"""Defaults for the first and second threshold where none was measured. [% of threshold]"""


def target_trace(steps: Sequence[Step]) -> FloatArray:
    """Return the middle of the target range, one value a second. [fraction of threshold]"""
    parts = []
    for block in steps:
        for step in block.flat():
            if step.kind is StepKind.RAMP:
                moved = np.arange(step.duration_s) / step.duration_s
                parts.append(step.low_pct + (step.high_pct - step.low_pct) * moved)
            else:
                parts.append(np.full(step.duration_s, (step.low_pct + step.high_pct) / 2))
    return np.concatenate(parts) / 100.0 if parts else np.zeros(0)


def intensity_ratio(trace: FloatArray) -> float:
    """Return the fourth-power mean of the 30 s rolling mean, complete windows only.

    Parameters
    ----------
    trace : FloatArray
        (n,) power or speed as a fraction of threshold, one value a second.

    Returns
    -------
    float
        Equivalent intensity over threshold; the plain mean for less than 30 s.

    Examples
    --------
    >>> round(intensity_ratio(np.full(3600, 0.8)), 6)
    0.8
    """
    if trace.size < ROLLING_WINDOW_S:
        return float(trace.mean()) if trace.size else 0.0
    sums = np.concatenate([[0.0], np.cumsum(trace)])
    rolling = (sums[ROLLING_WINDOW_S:] - sums[:-ROLLING_WINDOW_S]) / ROLLING_WINDOW_S
    return float(np.mean(rolling**4) ** 0.25)


def swim_intensity_ratio(trace: FloatArray) -> float:
    """Return the mean speed while swimming over critical swim speed; rest at the wall does not count."""
    moving = trace[trace > 0]
    return float(moving.mean()) if moving.size else 0.0


def predicted_load(steps: Sequence[Step], sport: PlanSport) -> tuple[float, float]:
    """Return the load and the intensity ratio of an endurance workout.

    Parameters
    ----------
    steps : sequence of Step
    sport : PlanSport
        Running and cycling: hours x ratio^2 x 100; swimming: moving hours x ratio^3 x 100, as drag grows with the
        square of speed.

    Returns
    -------
    load_au : float
        [AU], 100 = one hour at threshold.
    intensity_ratio : float
    """
    trace = target_trace(steps)
    if sport is PlanSport.SWIMMING:
        ratio = swim_intensity_ratio(trace)
        return float((trace > 0).sum()) / S_PER_HOUR * ratio**3 * 100.0, ratio
    ratio = intensity_ratio(trace)
    return trace.size / S_PER_HOUR * ratio**2 * 100.0, ratio


def strength_load(*, rpe_cr10: float, minutes: float) -> float:
    """Return the load of a strength session from its expected session-RPE.

    Parameters
    ----------
    rpe_cr10 : float
        0..10
    minutes : float
        [min]

    Returns
    -------
    float
        [AU]

    Examples
    --------
    >>> strength_load(rpe_cr10=7, minutes=60)
    100.0
    """
    return rpe_cr10 * minutes * SRPE_TO_LOAD


def zone_minutes(steps: Sequence[Step], sport: PlanSport) -> tuple[float, float, float]:
    """Return the minutes below, between and above the two thresholds. [min]"""
    trace = target_trace(steps) * 100.0
    moving = trace[trace > 0]
    low, high = ZONE_BORDERS_PCT.get(sport, ZONE_BORDERS_PCT[PlanSport.CYCLING])
    first = float((moving < low).sum())
    third = float((moving >= high).sum())
    return first / S_PER_MIN, (moving.size - first - third) / S_PER_MIN, third / S_PER_MIN
