"""Fitness over days as the API shows it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field


class FitnessDay(BaseModel):
    """One calendar day of the athlete, after that day's load."""

    date: date
    load_au: float
    ctl: float = Field(description="Fitness: slow average of the daily load. [AU/day]")
    atl: float = Field(description="Fatigue: fast average of the daily load. [AU/day]")
    tsb: float = Field(description="Form of the evening: fitness minus fatigue. [AU/day]")
    tsb_morning: float = Field(description="Form of the morning: fitness minus fatigue of the evening before. [AU/day]")


class TimeConstants(BaseModel):
    """How slowly the two averages follow the load. [days]"""

    ctl_days: float
    atl_days: float


class FitnessWarning(BaseModel):
    """Something that makes the numbers less certain."""

    code: str
    message: str


class Fitness(BaseModel):
    """Fitness, fatigue and form by day."""

    days: list[FitnessDay]
    time_constants: TimeConstants
    warnings: list[FitnessWarning]
