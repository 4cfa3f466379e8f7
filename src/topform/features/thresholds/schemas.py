"""Thresholds and zones as the API shows and accepts them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from topform.science.threshold_evidence import Evidence, Exertion, SetAside
from topform.science.threshold_tests import Protocol

Quantity = Literal[
    "ftp_w", "threshold_speed_m_s", "css_m_s", "lthr_bpm", "hr_max_bpm", "run_power_watch_w", "run_power_foot_pod_w",
    "run_power_app_w",
]  # fmt: skip
Origin = Literal["entered", "test", "estimate"]
Positive = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]


class ThresholdInUse(BaseModel):
    """A threshold that holds from a day on; activities of those days are computed with it."""

    valid_from: date = Field(description="1900-01-01: since always.")
    value: float | None = Field(description="Null where it became unknown.")
    origin: Origin


class ThresholdEstimate(BaseModel):
    """What the evidence says on a day: the threshold lies within the range in 80 of 100 cases.

    Of `hr_max_bpm` it is the highest heart rate reached in six months, on the day it was, and only where that is above
    the one in use: the maximum is at least this, and no range is known.
    """

    date: date
    value: float
    low: float
    high: float = Field(description="Of a heart rate never above the highest one, where that is known.")


class ThresholdEvidence(BaseModel):
    """One piece of evidence and how old it is."""

    kind: Evidence
    detail: str = Field(description="How it was obtained, as a stable word such as `power_20min`, or in words.")
    date: date
    age_days: int
    value: float = Field(description="What it says the threshold is; at least, when `is_lower_bound`.")
    error_pct: float = Field(description="Its usual error. [% of the value]")
    is_lower_bound: bool
    exertion: Exertion = Field(description="What heart rate says of an effort; `unknown` where it says nothing.")
    set_aside: SetAside | None = Field(
        description="Why it does not count: `far_above` what else is known and unconfirmed; `heart_rate_low`, above it "
        "at the heart rate of an easy session; `far_off`, a line or beats far from it and unconfirmed; `above_max`, "
        "heart rate above your maximal one. Null: it counts."
    )
    activity_id: UUID | None = None
    test_id: UUID | None = None


class Threshold(BaseModel):
    """One threshold: what is in use, what the evidence says, and both over time."""

    quantity: Quantity
    sport: str = Field(description="`any` for heart rate.")
    unit: str
    in_use: ThresholdInUse | None
    estimate: ThresholdEstimate | None
    version: int = Field(description="Of the way in which the evidence is weighed.")
    evidence: list[ThresholdEvidence]
    history: list[ThresholdInUse]
    estimate_history: list[ThresholdEstimate] = Field(description="A state a month, the last one of today.")


class Thresholds(BaseModel):
    """All thresholds."""

    thresholds: list[Threshold]
    limits: str = Field(description="What to bear in mind, in one sentence.")


class ThresholdTest(BaseModel):
    """A test as it was entered, with what it says."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    protocol: Protocol
    measured_on: date
    inputs: dict[str, float | list[float]]
    quantity: Quantity
    value: float
    sd_frac: float


class ThresholdTests(BaseModel):
    """Tests, oldest first."""

    items: list[ThresholdTest]


class NewThresholdTest(BaseModel):
    """A test to store.

    `power_20min`, `power_60min`, `power_ramp` (best minute) and `power_lab` take `power_w`; `power_efforts` takes the
    lists `efforts_power_w` and `efforts_s`; `run_race` takes `distance_m` and `time_s`, `run_30min` takes `distance_m`,
    `run_efforts` the lists `efforts_m` and `efforts_s`, `run_lab` takes `speed_m_s`; `swim_400_200` takes `t400_s` and
    `t200_s`; `heart_rate_30min` (mean of the last 20 min) and `heart_rate_lab` take `hr_bpm`.
    """

    model_config = ConfigDict(extra="forbid")

    protocol: Protocol
    measured_on: date
    inputs: Annotated[
        dict[str, Positive | Annotated[list[Positive], Field(min_length=1, max_length=20)]],
        Field(min_length=1, max_length=4, examples=[{"power_w": 280}]),
    ]


class ThresholdChange(BaseModel):
    """What holds from a day on."""

    model_config = ConfigDict(extra="forbid")

    value: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = Field(
        description="Null: it is not known from then on."
    )
    origin: Origin = "entered"


class ZoneOut(BaseModel):
    """One zone; null is an open end."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    name: str
    low: float | None
    high: float | None


class ZoneSystemOut(BaseModel):
    """A published set of borders at the athlete's threshold."""

    id: str
    quantity: Literal["power_w", "hr_bpm", "speed_m_s"]
    threshold: Quantity
    threshold_value: float
    valid_from: date
    source: str
    is_default: bool
    zones: list[ZoneOut]


class MissingThreshold(BaseModel):
    """A threshold that zones of the sport need and that is not known on the day."""

    threshold: Quantity
    systems: list[str]


class Zones(BaseModel):
    """Zones of a sport as they were on a day."""

    sport: str
    on: date
    systems: list[ZoneSystemOut]
    missing: list[MissingThreshold]
    changed_on: list[date] = Field(description="Days on which a threshold of the sport changed, oldest first.")
