"""The event log and the hub that carries it to connected clients.

An event is a row; ``NOTIFY`` only says that there is one. Ids of one athlete become visible in the order of the ids,
so a client that remembers the last id it saw can always ask for the rest and miss nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from topform.core.clock import Clock
from topform.platform.database import PUBLISHED, Base, Database
from topform.platform.logs import get_logger
from topform.platform.outages import OUTAGES

CHANNEL = "topform_events"
TOPICS = "topform_topics"
RESYNC = "resync"
QUEUE_SIZE = 256
BACKLOG_LIMIT = 1000
START_PATIENCE_S = 3.0
RECONNECT_S = (0.1, 0.5, 1.0, 2.0, 5.0)

WRITE = text(
    """
    WITH written AS (
        INSERT INTO events (athlete_id, type, data)
        VALUES (CAST(:athlete_id AS uuid), CAST(:type AS text), CAST(:data AS jsonb)) RETURNING id, athlete_id
    )
    SELECT id, pg_notify(CAST(:channel AS text), athlete_id || ':' || id) FROM written
    """
)

log = get_logger(__name__)


class EventRow(Base):
    """One thing that happened to one athlete's data."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "athlete_id", "id"), Index(None, "created_at"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    athlete_id: Mapped[UUID]
    type: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class EventWatermark(Base):
    """How far the log has been purged; one row."""

    __tablename__ = "event_watermark"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    purged_through: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True, slots=True)
class Event:
    """An event as clients see it; type `RESYNC` means: fetch everything again, then go on from this id."""

    id: int
    athlete_id: UUID
    type: str
    data: dict[str, Any]
    text: str = field(init=False, repr=False, compare=False)
    """The message to clients, written once for all that hear the event."""

    def __post_init__(self) -> None:
        document = {"id": self.id, "type": self.type, "data": self.data}
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        object.__setattr__(self, "text", text)

    @property
    def is_resync(self) -> bool:
        """Whether events were dropped, so that the client must fetch its state again."""
        return self.type == RESYNC


async def publish(session: AsyncSession, athlete_id: UUID, type: str, data: dict[str, Any]) -> int:
    """Write an event in the caller's transaction and return its id; it is sent when the transaction commits.

    The lock is held until then, so that two transactions of one athlete cannot commit in another order than that of
    their ids. Publish late in the transaction, since the athlete's other publishers wait.
    """
    await hold(session, athlete_id)
    session.info.setdefault(PUBLISHED, []).append((athlete_id, type))
    await session.flush()
    written = await session.execute(
        WRITE, {"athlete_id": athlete_id, "type": type, "data": json.dumps(data), "channel": CHANNEL}
    )
    event_id: int = written.scalar_one()
    return event_id


async def hold(session: AsyncSession, athlete_id: UUID) -> None:
    """Have whoever publishes to the athlete wait until this transaction ends."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{CHANNEL}:{athlete_id}"}
    )


async def announce(session: AsyncSession, *topics: str) -> None:
    """Tell whoever watches topics, in any process, that they changed; sent when the transaction commits, once each."""
    for topic in topics:
        await session.execute(text("SELECT pg_notify(:channel, :topic)"), {"channel": TOPICS, "topic": topic})


async def cursor_of(session: AsyncSession, athlete_id: UUID) -> int:
    """Return the id of the athlete's newest event; read it before the state that a client is given."""
    newest = await session.scalar(select(func.max(EventRow.id)).where(EventRow.athlete_id == athlete_id))
    if newest is not None:
        return newest
    return await session.scalar(select(EventWatermark.purged_through)) or 0


async def purge_events(session: AsyncSession, *, clock: Clock, kept: timedelta) -> int:
    """Delete events older than ``kept``; clients with an older cursor are told to fetch again."""
    newest_old = await session.scalar(select(func.max(EventRow.id)).where(EventRow.created_at < clock.now() - kept))
    if newest_old is None:
        return 0
    await session.execute(
        text("UPDATE event_watermark SET purged_through = greatest(purged_through, :id)"), {"id": newest_old}
    )
    deleted = await session.execute(text("DELETE FROM events WHERE id <= :id RETURNING 1"), {"id": newest_old})
    return len(deleted.all())


@dataclass(eq=False)
class Subscription:
    """The events of one athlete after a cursor: an async iterator; leave it with ``aclose`` or ``async with``."""

    _hub: EventHub
    athlete_id: UUID
    last_id: int | None
    _queue: deque[Event] = field(default_factory=deque)
    _wakeup: asyncio.Event = field(default_factory=asyncio.Event)
    _must_catch_up: bool = True
    _has_lagged: bool = False
    _is_closed: bool = False

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        while True:
            if self._is_closed:
                raise StopAsyncIteration
            if self._has_lagged:
                return await self._resync()
            if self._must_catch_up:
                await self._catch_up()
                continue
            if self._queue:
                event = self._queue.popleft()
                if self.last_id is not None and event.id <= self.last_id:
                    continue
                self.last_id = event.id
                return event
            self._wakeup.clear()
            await self._wakeup.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End the subscription; an iteration that waits stops."""
        self._is_closed = True
        self._queue.clear()
        self._hub.forget(self)
        self._wakeup.set()

    def offer(self, event: Event) -> None:
        """Take an event from the hub; a client that does not keep up loses its queue and is told so.

        What the client knows already is left out, so that news delivered late does not fill the queue.
        """
        if self._has_lagged or (self.last_id is not None and event.id <= self.last_id):
            return
        if len(self._queue) >= QUEUE_SIZE:
            self._queue.clear()
            self._has_lagged = True
        else:
            self._queue.append(event)
        self._wakeup.set()

    def catch_up(self) -> None:
        """Have the log read from the last id, because notifications may have been lost."""
        self._must_catch_up = True
        self._wakeup.set()

    async def _resync(self) -> Event:
        self.last_id = await self._hub.newest_id(self.athlete_id)
        self._queue.clear()
        self._has_lagged = False
        # Nothing was taken while the cursor was read, so that what came after it is in the log only.
        self._must_catch_up = True
        return Event(id=self.last_id, athlete_id=self.athlete_id, type=RESYNC, data={})

    async def _catch_up(self) -> None:
        self._must_catch_up = False
        if self.last_id is None:
            newest = await self._hub.newest_id(self.athlete_id)
            # What arrived since the subscription was made is already in the queue and still to be told.
            self.last_id = min(newest, self._queue[0].id - 1) if self._queue else newest
            return
        missed = await self._hub.events_after(self.athlete_id, self.last_id)
        if missed is None:
            self._has_lagged = True
            return
        # Live events may have arrived while the log was read; both lists are ordered and the ids decide.
        live = [event for event in self._queue if not missed or event.id > missed[-1].id]
        self._queue = deque([*missed, *live])


@dataclass(eq=False)
class TopicWatch:
    """Whether any of some topics has changed: one flag, however many changes there were."""

    _hub: EventHub
    topics: tuple[str, ...]
    heard: Counter[str] = field(default_factory=Counter)
    """How often each topic was announced, or may have been while nobody listened."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def changed(self) -> None:
        """Return when something has changed since the last time."""
        await self._changed.wait()
        self._changed.clear()

    def set(self) -> None:
        """Have it looked at."""
        self._changed.set()

    def hear(self, *topics: str) -> None:
        """Note that topics were announced."""
        self.heard.update(topics)
        self.set()

    def close(self) -> None:
        """End the watch."""
        self._hub.forget_watch(self)


class EventHub:
    """One listening connection for each process, and a bounded queue for each connected client."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscriptions: dict[UUID, set[Subscription]] = {}
        self._watches: dict[str, set[TopicWatch]] = {}
        self._pending: set[int] = set()
        self._news = asyncio.Event()
        self._connected = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Begin to listen; returns when the first connection stands, or soon: clients catch up when it does."""
        self._tasks = [
            asyncio.create_task(self._listen(), name="event-hub-listen"),
            asyncio.create_task(self._deliver(), name="event-hub-deliver"),
        ]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._connected.wait(), timeout=START_PATIENCE_S)

    async def stop(self) -> None:
        """End all subscriptions and stop listening."""
        for subscription in [one for group in self._subscriptions.values() for one in group]:
            await subscription.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    @property
    def subscriber_count(self) -> int:
        """How many clients are connected to this process."""
        return sum(len(group) for group in self._subscriptions.values())

    def subscribe(self, athlete_id: UUID, after_id: int | None) -> Subscription:
        """Return the athlete's events after a cursor; None means from now on, with what is just being delivered."""
        subscription = Subscription(self, athlete_id, after_id)
        self._subscriptions.setdefault(athlete_id, set()).add(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Drop a subscription that has ended."""
        group = self._subscriptions.get(subscription.athlete_id)
        if group is not None:
            group.discard(subscription)
            if not group:
                del self._subscriptions[subscription.athlete_id]

    def watch(self, *topics: str) -> TopicWatch:
        """Return a flag that is set whenever one of the topics is announced, and when announcements may be lost."""
        watch = TopicWatch(self, topics)
        for topic in topics:
            self._watches.setdefault(topic, set()).add(watch)
        return watch

    def forget_watch(self, watch: TopicWatch) -> None:
        """Drop a watch that has ended."""
        for topic in watch.topics:
            group = self._watches.get(topic, set())
            group.discard(watch)
            if not group:
                self._watches.pop(topic, None)

    async def newest_id(self, athlete_id: UUID) -> int:
        """Return the athlete's cursor as of now."""
        async with self._database.transaction() as session:
            return await cursor_of(session, athlete_id)

    async def events_after(self, athlete_id: UUID, after_id: int) -> list[Event] | None:
        """Return the athlete's events after a cursor; None when they are too many or no longer all there."""
        async with self._database.transaction() as session:
            purged = await session.scalar(select(EventWatermark.purged_through)) or 0
            newest = await session.scalar(text("SELECT last_value FROM events_id_seq")) or 0
            if after_id < purged or after_id > newest:
                return None
            rows = await session.scalars(
                select(EventRow)
                .where(EventRow.athlete_id == athlete_id, EventRow.id > after_id)
                .order_by(EventRow.id)
                .limit(BACKLOG_LIMIT + 1)
            )
            events = [_event(row) for row in rows]
        return events if len(events) <= BACKLOG_LIMIT else None

    async def _listen(self) -> None:
        failures = 0
        while True:
            try:
                connection = await asyncpg.connect(self._database.plain_url, timeout=10)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                log.warning("event_hub_cannot_connect", failures=failures)
                await asyncio.sleep(RECONNECT_S[min(failures, len(RECONNECT_S) - 1)])
                failures += 1
                continue
            failures = 0
            lost = asyncio.Event()
            try:
                connection.add_termination_listener(lambda _connection, lost=lost: lost.set())
                await connection.add_listener(CHANNEL, self._on_notification)
                await connection.add_listener(TOPICS, self._on_topic)
                self._catch_up_all()
                self._connected.set()
                await lost.wait()
                log.warning("event_hub_connection_lost")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                log.warning("event_hub_connection_lost")
            finally:
                with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                    await connection.close(timeout=2)

    def _on_notification(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        athlete, _, event_id = payload.partition(":")
        if UUID(athlete) in self._subscriptions:
            self._pending.add(int(event_id))
            self._news.set()

    def _on_topic(self, _connection: Any, _pid: int, _channel: str, topic: str) -> None:
        for watch in self._watches.get(topic, ()):
            watch.hear(topic)

    async def _deliver(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            wanted, self._pending = self._pending, set()
            try:
                events = await self._fetch(wanted)
            except (*OUTAGES, OSError, SQLAlchemyError):
                log.warning("event_hub_cannot_read", events=len(wanted))
                self._catch_up_all()
                await asyncio.sleep(RECONNECT_S[1])
                continue
            for event in events:
                for subscription in self._subscriptions.get(event.athlete_id, set()):
                    subscription.offer(event)

    async def _fetch(self, ids: Iterable[int]) -> list[Event]:
        async with self._database.transaction() as session:
            rows = await session.scalars(select(EventRow).where(EventRow.id.in_(ids)).order_by(EventRow.id))
            return [_event(row) for row in rows]

    def _catch_up_all(self) -> None:
        for group in self._subscriptions.values():
            for subscription in group:
                subscription.catch_up()
        for topic, watches in self._watches.items():
            for watch in watches:
                watch.hear(topic)


def _event(row: EventRow) -> Event:
    return Event(id=row.id, athlete_id=row.athlete_id, type=row.type, data=row.data)
