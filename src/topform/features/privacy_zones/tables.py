"""Tables of privacy zones."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class PrivacyZoneRow(AthleteOwned, Base):
    """A circle that an athlete drew, and the larger, moved one that hides it from everybody else."""

    __tablename__ = "privacy_zones"
    __table_args__ = (CheckConstraint("radius_m > 0 AND hiding_radius_m > radius_m", name="hides_more_than_asked"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    latitude_deg: Mapped[float]
    longitude_deg: Mapped[float]
    radius_m: Mapped[float]
    hiding_latitude_deg: Mapped[float]
    hiding_longitude_deg: Mapped[float]
    hiding_radius_m: Mapped[float]
    created_at: Mapped[datetime]
