"""The causal step: one frame and the state in, the new state and what happened out.

The same step follows a live camera and a recorded file. It knows nothing of later frames; evidence that needs them
belongs in `topform.kinematics.revision` and never changes what this engine said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from topform.kinematics.cycles import (
    CycleEvent,
    CycleEventKind,
    CycleState,
    cycle_step,
    finish_cycles,
)
from topform.kinematics.observation import ARM_M, FrameObservation

# The shoulders sink by about half an arm in a full repetition; a tenth is more than breathing and swaying.
MIN_RANGE_M: Final = 0.15 * ARM_M
MIN_ELBOW_RANGE_DEG: Final = 14.0
MIN_REP_S: Final = 0.2
"""From leaving the top to three quarters of the way up; the fastest sets repeat every 0.45 s."""

MIN_TOP_M: Final = 0.35 * ARM_M
"""At the top the shoulders are clearly above the hands, whatever the camera's height takes from it."""

MAX_REP_S: Final = 12.0
LOSS_S: Final = 0.7
POSTURE_TIME_S: Final = 0.4
SCALE_TIME_S: Final = 1.0
HANDS_DOWN_TIME_S: Final = 0.5
HANDS_UP_TIME_S: Final = 2.0
MAX_HAND_TRAVEL_FRAC: Final = 1.5
MAX_HEIGHT_M: Final = 1.1 * ARM_M
"""Higher than a straight arm the hands have left the ground, as in a clap."""

MIN_POSTURE_SHARE: Final = 0.6

# To get into position the posture must be clear; to stay in it, less will do: at the bottom the arms are folded, and
# from the front the estimator bends the hips.
ENTER_TRUNK_INCLINATION_DEG: Final = 50.0
STAY_TRUNK_INCLINATION_DEG: Final = 65.0
ENTER_HIP_ANGLE_DEG: Final = 100.0
STAY_HIP_ANGLE_DEG: Final = 60.0
ENTER_ARM_TRUNK_DEG: Final = (25.0, 150.0)
FRONT_YAW_DEG: Final = 60.0
ALONG_ARMS: Final = 0.7


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
        How far the shoulders sank, NaN for other kinds. [m]
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
    """Everything the engine remembers; `EngineState()` starts a set."""

    cycles: CycleState = field(default_factory=lambda: CycleState(min_range=MIN_RANGE_M))
    phase: Phase = Phase.AWAY
    count: int = 0
    partial_count: int = 0
    is_in_position: bool = False
    posture: float = 0.0
    px_per_m: float = math.nan
    hands_y_px: float = math.nan
    height_m: float = math.nan
    heights: tuple[float, ...] = ()
    last_s: float = math.nan
    window: tuple[Sample, ...] = ()
    is_rep_open: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """What must be remembered of a frame until the attempt is judged."""

    t_s: float
    has_posture: bool
    trunk_inclination_deg: float
    shoulder_y_px: float
    wrist_y_px: float
    elbow_deg: float
    elbow_world_deg: float


def has_push_up_posture(seen: FrameObservation) -> bool:
    """Tell whether a body is clearly in the position of a push-up.

    Trunk not upright, hands on the ground side of the shoulders, hips not folded, arms neither overhead nor along
    the trunk. Incline, decline and knee variants pass; standing, sitting, lying on the back and hanging do not.
    """
    if not seen.is_observed:
        return False
    low, high = ENTER_ARM_TRUNK_DEG
    from_front = abs(seen.yaw_deg) > FRONT_YAW_DEG
    return (
        abs(seen.trunk_inclination_deg) <= ENTER_TRUNK_INCLINATION_DEG
        and not seen.hip_angle_deg < (STAY_HIP_ANGLE_DEG if from_front else ENTER_HIP_ANGLE_DEG)
        and not (seen.arm_trunk_deg < low or seen.arm_trunk_deg > high)
        and (seen.hand_direction > 0.0 or seen.hand_depth > ALONG_ARMS)
    )


def may_be_in_push_up(seen: FrameObservation) -> bool:
    """Tell whether a body that was in position may still be in it."""
    return (
        seen.is_observed
        and abs(seen.trunk_inclination_deg) <= STAY_TRUNK_INCLINATION_DEG
        and not seen.hip_angle_deg < STAY_HIP_ANGLE_DEG
        and (seen.hand_direction > -0.2 or seen.hand_depth > ALONG_ARMS)
    )


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
    state = replace(state, last_s=seen.t_s)
    state, events = _follow_posture(state, seen, dt_s)
    events = (*before, *events)
    state = _follow_scale(state, seen, dt_s)
    if not state.is_in_position or not state.px_per_m > 0.0:
        return state, events
    height_now_m = min((state.hands_y_px - seen.shoulder_y_px) / state.px_per_m, MAX_HEIGHT_M)
    heights = (*state.heights, height_now_m)[-3:]
    height_m = sorted(heights)[len(heights) // 2]
    sample = Sample(
        seen.t_s,
        may_be_in_push_up(seen),
        seen.trunk_inclination_deg,
        seen.shoulder_y_px,
        seen.wrist_y_px,
        seen.elbow_deg,
        seen.elbow_world_deg,
    )
    window = (*state.window, sample)
    if seen.t_s - window[0].t_s > 2.0 * MAX_REP_S:
        window = tuple(kept for kept in window if seen.t_s - kept.t_s <= MAX_REP_S)
    state = replace(state, heights=heights, height_m=height_m, window=window)
    cycles, happened = cycle_step(state.cycles, t_s=seen.t_s, value=height_m)
    state = replace(state, cycles=cycles)
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
        cycles, happened = cycle_step(cycles, t_s=state.last_s + 1e-3, value=state.heights[-1])
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


def _follow_posture(state: EngineState, seen: FrameObservation, dt_s: float) -> tuple[EngineState, tuple[Event, ...]]:
    fits = may_be_in_push_up if state.is_in_position else has_push_up_posture
    now = 1.0 if fits(seen) else 0.0
    first = state.posture == 0.0 and not state.is_in_position and dt_s == 0.0
    posture = now if first else state.posture + _share(dt_s, POSTURE_TIME_S) * (now - state.posture)
    state = replace(state, posture=posture)
    if not state.is_in_position and posture > 0.5:
        state = replace(_forget_cycle(state), is_in_position=True, phase=Phase.TOP)
        return state, (Event(EventKind.IN_POSITION, seen.t_s, state.phase, state.count),)
    if state.is_in_position and posture < 0.2:
        return _leave(state, seen.t_s)
    return state, ()


def _follow_scale(state: EngineState, seen: FrameObservation, dt_s: float) -> EngineState:
    scale, hands = state.px_per_m, state.hands_y_px
    if math.isfinite(seen.px_per_m):
        scale = seen.px_per_m if math.isnan(scale) else scale + _share(dt_s, SCALE_TIME_S) * (seen.px_per_m - scale)
    # Hands rest on the ground: their height is averaged, which keeps the wrists' noise out of the signal. Upwards it
    # follows slowly, so a clap does not move the ground.
    if math.isfinite(seen.wrist_y_px):
        share = _share(dt_s, HANDS_DOWN_TIME_S if seen.wrist_y_px > hands else HANDS_UP_TIME_S)
        hands = seen.wrist_y_px if math.isnan(hands) else hands + share * (seen.wrist_y_px - hands)
    return replace(state, px_per_m=scale, hands_y_px=hands)


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
    elif not _is_push_up(state, event):
        return replace(state, phase=Phase.TOP), ()
    elif event.kind is CycleEventKind.COUNTED:
        kind = EventKind.REP
        state = replace(state, phase=Phase.TOP, count=state.count + 1, is_rep_open=True)
    else:
        kind, state = EventKind.PARTIAL, replace(state, phase=Phase.TOP, partial_count=state.partial_count + 1)
    told = Event(kind, t_s, state.phase, state.count, event.start.t_s, event.turn.t_s, event.end.t_s, range_m)
    return state, (told,)


def _is_push_up(state: EngineState, event: CycleEvent) -> bool:
    """Tell whether a cycle of the shoulders was made by bending the arms over resting hands."""
    if not MIN_REP_S <= event.end.t_s - event.start.t_s <= MAX_REP_S or event.start.value < MIN_TOP_M:
        return False
    samples = [s for s in state.window if event.start.t_s <= s.t_s <= event.end.t_s]
    if not samples or sum(s.has_posture for s in samples) < MIN_POSTURE_SHARE * len(samples):
        return False
    inclination = sum(abs(s.trunk_inclination_deg) for s in samples) / len(samples)
    if inclination > ENTER_TRUNK_INCLINATION_DEG:
        return False
    elbows = max(_range([s.elbow_deg for s in samples]), _range([s.elbow_world_deg for s in samples]))
    if elbows < MIN_ELBOW_RANGE_DEG:
        return False
    hands, shoulders = _range([s.wrist_y_px for s in samples]), _range([s.shoulder_y_px for s in samples])
    return hands <= MAX_HAND_TRAVEL_FRAC * shoulders


def _range(values: list[float]) -> float:
    """Return the range without the most extreme tenth at each end."""
    seen = sorted(value for value in values if math.isfinite(value))
    if not seen:
        return 0.0
    cut = len(seen) // 10
    return seen[-1 - cut] - seen[cut]
