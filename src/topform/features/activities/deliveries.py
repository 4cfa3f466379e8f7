"""What a service delivered: handed in like an upload, and removed when the athlete wants it gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities import service
from topform.features.activities.importing import ActivityImport
from topform.features.activities.removal import remove_objects
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.tables import ActivityRow, ActivitySourceRow
from topform.features.athletes.public import visible_to
from topform.platform.web.resources import Resources


class DeliveryRepository:
    """Files by the service that delivered them, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def activities_of(self, viewer: AthleteId, provider: str) -> list[UUID]:
        """Return the activities with a file from the service."""
        query = (
            select(ActivitySourceRow.activity_id)
            .where(visible_to(viewer, ActivitySourceRow), ActivitySourceRow.provider == provider)
            .distinct()
        )
        return list((await self._session.execute(query)).scalars())

    async def days_of(self, viewer: AthleteId, activity_ids: Sequence[UUID]) -> list[date]:
        """Return the days of these activities."""
        query = select(ActivityRow.local_date).where(ActivityRow.id.in_(activity_ids), visible_to(viewer, ActivityRow))
        return list((await self._session.execute(query)).scalars())

    async def promote(self, viewer: AthleteId, source_id: UUID) -> None:
        """Make a file the primary one; the activity must have none."""
        await self._session.execute(
            update(ActivitySourceRow)
            .where(ActivitySourceRow.id == source_id, visible_to(viewer, ActivitySourceRow))
            .values(is_primary=True)
        )

    async def remove_sources(self, viewer: AthleteId, activity_id: UUID, provider: str) -> list[str]:
        """Delete the service's files that are not primary and return the keys of their objects."""
        query = (
            delete(ActivitySourceRow)
            .where(
                ActivitySourceRow.activity_id == activity_id,
                visible_to(viewer, ActivitySourceRow),
                ActivitySourceRow.provider == provider,
                ActivitySourceRow.is_primary.is_(False),
            )
            .returning(ActivitySourceRow.object_key)
        )
        return list((await self._session.execute(query)).scalars())


async def remove_delivered(resources: Resources, athlete_id: AthleteId, provider: str) -> None:
    """Delete what a service delivered: activities that nothing else tells of go, others keep their other files.

    Each activity is a transaction of its own; done again after a crash it finishes what is left.
    """
    async with resources.database.transaction() as session:
        activity_ids = await DeliveryRepository(session).activities_of(athlete_id, provider)
    for activity_id in activity_ids:
        if await _hand_over(resources, athlete_id, activity_id, provider):
            await ActivityImport(resources, athlete_id).recompute(activity_id)
        async with resources.database.transaction() as session:
            keys = await _remove(session, athlete_id, activity_id, provider)
        await remove_objects(resources, athlete_id, keys)


async def _hand_over(resources: Resources, athlete_id: AthleteId, activity_id: UUID, provider: str) -> bool:
    """Make the best other file the primary one; True when the numbers must be computed again from it."""
    async with resources.database.transaction() as session:
        activities = ActivityRepository(session)
        await activities.lock_athlete(athlete_id)
        sources = await activities.sources(athlete_id, activity_id)
        others = [source for source in sources if source.provider != provider]
        if not others:
            return False
        if sources[0].provider == provider:
            await activities.demote_sources(athlete_id, activity_id)
            best = max(others, key=lambda source: source.quality)
            await DeliveryRepository(session).promote(athlete_id, best.id)
    return True


async def _remove(session: AsyncSession, athlete_id: AthleteId, activity_id: UUID, provider: str) -> list[str]:
    activities = ActivityRepository(session)
    await activities.lock_athlete(athlete_id)
    sources = await activities.sources(athlete_id, activity_id)
    if sources and all(source.provider == provider for source in sources):
        return await service.delete_activity(session, athlete_id, activity_id)
    return await DeliveryRepository(session).remove_sources(athlete_id, activity_id, provider)
