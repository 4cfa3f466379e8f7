"""Ordering and reading plans."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.athletes.public import Athlete, get_athlete
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import Plan
from topform.features.predictions.public import LONGEST_RACE_M, SHORTEST_RACE_M, race_prediction
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


async def current_plan(session: AsyncSession, viewer: AthleteId) -> Plan | None:
    """Return the newest plan; None when there is none yet."""
    row = await PlanRepository(session).newest(viewer)
    return None if row is None else Plan.model_validate(row)


async def complete_request(session: AsyncSession, athlete_id: AthleteId, request: dict[str, Any]) -> dict[str, Any]:
    """Return the request with what it leaves open about fitness and thresholds filled in from what is stored.

    What the request says itself is never changed, and what is not stored stays open.
    """
    completed = copy.deepcopy(request)
    about = completed.get("athlete")
    if not isinstance(about, dict):
        return completed
    filled: list[dict[str, Any]] = []
    _fill_threshold(about, await get_athlete(session, athlete_id), filled)
    start = _date(completed.get("start"))
    if start is not None and "ctl" not in about and "atl" not in about and "history_days" not in completed:
        day_before = start - timedelta(days=1)
        known = await fitness(session, athlete_id, first=day_before - timedelta(days=HISTORY_DAYS - 1), last=day_before)
        if sum(1 for day in known.days if day.load_au > 0) >= MIN_HISTORY_DAYS:
            about["ctl"] = round(known.days[-1].ctl, 1)
            about["atl"] = round(known.days[-1].atl, 1)
            filled.append({"code": "fitness", "params": {"ctl": about["ctl"]}})
    await _fill_race_time(session, athlete_id, completed.get("goal"), filled)
    if filled:
        completed["filled_in"] = filled
    return completed


async def _fill_race_time(
    session: AsyncSession, athlete_id: AthleteId, goal: object, filled: list[dict[str, Any]]
) -> None:
    """Let the plan count on the time that the predictions give, where they give one."""
    if not isinstance(goal, dict) or goal.get("type") != "race" or goal.get("sport") != "running":
        return
    distance_m, day = goal.get("distance_m"), _date(goal.get("date"))
    if day is None or goal.get("expected_s") is not None or not isinstance(distance_m, int | float):
        return
    if not SHORTEST_RACE_M <= distance_m <= LONGEST_RACE_M:
        return
    predicted = await race_prediction(session, athlete_id, distance_m=float(distance_m), day=day)
    if predicted is not None:
        goal["expected_s"] = round(predicted.time_s)
        filled.append({"code": "race_time", "params": {"time_s": round(predicted.time_s)}})


def _fill_threshold(about: dict[str, Any], athlete: Athlete, filled: list[dict[str, Any]]) -> None:
    sport = about.get("sport")
    if not isinstance(sport, str) or about.get("threshold") or sport not in THRESHOLDS:
        return
    name, parameter = THRESHOLDS[sport]
    value = getattr(athlete, parameter)
    if value is not None:
        about["threshold"] = {name: value}
        filled.append({"code": "threshold", "params": {"sport": sport, name: value}})


def _date(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
