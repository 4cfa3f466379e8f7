"""Predictions as the API shows them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field

from topform.science.prediction.explain import BaselineCode


class PredictionTarget(BaseModel):
    """The race asked for."""

    distance_m: float
    date: dt.date


class PredictionModel(BaseModel):
    """One model of the ensemble."""

    name: str
    time_s: float
    weight: float


class PredictionBaseline(BaseModel):
    """Riegel's formula with 1.06, which every prediction must beat."""

    name: str
    time_s: float | None
    code: BaselineCode = Field(description="What it was taken from.")
    source: str = Field(description="The same in English.")
    distance_m: float | None = Field(description="Of what it was taken from. [m]")
    duration_s: float | None = Field(description="[s]")
    date: dt.date | None


class PredictionAdjustment(BaseModel):
    """One factor: for a break from running, the course or the day."""

    name: str
    factor: float
    why: str


class PredictionWarning(BaseModel):
    """What makes the prediction less certain."""

    code: str
    message: str


class RaceFound(BaseModel):
    """A stored activity that was taken as a race."""

    activity_id: UUID
    date: dt.date
    title: str
    distance_m: float
    time_s: float


class TrainingShown(BaseModel):
    """The training that shows what the athlete can do at least."""

    activity_id: UUID
    date: dt.date
    duration_s: float
    is_stretch: bool = Field(description="The fastest stretch of this duration within the activity, not all of it.")


class LearnedFromOthers(BaseModel):
    """What the intervals learned from how predictions of other people on this server held."""

    people: int = Field(description="Other people who agreed to it, one race each, at least 20.")
    held_80: int = Field(description="How many of them ended inside the 80 % interval shown before.")
    miss_rate_80: float = Field(description="What the 80 % interval aims to miss before your own races count; 0..1.")
    miss_rate_90: float = Field(description="The same of the 90 % interval.")


class RacePrediction(BaseModel):
    """A race time with intervals, beside the baseline."""

    target: PredictionTarget
    time_s: float
    interval_80_s: tuple[float, float]
    interval_90_s: tuple[float, float]
    neutral_time_s: float = Field(description="Without the adjustments.")
    models: list[PredictionModel]
    baseline: PredictionBaseline
    adjustments: list[PredictionAdjustment]
    reasons: list[str]
    warnings: list[PredictionWarning]
    training: TrainingShown | None = Field(description="The run it rests on beside or without races; null without one.")
    races: list[RaceFound] = Field(description="Races found among your activities, newest first.")
    others: LearnedFromOthers | None = Field(
        description="Null with fewer than 20 people: then the intervals begin with what they promise."
    )
    predictor_version: int
    inputs_digest: str = Field(description="SHA-256 of everything that the prediction was made from.")
