"""The worker's side of rooms: what nobody uses any more goes."""

from __future__ import annotations

from procrastinate import JobContext

from topform.core.ids import AthleteId
from topform.features.live_rooms.repository import DoorRepository, RoomRepository
from topform.features.live_rooms.service import SILENT_FOR, delete_room, tell
from topform.features.live_rooms.tasks import FEATURE, TIDY
from topform.platform.jobs import Jobs, provided
from topform.platform.web.resources import Resources

jobs = Jobs(FEATURE)


@jobs.task(TIDY, cron="*/10 * * * *")
async def tidy(context: JobContext, *, timestamp: int) -> None:
    """Close rooms that are over, and forget who was not heard of for long."""
    await tidy_rooms(provided(context, Resources))


async def tidy_rooms(resources: Resources) -> int:
    """Do it now; return how many rooms were closed."""
    now = resources.clock.now()
    async with resources.database.transaction() as session:
        over = await DoorRepository(session).over(now=now)
        for room in over:
            await delete_room(session, room)
    async with resources.database.transaction() as session:
        doors, rooms = DoorRepository(session), RoomRepository(session)
        for room_id, athlete_id in await doors.silent(since=now - SILENT_FOR):
            row = await doors.room(room_id)
            if row is not None and await rooms.leave(AthleteId(athlete_id), room_id):
                await tell(session, row, athlete_id)
    return len(over)
