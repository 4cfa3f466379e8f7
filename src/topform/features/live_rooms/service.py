"""Opening rooms, coming and going, what is shown, and cheers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import TooYoungError, require_may_share, require_plain_name
from topform.features.coaches.public import digest, new_code
from topform.features.community.public import Author, require_profile
from topform.features.live_rooms.events import ROOMS_CHANGED, room_topic
from topform.features.live_rooms.repository import DoorRepository, Found, Inside, RoomRepository
from topform.features.live_rooms.schemas import (
    FIELD_OF,
    Cheer,
    Entry,
    Link,
    NewCheer,
    NewRoom,
    NewState,
    OpenRoom,
    OpenRooms,
    OwnState,
    Room,
    Shared,
)
from topform.features.live_rooms.showing import RoomFacts, read_room, shown, shown_from_outside
from topform.features.live_rooms.tables import LiveRoomCheerRow, LiveRoomRow
from topform.features.readiness.public import red_flag_is_set
from topform.platform.events import announce, publish
from topform.platform.web.idempotency import Nothing

MOST_OPEN: Final = 3
MOST_ENTERED: Final = 10
MOST_PEOPLE: Final = 30
ALONE_FOR: Final = timedelta(hours=3)
"""A room in which nobody is heard of for so long is gone."""

RENEWED_AFTER: Final = timedelta(minutes=15)
"""So rarely a room's end is moved, however often people are heard of."""

LONGEST: Final = timedelta(hours=24)
SILENT_FOR: Final = timedelta(hours=1)
"""Who is not heard of for so long is not in the room any more."""

CHEERS_KEPT: Final = timedelta(minutes=10)
NOT_THERE: Final = "There is no such room, or it is not open to you."


class RoomFullError(ConflictError):
    """As many people are in the room as can be."""

    code = "room_full"


class TooManyRoomsError(ConflictError):
    """One person has opened, or is in, as many rooms as can be."""

    code = "too_many_rooms"


async def open_room(session: AsyncSession, athlete_id: AthleteId, new: NewRoom, *, now: datetime) -> OpenRoom:
    """Open a room; whoever opens it says what they show when they come in themselves."""
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    if new.name is not None:
        require_plain_name(new.name)
    rooms = RoomRepository(session)
    if new.audience in ("club", "invited"):
        await _require_grown_up(rooms, athlete_id)
    if new.club_id is not None and not await rooms.is_in_club(athlete_id, new.club_id):
        raise NotFoundError("You are in no such club.")
    if await rooms.opened(athlete_id, now=now) >= MOST_OPEN:
        raise TooManyRoomsError(f"You have {MOST_OPEN} rooms open.", remedy="Close one first.")
    row = LiveRoomRow(
        id=new_id(), athlete_id=athlete_id, created_at=now, expires_at=now + ALONE_FOR, **new.model_dump(mode="python")
    )
    await rooms.add(row)
    await tell(session, row)
    return await look_from_outside(session, athlete_id, row.id, now=now)


async def list_rooms(session: AsyncSession, viewer: AthleteId, *, now: datetime) -> OpenRooms:
    """Return the rooms that are open to somebody."""
    rooms = RoomRepository(session)
    found = await rooms.open_to(viewer, now=now)
    people = await rooms.people([one.row.id for one in found], now=now)
    apart = await rooms.blocks([viewer, *(one.row.athlete_id for one in people)])
    return OpenRooms(
        items=[
            shown_from_outside(room, viewer, [one for one in people if one.row.room_id == room.row.id], apart)
            for room in found
        ]
    )


async def look_from_outside(
    session: AsyncSession, viewer: AthleteId, room_id: UUID, *, now: datetime, code: str | None = None
) -> OpenRoom:
    """Return a room that lets somebody in, before they come in."""
    rooms = RoomRepository(session)
    found = await _found(session, viewer, room_id, now=now, code=code)
    people = await rooms.people([room_id], now=now)
    apart = await rooms.blocks([viewer, *(one.row.athlete_id for one in people)])
    return shown_from_outside(found, viewer, people, apart)


async def get_room(session: AsyncSession, viewer: AthleteId, room_id: UUID, *, now: datetime) -> Room:
    """Return the room that somebody is in."""
    return shown(await _facts(session, viewer, room_id, now=now), viewer, as_of=now)


async def enter(session: AsyncSession, athlete_id: AthleteId, room_id: UUID, wish: Entry, *, now: datetime) -> Room:
    """Come in, or change what one shows; what is shown no longer is gone for everybody at once."""
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    found = await _found(session, athlete_id, room_id, now=now, code=wish.code)
    rooms = RoomRepository(session)
    await rooms.lock(room_id)
    people = await rooms.people([room_id], now=now)
    if all(one.row.athlete_id != athlete_id for one in people):
        if len(people) >= MOST_PEOPLE:
            raise RoomFullError(f"{MOST_PEOPLE} people are in this room.", remedy="Open another one.")
        if await rooms.entered(athlete_id, now=now) >= MOST_ENTERED:
            raise TooManyRoomsError(f"You are in {MOST_ENTERED} rooms.", remedy="Leave one first.")
    wanted = [share for share in FIELD_OF if share in wish.shares]
    await rooms.enter(
        athlete_id,
        room_id,
        shares=wanted,
        text_version=wish.text_version,
        hidden=[field for share, field in FIELD_OF.items() if share not in wanted],
        is_linked=wish.code is not None,
        now=now,
    )
    await _keep_open(session, found.row, now=now)
    await tell(session, found.row)
    return await get_room(session, athlete_id, room_id, now=now)


async def leave(session: AsyncSession, athlete_id: AthleteId, room_id: UUID, *, now: datetime) -> Nothing:
    """Leave a room, which forgets what one showed."""
    row = await DoorRepository(session).room(room_id)
    if row is None or not await RoomRepository(session).leave(athlete_id, room_id):
        raise NotFoundError(NOT_THERE)
    await tell(session, row, athlete_id)
    return Nothing()


async def close(session: AsyncSession, athlete_id: AthleteId, room_id: UUID, *, now: datetime) -> Nothing:
    """Close one's own room; nothing of it remains."""
    await delete_room(session, await _own(session, athlete_id, room_id, now=now))
    return Nothing()


async def put_out(
    session: AsyncSession, athlete_id: AthleteId, room_id: UUID, handle: str, *, now: datetime
) -> Nothing:
    """Put somebody out of one's own room; they do not come in again."""
    row = await _own(session, athlete_id, room_id, now=now)
    facts = await _facts_of(session, athlete_id, room_id, now=now)
    person = _by_handle(facts, athlete_id, handle)
    if person.row.athlete_id == athlete_id:
        raise InvalidInputError("That is you.", remedy="Leave the room, or close it.")
    told = await DoorRepository(session).concerned(row)
    await RoomRepository(session).put_out(person.row.athlete_id, room_id, now=now)
    await _publish(session, row.id, told)
    return Nothing()


async def make_link(
    session: AsyncSession, athlete_id: AthleteId, room_id: UUID, *, minutes: int, now: datetime
) -> Link:
    """Make a link into one's own room; the one before works no longer."""
    row = await _own(session, athlete_id, room_id, now=now)
    await _require_grown_up(RoomRepository(session), athlete_id)
    code = new_code()
    row.code_sha256, row.code_expires_at = digest(code), now + timedelta(minutes=minutes)
    await session.flush()
    await announce(session, room_topic(room_id))
    return Link(code=code, expires_at=row.code_expires_at)


async def take_link_back(session: AsyncSession, athlete_id: AthleteId, room_id: UUID, *, now: datetime) -> Nothing:
    """End that the link works; who came by it stays."""
    row = await _own(session, athlete_id, room_id, now=now)
    row.code_sha256 = row.code_expires_at = None
    await session.flush()
    await announce(session, room_topic(room_id))
    return Nothing()


async def say_state(
    session: AsyncSession, athlete_id: AthleteId, room_id: UUID, state: NewState, *, now: datetime
) -> OwnState:
    """Put somebody's newest values in the place of the last; only what they agreed to show is kept."""
    rooms = RoomRepository(session)
    own = await rooms.inside(athlete_id, room_id, now=now)
    row = await DoorRepository(session).room(room_id)
    if own is None or row is None:
        raise NotFoundError(NOT_THERE)
    is_watching_only = await red_flag_is_set(session, athlete_id)
    shares: list[Shared] = [] if is_watching_only else [share for share in FIELD_OF if share in own.row.shares]
    values = {field: getattr(state, field) if share in shares else None for share, field in FIELD_OF.items()}
    if await rooms.say(athlete_id, room_id, seq=state.seq, values=values, now=now):
        await _keep_open(session, row, now=now)
        await announce(session, room_topic(room_id))
    return OwnState(seq=max(state.seq, own.row.seq), shares=shares, is_watching_only=is_watching_only)


async def cheer(session: AsyncSession, athlete_id: AthleteId, room_id: UUID, wish: NewCheer, *, now: datetime) -> Cheer:
    """Cheer somebody in the room, or all."""
    facts = await _facts(session, athlete_id, room_id, now=now)
    by = next(one.person for one in facts.people if one.row.athlete_id == athlete_id)
    to = None if wish.to is None else _by_handle(facts, athlete_id, wish.to).person
    if to is not None and to.athlete_id == athlete_id:
        raise InvalidInputError("You cannot cheer yourself.", remedy="Cheer somebody else.")
    row = LiveRoomCheerRow(
        id=new_id(),
        room_id=room_id,
        athlete_id=athlete_id,
        to_id=None if to is None else to.athlete_id,
        created_at=now,
    )
    rooms = RoomRepository(session)
    await rooms.add(row)
    await rooms.forget_cheers(room_id, before=now - CHEERS_KEPT)
    await announce(session, room_topic(room_id))
    return Cheer(
        id=row.id,
        by=Author(handle=by.handle, name=by.name),
        to=None if to is None else Author(handle=to.handle, name=to.name),
        at=now,
    )


async def is_inside(session: AsyncSession, viewer: AthleteId, room_id: UUID, *, now: datetime) -> bool:
    """Tell whether somebody is in a room and may be."""
    return await RoomRepository(session).inside(viewer, room_id, now=now) is not None


async def delete_room(session: AsyncSession, row: LiveRoomRow) -> None:
    """Delete a room with all that is in it, and tell those whom it concerned."""
    told = await DoorRepository(session).concerned(row)
    await RoomRepository(session).close(row.id, row.athlete_id)
    await _publish(session, row.id, told)


async def tell(session: AsyncSession, row: LiveRoomRow, *also: UUID) -> None:
    """Tell whom a room concerns that it, or who is there, has changed."""
    await _publish(session, row.id, {*also, *await DoorRepository(session).concerned(row)})


async def _publish(session: AsyncSession, room_id: UUID, people: set[UUID] | list[UUID]) -> None:
    for person in sorted(people):
        await publish(session, person, ROOMS_CHANGED, {})
    await announce(session, room_topic(room_id))


async def _found(
    session: AsyncSession, viewer: AthleteId, room_id: UUID, *, now: datetime, code: str | None = None
) -> Found:
    code_sha256 = None if code is None else digest(code)
    found = await RoomRepository(session).find(viewer, room_id, now=now, code_sha256=code_sha256)
    if found is None:
        raise NotFoundError(NOT_THERE)
    return found


async def _facts_of(session: AsyncSession, viewer: AthleteId, room_id: UUID, *, now: datetime) -> RoomFacts:
    return await read_room(session, await _found(session, viewer, room_id, now=now), now=now)


async def _facts(session: AsyncSession, viewer: AthleteId, room_id: UUID, *, now: datetime) -> RoomFacts:
    facts = await _facts_of(session, viewer, room_id, now=now)
    if not facts.holds(viewer):
        raise NotFoundError(NOT_THERE)
    return facts


async def _own(session: AsyncSession, athlete_id: AthleteId, room_id: UUID, *, now: datetime) -> LiveRoomRow:
    row = await RoomRepository(session).own(athlete_id, room_id, now=now)
    if row is None:
        raise NotFoundError("You have no such room.")
    return row


def _by_handle(facts: RoomFacts, viewer: AthleteId, handle: str) -> Inside:
    wanted = handle.strip().lower()
    for one in facts.people:
        if one.person.handle == wanted and facts.sees(viewer, one.row.athlete_id):
            return one
    raise NotFoundError("There is no such person in the room.")


async def _require_grown_up(rooms: RoomRepository, athlete_id: AthleteId) -> None:
    if await rooms.is_minor(athlete_id):
        raise TooYoungError(
            "Below 18 years rooms are for people you follow each other with, and for your coach.",
            remedy="Open the room for friends, or for your coach.",
        )


async def _keep_open(session: AsyncSession, row: LiveRoomRow, *, now: datetime) -> None:
    until = min(now + ALONE_FOR, row.created_at + LONGEST)
    if until - row.expires_at >= RENEWED_AFTER:
        await RoomRepository(session).keep_until(row.id, until)
