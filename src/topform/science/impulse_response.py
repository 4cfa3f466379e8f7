"""Fitness and fatigue as two responses to training, fitted to an athlete's own tests.

The four parameters are not identifiable from ordinary data: very different ones fit equally well, so none of them is
shown as physiology. What is used is the average prediction over all that agree with published ranges, and only where it
beats two simple rules on the athlete's own past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np

from topform.core.arrays import FloatArray, IntArray
from topform.core.errors import OutOfRangeError, ShapeError

TAU_FITNESS_D: Final = (20.0, 25.0, 30.0, 36.0, 42.0, 48.0, 55.0, 65.0, 75.0)
TAU_FATIGUE_D: Final = (4.0, 5.0, 6.0, 7.0, 9.0, 11.0, 14.0, 17.0)
RATIOS: Final = (1.3, 1.6, 2.0, 2.5, 3.1)
PRIOR_TAU_FITNESS = (42.0, 0.25)
PRIOR_TAU_FATIGUE = (9.0, 0.30)
PRIOR_RATIO = (2.0, 0.25)
"""Median and logarithmic spread."""

RESPONSE_FRAC: Final = 0.012
"""One standard deviation of the weighted difference moves performance by about this much."""

PRELOAD_DAYS: Final = 42
PRELOADS: Final = (0.0, 0.5, 1.0)
"""Training before the first known day, as a fraction of what was usual in the first six weeks; it is not known."""

PRELOAD_PRIOR: Final = (0.2, 0.3, 0.5)
MIN_TESTS: Final = 8
MIN_TRAINING_TESTS: Final = 3
TEST_NOISE_FRAC: Final = 0.015


@dataclass(frozen=True, slots=True)
class ResponseParameters:
    """p0 + k1 * fitness - k2 * fatigue.

    Parameters
    ----------
    p0 : float
        Performance without training, in the unit of the tests.
    k_fitness, k_fatigue : float
        Per AU of load, >= 0.
    tau_fitness_d, tau_fatigue_d : float
        [d], > 0
    """

    p0: float
    k_fitness: float
    k_fatigue: float
    tau_fitness_d: float
    tau_fatigue_d: float


def faded_load(
    daily_load_au: FloatArray, *, tau_d: float, same_day: bool = False, preload_au: float = 0.0
) -> FloatArray:
    """Sum of past loads, each faded by its age.

    Parameters
    ----------
    daily_load_au : FloatArray
        (n,) [AU]
    tau_d : float
        [d], > 0
    same_day : bool
        Whether the day's own load counts. Papers differ; default False, the response of the morning.
    preload_au : float
        Daily load that was usual before the first day, in steady state. [AU/day], default 0.0

    Returns
    -------
    FloatArray
        (n,) [AU]
    """
    keep = float(np.exp(-1 / tau_d))
    settled = preload_au / (1 - keep)
    from scipy.signal import lfilter

    inclusive = lfilter([1.0], [1.0, -keep], daily_load_au, zi=[keep * settled])[0]
    if same_day:
        return np.asarray(inclusive, dtype=np.float64)
    before = np.concatenate([[settled], np.asarray(inclusive, dtype=np.float64)[:-1]])
    faded: FloatArray = keep * before
    return faded


def response(
    daily_load_au: FloatArray, parameters: ResponseParameters, *, same_day: bool = False, preload_au: float = 0.0
) -> FloatArray:
    """Performance that the model gives for each day.

    Parameters
    ----------
    daily_load_au : FloatArray
        (n,) [AU]
    parameters : ResponseParameters
    same_day : bool
        default False
    preload_au : float
        [AU/day], default 0.0

    Returns
    -------
    FloatArray
        (n,) in the unit of the tests.

    References
    ----------
    .. [1] E. W. Banister, T. W. Calvert, M. V. Savage, T. Bach, "A systems model of training for athletic
       performance," Aust. J. Sports Med., vol. 7, pp. 57-61, 1975.
    .. [2] D. C. Clarke, P. F. Skiba, "Rationale and resources for teaching the mathematical modeling of athletic
       training and performance," Adv. Physiol. Educ., vol. 37, pp. 134-152, 2013.

    Examples
    --------
    >>> given = ResponseParameters(p0=250, k_fitness=0.1, k_fatigue=0.25, tau_fitness_d=42, tau_fatigue_d=7)
    >>> [round(float(p), 2) for p in response(np.array([100.0, 0, 100]), given)]
    [250.0, 238.09, 240.75]
    """
    _require(daily_load_au, parameters.tau_fitness_d, parameters.tau_fatigue_d)
    fitness = faded_load(daily_load_au, tau_d=parameters.tau_fitness_d, same_day=same_day, preload_au=preload_au)
    fatigue = faded_load(daily_load_au, tau_d=parameters.tau_fatigue_d, same_day=same_day, preload_au=preload_au)
    return parameters.p0 + parameters.k_fitness * fitness - parameters.k_fatigue * fatigue


def _require(daily_load_au: FloatArray, *tau_d: float) -> None:
    if daily_load_au.ndim != 1 or not np.isfinite(daily_load_au).all():
        raise ShapeError("daily_load_au must be one finite number a day")
    if (daily_load_au < 0).any() or min(tau_d) <= 0:
        raise OutOfRangeError("loads must not be negative and time constants must be above 0")


def critical_days(*, tau_fitness_d: float, tau_fatigue_d: float, ratio: float) -> tuple[float, float]:
    """Days before a race when training stops helping, and when it helps most.

    Parameters
    ----------
    tau_fitness_d, tau_fatigue_d : float
        [d], the first larger
    ratio : float
        Fatigue gain over fitness gain.

    Returns
    -------
    tuple of float
        Days before the race, after which training costs performance, and of the largest benefit. [d]

    References
    ----------
    .. [1] J. R. Fitz-Clarke, R. H. Morton, E. W. Banister, "Optimizing athletic performance by influence curves," J.
       Appl. Physiol., vol. 71, pp. 1151-1158, 1991.

    Examples
    --------
    >>> [round(day, 2) for day in critical_days(tau_fitness_d=45, tau_fatigue_d=15, ratio=2)]
    [15.6, 40.31]
    """
    if not 0 < tau_fatigue_d < tau_fitness_d or ratio <= 0:
        raise OutOfRangeError("fatigue must fade faster than fitness, and the ratio must be above 0")
    scale = tau_fitness_d * tau_fatigue_d / (tau_fitness_d - tau_fatigue_d)
    return (
        float(scale * np.log(ratio)),
        float(scale * np.log(ratio * tau_fitness_d / tau_fatigue_d)),
    )


@dataclass(frozen=True, slots=True)
class GridFit:
    """The least-squares answer at one pair of time constants."""

    parameters: ResponseParameters
    sse: float


def fit_grid(
    daily_load_au: FloatArray,
    test_day: IntArray,
    test_value: FloatArray,
    *,
    tau_fitness_d: Sequence[float],
    tau_fatigue_d: Sequence[float],
    same_day: bool = False,
    preload_au: float = 0.0,
) -> list[GridFit]:
    """Least squares with gains not below zero at every pair of time constants, best first.

    Parameters
    ----------
    daily_load_au : FloatArray
        (n,) [AU]
    test_day : IntArray
        (m,) index of the day of each test.
    test_value : FloatArray
        (m,)
    tau_fitness_d, tau_fatigue_d : sequence of float
        Pairs with the second below the first are tried. [d]
    same_day : bool
        default False
    preload_au : float
        default 0.0

    Returns
    -------
    list of GridFit
    """
    from scipy.optimize import nnls

    _require(daily_load_au, *tau_fitness_d, *tau_fatigue_d)
    fitness = {
        tau: faded_load(daily_load_au, tau_d=tau, same_day=same_day, preload_au=preload_au)[test_day]
        for tau in tau_fitness_d
    }
    fatigue = {
        tau: faded_load(daily_load_au, tau_d=tau, same_day=same_day, preload_au=preload_au)[test_day]
        for tau in tau_fatigue_d
    }
    fits = []
    for tau1, g in fitness.items():
        for tau2, h in fatigue.items():
            if tau2 >= tau1:
                continue
            design = np.column_stack([np.ones(g.size), g, -h])
            scale = np.linalg.norm(design, axis=0)
            gains, residual = nnls(design / np.where(scale > 0, scale, 1.0), test_value)
            p0, k1, k2 = (float(value) for value in gains / np.where(scale > 0, scale, 1.0))
            fits.append(GridFit(ResponseParameters(p0, k1, k2, tau1, tau2), float(residual) ** 2))
    return sorted(fits, key=lambda fit: fit.sse)


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    """All combinations of the parameter grid with their prior weight."""

    tau_fitness_d: FloatArray
    tau_fatigue_d: FloatArray
    ratio: FloatArray
    preload: FloatArray
    log_prior: FloatArray


@cache
def _nodes() -> _Nodes:
    combinations = [
        (one, two, ratio, preload, np.log(chance))
        for one in TAU_FITNESS_D
        for two in TAU_FATIGUE_D
        if two < one / 1.5
        for ratio in RATIOS
        for preload, chance in zip(PRELOADS, PRELOAD_PRIOR, strict=True)
    ]
    first, second, ratio, preload, chance = (np.array(column) for column in zip(*combinations, strict=True))
    log_prior = chance.copy()
    for values, (median, spread) in ((first, PRIOR_TAU_FITNESS), (second, PRIOR_TAU_FATIGUE), (ratio, PRIOR_RATIO)):
        log_prior -= (np.log(values / median) / spread) ** 2 / 2
    return _Nodes(first, second, ratio, preload, log_prior)


def prior_averaged_forecast(
    daily_load_au: FloatArray,
    test_day: IntArray,
    test_value: FloatArray,
    *,
    target_day: int,
    noise_frac: float = TEST_NOISE_FRAC,
) -> float:
    """Predict a performance by averaging over parameters from published ranges, weighted by how well they fit.

    For each combination of time constants and gain ratio the level and the gain are estimated with a prior: one
    standard deviation of the response moves performance by about 1.2 %. Training before the first day is not known; it
    is averaged over none, half and all of the mean of the first six weeks, as a steady state.

    Parameters
    ----------
    daily_load_au : FloatArray
        (n,) up to the day before the target at least; later loads are not looked at. [AU]
    test_day : IntArray
        (m,) index of the day of each known test, all before the target.
    test_value : FloatArray
        (m,) in any unit, > 0.
    target_day : int
        Index of the day to predict, at most n.
    noise_frac : float
        Spread of a test around true performance. default 0.015

    Returns
    -------
    float
        In the unit of the tests.

    Raises
    ------
    ShapeError
        If no test is known, one is not before the target, or loads before the target are missing.

    References
    ----------
    .. [1] M. Ludwig, A. Asteroth, C. Rasche, M. Pfeiffer, "Including the past: performance modeling using a preload
       concept by means of the fitness-fatigue model," Int. J. Comput. Sci. Sport, vol. 18, pp. 115-134, 2019.
    .. [2] M. Marchal et al., "Bayesian cross-validation of fitness-fatigue models," Sci. Rep., vol. 15, 2025.
    """
    if not test_day.size or test_day.shape != test_value.shape or test_day.max() >= target_day:
        raise ShapeError("tests must be known and lie before the target")
    if target_day > daily_load_au.size:
        raise ShapeError("loads up to the day before the target are needed")
    course = _course(daily_load_au[:target_day])
    return _forecast(course, test_day, test_value, target_day=target_day, noise_frac=noise_frac)


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """Fitness minus ratio times fatigue for each node and day, with its running sums. (nodes, days + 1)"""

    signal: FloatArray
    sums: FloatArray
    squares: FloatArray


def _course(loads: FloatArray) -> _Course:
    """Return what the loads of each day make of the day after, up to the morning after the last."""
    preload = float(np.mean(loads[:PRELOAD_DAYS])) if loads.size else 0.0
    signal = _signals(np.concatenate([loads, [0.0]]), preload)
    return _Course(signal, np.cumsum(signal, axis=1), np.cumsum(signal**2, axis=1))


def _forecast(
    course: _Course, test_day: IntArray, test_value: FloatArray, *, target_day: int, noise_frac: float
) -> float:
    scale = float(np.mean(test_value))
    days = np.concatenate([test_day, [target_day]])
    before = max(target_day, 1)
    mean_before = course.sums[:, before - 1] / before
    variance = np.maximum(course.squares[:, before - 1] / before - mean_before**2, 0.0)
    spread = np.maximum(np.sqrt(variance), 1e-9)
    mean = course.sums[:, target_day] / (target_day + 1)
    centred = (course.signal[:, days] - mean[:, None]) / spread[:, None]
    weight, forecast = _posterior(centred, test_value / scale, noise_frac)
    weight = weight + _nodes().log_prior
    share = np.exp(weight - weight.max())
    return float(share @ forecast / share.sum()) * scale


def _signals(loads: FloatArray, preload: float) -> FloatArray:
    """Return fitness minus ratio times fatigue for each node and day."""
    nodes = _nodes()

    def faded(tau_d: float, share: float) -> FloatArray:
        return faded_load(loads, tau_d=tau_d, preload_au=share * preload)

    fitness = {(tau, share): faded(tau, share) for tau in TAU_FITNESS_D for share in PRELOADS}
    fatigue = {(tau, share): faded(tau, share) for tau in TAU_FATIGUE_D for share in PRELOADS}
    first = np.array([fitness[key] for key in zip(nodes.tau_fitness_d, nodes.preload, strict=True)])
    second = np.array([fatigue[key] for key in zip(nodes.tau_fatigue_d, nodes.preload, strict=True)])
    signals: FloatArray = first - nodes.ratio[:, None] * second
    return signals


def _posterior(centred: FloatArray, relative: FloatArray, noise_frac: float) -> tuple[FloatArray, FloatArray]:
    """Return log evidence and forecast of each node: a line on the signal with normal priors, in closed form."""
    x, target = centred[:, :-1], centred[:, -1]
    n = relative.size
    y = relative - 1.0
    noise = noise_frac**2
    prior_precision = np.array([1.0 / 0.2**2, 1.0 / RESPONSE_FRAC**2])
    prior_mean = np.array([0.0, RESPONSE_FRAC])
    sums = np.stack([np.full(x.shape[0], float(n)), x.sum(axis=1), (x**2).sum(axis=1)])
    a = sums[0] / noise + prior_precision[0]
    b = sums[1] / noise
    c = sums[2] / noise + prior_precision[1]
    level_right = float(y.sum()) / noise + prior_precision[0] * prior_mean[0]
    gain_right = (x @ y) / noise + prior_precision[1] * prior_mean[1]
    determinant = a * c - b**2
    level = (c * level_right - b * gain_right) / determinant
    gain = (a * gain_right - b * level_right) / determinant
    fitted = level * level_right + gain * gain_right
    constant = float(y @ y) / noise + float(prior_precision @ prior_mean**2)
    log_evidence = -0.5 * (np.log(determinant) + constant - fitted)
    return log_evidence, 1.0 + level + np.maximum(gain, 0.0) * target


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """Whether the model earned its place with one athlete.

    Parameters
    ----------
    is_shown : bool
        It beat both rules on the athlete's own past.
    tests : int
        Tests that were predicted.
    model_mae_pct, last_value_mae_pct, mean_of_three_mae_pct : float
        Mean absolute error of predictions from what was known before each test; NaN without any. [%]
    reason : "earned", "too_few_tests" or "not_better"
    """

    is_shown: bool
    tests: int
    model_mae_pct: float
    last_value_mae_pct: float
    mean_of_three_mae_pct: float
    reason: Literal["earned", "too_few_tests", "not_better"]


def model_verdict(
    daily_load_au: FloatArray, test_day: IntArray, test_value: FloatArray, *, min_tests: int = MIN_TESTS
) -> ModelVerdict:
    """Predict each test from what was known before it, beside last value and mean of the last three.

    Parameters
    ----------
    daily_load_au : FloatArray
        (n,) [AU]
    test_day : IntArray
        (m,) rising.
    test_value : FloatArray
        (m,) > 0
    min_tests : int
        default 8

    Returns
    -------
    ModelVerdict

    Raises
    ------
    ShapeError
        If the tests are not in order, or loads before the last are missing.
    """
    if test_day.size > 1 and not (np.diff(test_day) > 0).all():
        raise ShapeError("tests must be in order, one a day")
    if test_day.size < min_tests:
        return ModelVerdict(False, 0, np.nan, np.nan, np.nan, "too_few_tests")
    if int(test_day[-1]) > daily_load_au.size:
        raise ShapeError("loads up to the day before the last test are needed")
    errors = []
    whole = _course(daily_load_au[: int(test_day[-1])])
    for place in range(MIN_TRAINING_TESTS, test_day.size):
        truth, target = float(test_value[place]), int(test_day[place])
        # What was usual before the first day is the mean of the first six weeks, as far as they are known.
        course = whole if target >= PRELOAD_DAYS else _course(daily_load_au[:target])
        forecast = _forecast(
            course, test_day[:place], test_value[:place], target_day=target, noise_frac=TEST_NOISE_FRAC
        )
        rules = (float(test_value[place - 1]), float(np.mean(test_value[max(place - 3, 0) : place])))
        errors.append([abs(guess - truth) / truth for guess in (forecast, *rules)])
    model, last, mean_of_three = (float(value) for value in 100 * np.mean(errors, axis=0))
    is_shown = model < min(last, mean_of_three)
    return ModelVerdict(is_shown, len(errors), model, last, mean_of_three, "earned" if is_shown else "not_better")
