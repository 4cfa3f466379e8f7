"""Tables of consents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class ConsentRow(AthleteOwned, Base):
    """One consent from the moment it was given to the moment it was withdrawn; rows are never deleted singly.

    A no that no yes came before is an entry of no length: withdrawn at the moment at which it was given.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", name="withdrawn_after_given"),
        Index(
            "uq_consents_athlete_id_purpose_in_force",
            "athlete_id",
            "purpose",
            unique=True,
            postgresql_where="withdrawn_at IS NULL AND is_given_here",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    text_version: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    is_given_here: Mapped[bool] = mapped_column(server_default="false")
    """Whether it was given to this server; what an imported archive brings along is history, not a consent."""
