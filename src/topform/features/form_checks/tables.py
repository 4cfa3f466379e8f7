"""Tables of form checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class FormCheckRow(AthleteOwned, Base):
    """An analysed set; the filmed original is not kept."""

    __tablename__ = "form_checks"
    __table_args__ = (Index("ix_form_checks_athlete_id_created_at_id", "athlete_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exercise: Mapped[str]
    file_name: Mapped[str]
    rep_count: Mapped[int]
    form_decision: Mapped[str]
    duration_s: Mapped[float]
    document: Mapped[dict[str, Any]]
    video_key: Mapped[str | None]
    video_bytes: Mapped[int | None]
    thumbnail_key: Mapped[str | None]
    created_at: Mapped[datetime]
