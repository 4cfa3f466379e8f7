"""Privacy zones of the signed-in athlete."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from topform.features.privacy_zones import service
from topform.features.privacy_zones.schemas import NewPrivacyZone, PrivacyZone, PrivacyZones
from topform.platform.web.idempotency import DoOnce
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/athletes/me/privacy-zones", tags=["privacy"])


@router.get("")
async def list_privacy_zones(use: Use, athlete_id: SignedInAthlete) -> PrivacyZones:
    """Return the circles inside which nobody else sees where you were."""
    async with use.database.transaction() as session:
        return await service.list_zones(session, athlete_id)


@router.post("", status_code=201)
async def add_privacy_zone(zone: NewPrivacyZone, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> PrivacyZone:
    """Hide a place from others, in all activities, at once.

    What is hidden is a larger circle, moved by an amount that is random but always the same: it holds your circle,
    and its centre does not give yours away.
    """
    secret = use.settings.signing_key()
    return await once.write(
        use,
        athlete_id,
        zone,
        lambda session, now: service.add_zone(session, athlete_id, zone, secret=secret, now=now),
        PrivacyZone,
    )


@router.delete("/{zone_id:uuid}", status_code=204)
async def delete_privacy_zone(zone_id: UUID, use: Use, athlete_id: SignedInAthlete) -> None:
    """Delete a privacy zone; what it hid can be seen again by those who may see the activity."""
    async with use.database.transaction() as session:
        await service.remove_zone(session, athlete_id, zone_id)
