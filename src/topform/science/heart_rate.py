"""Load from heart rate: Banister's, Edwards' and Lucia's training impulses."""

from __future__ import annotations

from enum import Enum

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError
from topform.core.units import S_PER_MIN


class Weighting(Enum):
    """Published coefficients (a, b) of the exponential weighting a * exp(b * reserve fraction)."""

    MEN_1990 = (0.64, 1.92)
    WOMEN_1990 = (0.86, 1.67)

    @classmethod
    def of_sex(cls, sex: str) -> Weighting:
        """Return the coefficients of the published group."""
        return cls.MEN_1990 if sex == "m" else cls.WOMEN_1990


LTHR_OF_MAX = 0.88
"""Threshold heart rate as a share of the maximal one, where no more is known; a convention of this project."""

EFFORT_MIN_S, EFFORT_MAX_S = 1200, 3600
"""Lengths of efforts whose heart rate tells of the one at threshold. [s]"""

EFFORT_WEIGHT = 0.5
HARDLY_AN_EFFORT = 0.8
"""Below this share of the maximal heart rate 20 min were no effort that tells of the threshold; a convention of this
project."""

ABOVE_MAX = 1.0
SUSTAINED_FRAC = 0.95
"""Without its highest fifth an effort of 20 min still holds this share of its mean heart rate; with five minutes of a
slipping strap it does not."""

EDWARDS_EDGES = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Lower edges of the five zones, as fractions of maximal heart rate."""


def hr_reserve_frac(hr_bpm: FloatArray, *, hr_rest_bpm: float, hr_max_bpm: float) -> FloatArray:
    """Return the used fraction of the heart-rate reserve, clipped to 0..1; NaN stays NaN.

    Raises
    ------
    OutOfRangeError
        If rest is not below max.
    """
    if not hr_rest_bpm < hr_max_bpm:
        raise OutOfRangeError(f"hr_rest_bpm ({hr_rest_bpm:g}) must be below hr_max_bpm ({hr_max_bpm:g})")
    return np.clip((hr_bpm - hr_rest_bpm) / (hr_max_bpm - hr_rest_bpm), 0.0, 1.0)


def trimp_banister(
    hr_bpm: FloatArray, *, hr_rest_bpm: float, hr_max_bpm: float, weighting: Weighting, step_s: float = 1.0
) -> float:
    """Training impulse summed sample by sample.

    From the mean heart rate an interval session would come out about 13 % lower, so the mean is never used.
    Reliability in repeated sessions is about 16 % (coefficient of variation) [2]_.

    Parameters
    ----------
    hr_bpm : FloatArray
        (n,) evenly spaced; NaN = not observed, adds nothing. [bpm]
    hr_rest_bpm, hr_max_bpm : float
        Measured, not predicted from age. [bpm], rest < max
    weighting : Weighting
        Published coefficient pair; there is no default on purpose.
    step_s : float
        Spacing of samples. [s], default 1.0

    Returns
    -------
    float
        [AU]

    Raises
    ------
    OutOfRangeError
        If rest is not below max.

    References
    ----------
    .. [1] R. H. Morton, J. R. Fitz-Clarke, E. W. Banister, "Modeling human performance in running," J. Appl.
       Physiol., vol. 69, pp. 1171-1177, 1990.
    .. [2] L. K. Wallace, K. M. Slattery, F. M. Impellizzeri, A. J. Coutts, "Establishing the criterion validity and
       reliability of common methods for quantifying training load," J. Strength Cond. Res., vol. 28, 2014.

    Examples
    --------
    >>> round(trimp_banister(np.full(3600, 150.0), hr_rest_bpm=50, hr_max_bpm=190,
    ...                      weighting=Weighting.MEN_1990), 2)
    108.1
    """
    fraction = hr_reserve_frac(hr_bpm, hr_rest_bpm=hr_rest_bpm, hr_max_bpm=hr_max_bpm)
    a, b = weighting.value
    return float(np.nansum(fraction * a * np.exp(b * fraction))) * step_s / S_PER_MIN


def hr_load(
    *, trimp_banister_au: float, lthr_bpm: float, hr_rest_bpm: float, hr_max_bpm: float, weighting: Weighting
) -> float:
    """Training impulse on the load scale: 100 is one hour at threshold heart rate.

    Parameters
    ----------
    trimp_banister_au : float
        With the same coefficients and heart rates. [AU]
    lthr_bpm : float
        Heart rate at threshold. [bpm]
    hr_rest_bpm, hr_max_bpm : float
        [bpm]
    weighting : Weighting

    Returns
    -------
    float
        [AU]

    Raises
    ------
    OutOfRangeError
        If threshold is not above rest.
    """
    if not hr_rest_bpm < lthr_bpm:
        raise OutOfRangeError(f"lthr_bpm ({lthr_bpm:g}) must be above hr_rest_bpm ({hr_rest_bpm:g})")
    hour_at_threshold = trimp_banister(
        np.full(60, lthr_bpm), hr_rest_bpm=hr_rest_bpm, hr_max_bpm=hr_max_bpm, weighting=weighting, step_s=S_PER_MIN
    )
    return 100 * trimp_banister_au / hour_at_threshold


def lthr_estimate_bpm(*, hr_max_bpm: float, hr_rest_bpm: float) -> float | None:
    """Threshold heart rate guessed from the maximal one; whatever uses it says so.

    Five beats either way change the load of an easy hour by about a tenth.

    Parameters
    ----------
    hr_max_bpm, hr_rest_bpm : float
        Measured. [bpm]

    Returns
    -------
    float or None
        [bpm]; None where it would not lie above rest.

    Examples
    --------
    >>> round(lthr_estimate_bpm(hr_max_bpm=190, hr_rest_bpm=50), 1)
    167.2
    """
    estimate_bpm = LTHR_OF_MAX * hr_max_bpm
    return estimate_bpm if estimate_bpm > hr_rest_bpm else None


def lthr_of_effort_bpm(*, hr_bpm: float, hr_max_bpm: float) -> float | None:
    """Threshold heart rate that a best effort of 20 to 60 min implies, half way to what the maximum lets expect.

    Parameters
    ----------
    hr_bpm : float
        Mean over the effort. [bpm]
    hr_max_bpm : float
        Measured. [bpm]

    Returns
    -------
    float or None
        [bpm]; None where the heart rate was too low for an effort.

    Examples
    --------
    >>> lthr_of_effort_bpm(hr_bpm=168, hr_max_bpm=190)
    167.6
    >>> lthr_of_effort_bpm(hr_bpm=130, hr_max_bpm=190) is None
    True
    """
    if hr_bpm < HARDLY_AN_EFFORT * hr_max_bpm:
        return None
    return EFFORT_WEIGHT * hr_bpm + (1 - EFFORT_WEIGHT) * LTHR_OF_MAX * hr_max_bpm


def edwards_minutes(hr_bpm: FloatArray, *, hr_max_bpm: float, step_s: float = 1.0) -> FloatArray:
    """Return the minutes in the five zones 50-60, 60-70, 70-80, 80-90, 90-100 % of maximal heart rate."""
    fraction = hr_bpm[np.isfinite(hr_bpm)] / hr_max_bpm
    zone = np.digitize(fraction, EDWARDS_EDGES)
    return np.array([np.count_nonzero(zone == number) for number in range(1, 6)]) * step_s / S_PER_MIN


def trimp_edwards(hr_bpm: FloatArray, *, hr_max_bpm: float, step_s: float = 1.0) -> float:
    """Sum of minutes in five zones, weighted 1 to 5.

    References
    ----------
    .. [1] S. Edwards, "The Heart Rate Monitor Book," Fleet Feet Press, 1993.

    Examples
    --------
    >>> trimp_edwards(np.full(600, 171.0), hr_max_bpm=190)
    50.0
    """
    return float(edwards_minutes(hr_bpm, hr_max_bpm=hr_max_bpm, step_s=step_s) @ np.arange(1, 6))


def trimp_lucia(hr_bpm: FloatArray, *, vt1_bpm: float, vt2_bpm: float, step_s: float = 1.0) -> float:
    """Sum of minutes below, between and above the ventilatory thresholds, weighted 1, 2, 3.

    Raises
    ------
    OutOfRangeError
        If the first threshold is not below the second.

    References
    ----------
    .. [1] A. Lucia, J. Hoyos, A. Santalla, C. Earnest, J. L. Chicharro, "Tour de France versus Vuelta a Espana:
       which is harder?" Med. Sci. Sports Exerc., vol. 35, pp. 872-878, 2003.
    """
    if not vt1_bpm < vt2_bpm:
        raise OutOfRangeError(f"vt1_bpm ({vt1_bpm:g}) must be below vt2_bpm ({vt2_bpm:g})")
    observed = hr_bpm[np.isfinite(hr_bpm)]
    weight = 1 + (observed >= vt1_bpm).astype(np.float64) + (observed > vt2_bpm)
    return float(weight.sum()) * step_s / S_PER_MIN
