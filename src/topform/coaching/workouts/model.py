"""Steps and workouts. Intensities are percentages of the athlete's threshold until they are resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from topform.coaching.goals import PlanSport


class StepKind(StrEnum):
    """How the target behaves over the step."""

    STEADY = "steady"
    RAMP = "ramp"
    REPEAT = "repeat"
    FREE = "free"


class SessionKind(StrEnum):
    """What a session is for."""

    RECOVERY = "recovery"
    EASY = "easy"
    LONG = "long"
    TEMPO = "tempo"
    THRESHOLD = "threshold"
    VO2 = "vo2"
    SPEED = "speed"
    OPENER = "opener"
    TEST = "test"
    STRENGTH = "strength"
    RACE = "race"


HARD_KINDS = frozenset(
    {
        SessionKind.LONG,
        SessionKind.TEMPO,
        SessionKind.THRESHOLD,
        SessionKind.VO2,
        SessionKind.SPEED,
        SessionKind.TEST,
        SessionKind.RACE,
    }
)
"""Sessions that need an easy or free day on both sides."""

MODERATE_MINUTES = 5.0
"""An easy session with this much time between the thresholds is a moderate one. [min]"""

KEY_KINDS = HARD_KINDS - {SessionKind.LONG, SessionKind.RACE}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a workout.

    Parameters
    ----------
    kind : StepKind
    duration_s : int
        Of one pass. [s]
    low_pct, high_pct : float
        Target range as a percentage of threshold; for a ramp the start and the end; 0 for rest. [%]
    text : str
        What to do, in words.
    cadence_rpm : int or None
        [rev/min]
    count : int
        Passes of a repeat.
    steps : tuple of Step
        What a repeat repeats.
    exercise, reps : str and int, optional
        For a strength set.
    """

    kind: StepKind
    duration_s: int
    low_pct: float = 0.0
    high_pct: float = 0.0
    text: str = ""
    cadence_rpm: int | None = None
    count: int = 1
    steps: tuple[Step, ...] = ()
    exercise: str | None = None
    reps: int | None = None

    @property
    def total_s(self) -> int:
        """Whole duration, repeats multiplied out. [s]"""
        return self.count * sum(step.total_s for step in self.steps) if self.steps else self.duration_s

    def flat(self) -> Iterator[Step]:
        """Yield the steps in the order they are done, repeats multiplied out."""
        if not self.steps:
            yield self
        for _ in range(self.count if self.steps else 0):
            for step in self.steps:
                yield from step.flat()


@dataclass(frozen=True, slots=True)
class Workout:
    """A concrete session: a template at a duration, with what it is expected to cost.

    Parameters
    ----------
    template_id, title, purpose, source : str
    sport : PlanSport
    kind : SessionKind
    steps : tuple of Step
    load_au : float
        Predicted, to one decimal. [AU]
    intensity_ratio : float
        Equivalent intensity over threshold; for strength the effort over 10.
    threshold_s : float
        Distance over threshold speed: the session covers ``threshold_s * threshold_speed`` metres. [s]
    zone_minutes : tuple of float
        Below the first, between, and above the second threshold. [min]
    rpe_cr10 : float
        Expected rating of the whole session on the CR-10 scale.
    """

    template_id: str
    title: str
    purpose: str
    source: str
    sport: PlanSport
    kind: SessionKind
    steps: tuple[Step, ...]
    load_au: float
    intensity_ratio: float
    threshold_s: float
    zone_minutes: tuple[float, float, float]
    rpe_cr10: float

    @property
    def minutes(self) -> int:
        """Whole duration. [min]"""
        return round(sum(step.total_s for step in self.steps) / 60)

    @property
    def is_hard(self) -> bool:
        """Whether the session needs an easy or free day on both sides."""
        return self.kind in HARD_KINDS

    @property
    def is_moderate(self) -> bool:
        """Whether it is easy by name only: some minutes of it lie between the thresholds."""
        return self.kind is SessionKind.EASY and self.zone_minutes[1] >= MODERATE_MINUTES


def steady(minutes: float, low_pct: float, high_pct: float, text: str, *, cadence_rpm: int | None = None) -> Step:
    """Return a step at a steady target. [min], [% of threshold]"""
    return Step(StepKind.STEADY, round(minutes * 60), low_pct, high_pct, text, cadence_rpm)


def ramp(minutes: float, from_pct: float, to_pct: float, text: str) -> Step:
    """Return a step whose target moves evenly from one value to another. [min], [% of threshold]"""
    return Step(StepKind.RAMP, round(minutes * 60), from_pct, to_pct, text)


def repeat(count: int, *steps: Step, text: str = "") -> Step:
    """Return a block that is done ``count`` times."""
    duration_s = sum(step.total_s for step in steps)
    return Step(StepKind.REPEAT, duration_s, text=text, count=count, steps=steps)


def rest(seconds: int, text: str = "Rest") -> Step:
    """Return a pause without a target. [s]"""
    return Step(StepKind.FREE, seconds, text=text)
