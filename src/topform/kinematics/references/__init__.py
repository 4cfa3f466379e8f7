"""Reference executions: one clean repetition for each exercise and side, made by `topform form reference`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from topform.kinematics.comparison import RepCurve
from topform.kinematics.form_analysis import ViewName

FORMAT: Final = "topform-reference"
VERSION: Final = 1
_SAME_FILE: Final = {ViewName.REAR: ViewName.FRONT}
"""What is seen from behind is what is seen from the front."""


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceExecution:
    """One clean repetition.

    Parameters
    ----------
    exercise : str
        Name of the exercise.
    view : ViewName
        From where it is seen.
    rep : RepCurve
        Its joint angles and duration.
    joints, bones : list
        Names of the points of its skeleton, and pairs of places to connect.
    xy : list
        The skeleton at 64 equal steps, x and y of each joint in turn: origin between the hips, the trunk's length is 1,
        head to the right, y down.
    """

    exercise: str
    view: ViewName
    rep: RepCurve
    joints: list[str]
    bones: list[tuple[int, int]]
    xy: list[list[float | None]]

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> ReferenceExecution:
        """Return the execution of a stored document."""
        return cls(
            exercise=str(document["exercise"]),
            view=ViewName(document["view"]),
            rep=RepCurve.from_dict(document["rep"]),
            joints=list(document["skeleton"]["joints"]),
            bones=[(start, end) for start, end in document["skeleton"]["bones"]],
            xy=document["skeleton"]["xy"],
        )


@cache
def reference_execution(exercise: str, view: ViewName) -> ReferenceExecution | None:
    """Return the reference for an exercise seen from a side, None where there is none.

    Parameters
    ----------
    exercise : str
        Name of the exercise.
    view : ViewName
        From where the camera looks.

    Examples
    --------
    >>> len(reference_execution("push_up", ViewName.SIDE).xy)
    64
    >>> reference_execution("push_up", ViewName.TOP) is None
    True
    """
    name = f"{exercise}_{_SAME_FILE.get(view, view).value}.json"
    file = resources.files(__name__).joinpath(name)
    if not name.replace("_", "").removesuffix(".json").isalpha() or not file.is_file():
        return None
    return ReferenceExecution.from_dict(json.loads(file.read_text(encoding="utf-8")))
