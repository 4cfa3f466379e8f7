"""Rooms in which people train together."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from topform.features.community.public import HandleInPath, UseLimits
from topform.features.live_rooms import service
from topform.features.live_rooms.schemas import (
    Cheer,
    Entry,
    Knock,
    Link,
    NewCheer,
    NewLink,
    NewRoom,
    NewState,
    OpenRoom,
    OpenRooms,
    OwnState,
    Room,
)
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/community/rooms", tags=["community"])


@router.get("")
async def list_rooms(use: Use, athlete_id: SignedInAthlete) -> OpenRooms:
    """Return the rooms that are open to you now, with who is there; what people do is seen from inside only."""
    async with use.database.transaction() as session:
        return await service.list_rooms(session, athlete_id, now=use.clock.now())


@router.post("", status_code=201)
async def open_room(new: NewRoom, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits) -> OpenRoom:
    """Open a room. You come in by saying what you show there; it is gone three hours after anybody was heard of."""
    await limits.count("room", athlete_id)
    return await once.write(
        use, athlete_id, new, lambda session, now: service.open_room(session, athlete_id, new, now=now), OpenRoom
    )


@router.get("/{room_id}")
async def get_room(room_id: UUID, use: Use, athlete_id: SignedInAthlete) -> Room:
    """Return the room you are in: who is there and what they show now.

    It comes anew whenever it changes on the WebSocket `/api/v1/community/rooms/{room_id}/live`.
    """
    async with use.database.transaction() as session:
        return await service.get_room(session, athlete_id, room_id, now=use.clock.now())


@router.delete("/{room_id}", status_code=204)
async def close_room(room_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Close your room; nothing of it remains."""
    await once.write(
        use, athlete_id, None, lambda session, now: service.close(session, athlete_id, room_id, now=now), Nothing
    )


@router.post("/{room_id}/door")
async def look_into_room(
    room_id: UUID, knock: Knock, use: Use, athlete_id: SignedInAthlete, limits: UseLimits
) -> OpenRoom:
    """Return the room that an invitation link opens, before you come in."""
    await limits.count("room", athlete_id)
    async with use.database.transaction() as session:
        return await service.look_from_outside(session, athlete_id, room_id, now=use.clock.now(), code=knock.code)


@router.put("/{room_id}/presence")
async def enter_room(
    room_id: UUID, entry: Entry, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Room:
    """Come in, saying what you show; or change that: what you show no longer is gone for everybody at once."""
    await limits.count("room", athlete_id)
    return await once.write(
        use,
        athlete_id,
        entry,
        lambda session, now: service.enter(session, athlete_id, room_id, entry, now=now),
        Room,
    )


@router.delete("/{room_id}/presence", status_code=204)
async def leave_room(room_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Leave a room."""
    await once.write(
        use, athlete_id, None, lambda session, now: service.leave(session, athlete_id, room_id, now=now), Nothing
    )


@router.put("/{room_id}/state")
async def say_room_state(
    room_id: UUID, state: NewState, use: Use, athlete_id: SignedInAthlete, limits: UseLimits
) -> OwnState:
    """Say your newest values, about once a second; also without values, every ten seconds, that you are still there.

    `seq` makes it safe to send again and out of order: the largest counts.
    """
    await limits.count("room_state", athlete_id)
    async with use.database.transaction() as session:
        return await service.say_state(session, athlete_id, room_id, state, now=use.clock.now())


@router.post("/{room_id}/cheers", status_code=201)
async def cheer_in_room(
    room_id: UUID, wish: NewCheer, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Cheer:
    """Cheer somebody in the room, or all who are there."""
    await limits.count("cheer", athlete_id)
    return await once.write(
        use,
        athlete_id,
        wish,
        lambda session, now: service.cheer(session, athlete_id, room_id, wish, now=now),
        Cheer,
    )


@router.put("/{room_id}/link")
async def make_room_link(
    room_id: UUID, wish: NewLink, use: Use, athlete_id: SignedInAthlete, limits: UseLimits
) -> Link:
    """Make an invitation link into your room. Its code is shown once and stored nowhere; the one before ends."""
    await limits.count("room", athlete_id)
    async with use.database.transaction() as session:
        return await service.make_link(session, athlete_id, room_id, minutes=wish.minutes, now=use.clock.now())


@router.delete("/{room_id}/link", status_code=204)
async def take_room_link_back(room_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """End that your link works; who came by it stays."""
    await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.take_link_back(session, athlete_id, room_id, now=now),
        Nothing,
    )


@router.delete("/{room_id}/people/{handle}", status_code=204)
async def put_out_of_room(
    room_id: UUID, handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Put somebody out of your room; they do not come in again."""
    await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.put_out(session, athlete_id, room_id, handle, now=now),
        Nothing,
    )
