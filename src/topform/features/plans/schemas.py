"""Plans as the API shows and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from topform.coaching.workouts.model import SessionKind
from topform.features.plans.document_schemas import (
    PhaseName,
    PlanAssumption,
    PlanForecast,
    PlanPhase,
    PlanStep,
    Relaxation,
    SessionRace,
    SessionStatus,
    Value,
    WordedPart,
)
from topform.features.plans.request_schemas import PlanRequestDocument
from topform.platform.web.shapes import ShownAs


class PlanOrder(BaseModel):
    """The request of `topform plan`; what is absent about fitness and thresholds is taken from what is stored."""

    model_config = ConfigDict(extra="forbid")

    request: Annotated[dict[str, Any], ShownAs(PlanRequestDocument)] = Field(
        description="What is wrong with it is refused with its field.",
        examples=[
            {
                "athlete": {"sport": "running", "experience": "intermediate"},
                "goal": {"type": "race", "sport": "running", "distance_m": 10000, "date": "2031-09-14"},
                "start": "2031-06-02",
                "available_minutes": {"tue": 60, "thu": 60, "sat": 45, "sun": 120},
            }
        ],
    )


def _only_where_said(value: object) -> bool:
    """Tell that a plan document has no such key."""
    return value is None


class PlannedSession(BaseModel):
    """One session of a day; a key without a value is left out where the session has nothing of the kind."""

    model_config = ConfigDict(extra="allow")

    id: str
    title: str
    sport: str
    kind: Annotated[str | None, ShownAs(SessionKind | None)] = Field(None, exclude_if=_only_where_said)
    hard: bool | None = Field(None, exclude_if=_only_where_said, description="Needs an easy or free day on both sides.")
    workout: str | None = Field(
        None, exclude_if=_only_where_said, description="The template it was made from; `recorded` for training done."
    )
    minutes: float
    load: float | None = None
    intensity_ratio: float | None = Field(None, exclude_if=_only_where_said, description="Intensity over threshold.")
    rpe: float | None = Field(None, exclude_if=_only_where_said, description="Expected rating of the whole, 0..10.")
    distance_m: float | None = Field(None, exclude_if=_only_where_said)
    steps: Annotated[list[dict[str, Any]], ShownAs(list[PlanStep])] = []
    purpose: str | None = Field(None, exclude_if=_only_where_said)
    source: str | None = Field(None, exclude_if=_only_where_said, description="Where the workout comes from.")
    why: str | None = None
    why_parts: Annotated[list[dict[str, Any]] | None, ShownAs(list[WordedPart] | None)] = Field(
        None, exclude_if=_only_where_said, description="The same as `why`, for other languages."
    )
    race: Annotated[dict[str, Any] | None, ShownAs(SessionRace | None)] = Field(
        None, exclude_if=_only_where_said, description="Of a race."
    )
    status: Annotated[str | None, ShownAs(SessionStatus | None)] = Field(
        None,
        exclude_if=_only_where_said,
        description="`done` as planned, `extra` training, or made `lighter`; absent of what is still to come.",
    )
    planned_id: str | None = Field(None, exclude_if=_only_where_said, description="Which session was done.")
    activity_id: str | None = Field(None, exclude_if=_only_where_said, description="What was recorded of it.")


class PlannedDay(BaseModel):
    """One day; fitness, fatigue and form after that day's load."""

    model_config = ConfigDict(extra="allow")

    date: date
    weekday: str | None = Field(None, exclude_if=_only_where_said, examples=["mon"])
    phase: Annotated[str | None, ShownAs(PhaseName | None)] = Field(None, exclude_if=_only_where_said)
    sessions: list[PlannedSession]
    minutes: float | None = Field(None, exclude_if=_only_where_said, description="Of all sessions.")
    load: float | None = Field(None, exclude_if=_only_where_said, description="Of all sessions. [AU]")
    ctl: float | None = None
    atl: float | None = None
    tsb: float | None = None


class PlanCheck(BaseModel):
    """A safety rule and whether the plan keeps it."""

    model_config = ConfigDict(extra="allow")

    rule: str
    status: str
    detail: str | None = None


class PlanWarning(BaseModel):
    """What speaks against a race, the goal or one on the way, or against the plan, although every rule holds."""

    code: str
    message: str
    date: str | None = Field(None, description="Day of the race; null where the whole plan is meant, and in old plans.")
    params: Annotated[dict[str, Any], ShownAs(dict[str, Value])] = Field(
        default={}, description="What the message says, as values."
    )


class PlanDocument(BaseModel):
    """The whole plan, as `topform plan` prints it."""

    model_config = ConfigDict(extra="allow")

    version: int | None = Field(None, exclude_if=_only_where_said, description="Of the form of this document.")
    summary: str | None = Field(None, exclude_if=_only_where_said)
    summary_parts: Annotated[list[dict[str, Any]] | None, ShownAs(list[WordedPart] | None)] = Field(
        None, exclude_if=_only_where_said, description="The same as `summary`, for other languages."
    )
    days: list[PlannedDay]
    phases: Annotated[list[dict[str, Any]], ShownAs(list[PlanPhase])] = []
    checks: list[PlanCheck] = []
    relaxed: Annotated[list[Any], ShownAs(list[Relaxation])] = []
    assumptions: list[str] | None = Field(
        None, exclude_if=_only_where_said, description="Values that were used where the request said nothing."
    )
    assumed: Annotated[list[dict[str, Any]] | None, ShownAs(list[PlanAssumption] | None)] = Field(
        None, exclude_if=_only_where_said, description="The same as `assumptions`, for other languages."
    )
    warnings: list[PlanWarning] = []
    forecast: Annotated[dict[str, Any] | None, ShownAs(PlanForecast | None)] = None
    continued_on: Annotated[str | None, ShownAs(date | None)] = Field(
        None, exclude_if=_only_where_said, description="Since when the days were chosen again; absent of a new plan."
    )
    illnesses: Annotated[list[str] | None, ShownAs(list[date] | None)] = Field(
        None, exclude_if=_only_where_said, description="First days of illnesses after which the plan began gently."
    )


class Plan(BaseModel):
    """A stored plan."""

    id: UUID
    created_at: datetime
    request: Annotated[dict[str, Any], ShownAs(PlanRequestDocument)] = Field(
        description="The request as it was planned, with what was filled in from history."
    )
    document: PlanDocument
    is_stopped: bool = Field(
        False,
        description="A reported red flag stops training: sessions from today on are kept back until it is cleared.",
    )


MilestoneKind = Literal["plan", "phase", "race"]


class PlanMilestone(BaseModel):
    """Something of a plan that is done."""

    kind: MilestoneKind
    first_day: date
    last_day: date = Field(description="For a race the same day.")
    sport: str
    phase: str | None = Field(description="Which phase, as the plan names it; null for the plan and for races.")
    distance_m: float | None = Field(description="How far the race is, or the race that the plan was for.")


class PlanMilestones(BaseModel):
    """What of a plan is done, the newest first."""

    items: list[PlanMilestone]


class RaceTime(BaseModel):
    """The time to expect in the race of a plan, with an interval and what it rests on."""

    date: date
    sport: str
    distance_m: float
    basis: Literal["prediction", "threshold", "experience"] = Field(
        description="The prediction from races and training; else the thresholds; else only experience, and no time."
    )
    time_s: float | None = Field(None, description="Null where too little is known; `missing` says what. [s]")
    interval_80_s: tuple[float, float] | None = Field(None, description="Eight of ten times lie within. [s]")
    missing: list[str] = Field(default_factory=list, description="What a time would need, as fields of `athlete`.")
    reasons: list[str]


class ForecastDay(BaseModel):
    """One day to come, after the load the plan has for it."""

    date: date
    load_au: float
    ctl: float
    atl: float
    tsb: float
    tsb_morning: float = Field(description="Fitness minus fatigue of the evening before. [AU/day]")


class FitnessForecast(BaseModel):
    """Fitness, fatigue and form if the current plan is done as it stands; nothing without a plan."""

    days: list[ForecastDay]
    race_date: date | None
    race_distance_m: float | None
