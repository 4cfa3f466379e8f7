"""Privacy zones as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from topform.features.athletes.public import PlainText


class NewPrivacyZone(BaseModel):
    """A circle that others must not see."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=60),
        PlainText,
        Field(examples=["Home"]),
    ]
    latitude_deg: Annotated[float, Field(ge=-89, le=89, allow_inf_nan=False, examples=[52.5163])]
    longitude_deg: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, examples=[13.3777])]
    radius_m: Annotated[float, Field(ge=100, le=5000, allow_inf_nan=False, examples=[300])]


class PrivacyZone(BaseModel):
    """A zone; only you ever get it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    latitude_deg: float
    longitude_deg: float
    radius_m: float
    created_at: datetime


class PrivacyZones(BaseModel):
    """Your zones, the oldest first."""

    items: list[PrivacyZone]
