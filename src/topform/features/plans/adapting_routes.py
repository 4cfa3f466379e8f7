"""Proposals, history, changes by hand, what-if, adherence, feedback, files for devices and calendar addresses."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from topform.features.athletes.public import spoken
from topform.features.plans import adapting, calendars, editing, following, trying
from topform.features.plans.adapting_schemas import (
    AdherenceReport,
    CalendarAddress,
    CalendarAddresses,
    CalendarAddressOrder,
    ChangeWish,
    EditedPlan,
    Feedback,
    Life,
    PlanHistory,
    ProposalCard,
    Proposals,
    Rejection,
    SessionMark,
    SessionMove,
    Silence,
    Status,
    StoredFeedback,
    StoredMark,
    Told,
    WhatIf,
    WhatIfOrder,
)
from topform.features.plans.exporting import exported
from topform.features.plans.life import local_today
from topform.features.plans.schemas import Plan
from topform.features.plans.tasks import REVIEW_TASK
from topform.platform.jobs import defer
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use
from topform.platform.web.shapes import BYTES

router = APIRouter(prefix="/plans", tags=["plans"])
calendar_router = APIRouter(prefix="/calendar", tags=["plans"])

SessionId = Annotated[str, Path(max_length=80, pattern=r"^[A-Za-z0-9_-]+$")]


class SessionFile(StrEnum):
    """Forms in which a session can leave."""

    FIT = "fit"
    ZWO = "zwo"
    MRC = "mrc"
    ERG = "erg"
    WORKOUTKIT = "workoutkit"
    HEALTH_CONNECT = "health_connect"
    INTERVALS_ICU = "intervals_icu"


@router.get("/proposals")
async def list_plan_proposals(
    use: Use,
    athlete_id: SignedInAthlete,
    status: Annotated[Status | None, Query(description="Only with this answer; `open` ones wait.")] = None,
) -> Proposals:
    """Return changes that wait for your answer or had it, newest first."""
    async with use.database.reading() as session:
        return await spoken(session, athlete_id, adapting.list_proposals(session, athlete_id, status=status))


@router.post("/proposals/{proposal_id:uuid}/accept")
async def accept_plan_proposal(proposal_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Plan:
    """Accept a proposal; it is checked once more and becomes your plan. The plan before is kept."""
    return await once.write(
        use,
        athlete_id,
        {"accept": str(proposal_id)},
        lambda session, now: spoken(session, athlete_id, adapting.accept(session, athlete_id, proposal_id, now=now)),
        Plan,
    )


@router.post("/proposals/{proposal_id:uuid}/reject")
async def reject_plan_proposal(
    proposal_id: UUID, answer: Rejection, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> ProposalCard:
    """Reject a proposal; with `dont_ask_again` questions of its kind stop, except those of safety."""
    return await once.write(
        use,
        athlete_id,
        {"reject": str(proposal_id), **answer.model_dump(mode="json")},
        lambda session, now: spoken(
            session, athlete_id, adapting.reject(session, athlete_id, proposal_id, answer, now=now)
        ),
        ProposalCard,
    )


@router.post("/undo")
async def undo_plan_change(use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Plan:
    """Take the last change of your plan back."""
    return await once.write(
        use,
        athlete_id,
        {"undo": True},
        lambda session, now: spoken(session, athlete_id, adapting.undo(session, athlete_id, now=now)),
        Plan,
    )


@router.get("/history")
async def get_plan_history(use: Use, athlete_id: SignedInAthlete) -> PlanHistory:
    """Return every change of your plan, newest first, with its reason."""
    async with use.database.reading() as session:
        return await spoken(session, athlete_id, adapting.history(session, athlete_id))


@router.get("/life")
async def get_plan_life(use: Use, athlete_id: SignedInAthlete) -> Life:
    """Return what you told about illness, pain and absence."""
    async with use.database.reading() as session:
        return await adapting.get_life(session, athlete_id)


@router.put("/life")
async def set_plan_life(told: Told, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Life:
    """Tell about illness, pain, absence or a red flag; what follows for the plan comes as a proposal."""
    now = use.clock.now()
    async with use.database.transaction() as session:

        async def work() -> Life:
            life = await adapting.set_told(session, athlete_id, told, now=now)
            await defer(session, REVIEW_TASK, athlete_id=str(athlete_id))
            return life

        return await once.run(
            session, athlete_id, now=now, content=told.model_dump(mode="json"), work=work, answer_type=Life
        )


@router.put("/life/silenced")
async def set_silenced_questions(order: Silence, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Life:
    """Set which kinds of question should not come up; safety still does."""
    return await once.write(
        use, athlete_id, order, lambda session, now: adapting.set_silenced(session, athlete_id, order, now=now), Life
    )


@router.post("/review", status_code=202)
async def review_plan(use: Use, athlete_id: SignedInAthlete) -> Nothing:
    """Ask for a look at your plan now; what follows comes as a proposal."""
    async with use.database.transaction() as session:
        await defer(session, REVIEW_TASK, athlete_id=str(athlete_id))
    return Nothing()


@router.post("/{plan_id:uuid}/sessions/{session_id}/move")
async def move_planned_session(
    plan_id: UUID, session_id: SessionId, order: SessionMove, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> EditedPlan:
    """Move a session to another day, or let two change places; refused with the reason when a rule would break.

    A day without enough offered time is asked about (`plan_needs_time`); `offer_minutes` gives it once.
    """
    return await once.write(
        use,
        athlete_id,
        order,
        lambda session, now: spoken(
            session, athlete_id, editing.move_session(session, athlete_id, plan_id, session_id, order, now=now)
        ),
        EditedPlan,
    )


@router.delete("/{plan_id:uuid}/sessions/{session_id}")
async def remove_planned_session(
    plan_id: UUID, session_id: SessionId, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> EditedPlan:
    """Take a session out of your plan."""
    return await once.write(
        use,
        athlete_id,
        {"remove": session_id},
        lambda session, now: spoken(
            session, athlete_id, editing.remove_session(session, athlete_id, plan_id, session_id, now=now)
        ),
        EditedPlan,
    )


@router.post("/{plan_id:uuid}/what-if")
async def try_plan_change(plan_id: UUID, order: WhatIfOrder, use: Use, athlete_id: SignedInAthlete) -> WhatIf:
    """Try a change: fitness, fatigue, form and race of both plans side by side; nothing is stored."""
    async with use.database.transaction() as session:
        return await spoken(
            session, athlete_id, trying.try_what_if(session, athlete_id, plan_id, order.change, now=use.clock.now())
        )


@router.post("/{plan_id:uuid}/what-if/accept")
async def take_plan_change(
    plan_id: UUID, order: WhatIfOrder, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Plan:
    """Make a tried change your plan."""
    return await once.write(
        use,
        athlete_id,
        order,
        lambda session, now: spoken(
            session, athlete_id, trying.take_what_if(session, athlete_id, plan_id, order.change, now=now)
        ),
        Plan,
    )


@router.post("/{plan_id:uuid}/what-if/proposals")
async def propose_plan_change(
    plan_id: UUID, wish: ChangeWish, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> ProposalCard:
    """Suggest a change with a reason: it waits as a proposal until the athlete accepts or rejects it in the app."""
    return await once.write(
        use,
        athlete_id,
        wish,
        lambda session, now: spoken(
            session, athlete_id, trying.propose_what_if(session, athlete_id, plan_id, wish, now=now)
        ),
        ProposalCard,
    )


@router.get("/{plan_id:uuid}/adherence")
async def get_plan_adherence(
    plan_id: UUID,
    use: Use,
    athlete_id: SignedInAthlete,
    first: Annotated[date | None, Query(alias="from", description="Six days before `to` when absent.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Today in your time zone when absent.")] = None,
) -> AdherenceReport:
    """Return how planned sessions went, step by step."""
    async with use.database.reading() as session:
        today = await local_today(session, athlete_id, use.clock.now())
        end = last or today
        start = first or end - timedelta(days=min(6, (end - date.min).days))
        return await spoken(
            session, athlete_id, following.report(session, use, athlete_id, plan_id, first=start, last=end, today=today)
        )


@router.put("/{plan_id:uuid}/sessions/{session_id}/feedback")
async def set_session_feedback(
    plan_id: UUID, session_id: SessionId, feedback: Feedback, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> StoredFeedback:
    """Say how a session was, from its day on."""
    return await once.write(
        use,
        athlete_id,
        feedback,
        lambda session, now: following.set_feedback(session, athlete_id, plan_id, session_id, feedback, now=now),
        StoredFeedback,
    )


@router.put("/{plan_id:uuid}/sessions/{session_id}/mark")
async def set_session_mark(
    plan_id: UUID, session_id: SessionId, said: SessionMark, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> StoredMark:
    """Say that a session was done or skipped where nothing was recorded, from its day on; a recording counts before it.

    Done by word counts as done and claims no load. Skipped counts as missed. With `mark` null nothing is said any more.
    """
    return await once.write(
        use,
        athlete_id,
        said,
        lambda session, now: following.set_mark(session, athlete_id, plan_id, session_id, said, now=now),
        StoredMark,
    )


FILE_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A file, or for `workoutkit`, `health_connect` and `intervals_icu` a document of that service.",
        "content": {"application/octet-stream": BYTES, "application/json": {"schema": {"type": "object"}}},
    }
}


@router.get("/{plan_id:uuid}/sessions/{session_id}/files/{kind}", response_class=Response, responses=FILE_ANSWER)
async def get_session_file(
    plan_id: UUID, session_id: SessionId, kind: SessionFile, use: Use, athlete_id: SignedInAthlete
) -> Response:
    """Return a session as a file for a watch, a trainer or another service; refused while a red flag stops training."""
    async with use.database.transaction() as session:
        content, media_type, name = await exported(session, athlete_id, plan_id, session_id, kind.value)
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@calendar_router.get("/addresses")
async def list_calendar_addresses(use: Use, athlete_id: SignedInAthlete) -> CalendarAddresses:
    """Return your private calendar addresses, without their secrets."""
    async with use.database.transaction() as session:
        return await calendars.list_addresses(session, athlete_id)


@calendar_router.post("/addresses", status_code=201)
async def add_calendar_address(order: CalendarAddressOrder, use: Use, athlete_id: SignedInAthlete) -> CalendarAddress:
    """Make a private calendar address; its secret is shown only now."""
    async with use.database.transaction() as session:
        return await calendars.add_address(session, athlete_id, order.name, now=use.clock.now())


@calendar_router.delete("/addresses/{address_id:uuid}", status_code=204)
async def revoke_calendar_address(address_id: UUID, use: Use, athlete_id: SignedInAthlete) -> None:
    """Close a calendar address at once."""
    async with use.database.transaction() as session:
        await calendars.revoke_address(session, athlete_id, address_id)


CALENDAR_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}


@calendar_router.get("/{secret}.ics", response_class=Response, responses=CALENDAR_ANSWER)
async def get_calendar_feed(secret: Annotated[str, Path(max_length=100)], use: Use) -> Response:
    """Return the plan behind a private address as an iCalendar feed; no sign-in, the address is the key.

    Sessions that may not be followed at the moment are left out.
    """
    async with use.database.transaction() as session:
        content = await calendars.feed(session, secret, now=use.clock.now())
    return Response(content, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"})
