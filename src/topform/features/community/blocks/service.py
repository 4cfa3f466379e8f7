"""Who has parted from whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.community.club_members.leaving import part_in_clubs
from topform.features.community.posts.parting import part_in_posts
from topform.features.community.relations.repository import RelationRepository
from topform.features.community.relations.schemas import People, Person
from topform.features.community.relations.service import person_of, tell
from topform.platform.web.idempotency import Nothing


async def blocked(session: AsyncSession, viewer: AthleteId) -> People:
    """Return whom the viewer blocks."""
    rows = await RelationRepository(session).blocked(viewer)
    return People(items=[Person(handle=row.handle, name=row.name) for row in rows])


async def block(session: AsyncSession, athlete_id: AthleteId, handle: str, *, now: datetime) -> Nothing:
    """Part from a person: neither sees the other, no following remains, nor what each said below the other's posts."""
    known = await person_of(session, athlete_id, handle)
    if known.row.athlete_id == athlete_id:
        raise InvalidInputError("You cannot block yourself.", remedy="Block somebody else.")
    await RelationRepository(session).block(athlete_id, known.row.athlete_id, now=now)
    await part_in_posts(session, athlete_id, known.row.athlete_id)
    await part_in_clubs(session, athlete_id, known.row.athlete_id)
    await tell(session, athlete_id, known.row.athlete_id)
    return Nothing()


async def unblock(session: AsyncSession, athlete_id: AthleteId, handle: str) -> Nothing:
    """Take a block back; following has to be asked for anew."""
    relations = RelationRepository(session)
    parted = [row.athlete_id for row in await relations.blocked(athlete_id) if row.handle == handle]
    if not await relations.unblock(athlete_id, handle):
        raise NotFoundError("You do not block such a person.")
    await tell(session, athlete_id, *parted)
    return Nothing()
