"""Balance of the work above critical power, as two published models that must not be mixed.

A model of a reserve, not a measurement: the usual recovery rates failed to predict exhaustion in intermittent tests. A
negative balance says that critical power or W' is set too low; it is shown, never clipped.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError, ShapeError

TAU_SCALE_S, TAU_RATE_PER_W, TAU_FLOOR_S = 546.0, 0.01, 316.0
"""Recovery time in the integral form, from the mean distance below critical power (Skiba 2012, fig. 4)."""

ELITE_SCALE, ELITE_EXPONENT = 2287.2, 0.688
"""Recovery time of elite riders, s, in watts below critical power (Bartram 2018)."""

MIN_STEP_S: Final = 1e-9


def recovery_tau_s(deficit_w: float) -> float:
    """Return the recovery time of the integral form for a mean power this far below critical power. [s]

    Examples
    --------
    >>> round(recovery_tau_s(100.0), 2)
    516.86
    """
    return float(TAU_SCALE_S * np.exp(-TAU_RATE_PER_W * deficit_w) + TAU_FLOOR_S)


def elite_tau_s(deficit_w: float) -> float:
    """Return the recovery time of elite riders at a power this far below critical power. [s]

    Raises
    ------
    OutOfRangeError
        If the power is not below critical power.
    """
    if deficit_w <= 0:
        raise OutOfRangeError("recovery needs a power below critical power")
    return float(ELITE_SCALE * deficit_w**-ELITE_EXPONENT)


def _require(power_w: FloatArray, cp_w: float, w_prime_j: float) -> None:
    if power_w.ndim != 1 or not np.isfinite(power_w).all():
        raise ShapeError("power_w must be one finite number a second")
    if cp_w <= 0 or w_prime_j <= 0:
        raise OutOfRangeError("cp_w and w_prime_j must be above 0")


def balance_integral_j(power_w: FloatArray, *, cp_w: float, w_prime_j: float, tau_s: float | None = None) -> FloatArray:
    """Balance after each second, integral form: every joule above CP comes back with one time constant.

    Parameters
    ----------
    power_w : FloatArray
        (n,) one value a second, all finite. [W]
    cp_w : float
        [W], > 0
    w_prime_j : float
        [J], > 0
    tau_s : float or None
        Recovery time; None takes the published one for the session's mean power below CP. [s]

    Returns
    -------
    FloatArray
        (n,) [J]

    Raises
    ------
    ShapeError
        If a value is missing.
    OutOfRangeError
        If CP or W' are not positive.

    References
    ----------
    .. [1] P. F. Skiba, W. Chidnok, A. Vanhatalo, A. M. Jones, "Modeling the expenditure and reconstitution of work
       capacity above critical power," Med. Sci. Sports Exerc., vol. 44, pp. 1526-1532, 2012.
    """
    from scipy.signal import lfilter

    _require(power_w, cp_w, w_prime_j)
    below = power_w[power_w < cp_w]
    if tau_s is None:
        tau_s = recovery_tau_s(cp_w - float(np.mean(below))) if below.size else recovery_tau_s(0.0)
    spent = lfilter([1.0], [1.0, -np.exp(-1 / tau_s)], np.clip(power_w - cp_w, 0.0, None))
    return w_prime_j - np.asarray(spent, dtype=np.float64)


def balance_differential_j(power_w: FloatArray, *, cp_w: float, w_prime_j: float, step_s: float = 1.0) -> FloatArray:
    """Balance after each second, differential form: recovery slows as the reserve fills.

    Below CP the exact solution over the step is taken, so the result does not depend on the sampling.

    Parameters
    ----------
    power_w : FloatArray
        (n,) evenly spaced, all finite. [W]
    cp_w : float
        [W], > 0
    w_prime_j : float
        [J], > 0
    step_s : float
        Spacing. [s], default 1.0

    Returns
    -------
    FloatArray
        (n,) [J]

    Raises
    ------
    ShapeError
        If a value is missing.
    OutOfRangeError
        If CP or W' are not positive.

    References
    ----------
    .. [1] P. F. Skiba, S. Fulford, D. C. Clarke, A. Vanhatalo, A. M. Jones, "Intramuscular determinants of the ability
       to recover work capacity above critical power," Eur. J. Appl. Physiol., vol. 115, pp. 703-713, 2015.
    """
    _require(power_w, cp_w, w_prime_j)
    deficit = cp_w - power_w
    kept = np.where(deficit > 0, np.exp(-deficit * step_s / w_prime_j), 1.0)
    spent = np.where(deficit > 0, 0.0, -deficit * step_s)
    # In J below full: fills geometrically while recovering, grows by what is spent otherwise.
    missing, level = np.empty(power_w.size), 0.0
    for place, (factor, joules) in enumerate(zip(kept.tolist(), spent.tolist(), strict=True)):
        level = level * factor + joules
        missing[place] = level
    return w_prime_j - missing


def balance_elite_j(power_w: FloatArray, *, cp_w: float, w_prime_j: float) -> FloatArray:
    """Balance after each second with the recovery times of elite riders. [J]

    References
    ----------
    .. [1] J. C. Bartram, D. Thewlis, D. T. Martin, K. I. Norton, "Accuracy of W' recovery kinetics in high performance
       cyclists," Int. J. Sports Physiol. Perform., vol. 13, pp. 724-728, 2018.
    """
    _require(power_w, cp_w, w_prime_j)
    deficit = cp_w - power_w
    rate = np.zeros(deficit.size)
    recovering = deficit > MIN_STEP_S
    rate[recovering] = deficit[recovering] ** ELITE_EXPONENT / ELITE_SCALE
    missing, level = np.empty(power_w.size), 0.0
    for place, (factor, joules) in enumerate(
        zip(np.exp(-rate).tolist(), np.clip(-deficit, 0, None).tolist(), strict=True)
    ):
        level = level * factor + joules
        missing[place] = level
    return w_prime_j - missing
