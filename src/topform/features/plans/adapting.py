"""Proposals and their answers, and the history of every change. Nothing changes without a yes."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation import propose
from topform.coaching.adaptation.decide import CODES
from topform.coaching.adaptation.diff import compare
from topform.coaching.checker import check
from topform.coaching.request import PlanRequest
from topform.core.documents import plain
from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.activities.public import trained_since
from topform.features.consents.public import ConsentPurpose, refuse_withdrawn
from topform.features.plans.adapting_schemas import (
    Life,
    PlanChange,
    PlanHistory,
    ProposalCard,
    Proposals,
    Rejection,
    Silence,
    Told,
)
from topform.features.plans.events import PLAN_PROPOSED, PROPOSAL_DECIDED
from topform.features.plans.life import life_of, local_today, locked_by_illness, told_of
from topform.features.plans.race_time import race_time_of, with_race_time
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import Plan
from topform.features.plans.tables import PlanProposalRow
from topform.features.plans.versions import current_row, require_sound, require_unlocked, store_change
from topform.features.readiness.public import READINESS_CHANGED, red_flag_is_set
from topform.platform.events import publish
from topform.platform.happenings import Happening, happened

MOST_ITEMS = 100


async def review(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> bool:
    """Look at the athlete's plan this morning; store a proposal if one follows. Tell whether one is new."""
    repository = PlanRepository(session)
    await repository.lock_athlete(athlete_id)
    plan = await repository.newest(athlete_id)
    if plan is None:
        return False
    today = await local_today(session, athlete_id, now)
    life, silenced = await life_of(session, athlete_id, plan, today=today)
    proposal = await asyncio.to_thread(propose, plan.request, plan.document, life, silenced=silenced)
    await repository.set_life(athlete_id, {"reviewed_on": today, "reviewed_at": now}, now=now)
    if proposal is None:
        return False
    open_now = await repository.proposals(athlete_id, status="open", limit=1)
    if open_now and open_now[0].code == proposal.code and open_now[0].plan_id == plan.id:
        return False
    await repository.close_open_proposals(athlete_id, now=now)
    values: dict[str, Any] = {
        "id": new_id(),
        "athlete_id": athlete_id,
        "plan_id": plan.id,
        "day": life.today,
        "code": proposal.code,
        "params": plain(dict(proposal.params)),
        "reason": proposal.reason,
        "request": plain(proposal.request),
        "document": plain(proposal.document),
        "diff": plain(proposal.diff),
        "effect": with_race_time(plain(proposal.effect), await race_time_of(session, athlete_id, plan)),
        "is_lock": proposal.is_lock,
        "status": "open",
        "created_at": now,
        "decided_at": None,
    }
    if not await repository.add_proposal_once(values):
        return False
    await publish(session, athlete_id, PLAN_PROPOSED, {"id": str(values["id"])})
    tell_of_proposal(session, athlete_id, values["id"], now=now)
    return True


def tell_of_proposal(session: AsyncSession, athlete_id: AthleteId, proposal_id: UUID, *, now: datetime) -> None:
    """Have the athlete told that a proposal waits which they did not ask for."""
    key = f"plan_proposal:{proposal_id}"
    happened(session, Happening("plan_proposal", athlete_id, key, now, proposal_id=proposal_id))


async def is_review_due(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> bool:
    """Return whether a new day began or training arrived since the plan was last looked at."""
    repository = PlanRepository(session)
    plan = await repository.newest(athlete_id)
    if plan is None or not plan.document["days"]:
        return False
    today = await local_today(session, athlete_id, now)
    first, last = (date.fromisoformat(plan.document["days"][index]["date"]) for index in (0, -1))
    if not first <= today <= last:
        return False
    held = await repository.life(athlete_id)
    if held is None or held.reviewed_on != today or held.reviewed_at is None:
        return True
    if await trained_since(session, athlete_id, held.reviewed_at, first=first):
        return True
    return await repository.told_since(athlete_id, held.reviewed_at, first=first)


async def list_proposals(session: AsyncSession, viewer: AthleteId, *, status: str | None) -> Proposals:
    """Return proposals, newest first; while a red flag stops training, of those that wait only what takes it away."""
    rows = await PlanRepository(session).proposals(viewer, status=status, limit=MOST_ITEMS)
    is_stopped = await red_flag_is_set(session, viewer)
    shown = [row for row in rows if row.is_lock or row.status != "open" or not is_stopped]
    return Proposals(items=[ProposalCard.model_validate(row) for row in shown])


async def accept(session: AsyncSession, athlete_id: AthleteId, proposal_id: UUID, *, now: datetime) -> Plan:
    """Make a proposal the current plan, after checking it once more."""
    row = await _open_proposal(session, athlete_id, proposal_id)
    if not row.is_lock:
        await require_unlocked(session, athlete_id)
    plan = await current_row(session, athlete_id)
    if row.plan_id != plan.id:
        raise ConflictError(
            "The plan has changed since this was proposed.", remedy="Look at the newest proposals, or at the plan."
        )
    today = await local_today(session, athlete_id, now)
    require_sound(row.document, row.request, since=today, locked=await locked_by_illness(session, plan, today=today))
    row.status, row.decided_at = "accepted", now
    return await store_change(
        session,
        athlete_id,
        plan,
        request=row.request,
        document=row.document,
        code=row.code,
        params=row.params,
        reason=row.reason,
        diff=row.diff,
        proposal_id=row.id,
        now=now,
    )


async def reject(
    session: AsyncSession, athlete_id: AthleteId, proposal_id: UUID, answer: Rejection, *, now: datetime
) -> ProposalCard:
    """Leave the plan as it is, and stop asking if that is wanted."""
    row = await _open_proposal(session, athlete_id, proposal_id)
    row.status, row.decided_at = "rejected", now
    if answer.dont_ask_again:
        held = await PlanRepository(session).life(athlete_id)
        silenced = sorted({*(held.silenced if held is not None else ()), row.code})
        await PlanRepository(session).set_life(athlete_id, {"silenced": silenced}, now=now)
    await publish(session, athlete_id, PROPOSAL_DECIDED, {"id": str(row.id)})
    return ProposalCard.model_validate(row)


async def undo(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> Plan:
    """Take the last change of the current plan back; the version before becomes current again."""
    repository = PlanRepository(session)
    await repository.lock_athlete(athlete_id)
    await require_unlocked(session, athlete_id)
    plan = await current_row(session, athlete_id)
    change = await repository.change_to(athlete_id, plan.id)
    before = None if change is None else await repository.visible(athlete_id, change.before_id)
    if change is None or before is None:
        raise ConflictError("There is nothing to undo.", remedy="The plan is as it was made.")
    today = await local_today(session, athlete_id, now)
    # What is broken already is no reason against going back.
    held = check(plan.document, PlanRequest.from_dict(plan.request), since=today)
    known = {item["rule"] for item in held if item["status"] == "fail"}
    require_sound(before.document, before.request, since=today, locked=frozenset(), known=known)
    if change.proposal_id is not None:
        proposal = await repository.proposal(athlete_id, change.proposal_id)
        if proposal is not None:
            proposal.status, proposal.decided_at = "undone", now
    return await store_change(
        session,
        athlete_id,
        plan,
        request=before.request,
        document=before.document,
        code="redo" if change.code == "undo" else "undo",
        params={"code": change.code},
        reason="You made the change again." if change.code == "undo" else "You took the last change back.",
        diff=compare(plan.document, before.document, since=today),
        proposal_id=None,
        now=now,
    )


async def history(session: AsyncSession, viewer: AthleteId) -> PlanHistory:
    """Return every change of the plan, newest first."""
    rows = await PlanRepository(session).changes(viewer, limit=MOST_ITEMS)
    return PlanHistory(items=[PlanChange.model_validate(row) for row in rows])


async def get_life(session: AsyncSession, viewer: AthleteId) -> Life:
    """Return what the athlete told."""
    row = await PlanRepository(session).life(viewer)
    return Life(
        told=told_of(row),
        silenced=[] if row is None else [str(code) for code in row.silenced],
        reviewed_at=None if row is None else row.reviewed_at,
    )


async def set_told(session: AsyncSession, athlete_id: AthleteId, told: Told, *, now: datetime) -> Life:
    """Store what the athlete tells; new pain only while they do not refuse that such values are kept."""
    repository = PlanRepository(session)
    if told.painful.items() - told_of(await repository.life(athlete_id)).painful.items():
        await refuse_withdrawn(session, athlete_id, ConsentPurpose.BODY_AND_WELLNESS)
    await repository.set_life(athlete_id, {"told": told.model_dump(mode="json")}, now=now)
    await publish(session, athlete_id, READINESS_CHANGED, {"red_flag": await red_flag_is_set(session, athlete_id)})
    return await get_life(session, athlete_id)


async def set_silenced(session: AsyncSession, athlete_id: AthleteId, order: Silence, *, now: datetime) -> Life:
    """Store which questions should not come up."""
    if unknown := sorted(set(order.codes) - set(CODES)):
        raise InvalidInputError(f"Unknown kind of question: {unknown[0]}.", remedy=f"Write any of: {', '.join(CODES)}.")
    await PlanRepository(session).set_life(athlete_id, {"silenced": sorted(set(order.codes))}, now=now)
    return await get_life(session, athlete_id)


async def _open_proposal(session: AsyncSession, athlete_id: AthleteId, proposal_id: UUID) -> PlanProposalRow:
    await PlanRepository(session).lock_athlete(athlete_id)
    row = await PlanRepository(session).proposal(athlete_id, proposal_id)
    if row is None:
        raise NotFoundError("There is no such proposal.")
    if row.status != "open":
        raise ConflictError(f"This proposal was answered already: {row.status}.", remedy="Look at the history.")
    return row
