"""What a service delivered: handed in like an upload, and removed when the athlete wants it gone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities import service
from topform.features.activities.delivery_repository import DeliveryRepository
from topform.features.activities.importing import ActivityImport
from topform.features.activities.news import ImportNews
from topform.features.activities.removal import remove_objects
from topform.features.activities.repository import ActivityRepository
from topform.platform.web.resources import Resources


async def remove_delivered(resources: Resources, athlete_id: AthleteId, provider: str) -> None:
    """Delete what a service delivered: activities that nothing else tells of go, others keep their other files.

    Each activity is a transaction of its own; done again after a crash it finishes what is left.
    """
    async with resources.database.transaction() as session:
        activity_ids = await DeliveryRepository(session).activities_of(athlete_id, provider)
    importer = ActivityImport(resources, athlete_id)
    for activity_id in activity_ids:
        news = ImportNews()
        async with resources.database.transaction() as session:
            keys = await _remove(session, importer, activity_id, provider, news)
            await news.publish(session, athlete_id)
        await remove_objects(resources, athlete_id, [*keys, *news.replaced_keys])


async def _remove(
    session: AsyncSession, importer: ActivityImport, activity_id: UUID, provider: str, news: ImportNews
) -> list[str]:
    """Delete the service's files, and the activity with them or its numbers computed from what is left."""
    athlete_id = importer.athlete_id
    activities, deliveries = ActivityRepository(session), DeliveryRepository(session)
    await activities.lock_athlete(athlete_id)
    sources = await activities.sources(athlete_id, activity_id)
    others = [source for source in sources if source.provider != provider]
    if not others:
        return await service.delete_activity(session, athlete_id, activity_id) if sources else []
    keys = await deliveries.remove_sources(athlete_id, activity_id, provider)
    if not any(source.is_primary for source in others):
        await deliveries.promote(athlete_id, max(others, key=lambda source: source.quality).id)
    await importer.combine_again(session, activity_id, news)
    return keys
