"""Readiness, warnings and health reports as the API shows them."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from topform.coaching.load_warnings import Band, EnergySign, RedFlag
from topform.features.athletes.public import PlainText
from topform.platform.web.shapes import ShownAs
from topform.science.readiness import Note, TermId, Verdict

PainSite = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), PlainText]


class ReadinessTerm(BaseModel):
    """One part of the score, against your own usual."""

    id: TermId
    value: float = Field(description="What was seen, in `unit`.")
    usual: float = Field(description="What is usual for you, in `unit`.")
    unit: str
    z: float = Field(description="Difference in standard deviations, positive = good. -2..2")
    weight: float = Field(description="Share of the score when every term is known.")
    points: float | None = Field(description="What it adds to 50; null without a score.")
    days: int = Field(description="Days behind what is called usual.")


class OpenRedFlag(BaseModel):
    """A symptom that stops all sessions until you say that it was looked at."""

    symptoms: list[RedFlag]
    reported_at: datetime
    advice: str


class DayReadiness(BaseModel):
    """How today compares with your own usual days; a convention, no measurement and no statement about health."""

    date: dt.date
    score: float | None = Field(description="0..100, 50 = as usual; null when too little is known.")
    coverage: float = Field(description="Share of the weights for which something is known. 0..1")
    verdict: Verdict
    terms: list[ReadinessTerm]
    missing: list[TermId] = Field(description="Not known and therefore absent; never counted as zero.")
    is_saturated: bool = Field(description="Heart rate variability far above usual together with fatigue.")
    notes: list[Note] = Field(
        description="Resting heart rate clearly raised for three days; less than seven hours of sleep on average over "
        "two weeks. They do not change the score."
    )
    red_flag: OpenRedFlag | None


class LoadWarning(BaseModel):
    """A rule that speaks for caution; never a probability for you, a diagnosis or a treatment."""

    rule: str = Field(description="R1 to R8.")
    band: Band
    message: str
    advice: str
    evidence: str = Field(
        description="What was seen in groups of athletes, or that no number is known; empty for R6 to R8."
    )
    values: Annotated[dict[str, Any], ShownAs(dict[str, str | float | bool | list[str] | None])] = Field(
        description="The numbers in the words."
    )


class AcuteChronicRatio(BaseModel):
    """Load of the last week over that of four weeks, per day; a description that triggers nothing."""

    coupled: float = Field(description="Last 7 days over the last 28.")
    uncoupled: float | None = Field(description="Last 7 days over the 21 before them.")
    smoothed: float = Field(description="Of exponentially weighted means, weights 2 / 8 and 2 / 29.")


class LoadWarnings(BaseModel):
    """What speaks for caution on a day, the most serious first."""

    date: dt.date
    band: Band
    warnings: list[LoadWarning]
    acute_chronic: AcuteChronicRatio | None


class RedFlagReport(BaseModel):
    """Symptoms that must be looked at before any training."""

    model_config = ConfigDict(extra="forbid")

    symptoms: list[RedFlag] = Field(min_length=1, max_length=len(RedFlag))


class RedFlagCleared(BaseModel):
    """Your word that the symptoms were looked at."""

    model_config = ConfigDict(extra="forbid")

    was_looked_at: bool = Field(description="Must be true: a clinician looked at it, or the cause is known and gone.")


class RedFlagState(BaseModel):
    """Whether sessions are stopped."""

    is_set: bool
    red_flag: OpenRedFlag | None


class PainReport(BaseModel):
    """Pain at one place."""

    model_config = ConfigDict(extra="forbid")

    site: PainSite
    level: int = Field(ge=0, le=10)
    changes_movement: bool = False
    is_at_night: bool = False
    is_on_bone: bool = False


class NewHealthReport(BaseModel):
    """Pain, or signs that fit too little energy for the training."""

    model_config = ConfigDict(extra="forbid")

    date: dt.date | None = Field(default=None, description="Today in your time zone when absent.")
    pain: PainReport | None = None
    energy_signs: list[EnergySign] = Field(default_factory=list, max_length=len(EnergySign))

    @model_validator(mode="after")
    def says_something(self) -> NewHealthReport:
        """Refuse a report of nothing, and of two things at once."""
        if (self.pain is None) == (not self.energy_signs):
            raise ValueError("send either pain or energy_signs")
        return self


class HealthReport(BaseModel):
    """A report as it is stored."""

    id: UUID
    date: dt.date
    pain: PainReport | None
    energy_signs: list[EnergySign]
    created_at: datetime


class HealthReports(BaseModel):
    """The reports of the last four weeks, newest first."""

    items: list[HealthReport]
