"""From everything the causal step said to the result of a whole recording."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from topform.core.activity import FileWarning
from topform.kinematics.engine import has_push_up_posture
from topform.kinematics.form_analysis import (
    Exercise,
    FormAnalysis,
    View,
    ViewName,
)
from topform.kinematics.form_step import LOOKS_ALONG_ARMS, FormState, mean_direction_deg
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


def summarise(state: FormState, footage: Footage, *, exercise: Exercise | None) -> FormAnalysis:
    """Return the result of a recording.

    Parameters
    ----------
    state : FormState
        After the last frame and `form_step.finish`.
    footage : Footage
        The frames that led to it.
    exercise : Exercise or None
        What the athlete says it is; None = find out.
    """
    seen = [frame for frame in footage.observations if frame.is_observed]
    active = [frame for frame in seen if has_push_up_posture(frame)]
    probability = _push_up_probability(state, seen, active)
    is_push_up = bool(state.reps) or exercise is Exercise.PUSH_UP
    revision = revise(state.reps, state.partial_reps)
    warnings = list(footage.warnings)
    if not seen:
        text = "Nobody was recognised in the video; film the whole body in good light"
        warnings.append(FileWarning("no_person", text))
    elif not state.reps:
        warnings.append(FileWarning("no_push_up", "No push-up was recognised"))
    if seen and len(seen) < 0.8 * len(footage.observations):
        share = 100.0 * (1.0 - len(seen) / len(footage.observations))
        warnings.append(FileWarning("person_often_lost", f"No body was recognised in {share:.0f} % of the frames"))
    view = view_of(active or seen)
    if view.name in (ViewName.FRONT, ViewName.REAR, ViewName.TOP) and state.reps:
        text = "From here the line of the body cannot be judged; a side view at hip height shows it"
        warnings.append(FileWarning("view_hides_faults", text))
    return FormAnalysis(
        exercise=Exercise.PUSH_UP if is_push_up else Exercise.UNKNOWN,
        exercise_probability=probability if is_push_up else 1.0 - probability,
        view=view,
        fps=footage.fps,
        frames=len(footage.observations),
        duration_s=footage.duration_s,
        poses_found=len(seen),
        reps=state.reps,
        partial_reps=state.partial_reps,
        revised_count=None if revision is None else revision.count,
        revision_reason=None if revision is None else revision.reason,
        form=verdict_of(state.reps),
        warnings=tuple(warnings),
    )


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
