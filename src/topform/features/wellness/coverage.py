"""On which days a source has something to say."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.wellness.repository import WellnessRepository


async def source_days(
    session: AsyncSession, viewer: AthleteId, source: str, *, first: date, last: date
) -> dict[date, int]:
    """Return the days on which the source has values, with their number."""
    return await WellnessRepository(session).days_of(viewer, source, first=first, last=last)
