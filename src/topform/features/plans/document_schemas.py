"""What a plan document holds, for the OpenAPI document; the planner writes it and the checker reads it.

A key that is `NotRequired` is there only where it has something to say.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from topform.coaching.goals import PlanSport, Priority
from topform.coaching.race import RaceBasis
from topform.coaching.workouts.model import SessionKind, StepKind

PhaseName = Literal["base", "build", "peak", "specific", "taper", "race", "progress", "maintain"]
StepTarget = Literal["power_w", "speed_m_s", "hr_bpm", "rpe"]
SessionStatus = Literal["done", "extra", "lighter"]
Value = str | float | bool | list[str] | None


class WordedPart(TypedDict):
    """A sentence as its code and what it says, for other languages."""

    code: str
    params: dict[str, Value | WordedPart]


class PlanStep(TypedDict):
    """One step of a session; a `repeat` holds `count` and `steps` instead of a target, a rest neither."""

    kind: StepKind
    duration_s: Annotated[float, Field(description="Of one pass; of a repeat all passes together. [s]")]
    text: str
    target: NotRequired[Annotated[StepTarget, Field(description="What `low` and `high` are in.")]]
    low: NotRequired[Annotated[float, Field(description="In the unit of `target`; of a ramp the start.")]]
    high: NotRequired[Annotated[float, Field(description="In the unit of `target`; of a ramp the end.")]]
    intensity_pct: NotRequired[Annotated[list[float], Field(description="Low and high. [% of threshold]")]]
    rpe: NotRequired[Annotated[list[float], Field(description="Low and high effort, 0..10 (CR-10).")]]
    pace: NotRequired[Annotated[str, Field(description="The target speed in words.", examples=["5:40-5:56 /km"])]]
    cadence_rpm: NotRequired[int]
    exercise: NotRequired[Annotated[str, Field(description="Of a strength set.", examples=["push_up"])]]
    reps: NotRequired[Annotated[int | None, Field(description="Null: as many as are good, or as long as it lasts.")]]
    count: NotRequired[Annotated[int, Field(description="How often `steps` are done.")]]
    steps: NotRequired[list[PlanStep]]


class SessionRace(TypedDict):
    """What is known of a race before it is run."""

    date: date
    sport: PlanSport
    priority: Priority
    distance_m: float
    minutes: float
    load: float
    interval_80_minutes: Annotated[list[float] | None, Field(description="Low and high; null where unknown. [min]")]
    based_on: RaceBasis
    missing: Annotated[list[str], Field(description="What a better estimate would need, as fields of `athlete`.")]


class PlanPhase(TypedDict):
    """A stretch of the plan with one purpose."""

    name: PhaseName
    start: date
    end: date
    focus: str
    days: int
    load: float
    easier_weeks: Annotated[list[date], Field(description="First days of the weeks that are meant to be easy.")]


class Relaxation(TypedDict):
    """A wish that had to give way; a safety rule never does."""

    rule: Annotated[str, Field(examples=["load_target"])]
    weeks: Annotated[list[int], Field(description="Weeks of the plan, from 1; empty where all are meant.")]
    detail: str


class LoadAverages(TypedDict):
    """Fitness, fatigue and form. [AU/day]"""

    ctl: float
    atl: float
    tsb: float


class ForecastWeek(LoadAverages):
    """A week of the plan; fitness, fatigue and form at its end."""

    week: Annotated[int, Field(description="From 1.")]
    start: date
    phase: PhaseName
    easier: bool
    sessions: int
    minutes: float
    load: float


class ForecastRace(TypedDict):
    """What to expect on the day of the race."""

    date: date
    minutes: float
    load: float
    tsb_on_the_morning: float
    basis: Annotated[str, Field(description="A sentence.")]
    based_on: RaceBasis
    interval_80_minutes: Annotated[list[float] | None, Field(description="Low and high; null where unknown. [min]")]
    missing: list[str]


class ForecastThreshold(TypedDict):
    """What to expect of a threshold. [%]"""

    wanted_pct: float
    usual_pct: Annotated[list[float] | None, Field(description="Low and high; null where no gain is to be expected.")]
    note: str


class ForecastStrength(TypedDict):
    """What to expect of repetitions."""

    exercise: str
    current: int
    wanted: int
    usual_after_plan: Annotated[list[int], Field(description="Low and high.")]
    weekly_reps: list[int]
    note: str


class TrainingBeside(TypedDict):
    """What the plan leaves out of the usual training. [AU/week]"""

    planned_week_load: float
    usual_week_load: float
    text: str


class PlanForecast(TypedDict):
    """Where the plan leads, and one of `race`, `threshold` and `strength` where the goal has numbers."""

    start: LoadAverages
    end: LoadAverages
    peak_ctl: float
    weeks: list[ForecastWeek]
    note: str
    beside: NotRequired[TrainingBeside]
    race: NotRequired[ForecastRace]
    threshold: NotRequired[ForecastThreshold]
    strength: NotRequired[ForecastStrength]


class PlanAssumption(TypedDict):
    """A value that was used where the request said nothing."""

    code: str
    params: dict[str, Value]
    text: str


class DiffSession(TypedDict):
    """A session in short."""

    id: str
    title: str
    sport: PlanSport
    kind: SessionKind
    minutes: float
    load: float
    workout: Annotated[str, Field(description="The template it was made from; `recorded` for training that was done.")]


class NextDays(TypedDict):
    """What the next days hold."""

    days: int
    minutes: float
    load: float
    sessions: int


class EndOfPlan(LoadAverages):
    """Fitness, fatigue and form when the plan ends; of a race on the evening before it."""

    date: date


class RaceOutlook(TypedDict):
    """What a plan makes of its race; an interval, no promise."""

    date: date
    minutes: float
    interval_80_minutes: Annotated[list[float], Field(description="Low and high. [min]")]
    gain_pct: Annotated[float, Field(description="Against training on as before the plan. [%]")]
    gain_interval_80_pct: Annotated[list[float], Field(description="Low and high. [%]")]
    difference_s: NotRequired[Annotated[float, Field(description="Against the plan as it is. [s]")]]
    basis: NotRequired[RaceBasis]


class LeadsTo(TypedDict):
    """What one plan leads to."""

    next_days: NextDays
    end: EndOfPlan
    race: NotRequired[RaceOutlook]


class ChangeEffect(TypedDict):
    """What the plan leads to as it is and as it would be."""

    before: LeadsTo
    after: LeadsTo
