"""Daily values as the API shows and accepts them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel, StringConstraints

from topform.core.wellness import MANUAL_SOURCE, STRAP_SOURCE, MetricKind, WellnessMetric

SourceName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_]{1,40}$"),
    Field(description="Who says so, such as `garmin`, `apple_health` or `manual`."),
]


class OwnSource(StrEnum):
    """Where values come from that the athlete sends."""

    MANUAL = MANUAL_SOURCE
    """Typed."""
    STRAP = STRAP_SOURCE
    """Measured in the app with a heart-rate strap."""


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
    """What was measured or felt, by metric in its unit; null deletes what was sent before, what is absent stays."""


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


class HealthSource(StrEnum):
    """The health store of a phone."""

    APPLE_HEALTH = "apple_health"
    HEALTH_CONNECT = "health_connect"


class RecordKind(StrEnum):
    """What the records of a health store are of."""

    BODY_MASS = "body_mass"
    RESTING_HR = "resting_hr"
    HRV_RMSSD = "hrv_rmssd"
    """As Health Connect keeps it."""
    HRV_SDNN = "hrv_sdnn"
    """As Apple Health keeps it."""
    SLEEP = "sleep"


class MeasurementKind(StrEnum):
    """Kinds of records with one value, in the unit of their metric."""

    BODY_MASS = "body_mass"
    RESTING_HR = "resting_hr"
    HRV_RMSSD = "hrv_rmssd"
    HRV_SDNN = "hrv_sdnn"


class SleepStage(StrEnum):
    """What a stretch of a night was."""

    IN_BED = "in_bed"
    AWAKE = "awake"
    ASLEEP = "asleep"
    """The stage unknown."""
    LIGHT = "light"
    DEEP = "deep"
    REM = "rem"


UtcOffset = Annotated[
    int, Field(ge=-18 * 3600, le=18 * 3600, description="Local time minus UTC where it was measured, in seconds.")
]
DeviceName = Annotated[str | None, Field(max_length=200, description="The app or device that wrote it.")]


class HealthMeasurement(BaseModel):
    """One record with a value: kg, bpm or ms."""

    model_config = ConfigDict(extra="forbid")

    kind: MeasurementKind
    value: Annotated[float, Field(allow_inf_nan=False)]
    at: AwareDatetime
    utc_offset_s: UtcOffset
    device: DeviceName = None


class HealthSleep(BaseModel):
    """A stretch of one stage of sleep."""

    model_config = ConfigDict(extra="forbid")

    start: AwareDatetime
    end: AwareDatetime
    stage: SleepStage
    utc_offset_s: UtcOffset
    device: DeviceName = None


class HealthRecords(BaseModel):
    """All records that a phone holds for some days; of sleep also what began on the day before."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "source": "apple_health",
                    "first": "2026-03-01",
                    "last": "2026-03-01",
                    "measurements": [
                        {
                            "kind": "hrv_sdnn",
                            "value": 61.2,
                            "at": "2026-03-01T05:12:00Z",
                            "utc_offset_s": 3600,
                            "device": "Apple Watch",
                        }
                    ],
                    "sleep": [],
                    "gone": [],
                }
            ]
        },
    )

    source: HealthSource
    first: date = Field(description="First of the days, at most 31 in all.")
    last: date
    measurements: list[HealthMeasurement] = Field(default_factory=list, max_length=10_000)
    sleep: list[HealthSleep] = Field(default_factory=list, max_length=10_000)
    gone: list[RecordKind] = Field(
        default_factory=list,
        max_length=10,
        description="Kinds of which records were deleted on the phone: values without a record left are deleted here.",
    )


class StoredRecords(BaseModel):
    """What became of the records of a phone."""

    values: int = Field(description="Daily values that they make.")
    changed: int = Field(description="How many of them were new or different.")
    removed: int = Field(description="Values that went because their records were deleted on the phone.")
    implausible: int = Field(description="Records that no person can have, which were left out.")
