"""Versions of a plan: which one is current, whether a new one is sound, and how it is stored beside the old one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.checker import check
from topform.coaching.request import PlanRequest
from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.plans.events import PLAN_CREATED
from topform.features.plans.life import local_today
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import Plan, PlanDocument
from topform.features.plans.tables import PlanChangeRow, PlanRow
from topform.features.readiness.public import red_flag_is_set
from topform.platform.events import publish

NO_PLAN_REMEDY = "Ask for one with a goal and the days you can train."


class PlanRuleError(ConflictError):
    """The change would break a rule of the plan; the rules are named and nothing was changed."""

    code = "plan_rule_broken"


class PlanLockedError(ConflictError):
    """A reported red flag keeps plan and sessions locked until the athlete says that training is safe."""

    code = "plan_locked"


async def require_unlocked(session: AsyncSession, athlete_id: AthleteId) -> None:
    """Refuse to plan or hand out training while a sign stands that a doctor should look at first."""
    if await red_flag_is_set(session, athlete_id):
        raise PlanLockedError(
            "You reported a sign that a doctor should look at before you train again.",
            remedy="Seek medical care now; call your local emergency number when it is severe or gets worse. Once a "
            "doctor agrees that training is safe, confirm it, then plan.",
        )


async def stopped_from(session: AsyncSession, viewer: AthleteId, *, now: datetime) -> date | None:
    """Return the first day whose sessions nobody may follow, the athlete's today; None without a red flag."""
    return await local_today(session, viewer, now) if await red_flag_is_set(session, viewer) else None


def without_stopped(days: list[dict[str, Any]], stopped: date | None) -> list[dict[str, Any]]:
    """Return the days of a plan as they may be followed: from the stopped day on they hold no session."""
    if stopped is None:
        return days
    return [day | {"sessions": []} if day["date"] >= stopped.isoformat() else day for day in days]


async def shown(session: AsyncSession, viewer: AthleteId, row: PlanRow, *, now: datetime) -> Plan:
    """Return a stored plan as it leaves the server: a red flag keeps back the sessions from today on."""
    stopped = await stopped_from(session, viewer, now=now)
    return Plan(
        id=row.id,
        created_at=row.created_at,
        request=row.request,
        document=PlanDocument.model_validate(row.document | {"days": without_stopped(row.document["days"], stopped)}),
        is_stopped=stopped is not None,
    )


async def current_row(session: AsyncSession, athlete_id: AthleteId, plan_id: UUID | None = None) -> PlanRow:
    """Return the athlete's current plan; refuse when another version was meant."""
    repository = PlanRepository(session)
    if plan_id is not None and await repository.visible(athlete_id, plan_id) is None:
        raise NotFoundError("There is no such plan.")
    plan = await repository.newest(athlete_id)
    if plan is None:
        raise NotFoundError("You have no plan yet.", remedy=NO_PLAN_REMEDY)
    if plan_id is not None and plan.id != plan_id:
        raise ConflictError("This is an older version of the plan.", remedy="Change the current plan.")
    return plan


def require_sound(
    document: dict[str, Any],
    request: dict[str, Any],
    *,
    since: date,
    locked: frozenset[date],
    known: set[str] | frozenset[str] = frozenset(),
) -> list[dict[str, str]]:
    """Return the findings of the checker; refuse a document that breaks a rule it did not break before."""
    PlanDocument.model_validate(document)
    checks = check(document, PlanRequest.from_dict(request), since=since, locked=locked)
    broken = [item for item in checks if item["status"] == "fail" and item["rule"] not in known]
    if broken:
        raise PlanRuleError(
            broken[0]["detail"], remedy="Choose another day; safety rules are not negotiable.", rule=broken[0]["rule"]
        )
    return checks


async def store_change(
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
    return await shown(session, athlete_id, row, now=now)
