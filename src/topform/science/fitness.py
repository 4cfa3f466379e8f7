"""Load averages: fitness, fatigue and form as bookkeeping over daily loads."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from topform.core.arrays import FloatArray, frozen_floats
from topform.core.errors import OutOfRangeError, ShapeError

CTL_DAYS = 42.0
ATL_DAYS = 7.0
COLD_START_DAYS = 28
LOAD_PER_QUESTIONNAIRE_HOUR = 50.0


@dataclass(frozen=True, slots=True, eq=False)
class LoadAverages:
    """Load averages after each day's load.

    Parameters
    ----------
    ctl, atl : FloatArray
        (n,) long-term and short-term average after the day. [AU/day]
    tsb : FloatArray
        (n,) balance after the day, ``ctl - atl``. [AU/day]
    tsb_morning : FloatArray
        (n,) balance of the evening before: the form one wakes up with. [AU/day]
    """

    ctl: FloatArray
    atl: FloatArray
    tsb: FloatArray
    tsb_morning: FloatArray


def load_averages(
    daily_load_au: FloatArray,
    *,
    ctl_start: float,
    atl_start: float,
    ctl_days: float = CTL_DAYS,
    atl_days: float = ATL_DAYS,
) -> LoadAverages:
    """Exponential averages of daily load with time constants in days.

    x[t] = x[t-1] + (load[t] - x[t-1]) * (1 - exp(-1 / tau)); the form with 1/tau gives 0.7 % more after 42 days. A
    bookkeeping device: 42 and 7 days are conventions, and without an athlete's own gains it predicts nothing.

    Parameters
    ----------
    daily_load_au : FloatArray
        (n,) one total a day without a gap, 0 on rest days. [AU], >= 0
    ctl_start, atl_start : float
        Averages on the evening before the first day. [AU/day], >= 0
    ctl_days, atl_days : float
        Time constants. [d], default 42 and 7, > 0

    Returns
    -------
    LoadAverages

    Raises
    ------
    ShapeError
        If a day is missing.
    OutOfRangeError
        If a load is negative or a time constant not positive.

    References
    ----------
    .. [1] E. W. Banister, T. W. Calvert, M. V. Savage, T. Bach, "A systems model of training for athletic
       performance," Aust. J. Sports Med., vol. 7, pp. 57-61, 1975.

    Examples
    --------
    >>> averages = load_averages(np.full(42, 100.0), ctl_start=0, atl_start=0)
    >>> [round(float(x[-1]), 4) for x in (averages.ctl, averages.atl, averages.tsb)]
    [63.2121, 99.7521, -36.5401]
    """
    if daily_load_au.ndim != 1 or not np.isfinite(daily_load_au).all():
        raise ShapeError("daily_load_au must be one finite number a day")
    if (daily_load_au < 0).any() or min(ctl_start, atl_start) < 0:
        raise OutOfRangeError("loads must not be negative")
    if min(ctl_days, atl_days) <= 0:
        raise OutOfRangeError("time constants must be above 0")
    ctl = _smoothed(daily_load_au, ctl_start, ctl_days)
    atl = _smoothed(daily_load_au, atl_start, atl_days)
    tsb = ctl - atl
    morning = np.concatenate([[ctl_start - atl_start], tsb[:-1]]) if tsb.size else tsb
    return LoadAverages(frozen_floats(ctl), frozen_floats(atl), frozen_floats(tsb), frozen_floats(morning))


def _smoothed(load: FloatArray, start: float, days: float) -> FloatArray:
    gain, level, levels = 1 - math.exp(-1 / days), start, []
    for value in load.tolist():
        level += (value - level) * gain
        levels.append(level)
    return np.array(levels, dtype=np.float64)


def cold_start(daily_load_au: FloatArray) -> float:
    """Return the level to start both averages from: the mean of the first 28 days, 0 without a day. [AU/day]

    Examples
    --------
    >>> cold_start(np.array([0.0, 100.0, 50.0, 50.0]))
    50.0
    """
    first = daily_load_au[:COLD_START_DAYS]
    return float(np.mean(first)) if first.size else 0.0


def cold_start_from_hours(hours_per_week: float) -> float:
    """Return the starting level of someone who told only weekly hours, at 50 AU an hour. [AU/day]"""
    if hours_per_week < 0:
        raise OutOfRangeError("hours_per_week must not be negative")
    return hours_per_week * LOAD_PER_QUESTIONNAIRE_HOUR / 7


def ramp_7d(ctl: FloatArray, *, ctl_start: float) -> float:
    """Return how far the long-term average rose in the last seven days. [AU/day]"""
    if not ctl.size:
        return 0.0
    before = ctl[-8] if ctl.size > 7 else ctl_start
    return float(ctl[-1] - before)


def weekly_load_for_ramp(*, ctl: float, ramp_au: float, ctl_days: float = CTL_DAYS) -> float:
    """Return the mean daily load of a week that raises the long-term average by a given amount. [AU/day]

    Examples
    --------
    >>> round(weekly_load_for_ramp(ctl=50, ramp_au=5), 3)
    82.569
    """
    if ctl_days <= 0:
        raise OutOfRangeError("ctl_days must be above 0")
    return float(ctl + ramp_au / (1 - np.exp(-7 / ctl_days)))
