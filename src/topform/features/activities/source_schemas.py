"""The recordings of a workout as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from topform.features.activities.merging import Quantity
from topform.features.athletes.public import PlainText

DeviceName = Annotated[str, StringConstraints(min_length=1, max_length=200), PlainText]


class SourceDetail(BaseModel):
    """One recording of the workout: what it has, and what the activity takes from it."""

    id: UUID
    file_name: str
    format: str
    size_bytes: int
    sha256: str
    device: str = Field(description="What the recording is known by: device, else service, else format.")
    provider: str | None = Field(description="The service that delivered it; null when you did.")
    is_primary: bool = Field(description="It gives the frame: sport, times, laps, lengths and sets.")
    has: list[Quantity]
    gives: list[Quantity]
    started_at: datetime | None
    elapsed_s: float | None
    shift_s: float = Field(description="How far its clock differs from the activity's. [s]")
    created_at: datetime


class ActivitySources(BaseModel):
    """The recordings of a workout and what was chosen."""

    items: list[SourceDetail]
    given_by: dict[Quantity, UUID] = Field(description="Which recording gives which quantity.")
    choice: dict[Quantity, UUID] = Field(description="What you chose for this activity; the rest follows the rules.")


class SourceChoice(BaseModel):
    """Which recording gives which quantity in this activity; a quantity left out follows the rules again."""

    model_config = ConfigDict(extra="forbid")

    choice: dict[Quantity, UUID]


class SourcePreferences(BaseModel):
    """From which devices quantities are taken in all activities, the most trusted first."""

    model_config = ConfigDict(extra="forbid")

    preferences: dict[Quantity, Annotated[list[DeviceName], Field(max_length=50)]] = {}


class RecordingDevice(BaseModel):
    """A device or service that recorded a quantity."""

    device: str
    activities: int = Field(description="In how many activities it recorded the quantity.")


class KnownSourcePreferences(BaseModel):
    """The preferred devices, and all that could be."""

    preferences: dict[Quantity, list[str]]
    devices: dict[Quantity, list[RecordingDevice]] = Field(description="What recorded a quantity, the most used first.")


class MergeWish(BaseModel):
    """Another activity that is the same workout."""

    model_config = ConfigDict(extra="forbid")

    other_id: UUID


class SplitWish(BaseModel):
    """A recording that is not of this workout."""

    model_config = ConfigDict(extra="forbid")

    source_id: UUID
