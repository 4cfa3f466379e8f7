"""Ordering and reading plans."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.athletes.public import Athlete, get_athlete
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import Plan
from topform.features.readiness.public import red_flag_is_set
from topform.features.training_load.public import fitness

THRESHOLDS = {
    "running": ("speed_m_s", "threshold_speed_m_s"),
    "cycling": ("power_w", "ftp_w"),
    "swimming": ("speed_m_s", "css_m_s"),
}
MIN_HISTORY_DAYS = 14
HISTORY_DAYS = 42


async def get_plan(session: AsyncSession, viewer: AthleteId, plan_id: UUID) -> Plan:
    """Return a plan."""
    row = await PlanRepository(session).visible(viewer, plan_id)
    if row is None:
        raise NotFoundError("There is no such plan.")
    return Plan.model_validate(row)


async def current_plan(session: AsyncSession, viewer: AthleteId) -> Plan:
    """Return the newest plan."""
    row = await PlanRepository(session).newest(viewer)
    if row is None:
        raise NotFoundError("You have no plan yet.", remedy="Ask for one with a goal and the days you can train.")
    return Plan.model_validate(row)


class PlanLockedError(ConflictError):
    """A reported red flag keeps the planner locked until the athlete says that training is safe."""

    code = "plan_locked"


async def require_unlocked(session: AsyncSession, athlete_id: AthleteId) -> None:
    """Refuse to plan training while a sign stands that a doctor should look at first."""
    if await red_flag_is_set(session, athlete_id):
        raise PlanLockedError(
            "You reported a sign that a doctor should look at before you train again.",
            remedy="Seek medical care. Once a doctor agrees that training is safe, confirm it, then order the plan.",
        )


async def complete_request(session: AsyncSession, athlete_id: AthleteId, request: dict[str, Any]) -> dict[str, Any]:
    """Return the request with what it leaves open about fitness and thresholds filled in from what is stored.

    What the request says itself is never changed, and what is not stored stays open.
    """
    completed = copy.deepcopy(request)
    about = completed.get("athlete")
    if not isinstance(about, dict):
        return completed
    _fill_threshold(about, await get_athlete(session, athlete_id))
    start = _date(completed.get("start"))
    if start is not None and "ctl" not in about and "atl" not in about and "history_days" not in completed:
        day_before = start - timedelta(days=1)
        known = await fitness(session, athlete_id, first=day_before - timedelta(days=HISTORY_DAYS - 1), last=day_before)
        if sum(1 for day in known.days if day.load_au > 0) >= MIN_HISTORY_DAYS:
            about["ctl"] = round(known.days[-1].ctl, 1)
            about["atl"] = round(known.days[-1].atl, 1)
    return completed


def _fill_threshold(about: dict[str, Any], athlete: Athlete) -> None:
    sport = about.get("sport")
    if not isinstance(sport, str) or about.get("threshold") or sport not in THRESHOLDS:
        return
    name, parameter = THRESHOLDS[sport]
    value = getattr(athlete, parameter)
    if value is not None:
        about["threshold"] = {name: value}


def _date(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
