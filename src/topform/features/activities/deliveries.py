"""What a service delivered: handed in like an upload, and removed when the athlete wants it gone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities import service
from topform.features.activities.delivery_repository import DeliveryRepository
from topform.features.activities.importing import ActivityImport
from topform.features.activities.removal import remove_objects
from topform.features.activities.repository import ActivityRepository
from topform.platform.web.resources import Resources


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
