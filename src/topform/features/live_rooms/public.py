"""What other features and entry points may use of rooms."""

from typing import Any
from uuid import UUID

from topform.features.live_rooms.live import LiveRooms
from topform.features.live_rooms.reacting import keep_rooms
from topform.features.live_rooms.service import is_inside
from topform.features.live_rooms.tables import LiveRoomCheerRow, LiveRoomPersonRow, LiveRoomRow
from topform.platform.personal_data import KeptFor, PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA", "LiveRooms", "is_inside", "keep_rooms"]


async def _leave_rooms(resources: Any, athlete_id: UUID) -> None:
    """Empty the places of an account that is about to go, so that the others see it at once."""
    from topform.features.live_rooms.leaving import leave_all

    async with resources.database.transaction() as session:
        await leave_all(session, athlete_id)


PRESENT = "the present of a room of this server, gone with it after hours"
PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(LiveRoomRow, left_out=PRESENT),
        PersonalTable(LiveRoomPersonRow, left_out=PRESENT),
        PersonalTable(LiveRoomCheerRow, left_out=PRESENT),
    ),
    before_erasing=_leave_rooms,
    kept_for=(KeptFor(LiveRoomRow, since="expires_at", days=0),),
)
