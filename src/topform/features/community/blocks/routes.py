"""Whom one blocks."""

from __future__ import annotations

from fastapi import APIRouter

from topform.features.community.blocks import service
from topform.features.community.relations.schemas import HandleInPath, People
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/community", tags=["community"])


@router.get("/blocks")
async def list_blocks(use: Use, athlete_id: SignedInAthlete) -> People:
    """Return whom you block."""
    async with use.database.reading() as session:
        return await service.blocked(session, athlete_id)


@router.put("/blocks/{handle}", status_code=204)
async def block_person(handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Block a person: neither of you sees the other any more, and neither follows the other.

    What each of you said below the other's posts is deleted, kudos and comments, for good.
    """
    await once.write(
        use, athlete_id, None, lambda session, now: service.block(session, athlete_id, handle, now=now), Nothing
    )


@router.delete("/blocks/{handle}", status_code=204)
async def unblock_person(handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Take a block back; following has to be asked for anew."""
    await once.write(use, athlete_id, None, lambda session, _: service.unblock(session, athlete_id, handle), Nothing)
