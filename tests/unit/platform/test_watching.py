"""Watching what changes: one message is held, the same is not sent twice, and a failed reading is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from topform.core.errors import DatabaseUnavailableError
from topform.core.ids import AthleteId
from topform.platform.database import Database
from topform.platform.events import EventHub
from topform.platform.watching import Watched, Watcher

PATIENCE_S = 60.0


async def test_a_slow_client_holds_one_message_and_gets_nothing_twice() -> None:
    watcher = Watcher(AthleteId(uuid4()))
    for number in range(1000):
        watcher.offer(f"at {number}", kind="room", content=f"count {number // 500}")
    async with asyncio.timeout(PATIENCE_S):
        assert await watcher.next() == "at 999"
        watcher.offer("at 1000", kind="room", content="count 1")
        watcher.offer("other", kind="board")
        assert await watcher.next() == "other"
        watcher.end()
        assert await watcher.next() is None


async def test_watching_goes_on_after_the_database_was_away() -> None:
    readings: list[int] = []

    async def refresh(thing_id: UUID, watchers: Sequence[Watcher]) -> None:
        readings.append(len(watchers))
        if len(readings) == 1:
            raise DatabaseUnavailableError("away", remedy="wait")
        for watcher in watchers:
            watcher.offer(f"{thing_id}: {len(readings)}")

    database = Database("postgresql://nobody@127.0.0.1:1/nowhere")
    things: Watched[Watcher] = Watched(
        EventHub(database), name="thing", topics=lambda thing_id: (str(thing_id),), refresh=refresh
    )
    thing_id = uuid4()
    watchers = [things.enter(thing_id, Watcher(AthleteId(uuid4()))) for _ in range(2)]
    async with asyncio.timeout(PATIENCE_S):
        for watcher in watchers:
            assert await watcher.next() == f"{thing_id}: 2"
    # Both were served by one reading.
    assert readings[:2] == [2, 2]
    for watcher in watchers:
        watcher.close()
    await database.close()
