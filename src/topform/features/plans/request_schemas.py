"""What may be asked of a plan, for the OpenAPI document; the reader of requests names the field that is wrong."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from topform.coaching.equipment import Equipment
from topform.coaching.goals import Experience, PlanSport, Priority

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
StrengthExercise = Literal["push_up", "squat", "lunge", "pull_up", "dip", "sit_up", "burpee"]
RaceSport = Literal["running", "cycling", "swimming", "triathlon"]
LongestSport = Literal["running", "cycling", "swimming"]
Minutes = Annotated[float, Field(ge=0, le=24 * 60)]
Weeks = Annotated[int, Field(ge=1, le=52)]


class PlanThreshold(TypedDict):
    """Thresholds, each absent where it is not known."""

    speed_m_s: NotRequired[Annotated[float | None, Field(description="Running, or swimming of a swimmer.")]]
    power_w: NotRequired[Annotated[float | None, Field(description="Cycling.")]]
    hr_bpm: NotRequired[float | None]
    swim_speed_m_s: NotRequired[Annotated[float | None, Field(description="Of a triathlete.")]]


class RecentSessionDocument(TypedDict):
    """A session of the last 30 days."""

    date: date
    minutes: Minutes


class RecentLongest(TypedDict):
    """The longest session of the last 30 days."""

    minutes: NotRequired[Minutes | None]
    distance_m: NotRequired[float | None]
    by_sport: NotRequired[dict[LongestSport, list[RecentSessionDocument]] | None]


class PlanAthlete(TypedDict):
    """Who the plan is for; what is absent is taken from what is stored, else assumed and said so."""

    sport: PlanSport
    experience: NotRequired[Experience | None]
    ctl: NotRequired[Annotated[float | None, Field(description="Fitness, 0 to 300. [AU/day]")]]
    atl: NotRequired[Annotated[float | None, Field(description="Fatigue, 0 to 500. [AU/day]")]]
    threshold: NotRequired[PlanThreshold | None]
    recent_longest: NotRequired[RecentLongest | None]
    max_reps: NotRequired[Annotated[dict[StrengthExercise, int] | None, Field(description="That you can do now.")]]
    equipment: NotRequired[list[Equipment | Literal["none"]] | None]
    mass_kg: NotRequired[float | None]


class RaceGoalDocument(TypedDict):
    """A race; the plan ends on its day."""

    type: Literal["race"]
    sport: NotRequired[RaceSport]
    distance_m: float
    date: date
    priority: NotRequired[Priority]
    name: NotRequired[str | None]
    expected_s: NotRequired[Annotated[float | None, Field(description="The time to expect, where it is known.")]]


class ThresholdGoalDocument(TypedDict):
    """A higher threshold."""

    type: Literal["threshold_gain"]
    pct: Annotated[float, Field(ge=0.1, le=50, description="Wanted gain. [%]")]
    weeks: Weeks


class FitnessGoalDocument(TypedDict):
    """General fitness."""

    type: Literal["general_fitness"]
    weeks: Weeks
    hours_per_week: NotRequired[Annotated[float | None, Field(ge=0.25, le=40)]]


class StrengthGoalDocument(TypedDict):
    """More repetitions of an exercise in one go."""

    type: Literal["strength_max_reps"]
    exercise: StrengthExercise
    current: NotRequired[Annotated[int | None, Field(ge=0, le=1000)]]
    target: Annotated[int, Field(ge=1, le=1000)]
    weeks: Weeks


class MaintainGoalDocument(TypedDict):
    """Hold fitness."""

    type: Literal["maintain"]
    weeks: Weeks


PlanGoal = Annotated[
    RaceGoalDocument | ThresholdGoalDocument | FitnessGoalDocument | StrengthGoalDocument | MaintainGoalDocument,
    Field(discriminator="type"),
]


class OtherRaceDocument(TypedDict):
    """A race on the way."""

    date: date
    distance_m: float
    sport: NotRequired[RaceSport]
    priority: NotRequired[Literal["B", "C"]]
    name: NotRequired[str | None]
    expected_s: NotRequired[float | None]


class HistoryDayDocument(TypedDict):
    """A day that was trained before the plan begins."""

    date: date
    load: Annotated[float, Field(ge=0, le=2000, description="0 for a day of rest. [AU]")]
    minutes: NotRequired[Minutes | None]


class PlanConstraints(TypedDict):
    """Further wishes that the plan keeps."""

    max_session_minutes: NotRequired[Annotated[int | None, Field(ge=5, le=24 * 60)]]
    max_weekly_minutes: NotRequired[Annotated[int | None, Field(ge=0, le=7 * 24 * 60)]]
    max_sessions_per_week: NotRequired[Annotated[int | None, Field(ge=0, le=14)]]
    max_hard_days: NotRequired[Annotated[int | None, Field(ge=0, le=3)]]
    long_day: NotRequired[Weekday | None]
    strength_per_week: NotRequired[Annotated[int | None, Field(ge=0, le=3)]]
    health: NotRequired[Annotated[Literal["well", "ill", "red_flag"], Field(description="Only `well` is planned for.")]]


class FilledIn(TypedDict):
    """A value that was taken from what is stored."""

    code: Annotated[str, Field(examples=["fitness"])]
    params: dict[str, str | float | None]


class PlanRequestDocument(TypedDict):
    """A request for a plan, as `topform plan` takes it."""

    athlete: PlanAthlete
    goal: PlanGoal
    start: Annotated[date, Field(description="First day of the plan.")]
    available_minutes: Annotated[dict[Weekday, Minutes], Field(description="A weekday that is absent offers none.")]
    unavailable_dates: NotRequired[list[date] | None]
    offered_dates: NotRequired[
        Annotated[dict[str, Minutes] | None, Field(description="Minutes by date, instead of those of the weekday.")]
    ]
    preferred_rest: NotRequired[list[Weekday] | None]
    other_races: NotRequired[list[OtherRaceDocument] | None]
    constraints: NotRequired[PlanConstraints | None]
    history_days: NotRequired[list[HistoryDayDocument] | None]
    filled_in: NotRequired[
        Annotated[list[FilledIn] | None, Field(description="In answers: what was taken from what is stored.")]
    ]
    seed: NotRequired[Annotated[int | None, Field(ge=0, le=2**31 - 1, description="The same gives the same plan.")]]


class SkipWeek(TypedDict):
    """Leave out a week."""

    type: Literal["skip_week"]
    week_of: NotRequired[Annotated[date, Field(description="A day of the week; this week when absent.")]]


class AddDay(TypedDict):
    """Offer time on one more weekday, or more of it."""

    type: Literal["add_day"]
    weekday: Weekday
    minutes: Annotated[int, Field(ge=10, le=600)]


class DropDay(TypedDict):
    """Offer no time on a weekday any more."""

    type: Literal["drop_day"]
    weekday: Weekday


class MoveRace(TypedDict):
    """Move the race of the plan."""

    type: Literal["move_race"]
    days: Annotated[int, Field(ge=-182, le=182, description="Below 0 for earlier; not 0.")]


class BeAway(TypedDict):
    """Be away."""

    type: Literal["away"]
    first: date
    last: Annotated[date, Field(description="The same day for a single one.")]


PlanChangeWish = Annotated[SkipWeek | AddDay | DropDay | MoveRace | BeAway, Field(discriminator="type")]
