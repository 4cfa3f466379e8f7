"""What is unusual about efforts, for moderators."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from topform.features.community.signals import service
from topform.features.community.signals.schemas import SignalDecision, SignalList, SignalOfEffort
from topform.platform.web.idempotency import DoOnce
from topform.platform.web.identity import Moderator
from topform.platform.web.pages import Limit
from topform.platform.web.resources import Use

router = APIRouter(prefix="/community/signals", tags=["community"])


@router.get("")
async def list_community_signals(
    use: Use,
    moderator: Moderator,
    decided: Annotated[bool, Query(description="The decided ones, the latest first.")] = False,
    limit: Limit = 50,
) -> SignalList:
    """Return what is unusual about efforts on boards, the strongest first; for moderators.

    Nothing follows from a signal by itself: no score changes, and nobody but moderators learns of it. There is no
    second page: decide what is there, and the next ones come.
    """
    async with use.database.reading() as session:
        return await service.signals(session, moderator, decided=decided, limit=limit)


@router.put("/{signal_id}")
async def decide_community_signal(
    signal_id: UUID, said: SignalDecision, use: Use, moderator: Moderator, once: DoOnce
) -> SignalOfEffort:
    """Call an effort fine, so that it is not raised again, or take the place off its board with a reason."""
    return await once.write(
        use,
        moderator,
        said,
        lambda session, now: service.decide(session, moderator, signal_id, said, now=now),
        SignalOfEffort,
    )
