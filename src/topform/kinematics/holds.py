"""Follows a posture that is held: since when, for how long, and when it was given up. Causal, like the engine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from topform.kinematics.exercises.definition import HoldDefinition, Scene
from topform.kinematics.form_analysis import Fault, Finding, Hold
from topform.kinematics.judging import found
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import Attempt

POSTURE_TIME_S: Final = 0.4
LOSS_S: Final = 1.0
STILL_S: Final = 1.5
MAX_MOVE_M: Final = 0.08
"""Breathing and trembling move the shoulders less than this within the time; a push-up moves them more."""

MIN_HOLD_S: Final = 3.0
LOST_LINE_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class HoldState:
    """What is remembered of a hold; `HoldState(definition)` starts one.

    Parameters
    ----------
    definition : HoldDefinition
        The exercise.
    posture : float
        Running share of frames in the posture.
    recent : tuple of (float, float)
        Times [s] and heights of the shoulders [m] of the last moments.
    since_s : float
        Since when the posture is held still; NaN = it is not.
    last_s : float
        The last frame in the posture.
    stretches : tuple of (float, float)
        What was held before, from and to. [s]
    """

    definition: HoldDefinition
    posture: float = 0.0
    recent: tuple[tuple[float, float], ...] = ()
    since_s: float = math.nan
    last_s: float = math.nan
    seen_s: float = math.nan
    stretches: tuple[tuple[float, float], ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether the posture is held now."""
        return math.isfinite(self.since_s)

    @property
    def held_s(self) -> float:
        """Time held so far, stretches that are too short left out. [s]"""
        return sum(end - start for start, end in self.all_stretches)

    @property
    def all_stretches(self) -> tuple[tuple[float, float], ...]:
        """What was held, the present one included, from and to. [s]"""
        now = ((self.since_s, self.last_s),) if self.is_held else ()
        return tuple((start, end) for start, end in (*self.stretches, *now) if end - start >= MIN_HOLD_S)


def step(state: HoldState, seen: FrameObservation) -> HoldState:
    """Take one frame."""
    if not seen.is_observed:
        is_lost = math.isfinite(state.seen_s) and seen.t_s - state.seen_s > LOSS_S
        return _ended(replace(state, posture=0.0, recent=())) if is_lost else state
    dt_s = 0.0 if math.isnan(state.seen_s) else seen.t_s - state.seen_s
    if dt_s > LOSS_S:
        state = _ended(replace(state, recent=()))
    fits = state.definition.stays if state.is_held else state.definition.enters
    share = 1.0 - math.exp(-dt_s / POSTURE_TIME_S)
    posture = state.posture + share * ((1.0 if fits(seen) else 0.0) - state.posture)
    height_m = -seen.shoulder_y_px / seen.px_per_m if seen.px_per_m > 0.0 else math.nan
    recent = tuple((t, h) for t, h in (*state.recent, (seen.t_s, height_m)) if seen.t_s - t <= STILL_S)
    state = replace(state, posture=posture, recent=recent, seen_s=seen.t_s)
    if posture < (0.2 if state.is_held else 0.5) or _range(recent) > MAX_MOVE_M:
        return _ended(state)
    if not state.is_held:
        state = replace(state, since_s=recent[0][0])
    return replace(state, last_s=seen.t_s)


def _range(recent: Sequence[tuple[float, float]]) -> float:
    heights = sorted(height for _, height in recent if math.isfinite(height))
    cut = len(heights) // 10
    return heights[-1 - cut] - heights[cut] if heights else 0.0


def _ended(state: HoldState) -> HoldState:
    if not state.is_held:
        return state
    return replace(state, since_s=math.nan, stretches=(*state.stretches, (state.since_s, state.last_s)))


def judged(state: HoldState, observations: Sequence[FrameObservation], *, view_deg: float) -> Hold | None:
    """Return what was held, with its findings; None where nothing was held.

    Parameters
    ----------
    state : HoldState
        After the last frame.
    observations : sequence of FrameObservation
        The frames that led to it.
    view_deg : float
        Where the camera stands, 0 = side. [deg]; NaN = unknown.
    """
    stretches = state.all_stretches
    if not stretches:
        return None
    start_s, end_s = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    frames = [frame for frame in observations if frame.body is not None and start_s <= frame.t_s <= end_s]
    attempt = Attempt(1, start_s, start_s, end_s, 0.0, True)
    scene = Scene(frames, frames, attempt, 90.0 if math.isnan(view_deg) else view_deg)
    findings = tuple(found(check, scene) for check in state.definition.checks)
    return Hold(
        start_s=start_s,
        end_s=end_s,
        held_s=state.held_s,
        line_deg=_line(frames) if scene.is_from_side else None,
        drift_deg=next((f.measured for f in findings if f.fault is Fault.LINE_DRIFT), None),
        broke_s=_broke_s(frames, findings) if scene.is_from_side else None,
        findings=findings,
    )


def _line(frames: Sequence[FrameObservation]) -> float | None:
    seen = sorted(frame.body_line_deg for frame in frames if math.isfinite(frame.body_line_deg))
    return seen[len(seen) // 2] if seen else None


def _broke_s(frames: Sequence[FrameObservation], findings: Sequence[Finding]) -> float | None:
    """Return since when the line was beyond its limit for longer than three seconds."""
    limits = {finding.fault: finding.fails for finding in findings}
    sag, pike = limits.get(Fault.HIPS_SAG, math.inf), limits.get(Fault.HIPS_PIKE, math.inf)
    since_s = math.nan
    for frame in frames:
        if -sag <= frame.body_line_deg <= pike:
            since_s = math.nan
        elif math.isnan(since_s):
            since_s = frame.t_s
        elif frame.t_s - since_s > LOST_LINE_S:
            return since_s
    return None
