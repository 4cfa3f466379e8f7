"""Events: nothing is missed, nothing comes twice, nobody's memory grows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from topform.core.clock import FixedClock
from topform.platform import events as events_module
from topform.platform.database import Database
from topform.platform.events import (
    BACKLOG_LIMIT,
    QUEUE_SIZE,
    Event,
    EventHub,
    Subscription,
    cursor_of,
    publish,
    purge_events,
)


@pytest.fixture
async def hub(database: Database) -> AsyncIterator[EventHub]:
    async with EventHub(database) as running:
        yield running


async def publish_one(database: Database, athlete_id: UUID, number: int) -> int:
    async with database.transaction() as session:
        return await publish(session, athlete_id, "job.updated", {"number": number})


async def publish_many(database: Database, athlete_id: UUID, count: int) -> None:
    async with database.transaction() as session:
        for number in range(count):
            await publish(session, athlete_id, "job.updated", {"number": number})


async def take(subscription: Subscription, count: int, *, patience_s: float = 60.0) -> list[Event]:
    async with asyncio.timeout(patience_s):
        return [await anext(subscription) for _ in range(count)]


async def nothing_comes(subscription: Subscription) -> bool:
    try:
        await asyncio.wait_for(anext(subscription), timeout=0.3)
    except TimeoutError:
        return True
    return False


async def test_an_event_arrives_when_its_transaction_commits_and_not_before(database: Database, hub: EventHub) -> None:
    athlete = uuid4()
    async with hub.subscribe(athlete, after_id=0) as subscription:
        async with database.transaction() as session:
            await publish(session, athlete, "activity.created", {"id": "a1"})
            assert await nothing_comes(subscription)
        (event,) = await take(subscription, 1)
    assert (event.type, event.data, event.athlete_id) == ("activity.created", {"id": "a1"}, athlete)


async def test_a_rolled_back_transaction_sends_nothing(database: Database, hub: EventHub) -> None:
    athlete = uuid4()
    async with hub.subscribe(athlete, after_id=0) as subscription:
        with pytest.raises(RuntimeError, match="no"):
            async with database.transaction() as session:
                await publish(session, athlete, "activity.created", {})
                raise RuntimeError("no")
        assert await nothing_comes(subscription)


async def test_nobody_sees_the_events_of_another(database: Database, hub: EventHub) -> None:
    mine, theirs = uuid4(), uuid4()
    async with hub.subscribe(mine, after_id=0) as subscription:
        await publish_one(database, theirs, 1)
        await publish_one(database, mine, 2)
        (event,) = await take(subscription, 1)
        assert event.data == {"number": 2}
        assert await nothing_comes(subscription)


async def test_from_now_on_means_without_what_was(database: Database, hub: EventHub) -> None:
    athlete = uuid4()
    async with hub.subscribe(athlete, after_id=0) as witness:
        for number in (1, 2):  # the first may be read from the log, the second arrives by notification
            await publish_one(database, athlete, number)
            await take(witness, 1)
        async with hub.subscribe(athlete, after_id=None) as subscription:
            await publish_one(database, athlete, 3)
            await take(witness, 1)  # so it has arrived before the first look
            (event,) = await take(subscription, 1)
            assert event.data == {"number": 3}


async def test_all_tabs_of_one_athlete_get_every_event(database: Database, hub: EventHub) -> None:
    athlete = uuid4()
    async with hub.subscribe(athlete, after_id=0) as first, hub.subscribe(athlete, after_id=0) as second:
        assert hub.subscriber_count == 2
        await publish_many(database, athlete, 3)
        assert [e.id for e in await take(first, 3)] == [e.id for e in await take(second, 3)]
    assert hub.subscriber_count == 0


async def test_ids_become_visible_in_their_order(database: Database, hub: EventHub) -> None:
    """A later id must not commit before an earlier one of the same athlete; other athletes do not wait."""
    athlete = uuid4()
    async with hub.subscribe(athlete, after_id=0) as subscription:
        async with database.transaction() as slow:
            first = await publish(slow, athlete, "job.updated", {"number": 1})
            quick = asyncio.create_task(publish_one(database, athlete, 2))
            await asyncio.wait_for(publish_one(database, uuid4(), 3), timeout=60)
            assert await nothing_comes(subscription)
            assert not quick.done()
        second = await quick
        assert first < second
        assert [event.id for event in await take(subscription, 2)] == [first, second]


async def test_concurrent_publishers_are_seen_completely_and_in_order_by_clients_that_come_and_go(
    database: Database, hub: EventHub
) -> None:
    """The danger: id 8 commits before id 7, a client remembers 8, and 7 is lost."""
    athlete, publishers, each = uuid4(), 12, 25
    expected = publishers * each
    randomness = random.Random(20261122)

    async def publisher(number: int) -> None:
        for step in range(each):
            async with database.transaction() as session:
                await asyncio.sleep(randomness.random() * 0.003)
                await publish(session, athlete, "job.updated", {"number": number * each + step})
                await asyncio.sleep(randomness.random() * 0.01)  # the commit comes late

    async def restless_client() -> list[Event]:
        seen: list[Event] = []
        while len(seen) < expected:
            stay = randomness.randint(1, 20)
            async with hub.subscribe(athlete, after_id=seen[-1].id if seen else 0) as subscription:
                seen.extend(await take(subscription, min(stay, expected - len(seen)), patience_s=60))
        return seen

    clients = [asyncio.create_task(restless_client()) for _ in range(4)]
    await asyncio.gather(*(publisher(number) for number in range(publishers)))
    for client in clients:
        seen = await client
        ids = [event.id for event in seen]
        assert ids == sorted(set(ids))
        assert sorted(event.data["number"] for event in seen) == list(range(expected))


async def test_two_processes_share_the_events(database: Database, hub: EventHub) -> None:
    other_database = Database(database.plain_url)
    athlete = uuid4()
    async with EventHub(other_database) as other_hub, other_hub.subscribe(athlete, after_id=0) as subscription:
        event_id = await publish_one(database, athlete, 1)
        assert [event.id for event in await take(subscription, 1)] == [event_id]
    await other_database.close()


async def test_a_client_that_does_not_read_is_told_to_fetch_again_and_goes_on(
    database: Database, hub: EventHub
) -> None:
    athlete = uuid4()
    async with hub.subscribe(athlete, after_id=0) as subscription:
        first = await publish_one(database, athlete, -1)
        assert [event.id for event in await take(subscription, 1)] == [first]
        await publish_many(database, athlete, QUEUE_SIZE + 50)
        async with asyncio.timeout(60):
            while not subscription._has_lagged:  # noqa: ASYNC110 - the client's code must not run here
                await asyncio.sleep(0.01)
        assert len(subscription._queue) == 0
        (resync,) = await take(subscription, 1)
        assert resync.is_resync
        async with database.transaction() as session:
            assert resync.id == await cursor_of(session, athlete)
        after = await publish_one(database, athlete, 1)
        assert [event.id for event in await take(subscription, 1)] == [after]


async def test_a_cursor_far_behind_gets_one_resync_instead_of_everything(database: Database, hub: EventHub) -> None:
    athlete = uuid4()
    await publish_many(database, athlete, BACKLOG_LIMIT + 1)
    async with hub.subscribe(athlete, after_id=0) as subscription:
        (event,) = await take(subscription, 1)
        assert event.is_resync
        assert await nothing_comes(subscription)


async def test_late_news_of_what_a_client_already_knows_is_no_reason_to_fetch_again(
    database: Database, hub: EventHub
) -> None:
    athlete = uuid4()
    await publish_many(database, athlete, QUEUE_SIZE + 1)
    known = await hub.events_after(athlete, 0)
    assert known is not None
    async with hub.subscribe(athlete, after_id=known[-1].id) as subscription:
        for event in known:
            subscription.offer(event)
        assert await nothing_comes(subscription)
        after = await publish_one(database, athlete, 1)
        assert [event.id for event in await take(subscription, 1)] == [after]


async def test_a_cursor_from_before_the_purge_or_from_another_database_is_told_to_fetch_again(
    database: Database, hub: EventHub
) -> None:
    athlete = uuid4()
    old = await publish_one(database, athlete, 1)
    await publish_one(database, athlete, 2)
    kept = await publish_one(database, athlete, 3)
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE events SET created_at = now() - interval '40 days' WHERE id < :kept"), {"kept": kept}
        )
    async with database.transaction() as session:
        assert await purge_events(session, clock=FixedClock(datetime.now(UTC)), kept=timedelta(days=30)) == 2
    for cursor in (old, kept + 1_000_000):
        async with hub.subscribe(athlete, after_id=cursor) as subscription:
            (event,) = await take(subscription, 1)
            assert event.is_resync
            assert event.id == kept
    async with hub.subscribe(athlete, after_id=kept - 1) as subscription:
        assert [event.id for event in await take(subscription, 1)] == [kept]


async def test_after_a_purge_of_everything_the_cursor_still_stands(database: Database) -> None:
    athlete = uuid4()
    newest = await publish_one(database, athlete, 1)
    async with database.transaction() as session:
        await purge_events(session, clock=FixedClock(datetime.now(UTC) + timedelta(days=1)), kept=timedelta(0))
        assert await cursor_of(session, athlete) == newest


async def test_a_lost_connection_loses_no_event(
    database: Database, hub: EventHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "RECONNECT_S", (0.05,))
    athlete = uuid4()
    async with hub.subscribe(athlete, after_id=0) as subscription:
        await publish_one(database, athlete, 1)
        await take(subscription, 1)
        async with database.transaction() as session:
            ended = await session.scalars(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
                )
            )
            assert list(ended) == [True]
        await publish_one(database, athlete, 2)
        assert [event.data for event in await take(subscription, 1)] == [{"number": 2}]


async def test_stopping_the_hub_ends_waiting_clients(database: Database) -> None:
    hub = EventHub(database)
    await hub.start()
    waiting = asyncio.create_task(_collect(hub.subscribe(uuid4(), after_id=0)))
    await asyncio.sleep(0.1)
    await hub.stop()
    assert await asyncio.wait_for(waiting, timeout=60) == []


async def _collect(subscription: Subscription) -> list[Event]:
    return [event async for event in subscription]


async def test_a_hub_starts_without_a_database_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "START_PATIENCE_S", 0.2)
    database = Database("postgresql://coach@127.0.0.1:1/topform")
    async with asyncio.timeout(60):
        async with EventHub(database) as hub:
            assert hub.subscriber_count == 0
    await database.close()
