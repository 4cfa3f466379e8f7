"""The one answer to "who may see this row"; every query over an athlete's rows goes through it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from topform.core.ids import AthleteId


class AthleteOwned:
    """Mixin of tables whose rows belong to an athlete and go with them."""

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))


def visible_to(viewer: AthleteId, table: type[AthleteOwned]) -> ColumnElement[bool]:
    """Return the condition under which the viewer sees a row: it is their own."""
    return table.athlete_id == viewer
