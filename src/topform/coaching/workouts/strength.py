"""Strength: the repetition progression and short general sessions.

The progression follows the push-up scheme of the specification: 4 sets of six tenths of the best set, an intensity
day and a density day, five to ten percent more repetitions a week, a test every fourth week.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from topform.coaching.goals import PlanSport
from topform.coaching.workouts.load import strength_load
from topform.coaching.workouts.model import SessionKind, Step, StepKind, Workout, rest

PUSH_UP_FRACTIONS: Final = {
    "hands_60cm": 0.41,
    "knee": 0.49,
    "hands_30cm": 0.55,
    "regular": 0.64,
    "feet_30cm": 0.70,
    "feet_60cm": 0.74,
}
"""Share of body weight on the hands (Ebben 2011)."""

_VARIANT_NAMES: Final = {
    "hands_60cm": "push-ups with the hands on a table (60 cm)",
    "knee": "push-ups on the knees",
    "hands_30cm": "push-ups with the hands on a step (30 cm)",
    "regular": "push-ups",
    "feet_30cm": "push-ups with the feet on a step (30 cm)",
    "feet_60cm": "push-ups with the feet on a chair (60 cm)",
}
_MIN_REPS_OF_LEVEL: Final = 5
_WEEKLY_GROWTH: Final = 1.06
_SECONDS_PER_REP: Final = 3
_WARM_UP_S: Final = 240
_PROGRESSION_SOURCE: Final = "Repetition progression with RIR 2-3; Ebben 2011 for the variants"


@dataclass(frozen=True, slots=True)
class Prescription:
    """Sets times repetitions."""

    sets: int
    reps: int

    @property
    def total(self) -> int:
        """All repetitions."""
        return self.sets * self.reps


def standard_prescription(max_reps: int) -> Prescription:
    """Return the ordinary session for somebody whose best set is ``max_reps``.

    Parameters
    ----------
    max_reps : int
        Technically good repetitions in one set, >= 0.

    Returns
    -------
    Prescription
        4 sets of six tenths of the best set; below 5 repetitions 5 sets of 1 or 2.

    Examples
    --------
    >>> [standard_prescription(best) for best in (3, 12)]
    [Prescription(sets=5, reps=1), Prescription(sets=4, reps=7)]
    """
    reps = max(1, max_reps * 6 // 10)
    return Prescription(sets=5 if max_reps < _MIN_REPS_OF_LEVEL else 4, reps=reps)


def predicted_max_reps(max_reps: float, *, known: str, wanted: str) -> float:
    """Return the best set expected at another push-up level, by Epley's equation on the share of body weight.

    Good to about 30 percent; weak beyond 12 repetitions.

    Parameters
    ----------
    max_reps : float
        Best set at the known level.
    known, wanted : str
        Keys of `PUSH_UP_FRACTIONS`.

    Returns
    -------
    float
        May be negative: the level is out of reach.

    Examples
    --------
    >>> round(predicted_max_reps(8, known="regular", wanted="knee"), 1)
    19.6
    """
    return 30.0 * (PUSH_UP_FRACTIONS[known] * (1.0 + max_reps / 30.0) / PUSH_UP_FRACTIONS[wanted] - 1.0)


def working_variant(max_reps: int) -> str:
    """Return the hardest push-up level at which at least five repetitions are expected."""
    reachable = [
        name
        for name in PUSH_UP_FRACTIONS
        if predicted_max_reps(max_reps, known="regular", wanted=name) >= _MIN_REPS_OF_LEVEL
    ]
    return max(reachable, key=PUSH_UP_FRACTIONS.__getitem__, default="hands_60cm")


def harder_variant(max_reps: int) -> tuple[str, int]:
    """Return the next level above the regular push-up that allows three repetitions, and its sensible set size."""
    for name in ("feet_60cm", "feet_30cm"):
        best = predicted_max_reps(max_reps, known="regular", wanted=name)
        if best >= 5:
            return name, max(3, min(6, int(best) - 2))
    return "regular", max(1, min(6, max_reps - 3))


def _sets(exercise: str, words: str, reps: Sequence[int], rest_s: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    for index, count in enumerate(reps):
        duration_s = max(10, count * _SECONDS_PER_REP)
        steps.append(Step(StepKind.FREE, duration_s, text=f"{count} {words}", exercise=exercise, reps=count))
        if index < len(reps) - 1:
            steps.append(rest(rest_s))
    return tuple(steps)


def _spread(total: int, sets: int) -> list[int]:
    """Split a total into sets that differ by at most one, the larger first."""
    small, larger = divmod(total, sets)
    return [small + 1] * larger + [small] * (sets - larger)


def _session(
    template_id: str, title: str, purpose: str, core: tuple[Step, ...], *, kind: SessionKind, rpe: float
) -> Workout:
    core_s = sum(step.total_s for step in core)
    minutes = math.ceil((core_s + _WARM_UP_S + 60) / 60)
    warm_up = Step(StepKind.FREE, _WARM_UP_S, text="Warm up: arm circles, shoulder blades, easy repetitions")
    cool = Step(StepKind.FREE, minutes * 60 - _WARM_UP_S - core_s, text="Loosen up; note how many you had left")
    return Workout(
        template_id=template_id,
        title=title,
        purpose=purpose,
        source=_PROGRESSION_SOURCE,
        sport=PlanSport.STRENGTH,
        kind=kind,
        steps=(warm_up, *core, cool),
        load_au=round(strength_load(rpe_cr10=rpe, minutes=minutes), 1),
        intensity_ratio=rpe / 10,
        threshold_s=0.0,
        zone_minutes=(0.0, 0.0, 0.0),
        rpe_cr10=rpe,
    )


def _words(exercise: str, variant: str | None = None) -> str:
    if exercise == "push_up":
        return _VARIANT_NAMES[variant or "regular"]
    return exercise.replace("_", "-") + "s"


def total_reps(workout: Workout) -> int:
    """Return the repetitions of a strength session."""
    return sum(step.reps or 0 for block in workout.steps for step in block.flat())


def progression_week(exercise: str, max_reps: int, *, training_week: int, is_test_week: bool) -> tuple[Workout, ...]:
    """Return the strength sessions of one week of the progression, in the order they are done.

    Parameters
    ----------
    exercise : str
    max_reps : int
        Best set at the start of the plan (or at the last test).
    training_week : int
        How many weeks of training lie behind, easy weeks not counted.
    is_test_week : bool
        Every fourth week: one light session, then the test after at least 48 hours.

    Returns
    -------
    tuple of Workout
    """
    growth = _WEEKLY_GROWTH**training_week
    name = exercise.replace("_", "-")
    base = standard_prescription(max_reps)
    if is_test_week:
        light = max(3, round(base.total * 0.6))
        test = Step(StepKind.FREE, 120, text=f"One set of {_words(exercise)} to the last good one", exercise=exercise)
        return (
            _session(
                f"strength.{exercise}.light",
                f"Light {name} session",
                "Keeps the movement while the body catches up",
                _sets(exercise, _words(exercise), _spread(light, min(3, light)), 90),
                kind=SessionKind.STRENGTH,
                rpe=4,
            ),
            _session(
                f"strength.{exercise}.test",
                f"{name.capitalize()} test",
                "Measures your best set, so that the next block fits",
                (test,),
                kind=SessionKind.STRENGTH,
                rpe=6,
            ),
        )
    total = round(base.total * growth)
    is_even = training_week % 2 == 0
    sets = base.sets if is_even else base.sets + 1  # The same repetitions in one set more: a lighter kind of the day.
    volume = _session(
        f"strength.{exercise}.volume",
        f"{name.capitalize()} volume",
        "Many good repetitions, two or three always left in the tank",
        _sets(exercise, _words(exercise), _spread(total, sets), 120 if is_even else 90),
        kind=SessionKind.STRENGTH,
        rpe=6,
    )
    third = _density if is_even else _ladder
    return (volume, _intensity(exercise, max_reps, growth), third(exercise, max_reps, growth))


def _intensity(exercise: str, max_reps: int, growth: float) -> Workout:
    name = exercise.replace("_", "-")
    if exercise == "push_up" and max_reps >= _MIN_REPS_OF_LEVEL:
        variant, reps = harder_variant(max_reps)
        words = _words(exercise, variant) + (", three seconds down" if variant == "regular" else "")
    elif exercise == "push_up":
        variant = working_variant(max_reps)
        reps = max(3, int(0.6 * predicted_max_reps(max_reps, known="regular", wanted=variant)))
        words = _words(exercise, variant)
    else:
        reps, words = max(1, min(6, max_reps // 2)), _words(exercise) + ", three seconds down"
    return _session(
        f"strength.{exercise}.intensity",
        f"{name.capitalize()} strength",
        "Fewer, harder repetitions: strength carries over to the long set",
        _sets(exercise, words, _spread(round(4 * reps * growth), 4), 120),
        kind=SessionKind.STRENGTH,
        rpe=6.5,
    )


def _ladder(exercise: str, max_reps: int, growth: float) -> Workout:
    """Rungs of one, two and three parts, up and up again, with as many repetitions as the density day."""
    name = exercise.replace("_", "-")
    variant = working_variant(max_reps) if exercise == "push_up" and max_reps < _MIN_REPS_OF_LEVEL else None
    left = sum(_spread(round(10 * max(1, max_reps * 3 // 10) * growth), 10))
    part = max(1, max_reps * 2 // 10)
    rungs: list[int] = []
    while left > 0:
        rung = min(left, part * (len(rungs) % 3 + 1))
        rungs.append(rung)
        left -= rung
    return _session(
        f"strength.{exercise}.ladder",
        f"{name.capitalize()} ladder",
        "Small sets that climb and start again: much work without failure",
        _sets(exercise, _words(exercise, variant), rungs, 45),
        kind=SessionKind.STRENGTH,
        rpe=5,
    )


def _density(exercise: str, max_reps: int, growth: float) -> Workout:
    name = exercise.replace("_", "-")
    variant = working_variant(max_reps) if exercise == "push_up" and max_reps < _MIN_REPS_OF_LEVEL else None
    each = max(1, max_reps * 3 // 10)
    steps: list[Step] = []
    for count in _spread(round(10 * each * growth), 10):
        work_s = min(50, max(10, count * _SECONDS_PER_REP))
        steps.append(
            Step(StepKind.FREE, work_s, text=f"{count} {_words(exercise, variant)}", exercise=exercise, reps=count)
        )
        steps.append(rest(60 - work_s, "Rest to the full minute"))
    return _session(
        f"strength.{exercise}.density",
        f"{name.capitalize()} every minute",
        "Small sets on the minute: much work without failure",
        tuple(steps),
        kind=SessionKind.STRENGTH,
        rpe=5,
    )
