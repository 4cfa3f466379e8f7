"""What if: a change is tried on the plan, and stored only when it is taken."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation.what_if import what_if
from topform.core.documents import plain
from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.plans.adapting_schemas import ChangeWish, ProposalCard, WhatIf
from topform.features.plans.events import PLAN_PROPOSED
from topform.features.plans.life import life_of, local_today, locked_by_illness
from topform.features.plans.race_time import race_time_of, with_race_time
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import Plan
from topform.features.plans.tables import PlanRow
from topform.features.plans.versions import current_row, require_sound, require_unlocked, store_change
from topform.platform.events import publish


async def try_what_if(session: AsyncSession, viewer: AthleteId, plan_id: UUID, change: Any, *, now: datetime) -> WhatIf:
    """Return the plan as it is and as it would be; the race time is the one estimate, changed by the difference.

    Raises
    ------
    PlanLockedError
        If a red flag stops training.
    """
    await require_unlocked(session, viewer)
    plan, tried = await _tried(session, viewer, plan_id, change, now=now)
    tried["effect"] = with_race_time(tried["effect"], await race_time_of(session, viewer, plan))
    return WhatIf.model_validate(tried)


async def take_what_if(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, change: Any, *, now: datetime
) -> Plan:
    """Make a tried change the current plan."""
    await PlanRepository(session).lock_athlete(athlete_id)
    await require_unlocked(session, athlete_id)
    plan, tried = await _tried(session, athlete_id, plan_id, change, now=now)
    if plan.id != (await current_row(session, athlete_id)).id:
        raise ConflictError("This is not the current plan.", remedy="Try the change on the current plan.")
    today = await local_today(session, athlete_id, now)
    locked = await locked_by_illness(session, plan, today=today)
    require_sound(tried["document"], tried["request"], since=today, locked=locked)
    return await store_change(
        session,
        athlete_id,
        plan,
        request=tried["request"],
        document=tried["document"],
        code=f"what_if_{change['type']}",
        params=plain(dict(change)),
        reason="You tried this change and took it.",
        diff=tried["diff"],
        proposal_id=None,
        now=now,
    )


async def propose_what_if(
    session: AsyncSession,
    athlete_id: AthleteId,
    plan_id: UUID,
    wish: ChangeWish,
    *,
    now: datetime,
    coach_name: str | None = None,
) -> ProposalCard:
    """Store a change that an assistant, or the named coach, suggests; only the athlete's answer changes the plan."""
    repository = PlanRepository(session)
    await repository.lock_athlete(athlete_id)
    await require_unlocked(session, athlete_id)
    plan, tried = await _tried(session, athlete_id, plan_id, wish.change, now=now)
    if plan.id != (await current_row(session, athlete_id)).id:
        raise ConflictError("This is not the current plan.", remedy="Try the change on the current plan.")
    today = await local_today(session, athlete_id, now)
    locked = await locked_by_illness(session, plan, today=today)
    require_sound(tried["document"], tried["request"], since=today, locked=locked)
    who = "assistant" if coach_name is None else "coach"
    code = f"{who}_{wish.change['type']}"
    _, silenced = await life_of(session, athlete_id, plan, today=today)
    values = {
        "id": new_id(),
        "athlete_id": athlete_id,
        "plan_id": plan.id,
        "day": today,
        "code": code,
        "params": {
            **plain(dict(wish.change)),
            "why": wish.why,
            **({} if coach_name is None else {"coach": coach_name}),
        },
        "reason": f"An assistant suggests this change. It says: {wish.why}"
        if coach_name is None
        else f"{coach_name} suggests this change: {wish.why}",
        "request": tried["request"],
        "document": tried["document"],
        "diff": tried["diff"],
        "effect": with_race_time(tried["effect"], await race_time_of(session, athlete_id, plan)),
        "is_lock": False,
        "status": "open",
        "created_at": now,
        "decided_at": None,
    }
    if code in silenced or not await repository.add_proposal_once(values):
        raise ConflictError(
            "The athlete was asked about such a change today, or does not want to be asked.",
            remedy="Leave it; the athlete can make the change in the app.",
        )
    await publish(session, athlete_id, PLAN_PROPOSED, {"id": str(values["id"])})
    stored = await repository.proposals(athlete_id, status="open", limit=1)
    return ProposalCard.model_validate(stored[0])


async def _tried(
    session: AsyncSession, viewer: AthleteId, plan_id: UUID, change: Any, *, now: datetime
) -> tuple[PlanRow, dict[str, Any]]:
    plan = await PlanRepository(session).visible(viewer, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    today = await local_today(session, viewer, now)
    life, _ = await life_of(session, viewer, plan, today=today)
    tried = await asyncio.to_thread(
        what_if, plan.request, plan.document, change, today=life.today, lived=life.lived, locked=life.locked
    )
    return plan, plain(tried)
