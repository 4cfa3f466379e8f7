"""Queries over privacy zones."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.privacy_zones.tables import PrivacyZoneRow


class PrivacyZoneRepository:
    """Privacy zones within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock_athlete(self, athlete_id: AthleteId) -> None:
        """Let changes of one athlete's zones happen one after the other."""
        await self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"zones:{athlete_id}", 0))))

    async def all_of(self, viewer: AthleteId) -> list[PrivacyZoneRow]:
        """Return the athlete's own zones, oldest first."""
        query = select(PrivacyZoneRow).where(visible_to(viewer, PrivacyZoneRow))
        return list(
            (await self._session.execute(query.order_by(PrivacyZoneRow.created_at, PrivacyZoneRow.id))).scalars()
        )

    async def for_hiding(self, athlete_id: AthleteId) -> list[tuple[float, float, float]]:
        """Return the circles that hide, while others look at the athlete's routes; they hide and are never shown."""
        query = select(
            PrivacyZoneRow.hiding_latitude_deg, PrivacyZoneRow.hiding_longitude_deg, PrivacyZoneRow.hiding_radius_m
        ).where(PrivacyZoneRow.athlete_id == athlete_id)
        return [(latitude, longitude, radius) for latitude, longitude, radius in await self._session.execute(query)]

    async def for_hiding_many(self, athlete_ids: Collection[UUID]) -> list[tuple[UUID, float, float, float]]:
        """Return the circles that hide for several athletes, each with whose it is; never shown either."""
        query = select(
            PrivacyZoneRow.athlete_id,
            PrivacyZoneRow.hiding_latitude_deg,
            PrivacyZoneRow.hiding_longitude_deg,
            PrivacyZoneRow.hiding_radius_m,
        ).where(PrivacyZoneRow.athlete_id.in_(athlete_ids))
        rows = await self._session.execute(query)
        return [(owner, latitude, longitude, radius) for owner, latitude, longitude, radius in rows]

    async def add(self, row: PrivacyZoneRow) -> None:
        """Store a zone."""
        self._session.add(row)
        await self._session.flush()

    async def remove(self, viewer: AthleteId, zone_id: UUID) -> bool:
        """Delete a zone; tell whether there was one."""
        query = delete(PrivacyZoneRow).where(visible_to(viewer, PrivacyZoneRow), PrivacyZoneRow.id == zone_id)
        return (await self._session.execute(query.returning(PrivacyZoneRow.id))).first() is not None
