"""Power and duration: critical power by several regressions, the three-parameter form, a power law.

The regressions answer differently on the same efforts; their spread is the model's own uncertainty. None of the
models may be stretched beyond about half an hour: critical power would give the same watts for an hour and a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError, ShapeError

EFFORT_MIN_S, EFFORT_MAX_S = 120.0, 1200.0
LONG_EFFORT_S = 720.0
MIN_EFFORTS = 3
POWER_ERROR_FRAC = 0.02
MAX_EXTRAPOLATION_S = 1800.0


class Regression(StrEnum):
    """How P = CP + W'/t is fitted."""

    WORK_TIME = "work_time"
    """Work on time, ordinary least squares."""
    INVERSE_TIME = "inverse_time"
    """Power on inverse time, ordinary least squares."""
    HYPERBOLIC = "hyperbolic"
    """Time on power, nonlinear least squares."""
    WEIGHTED = "weighted"
    """Power on inverse time with errors of 2 % of power; the default."""


@dataclass(frozen=True, slots=True)
class CriticalPowerFit:
    """One fit of the two-parameter model.

    Parameters
    ----------
    method : Regression
    cp_w, w_prime_j : float
        Critical power [W] and work above it [J].
    cp_se_w, w_prime_se_j : float
        Standard errors; NaN with two efforts.
    n : int
        Efforts.
    """

    method: Regression
    cp_w: float
    w_prime_j: float
    cp_se_w: float
    w_prime_se_j: float
    n: int

    def power_w(self, time_s: FloatArray | float) -> FloatArray:
        """Return the power that the model gives for a time. [W]"""
        return self.cp_w + self.w_prime_j / np.asarray(time_s, dtype=np.float64)


def fit_critical_power(
    *, power_w: FloatArray, time_s: FloatArray, method: Regression = Regression.WEIGHTED
) -> CriticalPowerFit:
    """Fit P = CP + W'/t to maximal efforts.

    The caller chooses which efforts count; `critical_power` applies the customary limits.

    Parameters
    ----------
    power_w, time_s : FloatArray
        (n,) mean power [W] and duration [s] of efforts to exhaustion, n >= 2, both positive.
    method : Regression
        default Regression.WEIGHTED

    Returns
    -------
    CriticalPowerFit

    Raises
    ------
    ShapeError
        If there are fewer than two efforts of different durations.
    OutOfRangeError
        If a number is not positive.

    References
    ----------
    .. [1] H. Monod, J. Scherrer, "The work capacity of a synergic muscular group," Ergonomics, vol. 8, pp. 329-338,
       1965.
    .. [2] D. W. Hill, "The critical power concept. A review," Sports Med., vol. 16, pp. 237-254, 1993.

    Examples
    --------
    >>> fit = fit_critical_power(power_w=np.array([370.0, 335, 295, 280]), time_s=np.array([180.0, 300, 720, 1200]),
    ...                          method=Regression.WORK_TIME)
    >>> round(fit.cp_w, 2), round(fit.w_prime_j)
    (263.68, 20667)
    """
    _require_efforts(power_w, time_s)
    if method is Regression.WORK_TIME:
        (w_prime, cp), (w_se, cp_se) = _line(time_s, power_w * time_s, np.ones(time_s.size))
    elif method is Regression.INVERSE_TIME:
        (cp, w_prime), (cp_se, w_se) = _line(1 / time_s, power_w, np.ones(time_s.size))
    elif method is Regression.WEIGHTED:
        (cp, w_prime), (cp_se, w_se) = _line(1 / time_s, power_w, 1 / (POWER_ERROR_FRAC * power_w))
    else:
        (cp, w_prime), (cp_se, w_se) = _hyperbola(power_w, time_s)
    return CriticalPowerFit(method, cp, w_prime, cp_se, w_se, power_w.size)


def _require_efforts(power_w: FloatArray, time_s: FloatArray) -> None:
    if power_w.shape != time_s.shape or power_w.ndim != 1 or np.unique(time_s).size < 2:
        raise ShapeError("at least two efforts of different durations are needed, each with power and time")
    if not (np.isfinite(power_w).all() and np.isfinite(time_s).all() and power_w.min() > 0 and time_s.min() > 0):
        raise OutOfRangeError("powers and times must be above 0")


def _line(x: FloatArray, y: FloatArray, weight: FloatArray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return intercept and slope of a weighted line, and their standard errors."""
    design = np.column_stack([np.ones(x.size), x]) * weight[:, None]
    solution, *_ = np.linalg.lstsq(design, y * weight, rcond=None)
    residual = y * weight - design @ solution
    errors = _standard_errors(design, residual)
    return (float(solution[0]), float(solution[1])), (float(errors[0]), float(errors[1]))


def _standard_errors(jacobian: FloatArray, residual: FloatArray) -> FloatArray:
    """Return the standard errors of parameters, NaN without a spare observation."""
    freedom = residual.size - jacobian.shape[1]
    if freedom < 1:
        return np.full(jacobian.shape[1], np.nan)
    scale = np.linalg.norm(jacobian, axis=0)
    covariance = np.linalg.pinv((jacobian / scale).T @ (jacobian / scale))
    spread: FloatArray = np.sqrt(np.diag(covariance) * float(residual @ residual) / freedom) / scale
    return spread


def _hyperbola(power_w: FloatArray, time_s: FloatArray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Fit t = W' / (P - CP): for each CP the best W' is known, so only CP is searched."""
    from scipy.optimize import minimize_scalar

    def best_w_prime(cp: float) -> float:
        inverse = 1 / (power_w - cp)
        return float(inverse @ time_s / (inverse @ inverse))

    def error(cp: float) -> float:
        return float(np.sum((time_s - best_w_prime(cp) / (power_w - cp)) ** 2))

    lowest = float(power_w.min())
    grid = lowest - np.geomspace(lowest, lowest * 1e-4, 200)
    near = int(np.argmin([error(cp) for cp in grid]))
    low, high = grid[max(near - 1, 0)], grid[min(near + 1, grid.size - 1)]
    cp = float(minimize_scalar(error, bounds=(low, high), method="bounded", options={"xatol": 1e-9}).x)
    w_prime = best_w_prime(cp)
    inverse = 1 / (power_w - cp)
    jacobian = np.column_stack([w_prime * inverse**2, inverse])
    errors = _standard_errors(jacobian, time_s - w_prime * inverse)
    return (cp, w_prime), (float(errors[0]), float(errors[1]))


@dataclass(frozen=True, slots=True)
class CriticalPower:
    """Critical power with what the choice of regression makes of it.

    Parameters
    ----------
    best : CriticalPowerFit
        The weighted fit.
    fits : tuple of CriticalPowerFit
        All regressions.
    warnings : tuple of str
        Why to read it with care.
    """

    best: CriticalPowerFit
    fits: tuple[CriticalPowerFit, ...]
    warnings: tuple[str, ...] = ()

    @property
    def cp_range_w(self) -> tuple[float, float]:
        """Lowest and highest critical power of the regressions. [W]"""
        values = [fit.cp_w for fit in self.fits]
        return min(values), max(values)


def critical_power(*, power_w: FloatArray, time_s: FloatArray) -> CriticalPower:
    """Fit critical power to efforts of 2 to 20 min by every regression.

    Critical power is not the 95 % of a 20 min effort (bias 7 W, spread 13 W [1]_), and a field test has an error of
    about 5 % [2]_.

    Parameters
    ----------
    power_w, time_s : FloatArray
        (n,) [W], [s], maximal efforts.

    Returns
    -------
    CriticalPower

    Raises
    ------
    ShapeError
        If fewer than three efforts last 2 to 20 min, or none of them 12 min.

    References
    ----------
    .. [1] B. Karsten et al., "Relationship between the critical power test and a 20-min functional threshold power
       test in cycling," Front. Physiol., vol. 11, 2021.
    .. [2] B. Karsten et al., "Validity and reliability of critical power field testing," Eur. J. Appl. Physiol., vol.
       115, pp. 197-204, 2015.
    """
    _require_efforts(power_w, time_s)
    counts = (time_s >= EFFORT_MIN_S) & (time_s <= EFFORT_MAX_S)
    if counts.sum() < MIN_EFFORTS or time_s[counts].max() < LONG_EFFORT_S:
        raise ShapeError("critical power needs three efforts of 2 to 20 min, one of at least 12 min")
    fits = tuple(
        fit_critical_power(power_w=power_w[counts], time_s=time_s[counts], method=method) for method in Regression
    )
    best = next(fit for fit in fits if fit.method is Regression.WEIGHTED)
    warnings = [] if counts.all() else [f"{int((~counts).sum())} effort(s) outside 2 to 20 min were left out"]
    if best.w_prime_j <= 0:
        warnings.append("the short efforts are too weak for the long ones: they were not maximal")
    return CriticalPower(best, fits, tuple(warnings))


@dataclass(frozen=True, slots=True)
class ThreeParameterFit:
    """The model with a finite power at time zero: P = CP + W' / (t + W' / (Pmax - CP))."""

    cp_w: float
    w_prime_j: float
    p_max_w: float
    cp_se_w: float
    w_prime_se_j: float
    p_max_se_w: float

    def power_w(self, time_s: FloatArray | float) -> FloatArray:
        """Return the power that the model gives for a time. [W]"""
        return three_parameter_power_w(time_s, cp_w=self.cp_w, w_prime_j=self.w_prime_j, p_max_w=self.p_max_w)


def three_parameter_power_w(time_s: FloatArray | float, *, cp_w: float, w_prime_j: float, p_max_w: float) -> FloatArray:
    """Return Morton's three-parameter power for a time. [W]"""
    return cp_w + w_prime_j / (np.asarray(time_s, dtype=np.float64) + w_prime_j / (p_max_w - cp_w))


def fit_three_parameter(*, power_w: FloatArray, time_s: FloatArray) -> ThreeParameterFit:
    """Fit the three-parameter model to power by nonlinear least squares.

    Parameters
    ----------
    power_w, time_s : FloatArray
        (n,) [W], [s], maximal efforts, n >= 4, some of them shorter than a minute.

    Returns
    -------
    ThreeParameterFit

    Raises
    ------
    ShapeError
        If there are fewer than four efforts, or if they hold no finite answer.

    References
    ----------
    .. [1] R. H. Morton, "A 3-parameter critical power model," Ergonomics, vol. 39, pp. 611-619, 1996.
    """
    from scipy.optimize import least_squares

    _require_efforts(power_w, time_s)
    if power_w.size < 4:
        raise ShapeError("the three-parameter model needs four efforts")
    longest, strongest = float(power_w[np.argmax(time_s)]), float(power_w.max())

    def residual(values: FloatArray) -> FloatArray:
        cp, w_prime, above = values
        return three_parameter_power_w(time_s, cp_w=cp, w_prime_j=w_prime, p_max_w=cp + above) - power_w

    found = least_squares(
        residual,
        x0=[0.95 * longest, 15_000.0, 1.2 * strongest - 0.95 * longest],
        bounds=([0.1 * longest, 100.0, 1.0], [strongest, 200_000.0, 20 * strongest]),
        x_scale=[longest, 15_000.0, strongest],
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
    )
    cp, w_prime, above = (float(value) for value in found.x)
    if found.active_mask.any():
        raise ShapeError("the efforts do not determine a maximal power; add efforts shorter than a minute")
    # Pmax = CP + above: its column of the Jacobian is that of `above`, CP's changes with Pmax held.
    jacobian = np.asarray(found.jac, dtype=np.float64).copy()
    jacobian[:, 0] -= jacobian[:, 2]
    errors = _standard_errors(jacobian, np.asarray(found.fun, dtype=np.float64))
    return ThreeParameterFit(cp, w_prime, cp + above, float(errors[0]), float(errors[1]), float(errors[2]))


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """P = scale * t ** -exponent."""

    scale_w: float
    exponent: float

    def power_w(self, time_s: FloatArray | float) -> FloatArray:
        """Return the power for a time. [W]"""
        return self.scale_w * np.asarray(time_s, dtype=np.float64) ** -self.exponent


def fit_power_law(*, power_w: FloatArray, time_s: FloatArray) -> PowerLaw:
    """Fit a power law to logarithms; the safer choice beyond 20 min.

    References
    ----------
    .. [1] J. P. Drake, A. Finke, R. A. Ferguson, "Modelling human endurance: power laws vs critical power," Eur. J.
       Appl. Physiol., vol. 124, pp. 507-526, 2024.
    """
    _require_efforts(power_w, time_s)
    slope, intercept = np.polyfit(np.log(time_s), np.log(power_w), 1)
    return PowerLaw(float(np.exp(intercept)), float(-slope))


TYPICAL_CP_W: Final = 261.0
TYPICAL_W_PRIME_J: Final = 15_500.0
TYPICAL_P_MAX_W: Final = 1100.0
"""The typical rider of a large open collection of rides; only the shape of the curve is used."""


def effort_index(*, power_w: float, time_s: float) -> float:
    """Return an effort's power over what the typical curve gives for its duration.

    Examples
    --------
    >>> round(effort_index(power_w=280, time_s=1200), 4)
    1.0229
    """
    typical = three_parameter_power_w(time_s, cp_w=TYPICAL_CP_W, w_prime_j=TYPICAL_W_PRIME_J, p_max_w=TYPICAL_P_MAX_W)
    return power_w / float(typical)


def threshold_from_effort_w(*, power_w: float, time_s: float) -> float:
    """Return the threshold that one maximal effort implies for a rider with a typical curve. [W]"""
    return effort_index(power_w=power_w, time_s=time_s) * TYPICAL_CP_W
