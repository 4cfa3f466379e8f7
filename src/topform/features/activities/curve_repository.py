"""Queries over best-effort curves."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.tables import ActivityLegRow, ActivityRow
from topform.features.athletes.public import visible_to


class CurveRepository:
    """Stored curves within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_range(
        self, viewer: AthleteId, *, sport: str, column: str, first: date | None, last: date | None, purpose: Purpose
    ) -> list[tuple[UUID, int, date, bytes]]:
        """Return the packed curves of a column within the days, oldest first: activity, leg, day, curve."""
        curve = getattr(ActivityLegRow, column)
        query = (
            select(ActivityLegRow.activity_id, ActivityLegRow.leg, ActivityRow.local_date, curve)
            .join(ActivityRow, ActivityRow.id == ActivityLegRow.activity_id)
            .where(
                visible_to(viewer, ActivityLegRow, purpose=purpose),
                # Of the same athlete, as the legs are: said so that the index over the athlete's days is used.
                visible_to(viewer, ActivityRow, purpose=purpose),
                ActivityLegRow.sport == sport,
                curve.is_not(None),
            )
            .order_by(ActivityRow.local_date, ActivityLegRow.activity_id, ActivityLegRow.leg)
        )
        if first is not None:
            query = query.where(ActivityRow.local_date >= first)
        if last is not None:
            query = query.where(ActivityRow.local_date <= last)
        return [tuple(row) for row in await self._session.execute(query)]
