"""The one answer to "who may see this row"; every query over an athlete's rows goes through it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, and_
from sqlalchemy.orm import Mapped, mapped_column

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose


class AthleteOwned:
    """Mixin of tables whose rows belong to an athlete and go with them."""

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))


class Tagged:
    """Mixin of tables whose values may come from a source that restricts their use."""

    restricted_by: Mapped[str | None]
    """The source whose terms keep the row for its owner's eyes; None when it may be used freely."""


def visible_to(
    viewer: AthleteId, table: type[AthleteOwned], *, purpose: Purpose = Purpose.OWN_EYES
) -> ColumnElement[bool]:
    """Return the condition under which the viewer gets a row: it is their own, and its source allows the purpose."""
    is_own = table.athlete_id == viewer
    allowed = usable_for(purpose, table)
    return is_own if allowed is None else and_(is_own, allowed)


def usable_for(purpose: Purpose, table: type[AthleteOwned]) -> ColumnElement[bool] | None:
    """Return the condition under which a row's source allows the purpose; None when nothing restricts it."""
    if purpose.takes_restricted or not issubclass(table, Tagged):
        return None
    return table.restricted_by.is_(None)
