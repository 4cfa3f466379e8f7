"""Values that no body produces are no observations."""

from __future__ import annotations

import numpy as np

from topform.core.arrays import FloatArray

MAX_POWER_W = 2500.0
MAX_OVER_BEST_5S = 3.0
SPRINT_S = 5
MIN_HR_BPM, MAX_HR_BPM = 30.0, 230.0
MAX_HR_CHANGE_BPM_S = 25.0
MIN_COVERAGE = 0.8
"""Below this a metric is suppressed."""


def plausible_power(power_w: FloatArray) -> FloatArray:
    """Return the power with impossible values as NaN: below 0, above 2500 W, above three times the best 5 s.

    Parameters
    ----------
    power_w : FloatArray
        (n,) once a second; NaN = not observed. [W]
    """
    kept = np.where((power_w >= 0) & (power_w <= MAX_POWER_W), power_w, np.nan)
    observed = kept[np.isfinite(kept)]
    if observed.size > SPRINT_S:
        sums = np.concatenate([[0.0], np.cumsum(observed)])
        best_5s = float(np.max(sums[SPRINT_S:] - sums[:-SPRINT_S])) / SPRINT_S
        kept = np.where(kept > MAX_OVER_BEST_5S * best_5s, np.nan, kept)
    return kept


def plausible_heart_rate(t_s: FloatArray, hr_bpm: FloatArray) -> FloatArray:
    """Return the heart rate with impossible values as NaN: outside 30..230 or changing faster than 25 bpm/s.

    After a jump, values count again once the time since the last good one allows the change.

    Parameters
    ----------
    t_s, hr_bpm : FloatArray
        (n,) [s], [bpm]
    """
    kept = np.where((hr_bpm >= MIN_HR_BPM) & (hr_bpm <= MAX_HR_BPM), hr_bpm, np.nan)
    places = np.flatnonzero(np.isfinite(kept))
    if places.size < 2:
        return kept
    jumps = np.abs(np.diff(kept[places])) > MAX_HR_CHANGE_BPM_S * np.maximum(np.diff(t_s[places]), 1.0)
    if not jumps.any():
        return kept
    last = places[0]
    for place in places[1:]:
        if abs(kept[place] - kept[last]) > MAX_HR_CHANGE_BPM_S * max(t_s[place] - t_s[last], 1.0):
            kept[place] = np.nan
        else:
            last = place
    return kept


def plausible_speed(speed_m_s: FloatArray, *, max_speed_m_s: float) -> FloatArray:
    """Return the speed with values outside 0..limit as NaN. [m/s]"""
    return np.where((speed_m_s >= 0) & (speed_m_s <= max_speed_m_s), speed_m_s, np.nan)
