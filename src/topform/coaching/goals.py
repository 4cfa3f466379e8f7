"""What an athlete wants to reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PlanSport(StrEnum):
    """The sports a plan can be written for."""

    RUNNING = "running"
    CYCLING = "cycling"
    SWIMMING = "swimming"
    TRIATHLON = "triathlon"
    STRENGTH = "strength"


class Experience(StrEnum):
    """How long somebody has trained in a structured way: under one year, some years, many years."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Priority(StrEnum):
    """How much the race matters: A gets a full taper, B a short one, C two easy days."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class RaceGoal:
    """A race on a date.

    Parameters
    ----------
    sport : PlanSport
        Running, cycling, swimming or triathlon.
    distance_m : float
        Whole distance; for triathlon the sum of the three legs. [m]
    day : date
    priority : Priority
    expected_s : float or None
        The time the athlete can expect, where a prediction knows one. [s]
    """

    sport: PlanSport
    distance_m: float
    day: date
    priority: Priority
    expected_s: float | None = None


@dataclass(frozen=True, slots=True)
class ThresholdGoal:
    """A higher threshold: ``gain_pct`` percent in ``weeks`` weeks."""

    gain_pct: float
    weeks: int


@dataclass(frozen=True, slots=True)
class FitnessGoal:
    """General fitness for ``weeks`` weeks, with a wish for hours a week where one was stated."""

    weeks: int
    hours_per_week: float | None


@dataclass(frozen=True, slots=True)
class StrengthGoal:
    """More repetitions of one exercise in one set."""

    exercise: str
    current_reps: int
    target_reps: int
    weeks: int


@dataclass(frozen=True, slots=True)
class MaintainGoal:
    """Keep what is there for ``weeks`` weeks."""

    weeks: int


Goal = RaceGoal | ThresholdGoal | FitnessGoal | StrengthGoal | MaintainGoal
