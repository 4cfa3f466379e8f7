"""Variability of the beat-to-beat interval; never from averaged heart rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.core.arrays import BoolArray, FloatArray
from topform.core.errors import ShapeError

MIN_RR_MS, MAX_RR_MS = 300.0, 2000.0
MEDIAN_BEATS: Final = 11
MAX_FROM_MEDIAN_FRAC: Final = 0.2
MAX_REJECTED_FRAC: Final = 0.05
MIN_BEATS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class CleanIntervals:
    """Intervals with the artefacts marked.

    Parameters
    ----------
    nn_ms : FloatArray
        (n,) normal intervals; rejected ones are replaced by interpolation for what needs an unbroken series. [ms]
    is_normal : BoolArray
        (n,) False where the interval was rejected.
    rejected_frac : float
        0..1
    """

    nn_ms: FloatArray
    is_normal: BoolArray
    rejected_frac: float

    @property
    def is_usable(self) -> bool:
        """At most 5 % were rejected."""
        return self.rejected_frac <= MAX_REJECTED_FRAC


def clean_rr(rr_ms: FloatArray) -> CleanIntervals:
    """Reject intervals outside 300..2000 ms or more than 20 % from the median of the 11 around them.

    Parameters
    ----------
    rr_ms : FloatArray
        (n,) beat-to-beat intervals in order. [ms], n >= 2

    Returns
    -------
    CleanIntervals

    Raises
    ------
    ShapeError
        If there are fewer than two intervals or none is plausible.
    """
    if rr_ms.size < 2:
        raise ShapeError("at least two intervals are needed")
    is_plausible = np.isfinite(rr_ms) & (rr_ms >= MIN_RR_MS) & (rr_ms <= MAX_RR_MS)
    if not is_plausible.any():
        raise ShapeError("no interval lies within 300..2000 ms")
    places = np.arange(rr_ms.size)
    filled = np.where(is_plausible, rr_ms, np.interp(places, places[is_plausible], rr_ms[is_plausible]))
    from scipy.ndimage import median_filter

    local = median_filter(filled, size=MEDIAN_BEATS, mode="nearest")
    is_normal = is_plausible & (np.abs(filled - local) <= MAX_FROM_MEDIAN_FRAC * local)
    nn = np.interp(places, places[is_normal], rr_ms[is_normal])
    return CleanIntervals(nn, is_normal, float(1 - is_normal.mean()))


def _differences(rr_ms: FloatArray, is_normal: BoolArray | None) -> FloatArray:
    """Return differences of neighbours, none across a rejected beat."""
    steps = np.diff(rr_ms)
    return steps if is_normal is None else steps[is_normal[1:] & is_normal[:-1]]


def rmssd_ms(rr_ms: FloatArray, is_normal: BoolArray | None = None) -> float:
    """Root mean square of successive differences.

    Parameters
    ----------
    rr_ms : FloatArray
        (n,) intervals. [ms]
    is_normal : BoolArray or None
        (n,) no difference is formed across a rejected beat; None takes all.

    Returns
    -------
    float
        [ms]

    Raises
    ------
    ShapeError
        If no two neighbours are left.

    References
    ----------
    .. [1] Task Force of the European Society of Cardiology and the North American Society of Pacing and
       Electrophysiology, "Heart rate variability," Circulation, vol. 93, pp. 1043-1065, 1996.

    Examples
    --------
    >>> round(rmssd_ms(np.array([812.0, 830, 825, 790, 805, 840, 822, 810])), 3)
    22.335
    """
    steps = _differences(rr_ms, is_normal)
    if not steps.size:
        raise ShapeError("no two neighbouring intervals are left")
    return float(np.sqrt(np.mean(steps**2)))


def sdnn_ms(rr_ms: FloatArray, is_normal: BoolArray | None = None) -> float:
    """Standard deviation of the intervals; grows with the length of the recording. [ms]

    Raises
    ------
    ShapeError
        If fewer than two intervals are left.
    """
    kept = rr_ms if is_normal is None else rr_ms[is_normal]
    if kept.size < 2:
        raise ShapeError("at least two intervals are needed")
    return float(np.std(kept, ddof=1))


def pnn_pct(rr_ms: FloatArray, *, above_ms: float = 50.0) -> float:
    """Share of successive differences above a limit. [%]"""
    steps = _differences(rr_ms, None)
    return float(100 * np.mean(np.abs(steps) > above_ms)) if steps.size else float("nan")


def mean_hr_bpm(rr_ms: FloatArray) -> float:
    """Heart rate of the mean interval. [bpm]"""
    return float(60_000 / np.mean(rr_ms))


SMALLEST_CHANGE_SD: Final = 0.5
MIN_DAYS_A_WEEK: Final = 3


@dataclass(frozen=True, slots=True)
class NormalBand:
    """Where ln RMSSD of this person usually lies: mean and half a standard deviation to either side."""

    mean: float
    sd: float
    low: float
    high: float


def normal_band(baseline: FloatArray) -> NormalBand:
    """Band of the smallest worthwhile change around the days of a baseline.

    Parameters
    ----------
    baseline : FloatArray
        (n,) morning values of 28 to 60 days before the current week, same posture; NaN = not measured.

    Returns
    -------
    NormalBand

    Raises
    ------
    ShapeError
        If fewer than two days were measured.

    References
    ----------
    .. [1] D. J. Plews, P. B. Laursen, J. Stanley, A. E. Kilding, M. Buchheit, "Training adaptation and heart rate
       variability in elite endurance athletes," Sports Med., vol. 43, pp. 773-781, 2013.
    """
    known = baseline[np.isfinite(baseline)]
    if known.size < 2:
        raise ShapeError("a baseline needs two measured days")
    mean, sd = float(np.mean(known)), float(np.std(known, ddof=1))
    return NormalBand(mean, sd, mean - SMALLEST_CHANGE_SD * sd, mean + SMALLEST_CHANGE_SD * sd)


def weekly_mean(week: FloatArray) -> float:
    """Mean of the measured days of seven, NaN with fewer than three."""
    known = week[np.isfinite(week)]
    return float(np.mean(known)) if known.size >= MIN_DAYS_A_WEEK else float("nan")


def weekly_cv_pct(week: FloatArray) -> float:
    """Coefficient of variation of the measured days of seven, NaN with fewer than three. [%]"""
    known = week[np.isfinite(week)]
    return float(100 * np.std(known, ddof=1) / np.mean(known)) if known.size >= MIN_DAYS_A_WEEK else float("nan")
