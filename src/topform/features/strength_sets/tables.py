"""Table of filmed sets."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned, Share
from topform.platform.database import Base


class StrengthSetRow(AthleteOwned, Base):
    """What the athlete said of a filmed set, and the load it gives; without a rating there is none."""

    __tablename__ = "strength_sets"
    share = Share.FORM_CHECKS
    __table_args__ = (
        Index("ix_strength_sets_athlete_id_performed_on", "athlete_id", "performed_on"),
        CheckConstraint("rpe_cr10 BETWEEN 0 AND 10", name="rpe_is_on_the_scale"),
        CheckConstraint("rir BETWEEN 0 AND 30", name="rir_is_possible"),
        CheckConstraint("external_kg BETWEEN 0 AND 600", name="external_mass_is_possible"),
    )

    form_check_id: Mapped[UUID] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"), primary_key=True)
    performed_on: Mapped[date]
    exercise: Mapped[str]
    active_s: Mapped[float]
    variant: Mapped[str | None]
    external_kg: Mapped[float | None]
    rir: Mapped[int | None] = mapped_column(Integer())
    rpe_cr10: Mapped[float | None]
    load_au: Mapped[float | None]
    updated_at: Mapped[datetime]
