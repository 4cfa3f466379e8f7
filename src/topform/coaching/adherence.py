"""How closely a session was done as planned, step by step: a total hides intervals that were never ridden.

Steps follow each other in the order of the plan. Where the laps of the recording are as many as the steps they are
taken as the steps, as watches that run a structured workout record them; otherwise the steps lie one after the other
in moving time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from topform.core.arrays import FloatArray

TARGET_STREAMS: Final = {"power_w": "power_w", "speed_m_s": "speed_m_s", "hr_bpm": "hr_bpm"}
_TOLERANCE_FRAC: Final = 0.03
"""A mean this far outside its range still counts as met: less than a power meter's own error twice."""

_MIN_COVERAGE: Final = 0.8
_COMPLETE_FRAC: Final = 0.9
_MOVING_M_S: Final = 0.3


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step and what was done of it.

    Parameters
    ----------
    index : int
        Place among the steps, repeats multiplied out.
    text : str
    planned_s, done_s : float
        [s]
    target, low, high : str or None, float or None
        As planned.
    actual : float or None
        Mean over the step; None where too little of it was recorded.
    verdict : str
        "met", "below", "above", "short" (less than nine tenths of the time), "missed" or "unmeasured".
    """

    index: int
    text: str
    planned_s: float
    done_s: float
    target: str | None
    low: float | None
    high: float | None
    actual: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Adherence:
    """Every step, and the share of planned time that was done as meant.

    ``share`` counts the time of steps that were met over the time of all steps that could be judged; None when none
    could. ``by_laps`` tells whether laps of the recording stood for the steps.
    """

    steps: tuple[StepResult, ...]
    share: float | None
    by_laps: bool


def adherence(
    steps: Sequence[Mapping[str, Any]],
    t_s: FloatArray,
    channels: Mapping[str, FloatArray],
    *,
    laps_s: Sequence[tuple[float, float]] = (),
) -> Adherence:
    """Return how each step of a session was done.

    Parameters
    ----------
    steps : sequence of mapping
        Step documents of the planned session.
    t_s : FloatArray
        (n,) time since the start. [s]
    channels : mapping of str to FloatArray
        (n,) each: ``power_w``, ``speed_m_s``, ``hr_bpm``; NaN where nothing was recorded.
    laps_s : sequence of tuple
        Start and end of each lap on the same clock. [s]

    Returns
    -------
    Adherence
    """
    flat = list(_flat(steps))
    clock = _moving_clock(t_s, channels.get("speed_m_s"))
    by_laps = len(laps_s) == len(flat) and len(flat) > 1
    if by_laps:
        spans = [(start, end) for start, end in laps_s]
        used = t_s
    else:
        ends = np.cumsum([float(step["duration_s"]) for step in flat])
        spans = [(float(end) - float(step["duration_s"]), float(end)) for step, end in zip(flat, ends, strict=True)]
        used = clock
    results = tuple(
        _judge(index, step, span, used, channels) for index, (step, span) in enumerate(zip(flat, spans, strict=True))
    )
    judged = [item for item in results if item.verdict != "unmeasured"]
    total = sum(item.planned_s for item in judged)
    met = sum(item.planned_s for item in judged if item.verdict == "met")
    return Adherence(results, met / total if total > 0 else None, by_laps)


def _flat(steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for step in steps:
        inner = step.get("steps")
        found += int(step.get("count", 1)) * _flat(inner) if inner else [step]
    return found


def _moving_clock(t_s: FloatArray, speed_m_s: FloatArray | None) -> FloatArray:
    """Return the time in motion at each sample; without speed all time counts."""
    if t_s.size == 0:
        return t_s
    gaps = np.diff(t_s, prepend=t_s[0])
    gaps = np.minimum(gaps, 10.0)  # A longer gap is a pause of the watch.
    if speed_m_s is not None and np.isfinite(speed_m_s).mean() >= _MIN_COVERAGE:
        gaps = np.where(np.nan_to_num(speed_m_s, nan=1.0) < _MOVING_M_S, 0.0, gaps)
    return np.cumsum(gaps)


def _judge(
    index: int,
    step: Mapping[str, Any],
    span: tuple[float, float],
    clock: FloatArray,
    channels: Mapping[str, FloatArray],
) -> StepResult:
    start, end = span
    planned_s = float(step["duration_s"])
    last = float(clock[-1]) if clock.size else 0.0
    done_s = max(0.0, min(last, end) - start)
    target = step.get("target")
    low, high = step.get("low"), step.get("high")
    inside = (clock >= start) & (clock < end) if clock.size else np.zeros(0, dtype=bool)
    actual = _mean(channels.get(TARGET_STREAMS.get(str(target), "")), inside)
    return StepResult(
        index=index,
        text=str(step.get("text", "")),
        planned_s=planned_s,
        done_s=round(done_s, 1),
        target=None if target is None else str(target),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        actual=None if actual is None else round(actual, 3),
        verdict=_verdict(planned_s, done_s, low, high, actual),
    )


def _mean(values: FloatArray | None, inside: np.ndarray[Any, np.dtype[np.bool_]]) -> float | None:
    if values is None or not inside.any():
        return None
    chosen = values[inside]
    known = np.isfinite(chosen)
    return float(chosen[known].mean()) if known.mean() >= _MIN_COVERAGE else None


def _verdict(planned_s: float, done_s: float, low: Any, high: Any, actual: float | None) -> str:
    if done_s <= 0:
        return "missed"
    if done_s < _COMPLETE_FRAC * planned_s:
        return "short"
    if low is None or high is None:
        return "met"
    if actual is None:
        return "unmeasured"
    least, most = sorted((float(low), float(high)))
    if actual < least * (1 - _TOLERANCE_FRAC):
        return "below"
    return "above" if actual > most * (1 + _TOLERANCE_FRAC) else "met"
