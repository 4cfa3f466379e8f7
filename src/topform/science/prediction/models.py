"""Published formulas for race times, as printed; the ensemble decides how far each is believed."""

from __future__ import annotations

from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError, ShapeError
from topform.core.units import M_PER_KM, M_PER_MILE

HALF_MARATHON_M: Final = 21_097.5
MARATHON_M: Final = 42_195.0
RIEGEL_EXPONENT: Final = 1.06
"""Running, Riegel 1981."""
LOG_MODEL_CRITICAL_S: Final = 360.0
MARATHON_CS_FRAC: Final = 0.848
"""Mean marathon speed over critical speed of recreational runners (Smyth & Muniz-Pumares 2020)."""

_VV_EXPONENT: Final = 1.07
_VV_ONE_RACE: Final = (0.16018617, 0.83076202, 0.06423826)
_VV_TWO_RACES: Final = (1.4510756, -0.23797948, -0.01410023)


def riegel_s(*, time_s: float, distance_m: float, target_m: float, exponent: float = RIEGEL_EXPONENT) -> float:
    """Power law from one race: T2 = T1 (D2 / D1) ** exponent.

    Stated for efforts of 3.5 to 230 min.

    Parameters
    ----------
    time_s : float
        Time of the known race. [s], > 0
    distance_m, target_m : float
        Its distance and the distance asked for. [m], > 0
    exponent : float
        default 1.06.

    Returns
    -------
    float
        [s]

    References
    ----------
    .. [1] P. S. Riegel, "Athletic records and human endurance," Am. Sci., vol. 69, pp. 285-290, 1981.

    Examples
    --------
    >>> round(riegel_s(time_s=2400, distance_m=10_000, target_m=42_195), 1)
    11040.5
    """
    _require_positive(time_s=time_s, distance_m=distance_m, target_m=target_m)
    return float(time_s * (target_m / distance_m) ** exponent)


def vickers_one_race_s(*, time_s: float, distance_m: float, miles_per_week: float) -> float:
    """Marathon time from one race and the usual weekly mileage.

    Fitted on 2303 recreational runners; root mean squared error 15.1 min where Riegel had 19.5.

    Parameters
    ----------
    time_s, distance_m : float
        The race. [s], [m], > 0
    miles_per_week : float
        [mi/week], >= 0

    References
    ----------
    .. [1] A. J. Vickers, E. A. Vertosick, "An empirical study of race times in recreational endurance runners," BMC
       Sports Sci. Med. Rehabil., vol. 8, 26, 2016.

    Examples
    --------
    >>> round(vickers_one_race_s(time_s=2400, distance_m=10_000, miles_per_week=30), 1)
    12116.1
    """
    at_riegel = riegel_s(time_s=time_s, distance_m=distance_m, target_m=MARATHON_M, exponent=_VV_EXPONENT)
    constant, per_speed, per_ten_miles = _VV_ONE_RACE
    speed = constant + per_speed * MARATHON_M / at_riegel + per_ten_miles * miles_per_week / 10
    return MARATHON_M / speed


def vickers_two_races_s(
    *, shorter_s: float, shorter_m: float, longer_s: float, longer_m: float, miles_per_week: float
) -> float:
    """Marathon time from two races and the usual weekly mileage; root mean squared error 14.4 min.

    References
    ----------
    .. [1] A. J. Vickers, E. A. Vertosick, "An empirical study of race times in recreational endurance runners," BMC
       Sports Sci. Med. Rehabil., vol. 8, 26, 2016.

    Examples
    --------
    >>> round(vickers_two_races_s(shorter_s=2400, shorter_m=10_000, longer_s=5400, longer_m=21_097.5,
    ...                           miles_per_week=30), 1)
    11985.7
    """
    if not 0 < shorter_m < longer_m:
        raise OutOfRangeError("the second race must be the longer one")
    exponent = np.log(longer_s / shorter_s) / np.log(longer_m / shorter_m)
    constant, per_exponent, per_ten_miles = _VV_TWO_RACES
    to_marathon = constant + per_exponent * exponent + per_ten_miles * miles_per_week / 10
    return float(longer_s * (MARATHON_M / longer_m) ** to_marathon)


def fit_log_model(*, distance_m: FloatArray, time_s: FloatArray) -> tuple[float, float]:
    """Fit v = v_m (1 - gamma ln(T / 6 min)) to races at least a factor of two apart in distance.

    Parameters
    ----------
    distance_m, time_s : FloatArray
        (n,) races, n >= 2. [m], [s]

    Returns
    -------
    v_m, gamma : float
        Speed held for six minutes and its relative loss for each e-fold of time. [m/s], [1]

    Raises
    ------
    ShapeError
        If there are fewer than two races.
    OutOfRangeError
        If they are too near to each other, shorter than 6 min, or do not slow with distance.

    References
    ----------
    .. [1] M. Mulligan, G. Adam, T. Emig, "A minimal power model for human running performance," PLoS ONE, vol. 13,
       e0206645, 2018.

    Examples
    --------
    >>> v_m, gamma = fit_log_model(distance_m=np.array([5000.0, 10_000.0]), time_s=np.array([1200.0, 2490.0]))
    >>> round(v_m, 5), round(gamma, 5)
    (4.41507, 0.04673)
    """
    if distance_m.size < 2 or distance_m.size != time_s.size:
        raise ShapeError("at least two races are needed")
    if distance_m.max() < 2 * distance_m.min():
        raise OutOfRangeError("the longest race must be at least twice as long as the shortest")
    if time_s.min() < LOG_MODEL_CRITICAL_S:
        raise OutOfRangeError("races must last at least 6 min")
    slope, v_m = np.polyfit(np.log(time_s / LOG_MODEL_CRITICAL_S), distance_m / time_s, 1)
    gamma = -slope / v_m
    if not 0.01 < gamma < 0.2:
        raise OutOfRangeError("the speeds of the races do not fall with distance as they must")
    return float(v_m), float(gamma)


def log_model_time_s(*, v_m: float, gamma: float, distance_m: float) -> float:
    """Time over a distance by the logarithmic model.

    Raises
    ------
    OutOfRangeError
        If the model has no time for the distance: it slows to nothing before.

    Examples
    --------
    >>> round(log_model_time_s(v_m=4.41507, gamma=0.04673, distance_m=42_195), 0)
    11397.0
    """
    # With u = D / (gamma v_m T) the model reads u - ln u = y: the lower branch of Lambert's W, safe for small gamma.
    scale = distance_m / (gamma * v_m)
    y = 1 / gamma - float(np.log(scale / LOG_MODEL_CRITICAL_S))
    if y <= 1:
        raise OutOfRangeError(f"the model has no time over {distance_m:g} m")
    from scipy.optimize import brentq

    u = brentq(lambda u: u - np.log(u) - y, 1.0, 2 * y + 2, xtol=1e-12)
    return float(scale / u)


def tanda_marathon_s(*, km_per_week: float, training_pace_s_km: float) -> float:
    """Marathon time from the weekly distance and mean pace of the last eight weeks of training.

    Root mean squared error 5.4 min for finishers between 2:47 and 3:36; too slow by 9.5 min for faster ones.

    Parameters
    ----------
    km_per_week : float
        [km/week], > 0
    training_pace_s_km : float
        [s/km], > 0

    References
    ----------
    .. [1] G. Tanda, "Prediction of marathon performance time on the basis of training indices," J. Hum. Sport Exerc.,
       vol. 6, pp. 511-520, 2011.

    Examples
    --------
    >>> round(tanda_marathon_s(km_per_week=60, training_pace_s_km=330), 1)
    12678.1
    """
    _require_positive(km_per_week=km_per_week, training_pace_s_km=training_pace_s_km)
    pace = 17.1 + 140.0 * np.exp(-0.0053 * km_per_week) + 0.55 * training_pace_s_km
    return float(pace * MARATHON_M / M_PER_KM)


def miles(km: float) -> float:
    """Return kilometres as miles, the unit of the mileage models."""
    return km * M_PER_KM / M_PER_MILE


def _require_positive(**values: float) -> None:
    for name, value in values.items():
        if not value > 0 or not np.isfinite(value):
            raise OutOfRangeError(f"{name} is {value:g}, expected more than 0")
