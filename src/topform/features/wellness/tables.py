"""Tables of daily values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned, Share
from topform.platform.database import Base


class WellnessValueRow(AthleteOwned, Base):
    """What one source says about one metric of one day; the unit is the metric's."""

    __tablename__ = "wellness_values"
    share = Share.NUMBERS
    __table_args__ = (Index("ix_wellness_values_athlete_id_local_date", "athlete_id", "local_date"),)

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    local_date: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]
    measured_at: Mapped[datetime | None]
    device: Mapped[str | None]
    updated_at: Mapped[datetime]


class WellnessPriorityRow(AthleteOwned, Base):
    """The order in which an athlete trusts the sources of one metric."""

    __tablename__ = "wellness_priorities"
    share = Share.NUMBERS

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    sources: Mapped[list[Any]]
    updated_at: Mapped[datetime]
