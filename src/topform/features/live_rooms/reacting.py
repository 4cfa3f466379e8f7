"""What happens in rooms because of what happens elsewhere, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.coaches.public import COACHING_CHANGED
from topform.features.community.public import CLUB_CHANGED, CLUB_DELETED, RELATIONS_CHANGED
from topform.features.live_rooms.events import room_topic
from topform.features.live_rooms.repository import DoorRepository, RoomRepository
from topform.features.readiness.public import READINESS_CHANGED, red_flag_is_set
from topform.platform.events import announce

DOORS: Final = frozenset({RELATIONS_CHANGED, CLUB_CHANGED, CLUB_DELETED, COACHING_CHANGED, "athlete.updated"})
"""Events after which somebody may have come into a room's reach, or out of it."""


async def keep_rooms(session: AsyncSession, published: Sequence[tuple[UUID, str]]) -> None:
    """Have rooms looked at again whose people's relations changed, and hide what an unwell athlete showed."""
    moved = {athlete for athlete, event in published if event in DOORS}
    changed: set[UUID] = set()
    if moved:
        doors = DoorRepository(session)
        changed.update(await doors.rooms_of(moved))
        left = {athlete for athlete, event in published if event == RELATIONS_CHANGED}
        if changed and left:
            await doors.forget_who_left(left)
    for athlete in sorted({athlete for athlete, event in published if event == READINESS_CHANGED}):
        if await red_flag_is_set(session, AthleteId(athlete)):
            changed.update(await RoomRepository(session).hide_values(athlete))
    for room_id in sorted(changed):
        await announce(session, room_topic(room_id))
