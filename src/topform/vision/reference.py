"""A set beside a reference: the stored standard, the own best repetition, or the poses of another recording."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import InvalidInputError
from topform.kinematics.comparison import Comparison, RepCurve, best_rep, compare_curves
from topform.kinematics.form_analysis import FormAnalysis, Repetition
from topform.kinematics.movement_track import curves_of, normalised_rep
from topform.kinematics.normalised import rebuild
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.references import reference_execution
from topform.vision.analysis import analyze_sequence
from topform.vision.poses_file import read_poses

STANDARD: Final = "standard"
BEST: Final = "best"
FILM: Final = "Film a set from the side, with the whole body in the picture."


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A comparison and the two bodies of it.

    Parameters
    ----------
    result : FormAnalysis
        With its comparison.
    comparison : Comparison
        The numbers.
    own, reference : ndarray of float64, shape (64, joints, 2)
        Both bodies over a repetition; see `topform.kinematics.movement_track.normalised_rep`.
    name : str
        What the reference is, in words.
    """

    result: FormAnalysis
    comparison: Comparison
    own: FloatArray
    reference: FloatArray
    name: str


def beside(result: FormAnalysis, poses: PoseSequence, reference: str) -> Beside:
    """Compare an analysed recording with a reference.

    Parameters
    ----------
    result : FormAnalysis
        What came of the recording.
    poses : PoseSequence
        Its poses.
    reference : str
        ``"standard"``, ``"best"`` (the athlete's best repetition in this recording), or the path of a poses file.

    Raises
    ------
    InvalidInputError
        If there is nothing to compare.
    """
    poses = rebuild(poses).poses
    curves = curves_of(poses, result)
    if not curves:
        raise InvalidInputError("The recording holds no complete repetition to compare", remedy=FILM)
    good = [curve for curve in curves if curve.is_good]
    if reference == STANDARD:
        execution = reference_execution(result.exercise.value, result.view.name)
        if execution is None:
            raise InvalidInputError("There is no standard for this exercise from this side", remedy=FILM)
        body = np.array([[np.nan if v is None else v for v in moment] for moment in execution.xy])
        held, theirs, name = [execution.rep], body.reshape(len(body), -1, 2), "the standard execution"
    elif reference == BEST:
        best = best_rep(curves)
        if best is None:
            raise InvalidInputError(
                "No repetition of this recording is free of faults", remedy="Compare with the standard."
            )
        good = [curve for curve in good if curve is not best]
        held, theirs, name = [best], _body(poses, result.reps, best), f"repetition {best.index}"
    else:
        other_poses = rebuild(read_poses(Path(reference))[0]).poses
        other = analyze_sequence(other_poses, exercise=None)
        held = good = curves_of(other_poses, other)
        if not held:
            raise InvalidInputError("The reference holds no complete repetition to compare", remedy=FILM)
        theirs, name = _body(other_poses, other.reps, held[0]), Path(reference).name
    comparison = compare_curves(curves, held, good=good, view=result.view.name)
    document = {"reference": name, **comparison.as_dict()}
    return Beside(
        result=replace(result, comparison=document),
        comparison=comparison,
        own=_body(poses, result.reps, curves[len(curves) // 2]),
        reference=theirs,
        name=name,
    )


def _body(poses: PoseSequence, reps: tuple[Repetition, ...], curve: RepCurve) -> FloatArray:
    rep = next(rep for rep in reps if rep.index == curve.index)
    return normalised_rep(poses, start_s=rep.start_s, end_s=rep.end_s)
