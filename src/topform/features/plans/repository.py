"""Queries over plans."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.plans.tables import PlanRow


class PlanRepository:
    """Plans within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: PlanRow) -> None:
        """Store a new plan."""
        self._session.add(row)
        await self._session.flush()

    async def visible(self, viewer: AthleteId, plan_id: UUID) -> PlanRow | None:
        """Return the plan if the viewer may see it."""
        query = select(PlanRow).where(PlanRow.id == plan_id, visible_to(viewer, PlanRow))
        return (await self._session.execute(query)).scalar_one_or_none()

    async def newest(self, viewer: AthleteId) -> PlanRow | None:
        """Return the viewer's newest plan."""
        query = (
            select(PlanRow)
            .where(visible_to(viewer, PlanRow))
            .order_by(PlanRow.created_at.desc(), PlanRow.id.desc())
            .limit(1)
        )
        return (await self._session.execute(query)).scalar_one_or_none()
