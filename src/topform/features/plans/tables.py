"""Tables of plans."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class PlanRow(AthleteOwned, Base):
    """A plan as it was made; the newest is the current one."""

    __tablename__ = "plans"
    __table_args__ = (Index("ix_plans_athlete_id_created_at_id", "athlete_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
