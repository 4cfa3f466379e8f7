"""What notices ask of a plan: whether there is a session to do, and whether health speaks against training."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from topform.core.ids import AthleteId
from topform.features.plans.following import kept_days
from topform.features.plans.life import told_of
from topform.features.plans.repository import PlanRepository
from topform.features.plans.tables import PlanProposalRow
from topform.features.readiness.public import red_flag_is_set


async def is_kept_from_training(session: AsyncSession, athlete_id: AthleteId, *, day: date) -> bool:
    """Tell whether the athlete is ill or injured on a day, or a symptom has to be looked at first."""
    if await red_flag_is_set(session, athlete_id):
        return True
    told = told_of(await PlanRepository(session).life(athlete_id))
    ill = told.illness
    is_ill = ill is not None and (ill.symptom_free_since is None or day <= ill.symptom_free_since)
    return is_ill or any(since <= day for since in told.painful.values())


async def sessions_to_do(session: AsyncSession, athlete_id: AthleteId, *, day: date) -> int:
    """Return how many sessions of a day are left to do; none when the athlete is away or health speaks against it."""
    if await is_kept_from_training(session, athlete_id, day=day):
        return 0
    days = await kept_days(session, athlete_id, first=day, last=day) or []
    return sum(max(one.planned - one.done - one.skipped, 0) for one in days if not one.is_locked)


def proposal_is_open(viewer: AthleteId, proposal: InstrumentedAttribute[UUID | None]) -> ColumnElement[bool]:
    """Return the condition that a proposal, named by a column, waits for the athlete's answer."""
    return exists().where(
        PlanProposalRow.id == proposal, PlanProposalRow.athlete_id == viewer, PlanProposalRow.status == "open"
    )
