"""Whether somebody may share something with a club, and what clubs are called."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.community.club_members.repository import ClubRepository


async def club_of_member(session: AsyncSession, athlete_id: AthleteId, club_id: UUID) -> None:
    """Refuse what only members of a club may do."""
    if not await ClubRepository(session).is_member(athlete_id, club_id):
        raise NotFoundError("You are in no such club.", remedy="Choose a club that you are in.")


async def names_of_clubs(session: AsyncSession, viewer: AthleteId, club_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what clubs are called that the viewer may know of."""
    return await ClubRepository(session).names(viewer, club_ids)
