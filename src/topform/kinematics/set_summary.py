"""From everything the causal step said to the result of a whole recording."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from topform.core.activity import FileWarning
from topform.kinematics import holds, judging
from topform.kinematics.exercise_step import Recognition, SetState, leading, most_regular, recognise
from topform.kinematics.exercises import running
from topform.kinematics.exercises.push_up import has_push_up_posture
from topform.kinematics.form_analysis import (
    Exercise,
    FormAnalysis,
    FormVerdict,
    View,
    ViewName,
)
from topform.kinematics.form_step import LOOKS_ALONG_ARMS, FormState, mean_direction_deg
from topform.kinematics.holds import HoldState
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import FRONT_YAW_DEG, SIDE_YAW_DEG
from topform.kinematics.revision import revise
from topform.kinematics.verdict import verdict_of


@dataclass(frozen=True, slots=True)
class Footage:
    """What is known of the recording itself."""

    observations: Sequence[FrameObservation]
    fps: float
    duration_s: float
    warnings: tuple[FileWarning, ...] = ()


def summarise(
    state: SetState, footage: Footage, *, exercise: Exercise | None, is_normalised: bool = False
) -> FormAnalysis:
    """Return the result of a recording.

    Parameters
    ----------
    state : SetState
        After the last frame and `exercise_step.finish`.
    footage : Footage
        The frames that led to it.
    exercise : Exercise or None
        What the athlete says it is; None = find out.
    is_normalised : bool
        Whether each frame is normalised on its own.
    """
    if exercise is Exercise.RUNNING:
        return _of_run(footage, is_normalised=is_normalised)
    recognised = recognise(state, normalised=footage.observations if is_normalised else None)
    held = state.hold is not None and Exercise.PLANK in (exercise, recognised.exercise)
    if held and state.hold is not None:
        return _of_hold(state.hold, footage, recognised, is_declared=exercise is not None)
    first = leading(state)
    assert first is not None
    if is_normalised and exercise is None and recognised.exercise is Exercise.UNKNOWN:
        return _of_set(first, footage, recognised, is_declared=False)
    if is_normalised:
        first = most_regular(first.definition, footage.observations)
    if first.definition.exercise is Exercise.PUSH_UP:
        return _of_push_ups(first, footage, is_declared=exercise is not None)
    return _of_set(first, footage, recognised, is_declared=exercise is not None)


def _of_push_ups(state: FormState, footage: Footage, *, is_declared: bool) -> FormAnalysis:
    seen = [frame for frame in footage.observations if frame.is_observed]
    active = [frame for frame in seen if has_push_up_posture(frame)]
    probability = _push_up_probability(state, seen, active)
    is_push_up = bool(state.reps) or is_declared
    view = view_of(active or seen)
    warnings = _warnings(footage, seen)
    if seen and not state.reps:
        text = "No push-up was recognised" if is_declared else "No exercise was recognised"
        warnings.append(FileWarning("no_push_up" if is_declared else "no_exercise", text))
    if view.name in (ViewName.FRONT, ViewName.REAR, ViewName.TOP) and state.reps:
        text = "From here the line of the body cannot be judged; a side view at hip height shows it"
        warnings.append(FileWarning("view_hides_faults", text))
    return _result(
        footage,
        Exercise.PUSH_UP if is_push_up else Exercise.UNKNOWN,
        probability if is_push_up else 1.0 - probability,
        view,
        state,
        verdict_of(state.reps),
        warnings,
    )


def _of_set(state: FormState, footage: Footage, recognised: Recognition, *, is_declared: bool) -> FormAnalysis:
    definition = state.definition
    seen = [frame for frame in footage.observations if frame.is_observed]
    is_done = is_declared or recognised.exercise is definition.exercise
    reps = state.reps if is_done else ()
    during = [f for rep in reps for f in seen if rep.start_s <= f.t_s <= rep.end_s]
    view = facing_view([definition.view_deg(frame) for frame in during or seen])
    form = judging.verdict_of(definition.checks, [rep.findings for rep in reps])
    warnings = _warnings(footage, seen)
    if seen and not reps:
        name = definition.exercise.value.replace("_", "-")
        text = f"No {name} was recognised" if is_declared else "No exercise was recognised"
        warnings.append(FileWarning("no_exercise", text))
    if reps and any(check.is_essential and check.fault in form.unseen for check in definition.checks):
        warnings.append(FileWarning("view_hides_faults", "From here the most important criterion cannot be judged"))
    return _result(
        footage,
        definition.exercise if is_done else Exercise.UNKNOWN,
        recognised.probability,
        view,
        state if is_done else replace(state, reps=(), partial_reps=()),
        form,
        warnings,
    )


def _of_hold(state: HoldState, footage: Footage, recognised: Recognition, *, is_declared: bool) -> FormAnalysis:
    seen = [frame for frame in footage.observations if frame.is_observed]
    stretches = state.all_stretches
    during = [f for f in seen if any(start <= f.t_s <= end for start, end in stretches)]
    view = view_of(during or seen)
    hold = holds.judged(state, footage.observations, view_deg=math.nan if view.yaw_deg is None else view.yaw_deg)
    checks = state.definition.checks
    warnings = _warnings(footage, seen)
    if seen and hold is None:
        warnings.append(FileWarning("no_exercise", "No plank was held for three seconds"))
    analysis = _result(
        footage,
        state.definition.exercise,
        recognised.probability if hold is not None or not is_declared else 0.0,
        view,
        None,
        judging.verdict_of(checks, [] if hold is None else [hold.findings]),
        warnings,
    )
    return replace(analysis, hold=hold)


def _of_run(footage: Footage, *, is_normalised: bool) -> FormAnalysis:
    seen = [frame for frame in footage.observations if frame.is_observed and frame.body is not None]
    view = facing_view([running.DEFINITION.view_deg(frame) for frame in seen])
    view_deg = math.nan if view.yaw_deg is None else view.yaw_deg
    found = "no_picture" if is_normalised else running.gait_of(seen, fps=footage.fps, view_deg=view_deg)
    warnings = _warnings(footage, seen)
    gait = None if isinstance(found, str) else found
    if gait is None and seen:
        warnings.append(FileWarning(f"gait_{found}", NO_GAIT[str(found)]))
    if gait is not None and gait.contact_s is None:
        warnings.append(FileWarning("gait_contact_unseen", NO_CONTACT))
    form = judging.verdict_of(running.DEFINITION.checks, [] if gait is None else [gait.findings])
    probability = 0.0 if gait is None else 1.0
    return replace(_result(footage, Exercise.RUNNING, probability, view, None, form, warnings), gait=gait)


NO_GAIT: Final = {
    "no_picture": "Where each frame is squeezed into a box of its own, steps have no length; analyse the video itself",
    "too_short": "Running needs at least three seconds in which you are seen; film from the side for five or more",
    "frame_rate_low": "Running needs at least 24 frames a second; film with 60 or, better, 120",
    "view_not_side": "Running is measured from the side; film at hip height, square to your path or treadmill",
    "feet_not_visible": "The feet were not seen; film the whole body",
    "no_steps": "No steps were seen; film the whole body from the side for at least five seconds",
    "not_running": "The steps were too slow or too uneven for running; film one person running, from the side",
}
"""Why the gait was not measured, and how to film it."""

NO_CONTACT: Final = "Contact and flight times need at least 100 frames a second and feet in the picture"


def _result(
    footage: Footage,
    exercise: Exercise,
    probability: float,
    view: View,
    state: FormState | None,
    form: FormVerdict,
    warnings: Sequence[FileWarning],
) -> FormAnalysis:
    reps, partial_reps = ((), ()) if state is None else (state.reps, state.partial_reps)
    revision = revise(reps, partial_reps)
    return FormAnalysis(
        exercise=exercise,
        exercise_probability=probability,
        view=view,
        fps=footage.fps,
        frames=len(footage.observations),
        duration_s=footage.duration_s,
        poses_found=sum(frame.is_observed for frame in footage.observations),
        reps=reps,
        partial_reps=partial_reps,
        revised_count=None if revision is None else revision.count,
        revision_reason=None if revision is None else revision.reason,
        form=form,
        warnings=tuple(warnings),
    )


def _warnings(footage: Footage, seen: Sequence[FrameObservation]) -> list[FileWarning]:
    warnings = list(footage.warnings)
    if not seen:
        text = "Nobody was recognised in the video; film the whole body, from nearer and in good light"
        warnings.append(FileWarning("no_person", text))
    elif len(seen) < 0.8 * len(footage.observations):
        share = 100.0 * (1.0 - len(seen) / len(footage.observations))
        warnings.append(FileWarning("person_often_lost", f"No body was recognised in {share:.0f} % of the frames"))
    return warnings


def _push_up_probability(
    state: FormState, seen: Sequence[FrameObservation], active: Sequence[FrameObservation]
) -> float:
    """Share of evidence for a push-up: repetitions, and the posture while they were done."""
    if not seen:
        return 0.0
    if not state.reps:
        # Planks and rests look alike; without a repetition posture alone is weak evidence.
        return 0.4 * len(active) / len(seen)
    start_s, end_s = state.reps[0].start_s, state.reps[-1].end_s
    during = [frame for frame in seen if start_s <= frame.t_s <= end_s]
    share = sum(has_push_up_posture(frame) for frame in during) / max(1, len(during))
    repeated = 1.0 - 0.5 ** (1 + len(state.reps))
    return min(0.99, share * repeated)


def view_of(frames: Sequence[FrameObservation]) -> View:
    """Return where the camera stood, from the mean direction of the trunk."""
    yaw = mean_direction_deg([frame.yaw_deg for frame in frames if math.isfinite(frame.yaw_deg)])
    if math.isnan(yaw):
        return View(ViewName.UNKNOWN, None)
    depths = sorted(abs(frame.hand_depth) for frame in frames)
    if depths[len(depths) // 2] > LOOKS_ALONG_ARMS:
        return View(ViewName.TOP, yaw)
    if abs(yaw) <= SIDE_YAW_DEG:
        return View(ViewName.SIDE, yaw)
    if abs(yaw) <= (FRONT_YAW_DEG + 90.0) / 2.0:
        return View(ViewName.THREE_QUARTER, yaw)
    return View(ViewName.FRONT if yaw > 0.0 else ViewName.REAR, yaw)


def facing_view(angles_deg: Sequence[float]) -> View:
    """Return where the camera stood, from which way an upright athlete faces."""
    facing = mean_direction_deg([angle for angle in angles_deg if math.isfinite(angle)])
    if math.isnan(facing):
        return View(ViewName.UNKNOWN, None)
    if abs(facing) <= SIDE_YAW_DEG:
        return View(ViewName.SIDE, facing)
    if abs(facing) <= (FRONT_YAW_DEG + 90.0) / 2.0:
        return View(ViewName.THREE_QUARTER, facing)
    return View(ViewName.FRONT if facing > 0.0 else ViewName.REAR, facing)
