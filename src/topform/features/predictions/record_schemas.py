"""How earlier predictions held, as the API shows it."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field


class ShownPrediction(BaseModel):
    """What was shown before a race."""

    made_on: dt.date
    time_s: float
    interval_80_s: tuple[float, float]
    held: bool
    predictor_version: int
    inputs_digest: str = Field(description="SHA-256 of everything that the prediction was made from.")


class PastRacePrediction(BaseModel):
    """A race beside what is said of it from what was known the day before."""

    date: dt.date
    title: str
    activity_id: UUID
    distance_m: float
    time_s: float = Field(description="What came.")
    predicted_s: float
    interval_80_s: tuple[float, float] = Field(description="As wide as earlier races of yours made it.")
    aimed_miss_rate: float = Field(description="Share of races that the interval was to miss, 0.2 before any race.")
    held: bool
    shown: ShownPrediction | None = Field(description="What you were shown before it, if you looked.")


class RecordScores(BaseModel):
    """Mean absolute errors over the athlete's own races, each predicted from what was known before it. [%]"""

    races: int
    prediction_mae_pct: float
    last_value_mae_pct: float = Field(description="The race before it, carried to the distance by Riegel 1.06.")
    mean_of_three_mae_pct: float = Field(description="The mean of the last three, carried likewise.")
    coverage_80: float
    beats_both: bool


class PredictionRecord(BaseModel):
    """How predictions of the athlete's own races held."""

    predictor_version: int
    races: list[PastRacePrediction] = Field(description="Newest first.")
    shown_races: int = Field(description="Races before which a prediction was shown.")
    shown_held: int = Field(description="Those whose time then fell into the 80 % interval.")
    scores: RecordScores | None = Field(description="Null before the second race.")
    next_miss_rate_80: float = Field(
        description="What your own races make the next 80 % interval aim to miss; 0.2 when none was seen."
    )
    next_miss_rate_90: float


class ResponseModel(BaseModel):
    """Whether the response of performance to training can be told from the athlete's own history."""

    sport: Literal["running", "cycling"]
    unit: str = Field(description="Unit of the tests.")
    tests: int = Field(description="Races or tests that are known.")
    predicted: int = Field(description="Those among them that were predicted from what was known before.")
    model_mae_pct: float | None
    last_value_mae_pct: float | None
    mean_of_three_mae_pct: float | None
    reason: Literal["earned", "too_few_tests", "not_better"]
    forecast: float | None = Field(description="For today; null unless the model beat both rules on your own past.")
    last_value: float | None


class ResponseModels(BaseModel):
    """One verdict a sport; shown only where it beats the last value and the mean of three."""

    items: list[ResponseModel]
