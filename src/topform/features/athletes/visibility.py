"""The one answer to "who may see this row"; every query over an athlete's rows goes through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, and_, event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.platform.database import Base

_purpose: ContextVar[Purpose] = ContextVar("purpose", default=Purpose.OWN_EYES)


class AthleteOwned:
    """Mixin of tables whose rows belong to an athlete and go with them."""

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))


class Tagged:
    """Mixin of tables whose values may come from a source that restricts their use."""

    restricted_by: Mapped[str | None] = mapped_column()
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


@contextmanager
def reading_for(purpose: Purpose) -> Iterator[None]:
    """Have every query in this context, whoever makes it, leave out rows whose source forbids the purpose."""
    token = _purpose.set(purpose)
    try:
        yield
    finally:
        _purpose.reset(token)


async def restricting_sources(session: AsyncSession, athlete_id: AthleteId) -> set[str]:
    """Return the sources that keep some of the athlete's rows for the athlete's eyes."""
    found: set[str] = set()
    for mapper in Base.registry.mappers:
        table: Any = mapper.class_
        if issubclass(table, Tagged) and issubclass(table, AthleteOwned):
            query = select(table.restricted_by).where(visible_to(athlete_id, table), table.restricted_by.is_not(None))
            found.update(await session.scalars(query.distinct()))
    return found


@event.listens_for(Session, "do_orm_execute")
def _leave_out_restricted(state: ORMExecuteState) -> None:
    if state.is_select and not _purpose.get().takes_restricted:
        criteria = with_loader_criteria(Tagged, lambda table: table.restricted_by.is_(None), include_aliases=True)
        state.statement = state.statement.options(criteria)
