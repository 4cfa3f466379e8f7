"""Daily values as the API shows and accepts them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, RootModel, StringConstraints

from topform.core.wellness import MetricKind, WellnessMetric

SourceName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_]{1,40}$"),
    Field(description="Who says so, such as `garmin`, `apple_health` or `manual`."),
]


class WellnessMetricInfo(BaseModel):
    """What a metric is."""

    metric: WellnessMetric
    unit: str
    kind: MetricKind = Field(
        description="`vendor_score`: a vendor's own formula, comparable with itself only; `self_report`: 0 to 10."
    )
    low: float = Field(description="The smallest value that is accepted.")
    high: float = Field(description="The largest value that is accepted.")


class WellnessValue(BaseModel):
    """What one source says about one metric of one day."""

    metric: WellnessMetric
    value: float
    unit: str
    source: SourceName
    measured_at: datetime | None = Field(description="Null when the source tells only the day.")
    device: str | None
    is_chosen: bool = Field(description="Whether this source counts for the metric on this day.")


class WellnessDay(BaseModel):
    """A calendar day of the athlete; a night belongs to the day on which it ended."""

    date: date
    values: list[WellnessValue]


class Wellness(BaseModel):
    """Daily values, and what the metrics found or asked for are. Days without a value are absent."""

    days: list[WellnessDay]
    metrics: list[WellnessMetricInfo]


class ManualValues(RootModel[dict[WellnessMetric, float | None]]):
    """What was measured or felt, by metric in its unit; null deletes what was typed, what is absent stays."""


class WellnessSource(BaseModel):
    """A source of one metric."""

    source: SourceName
    days: int = Field(description="How many days it has a value for; 0 when it only could have.")
    last_date: date | None


class WellnessPriority(BaseModel):
    """The order of a metric's sources: the first with a value for a day counts."""

    metric: WellnessMetric
    sources: list[WellnessSource]
    is_own: bool = Field(description="False while the default order holds.")


class WellnessPriorities(BaseModel):
    """One entry for each metric with values."""

    priorities: list[WellnessPriority]


class PriorityOrder(BaseModel):
    """The order that the athlete wants; sources left out follow in the default order, none at all restores it."""

    sources: Annotated[list[SourceName], Field(max_length=30)]
