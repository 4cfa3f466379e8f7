"""On which days a source has something to say."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.wellness.tables import WellnessValueRow


class CoverageRepository:
    """Counts of daily values within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def days(self, viewer: AthleteId, source: str, *, first: date, last: date) -> dict[date, int]:
        """Return how many values of the source each day has."""
        query = (
            select(WellnessValueRow.local_date, func.count())
            .where(
                visible_to(viewer, WellnessValueRow),
                WellnessValueRow.source == source,
                WellnessValueRow.local_date.between(first, last),
            )
            .group_by(WellnessValueRow.local_date)
        )
        return {day: count for day, count in await self._session.execute(query)}


async def source_days(
    session: AsyncSession, viewer: AthleteId, source: str, *, first: date, last: date
) -> dict[date, int]:
    """Return the days on which the source has values, with their number."""
    return await CoverageRepository(session).days(viewer, source, first=first, last=last)
