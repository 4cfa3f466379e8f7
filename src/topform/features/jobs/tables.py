"""Tables of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class JobRow(AthleteOwned, Base):
    """A piece of work and what its worker needs to know."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_athlete_id_created_at_id", "athlete_id", "created_at", "id"),
        CheckConstraint("state IN ('queued', 'running', 'succeeded', 'failed')", name="state_is_known"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_a_fraction"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    progress: Mapped[float]
    stage: Mapped[str | None]
    file_name: Mapped[str | None]
    input: Mapped[dict[str, Any]]
    error: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
