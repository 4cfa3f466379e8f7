"""Recordings of activities for features that look at the samples themselves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.activity import Streams
from topform.core.ids import AthleteId
from topform.features.activities.repository import ActivityRepository
from topform.platform.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class RecordedLeg:
    """A leg and where its samples are."""

    activity_id: UUID
    leg: int
    sport: str
    started_at: datetime
    utc_offset_s: int | None
    local_date: date
    restricted_by: str | None
    changed_at: datetime
    streams_key: str

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment of the leg, where it was recorded; that of the start where this is not known."""
        if self.utc_offset_s is None:
            return self.local_date
        return (moment + timedelta(seconds=self.utc_offset_s)).date()


async def activity_changes(session: AsyncSession, athlete_id: AthleteId) -> dict[UUID, datetime]:
    """Return when each activity of an athlete last changed, newest activity first."""
    return await ActivityRepository(session).changes(athlete_id)


async def recorded_legs(session: AsyncSession, athlete_id: AthleteId, activity_id: UUID) -> list[RecordedLeg]:
    """Return the legs of an athlete's own activity; none when it is gone."""
    activities = ActivityRepository(session)
    row = await activities.visible(athlete_id, activity_id)
    if row is None:
        return []
    return [
        RecordedLeg(
            activity_id=activity_id,
            leg=leg.leg,
            sport=leg.sport,
            started_at=leg.started_at,
            utc_offset_s=row.utc_offset_s,
            local_date=row.local_date,
            restricted_by=row.restricted_by,
            changed_at=row.updated_at,
            streams_key=row.streams_key,
        )
        for leg in await activities.legs(athlete_id, activity_id)
    ]


async def recorded_streams(store: ObjectStore, leg: RecordedLeg) -> Streams:
    """Read all samples of a leg, off the event loop."""
    content = await store.get(leg.streams_key)
    return await asyncio.to_thread(_decoded, content, leg.leg)


def _decoded(content: bytes, leg: int) -> Streams:
    from topform.features.activities.streams import decode_streams

    return decode_streams(content, leg=leg).streams
