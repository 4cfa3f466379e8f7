"""Tables of athletes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.visibility import AthleteOwned, Share
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
    birth_date: Mapped[date | None]
    sports: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    aim: Mapped[str | None]
    equipment: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    sex: Mapped[str | None]
    mass_kg: Mapped[float | None]
    hr_rest_bpm: Mapped[float | None]
    hr_max_bpm: Mapped[float | None]
    lthr_bpm: Mapped[float | None]
    ftp_w: Mapped[float | None]
    threshold_speed_m_s: Mapped[float | None]
    css_m_s: Mapped[float | None]
    cp_w: Mapped[float | None]
    w_prime_j: Mapped[float | None]
    run_power_watch_w: Mapped[float | None]
    run_power_foot_pod_w: Mapped[float | None]
    run_power_app_w: Mapped[float | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AthleteParameterRow(AthleteOwned, Base):
    """What was true of an athlete from a day on, until the next row of the same name."""

    __tablename__ = "athlete_parameters"
    share = Share.NUMBERS
    __table_args__ = (CheckConstraint("origin IN ('entered', 'test', 'estimate')", name="origin_is_known"),)

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[float | None]
    origin: Mapped[str]
    created_at: Mapped[datetime]
