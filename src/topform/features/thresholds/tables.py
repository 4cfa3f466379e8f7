"""Tables of threshold tests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned, Share
from topform.platform.database import Base


class ThresholdTestRow(AthleteOwned, Base):
    """A test that an athlete did, as it was entered, with what it says."""

    __tablename__ = "threshold_tests"
    share = Share.NUMBERS
    __table_args__ = (Index("ix_threshold_tests_athlete_id_measured_on", "athlete_id", "measured_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    protocol: Mapped[str]
    measured_on: Mapped[date]
    inputs: Mapped[dict[str, Any]]
    quantity: Mapped[str]
    value: Mapped[float]
    sd_frac: Mapped[float]
    created_at: Mapped[datetime]
