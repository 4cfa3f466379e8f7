"""A filmed set as training: from the document of an analysis to what the set asked of the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from topform.kinematics.exercises.registry import repeated
from topform.kinematics.form_analysis import Exercise
from topform.science.set_load import PerformedSet

WITHOUT_SET: Final = frozenset({Exercise.UNKNOWN, Exercise.RUNNING})
"""Running is recorded by a watch; its load comes from there."""


def performed_set(document: Mapping[str, Any]) -> PerformedSet | None:
    """Return the set of an analysis, None where there is none.

    The velocity is the range over the time of the raising part, so it is in the scale of an average body; only its
    change within the set means something.

    Parameters
    ----------
    document : mapping
        As `FormAnalysis.as_dict` gives it.
    """
    if document["exercise"] not in set(Exercise) - WITHOUT_SET:
        return None
    exercise = Exercise(document["exercise"])
    hold = document.get("hold")
    if hold is not None:
        return PerformedSet(exercise.value, 0, float(hold["held_s"]), ())
    counted = [rep for rep in document["reps"] if rep["complete"]]
    if not counted:
        return None
    definition = repeated(exercise)
    rises_first = definition is not None and definition.rises_first
    velocities = [_velocity(rep, rises_first=rises_first) for rep in counted]
    return PerformedSet(
        exercise=exercise.value,
        reps=len(counted),
        active_s=float(counted[-1]["end_s"]) - float(counted[0]["start_s"]),
        mcv_m_s=[velocity for velocity in velocities if velocity is not None] if None not in velocities else (),
    )


def _velocity(rep: Mapping[str, Any], *, rises_first: bool) -> float | None:
    """Return the mean velocity of the raising part; None where its time or its range is not known. [m/s]"""
    turn_s, range_m = rep.get("turn_s"), rep.get("range_m")
    if turn_s is None or range_m is None:
        return None
    took_s = float(turn_s) - float(rep["start_s"]) if rises_first else float(rep["end_s"]) - float(turn_s)
    return float(range_m) / took_s if took_s > 0.0 and range_m > 0.0 else None
