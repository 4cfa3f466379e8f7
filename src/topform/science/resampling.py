"""Samples at uneven instants, brought to one value a second of running timer time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from topform.core.activity import Pause
from topform.core.arrays import FloatArray

MAX_GAP_S = 3.0
"""Longest gap that is bridged by a straight line when the device records every second."""

SPARSE_ABOVE_S = 1.5
SPARSE_GAP_MEDIANS = 4.0
LONGEST_GAP_S = 30.0
NEAR_S = 0.5
"""A whole second this near a sample takes its value."""


@dataclass(frozen=True, slots=True, eq=False)
class TimerGrid:
    """Whole seconds of running timer time in which the device recorded.

    Parameters
    ----------
    t_s : FloatArray
        (n,) seconds since the leg's start, 1 s apart except where the timer stood or nothing was recorded.
    max_gap_s : float
        Gap up to which values are interpolated. [s]
    expected_s : float
        Timer time that a gapless recording would cover. [s]
    """

    t_s: FloatArray
    max_gap_s: float
    expected_s: float

    def resample(self, t_s: FloatArray, values: FloatArray) -> FloatArray:
        """Return the values once a second: interpolated over short gaps, NaN in longer ones.

        Parameters
        ----------
        t_s, values : FloatArray
            (m,) instants [s], strictly increasing, and values; NaN = not observed.

        Returns
        -------
        FloatArray
            (n,) on the grid.
        """
        observed = np.isfinite(values)
        if not observed.any() or not self.t_s.size:
            return np.full(self.t_s.size, np.nan)
        known_t, known = t_s[observed], values[observed]
        result = np.interp(self.t_s, known_t, known)
        result[_in_gap(self.t_s, known_t, self.max_gap_s)] = np.nan
        return result

    def coverage(self, values: FloatArray) -> float:
        """Return the share of timer time with an observed value, 0..1."""
        return min(1.0, float(np.isfinite(values).sum()) / max(self.expected_s, 1.0))


def _in_gap(instants: FloatArray, known_t: FloatArray, max_gap_s: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say which instants lie outside the known ones or deep in a long gap between them."""
    after = np.searchsorted(known_t, instants)
    left = known_t[np.clip(after - 1, 0, known_t.size - 1)]
    right = known_t[np.clip(after, 0, known_t.size - 1)]
    near = np.minimum(np.abs(instants - left), np.abs(instants - right))
    is_bracketed = (left <= instants) & (instants <= right)
    return (near > NEAR_S) & ~(is_bracketed & (right - left <= max_gap_s))


def bridged_gap_s(t_s: FloatArray) -> float:
    """Return the gap to bridge: 3 s at one sample a second, more for devices that record only changes. [s]

    "Smart" recording writes a sample when something changes, seconds apart, so that its ordinary spacing is no gap.
    """
    if t_s.size < 2:
        return MAX_GAP_S
    typical_s = float(np.median(np.diff(t_s)))
    if typical_s <= SPARSE_ABOVE_S:
        return MAX_GAP_S
    return float(np.clip(SPARSE_GAP_MEDIANS * typical_s, MAX_GAP_S, LONGEST_GAP_S))


def timer_mean(t_s: FloatArray, values: FloatArray, pauses: Sequence[Pause], *, max_gap_s: float) -> float:
    """Return the mean over running timer time, the signal taken as straight lines between observations.

    For quantities that go on while nothing is recorded, such as the heart rate: a mean over samples would count
    minutes with many samples more than minutes with few.

    Parameters
    ----------
    t_s, values : FloatArray
        (n,) instants [s], strictly increasing, and values; NaN = not observed.
    pauses : sequence of Pause
        Stretches that do not count.
    max_gap_s : float
        Longer gaps do not count. [s]

    Returns
    -------
    float
        NaN without two observations near each other; then the mean of what was observed is all there is.

    Examples
    --------
    >>> timer_mean(np.array([0.0, 1.0, 2.0, 32.0]), np.array([90.0, 90.0, 90.0, 150.0]), (), max_gap_s=60.0)
    118.125
    """
    observed = np.isfinite(values)
    known_t, known = t_s[observed], values[observed]
    lasts = np.diff(known_t)
    running = np.where(lasts <= max_gap_s, lasts, 0.0)
    for pause in pauses:
        stopped = np.minimum(known_t[1:], pause.end_s) - np.maximum(known_t[:-1], pause.start_s)
        running = running - np.clip(np.where(running > 0, stopped, 0.0), 0.0, running)
    total_s = float(running.sum())
    if total_s <= 0:
        return float("nan")
    return float(running @ (known[1:] + known[:-1])) / 2 / total_s


def _recorded_seconds(t_s: FloatArray, max_gap_s: float) -> FloatArray:
    """Return the whole seconds since the first sample that lie in stretches without a long gap.

    Built stretch by stretch, so that a wrong clock with weeks between two samples costs nothing.
    """
    breaks = np.flatnonzero(np.diff(t_s) > max_gap_s)
    since = t_s - t_s[0]
    first = np.ceil(since[np.concatenate([[0], breaks + 1])] - NEAR_S).astype(np.int64)
    last = np.floor(since[np.concatenate([breaks, [t_s.size - 1]])] + NEAR_S).astype(np.int64)
    stretches = [np.arange(begin, end + 1) for begin, end in zip(first, last, strict=True)]
    seconds: FloatArray = t_s[0] + np.unique(np.concatenate(stretches)).astype(np.float64)
    return seconds


def timer_grid(t_s: FloatArray, pauses: Sequence[Pause], *, timer_s: float) -> TimerGrid:
    """Return the seconds in which the timer ran and the device recorded.

    Parameters
    ----------
    t_s : FloatArray
        (m,) instants of samples. [s]
    pauses : sequence of Pause
        Stretches in which the timer stood.
    timer_s : float
        Timer time as the device states it; 0 when unknown. [s]
    """
    max_gap_s = bridged_gap_s(t_s)
    if not t_s.size:
        return TimerGrid(np.empty(0), max_gap_s, timer_s)
    seconds = _recorded_seconds(t_s, max_gap_s)
    keep = np.ones(seconds.size, dtype=np.bool_)
    for pause in pauses:
        keep &= ~((seconds > pause.start_s) & (seconds < pause.end_s))
    seconds = seconds[keep]
    return TimerGrid(seconds, max_gap_s, timer_s if timer_s > 0 else float(seconds.size))
