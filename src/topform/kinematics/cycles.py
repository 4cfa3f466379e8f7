"""Finds down-and-up cycles in one signal, causally and without fixed thresholds.

A reversal counts only when it exceeds a hysteresis derived from the range of the last cycles and from the noise of
the signal; so a fast half-range set and a slow full one are both followed, and jitter is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

# A repetition goes down by at least 65 % and comes up by at least 75 % of the range of the last five attempts.
DESCENT_FRAC: Final = 0.65
ASCENT_FRAC: Final = 0.75
FIRST_ASCENT_FRAC: Final = 0.6
"""The first cycle has no range to compare with, and its top may be a jump or the way into position."""

CUT_ASCENT_FRAC: Final = 0.5
"""A recording that ends on the way up, past the middle, was cut during a repetition; after others only."""

REMEMBERED: Final = 5
HYSTERESIS_FRAC: Final = 0.35
NOISE_FACTOR: Final = 4.0
NOISE_SHARE: Final = 0.05
NOISE_CAP_FACTOR: Final = 3.0
NOISE_CAP_RANGE_FRAC: Final = 0.02
CREEP_FRAC: Final = 0.02
NOISE_TIME_S: Final = 1.0
NEAR_FRAC: Final = 0.25
"""Within this part of the hysteresis of the top, the body still counts as being at the top."""

# The second difference of white noise has a standard deviation of sqrt(6); its mean absolute value is 0.798 of that.
SECOND_DIFFERENCE: Final = math.sqrt(6.0) * 0.798


@dataclass(frozen=True, slots=True)
class Extremum:
    """A turning point of the signal."""

    t_s: float
    value: float


class CycleEventKind(StrEnum):
    """What happened to a cycle."""

    DESCENT = "descent"
    TURN = "turn"
    COUNTED = "counted"
    PARTIAL = "partial"
    TOP = "top"


@dataclass(frozen=True, slots=True)
class CycleEvent:
    """A step of a cycle.

    Parameters
    ----------
    kind : CycleEventKind
        ``DESCENT``: on the way down. ``TURN``: on the way up again. ``COUNTED``: high enough, a full cycle.
        ``PARTIAL``: up again, but the range was too small. ``TOP``: the high point after the cycle is final.
    start, turn, end : Extremum
        The turning points as known so far.
    """

    kind: CycleEventKind
    start: Extremum
    turn: Extremum
    end: Extremum


@dataclass(frozen=True, slots=True)
class CycleState:
    """What the counter knows; start with ``CycleState(min_range=...)``.

    Parameters
    ----------
    min_range : float
        Smallest range that can be a cycle. [unit of the signal]
    """

    min_range: float
    is_down: bool = False
    high: Extremum | None = None
    """Highest value since the last turn, and since when it is as high as that."""
    left_high_s: float = 0.0
    """When the signal was last near its high."""
    start: Extremum | None = None
    low: Extremum | None = None
    is_decided: bool = False
    ranges: tuple[float, ...] = ()
    noise: float = 0.0
    last: tuple[float, ...] = ()

    @property
    def typical_range(self) -> float | None:
        """Median range of the last cycles."""
        if not self.ranges:
            return None
        ordered = sorted(self.ranges)
        half = len(ordered) // 2
        return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2.0

    @property
    def hysteresis(self) -> float:
        """How far the signal must come back for a turning point to be one."""
        typical = self.typical_range
        wanted = self.min_range if typical is None else HYSTERESIS_FRAC * typical
        return max(wanted, NOISE_FACTOR * self.noise, 0.5 * self.min_range)


Step = tuple[CycleState, tuple[CycleEvent, ...]]


def cycle_step(state: CycleState, *, t_s: float, value: float) -> Step:
    """Take one sample.

    Parameters
    ----------
    state : CycleState
        The state before.
    t_s : float
        Time of the sample, later than the one before. [s]
    value : float
        The signal; not NaN.

    Returns
    -------
    tuple of (CycleState, tuple of CycleEvent)
        The state after and what happened.

    Examples
    --------
    >>> state, counted = CycleState(min_range=20.0), 0
    >>> for frame in range(600):
    ...     angle = 125.0 + 45.0 * math.cos(2.0 * math.pi * frame / 75.0)
    ...     state, events = cycle_step(state, t_s=frame / 30.0, value=angle)
    ...     counted += sum(event.kind is CycleEventKind.COUNTED for event in events)
    >>> counted
    8
    """
    here = Extremum(t_s, value)
    state = _with_noise(state, value)
    if state.high is None:
        return replace(state, high=here, left_high_s=t_s), ()
    return _going_down(state, here) if state.is_down else _going_up(state, here, state.high)


def finish_cycles(state: CycleState) -> tuple[CycleEvent, ...]:
    """Return what the end of the recording settles: the last top, or a cycle that was cut on the way up."""
    if state.start is None or state.low is None or state.high is None or state.is_down:
        return ()
    start, low, high = state.start, state.low, state.high
    if state.is_decided:
        return (CycleEvent(CycleEventKind.TOP, start, low, high),)
    drop, typical = start.value - low.value, state.typical_range
    is_rising = bool(state.last) and state.last[-1] >= high.value - NEAR_FRAC * state.hysteresis
    is_full = typical is not None and drop >= DESCENT_FRAC * typical
    if is_rising and is_full and high.value - low.value >= CUT_ASCENT_FRAC * min(drop, typical or drop):
        return (
            CycleEvent(CycleEventKind.COUNTED, start, low, high),
            CycleEvent(CycleEventKind.TOP, start, low, high),
        )
    return (CycleEvent(CycleEventKind.PARTIAL, start, low, high),)


def _with_noise(state: CycleState, value: float) -> CycleState:
    # Differences over three samples see the noise and hardly the movement; outliers weigh as three times the noise.
    last = (*state.last, value)[-3:]
    if len(last) < 3:
        return replace(state, last=last)
    bend = abs(last[0] - 2.0 * last[1] + last[2]) / SECOND_DIFFERENCE
    capped = min(bend, NOISE_CAP_FACTOR * state.noise + NOISE_CAP_RANGE_FRAC * state.min_range)
    return replace(state, last=last, noise=state.noise + NOISE_SHARE * (capped - state.noise))


def _going_up(state: CycleState, here: Extremum, high: Extremum) -> Step:
    events: list[CycleEvent] = []
    near = NEAR_FRAC * state.hysteresis
    if here.value > high.value:
        # A slow creep upwards does not move the time at which the top was reached.
        since_s = here.t_s if here.value - high.value > CREEP_FRAC * state.hysteresis else high.t_s
        high = Extremum(since_s, here.value)
    left_high_s = here.t_s if here.value >= high.value - near else state.left_high_s
    state = replace(state, high=high, left_high_s=left_high_s)
    if state.start is not None and state.low is not None and not state.is_decided:
        drop = state.start.value - state.low.value
        typical = state.typical_range
        target = state.low.value + (FIRST_ASCENT_FRAC * drop if typical is None else ASCENT_FRAC * min(drop, typical))
        if here.value >= target:
            is_full = typical is None or drop >= DESCENT_FRAC * typical
            kind = CycleEventKind.COUNTED if is_full else CycleEventKind.PARTIAL
            events.append(CycleEvent(kind, state.start, state.low, high))
            state = replace(state, is_decided=True, ranges=(*state.ranges, drop)[-REMEMBERED:])
    if high.value - here.value < state.hysteresis:
        return state, tuple(events)
    if state.start is not None and state.low is not None:
        kind = CycleEventKind.TOP if state.is_decided else CycleEventKind.PARTIAL
        events.append(CycleEvent(kind, state.start, state.low, high))
        if not state.is_decided:
            state = replace(state, ranges=(*state.ranges, high.value - state.low.value)[-REMEMBERED:])
    start = Extremum(state.left_high_s, high.value)
    events.append(CycleEvent(CycleEventKind.DESCENT, start, here, here))
    return replace(state, is_down=True, start=start, low=here, is_decided=False), tuple(events)


def _going_down(state: CycleState, here: Extremum) -> Step:
    assert state.start is not None and state.low is not None
    if here.value < state.low.value:
        return replace(state, low=here), ()
    if here.value - state.low.value < state.hysteresis:
        return state, ()
    turn = CycleEvent(CycleEventKind.TURN, state.start, state.low, here)
    after, events = _going_up(replace(state, is_down=False, high=here, left_high_s=here.t_s), here, here)
    return after, (turn, *events)
