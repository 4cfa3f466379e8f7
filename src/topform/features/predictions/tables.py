"""Tables of race predictions as they were shown, and of what came."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class RacePredictionRow(AthleteOwned, Base):
    """The last prediction shown of a race on a day, with what it was made from; the race, once run, closes it."""

    __tablename__ = "race_predictions"
    __table_args__ = (
        UniqueConstraint("athlete_id", "target_date", "distance_m", name="uq_race_predictions_target"),
        Index("ix_race_predictions_outcome_date", "outcome_date", postgresql_where="outcome_s IS NOT NULL"),
        CheckConstraint("(outcome_s IS NULL) = (outcome_date IS NULL)", name="outcome_is_whole"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    made_on: Mapped[date]
    target_date: Mapped[date]
    distance_m: Mapped[float]
    predictor_version: Mapped[int]
    inputs_digest: Mapped[str]
    time_s: Mapped[float]
    low_80_s: Mapped[float]
    high_80_s: Mapped[float]
    low_90_s: Mapped[float]
    high_90_s: Mapped[float]
    baseline_s: Mapped[float | None]
    outcome_s: Mapped[float | None]
    outcome_date: Mapped[date | None]
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id", ondelete="SET NULL"))
