"""A room as each of those inside may see it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.public import Author, PersonRow
from topform.features.live_rooms.repository import Found, Inside, RoomRepository
from topform.features.live_rooms.schemas import FIELD_OF, Audience, Cheer, OpenRoom, Room, RoomClub, RoomPerson, Shared
from topform.features.live_rooms.tables import LiveRoomCheerRow


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """All of a room, before it is decided who sees what of it."""

    found: Found
    people: Sequence[Inside]
    apart: Set[frozenset[UUID]]
    cheers: Sequence[LiveRoomCheerRow]

    def holds(self, person: UUID) -> bool:
        """Tell whether somebody is inside and may be."""
        return any(one.row.athlete_id == person for one in self.people)

    def sees(self, viewer: UUID, person: UUID) -> bool:
        """Tell whether neither blocks the other."""
        return frozenset((viewer, person)) not in self.apart


async def read_room(session: AsyncSession, found: Found, *, now: datetime) -> RoomFacts:
    """Read a room once, for all who are in it."""
    rooms = RoomRepository(session)
    people = await rooms.people([found.row.id], now=now)
    return RoomFacts(
        found=found,
        people=people,
        apart=await rooms.blocks([one.row.athlete_id for one in people]),
        cheers=await rooms.cheers(found.row.id),
    )


def shown(facts: RoomFacts, viewer: AthleteId, *, as_of: datetime) -> Room:
    """Return the room as somebody inside may see it."""
    row = facts.found.row
    seen = {one.row.athlete_id: one for one in facts.people if facts.sees(viewer, one.row.athlete_id)}
    is_yours = row.athlete_id == viewer
    link = row.code_expires_at if is_yours and row.code_expires_at is not None and row.code_expires_at > as_of else None
    return Room(
        id=row.id,
        name=row.name,
        audience=cast("Audience", row.audience),
        club=_club(facts.found),
        owner=_author(facts.found.owner),
        is_yours=is_yours,
        created_at=row.created_at,
        link_expires_at=link,
        people=[_person(one, viewer, owner=row.athlete_id) for one in seen.values()],
        cheers=[
            Cheer(
                id=cheer.id,
                by=_author(seen[cheer.athlete_id].person),
                to=None if cheer.to_id is None else _author(seen[cheer.to_id].person),
                at=cheer.created_at,
            )
            for cheer in facts.cheers
            if cheer.athlete_id in seen and (cheer.to_id is None or cheer.to_id in seen)
        ],
        as_of=as_of,
    )


def shown_from_outside(
    found: Found, viewer: AthleteId, people: Sequence[Inside], apart: Set[frozenset[UUID]]
) -> OpenRoom:
    """Return a room as somebody may see it who is not in it."""
    row = found.row
    return OpenRoom(
        id=row.id,
        name=row.name,
        audience=cast("Audience", row.audience),
        club=_club(found),
        owner=_author(found.owner),
        is_yours=row.athlete_id == viewer,
        is_inside=any(one.row.athlete_id == viewer for one in people),
        people=[_author(one.person) for one in people if frozenset((viewer, one.row.athlete_id)) not in apart],
        created_at=row.created_at,
    )


def _person(one: Inside, viewer: AthleteId, *, owner: UUID) -> RoomPerson:
    shares = [cast("Shared", share) for share in one.row.shares]
    values = {FIELD_OF[share]: getattr(one.row, FIELD_OF[share]) for share in shares}
    return RoomPerson(
        handle=one.person.handle,
        name=one.person.name,
        is_you=one.row.athlete_id == viewer,
        is_owner=one.row.athlete_id == owner,
        shares=shares,
        entered_at=one.row.entered_at,
        last_seen_at=one.row.last_seen_at,
        seq=one.row.seq,
        **values,
    )


def _club(found: Found) -> RoomClub | None:
    if found.row.club_id is None or found.club_name is None:
        return None
    return RoomClub(id=found.row.club_id, name=found.club_name)


def _author(person: PersonRow) -> Author:
    return Author(handle=person.handle, name=person.name)
