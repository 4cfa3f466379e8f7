"""Keeping efforts as they follow from activities and segments; done twice it gives the same.

Each activity is looked at once a version of it: which cells of the map it touches is stored, and with what was found
there. A new segment then asks only for the activities of its cells, and a new activity for the segments of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from topform.core.activity import Streams
from topform.core.ids import AthleteId
from topform.features.activities.public import RecordedLeg, activity_changes, recorded_legs, recorded_streams
from topform.features.segments.efforts import cells_of, efforts_on
from topform.features.segments.events import SEGMENTS_CHANGED
from topform.features.segments.repository import SegmentRepository
from topform.features.segments.tables import SegmentRow
from topform.platform.events import hold, publish
from topform.platform.web.resources import Resources

Report = Callable[[float], Awaitable[None]]
LOOKING: float = 0.6
"""The share of the progress that looking at new activities is given."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What looking through a history for a segment gave."""

    activities: int
    efforts: int


@dataclass(slots=True)
class SegmentMatching:
    """Matches one athlete's activities; the caller sees to it that nobody else does so at the same time."""

    resources: Resources
    athlete_id: AthleteId

    async def look_at_changed(self, report: Report | None = None) -> bool:
        """Look at all activities that arrived or changed; tell whether there is an effort more or less."""
        async with self.resources.database.transaction() as session:
            await hold(session, self.athlete_id)  # Whoever has just told of an activity commits it first.
            changes = await activity_changes(session, self.athlete_id)
            seen = await SegmentRepository(session).seen(self.athlete_id)
        waiting = [one for one, changed_at in changes.items() if seen.get(one) != changed_at]
        is_changed = False
        for place, activity_id in enumerate(waiting):
            if report is not None:
                await report(place / len(waiting))
            is_changed |= await self._look_at(activity_id)
        if is_changed:
            await self._tell()
        return is_changed

    async def fill(self, segment_id: UUID, report: Report) -> Filled:
        """Look through the whole history for one segment."""
        await self.look_at_changed(lambda done: report(LOOKING * done))
        async with self.resources.database.transaction() as session:
            kept = await SegmentRepository(session).visible(self.athlete_id, segment_id)
            if kept is None or (kept.row.athlete_id != self.athlete_id and kept.member is None):
                return Filled(0, 0)
            candidates = await SegmentRepository(session).routes_through(self.athlete_id, kept.row)
        efforts = 0
        for place, activity_id in enumerate(candidates):
            await report(LOOKING + (1 - LOOKING) * place / len(candidates))
            efforts += await self._match_one(activity_id, kept.row)
        async with self.resources.database.transaction() as session:
            now = self.resources.clock.now()
            await SegmentRepository(session).matched(self.athlete_id, segment_id, now=now)
        await self._tell()
        return Filled(len(candidates), efforts)

    async def _look_at(self, activity_id: UUID) -> bool:
        legs = await self._legs(activity_id)
        routes, efforts = [], []
        for leg in legs:
            streams = await recorded_streams(self.resources.store, leg)
            cells = await asyncio.to_thread(cells_of, streams)
            routes.append({**self._of(leg), "sport": leg.sport, "cells": cells, "seen_at": leg.changed_at})
            async with self.resources.database.transaction() as session:
                near = await SegmentRepository(session).near(self.athlete_id, sport=leg.sport, cells=cells)
            efforts += await self._efforts(near, leg, streams)
        if not legs:
            return False
        async with self.resources.database.transaction() as session:
            repository = SegmentRepository(session)
            await repository.lock(self.athlete_id)
            if not await self._is_still(session, legs):
                return False
            await repository.replace_routes(self.athlete_id, activity_id, routes)
            kept = {row.id for row in await self._still_there(repository, efforts)}
            rows = [row for row in efforts if row["segment_id"] in kept]
            return await repository.replace_efforts(self.athlete_id, activity_id, rows)

    async def _match_one(self, activity_id: UUID, segment: SegmentRow) -> int:
        """Write the efforts of an activity on a segment, and return how many there are."""
        legs = await self._legs(activity_id)
        rows: list[dict[str, Any]] = []
        for leg in legs:
            if leg.sport == segment.sport:
                rows += await self._efforts([segment], leg, await recorded_streams(self.resources.store, leg))
        async with self.resources.database.transaction() as session:
            repository = SegmentRepository(session)
            await repository.lock(self.athlete_id)
            if not legs or not await self._is_still(session, legs):
                return 0
            if await repository.visible(self.athlete_id, segment.id) is None:
                return 0
            await repository.replace_efforts(self.athlete_id, activity_id, rows, segment_id=segment.id)
        return len(rows)

    async def _efforts(
        self, segments: Sequence[SegmentRow], leg: RecordedLeg, streams: Streams
    ) -> list[dict[str, Any]]:
        if not segments:
            return []
        rows = await asyncio.to_thread(efforts_on, segments, leg, streams)
        return [{**row, "athlete_id": self.athlete_id} for row in rows]

    async def _legs(self, activity_id: UUID) -> list[RecordedLeg]:
        async with self.resources.database.transaction() as session:
            return await recorded_legs(session, self.athlete_id, activity_id)

    async def _is_still(self, session: Any, legs: Sequence[RecordedLeg]) -> bool:
        """Tell whether an activity is as it was looked at; else whoever changed it has asked for it again."""
        now = await recorded_legs(session, self.athlete_id, legs[0].activity_id)
        return bool(now) and now[0].changed_at == legs[0].changed_at

    async def _still_there(self, repository: SegmentRepository, efforts: Sequence[dict[str, Any]]) -> list[SegmentRow]:
        ids = {row["segment_id"] for row in efforts}
        found = [await repository.visible(self.athlete_id, one) for one in sorted(ids)]
        return [kept.row for kept in found if kept is not None]

    def _of(self, leg: RecordedLeg) -> dict[str, Any]:
        return {"activity_id": leg.activity_id, "leg": leg.leg, "athlete_id": self.athlete_id}

    async def _tell(self) -> None:
        async with self.resources.database.transaction() as session:
            await publish(session, self.athlete_id, SEGMENTS_CHANGED, {})
