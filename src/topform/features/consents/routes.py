"""Reading, giving and withdrawing consent."""

from __future__ import annotations

from fastapi import APIRouter

from topform.features.consents import service
from topform.features.consents.purposes import ConsentPurpose
from topform.features.consents.schemas import Consent, ConsentChange, Consents
from topform.platform.web.idempotency import DoOnce
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/consents", tags=["privacy"])


@router.get("")
async def list_consents(use: Use, athlete_id: SignedInAthlete) -> Consents:
    """Return what you can agree to, and what you agreed to and when."""
    async with use.database.transaction() as session:
        return await service.consents_of(session, athlete_id)


@router.put("/{purpose}")
async def set_consent(
    purpose: ConsentPurpose, change: ConsentChange, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Consent:
    """Give, refuse or withdraw consent to one purpose; the ledger keeps every moment."""
    return await once.write(
        use,
        athlete_id,
        change,
        lambda session, now: service.change_consent(session, athlete_id, purpose, change, now=now),
        Consent,
    )
