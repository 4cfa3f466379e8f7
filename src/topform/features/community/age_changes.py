"""Who hears that somebody is younger or older than was said before: whoever meets them in the community.

Below the age for sharing nobody sees anything of them, and below the age for publishing less; once it is corrected it
is there again. That concerns who follows them or is followed, has to do with what they shared, is in a club of theirs,
or takes part in a challenge with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import AGE_CHANGED
from topform.features.community.challenges.standings_repository import StandingsRepository
from topform.features.community.club_members.leaving import TOLD_AT_MOST
from topform.features.community.club_members.repository import ClubPeopleRepository
from topform.features.community.posts.repository import PostRepository
from topform.features.community.relations.service import connected_with, profile_of, tell


async def keep_ages_told(session: AsyncSession, published: Sequence[tuple[UUID, str]]) -> None:
    """Have those look again who meet somebody for whom other rules for minors hold now."""
    for person in sorted({athlete for athlete, event in published if event == AGE_CHANGED}):
        athlete_id = AthleteId(person)
        if await profile_of(session, athlete_id) is not None:
            await tell(session, athlete_id, *await _meeting(session, athlete_id))


async def _meeting(session: AsyncSession, athlete_id: AthleteId) -> set[UUID]:
    """Return who meets somebody; of groups in which there are too many, nobody."""
    met = {
        *await connected_with(session, athlete_id),
        *await PostRepository(session).around(athlete_id, None, limit=TOLD_AT_MOST),
        *await StandingsRepository(session).competing_with(athlete_id, limit=TOLD_AT_MOST),
    }
    clubs = ClubPeopleRepository(session)
    for club_id in await clubs.clubs_of(athlete_id):
        met.update(await clubs.runners(club_id), await clubs.members(club_id, limit=TOLD_AT_MOST))
    return met
