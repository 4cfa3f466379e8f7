"""Which challenge somebody looks at, and how far it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.community.challenge_tables import ChallengeRow
from topform.features.community.challenges.efforts import window_of
from topform.features.community.challenges.repository import ChallengeRepository, Seen
from topform.features.community.challenges.schemas import State

ZONE_DAYS: Final = 1
"""Somewhere on Earth it is still yesterday, or tomorrow already."""


async def visible_challenge(session: AsyncSession, viewer: AthleteId, challenge_id: UUID) -> Seen:
    """Return a challenge that the viewer may see."""
    seen = await ChallengeRepository(session).visible(viewer, challenge_id)
    if seen is None:
        raise NotFoundError("There is no such challenge.")
    return seen


def state_of(row: ChallengeRow, now: datetime) -> State:
    """Return how far a challenge is; it is open from when its first day begins anywhere until its last ends everywhere.

    What arrives in the days after that still counts, then nothing is added any more.
    """
    if now.date() + timedelta(days=ZONE_DAYS) < row.first_day:
        return "upcoming"
    if row.last_day >= ended_before(now):
        return "open"
    return "late" if now < window_of(row).late_until else "settled"


def ended_before(now: datetime) -> date:
    """Return the day on which no place on Earth has still what lies before it."""
    return now.date() - timedelta(days=ZONE_DAYS)
