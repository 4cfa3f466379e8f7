"""Session-RPE load, monotony and strain."""

from __future__ import annotations

import numpy as np

from topform.core.arrays import FloatArray, require_range
from topform.core.errors import ShapeError
from topform.core.units import S_PER_MIN

LOAD_PER_SRPE = 100 / 420
"""Default factor to the load scale: one hour at CR-10 7 is 100."""

SCALE_PRIOR_PAIRS = 8.0
"""An athlete's own factor weighs as much as the default at so many sessions that have both loads."""
SCALE_RANGE = (0.25, 4.0)
"""Of an own factor to the default; beyond it something else is wrong than the rating."""

MONOTONY_CAP = 10.0
DAYS_A_WEEK = 7


def srpe_load(*, rpe_cr10: float, duration_s: float) -> float:
    """Rating of the whole session times minutes.

    Asked about 30 min after the session; repeated sessions differ by about 28 % (coefficient of variation).

    References
    ----------
    .. [1] C. Foster et al., "A new approach to monitoring exercise training," J. Strength Cond. Res., vol. 15,
       pp. 109-115, 2001.

    Examples
    --------
    >>> srpe_load(rpe_cr10=6, duration_s=3600)
    360.0
    """
    require_range("rpe_cr10", rpe_cr10, low=0, high=10)
    require_range("duration_s", duration_s, low=0, high=float("inf"))
    return rpe_cr10 * duration_s / S_PER_MIN


def personal_scale(srpe_load_au: FloatArray, load_au: FloatArray) -> float:
    """Factor from session-RPE load to the load scale, from sessions that have both, drawn towards the default.

    A line through the origin with the least absolute error, so that a few odd ratings do not move it; its logarithm
    weighs n / (n + 8) beside that of the default.

    Parameters
    ----------
    srpe_load_au : FloatArray
        (n,) rating times minutes, > 0. [AU]
    load_au : FloatArray
        (n,) load of the same sessions from sensors, > 0. [AU]

    Returns
    -------
    float

    Raises
    ------
    ShapeError
        If the two differ in length.

    Examples
    --------
    >>> round(personal_scale(np.full(24, 400.0), np.full(24, 60.0)), 4), round(100 / 420, 4)
    (0.1684, 0.2381)
    """
    if srpe_load_au.shape != load_au.shape or srpe_load_au.ndim != 1:
        raise ShapeError("both loads are needed for each session")
    usable = (srpe_load_au > 0) & (load_au > 0)
    x, ratio = srpe_load_au[usable], load_au[usable] / srpe_load_au[usable]
    if not ratio.size:
        return LOAD_PER_SRPE
    order = np.argsort(ratio)
    halfway = np.searchsorted(np.cumsum(x[order]), x.sum() / 2)
    own = float(np.clip(ratio[order][halfway] / LOAD_PER_SRPE, *SCALE_RANGE))
    share = ratio.size / (ratio.size + SCALE_PRIOR_PAIRS)
    return LOAD_PER_SRPE * float(own**share)


def monotony(week_load_au: FloatArray) -> float:
    """Mean over standard deviation of seven daily loads, rest days included, capped at 10.

    Undefined for equal days; then the cap is returned.

    Parameters
    ----------
    week_load_au : FloatArray
        (7,) all finite. [AU]

    Raises
    ------
    ShapeError
        If it is not a complete week.

    References
    ----------
    .. [1] C. Foster, "Monitoring training in athletes with reference to overtraining syndrome," Med. Sci. Sports
       Exerc., vol. 30, pp. 1164-1168, 1998.
    """
    if week_load_au.shape != (DAYS_A_WEEK,) or not np.isfinite(week_load_au).all():
        raise ShapeError("week_load_au needs seven observed days")
    spread = float(np.std(week_load_au, ddof=1))
    return MONOTONY_CAP if spread == 0 else min(MONOTONY_CAP, float(np.mean(week_load_au)) / spread)


def strain_au(week_load_au: FloatArray) -> float:
    """Week's load times monotony. [AU]"""
    return float(np.sum(week_load_au)) * monotony(week_load_au)
