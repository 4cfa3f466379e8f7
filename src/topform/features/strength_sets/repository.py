"""Queries over filmed sets."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.strength_sets.tables import StrengthSetRow


class StrengthSetRepository:
    """Filmed sets within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, values: dict[str, Any]) -> None:
        """Store what was said of a set; the last word counts."""
        statement = insert(StrengthSetRow).values(**values)
        renewed = {name: statement.excluded[name] for name in values if name not in ("form_check_id", "athlete_id")}
        await self._session.execute(statement.on_conflict_do_update(index_elements=["form_check_id"], set_=renewed))

    async def rated(self, viewer: AthleteId, *, lock: bool = False) -> list[StrengthSetRow]:
        """Return the sets that the athlete rated, oldest first."""
        query = select(StrengthSetRow).where(visible_to(viewer, StrengthSetRow), StrengthSetRow.rpe_cr10.is_not(None))
        query = query.order_by(StrengthSetRow.performed_on, StrengthSetRow.form_check_id)
        return list((await self._session.execute(query.with_for_update() if lock else query)).scalars())

    async def visible(self, viewer: AthleteId, form_check_id: UUID) -> StrengthSetRow | None:
        """Return what was said of a set."""
        query = select(StrengthSetRow).where(
            visible_to(viewer, StrengthSetRow), StrengthSetRow.form_check_id == form_check_id
        )
        query = query.execution_options(populate_existing=True)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def with_load(self, viewer: AthleteId, *, first: date | None, last: date | None) -> list[StrengthSetRow]:
        """Return the sets of some days that have a load, oldest first."""
        query = select(StrengthSetRow).where(visible_to(viewer, StrengthSetRow), StrengthSetRow.load_au.is_not(None))
        if first is not None:
            query = query.where(StrengthSetRow.performed_on >= first)
        if last is not None:
            query = query.where(StrengthSetRow.performed_on <= last)
        query = query.order_by(StrengthSetRow.performed_on, StrengthSetRow.form_check_id)
        return list((await self._session.execute(query)).scalars())
