"""Running: cost of slopes, grade-adjusted speed, load, critical speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topform.core.arrays import FloatArray, require_range
from topform.core.errors import OutOfRangeError, ShapeError
from topform.core.units import S_PER_HOUR
from topform.science.power import WINDOW_S, fourth_power_mean, rolling_mean

MINETTI_RUNNING = (155.4, -30.4, -43.3, 46.3, 19.5, 3.6)
"""Energy cost of running, J/kg/m, in the slope i (rise over run), highest power first (Minetti 2002, eq. for Cr)."""

CROWD_HR = (-3.40029e-9, -4.71345e-7, 7.77802e-7, 0.001906977, 0.0299822939, 0.9935756)
"""Factor at equal heart rate, in the slope in percent, fitted on crowd data; used downhill only."""

MINETTI_LIMIT = 0.45
CROWD_LIMIT_PCT = 40.0
FLAT_COST = MINETTI_RUNNING[-1]
LOAD_EXPONENT = 2.0
CS_DISAGREEMENT_FRAC = 0.03
CS_MIN_SPREAD = 1.3
CS_MIN_S, CS_MAX_S = 120.0, 1200.0


def running_cost_j_kg_m(slope: FloatArray | float) -> FloatArray:
    """Energy cost of running on a slope.

    Measured on ten elite mountain runners; overstates the gain downhill for ordinary runners.

    Parameters
    ----------
    slope : FloatArray or float
        Rise over run, clipped to -0.45..0.45.

    Returns
    -------
    FloatArray
        [J/kg/m]

    References
    ----------
    .. [1] A. E. Minetti, C. Moia, G. S. Roi, D. Susta, G. Ferretti, "Energy cost of walking and running at extreme
       uphill and downhill slopes," J. Appl. Physiol., vol. 93, pp. 1039-1046, 2002.

    Examples
    --------
    >>> float(running_cost_j_kg_m(0.0))
    3.6
    """
    clipped = np.clip(np.asarray(slope, dtype=np.float64), -MINETTI_LIMIT, MINETTI_LIMIT)
    return np.polyval(np.array(MINETTI_RUNNING), clipped)


def crowd_factor(slope: FloatArray | float) -> FloatArray:
    """Cost factor at equal heart rate fitted on crowd data, as published (0.9936 on the flat).

    Parameters
    ----------
    slope : FloatArray or float
        Rise over run, clipped to -0.4..0.4.
    """
    slope_pct = np.clip(np.asarray(slope, dtype=np.float64) * 100, -CROWD_LIMIT_PCT, CROWD_LIMIT_PCT)
    return np.polyval(np.array(CROWD_HR), slope_pct)


def grade_factor(slope: FloatArray | float) -> FloatArray:
    """Cost relative to the flat: Minetti uphill, crowd data downhill, 1 on the flat without a step.

    Examples
    --------
    >>> [round(float(grade_factor(slope)), 3) for slope in (-0.1, 0.0, 0.1)]
    [0.885, 1.0, 1.658]
    """
    slope = np.asarray(slope, dtype=np.float64)
    uphill = running_cost_j_kg_m(slope) / FLAT_COST
    downhill = crowd_factor(slope) / CROWD_HR[-1]
    return np.where(slope >= 0, uphill, downhill)


def grade_adjusted_speed_m_s(speed_m_s: FloatArray, slope: FloatArray) -> FloatArray:
    """Speed on the flat at the same cost; NaN where speed or slope is missing. [m/s]"""
    return speed_m_s * grade_factor(slope)


def weighted_speed_m_s(ga_speed_m_s: FloatArray) -> float:
    """Fourth-power mean of the 30 s rolling grade-adjusted speed.

    Parameters
    ----------
    ga_speed_m_s : FloatArray
        (n,) one value a second of running timer time, all finite. [m/s], n >= 30

    Raises
    ------
    ShapeError
        If there are fewer than 30 samples or one is missing.
    """
    if ga_speed_m_s.size < WINDOW_S or not np.isfinite(ga_speed_m_s).all():
        raise ShapeError(f"ga_speed_m_s needs at least {WINDOW_S} observed samples")
    return fourth_power_mean(rolling_mean(ga_speed_m_s, WINDOW_S))


def run_load(
    *, weighted_speed_m_s: float, duration_s: float, threshold_speed_m_s: float, exponent: float = LOAD_EXPONENT
) -> float:
    """Running load: hours times intensity squared; 100 is one hour at threshold speed.

    Parameters
    ----------
    weighted_speed_m_s : float
        [m/s], >= 0
    duration_s : float
        Timer time. [s], >= 0
    threshold_speed_m_s : float
        [m/s], > 0
    exponent : float
        default 2.0; 3 is defensible for mechanical stress.

    Returns
    -------
    float
        [AU]

    Examples
    --------
    >>> round(run_load(weighted_speed_m_s=3.4, duration_s=3000, threshold_speed_m_s=4.0), 4)
    60.2083
    """
    if threshold_speed_m_s <= 0:
        raise OutOfRangeError(f"threshold_speed_m_s is {threshold_speed_m_s:g}, expected more than 0")
    require_range("weighted_speed_m_s", weighted_speed_m_s, low=0, high=float("inf"))
    require_range("duration_s", duration_s, low=0, high=float("inf"))
    return float(duration_s / S_PER_HOUR * (weighted_speed_m_s / threshold_speed_m_s) ** exponent * 100)


@dataclass(frozen=True, slots=True)
class CriticalSpeed:
    """Critical speed by two regressions of the same model; their disagreement is its uncertainty.

    Parameters
    ----------
    cs_m_s, d_prime_m : float
        From distance on time. [m/s], [m]
    cs_inverse_m_s, d_prime_inverse_m : float
        From speed on inverse time. [m/s], [m]
    is_consistent : bool
        The two speeds differ by at most 3 %.
    """

    cs_m_s: float
    d_prime_m: float
    cs_inverse_m_s: float
    d_prime_inverse_m: float
    is_consistent: bool

    def time_s(self, distance_m: float) -> float:
        """Return the time over a distance that takes 2 to 20 min; beyond, the model is too fast. [s]"""
        return (distance_m - self.d_prime_m) / self.cs_m_s

    def time_at_frac_s(self, distance_m: float, *, fraction: float) -> float:
        """Return the time at a fraction of critical speed; marathons are run at about 0.85 of it. [s]"""
        return distance_m / (fraction * self.cs_m_s)


def critical_speed(*, distance_m: FloatArray, time_s: FloatArray) -> CriticalSpeed:
    """Fit distance = CS * time + D' to at least three maximal efforts of 2 to 20 min.

    Raises
    ------
    ShapeError
        If there are fewer than three efforts.
    OutOfRangeError
        If one is outside 2..20 min or the durations are within a factor of 1.3.

    References
    ----------
    .. [1] B. Smyth, D. Muniz-Pumares, "Calculation of critical speed from raw training data in recreational marathon
       runners," Med. Sci. Sports Exerc., vol. 52, pp. 2637-2645, 2020.
    """
    if distance_m.size != time_s.size or time_s.size < 3:
        raise ShapeError("at least three efforts are needed")
    if time_s.min() < CS_MIN_S or time_s.max() > CS_MAX_S:
        raise OutOfRangeError("efforts must last 2 to 20 min")
    if time_s.max() < CS_MIN_SPREAD * time_s.min():
        raise OutOfRangeError("the longest effort must last at least 1.3 times the shortest")
    cs, d_prime = np.polyfit(time_s, distance_m, 1)
    d_prime_inverse, cs_inverse = np.polyfit(1 / time_s, distance_m / time_s, 1)
    is_consistent = abs(cs - cs_inverse) <= CS_DISAGREEMENT_FRAC * cs
    return CriticalSpeed(float(cs), float(d_prime), float(cs_inverse), float(d_prime_inverse), bool(is_consistent))
