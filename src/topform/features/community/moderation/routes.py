"""Reports, what was taken away, and appeals."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from topform.features.community.limits import UseLimits
from topform.features.community.moderation import appeals, service
from topform.features.community.moderation.appeal_schemas import (
    Appeal,
    AppealAnswer,
    AppealPage,
    NewAppeal,
    Removal,
    RemovalPage,
)
from topform.features.community.moderation.schemas import ReportDecision, ReportedThing, ReportPage
from topform.platform.web.idempotency import DoOnce
from topform.platform.web.identity import Moderator, SignedInAthlete
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.resources import Use

router = APIRouter(prefix="/community", tags=["community"])


@router.get("/reports")
async def list_community_reports(
    use: Use,
    _moderator: Moderator,
    decided: Annotated[bool, Query(description="The decided ones instead of the open ones.")] = False,
    cursor: CursorParameter = None,
    limit: Limit = 50,
) -> ReportPage:
    """Return what was reported, oldest first; for moderators."""
    async with use.database.reading() as session:
        return await service.reports(session, decided=decided, cursor=cursor, limit=limit)


@router.put("/reports/{report_id}")
async def decide_community_report(
    report_id: UUID, decision: ReportDecision, use: Use, moderator: Moderator, once: DoOnce
) -> ReportedThing:
    """Keep or remove what was reported, with a reason; all open reports of the same thing are decided with it."""
    return await once.write(
        use,
        moderator,
        decision,
        lambda session, now: service.decide(session, moderator, report_id, decision, now=now),
        ReportedThing,
    )


@router.get("/removals")
async def list_community_removals(
    use: Use, athlete_id: SignedInAthlete, cursor: CursorParameter = None, limit: Limit = 50
) -> RemovalPage:
    """Return what was taken away from you, why, and whether you can appeal, the latest first."""
    async with use.database.reading() as session:
        return await appeals.removals(session, athlete_id, cursor=cursor, limit=limit)


@router.put("/removals/{removal_id}/appeal")
async def appeal_community_removal(
    removal_id: UUID, new: NewAppeal, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Removal:
    """Say once why something of yours should come back; another moderator than who decided looks at it."""
    await limits.count("report", athlete_id)
    return await once.write(
        use,
        athlete_id,
        new,
        lambda session, now: appeals.appeal(session, athlete_id, removal_id, new, now=now),
        Removal,
    )


@router.get("/appeals")
async def list_community_appeals(
    use: Use,
    moderator: Moderator,
    answered: Annotated[bool, Query(description="The answered ones instead of the open ones.")] = False,
    cursor: CursorParameter = None,
    limit: Limit = 50,
) -> AppealPage:
    """Return appeals, oldest first; for moderators."""
    async with use.database.reading() as session:
        return await appeals.appeals(session, moderator, answered=answered, cursor=cursor, limit=limit)


@router.put("/appeals/{removal_id}")
async def answer_community_appeal(
    removal_id: UUID, said: AppealAnswer, use: Use, moderator: Moderator, once: DoOnce
) -> Appeal:
    """Let a decision stand, or give back what was taken away; not who decided, where another moderator can."""
    return await once.write(
        use,
        moderator,
        said,
        lambda session, now: appeals.answer_appeal(session, moderator, removal_id, said, now=now),
        Appeal,
    )
