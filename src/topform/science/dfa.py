"""Short-term fractal scaling of heart beats (DFA alpha 1) and the thresholds read from it.

Chest-strap intervals only. Software differs in detrending, so thresholds of one tool do not carry over to another; one
validation found a bias of -10 bpm (SD 16) at the first threshold and none at the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import ShapeError
from topform.science.hrv import MAX_REJECTED_FRAC, clean_rr

SMALLEST_BOX, LARGEST_BOX = 4, 16
WINDOW_S: Final = 120.0
STEP_S: Final = 5.0
FIRST_THRESHOLD, SECOND_THRESHOLD = 0.75, 0.50
FALLING_LIMB = (0.4, 1.1)
MIN_WINDOWS: Final = 6
MIN_BEATS: Final = 64


def fluctuation(rr_ms: FloatArray, box: int) -> float:
    """Root mean square of the integrated series around a line fitted in each box of beats."""
    profile = np.cumsum(rr_ms - np.mean(rr_ms))
    boxes = profile.size // box
    cut = profile[: boxes * box].reshape(boxes, box)
    x = np.arange(box) - (box - 1) / 2
    slope = (cut @ x) / (x @ x)
    residual = cut - cut.mean(axis=1, keepdims=True) - slope[:, None] * x
    return float(np.sqrt(np.mean(residual**2)))


def alpha1(rr_ms: FloatArray) -> float:
    """Slope of log fluctuation on log box size from 4 to 16 beats.

    White noise gives about 0.57 and not 0.5: small boxes are biased.

    Parameters
    ----------
    rr_ms : FloatArray
        (n,) intervals with artefacts corrected. [ms], n >= 64

    Returns
    -------
    float
        About 1 at rest and easy effort, 0.75 at the first and 0.5 at the second threshold.

    Raises
    ------
    ShapeError
        If there are fewer than 64 intervals or one is missing.

    References
    ----------
    .. [1] C.-K. Peng, S. Havlin, H. E. Stanley, A. L. Goldberger, "Quantification of scaling exponents and crossover
       phenomena in nonstationary heartbeat time series," Chaos, vol. 5, pp. 82-87, 1995.
    .. [2] B. Rogers, D. Giles, N. Draper, O. Hoos, T. Gronwald, "A new detection method defining the aerobic threshold
       for endurance exercise and training prescription based on fractal correlation properties of heart rate
       variability," Front. Physiol., vol. 11, 2021.
    """
    if rr_ms.size < MIN_BEATS or not np.isfinite(rr_ms).all():
        raise ShapeError(f"alpha 1 needs {MIN_BEATS} observed intervals")
    sizes = np.arange(SMALLEST_BOX, LARGEST_BOX + 1)
    levels = np.array([fluctuation(rr_ms, int(size)) for size in sizes])
    if not (levels > 0).all():
        return float("nan")
    return float(np.polyfit(np.log(sizes), np.log(levels), 1)[0])


@dataclass(frozen=True, slots=True, eq=False)
class AlphaTrace:
    """Alpha 1 in windows of two minutes.

    Parameters
    ----------
    t_s : FloatArray
        (n,) middle of each window. [s]
    alpha1 : FloatArray
        (n,) NaN where more than 5 % of the beats were rejected.
    rejected_frac : FloatArray
        (n,) 0..1
    """

    t_s: FloatArray
    alpha1: FloatArray
    rejected_frac: FloatArray


def alpha_trace(
    t_s: FloatArray, rr_ms: FloatArray, *, window_s: float = WINDOW_S, step_s: float = STEP_S
) -> AlphaTrace:
    """Alpha 1 along a session.

    Parameters
    ----------
    t_s, rr_ms : FloatArray
        (n,) time of the beat that ends each interval [s], and the interval [ms].
    window_s : float
        [s], default 120.0; shorter windows are unreliable at low intensity.
    step_s : float
        [s], default 5.0
    """
    if t_s.size < MIN_BEATS or t_s[-1] - t_s[0] < window_s:
        return AlphaTrace(np.empty(0), np.empty(0), np.empty(0))
    starts = np.arange(t_s[0], t_s[-1] - window_s + 1e-9, step_s)
    first, last = np.searchsorted(t_s, starts), np.searchsorted(t_s, starts + window_s)
    clean = clean_rr(rr_ms)
    values, rejected = np.full(starts.size, np.nan), np.ones(starts.size)
    for place, (begin, end) in enumerate(zip(first, last, strict=True)):
        if end - begin < MIN_BEATS:
            continue
        rejected[place] = 1 - clean.is_normal[begin:end].mean()
        if rejected[place] <= MAX_REJECTED_FRAC:
            values[place] = alpha1(clean.nn_ms[begin:end])
    return AlphaTrace(starts + window_s / 2, values, rejected)


@dataclass(frozen=True, slots=True)
class AlphaThreshold:
    """What crosses a value of alpha 1: the effort, and how well the falling limb is a line."""

    effort_at_first: float
    effort_at_second: float
    slope: float
    r_squared: float
    n: int


def thresholds_from_alpha(effort: FloatArray, alpha: FloatArray) -> AlphaThreshold | None:
    """Read the thresholds off a line of alpha 1 on heart rate or power over its fall.

    Parameters
    ----------
    effort : FloatArray
        (n,) heart rate [bpm], power [W] or speed [m/s] of each window.
    alpha : FloatArray
        (n,) alpha 1; NaN = not usable.

    Returns
    -------
    AlphaThreshold or None
        None when too few windows lie on the fall, or alpha 1 does not fall with effort.

    Examples
    --------
    >>> found = thresholds_from_alpha(np.array([110.0, 120, 130, 140, 150, 160]),
    ...                               np.array([1.1, 1.02, 0.9, 0.78, 0.62, 0.5]))
    >>> round(found.effort_at_first, 2), round(found.effort_at_second, 2)
    (140.67, 160.93)
    """
    low, high = FALLING_LIMB
    counts = np.isfinite(effort) & np.isfinite(alpha) & (alpha >= low) & (alpha <= high)
    if counts.sum() < MIN_WINDOWS or np.ptp(effort[counts]) == 0:
        return None
    x, y = effort[counts], alpha[counts]
    slope, intercept = np.polyfit(x, y, 1)
    if slope >= 0:
        return None
    residual = y - slope * x - intercept
    total = float(np.sum((y - y.mean()) ** 2))
    return AlphaThreshold(
        float((FIRST_THRESHOLD - intercept) / slope),
        float((SECOND_THRESHOLD - intercept) / slope),
        float(slope),
        1 - float(residual @ residual) / total,
        int(counts.sum()),
    )
