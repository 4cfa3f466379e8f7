"""All exercises at once, frame by frame: which one it is, its count, its phase and what to say now.

Every exercise counts only the cycles that its own posture and joints allow, so the one with the most time in accepted
cycles is the one that is done, and the share of that time is how sure this is. What none accepts clearly is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from topform.kinematics import form_step, holds
from topform.kinematics.exercises import registry
from topform.kinematics.exercises.definition import Definition
from topform.kinematics.exercises.push_up import SWAY_M
from topform.kinematics.form_analysis import Exercise
from topform.kinematics.form_step import FormState, Told
from topform.kinematics.observation import FrameObservation

LONGEST_REP_S: Final = 6.0
"""A pause within a repetition is no evidence."""

DOUBT_S: Final = 1.0
"""Evidence that something else is done, before anything was seen."""

PARTIAL_WEIGHT: Final = 0.3
HOLD_WEIGHT: Final = 0.2
"""Holding is part of many exercises; only a long hold without repetitions is a plank."""

MIN_PROBABILITY: Final = 0.5
MIN_NORMALISED_PROBABILITY: Final = 0.55
MIN_NORMALISED_SHARE: Final = 0.15
"""Where each frame is normalised on its own, nothing rests in the picture and a bench press can look like a push-up:
more certainty, and this share of the recording in repetitions."""

MIN_HOLD_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class SetState:
    """What is remembered of a set; `start` begins one.

    Parameters
    ----------
    sets : tuple of FormState
        One for each exercise with repetitions that it may be.
    hold : HoldState or None
        The held exercise that it may be.
    """

    sets: tuple[FormState, ...]
    hold: holds.HoldState | None


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which exercise it is.

    Parameters
    ----------
    exercise : Exercise
        ``UNKNOWN`` where no exercise is likely enough.
    probability : float
        How sure that is, 0..1.
    """

    exercise: Exercise
    probability: float


def start(exercise: Exercise | None, *, is_normalised: bool = False) -> SetState:
    """Return the state that begins a set.

    Parameters
    ----------
    exercise : Exercise or None
        What the athlete says it is; None = find out.
    is_normalised : bool
        Whether each frame is normalised on its own, so that nothing rests in the picture.
    """
    wanted = [one for one in registry.REPEATED if exercise in (None, one.exercise)]
    held = [one for one in registry.HELD if exercise in (None, one.exercise)]
    return SetState(
        sets=tuple(form_step.start(one, one.recognises if is_normalised else one.movement) for one in wanted),
        hold=holds.HoldState(held[0]) if held else None,
    )


def step(state: SetState, seen: FrameObservation) -> tuple[SetState, Told]:
    """Take one frame; what is told is that of the exercise that leads."""
    stepped = [form_step.step(one, seen) for one in state.sets]
    hold = None if state.hold is None else holds.step(state.hold, seen)
    return _told(SetState(tuple(one for one, _ in stepped), hold), stepped)


def finish(state: SetState) -> tuple[SetState, Told]:
    """Close what is open when the recording ends; what is told is that of the exercise that leads."""
    finished = [form_step.finish(one) for one in state.sets]
    return _told(replace(state, sets=tuple(one for one, _ in finished)), finished)


def _told(after: SetState, stepped: Sequence[tuple[FormState, Told]]) -> tuple[SetState, Told]:
    if not any(told.events for _, told in stepped):
        return after, Told()
    first = leading(after)
    return after, next((told for one, told in stepped if one is first), Told())


def evidence_s(state: FormState) -> float:
    """Return the time in accepted repetitions. [s]"""
    full = sum(min(rep.end_s - rep.start_s, LONGEST_REP_S) for rep in state.reps)
    partial = sum(min(rep.end_s - rep.start_s, LONGEST_REP_S) for rep in state.partial_reps)
    return full + PARTIAL_WEIGHT * partial


def leading(state: SetState) -> FormState | None:
    """Return the exercise with repetitions that is most likely so far; None where only a held one may be."""
    if not state.sets:
        return None
    return max(state.sets, key=lambda one: (len(one.reps) > 0, evidence_s(one), one.engine.is_in_position))


def recognise(state: SetState, *, normalised: Sequence[FrameObservation] | None = None) -> Recognition:
    """Return which exercise it is so far.

    The evidence for each exercise is the time in its accepted repetitions, for a plank a fifth of the time held. It is
    shared among the exercises and a second of doubt.

    Parameters
    ----------
    state : SetState
        After some frames.
    normalised : sequence of FrameObservation, optional
        All frames of a recording that are normalised one by one; there the posture must agree, too.
    """
    evidence = {one.definition.exercise: evidence_s(one) for one in state.sets}
    reps = [rep for one in state.sets for rep in one.reps]
    has_reps = len(reps) > 1 or any(rep.range_m >= SWAY_M for rep in reps)
    if state.hold is not None and state.hold.held_s >= MIN_HOLD_S and not has_reps:
        evidence = {name: 0.0 for name in evidence}
        evidence[state.hold.definition.exercise] = HOLD_WEIGHT * state.hold.held_s
    total = sum(evidence.values()) + DOUBT_S
    likeliest = max(evidence, key=lambda name: evidence[name])
    probability = evidence[likeliest] / total
    first = leading(state)
    is_done = likeliest is Exercise.PLANK or (first is not None and bool(first.reps))
    if normalised is not None and is_done:
        is_done = evidence[likeliest] >= MIN_NORMALISED_SHARE * (normalised[-1].t_s - normalised[0].t_s)
    if probability < (MIN_PROBABILITY if normalised is None else MIN_NORMALISED_PROBABILITY) or not is_done:
        return Recognition(Exercise.UNKNOWN, 1.0 - probability)
    if normalised is not None and not _posture_agrees(state, likeliest, normalised):
        return Recognition(Exercise.UNKNOWN, probability)
    return Recognition(likeliest, probability)


def _posture_agrees(state: SetState, exercise: Exercise, observations: Sequence[FrameObservation]) -> bool:
    """Tell whether the body in all repetitions together can be doing the exercise."""
    done = next((one for one in state.sets if one.definition.exercise is exercise), None)
    if done is None:
        return True
    during = [f for rep in done.reps for f in observations if rep.start_s <= f.t_s <= rep.end_s and f.is_observed]
    return bool(during) and done.definition.may_be(during)


def most_regular(definition: Definition, observations: Sequence[FrameObservation]) -> FormState:
    """Count poses whose frames are normalised one by one: the signal with the most even repetitions counts.

    Parameters
    ----------
    definition : Definition
        The exercise, which must be known.
    observations : sequence of FrameObservation
        All frames.
    """
    followed = []
    for movement in definition.normalised:
        state = form_step.start(definition, movement)
        for seen in observations:
            state, _ = form_step.step(state, seen)
        followed.append(form_step.finish(state)[0])
    return max(followed, key=_regularity)


def _regularity(state: FormState) -> float:
    counted = state.engine.counted
    if not counted:
        return -9.0
    turns = [turn_s for turn_s, _ in counted]
    periods = [later - earlier for earlier, later in pairwise(turns)]
    return -_variation([size for _, size in counted]) - _variation(periods)


def _variation(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.5
    mean = sum(values) / len(values)
    return (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5 / mean if mean > 0.0 else 1.0
