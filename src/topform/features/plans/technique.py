"""What a form check recommends, as a question about the plan."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation import propose_technique
from topform.core.documents import plain
from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.plans.events import PLAN_PROPOSED
from topform.features.plans.life import life_of, local_today
from topform.features.plans.repository import PlanRepository
from topform.platform.events import publish


async def ask_for_technique(
    session: AsyncSession,
    athlete_id: AthleteId,
    *,
    exercise: str,
    fault: str,
    drill: str,
    next_set: str,
    now: datetime,
) -> UUID:
    """Store the proposal that an accepted recommendation asks for, and return its id; asked twice it is the same one.

    Raises
    ------
    NotFoundError
        If there is no plan, or no session with the exercise in the next days.
    ConflictError
        If the same was asked and answered today.
    """
    repository = PlanRepository(session)
    await repository.lock_athlete(athlete_id)
    plan = await repository.newest(athlete_id)
    if plan is None:
        raise NotFoundError("There is no plan that could change.", remedy="Make a plan with a goal for this exercise.")
    today = await local_today(session, athlete_id, now)
    for known in await repository.proposals(athlete_id, status=None, limit=20):
        if known.plan_id == plan.id and known.code == "poor_form" and known.day == today:
            if known.status == "open":
                return known.id
            raise ConflictError("You answered that today.", remedy="Look at the plan again tomorrow.")
    life, _ = await life_of(session, athlete_id, plan, today=today)
    proposal = await asyncio.to_thread(
        propose_technique,
        plan.request,
        plan.document,
        life,
        exercise=exercise,
        fault=fault,
        drill=drill,
        next_set=next_set,
    )
    if proposal is None:
        raise NotFoundError(
            "The next ten days of the plan hold no session with this exercise, or it was made lighter already.",
            remedy="Do the drill on its own, or make a plan for this exercise.",
        )
    values = {
        "id": new_id(),
        "athlete_id": athlete_id,
        "plan_id": plan.id,
        "day": today,
        "code": proposal.code,
        "params": plain(dict(proposal.params)),
        "reason": proposal.reason,
        "request": plain(proposal.request),
        "document": plain(proposal.document),
        "diff": plain(proposal.diff),
        "effect": plain(proposal.effect),
        "is_lock": proposal.is_lock,
        "status": "open",
        "created_at": now,
        "decided_at": None,
    }
    await repository.add_proposal_once(values)
    await publish(session, athlete_id, PLAN_PROPOSED, {"id": str(values["id"])})
    return UUID(str(values["id"]))
