"""The whole chain in one causal step: pose, phase, count, faults and cue.

`step` takes one observed frame and the state and returns the new state and what to tell the athlete. A camera and a
recorded file go through the same function.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

from topform.kinematics import engine
from topform.kinematics.exercises.definition import Definition
from topform.kinematics.exercises.push_up import DEFINITION as PUSH_UP
from topform.kinematics.form_analysis import Decision, Fault, Repetition
from topform.kinematics.judging import judge
from topform.kinematics.movement import Movement
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import Attempt

WINDOW_MARGIN_S: Final = 2.0
VIEW_TIME_S: Final = 1.0
MIN_VIEW_SHARE: Final = 0.02
TOP_MARGIN_S: Final = 0.3
"""Just before a repetition and just after it the arms are straightest."""

MIN_CUE_INTERVAL_S: Final = 4.0
LOOKS_ALONG_ARMS: Final = 0.8

# One cue at a time, the costliest fault first.
CUE_ORDER: Final = (
    Fault.HIPS_SAG,
    Fault.HIPS_PIKE,
    Fault.SHALLOW_DEPTH,
    Fault.WORMING,
    Fault.INCOMPLETE_LOCKOUT,
    Fault.ASYMMETRY,
    Fault.ELBOW_FLARE,
    Fault.HEAD_DROP,
    Fault.TOO_FAST,
)


@dataclass(frozen=True, slots=True)
class FormState:
    """Everything remembered between frames; `FormState()` starts a set of push-ups, `start` one of any exercise.

    Parameters
    ----------
    definition : Definition
        The exercise.
    engine : EngineState
        Phase and count.
    reps, partial_reps : tuple of Repetition
        Judged so far.
    window : tuple of FrameObservation
        The last seconds, for the repetition under way.
    yaw_x, yaw_y : float
        Running mean direction of the view.
    hand_depth : float
        Running mean of the part of the arms along the line of sight.
    cued_s : float
        When the athlete was last told something. [s]
    """

    definition: Definition = PUSH_UP
    engine: engine.EngineState = field(default_factory=lambda: engine.engine_for(PUSH_UP.movement))
    reps: tuple[Repetition, ...] = ()
    partial_reps: tuple[Repetition, ...] = ()
    window: tuple[FrameObservation, ...] = ()
    yaw_x: float = 0.0
    yaw_y: float = 0.0
    hand_depth: float = 0.0
    cued_s: float = -math.inf

    @property
    def yaw_deg(self) -> float:
        """View of the last seconds. [deg]; NaN before anybody was in position."""
        if self.yaw_x == 0.0 and self.yaw_y == 0.0:
            return math.nan
        return math.degrees(math.atan2(self.yaw_y, self.yaw_x))


@dataclass(frozen=True, slots=True)
class Told:
    """What one frame led to.

    Parameters
    ----------
    events : tuple of Event
        From the engine.
    judged : tuple of Repetition
        Repetitions and attempts that were judged at this frame.
    cue : Fault or None
        The one thing to tell the athlete now.
    """

    events: tuple[engine.Event, ...] = ()
    judged: tuple[Repetition, ...] = ()
    cue: Fault | None = None


def start(definition: Definition, movement: Movement | None = None) -> FormState:
    """Return the state that starts a set of an exercise, followed by one of its movements."""
    return FormState(definition=definition, engine=engine.engine_for(movement or definition.movement))


def step(state: FormState, seen: FrameObservation) -> tuple[FormState, Told]:
    """Take one frame; see the module."""
    counted, events = engine.step(state.engine, seen)
    window = (*state.window, seen)
    longest_s = state.engine.movement.max_rep_s + WINDOW_MARGIN_S
    if seen.t_s - window[0].t_s > 2.0 * longest_s:
        window = tuple(frame for frame in window if seen.t_s - frame.t_s <= longest_s)
    return _judge_all(_followed(state, counted, window), events, seen.t_s)


def finish(state: FormState) -> tuple[FormState, Told]:
    """Close what is open when the recording ends."""
    counted, events = engine.finish(state.engine)
    return _judge_all(replace(state, engine=counted), events, state.engine.last_s)


def _followed(state: FormState, counted: engine.EngineState, window: tuple[FrameObservation, ...]) -> FormState:
    """Return the state after the last frame of the window; the view is followed while the body is in position."""
    seen = window[-1]
    view_deg = state.definition.view_deg(seen) if counted.is_in_position else math.nan
    if not math.isfinite(view_deg):
        return replace(state, engine=counted, window=window)
    earlier = window[-2].t_s if len(window) > 1 else seen.t_s
    share = max(MIN_VIEW_SHARE, 1.0 - math.exp(-(seen.t_s - earlier) / VIEW_TIME_S))
    turn = math.radians(view_deg)
    return replace(
        state,
        engine=counted,
        window=window,
        yaw_x=state.yaw_x + share * (math.cos(turn) - state.yaw_x),
        yaw_y=state.yaw_y + share * (math.sin(turn) - state.yaw_y),
        hand_depth=state.hand_depth + share * (abs(seen.hand_depth) - state.hand_depth),
    )


def _judge_all(state: FormState, events: tuple[engine.Event, ...], now_s: float) -> tuple[FormState, Told]:
    if not events:
        return state, Told()
    judged: list[Repetition] = []
    for event in events:
        if event.kind is engine.EventKind.REP_CLOSED:
            rep = _judged(state, event, is_complete=True)
            state = replace(state, reps=(*state.reps, rep))
        elif event.kind is engine.EventKind.PARTIAL:
            rep = _judged(state, event, is_complete=False)
            state = replace(state, partial_reps=(*state.partial_reps, rep))
        else:
            continue
        judged.append(rep)
    cue = _cue(judged) if now_s - state.cued_s >= MIN_CUE_INTERVAL_S else None
    if cue is not None:
        state = replace(state, cued_s=now_s)
    return state, Told(events, tuple(judged), cue)


def _judged(state: FormState, event: engine.Event, *, is_complete: bool) -> Repetition:
    attempt = Attempt(
        index=len(state.reps) + len(state.partial_reps) + 1,
        start_s=event.start_s,
        turn_s=event.turn_s,
        end_s=event.end_s,
        range_m=event.range_m,
        is_complete=is_complete,
    )
    window = [f for f in state.window if event.start_s - TOP_MARGIN_S <= f.t_s <= event.end_s + TOP_MARGIN_S]
    yaws = [angle for frame in window if math.isfinite(angle := state.definition.view_deg(frame))]
    return judge(
        state.definition,
        window,
        attempt,
        view_yaw_deg=mean_direction_deg(yaws),
        looks_along_arms=state.hand_depth > LOOKS_ALONG_ARMS,
    )


def mean_direction_deg(angles_deg: list[float]) -> float:
    """Return the circular mean, NaN for no angles. [deg]

    Examples
    --------
    >>> round(mean_direction_deg([80.0, 100.0]), 6)
    90.0
    """
    if not angles_deg:
        return math.nan
    x = sum(math.cos(math.radians(angle)) for angle in angles_deg)
    y = sum(math.sin(math.radians(angle)) for angle in angles_deg)
    return math.degrees(math.atan2(y, x))


def _cue(judged: list[Repetition]) -> Fault | None:
    found = {f.fault for rep in judged for f in rep.findings if f.decision is Decision.FAULT}
    return next((fault for fault in (*CUE_ORDER, *Fault) if fault in found), None)
