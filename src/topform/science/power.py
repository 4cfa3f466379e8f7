"""Power: weighted average, intensity, load, work."""

from __future__ import annotations

import math

import numpy as np

from topform.core.arrays import FloatArray, require_range
from topform.core.errors import OutOfRangeError, ShapeError
from topform.core.units import S_PER_HOUR

WINDOW_S = 30
EWMA_WEIGHT = 1 / 26
"""Weight of the newest second in the exponentially smoothed form (25 s, Skiba)."""

MIN_WEIGHTED_S = 600
"""The fourth-power mean says nothing about shorter efforts."""


def rolling_mean(values: FloatArray, window: int) -> FloatArray:
    """Return the means of all complete windows.

    Parameters
    ----------
    values : FloatArray
        (n,) all finite.
    window : int
        Samples a window, 1..n.

    Returns
    -------
    FloatArray
        (n - window + 1,)
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means: FloatArray = (sums[window:] - sums[:-window]) / window
    return means


def weighted_power_w(power_w: FloatArray) -> float:
    """Weighted average power: fourth-power mean of the 30 s rolling mean.

    Only complete windows count (a zero-padded start gives up to 0.3 % less). Empirical; overstates very uneven
    efforts of less than 20 min, and is not meant for less than 10.

    Parameters
    ----------
    power_w : FloatArray
        (n,) one value a second of running timer time, zeros included, all finite. [W], n >= 30

    Returns
    -------
    float
        [W]

    Raises
    ------
    ShapeError
        If there are fewer than 30 samples or one is missing.

    References
    ----------
    .. [1] H. Allen, A. R. Coggan, S. McGregor, "Training and Racing with a Power Meter," 3rd ed., 2019.

    Examples
    --------
    >>> weighted_power_w(np.full(3600, 200.0))
    200.0
    """
    if power_w.size < WINDOW_S or not np.isfinite(power_w).all():
        raise ShapeError(f"power_w needs at least {WINDOW_S} observed samples")
    return fourth_power_mean(rolling_mean(power_w, WINDOW_S))


def fourth_power_mean(values: FloatArray) -> float:
    """Return the fourth root of the mean fourth power, scaled against overflow."""
    peak = float(np.max(np.abs(values)))
    if peak == 0:
        return 0.0
    return peak * math.sqrt(math.sqrt(np.mean((values / peak) ** 4)))


def weighted_power_ewma_w(power_w: FloatArray) -> float:
    """Weighted average power with exponential instead of rolling smoothing.

    Parameters
    ----------
    power_w : FloatArray
        (n,) one value a second, all finite. [W], n >= 1

    Returns
    -------
    float
        [W]

    Raises
    ------
    ShapeError
        If there is no sample or one is missing.

    References
    ----------
    .. [1] P. F. Skiba, "Calculation of power output and quantification of training stress in distance runners,"
       PhysFarm Training Systems, 2006.
    """
    if not power_w.size or not np.isfinite(power_w).all():
        raise ShapeError("power_w needs at least one sample and no gap")
    from scipy.signal import lfilter

    smoothed = lfilter([EWMA_WEIGHT], [1.0, EWMA_WEIGHT - 1.0], power_w)
    return fourth_power_mean(np.asarray(smoothed, dtype=np.float64))


def intensity_ratio(*, weighted_power_w: float, ftp_w: float) -> float:
    """Weighted power over threshold power.

    Raises
    ------
    OutOfRangeError
        If the threshold is not positive or the power negative.

    Examples
    --------
    >>> intensity_ratio(weighted_power_w=200.0, ftp_w=250.0)
    0.8
    """
    if ftp_w <= 0:
        raise OutOfRangeError(f"ftp_w is {ftp_w:g}, expected more than 0")
    require_range("weighted_power_w", weighted_power_w, low=0, high=float("inf"))
    return weighted_power_w / ftp_w


def power_load(*, weighted_power_w: float, duration_s: float, ftp_w: float) -> float:
    """Training load from power: hours times squared intensity, 100 for one hour at threshold.

    Loads of different sports share this scale, not a physiology.

    Parameters
    ----------
    weighted_power_w : float
        [W], >= 0
    duration_s : float
        Timer time with power. [s], >= 0
    ftp_w : float
        Threshold power, tested. [W], > 0

    Returns
    -------
    float
        [AU]

    References
    ----------
    .. [1] H. Allen, A. R. Coggan, S. McGregor, "Training and Racing with a Power Meter," 3rd ed., 2019.

    Examples
    --------
    >>> round(power_load(weighted_power_w=200.0, duration_s=3600, ftp_w=250.0), 6)
    64.0
    """
    require_range("duration_s", duration_s, low=0, high=float("inf"))
    ratio = intensity_ratio(weighted_power_w=weighted_power_w, ftp_w=ftp_w)
    return float(duration_s / S_PER_HOUR * ratio**2 * 100)


def power_load_ewma(*, weighted_power_ewma_w: float, duration_s: float, cp_w: float) -> float:
    """Load of the exponentially smoothed form, relative to critical power. [AU]"""
    return power_load(weighted_power_w=weighted_power_ewma_w, duration_s=duration_s, ftp_w=cp_w)


def work_j(power_w: FloatArray) -> float:
    """Mechanical work: the sum of power over seconds; missing seconds add nothing. [J]"""
    return float(np.nansum(power_w))
