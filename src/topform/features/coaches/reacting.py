"""What coaches hear because of what happens elsewhere, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import AGE_CHANGED
from topform.features.coaches.events import COACHING_CHANGED
from topform.features.coaches.repository import CoachRepository
from topform.platform.events import publish


async def keep_coaches_told(session: AsyncSession, published: Sequence[tuple[UUID, str]]) -> None:
    """Tell whoever coaches somebody, and them, that the rules for minors decide anew who sees what was granted."""
    for athlete in sorted({athlete for athlete, event in published if event == AGE_CHANGED}):
        grants = await CoachRepository(session).grants(AthleteId(athlete))
        for coach in sorted({row.coach_id for row in grants if row.accepted_at is not None and row.ended_at is None}):
            for person in (athlete, coach):
                await publish(session, person, COACHING_CHANGED, {"coach_id": str(coach)})
