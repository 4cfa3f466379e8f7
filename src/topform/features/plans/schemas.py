"""Plans as the API shows and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class PlanOrder(BaseModel):
    """The request of `topform plan`; what is absent about fitness and thresholds is taken from what is stored."""

    model_config = ConfigDict(extra="forbid")

    request: dict[str, Any] = Field(
        description=(
            "Required: `athlete.sport` (running, cycling, swimming, triathlon, strength), `goal`, `start` (a date) and "
            "`available_minutes` by weekday (`mon` to `sun`). `goal.type` is `race` (`sport`, `distance_m`, `date`, "
            "optional `priority` A, B or C and `expected_s`), `threshold_gain` (`pct`, `weeks`), `general_fitness` "
            "(`weeks`, optional `hours_per_week`), `strength_max_reps` (`exercise`, `current`, `target`, `weeks`) or "
            "`maintain` (`weeks`). Optional of the athlete: `experience`, `ctl`, `atl`, `threshold` (`speed_m_s`, "
            "`power_w`, `hr_bpm`, `swim_speed_m_s`), `mass_kg`, `recent_longest`, `equipment`, `max_reps`. Optional: "
            "`unavailable_dates`, `offered_dates` (minutes by date), `other_races`, `preferred_rest`, `constraints` "
            "(`max_session_minutes`, `max_weekly_minutes`, `max_sessions_per_week`, `max_hard_days`, `long_day`, "
            "`strength_per_week`, `health`), `history_days` (`date`, `load`, `minutes`), `seed`. What is wrong is "
            "refused with its field."
        ),
        examples=[
            {
                "athlete": {"sport": "running", "experience": "intermediate"},
                "goal": {"type": "race", "sport": "running", "distance_m": 10000, "date": "2031-09-14"},
                "start": "2031-06-02",
                "available_minutes": {"tue": 60, "thu": 60, "sat": 45, "sun": 120},
            }
        ],
    )


class PlannedSession(BaseModel):
    """One session of a day."""

    model_config = ConfigDict(extra="allow")

    id: str
    title: str
    sport: str
    minutes: float
    load: float | None = None
    steps: list[dict[str, Any]] = []
    why: str | None = None


class PlannedDay(BaseModel):
    """One day; fitness, fatigue and form after that day's load."""

    model_config = ConfigDict(extra="allow")

    date: date
    sessions: list[PlannedSession]
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
    params: dict[str, Any] = Field(default={}, description="What the message says, as values.")


class PlanDocument(BaseModel):
    """The whole plan, as `topform plan` prints it."""

    model_config = ConfigDict(extra="allow")

    days: list[PlannedDay]
    phases: list[dict[str, Any]] = []
    checks: list[PlanCheck] = []
    relaxed: list[Any] = []
    warnings: list[PlanWarning] = []
    forecast: dict[str, Any] | None = None


class Plan(BaseModel):
    """A stored plan."""

    id: UUID
    created_at: datetime
    request: dict[str, Any] = Field(description="The request as it was planned, with what was filled in from history.")
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
