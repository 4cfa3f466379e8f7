"""Drawing zones, and hiding what lies in them from everybody else."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.privacy_zones.events import PRIVACY_ZONES_CHANGED
from topform.features.privacy_zones.repository import PrivacyZoneRepository
from topform.features.privacy_zones.schemas import NewPrivacyZone, PrivacyZone, PrivacyZones
from topform.features.privacy_zones.tables import PrivacyZoneRow
from topform.platform.events import publish
from topform.science.places import Circle, hiding_circle

MOST_ZONES: Final = 20
PLACE_DECIMALS: Final = 2
"""A zone drawn again at nearly the same place is moved the same way, so that two drawings tell no more than one."""
WHOLE: Final = 2**64 - 1


async def list_zones(session: AsyncSession, athlete_id: AthleteId) -> PrivacyZones:
    """Return the athlete's zones."""
    rows = await PrivacyZoneRepository(session).all_of(athlete_id)
    return PrivacyZones(items=[PrivacyZone.model_validate(row) for row in rows])


async def add_zone(
    session: AsyncSession, athlete_id: AthleteId, zone: NewPrivacyZone, *, secret: str, now: datetime
) -> PrivacyZone:
    """Store a zone; it hides from the next answer on, also in what was recorded before."""
    repository = PrivacyZoneRepository(session)
    await repository.lock_athlete(athlete_id)
    if len(await repository.all_of(athlete_id)) >= MOST_ZONES:
        raise ConflictError(f"There are {MOST_ZONES} zones already.", remedy="Delete one first.")
    asked = Circle(zone.latitude_deg, zone.longitude_deg, zone.radius_m)
    direction, shift = _drawn(secret, athlete_id, asked)
    hiding = hiding_circle(asked, direction_frac=direction, shift_frac=shift)
    row = PrivacyZoneRow(
        id=new_id(),
        athlete_id=athlete_id,
        name=zone.name,
        latitude_deg=asked.latitude_deg,
        longitude_deg=asked.longitude_deg,
        radius_m=asked.radius_m,
        hiding_latitude_deg=hiding.latitude_deg,
        hiding_longitude_deg=hiding.longitude_deg,
        hiding_radius_m=hiding.radius_m,
        created_at=now,
    )
    await repository.add(row)
    await publish(session, athlete_id, PRIVACY_ZONES_CHANGED, {})
    return PrivacyZone.model_validate(row)


async def remove_zone(session: AsyncSession, athlete_id: AthleteId, zone_id: UUID) -> None:
    """Delete a zone."""
    if not await PrivacyZoneRepository(session).remove(athlete_id, zone_id):
        raise NotFoundError("There is no such privacy zone.")
    await publish(session, athlete_id, PRIVACY_ZONES_CHANGED, {})


async def hiding_circles(session: AsyncSession, athlete_id: AthleteId) -> list[Circle]:
    """Return the circles inside which nobody else may see where the athlete was."""
    return [Circle(*circle) for circle in await PrivacyZoneRepository(session).for_hiding(athlete_id)]


async def hiding_circles_of(session: AsyncSession, athlete_ids: Collection[UUID]) -> dict[UUID, list[Circle]]:
    """Return the same for several athletes at once; who has no zone is absent."""
    found: dict[UUID, list[Circle]] = {}
    for athlete_id, *circle in await PrivacyZoneRepository(session).for_hiding_many(athlete_ids):
        found.setdefault(athlete_id, []).append(Circle(*circle))
    return found


def _drawn(secret: str, athlete_id: AthleteId, zone: Circle) -> tuple[float, float]:
    """Return two numbers from 0 to 1 that are random to whoever lacks the secret, and the same every time."""
    place = f"{zone.latitude_deg:.{PLACE_DECIMALS}f} {zone.longitude_deg:.{PLACE_DECIMALS}f}"
    digest = hmac.digest(secret.encode(), f"privacy zone of {athlete_id} at {place}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) / WHOLE, int.from_bytes(digest[8:16]) / WHOLE
