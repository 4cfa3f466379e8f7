"""How output and heart rate drift apart in a long session."""

from __future__ import annotations

from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError, ShapeError
from topform.core.units import S_PER_HOUR, S_PER_MIN

WARM_UP_S: Final = 600
MIN_STEADY_S: Final = 2400
MAX_VARIABILITY: Final = 1.05
LIMIT_PCT: Final = 5.0
"""Above it, the session was beyond what can be held aerobically that day: a coaching convention; heat does it too."""

MIN_HALF_COVERAGE: Final = 0.8


def decoupling_pct(output: FloatArray, hr_bpm: FloatArray) -> float:
    """Loss of output per heart beat from the first to the second half.

    Meaningful for steady sessions of 40 min or more after the warm-up; `is_steady` says so for power.

    Parameters
    ----------
    output : FloatArray
        (n,) power [W] or grade-adjusted speed [m/s], once a second, warm-up removed; NaN = not observed.
    hr_bpm : FloatArray
        (n,) [bpm]

    Returns
    -------
    float
        Percent of the first half; positive when heart rate rises against output. NaN when a half is covered by less
        than 80 %.

    Raises
    ------
    ShapeError
        If the arrays differ in length or hold less than two samples.

    Examples
    --------
    >>> output, hr = np.array([200.0, 200.0, 196.0, 196.0]), np.array([140.0, 140.0, 147.0, 147.0])
    >>> round(decoupling_pct(output, hr), 3)
    6.667
    """
    if output.shape != hr_bpm.shape or output.size < 2:
        raise ShapeError("output and hr_bpm must have the same length, two samples at least")
    middle = output.size // 2
    factors = []
    for half in (slice(0, middle), slice(middle, None)):
        both = np.isfinite(output[half]) & np.isfinite(hr_bpm[half])
        if both.mean() < MIN_HALF_COVERAGE:
            return float("nan")
        factors.append(float(np.mean(output[half][both]) / np.mean(hr_bpm[half][both])))
    return 100 * (factors[0] - factors[1]) / factors[0] if factors[0] > 0 else float("nan")


def is_steady(*, duration_s: float, variability_index: float) -> bool:
    """Say whether a session is long and even enough for its decoupling to mean anything."""
    return duration_s >= MIN_STEADY_S and variability_index <= MAX_VARIABILITY


def hr_drift_bpm_h(t_s: FloatArray, hr_bpm: FloatArray) -> float:
    """Slope of heart rate at constant output. [bpm/h]

    Examples
    --------
    >>> t_s = np.arange(600.0, 3601.0)
    >>> round(hr_drift_bpm_h(t_s, 140 + 0.12 * (t_s / 60 - 10)), 2)
    7.2
    """
    known = np.isfinite(hr_bpm)
    if known.sum() < 2:
        raise ShapeError("heart rate needs two observed samples")
    return float(np.polyfit(t_s[known], hr_bpm[known], 1)[0]) * S_PER_HOUR


def hr_recovery_60_bpm(t_s: FloatArray, hr_bpm: FloatArray, *, end_s: float) -> float:
    """Fall of heart rate in the minute after an effort, NaN when either end was not observed. [bpm]

    Raises
    ------
    OutOfRangeError
        If the recording ends within a minute.
    """
    if t_s[-1] < end_s + S_PER_MIN:
        raise OutOfRangeError("the recording ends within a minute of the effort")
    known = np.isfinite(hr_bpm)
    ends = [end_s, end_s + S_PER_MIN]
    if any(np.min(np.abs(t_s[known] - end), initial=np.inf) > 5 for end in ends):
        return float("nan")
    at_end, after = np.interp(ends, t_s[known], hr_bpm[known])
    return float(at_end - after)
