"""Tables of privacy."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from topform.platform.database import Base


class ErasureRow(Base):
    """An account that is to be deleted; the job knows only the id, so that nothing of the person stays in the queue."""

    __tablename__ = "privacy_erasures"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), unique=True)
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime]
