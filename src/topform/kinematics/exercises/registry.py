"""All exercises that are counted and judged."""

from __future__ import annotations

from typing import Final

from topform.kinematics.exercises import (
    jumping_jack,
    lunge,
    overhead_press,
    plank,
    pull_up,
    push_up,
    running,
    sit_up,
    squat,
)
from topform.kinematics.exercises.definition import Definition, GaitDefinition, HoldDefinition
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Exercise, Fault

REPEATED: Final[tuple[Definition, ...]] = (
    push_up.DEFINITION,
    squat.DEFINITION,
    lunge.DEFINITION,
    pull_up.DEFINITION,
    sit_up.DEFINITION,
    jumping_jack.DEFINITION,
    overhead_press.DEFINITION,
)
HELD: Final[tuple[HoldDefinition, ...]] = (plank.DEFINITION,)
GAITS: Final[tuple[GaitDefinition, ...]] = (running.DEFINITION,)

EXERCISES: Final[tuple[Exercise, ...]] = (
    *(one.exercise for one in REPEATED),
    *(one.exercise for one in HELD),
    *(one.exercise for one in GAITS),
)
"""The exercises in the order in which they are offered."""

UNCOUNTED: Final[frozenset[Exercise]] = frozenset((*(one.exercise for one in HELD), *(one.exercise for one in GAITS)))
"""Exercises without repetitions."""


def repeated(exercise: Exercise) -> Definition | None:
    """Return the definition of an exercise with repetitions, None for one that is held or has steps."""
    return next((definition for definition in REPEATED if definition.exercise is exercise), None)


def faults_of(exercise: Exercise) -> tuple[Fault, ...]:
    """Return the faults that are looked for in an exercise; none where the exercise is unknown."""
    if exercise is Exercise.PUSH_UP:
        return PUSH_UP_FAULTS
    definitions: tuple[Definition | HoldDefinition | GaitDefinition, ...] = (*REPEATED, *HELD, *GAITS)
    return next((one.faults for one in definitions if one.exercise is exercise), ())
