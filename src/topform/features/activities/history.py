"""The stored training history, as other features read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.repository import ActivityRepository


@dataclass(frozen=True, slots=True)
class DayLoad:
    """A day with at least one activity."""

    day: date
    load_au: float
    activities: int
    without_load: int


async def daily_loads(
    session: AsyncSession, athlete_id: AthleteId, *, purpose: Purpose = Purpose.OWN_EYES
) -> list[DayLoad]:
    """Return the athlete's days with activities that may serve the purpose, oldest first."""
    return [DayLoad(*row) for row in await ActivityRepository(session).daily_loads(athlete_id, purpose=purpose)]
