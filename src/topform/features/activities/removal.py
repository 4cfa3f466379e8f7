"""Deleting stored objects that nothing refers to any more."""

from __future__ import annotations

from collections.abc import Sequence

from topform.core.ids import AthleteId
from topform.features.activities.repository import ActivityRepository
from topform.platform.web.resources import Resources


async def remove_objects(resources: Resources, athlete_id: AthleteId, keys: Sequence[str]) -> None:
    """Delete objects that nothing refers to any more, while no import of the athlete can begin to."""
    if not keys:
        return
    async with resources.database.transaction() as session:
        activities = ActivityRepository(session)
        await activities.lock_athlete(athlete_id)
        in_use = await activities.keys_in_use(athlete_id, keys)
        for key in keys:
            if key not in in_use:
                await resources.store.delete(key)
