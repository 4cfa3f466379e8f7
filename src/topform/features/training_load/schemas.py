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
