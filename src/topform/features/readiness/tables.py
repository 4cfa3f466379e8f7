"""Tables of what athletes say about their health."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned, Share
from topform.platform.database import Base


class HealthReportRow(AthleteOwned, Base):
    """Symptoms, pain at one place, or signs of low energy, as the athlete reported them; cleared when they say so."""

    __tablename__ = "health_reports"
    share = Share.HEALTH_NOTES
    __table_args__ = (
        Index("ix_health_reports_athlete_id_local_date", "athlete_id", "local_date"),
        Index(
            "uq_health_reports_open_red_flag",
            "athlete_id",
            unique=True,
            postgresql_where="kind = 'red_flag' AND cleared_at IS NULL",
        ),
        CheckConstraint("kind IN ('red_flag', 'pain', 'energy')", name="kind_is_known"),
        CheckConstraint("pain_level BETWEEN 0 AND 10", name="pain_is_on_the_scale"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    local_date: Mapped[date]
    symptoms: Mapped[list[Any]]
    pain_site: Mapped[str | None]
    pain_level: Mapped[int | None]
    changes_movement: Mapped[bool]
    is_at_night: Mapped[bool]
    is_on_bone: Mapped[bool]
    created_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
