"""Things that change while people watch them: each process reads a thing once for all who do, a few times a second.

However many changes there are, a watcher holds one message of each kind: the newest. A message is the whole state, so
that applying it is the same as fetching again, and a client that was away misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from topform.core.ids import AthleteId
from topform.platform.events import EventHub, TopicWatch
from topform.platform.logs import get_logger
from topform.platform.outages import OUTAGES

INTERVAL_S: Final = 0.2
"""A thing is sent at most so often."""

REST: Final = 2.0
"""After a refresh that took long, there is a rest of so many times as long, so that it never takes the machine."""

LOOK_AGAIN_S: Final = 30.0
"""So often a thing is looked at without being told: who watches may have lost the right to."""

log = get_logger(__name__)


@dataclass(eq=False)
class Watcher:
    """One client that watches something; of each kind it holds the newest message and no other."""

    viewer: AthleteId
    _offered: dict[str, tuple[str, str]] = field(default_factory=dict, init=False)
    _sent: dict[str, str] = field(default_factory=dict, init=False)
    _is_over: bool = field(default=False, init=False)
    _news: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _leave: Callable[[], None] | None = field(default=None, init=False)

    async def next(self) -> str | None:
        """Return the newest message that differs from the last of its kind; None when there is nothing to see."""
        while True:
            if self._is_over:
                return None
            for kind, (message, content) in self._offered.items():
                if self._sent.get(kind) != content:
                    self._sent[kind] = content
                    return message
            self._news.clear()
            await self._news.wait()

    def offer(self, message: str, *, kind: str = "", content: str | None = None) -> None:
        """Take a message; one of its kind that was not sent yet is forgotten.

        ``content`` is what makes it differ from another, where that is not all of it.
        """
        self._offered[kind] = (message, message if content is None else content)
        self._news.set()

    def end(self) -> None:
        """Say that there is nothing to see any more."""
        self._is_over = True
        self._news.set()

    def entered(self, leave: Callable[[], None]) -> None:
        """Note how to stop watching."""
        self._leave = leave

    def close(self) -> None:
        """Stop watching."""
        if self._leave is not None:
            self._leave()


Watching = TypeVar("Watching", bound=Watcher)


class Watched(Generic[Watching]):
    """The things of one kind that are watched through this process."""

    def __init__(
        self,
        hub: EventHub,
        *,
        name: str,
        topics: Callable[[UUID], tuple[str, ...]],
        refresh: Callable[[UUID, Sequence[Watching]], Awaitable[None]],
    ) -> None:
        self._hub, self._name, self._topics, self._refresh = hub, name, topics, refresh
        self._things: dict[UUID, _Thing[Watching]] = {}

    def enter(self, thing_id: UUID, watcher: Watching) -> Watching:
        """Begin to watch a thing; the first message is the thing as it is now."""
        thing = self._things.get(thing_id)
        if thing is None:
            thing = _Thing(self._hub.watch(*self._topics(thing_id)))
            self._things[thing_id] = thing
            thing.task = asyncio.create_task(self._run(thing_id, thing), name=self._name)
        thing.watchers.add(watcher)
        watcher.entered(lambda: self._forget(thing_id, thing, watcher))
        thing.watch.set()
        return watcher

    def heard(self, thing_id: UUID, topic: str) -> int:
        """Return how often a topic of a thing that is watched was announced."""
        thing = self._things.get(thing_id)
        return 0 if thing is None else thing.watch.heard[topic]

    def _forget(self, thing_id: UUID, thing: _Thing[Watching], watcher: Watching) -> None:
        thing.watchers.discard(watcher)
        if not thing.watchers and self._things.get(thing_id) is thing:
            del self._things[thing_id]
            thing.watch.close()
            if thing.task is not None:
                thing.task.cancel()

    async def _run(self, thing_id: UUID, thing: _Thing[Watching]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(thing.watch.changed(), timeout=LOOK_AGAIN_S)
            started = loop.time()
            try:
                await self._refresh(thing_id, list(thing.watchers))
            except (*OUTAGES, OSError, SQLAlchemyError):
                log.warning("watched_thing_cannot_be_read", kind=self._name, thing=str(thing_id))
                thing.watch.set()
            took = loop.time() - started
            await asyncio.sleep(max(INTERVAL_S - took, REST * took))


@dataclass(eq=False)
class _Thing(Generic[Watching]):
    watch: TopicWatch
    watchers: set[Watching] = field(default_factory=set)
    task: asyncio.Task[None] | None = None
