"""Queries over the files that services delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.tables import ActivityRow, ActivitySourceRow
from topform.features.athletes.public import visible_to


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
        """Delete the service's files and return the keys of their objects."""
        query = (
            delete(ActivitySourceRow)
            .where(
                ActivitySourceRow.activity_id == activity_id,
                visible_to(viewer, ActivitySourceRow),
                ActivitySourceRow.provider == provider,
            )
            .returning(ActivitySourceRow.object_key)
        )
        return list((await self._session.execute(query)).scalars())
