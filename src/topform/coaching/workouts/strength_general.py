"""General strength sessions for every equipment, and supplements for runners, cyclists and swimmers.

Each is a circuit: a round holds every exercise once, rounds fill the minutes. Two or three repetitions always remain.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from topform.coaching.equipment import Equipment
from topform.coaching.goals import Experience, PlanSport
from topform.coaching.workouts.model import SessionKind, Step, StepKind, repeat, rest
from topform.coaching.workouts.template import ADVANCED_ONLY, ALL_LEVELS, TRAINED, Template

Exercises = tuple[tuple[str, str, int], ...]

_GENERAL: Final = "ACSM 2009, resistance training models: 4-10 hard sets a pattern and week"
_RUNNERS: Final = "Blagrove 2018, strength training of distance runners"
_CYCLISTS: Final = "Rønnestad and Mujika 2014, strength training of endurance athletes"
_SWIMMERS: Final = "Crowley 2017, strength training of swimmers"
_WORK_S, _REST_S, _WARM_UP_S = 40, 50, 300


def circuit(exercises: Exercises, minutes: int) -> tuple[Step, ...]:
    """Return a warm-up and as many whole rounds as fit."""
    rounds = max(1, (minutes * 60 - _WARM_UP_S) // (len(exercises) * (_WORK_S + _REST_S)))
    steps: list[Step] = []
    for exercise, words, reps in exercises:
        steps.append(Step(StepKind.FREE, _WORK_S, text=f"{reps} {words}", exercise=exercise, reps=reps))
        steps.append(rest(_REST_S))
    work = repeat(rounds, *steps, text="Round: two or three repetitions always left")
    spare_s = minutes * 60 - work.total_s
    warm_s = min(spare_s, _WARM_UP_S)
    warm_up = Step(StepKind.FREE, warm_s, text="Warm up: joints, easy squats, arm circles")
    if spare_s == warm_s:
        return (warm_up, work)
    return (warm_up, work, Step(StepKind.FREE, spare_s - warm_s, text="Loosen up"))


def _session(
    name: str,
    title: str,
    purpose: str,
    source: str,
    exercises: Exercises,
    *equipment: Equipment,
    rpe: float = 5,
    levels: frozenset[Experience] = ALL_LEVELS,
    sports: frozenset[PlanSport] | None = None,
) -> Template:
    return Template(
        template_id=f"strength.{name}",
        title=title,
        sport=PlanSport.STRENGTH,
        kind=SessionKind.STRENGTH,
        purpose=purpose,
        source=source,
        min_minutes=-(-(_WARM_UP_S + len(exercises) * (_WORK_S + _REST_S)) // 60),
        max_minutes=60,
        rpe_cr10=rpe,
        build=partial(circuit, exercises),
        levels=levels,
        equipment=frozenset(equipment),
        for_sports=sports,
    )


_SUPPLEMENT: Final = {
    sport: frozenset({sport, PlanSport.TRIATHLON})
    for sport in (PlanSport.RUNNING, PlanSport.CYCLING, PlanSport.SWIMMING)
}
_FULL: Final = "Strong legs, trunk and shoulders: push, pull, squat, hinge, core"

GENERAL_STRENGTH: Final = (
    _session(
        "full_body_a",
        "Full-body strength A",
        _FULL,
        _GENERAL,
        (
            ("squat", "squats", 10),
            ("push_up", "push-ups, at a height that leaves two", 8),
            ("hinge", "hip hinges on one leg", 8),
            ("row", "rows under a table", 8),
            ("plank", "slow breaths in a plank", 8),
        ),
    ),
    _session(
        "full_body_b",
        "Full-body strength B",
        "The same patterns from another side",
        _GENERAL,
        (
            ("lunge", "lunges, each leg half", 10),
            ("pull", "towel pulls, face down", 8),
            ("bridge", "hip bridges", 12),
            ("press", "pike push-ups", 6),
            ("side_plank", "slow breaths in a side plank, half a side", 8),
        ),
    ),
    _session(
        "full_body_c",
        "Full-body strength C",
        "Strength on one leg and against rotation",
        _GENERAL,
        (
            ("step_up", "step-ups on a chair, each leg half", 10),
            ("push_up", "slow push-ups, at a height that leaves two", 6),
            ("single_leg_bridge", "hip bridges on one leg, each leg half", 12),
            ("dead_bug", "dead bugs, slowly", 10),
            ("superman", "back raises, arms out", 10),
        ),
        levels=TRAINED,
    ),
    _session(
        "bands_a",
        "Band strength A",
        _FULL,
        _GENERAL,
        (
            ("squat", "squats against the band", 12),
            ("press", "presses with the band", 10),
            ("row", "rows with the band", 12),
            ("hinge", "good mornings with the band", 12),
            ("plank", "slow breaths in a plank", 8),
        ),
        Equipment.BAND,
    ),
    _session(
        "bands_b",
        "Band strength B",
        "The same patterns from another side",
        _GENERAL,
        (
            ("lunge", "lunges, each leg half", 10),
            ("pull", "pull-downs with the band", 12),
            ("bridge", "hip bridges against the band", 12),
            ("press", "overhead presses with the band", 10),
            ("rotation", "trunk rotations against the band, half a side", 12),
        ),
        Equipment.BAND,
    ),
    _session(
        "dumbbells_a",
        "Dumbbell strength A",
        _FULL,
        _GENERAL,
        (
            ("squat", "squats with a dumbbell at the chest", 8),
            ("press", "floor presses with dumbbells", 8),
            ("row", "one-arm rows, each arm half", 12),
            ("hinge", "Romanian deadlifts with dumbbells", 8),
            ("plank", "slow breaths in a plank", 8),
        ),
        Equipment.DUMBBELLS,
        rpe=5.5,
    ),
    _session(
        "dumbbells_b",
        "Dumbbell strength B",
        "The same patterns from another side",
        _GENERAL,
        (
            ("lunge", "split squats with dumbbells, each leg half", 12),
            ("press", "overhead presses with dumbbells", 8),
            ("bridge", "hip bridges with a dumbbell", 10),
            ("row", "rows, bent over", 8),
            ("carry", "steps of a one-sided carry, half a side", 30),
        ),
        Equipment.DUMBBELLS,
        rpe=5.5,
    ),
    _session(
        "kettlebell",
        "Kettlebell strength",
        "Hips that push, a trunk that holds",
        _GENERAL,
        (
            ("swing", "kettlebell swings", 12),
            ("squat", "squats with the kettlebell at the chest", 8),
            ("press", "one-arm presses, each arm half", 10),
            ("row", "one-arm rows, each arm half", 12),
            ("carry", "steps of a one-sided carry, half a side", 30),
        ),
        Equipment.KETTLEBELL,
        rpe=6,
        levels=TRAINED,
    ),
    _session(
        "barbell_a",
        "Barbell strength A",
        "Heavy and few: strength without bulk",
        _CYCLISTS,
        (
            ("squat", "back squats, heavy", 5),
            ("press", "bench or floor presses", 6),
            ("row", "barbell rows", 6),
            ("plank", "slow breaths in a plank", 8),
        ),
        Equipment.BARBELL,
        rpe=6,
        levels=TRAINED,
    ),
    _session(
        "barbell_b",
        "Barbell strength B",
        "Heavy and few: strength without bulk",
        _CYCLISTS,
        (
            ("hinge", "deadlifts, heavy", 4),
            ("press", "overhead presses", 6),
            ("lunge", "split squats, each leg half", 10),
            ("side_plank", "slow breaths in a side plank, half a side", 8),
        ),
        Equipment.BARBELL,
        rpe=6,
        levels=TRAINED,
    ),
    _session(
        "bar_a",
        "Pull-up bar strength",
        "Pulling and hanging, balanced by pushing",
        _GENERAL,
        (
            ("pull_up", "pull-ups, or lowering yourself in five seconds", 4),
            ("push_up", "push-ups", 8),
            ("hang_raise", "knee raises, hanging", 8),
            ("squat", "squats", 12),
            ("bridge", "hip bridges", 12),
        ),
        Equipment.PULL_UP_BAR,
        rpe=5.5,
    ),
    _session(
        "core",
        "Trunk strength",
        "A trunk that carries arms and legs without giving way",
        _GENERAL,
        (
            ("plank", "slow breaths in a plank", 8),
            ("side_plank", "slow breaths in a side plank, half a side", 8),
            ("dead_bug", "dead bugs, slowly", 10),
            ("bird_dog", "bird dogs, slowly", 10),
        ),
        rpe=4,
    ),
    _session(
        "runner_legs",
        "Strength for runners",
        "Calves, hips and feet that bear more running",
        _RUNNERS,
        (
            ("calf_raise", "calf raises on one leg, each leg half", 24),
            ("lunge", "split squats, each leg half", 12),
            ("single_leg_bridge", "hip bridges on one leg, each leg half", 12),
            ("side_plank", "slow breaths in a side plank, half a side", 8),
        ),
        sports=_SUPPLEMENT[PlanSport.RUNNING],
    ),
    _session(
        "runner_springs",
        "Springs for runners",
        "A springier step at the same effort",
        _RUNNERS,
        (
            ("hop", "small hops on both legs", 15),
            ("jump_squat", "jump squats, soft landings", 5),
            ("calf_raise", "calf raises on one leg, each leg half", 20),
            ("plank", "slow breaths in a plank", 8),
        ),
        rpe=5.5,
        levels=ADVANCED_ONLY,
        sports=_SUPPLEMENT[PlanSport.RUNNING],
    ),
    _session(
        "cyclist_legs",
        "Strength for cyclists",
        "Force for the pedals, and a back that holds the position",
        _CYCLISTS,
        (
            ("squat", "slow squats", 10),
            ("step_up", "step-ups on a chair, each leg half", 12),
            ("hinge", "hip hinges on one leg", 10),
            ("superman", "back raises, arms out", 10),
        ),
        sports=_SUPPLEMENT[PlanSport.CYCLING],
    ),
    _session(
        "cyclist_heavy",
        "Heavy legs for cyclists",
        "Force for the pedals: heavy and few",
        _CYCLISTS,
        (
            ("squat", "half squats, heavy", 5),
            ("lunge", "step-ups with the bar, each leg half", 8),
            ("calf_raise", "calf raises with the bar", 10),
        ),
        Equipment.BARBELL,
        rpe=6.5,
        levels=ADVANCED_ONLY,
        sports=_SUPPLEMENT[PlanSport.CYCLING],
    ),
    _session(
        "swimmer_shoulders",
        "Strength for swimmers",
        "Shoulders that stay healthy through many strokes",
        _SWIMMERS,
        (
            ("external_rotation", "outward rotations with the band, each arm half", 24),
            ("pull", "straight-arm pull-downs with the band", 12),
            ("push_up", "push-ups, at a height that leaves two", 8),
            ("plank", "slow breaths in a plank", 8),
        ),
        Equipment.BAND,
        sports=_SUPPLEMENT[PlanSport.SWIMMING],
    ),
    _session(
        "swimmer_floor",
        "Dry-land strength for swimmers",
        "A trunk that stays long in the water",
        _SWIMMERS,
        (
            ("superman", "back raises, arms out", 12),
            ("dead_bug", "dead bugs, slowly", 10),
            ("push_up", "push-ups, at a height that leaves two", 8),
            ("scap_raise", "shoulder-blade raises, face down", 12),
        ),
        sports=_SUPPLEMENT[PlanSport.SWIMMING],
    ),
)


def strength_sessions(level: Experience, sport: PlanSport, equipment: frozenset[Equipment]) -> tuple[Template, ...]:
    """Return the sessions that the equipment allows, those that use most of it first.

    Parameters
    ----------
    level : Experience
    sport : PlanSport
        What the plan trains mainly; supplements of other sports are left out.
    equipment : frozenset of Equipment

    Returns
    -------
    tuple of Template
        Never empty: some need nothing.
    """
    fitting = [
        item
        for item in GENERAL_STRENGTH
        if level in item.levels
        and item.equipment <= equipment
        and (item.for_sports is None or sport in item.for_sports)
    ]
    return tuple(sorted(fitting, key=lambda item: -len(item.equipment)))
