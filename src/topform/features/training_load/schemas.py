"""Fitness over days as the API shows it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field


# Not a model: ten years are thousands of days, and what was just computed need not be checked one by one.
@dataclass(slots=True)
class FitnessDay:
    """One calendar day of the athlete, after that day's load."""

    date: datetime.date
    load_au: float
    ctl: Annotated[float, Field(description="Fitness: slow average of the daily load. [AU/day]")]
    atl: Annotated[float, Field(description="Fatigue: fast average of the daily load. [AU/day]")]
    tsb: Annotated[float, Field(description="Form of the evening: fitness minus fatigue. [AU/day]")]
    tsb_morning: Annotated[
        float, Field(description="Form of the morning: fitness minus fatigue of the evening before. [AU/day]")
    ]


class TimeConstants(BaseModel):
    """How slowly the two averages follow the load. [days]"""

    ctl_days: float
    atl_days: float


class FitnessWarning(BaseModel):
    """Something that makes the numbers less certain."""

    code: str
    message: str
    values: dict[str, int | datetime.date] = Field(
        default={}, description="What the sentence names: `count`; or `day`, `mean_days` and `needed_days`."
    )


class Fitness(BaseModel):
    """Fitness, fatigue and form by day."""

    days: list[FitnessDay]
    time_constants: TimeConstants
    warnings: list[FitnessWarning]


class RatingScale(BaseModel):
    """What was learned of how you rate sessions, against the loads that sensors measured in the same sessions."""

    load_per_srpe: float = Field(
        description="Load of one minute rated 1 on the scale from 0 to 10; a session that is only rated has the load "
        "rating times minutes times this. [AU]"
    )
    default_load_per_srpe: float = Field(
        description="The same as long as nothing is known of you: an hour rated 7 is a load of 100. [AU]"
    )
    sessions: int = Field(
        description="On how many sessions with a rating and a measured load it rests, the newest 200 at most; n of "
        "them weigh n / (n + 8) beside the default."
    )
    reset_at: datetime.datetime | None = Field(
        description="When you had it forgotten last; sessions that began before count no more."
    )
