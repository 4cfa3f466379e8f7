"""Changes by hand: a session moves, changes places with another, or falls out. The checker decides about each."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation.diff import compare
from topform.coaching.adaptation.edits import find, moved, removed, swapped
from topform.coaching.adaptation.replan import continued
from topform.coaching.checker import check
from topform.coaching.request import PlanRequest
from topform.core.documents import plain
from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.plans.adapting_schemas import EditedPlan, SessionMove
from topform.features.plans.life import local_today, locked_by_illness
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import PlanCheck
from topform.features.plans.tables import PlanRow
from topform.features.plans.versions import PlanRuleError, current_row, require_sound, require_unlocked, store_change

Document = dict[str, Any]


class PlanWarningError(ConflictError):
    """The change is possible, but the checker has a remark that must be confirmed."""

    code = "plan_warning"


class PlanTimeError(ConflictError):
    """The change is safe, but a day does not offer the time; the athlete is asked whether it does this once."""

    code = "plan_needs_time"


async def move_session(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, session_id: str, order: SessionMove, *, now: datetime
) -> EditedPlan:
    """Put a session on another day, or let it change places with another; the checker decides."""
    await PlanRepository(session).lock_athlete(athlete_id)
    await require_unlocked(session, athlete_id)
    plan = await current_row(session, athlete_id, plan_id)
    today = await local_today(session, athlete_id, now)
    day, held = _open_session(plan, session_id, today)
    if order.to < today:
        raise InvalidInputError("That day is over.", remedy="Choose today or a later day.")
    request = _with_offers(plan.request, order.offer_minutes)
    parsed = PlanRequest.from_dict(request)
    if order.to in parsed.unavailable_dates:
        raise PlanRuleError(
            f"You said that you cannot train on {spoken(order.to)}.",
            remedy="Choose another day.",
            rule="unavailable_dates",
        )
    params: Document = {"title": held["title"], "from": day.isoformat(), "to": order.to.isoformat()}
    document: Document | None
    if order.swap_with is None:
        document = moved(plan.document, parsed, session_id, order.to)
        code, reason = "moved_by_hand", f"You moved {held['title']} from {spoken(day)} to {spoken(order.to)}."
    else:
        where, other = _open_session(plan, order.swap_with, today)
        if where != order.to or where == day:
            raise InvalidInputError("The two sessions stand on other days.", remedy="Name the day of the other one.")
        document = swapped(plan.document, parsed, session_id, order.swap_with)
        params["other_title"] = other["title"]
        code = "swapped_by_hand"
        reason = f"{held['title']} of {spoken(day)} and {other['title']} of {spoken(where)} changed places."
    if document is None:
        raise InvalidInputError("The plan does not reach that day.", remedy="Choose a day within the plan.")
    before = {item["rule"] for item in check(plan.document, parsed, since=today) if item["status"] != "pass"}
    short = _short_of_time(document, parsed, {day, order.to})
    asked = _with_offers(request, {when: need for when, (_, need) in short.items()})
    locked = await locked_by_illness(session, plan, today=today)
    checks = require_sound(document, asked, since=today, locked=locked)
    fresh = [PlanCheck(**item) for item in checks if item["status"] == "warn" and item["rule"] not in before]
    if short:
        raise _time_question(short, fresh)
    if fresh and not order.confirm_warnings:
        raise PlanWarningError(
            fresh[0].detail or "The checker has a remark.",
            remedy="Confirm the remark, or choose another day.",
            rule=fresh[0].rule,
        )
    document["checks"] = checks
    stored = await store_change(
        session,
        athlete_id,
        plan,
        request=request,
        document=document,
        code=code,
        params=params,
        reason=reason,
        diff=compare(plan.document, document, since=today),
        proposal_id=None,
        now=now,
    )
    return EditedPlan(plan=stored, warnings=fresh)


async def remove_session(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, session_id: str, *, now: datetime
) -> EditedPlan:
    """Take a session out of the plan. Less training is never refused."""
    await PlanRepository(session).lock_athlete(athlete_id)
    plan = await current_row(session, athlete_id, plan_id)
    request, today = PlanRequest.from_dict(plan.request), await local_today(session, athlete_id, now)
    day, held = _open_session(plan, session_id, today)
    document = removed(plan.document, request, session_id)
    before = {item["rule"] for item in check(plan.document, request, since=today) if item["status"] != "pass"}
    locked = await locked_by_illness(session, plan, today=today)
    if any(item["status"] == "fail" for item in check(document, request, since=today)):
        # What would now be too steep after it is chosen again.
        again = await asyncio.to_thread(continued, plan.request, document, today=day + timedelta(days=1), rest=locked)
        document = plain(again)
    checks = require_sound(document, plan.request, since=today, locked=locked, known=before)
    document["checks"] = checks
    stored = await store_change(
        session,
        athlete_id,
        plan,
        request=plan.request,
        document=document,
        code="removed_by_hand",
        params={"title": held["title"], "from": day.isoformat(), "to": None},
        reason=f"You took {held['title']} of {spoken(day)} out.",
        diff=compare(plan.document, document, since=today),
        proposal_id=None,
        now=now,
    )
    fresh = [PlanCheck(**item) for item in checks if item["status"] == "warn" and item["rule"] not in before]
    return EditedPlan(plan=stored, warnings=fresh)


def spoken(day: date) -> str:
    """Return a date as a person says it."""
    return f"{day:%A} {day.day} {day:%B}"


def _open_session(plan: PlanRow, session_id: str, today: date) -> tuple[date, Document]:
    found = find(plan.document, session_id)
    if found is None:
        raise NotFoundError("There is no such session in the plan.")
    day = date.fromisoformat(plan.document["days"][found[0]]["date"])
    if day < today:
        raise InvalidInputError("That day is over.", remedy="Choose today or a later day.")
    if found[1]["kind"] == "race":
        raise InvalidInputError("The race stands where it stands.", remedy="Try 'what if' with another date.")
    return day, found[1]


def _with_offers(request: Mapping[str, Any], offers: Mapping[date, int]) -> Document:
    """Return the request with time on single dates beside its weekdays."""
    result = copy.deepcopy(dict(request))
    if offers:
        named = {when.isoformat(): minutes for when, minutes in offers.items()}
        result["offered_dates"] = (result.get("offered_dates") or {}) | named
    return result


def _short_of_time(document: Document, request: PlanRequest, days: set[date]) -> dict[date, tuple[int, int]]:
    """Return what each day offers and what it would need, for the days that fall short; absences stay closed."""
    short = {}
    for day in document["days"]:
        when = date.fromisoformat(day["date"])
        need = sum(item["minutes"] for item in day["sessions"] if item["kind"] != "race")
        closed = when in request.unavailable_dates or when in request.days_for_races
        if when in days and not closed and need > request.minutes_on(when):
            short[when] = (request.minutes_on(when), int(need))
    return short


def _time_question(short: Mapping[date, tuple[int, int]], remarks: list[PlanCheck]) -> PlanTimeError:
    words = [
        f"You offered no time on {spoken(when)}. Give it {need} min this once?"
        if offered == 0
        else f"You offered {offered} min on {spoken(when)}. Give it {need} min this once?"
        for when, (offered, need) in sorted(short.items())
    ]
    return PlanTimeError(
        " ".join(words),
        remedy="Send the minutes of these dates as offer_minutes, or choose another day.",
        days=[
            {"date": when.isoformat(), "offered_minutes": offered, "needed_minutes": need}
            for when, (offered, need) in sorted(short.items())
        ],
        remarks=[{"rule": item.rule, "detail": item.detail} for item in remarks],
    )
