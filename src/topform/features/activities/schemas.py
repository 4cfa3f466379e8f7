"""Activities as the API shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from topform.core.activity import PowerSource, Sport
from topform.features.activities.leg_schemas import (
    CleaningDocument,
    DeviceDocument,
    LapDocument,
    LegLoad,
    LegTotals,
    LengthDocument,
    PauseDocument,
    SetDocument,
)
from topform.features.athletes.public import PlainText
from topform.platform.web.pages import Page
from topform.platform.web.shapes import ShownAs

MOST_AT_ONCE: Final = 100
"""How many activities one request may change or delete."""

Seconds = Annotated[float, Field(description="[s]")]


class ActivitySummary(BaseModel):
    """An activity in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str | None = Field(description="Null until someone or the file names it; the app then words one.")
    sport: Sport
    sub_sport: str | None
    started_at: datetime
    utc_offset_s: int | None = Field(description="Local time minus UTC at the start, when known.")
    local_date: date = Field(description="The athlete's calendar day on which it started.")
    elapsed_s: float
    timer_s: float
    moving_s: float | None
    distance_m: float | None
    ascent_m: float | None
    hr_mean_bpm: float | None
    power_mean_w: float | None
    speed_mean_m_s: float | None
    load_au: float | None = Field(description="Training load; 100 is one hour at threshold.")
    load_source: str | None = Field(
        description="What the load came from: `power`, `run_pace`, `swim`, `hr`, `hr_est` (from heart rate, its "
        "threshold estimated), `srpe`; `mixed` where legs differ."
    )
    leg_count: int
    warnings_count: int
    route_preview: list[tuple[float, float]] | None = Field(description="At most 64 [latitude, longitude] points.")
    rpe_cr10: float | None = Field(description="Perceived exertion, 0..10.")


class ActivityPage(Page[ActivitySummary]):
    """Activities, newest first."""


class ChannelSummary(BaseModel):
    """One measured quantity over a leg; a value is null when too little was observed."""

    model_config = ConfigDict(extra="allow")

    mean: float | None = None
    max: float | None = None
    coverage: float | None = Field(default=None, description="Fraction of the samples that were observed.")


class Metric(BaseModel):
    """A computed number with its provenance; null value means it could not be computed, warnings say why."""

    model_config = ConfigDict(extra="allow")

    value: float | None
    unit: str
    coverage: float | None = None
    n_valid: int | None = None
    version: int
    warnings: list[str] = []


class LegDetail(BaseModel):
    """One sport of an activity, as `topform inspect` prints it."""

    model_config = ConfigDict(extra="allow")

    sport: Sport
    sub_sport: str | None = None
    started_at: datetime
    utc_offset_s: int | None = None
    elapsed_s: float
    timer_s: float
    moving_s: float | None = None
    distance_m: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    samples: int
    laps: Annotated[list[dict[str, Any]], ShownAs(list[LapDocument])] = []
    lengths: Annotated[list[dict[str, Any]] | None, ShownAs(list[LengthDocument] | None)] = None
    pool_length_m: float | None = None
    sets: Annotated[list[dict[str, Any]], ShownAs(list[SetDocument])] = []
    pauses: Annotated[list[dict[str, Any]], ShownAs(list[PauseDocument])] = []
    rr_ms_count: int = 0
    hr_bpm: ChannelSummary | None = None
    power_w: ChannelSummary | None = None
    cadence_rpm: ChannelSummary | None = None
    cadence_spm: ChannelSummary | None = None
    speed_m_s: ChannelSummary | None = None
    power_source: PowerSource | None = Field(
        default=None, description="What measured the power of a run; null where the file does not tell."
    )
    metrics: dict[str, Metric] = {}
    best_power_w: dict[str, float] = Field(default={}, description="Best mean power for each duration in seconds.")
    best_speed_m_s: dict[str, float] = {}
    channels: list[str] = Field(default=[], description="What the streams hold.")
    steady_hr_output: Annotated[list[Any], ShownAs(list[tuple[float, float]])] = Field(
        default=[], description="Heart rate and output of steady stretches; output in W or m/s."
    )
    load: Annotated[dict[str, Any] | None, ShownAs(LegLoad | None)] = None
    device_summary: dict[str, float | None] = Field(
        default={}, description="Further numbers that the device itself wrote, for comparison."
    )
    stated: Annotated[dict[str, Any] | None, ShownAs(LegTotals | None)] = Field(
        default=None, description="As the device summarised them."
    )
    from_samples: Annotated[dict[str, Any] | None, ShownAs(LegTotals | None)] = Field(
        default=None, description="From the samples alone, for comparison."
    )
    cleaning: Annotated[dict[str, Any] | None, ShownAs(CleaningDocument | None)] = None
    warnings: list[str] = []


class ActivityWarning(BaseModel):
    """Something in the source that a reader of the numbers should know."""

    code: str
    message: str
    offset_bytes: int | None = None


class ActivitySource(BaseModel):
    """A file that this activity came from; the primary one gave the numbers."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    file_name: str
    format: str
    size_bytes: int
    sha256: str
    is_primary: bool
    created_at: datetime


class ActivityDetail(ActivitySummary):
    """An activity with everything but its streams."""

    legs: list[LegDetail]
    device: Annotated[dict[str, Any], ShownAs(DeviceDocument)] = Field(
        description="`manufacturer`, `product` and what else the file tells of the device."
    )
    warnings: list[ActivityWarning]
    salvaged: bool = Field(description="True when the file was damaged and only part of it could be read.")
    file_name: str
    format: str
    notes: str | None
    sources: list[ActivitySource]
    created_at: datetime
    updated_at: datetime


class ActivityStreams(BaseModel):
    """Streams of one leg, averaged down to at most the number of points asked for; null is not observed."""

    leg: int
    t_s: list[float] = Field(description="Seconds since the leg's start; the spacing varies.")
    channels: dict[str, list[float | None]]
    samples: int = Field(description="How many samples the stored streams hold.")


class ActivityChange(BaseModel):
    """What a person may correct; absent fields stay, null clears."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), PlainText] | None = None
    notes: Annotated[str, StringConstraints(max_length=10_000), PlainText] | None = None
    rpe_cr10: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] | None = None


class NamedActivityChange(ActivityChange):
    """What a person may correct of one of several activities."""

    id: UUID


class ActivityChanges(BaseModel):
    """Corrections of several activities."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[NamedActivityChange], Field(min_length=1, max_length=MOST_AT_ONCE)]

    @model_validator(mode="after")
    def _require_different(self) -> Self:
        if len({one.id for one in self.items}) < len(self.items):
            raise ValueError("names an activity twice")
        return self


class ChangedActivities(BaseModel):
    """Activities as they are now, in the order of the corrections."""

    items: list[ActivitySummary]


class ActivityDeletion(BaseModel):
    """Activities to delete."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[set[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]


class MetricAbout(BaseModel):
    """A metric, the version of its formula and the page that explains it."""

    metric: str
    unit: str
    version: int
    page: str = Field(description="Page of the documentation's science section.")
    changes: list[str] = Field(description="What each version after the first changed, oldest first.")


class MetricTable(BaseModel):
    """Every metric."""

    items: list[MetricAbout]


class PastMetric(BaseModel):
    """What a metric was until it was computed again."""

    model_config = ConfigDict(from_attributes=True)

    leg: int
    metric: str
    value: float | None
    unit: str
    version: int
    reason: Literal["version", "inputs"] = Field(
        description="`version`: the formula changed; `inputs`: a threshold, a body measure or the recording did."
    )
    replaced_at: datetime


class MetricHistory(BaseModel):
    """What an activity's metrics were, newest first."""

    items: list[PastMetric]


class RecomputeRequest(BaseModel):
    """What to compute again; everything when nothing is said."""

    model_config = ConfigDict(extra="forbid")

    metric: str | None = Field(
        default=None, max_length=100, description="Only activities with another version of this metric."
    )
    since: date | None = Field(default=None, description="Only activities of this day and later.")
