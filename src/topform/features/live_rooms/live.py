"""Rooms as they change, for those who are inside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from topform.core.ids import AthleteId
from topform.features.community.public import RELATIONS
from topform.features.live_rooms.events import room_topic
from topform.features.live_rooms.repository import RoomRepository
from topform.features.live_rooms.schemas import Room
from topform.features.live_rooms.showing import read_room, shown
from topform.platform.events import EventHub
from topform.platform.watching import Watched, Watcher
from topform.platform.web.resources import Resources

ROOM: Final = "community.room"


class LiveRooms:
    """The rooms that are watched through this process."""

    def __init__(self, resources: Resources, hub: EventHub) -> None:
        self._resources = resources
        self._rooms: Watched[Watcher] = Watched(
            hub, name="room", topics=lambda room_id: (room_topic(room_id), RELATIONS), refresh=self._refresh
        )

    def enter(self, room_id: UUID, viewer: AthleteId) -> Watcher:
        """Begin to watch a room; the first message is the room as it is now."""
        return self._rooms.enter(room_id, Watcher(viewer))

    async def _refresh(self, room_id: UUID, watchers: Sequence[Watcher]) -> None:
        """Read the room once and give each watcher theirs; whoever may not be inside any more sees nothing."""
        now = self._resources.clock.now()
        async with self._resources.database.transaction() as session:
            found = await RoomRepository(session).by_id(room_id, now=now)
            facts = None if found is None else await read_room(session, found, now=now)
        for watcher in watchers:
            if facts is None or not facts.holds(watcher.viewer):
                watcher.end()
                continue
            room = shown(facts, watcher.viewer, as_of=now)
            watcher.offer(_message(room), kind=ROOM, content=room.model_dump_json(exclude={"as_of"}))


def _message(room: Room) -> str:
    document = {"type": ROOM, "data": room.model_dump(mode="json")}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
