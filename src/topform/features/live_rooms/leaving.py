"""Leaving all rooms at once, because an account goes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.live_rooms.repository import DoorRepository, RoomRepository
from topform.features.live_rooms.service import delete_room, tell


async def leave_all(session: AsyncSession, athlete_id: UUID) -> None:
    """Close somebody's rooms and leave those of others."""
    doors, rooms = DoorRepository(session), RoomRepository(session)
    for room_id in await doors.rooms_of([athlete_id]):
        row = await doors.room(room_id)
        if row is None:
            continue
        if row.athlete_id == athlete_id:
            await delete_room(session, row)
        elif await rooms.leave(AthleteId(athlete_id), room_id):
            await tell(session, row)
