"""Queries over plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.plans.tables import (
    CalendarTokenRow,
    PlanChangeRow,
    PlanLifeRow,
    PlanProposalRow,
    PlanRow,
    SessionFeedbackRow,
    SessionMarkRow,
)


class PlanRepository:
    """Plans within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: PlanRow) -> None:
        """Store a new plan."""
        self._session.add(row)
        await self._session.flush()

    async def visible(self, viewer: AthleteId, plan_id: UUID) -> PlanRow | None:
        """Return the plan if the viewer may see it."""
        query = select(PlanRow).where(PlanRow.id == plan_id, visible_to(viewer, PlanRow))
        return (await self._session.execute(query)).scalar_one_or_none()

    async def newest(self, viewer: AthleteId) -> PlanRow | None:
        """Return the viewer's newest plan."""
        query = (
            select(PlanRow)
            .where(visible_to(viewer, PlanRow))
            .order_by(PlanRow.created_at.desc(), PlanRow.id.desc())
            .limit(1)
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def lock_athlete(self, athlete_id: AthleteId) -> None:
        """Let changes of one athlete's plan happen one after the other."""
        await self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"plans:{athlete_id}", 0))))

    async def proposals(self, viewer: AthleteId, *, status: str | None, limit: int) -> list[PlanProposalRow]:
        """Return the viewer's proposals, newest first."""
        query = select(PlanProposalRow).where(visible_to(viewer, PlanProposalRow))
        if status is not None:
            query = query.where(PlanProposalRow.status == status)
        query = query.order_by(PlanProposalRow.created_at.desc(), PlanProposalRow.id.desc()).limit(limit)
        return list((await self._session.execute(query)).scalars())

    async def proposal(self, viewer: AthleteId, proposal_id: UUID) -> PlanProposalRow | None:
        """Return a proposal if the viewer may see it."""
        query = select(PlanProposalRow).where(PlanProposalRow.id == proposal_id, visible_to(viewer, PlanProposalRow))
        return (await self._session.execute(query)).scalar_one_or_none()

    async def add_proposal_once(self, values: dict[str, Any]) -> bool:
        """Store a proposal unless the same question was asked that morning; tell whether it is new."""
        query = (
            insert(PlanProposalRow)
            .values(values)
            .on_conflict_do_nothing(constraint="uq_plan_proposals_plan_id_code_day")
            .returning(PlanProposalRow.id)
        )
        return (await self._session.execute(query)).scalar_one_or_none() is not None

    async def close_open_proposals(self, viewer: AthleteId, *, now: datetime) -> None:
        """Mark what waits as overtaken: the plan it was made for is no longer the current one."""
        await self._session.execute(
            update(PlanProposalRow)
            .where(visible_to(viewer, PlanProposalRow), PlanProposalRow.status == "open")
            .values(status="overtaken", decided_at=now)
        )

    async def changes(self, viewer: AthleteId, *, limit: int) -> list[PlanChangeRow]:
        """Return the history of the viewer's plans, newest first."""
        query = (
            select(PlanChangeRow)
            .where(visible_to(viewer, PlanChangeRow))
            .order_by(PlanChangeRow.created_at.desc(), PlanChangeRow.id.desc())
            .limit(limit)
        )
        return list((await self._session.execute(query)).scalars())

    async def change_to(self, viewer: AthleteId, plan_id: UUID) -> PlanChangeRow | None:
        """Return the change that led to a plan."""
        query = select(PlanChangeRow).where(visible_to(viewer, PlanChangeRow), PlanChangeRow.after_id == plan_id)
        return (await self._session.execute(query)).scalars().first()

    async def life(self, viewer: AthleteId) -> PlanLifeRow | None:
        """Return what the viewer told."""
        query = select(PlanLifeRow).where(visible_to(viewer, PlanLifeRow))
        return (await self._session.execute(query)).scalar_one_or_none()

    async def set_life(self, athlete_id: AthleteId, values: dict[str, Any], *, now: datetime) -> None:
        """Store some of what the athlete told; the rest stays."""
        fresh = {"told": {}, "silenced": [], **values}
        query = insert(PlanLifeRow).values({"athlete_id": athlete_id, "updated_at": now, **fresh})
        query = query.on_conflict_do_update(index_elements=["athlete_id"], set_={**values, "updated_at": now})
        await self._session.execute(query)

    async def feedback(self, viewer: AthleteId, *, first: date, last: date) -> list[SessionFeedbackRow]:
        """Return the feedback on some days' sessions."""
        query = select(SessionFeedbackRow).where(
            visible_to(viewer, SessionFeedbackRow), SessionFeedbackRow.day.between(first, last)
        )
        return list((await self._session.execute(query.order_by(SessionFeedbackRow.day))).scalars())

    async def set_feedback(self, values: dict[str, Any]) -> None:
        """Store the feedback on a session; the last one counts."""
        query = insert(SessionFeedbackRow).values(values)
        query = query.on_conflict_do_update(
            index_elements=["athlete_id", "session_id"],
            set_={name: values[name] for name in ("rpe_cr10", "soreness", "note", "updated_at")},
        )
        await self._session.execute(query)

    async def marks(self, viewer: AthleteId, *, first: date, last: date) -> list[SessionMarkRow]:
        """Return what the viewer said became of some days' sessions."""
        query = select(SessionMarkRow).where(
            visible_to(viewer, SessionMarkRow), SessionMarkRow.day.between(first, last)
        )
        return list((await self._session.execute(query.order_by(SessionMarkRow.day))).scalars())

    async def set_mark(self, values: dict[str, Any]) -> None:
        """Store what became of a session; the last word counts."""
        query = insert(SessionMarkRow).values(values)
        query = query.on_conflict_do_update(
            index_elements=["athlete_id", "session_id"],
            set_={name: values[name] for name in ("mark", "reason", "updated_at")},
        )
        await self._session.execute(query)

    async def remove_mark(self, viewer: AthleteId, session_id: str) -> None:
        """Forget what was said to have become of a session."""
        await self._session.execute(
            delete(SessionMarkRow).where(visible_to(viewer, SessionMarkRow), SessionMarkRow.session_id == session_id)
        )

    async def tokens(self, viewer: AthleteId) -> list[CalendarTokenRow]:
        """Return the viewer's calendar addresses, without their secrets."""
        query = select(CalendarTokenRow).where(visible_to(viewer, CalendarTokenRow))
        return list((await self._session.execute(query.order_by(CalendarTokenRow.created_at))).scalars())

    async def token_owner(self, sha256: str) -> AthleteId | None:
        """Return whose calendar a secret opens; it is the permission, and nobody is known before it is looked up."""
        query = select(CalendarTokenRow.athlete_id).where(CalendarTokenRow.sha256 == sha256)
        found = (await self._session.execute(query)).scalar_one_or_none()
        return None if found is None else AthleteId(found)

    async def remove_token(self, viewer: AthleteId, token_id: UUID) -> bool:
        """Delete a calendar address; tell whether there was one."""
        query = delete(CalendarTokenRow).where(CalendarTokenRow.id == token_id, visible_to(viewer, CalendarTokenRow))
        result = await self._session.execute(query.returning(CalendarTokenRow.id))
        return result.scalar_one_or_none() is not None

    async def athletes_with_plans(self) -> list[AthleteId]:
        """Return everybody whose plans may need a look; for the worker, who looks for all."""
        found = (await self._session.execute(select(PlanRow.athlete_id).distinct())).scalars()
        return [AthleteId(value) for value in found]

    async def told_since(self, viewer: AthleteId, moment: datetime, *, first: date) -> bool:
        """Return whether feedback or a word on what became of a session arrived since a moment."""
        for table in (SessionFeedbackRow, SessionMarkRow):
            query = select(table.session_id).where(
                visible_to(viewer, table), table.updated_at > moment, table.day >= first
            )
            if (await self._session.execute(query.limit(1))).first() is not None:
                return True
        return False
