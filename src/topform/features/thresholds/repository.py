"""Queries over threshold tests."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.thresholds.tables import ThresholdTestRow


class ThresholdTestRepository:
    """Tests within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: ThresholdTestRow) -> None:
        """Store a test."""
        self._session.add(row)
        await self._session.flush()

    async def all(self, viewer: AthleteId) -> list[ThresholdTestRow]:
        """Return the athlete's tests, oldest first."""
        query = (
            select(ThresholdTestRow)
            .where(visible_to(viewer, ThresholdTestRow))
            .order_by(ThresholdTestRow.measured_on, ThresholdTestRow.id)
        )
        return list((await self._session.execute(query)).scalars())

    async def remove(self, viewer: AthleteId, test_id: UUID) -> bool:
        """Delete a test; False when there is none."""
        removed = await self._session.execute(
            delete(ThresholdTestRow)
            .where(ThresholdTestRow.id == test_id, visible_to(viewer, ThresholdTestRow))
            .returning(ThresholdTestRow.id)
        )
        return removed.scalar_one_or_none() is not None
