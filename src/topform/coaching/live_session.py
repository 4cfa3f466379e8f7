"""From stepping in front of a camera to the end of the set: what state the session is in, and hints to set up.

The app has the same states, hints and limits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from topform.coaching.live_voice import SetEvent, rules
from topform.core.arrays import FloatArray
from topform.kinematics import exercise_step
from topform.kinematics.engine import EventKind
from topform.kinematics.exercise_step import SetState
from topform.kinematics.exercises.push_up import has_push_up_posture
from topform.kinematics.form_analysis import Decision, Exercise
from topform.kinematics.form_step import FormState, Told
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import SIDE_YAW_DEG
from topform.kinematics.skeleton import BLAZEPOSE33

_WHOLE_BODY: Final = BLAZEPOSE33.indices(
    ("nose", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_ankle", "right_ankle")
)


class SessionPhase(StrEnum):
    """Where the session is."""

    CALIBRATE = "calibrate"
    READY = "ready"
    ACTIVE = "active"
    REST = "rest"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SessionState:
    """What is remembered of a session.

    Parameters
    ----------
    exercise : Exercise or None
        What the athlete said they would do; hints on posture and view are given for push-ups only.
    phase : SessionPhase
        Where the session is.
    hint : str or None
        What keeps the camera from judging.
    hint_since_s : float
        Since when that is so. [s]; NaN before the first frame
    away_since_s : float
        Since when nobody is in position. [s]; NaN while somebody is
    said_lost : bool
        Whether it was said that the body was lost.
    counted_before : int
        Repetitions of earlier sets.
    attempts_before : int
        Repetitions and attempts of earlier sets.
    sets_done : int
        Sets that have ended.
    """

    exercise: Exercise | None = None
    phase: SessionPhase = SessionPhase.CALIBRATE
    hint: str | None = None
    hint_since_s: float = math.nan
    away_since_s: float = math.nan
    said_lost: bool = False
    counted_before: int = 0
    attempts_before: int = 0
    sets_done: int = 0


def setup_hint(
    xy_px: FloatArray | None, size_px: tuple[float, float], seen: FrameObservation, exercise: Exercise | None
) -> str | None:
    """Return what keeps the camera from judging this frame, None where nothing does.

    Parameters
    ----------
    xy_px : ndarray of float64, shape (33, 2), or None
        Keypoints; None where nobody was seen. [px]
    size_px : tuple of float
        Width and height of the upright picture. [px]
    seen : FrameObservation
        What the frame shows.
    exercise : Exercise or None
        What the athlete said they would do.
    """
    limits = rules()["setup"]
    if xy_px is None or not seen.is_observed:
        return "no_body"
    points, size = xy_px[_WHOLE_BODY], np.array(size_px)
    edge = limits["edge_frac"] * size
    if not ((points >= edge) & (points <= size - edge)).all():
        return "step_back"
    if exercise is not Exercise.PUSH_UP:
        return None
    is_down = has_push_up_posture(seen)
    is_from_side = abs(seen.yaw_deg) <= SIDE_YAW_DEG
    body_px = float(np.hypot(*np.ptp(points, axis=0)))
    if (not is_down or is_from_side) and body_px < limits["min_body_frac"] * min(size_px):
        return "come_closer"
    if not is_down:
        return "get_down"
    return None if is_from_side else "turn_side"


def step(
    state: SessionState, followed: SetState, told: Told, *, t_s: float, hint: str | None, is_seen: bool
) -> tuple[SessionState, tuple[SetEvent, ...]]:
    """Take one frame.

    Parameters
    ----------
    state : SessionState
        Before.
    followed : SetState
        The exercises after this frame.
    told : Told
        What this frame led to.
    t_s : float
        Time of the frame. [s]
    hint : str or None
        Of `setup_hint`.
    is_seen : bool
        Whether a body was found in the frame.
    """
    if state.phase is SessionPhase.DONE:
        return state, ()
    limits, events = rules()["setup"], []
    leading = exercise_step.leading(followed)
    for event in _of_frame(state, told, t_s):
        if event.kind in ("phase", "rep"):
            # A body that moves in position needs no more set-up.
            state, entered = _enter(state, SessionPhase.ACTIVE, t_s)
            events += entered
        if event.kind == "in_position":
            state = replace(state, away_since_s=math.nan, said_lost=False)
        elif event.kind == "out_of_position":
            state = replace(state, away_since_s=t_s)
        events.append(event)
    last_seen_s = math.nan if leading is None else leading.engine.last_s
    if state.phase in (SessionPhase.CALIBRATE, SessionPhase.REST):
        state, found = _calibrate(state, hint, t_s)
        events += found
    elif t_s - state.away_since_s > limits["rest_after_s"]:
        state, found = _end_set(state, leading, t_s)
        events += found
        state, entered = _enter(state, SessionPhase.REST if state.sets_done else SessionPhase.CALIBRATE, t_s)
        events += entered
    elif not is_seen and not state.said_lost and t_s - last_seen_s > limits["lost_after_s"]:
        state = replace(state, said_lost=True)
        events.append(SetEvent("lost", t_s))
    return state, tuple(events)


def finish(state: SessionState, followed: SetState, *, t_s: float) -> tuple[SessionState, tuple[SetEvent, ...]]:
    """End the session: a set that is open has ended."""
    if state.phase is SessionPhase.DONE:
        return state, ()
    state, events = _end_set(state, exercise_step.leading(followed), t_s)
    state, entered = _enter(state, SessionPhase.DONE, t_s)
    return state, (*events, *entered)


def _of_frame(state: SessionState, told: Told, t_s: float) -> Iterator[SetEvent]:
    judged = iter(told.judged)
    for event in told.events:
        is_judged = event.kind in (EventKind.REP_CLOSED, EventKind.PARTIAL)
        rep = next(judged) if is_judged else None
        yield SetEvent(event.kind.value, event.t_s, count=event.count - state.counted_before, rep=rep)
    if told.cue is not None:
        shows = (rep for rep in told.judged if rep.finding(told.cue).decision is Decision.FAULT)
        yield SetEvent("cue", t_s, rep=next(shows), fault=told.cue)


def _enter(state: SessionState, phase: SessionPhase, t_s: float) -> tuple[SessionState, list[SetEvent]]:
    if state.phase is phase:
        return state, []
    entered = replace(state, phase=phase, hint=None, hint_since_s=math.nan)
    return entered, [SetEvent("state", t_s, name=phase.value)]


def _end_set(state: SessionState, leading: FormState | None, t_s: float) -> tuple[SessionState, list[SetEvent]]:
    state = replace(state, away_since_s=math.nan)
    attempts = 0 if leading is None else len(leading.reps) + len(leading.partial_reps)
    if leading is None or attempts == state.attempts_before:
        return state, []
    count = len(leading.reps) - state.counted_before
    after = replace(state, counted_before=len(leading.reps), attempts_before=attempts, sets_done=state.sets_done + 1)
    return after, [SetEvent("set_done", t_s, count=count)]


def _calibrate(state: SessionState, hint: str | None, t_s: float) -> tuple[SessionState, list[SetEvent]]:
    limits = rules()["setup"]
    if hint != state.hint or math.isnan(state.hint_since_s):
        state = replace(state, hint=hint, hint_since_s=t_s)
    lasted_s = t_s - state.hint_since_s
    if hint is None or (hint == "turn_side" and lasted_s >= limits["side_patience_s"]):
        return _enter(state, SessionPhase.READY, t_s) if lasted_s >= limits["ready_after_s"] else (state, [])
    # Between sets nobody has to stand in the picture. How often a hint is spoken is the voice's decision.
    is_resting = state.phase is SessionPhase.REST and hint != "turn_side"
    if is_resting or lasted_s < limits["persists_s"]:
        return state, []
    return state, [SetEvent("hint", t_s, name=hint)]
