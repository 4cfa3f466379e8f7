"""Proposals and their answers, changes by hand, and the history of both. Nothing changes without a yes."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation import propose
from topform.coaching.adaptation.decide import CODES
from topform.coaching.adaptation.diff import compare
from topform.coaching.adaptation.edits import find, moved, removed
from topform.coaching.adaptation.replan import continued
from topform.coaching.adaptation.what_if import what_if
from topform.coaching.checker import check
from topform.coaching.request import PlanRequest
from topform.core.documents import plain
from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.activities.public import trained_since
from topform.features.plans.adapting_schemas import (
    EditedPlan,
    Life,
    PlanChange,
    PlanHistory,
    ProposalCard,
    Proposals,
    Rejection,
    SessionMove,
    Silence,
    Told,
    WhatIf,
)
from topform.features.plans.events import PLAN_CREATED, PLAN_PROPOSED, PROPOSAL_DECIDED
from topform.features.plans.life import life_of, local_today, told_of
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import Plan, PlanCheck, PlanDocument
from topform.features.plans.tables import PlanChangeRow, PlanProposalRow, PlanRow
from topform.platform.events import publish

MOST_ITEMS = 100
NO_PLAN_REMEDY = "Ask for one with a goal and the days you can train."


class PlanRuleError(ConflictError):
    """The change would break a rule of the plan; the rules are named and nothing was changed."""

    code = "plan_rule_broken"


class PlanWarningError(ConflictError):
    """The change is possible, but the checker has a remark that must be confirmed."""

    code = "plan_warning"


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
    values = {
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
        "effect": plain(proposal.effect),
        "is_lock": proposal.is_lock,
        "status": "open",
        "created_at": now,
        "decided_at": None,
    }
    if not await repository.add_proposal_once(values):
        return False
    await publish(session, athlete_id, PLAN_PROPOSED, {"id": str(values["id"])})
    return True


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
    return await repository.felt_since(athlete_id, held.reviewed_at, first=first)


async def list_proposals(session: AsyncSession, viewer: AthleteId, *, status: str | None) -> Proposals:
    """Return proposals, newest first."""
    rows = await PlanRepository(session).proposals(viewer, status=status, limit=MOST_ITEMS)
    return Proposals(items=[ProposalCard.model_validate(row) for row in rows])


async def accept(session: AsyncSession, athlete_id: AthleteId, proposal_id: UUID, *, now: datetime) -> Plan:
    """Make a proposal the current plan, after checking it once more."""
    row = await _open_proposal(session, athlete_id, proposal_id)
    plan = await _current(session, athlete_id)
    if row.plan_id != plan.id:
        raise ConflictError(
            "The plan has changed since this was proposed.", remedy="Look at the newest proposals, or at the plan."
        )
    _require_sound(row.document, row.request, since=await local_today(session, athlete_id, now))
    row.status, row.decided_at = "accepted", now
    return await _store_change(
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
    """Take the last change of the current plan back; the version before is checked and becomes current again."""
    repository = PlanRepository(session)
    await repository.lock_athlete(athlete_id)
    plan = await _current(session, athlete_id)
    change = await repository.change_to(athlete_id, plan.id)
    before = None if change is None else await repository.visible(athlete_id, change.before_id)
    if change is None or before is None:
        raise ConflictError("There is nothing to undo.", remedy="The plan is as it was made.")
    today = await local_today(session, athlete_id, now)
    if change.proposal_id is not None:
        proposal = await repository.proposal(athlete_id, change.proposal_id)
        if proposal is not None:
            proposal.status, proposal.decided_at = "undone", now
    return await _store_change(
        session,
        athlete_id,
        plan,
        request=before.request,
        document=before.document,
        code="undo",
        params={"code": change.code},
        reason="You took the last change back.",
        diff=compare(plan.document, before.document, since=today),
        proposal_id=None,
        now=now,
    )


async def history(session: AsyncSession, viewer: AthleteId) -> PlanHistory:
    """Return every change of the plan, newest first."""
    rows = await PlanRepository(session).changes(viewer, limit=MOST_ITEMS)
    return PlanHistory(items=[PlanChange.model_validate(row) for row in rows])


async def move_session(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, session_id: str, order: SessionMove, *, now: datetime
) -> EditedPlan:
    """Put a session on another day; the checker decides."""
    return await _edit(session, athlete_id, plan_id, session_id, order.to, confirmed=order.confirm_warnings, now=now)


async def remove_session(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, session_id: str, *, now: datetime
) -> EditedPlan:
    """Take a session out of the plan; the checker decides."""
    return await _edit(session, athlete_id, plan_id, session_id, None, confirmed=True, now=now)


async def _edit(
    session: AsyncSession,
    athlete_id: AthleteId,
    plan_id: UUID,
    session_id: str,
    to: date | None,
    *,
    confirmed: bool,
    now: datetime,
) -> EditedPlan:
    await PlanRepository(session).lock_athlete(athlete_id)
    plan = await _current(session, athlete_id, plan_id)
    request, today = PlanRequest.from_dict(plan.request), await local_today(session, athlete_id, now)
    found = find(plan.document, session_id)
    if found is None:
        raise NotFoundError("There is no such session in the plan.")
    day = date.fromisoformat(plan.document["days"][found[0]]["date"])
    if day < today or (to is not None and to < today):
        raise InvalidInputError("That day is over.", remedy="Choose today or a later day.")
    if found[1]["kind"] == "race":
        raise InvalidInputError("The race stands where it stands.", remedy="Try 'what if' with another date.")
    if to is None:
        document: dict[str, Any] | None = removed(plan.document, request, session_id)
    else:
        document = moved(plan.document, request, session_id, to)
    if document is None:
        raise InvalidInputError(f"{to} is not a day of the plan.", remedy="Choose a day within the plan.")
    before = {item["rule"] for item in check(plan.document, request, since=today) if item["status"] != "pass"}
    if to is None and any(item["status"] == "fail" for item in check(document, request, since=today)):
        # Less training is never refused: what would now be too steep after it is chosen again.
        again = await asyncio.to_thread(continued, plan.request, document, today=day + timedelta(days=1))
        document = plain(again)
    checks = _require_sound(document, plan.request, since=today, known=before if to is None else frozenset())
    fresh = [PlanCheck(**item) for item in checks if item["status"] == "warn" and item["rule"] not in before]
    if fresh and not confirmed:
        raise PlanWarningError(
            fresh[0].detail or "The checker has a remark.", remedy="Confirm the remark, or choose another day."
        )
    document["checks"] = checks
    title = str(found[1]["title"])
    params = {"title": title, "from": day.isoformat(), "to": None if to is None else to.isoformat()}
    stored = await _store_change(
        session,
        athlete_id,
        plan,
        request=plan.request,
        document=document,
        code="removed_by_hand" if to is None else "moved_by_hand",
        params=params,
        reason=f"You took {title} of {day} out." if to is None else f"You moved {title} from {day} to {to}.",
        diff=compare(plan.document, document, since=today),
        proposal_id=None,
        now=now,
    )
    return EditedPlan(plan=stored, warnings=fresh)


async def try_what_if(session: AsyncSession, viewer: AthleteId, plan_id: UUID, change: Any, *, now: datetime) -> WhatIf:
    """Return the plan as it is and as it would be."""
    return WhatIf.model_validate((await _tried(session, viewer, plan_id, change, now=now))[1])


async def take_what_if(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, change: Any, *, now: datetime
) -> Plan:
    """Make a tried change the current plan."""
    await PlanRepository(session).lock_athlete(athlete_id)
    plan, tried = await _tried(session, athlete_id, plan_id, change, now=now)
    if plan.id != (await _current(session, athlete_id)).id:
        raise ConflictError("This is not the current plan.", remedy="Try the change on the current plan.")
    _require_sound(tried["document"], tried["request"], since=await local_today(session, athlete_id, now))
    return await _store_change(
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


async def _tried(
    session: AsyncSession, viewer: AthleteId, plan_id: UUID, change: Any, *, now: datetime
) -> tuple[PlanRow, dict[str, Any]]:
    plan = await PlanRepository(session).visible(viewer, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    today = await local_today(session, viewer, now)
    life, _ = await life_of(session, viewer, plan, today=today)
    tried = await asyncio.to_thread(what_if, plan.request, plan.document, change, today=life.today, lived=life.lived)
    return plan, plain(tried)


async def get_life(session: AsyncSession, viewer: AthleteId) -> Life:
    """Return what the athlete told."""
    row = await PlanRepository(session).life(viewer)
    return Life(
        told=told_of(row),
        silenced=[] if row is None else [str(code) for code in row.silenced],
        reviewed_at=None if row is None else row.reviewed_at,
    )


async def set_told(session: AsyncSession, athlete_id: AthleteId, told: Told, *, now: datetime) -> Life:
    """Store what the athlete tells."""
    await PlanRepository(session).set_life(athlete_id, {"told": told.model_dump(mode="json")}, now=now)
    return await get_life(session, athlete_id)


async def set_silenced(session: AsyncSession, athlete_id: AthleteId, order: Silence, *, now: datetime) -> Life:
    """Store which questions should not come up."""
    if unknown := sorted(set(order.codes) - set(CODES)):
        raise InvalidInputError(f"Unknown kind of question: {unknown[0]}.", remedy=f"Write any of: {', '.join(CODES)}.")
    await PlanRepository(session).set_life(athlete_id, {"silenced": sorted(set(order.codes))}, now=now)
    return await get_life(session, athlete_id)


async def _current(session: AsyncSession, athlete_id: AthleteId, plan_id: UUID | None = None) -> PlanRow:
    repository = PlanRepository(session)
    if plan_id is not None and await repository.visible(athlete_id, plan_id) is None:
        raise NotFoundError("There is no such plan.")
    plan = await repository.newest(athlete_id)
    if plan is None:
        raise NotFoundError("You have no plan yet.", remedy=NO_PLAN_REMEDY)
    if plan_id is not None and plan.id != plan_id:
        raise ConflictError("This is an older version of the plan.", remedy="Change the current plan.")
    return plan


async def _open_proposal(session: AsyncSession, athlete_id: AthleteId, proposal_id: UUID) -> PlanProposalRow:
    await PlanRepository(session).lock_athlete(athlete_id)
    row = await PlanRepository(session).proposal(athlete_id, proposal_id)
    if row is None:
        raise NotFoundError("There is no such proposal.")
    if row.status != "open":
        raise ConflictError(f"This proposal was answered already: {row.status}.", remedy="Look at the history.")
    return row


def _require_sound(
    document: dict[str, Any], request: dict[str, Any], *, since: date, known: set[str] | frozenset[str] = frozenset()
) -> list[dict[str, str]]:
    """Return the findings of the checker; refuse a document that breaks a rule it did not break before."""
    PlanDocument.model_validate(document)
    checks = check(document, PlanRequest.from_dict(request), since=since)
    broken = [item for item in checks if item["status"] == "fail" and item["rule"] not in known]
    if broken:
        raise PlanRuleError(
            broken[0]["detail"], remedy="Choose another day; safety rules are not negotiable.", rule=broken[0]["rule"]
        )
    return checks


async def _store_change(
    session: AsyncSession,
    athlete_id: AthleteId,
    before: PlanRow,
    *,
    request: dict[str, Any],
    document: dict[str, Any],
    code: str,
    params: dict[str, Any],
    reason: str,
    diff: list[Any],
    proposal_id: UUID | None,
    now: datetime,
) -> Plan:
    """Store the new version beside the old one and write the change down."""
    repository = PlanRepository(session)
    created_at = max(now, before.created_at)
    row = PlanRow(id=new_id(), athlete_id=athlete_id, request=request, document=document, created_at=created_at)
    await repository.add(row)
    await repository.close_open_proposals(athlete_id, now=now)
    session.add(
        PlanChangeRow(
            id=new_id(),
            athlete_id=athlete_id,
            before_id=before.id,
            after_id=row.id,
            proposal_id=proposal_id,
            code=code,
            params=params,
            reason=reason,
            diff=diff,
            created_at=now,
        )
    )
    await session.flush()
    await publish(session, athlete_id, PLAN_CREATED, {"id": str(row.id), "created_at": created_at.isoformat()})
    return Plan.model_validate(row)
