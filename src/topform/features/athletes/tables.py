"""Tables of athletes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topform.platform.database import Base


class AthleteRow(Base):
    """A person who trains."""

    __tablename__ = "athletes"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    time_zone: Mapped[str]
    units: Mapped[str]
    language: Mapped[str]
    sex: Mapped[str | None]
    mass_kg: Mapped[float | None]
    hr_rest_bpm: Mapped[float | None]
    hr_max_bpm: Mapped[float | None]
    lthr_bpm: Mapped[float | None]
    ftp_w: Mapped[float | None]
    threshold_speed_m_s: Mapped[float | None]
    css_m_s: Mapped[float | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
