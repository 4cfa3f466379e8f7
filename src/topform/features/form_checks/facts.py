"""What other features may know of an athlete's own form checks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.tables import FormCheckRow


async def form_check_facts(session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID) -> FormCheckRow | None:
    """Return an athlete's own form check, for who decides what of it others may see."""
    return await FormCheckRepository(session).visible(athlete_id, form_check_id)


async def form_check_ids(
    session: AsyncSession, athlete_id: AthleteId, *, exercise: str, first: datetime, last: datetime
) -> list[UUID]:
    """Return the ids of an athlete's own form checks of an exercise from a moment to before another."""
    return await FormCheckRepository(session).between(athlete_id, exercise, first, last)
