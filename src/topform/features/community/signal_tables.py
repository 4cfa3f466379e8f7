"""The table of what is unusual about efforts that others see, for moderators."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class SignalRow(AthleteOwned, Base):
    """Something unusual about an effort on a board, and what a moderator said to it; it goes with the effort."""

    __tablename__ = "community_signals"
    __table_args__ = (
        CheckConstraint("num_nonnulls(challenge_id, segment_id) = 1", name="one_place"),
        CheckConstraint("num_nonnulls(form_check_id, activity_id) = 1", name="one_effort"),
        CheckConstraint("decision IN ('fine', 'removed')", name="decision_is_known"),
        CheckConstraint("strength BETWEEN 0 AND 1", name="strength_is_a_share"),
        UniqueConstraint("athlete_id", "key"),
        Index("ix_community_signals_open", "strength", "id", postgresql_where="decided_at IS NULL"),
        Index("ix_community_signals_decided_at_id", "decided_at", "id", postgresql_where="decided_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))
    """Whose effort it is."""
    key: Mapped[str]
    """What is the same signal: nobody is asked about it twice."""
    code: Mapped[str]
    strength: Mapped[float]
    facts: Mapped[dict[str, Any]]
    """What was found, and what it was compared with."""
    name: Mapped[str | None]
    """What the segment is called; a challenge says so itself."""
    challenge_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_challenges.id", ondelete="CASCADE"), index=True
    )
    segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segments.id", ondelete="CASCADE"), index=True)
    form_check_id: Mapped[UUID | None] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    other_form_check_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("form_checks.id", ondelete="SET NULL"), index=True
    )
    """The earlier set that shows the same movement."""
    other_activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id", ondelete="SET NULL"), index=True)
    """The earlier recording that shows the same route, somebody else's."""
    effort_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    decision: Mapped[str | None]
    decision_note: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None]
