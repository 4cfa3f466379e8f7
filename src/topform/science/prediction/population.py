"""How times grow with distance in a population, and how far one athlete may differ from it.

Riegel's law with an exponent that depends on the stretch of distance and is shrunken towards the population: a
Gaussian model of ln T over ln D whose few constants come from published studies, not from any table of this project.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.science.athlete import Sex
from topform.science.prediction.models import HALF_MARATHON_M, MARATHON_M

STRETCHES_M: Final = (1500.0, 5000.0, 10_000.0, HALF_MARATHON_M, MARATHON_M)
EXPONENTS: Final = (1.12, 1.08, 1.06, 1.065, 1.14, 1.20)
"""Local exponent below, between and above `STRETCHES_M`.

5 km to half marathon: Riegel's 1.06 is well calibrated there (Vickers & Vertosick 2016), the performance index gives
1.052 and 1.065. Half to marathon: Vickers & Vertosick's two-race model gives 1.161, 1.154 and 1.147 at 25, 30 and 35
miles a week; an analysis of 1071 users of the site Fetch Everyone gave 1.15, one of 4402 pairs of bests within a year
on the site RunningAHEAD (2013) a mean of 1.14. What is predicted is the median, and a few people lose far more than
most: in Vickers & Vertosick Riegel was 10 min too fast or more for half of the runners, a median of at least 1.12.
Below 5 km and above the marathon: ratios of the world records (1.135, 1.079 and, to 100 km, 1.285), drawn towards
Riegel's.
"""

HALF_TO_MARATHON: Final = 4
_FAST_HALF_S: Final = (3450.0, 4500.0, 5400.0, 6300.0)
_FAST_SHIFT: Final = (-0.075, -0.035, -0.010, 0.0)
"""Fast runners fade less: world records give 1.068, V&V's one-race model at 70 miles a week gives 1.118 for 75 min."""

SEX_SHIFT: Final = {"m": 0.008, "f": -0.008}
"""Half to marathon. The gap between men and women narrows with distance (Vickers & Vertosick 2016)."""

EXPONENT_SD: Final = 0.025
"""Between people, over all distances. With `RACE_SD` it gives the regression of the marathon exponent on the exponent
of two shorter races that Vickers & Vertosick found (-0.238)."""

DURABILITY_SD: Final = 0.070
"""Between people, beyond the half marathon only: what remains of V&V's error (15.1 min at about 4 h with mileage known,
2.8 % more without) after the other terms."""

RACE_SD: Final = 0.028
LONG_RACE_SD: Final = 0.034
"""Day, course and preparation. Road racers vary by 1.5 to 3 %, more over long distances (Hopkins & Hewson 2001)."""

DRIFT_SD_PER_YEAR: Final = 0.035
DRIFT_FREE_YEARS: Final = 0.25
"""Fitness wanders; the noise of a race holds the first three months of it."""

UNDATED_SD: Final = 0.038
"""Fitness of one season among an athlete's seasons: two of them differ by as much as two to three years of drift make.
It lies in every race without a date, and in the one asked for when no date is known at all."""

AGEING_PER_YEAR: Final = 0.008
AGEING_FROM: Final = 40.0
"""Masters slow by 0.7 to 1 % a year (Lepers & Cattagni 2012)."""

LEVEL_SD: Final = 0.35
_TYPICAL_HALF_S: Final = {"m": 6600.0, "f": 7500.0, None: 7000.0}
_OUTLIER_SD: Final = 2.5
ALONE_YEARS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Observation:
    """One time over one distance.

    Parameters
    ----------
    distance_m, time_s : float
        [m], [s]
    age_years : float
        How long before the race asked for. [years]
    noise_sd : float or None
        Of ln T; None = that of a race of the distance.
    """

    distance_m: float
    time_s: float
    age_years: float = 0.0
    noise_sd: float | None = None


@dataclass(frozen=True, slots=True)
class CurveEstimate:
    """ln T of the race asked for. [ln s]

    Parameters
    ----------
    log_time, sd : float
        Median and standard deviation of the outcome, the day of the race included.
    exponent : float
        Mean local exponent from the nearest observation to the target.
    weights : FloatArray
        (n,) how far each observation moves the result; they may be negative.
    is_slow : tuple of bool
        (n,) the observation was far slower than the others allow and was trusted less.
    """

    log_time: float
    sd: float
    exponent: float
    weights: FloatArray
    is_slow: tuple[bool, ...]


def race_noise_sd(distance_m: float) -> float:
    """Return the day-to-day standard deviation of ln T, growing from the half marathon to the marathon."""
    return float(
        np.interp(np.log(distance_m), np.log([HALF_MARATHON_M, MARATHON_M]), [RACE_SD, LONG_RACE_SD]),
    )


def log_time_curve(distance_m: FloatArray, *, exponents: Sequence[float]) -> FloatArray:
    """Return ln T over ln D relative to the half marathon.

    Parameters
    ----------
    distance_m : FloatArray
        (n,) [m], > 0
    exponents : sequence of float
        One for each stretch, as `EXPONENTS`.

    Examples
    --------
    >>> round(float(np.exp(log_time_curve(np.array([42_195.0]), exponents=EXPONENTS))[0]), 4)
    2.2038
    """
    knots = np.log(STRETCHES_M)
    inner = np.concatenate([[0.0], np.cumsum(np.diff(knots) * np.array(exponents[1:-1]))])
    log_distance = np.log(distance_m)
    within = np.interp(log_distance, knots, inner)
    below = np.minimum(log_distance - knots[0], 0.0) * exponents[0]
    above = np.maximum(log_distance - knots[-1], 0.0) * exponents[-1]
    at_half = inner[STRETCHES_M.index(HALF_MARATHON_M)]
    return np.asarray(within + below + above - at_half)


def population_exponents(*, sex: Sex | None, half_s: float | None) -> tuple[float, ...]:
    """Return the exponents of people of this sex and speed.

    Parameters
    ----------
    sex : "m", "f" or None
    half_s : float or None
        Half-marathon time, known or expected. [s]

    Examples
    --------
    >>> population_exponents(sex=None, half_s=7200)[HALF_TO_MARATHON]
    1.14
    """
    shift = SEX_SHIFT.get(sex or "", 0.0)
    if half_s is not None:
        shift += float(np.interp(np.log(half_s), np.log(_FAST_HALF_S), _FAST_SHIFT))
    values = list(EXPONENTS)
    values[HALF_TO_MARATHON] += shift
    return tuple(values)


def estimate(
    observations: Sequence[Observation], *, target_m: float, sex: Sex | None = None, age: float | None = None
) -> CurveEstimate:
    """Return the expected time over a distance from any number of observed times.

    The level, the athlete's own exponent, their durability beyond the half marathon and the drift of fitness are
    Gaussian around the population; what is observed moves them as far as its noise allows. An observation much slower
    than the others agree on (a bad day, a race run for fun) is trusted less; one that is faster is not.

    Parameters
    ----------
    observations : sequence of Observation
        At least one.
    target_m : float
        [m]
    sex : "m", "f" or None
    age : float or None
        [years]

    Returns
    -------
    CurveEstimate
    """
    exponents = population_exponents(sex=sex, half_s=None)
    half = _condition(observations, HALF_MARATHON_M, exponents, sex, age)
    exponents = population_exponents(sex=sex, half_s=float(np.exp(half.log_time)))
    return _condition(observations, target_m, exponents, sex, age)


def _condition(
    observations: Sequence[Observation],
    target_m: float,
    exponents: Sequence[float],
    sex: Sex | None,
    age: float | None,
) -> CurveEstimate:
    distance = np.array([one.distance_m for one in observations] + [target_m])
    years = np.array([one.age_years for one in observations] + [0.0])
    mean = np.log(_TYPICAL_HALF_S[sex]) + log_time_curve(distance, exponents=exponents) - ageing(years, age)
    covariance = _covariance(distance, years)
    noise = np.array(
        [one.noise_sd if one.noise_sd is not None else race_noise_sd(one.distance_m) for one in observations]
    )
    residual = np.log([one.time_s for one in observations]) - mean[:-1]
    inner, outer = covariance[:-1, :-1], covariance[:-1, -1]
    variance, is_slow = _trusted(inner, noise, residual, years[:-1])
    weights = np.linalg.solve(inner + np.diag(variance), outer)
    log_time = float(mean[-1] + weights @ residual)
    spread = covariance[-1, -1] - weights @ outer + race_noise_sd(target_m) ** 2
    nearest = int(np.argmin(np.abs(np.log(distance[:-1] / target_m))))
    step = np.log(target_m / distance[nearest])
    rise = log_time - np.log(observations[nearest].time_s)
    exponent = float(rise / step) if abs(step) > 0.1 else float("nan")
    return CurveEstimate(
        log_time,
        float(np.sqrt(spread)),
        exponent,
        np.asarray(weights, dtype=np.float64),
        tuple(bool(one) for one in is_slow),
    )


def _covariance(distance: FloatArray, years: FloatArray) -> FloatArray:
    steepness = np.log(distance / HALF_MARATHON_M)
    durability = np.maximum(steepness, 0.0)
    drift = np.maximum(years - DRIFT_FREE_YEARS, 0.0)
    return np.asarray(
        LEVEL_SD**2
        + EXPONENT_SD**2 * np.outer(steepness, steepness)
        + DURABILITY_SD**2 * np.outer(durability, durability)
        + DRIFT_SD_PER_YEAR**2 * np.minimum.outer(drift, drift)
    )


def ageing(years: FloatArray, age: float | None) -> FloatArray:
    """Return by how much ln T was lower some years ago, counting the years past the age from which people slow.

    Examples
    --------
    >>> ageing(np.array([5.0, 5.0]), 42.0), ageing(np.array([5.0]), None)
    (array([0.016, 0.016]), array([0.]))
    """
    if age is None:
        return np.zeros_like(years)
    return np.asarray(AGEING_PER_YEAR * np.minimum(years, max(age - AGEING_FROM, 0.0)))


def _trusted(
    inner: FloatArray, noise: FloatArray, residual: FloatArray, years: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return the variance to give each observation, raised where the others say that it was slow.

    What lies more than two years after all others is what became of the athlete, and not a bad day.
    """
    variance, is_slow = noise**2, np.zeros(noise.size, dtype=np.bool_)
    others = years + np.where(np.eye(years.size, dtype=np.bool_), np.inf, 0.0)
    is_alone = np.min(others, axis=1, initial=np.inf) > years + ALONE_YEARS
    for _ in range(noise.size // 2):
        precision = np.linalg.inv(inner + np.diag(variance))
        excess = np.where(is_slow | is_alone, -np.inf, (precision @ residual) / np.sqrt(np.diag(precision)))
        worst = int(np.argmax(excess))
        if excess[worst] <= _OUTLIER_SD:
            break
        is_slow[worst] = True
        variance[worst] *= excess[worst] ** 2
    return variance, is_slow
