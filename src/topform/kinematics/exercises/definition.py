"""What makes an exercise: how it is counted, what is judged from which view, and what each fault costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from topform.kinematics.body import Body
from topform.kinematics.exercises.readings import around, bodies
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.movement import Movement
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import Attempt, Criterion

SIDE_DEG: Final = 30.0
WIDEST_SIDE_DEG: Final = 45.0
FRONT_DEG: Final = 50.0


class From(StrEnum):
    """From where a criterion can be seen."""

    SIDE = "side"
    FRONT = "front"
    ANYWHERE = "anywhere"


class Needs(StrEnum):
    """What must be visible."""

    LEGS = "legs"
    FEET = "feet"
    ARMS = "arms"
    TRUNK = "trunk"


@dataclass(frozen=True, slots=True)
class Scene:
    """One repetition with everything its measures share.

    Parameters
    ----------
    frames : sequence of FrameObservation
        From start to end, those that show a body.
    wide : sequence of FrameObservation
        The same with a moment before and after, which show the start position.
    attempt : Attempt
        When it was.
    facing_deg : float
        0 = seen from the side, 90 = from the front, -90 = from behind. [deg]
    """

    frames: Sequence[FrameObservation]
    wide: Sequence[FrameObservation]
    attempt: Attempt
    facing_deg: float

    @property
    def turn(self) -> list[Body]:
        """The body about the turning point, for an eighth of the repetition."""
        reach_s = (self.attempt.end_s - self.attempt.start_s) / 16.0
        return bodies(around(self.frames, self.attempt.turn_s, reach_s))

    @property
    def ends(self) -> list[Body]:
        """The body in the start position, before and after the repetition."""
        reach_s = (self.attempt.end_s - self.attempt.start_s) / 16.0
        before = around(self.wide, self.attempt.start_s, reach_s)
        return bodies([*before, *around(self.wide, self.attempt.end_s, reach_s)])

    @property
    def is_from_side(self) -> bool:
        """Whether the picture shows the angles of the sagittal plane."""
        return abs(self.facing_deg) <= WIDEST_SIDE_DEG


@dataclass(frozen=True, slots=True)
class Check:
    """One criterion.

    Parameters
    ----------
    fault : Fault
        What it finds.
    criterion : Criterion
        Its limits and what failing it costs of 100 points.
    measure : callable
        The measured value, NaN where nothing was seen.
    seen_from : From
        The view it needs.
    needs : Needs
        What must be visible.
    excess : callable, optional
        Position in the grey zone where one value is not all that counts; of the measured value otherwise.
    is_essential : bool
        Whether there is no score and no verdict without it.
    """

    fault: Fault
    criterion: Criterion
    measure: Callable[[Scene], float]
    seen_from: From
    needs: Needs
    excess: Callable[[Scene], float] | None = None
    is_essential: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """An exercise.

    Parameters
    ----------
    exercise : Exercise
        Which.
    movement : Movement
        How its repetitions are found in a picture.
    normalised : tuple of Movement
        How they are found where each frame is normalised on its own: several signals, of which the most regular
        counts. Nothing but the range decides there, so they serve once the exercise is known.
    recognises : Movement
        What tells the exercise from others in normalised poses.
    checks : tuple of Check
        What is judged, worst first; empty for the push-up, whose table is `topform.kinematics.push_up_faults`.
    view_deg : callable
        Where the camera stands in a frame: 0 = side, 90 = front, -90 = rear. [deg]
    angle : callable
        The interior angle that is shown for it, 180 = straight. [deg]
    angle_name : str
        The joint of that angle.
    travel_m : callable
        Height whose range says how far the body moved, by the scale of an average body. [m]
    rises_first : bool
        Whether a repetition begins with the raising part, as a pull-up does.
    may_be : callable
        Whether the frames of all its repetitions together can show it; asked where each frame is normalised on its
        own, when nobody says which exercise it is.
    """

    exercise: Exercise
    movement: Movement
    normalised: tuple[Movement, ...]
    recognises: Movement
    checks: tuple[Check, ...]
    view_deg: Callable[[FrameObservation], float]
    angle: Callable[[Body], float]
    angle_name: str
    travel_m: Callable[[FrameObservation], float]
    rises_first: bool = False
    may_be: Callable[[Sequence[FrameObservation]], bool] = lambda _: True

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that are looked for."""
        return tuple(check.fault for check in self.checks)


@dataclass(frozen=True, slots=True)
class GaitDefinition:
    """A way of moving on that has steps instead of repetitions; it is never looked for unless it is named.

    Parameters
    ----------
    exercise : Exercise
        Which.
    checks : tuple of Check
        What is judged over the whole recording.
    view_deg : callable
        Where the camera stands in a frame: 0 = side, 90 = front, -90 = rear. [deg]
    """

    exercise: Exercise
    checks: tuple[Check, ...]
    view_deg: Callable[[FrameObservation], float]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that are looked for."""
        return tuple(check.fault for check in self.checks)


@dataclass(frozen=True, slots=True)
class HoldDefinition:
    """An exercise that is held.

    Parameters
    ----------
    exercise : Exercise
        Which.
    enters, stays : callable
        Whether a frame clearly shows the posture, and whether a body that was in it may still be.
    checks : tuple of Check
        What is judged over the hold.
    view_deg : callable
        Where the camera stands in a frame: 0 = side, 90 = front, -90 = rear. [deg]
    """

    exercise: Exercise
    enters: Callable[[FrameObservation], bool]
    stays: Callable[[FrameObservation], bool]
    checks: tuple[Check, ...]
    view_deg: Callable[[FrameObservation], float]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that are looked for."""
        return tuple(check.fault for check in self.checks)
