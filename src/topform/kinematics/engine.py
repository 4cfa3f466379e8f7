"""The causal step: one frame and the state in, the new state and what happened out.

The same step follows a live camera and a recorded file. It knows nothing of later frames; evidence that needs them
belongs in `topform.kinematics.revision` and never changes what this engine said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from topform.kinematics.cycles import (
    CycleEvent,
    CycleEventKind,
    CycleState,
    cycle_step,
    finish_cycles,
)
from topform.kinematics.movement import Movement, Ruler
from topform.kinematics.observation import FrameObservation

LOSS_S: Final = 0.7
POSTURE_TIME_S: Final = 0.4
ENTER_POSTURE_SHARE: Final = 0.5
STAY_POSTURE_SHARE: Final = 0.2
MEDIAN_SAMPLES: Final = 3
END_STEP_S: Final = 1e-3
SCALE_TIME_S: Final = 1.0
HANDS_DOWN_TIME_S: Final = 0.5
HANDS_UP_TIME_S: Final = 2.0


class Phase(StrEnum):
    """Where the athlete is in a repetition."""

    AWAY = "away"
    TOP = "top"
    ECCENTRIC = "eccentric"
    CONCENTRIC = "concentric"


class EventKind(StrEnum):
    """What the engine tells."""

    IN_POSITION = "in_position"
    OUT_OF_POSITION = "out_of_position"
    PHASE = "phase"
    REP = "rep"
    PARTIAL = "partial"
    REP_CLOSED = "rep_closed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a frame.

    Parameters
    ----------
    kind : EventKind
        ``REP`` comes when a repetition is sure, ``REP_CLOSED`` when its top and so its whole extent is known.
    t_s : float
        When it was known. [s]
    phase : Phase
        Phase after the event.
    count : int
        Repetitions so far.
    start_s, turn_s, end_s : float
        Extent of the repetition or attempt, NaN for other kinds. [s]
    range_m : float
        How far the movement's signal went, for a push-up how far the shoulders sank; NaN for other kinds. [m]
    """

    kind: EventKind
    t_s: float
    phase: Phase
    count: int
    start_s: float = math.nan
    turn_s: float = math.nan
    end_s: float = math.nan
    range_m: float = math.nan


@dataclass(frozen=True, slots=True)
class EngineState:
    """Everything the engine remembers; `engine_for` starts a set."""

    movement: Movement
    cycles: CycleState
    phase: Phase = Phase.AWAY
    count: int = 0
    partial_count: int = 0
    is_in_position: bool = False
    posture: float = 0.0
    px_per_m: float = math.nan
    hands_y_px: float = math.nan
    height_m: float = math.nan
    heights: tuple[tuple[float, float], ...] = ()
    last_s: float = math.nan
    window: tuple[FrameObservation, ...] = ()
    is_rep_open: bool = False
    counted: tuple[tuple[float, float], ...] = ()
    """Turning point [s] and range of the signal of each repetition."""


def engine_for(movement: Movement) -> EngineState:
    """Return the state that starts a set of an exercise."""
    return EngineState(movement=movement, cycles=CycleState(min_range=movement.min_range))


def step(state: EngineState, seen: FrameObservation) -> tuple[EngineState, tuple[Event, ...]]:
    """Take one frame.

    Parameters
    ----------
    state : EngineState
        The state before.
    seen : FrameObservation
        What the frame shows; times increase from frame to frame.

    Returns
    -------
    tuple of (EngineState, tuple of Event)
        The state after and what happened, in order.
    """
    dt_s = 0.0 if math.isnan(state.last_s) else seen.t_s - state.last_s
    if not seen.is_observed:
        return _unseen(state, seen.t_s)
    before: tuple[Event, ...] = ()
    if dt_s > LOSS_S and state.is_in_position:
        state, before = _leave(state, seen.t_s)
    state, events, posture = _follow_posture(state, seen, dt_s)
    events = (*before, *events)
    ruler = _ruler_after(state, seen, dt_s)
    height_now_m = math.nan
    if state.is_in_position and ruler.px_per_m > 0.0:
        height_now_m = state.movement.signal(seen, ruler)
    if not math.isfinite(height_now_m):
        followed = replace(
            state, last_s=seen.t_s, posture=posture, px_per_m=ruler.px_per_m, hands_y_px=ruler.hands_y_px
        )
        return followed, events
    heights = _recent(state, seen.t_s, height_now_m)
    height_m = sorted([value for _, value in heights])[len(heights) // 2]
    window = (*state.window, seen)
    longest_s = state.movement.max_rep_s
    if seen.t_s - window[0].t_s > 2.0 * longest_s:
        window = tuple(kept for kept in window if seen.t_s - kept.t_s <= longest_s)
    cycles, happened = cycle_step(state.cycles, t_s=seen.t_s, value=height_m)
    state = replace(
        state,
        cycles=cycles,
        posture=posture,
        px_per_m=ruler.px_per_m,
        hands_y_px=ruler.hands_y_px,
        height_m=height_m,
        heights=heights,
        last_s=seen.t_s,
        window=window,
    )
    for event in happened:
        state, told = _tell(state, event, seen.t_s)
        events = (*events, *told)
    return state, events


def finish(state: EngineState) -> tuple[EngineState, tuple[Event, ...]]:
    """Close what is open when the recording ends."""
    events: tuple[Event, ...] = ()
    cycles = state.cycles
    happened: tuple[CycleEvent, ...] = ()
    if state.heights:
        # The median of three frames is one frame late.
        cycles, happened = cycle_step(cycles, t_s=state.last_s + END_STEP_S, value=state.heights[-1][1])
    state = replace(state, cycles=cycles)
    for event in (*happened, *finish_cycles(cycles)):
        state, told = _tell(state, event, state.last_s)
        events = (*events, *told)
    return state, events


def _unseen(state: EngineState, t_s: float) -> tuple[EngineState, tuple[Event, ...]]:
    if not state.is_in_position or math.isnan(state.last_s) or t_s - state.last_s <= LOSS_S:
        return state, ()
    return _leave(state, t_s)


def _leave(state: EngineState, t_s: float) -> tuple[EngineState, tuple[Event, ...]]:
    """Close a counted repetition, drop an undecided one: going down to rest is no attempt."""
    events: tuple[Event, ...] = ()
    for event in finish_cycles(state.cycles):
        if event.kind is CycleEventKind.TOP:
            state, events = _tell(state, event, t_s)
    state = replace(_forget_cycle(state), is_in_position=False, posture=0.0, phase=Phase.AWAY)
    return state, (*events, Event(EventKind.OUT_OF_POSITION, t_s, Phase.AWAY, state.count))


def _forget_cycle(state: EngineState) -> EngineState:
    cycles = CycleState(min_range=state.cycles.min_range, ranges=state.cycles.ranges, noise=state.cycles.noise)
    return replace(state, cycles=cycles, window=(), heights=(), hands_y_px=math.nan, is_rep_open=False)


def _follow_posture(
    state: EngineState, seen: FrameObservation, dt_s: float
) -> tuple[EngineState, tuple[Event, ...], float]:
    """Return the state, changed where the body came into position or left it, what that tells, and the posture now."""
    fits = state.movement.stays if state.is_in_position else state.movement.enters
    now = 1.0 if fits(seen) else 0.0
    first = state.posture == 0.0 and not state.is_in_position and dt_s == 0.0
    posture = now if first else state.posture + _share(dt_s, POSTURE_TIME_S) * (now - state.posture)
    if not state.is_in_position and posture > ENTER_POSTURE_SHARE:
        state = replace(_forget_cycle(state), is_in_position=True, phase=Phase.TOP)
        return state, (Event(EventKind.IN_POSITION, seen.t_s, state.phase, state.count),), posture
    if state.is_in_position and posture < STAY_POSTURE_SHARE:
        state, events = _leave(state, seen.t_s)
        return state, events, state.posture
    return state, (), posture


def _ruler_after(state: EngineState, seen: FrameObservation, dt_s: float) -> Ruler:
    scale, hands = state.px_per_m, state.hands_y_px
    if math.isfinite(seen.px_per_m):
        scale = seen.px_per_m if math.isnan(scale) else scale + _share(dt_s, SCALE_TIME_S) * (seen.px_per_m - scale)
    # Hands rest on the ground: their height is averaged, which keeps the wrists' noise out of the signal. Upwards it
    # follows slowly, so a clap does not move the ground.
    if math.isfinite(seen.wrist_y_px):
        share = _share(dt_s, HANDS_DOWN_TIME_S if seen.wrist_y_px > hands else HANDS_UP_TIME_S)
        hands = seen.wrist_y_px if math.isnan(hands) else hands + share * (seen.wrist_y_px - hands)
    return Ruler(scale, hands)


def _recent(state: EngineState, t_s: float, value: float) -> tuple[tuple[float, float], ...]:
    """Return the samples of the signal whose median counts: three, or those of the movement's time."""
    samples = (*state.heights, (t_s, value))
    reach = sum(t_s - earlier <= state.movement.median_s for earlier, _ in samples)
    return samples[-max(MEDIAN_SAMPLES, reach) :]


def _share(dt_s: float, time_s: float) -> float:
    return 1.0 - math.exp(-dt_s / time_s)


def _tell(state: EngineState, event: CycleEvent, t_s: float) -> tuple[EngineState, tuple[Event, ...]]:
    range_m = event.start.value - event.turn.value
    kind: EventKind
    if event.kind is CycleEventKind.DESCENT:
        kind, state = EventKind.PHASE, replace(state, phase=Phase.ECCENTRIC)
    elif event.kind is CycleEventKind.TURN:
        kind, state = EventKind.PHASE, replace(state, phase=Phase.CONCENTRIC)
    elif event.kind is CycleEventKind.TOP:
        if not state.is_rep_open:
            return state, ()
        kind, state = EventKind.REP_CLOSED, replace(state, is_rep_open=False)
    elif not _belongs(state, event):
        return replace(state, phase=Phase.TOP), ()
    elif event.kind is CycleEventKind.COUNTED:
        kind = EventKind.REP
        counted = (*state.counted, (event.turn.t_s, range_m))
        state = replace(state, phase=Phase.TOP, count=state.count + 1, is_rep_open=True, counted=counted)
    else:
        kind, state = EventKind.PARTIAL, replace(state, phase=Phase.TOP, partial_count=state.partial_count + 1)
    told = Event(kind, t_s, state.phase, state.count, event.start.t_s, event.turn.t_s, event.end.t_s, range_m)
    return state, (told,)


def _belongs(state: EngineState, event: CycleEvent) -> bool:
    movement = state.movement
    if not movement.min_rep_s <= event.end.t_s - event.start.t_s <= movement.max_rep_s:
        return False
    frames = [frame for frame in state.window if event.start.t_s <= frame.t_s <= event.end.t_s]
    return movement.accepts(event, frames)
