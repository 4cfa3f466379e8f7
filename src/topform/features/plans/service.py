"""Ordering and reading plans."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.rules import LONGEST_WINDOW_DAYS, MAX_LONGEST_RATIO
from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.core.units import S_PER_MIN
from topform.features.activities.public import past_sessions
from topform.features.athletes.public import Athlete, get_athlete
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import Plan
from topform.features.plans.versions import shown
from topform.features.predictions.public import LONGEST_RACE_M, SHORTEST_RACE_M, race_prediction
from topform.features.training_load.public import fitness

THRESHOLDS = {
    "running": ("speed_m_s", "threshold_speed_m_s"),
    "cycling": ("power_w", "ftp_w"),
    "swimming": ("speed_m_s", "css_m_s"),
}
ALL_THRESHOLDS = {**THRESHOLDS, "swimming": ("swim_speed_m_s", "css_m_s")}
KNOWN_DAYS = 365
"""Who has recorded something in so many days records their training: what is missing was not done."""

MOST_RACES = 20
"""So many races on the way get their predicted time; those after them are estimated from the threshold."""

SOON_DAYS = 7
"""A plan that starts later than this says nothing of the days before it: no sport counts as not done."""


async def get_plan(session: AsyncSession, viewer: AthleteId, plan_id: UUID, *, now: datetime) -> Plan:
    """Return a plan."""
    row = await PlanRepository(session).visible(viewer, plan_id)
    if row is None:
        raise NotFoundError("There is no such plan.")
    return await shown(session, viewer, row, now=now)


async def current_plan(session: AsyncSession, viewer: AthleteId, *, now: datetime) -> Plan | None:
    """Return the newest plan; None when there is none yet."""
    row = await PlanRepository(session).newest(viewer)
    return None if row is None else await shown(session, viewer, row, now=now)


async def complete_request(
    session: AsyncSession, athlete_id: AthleteId, request: dict[str, Any], *, today: date
) -> dict[str, Any]:
    """Return the request with what it leaves open about the athlete filled in from what is stored.

    What the request says itself is never changed, and what is not stored stays open.
    """
    completed = copy.deepcopy(request)
    about = completed.get("athlete")
    if not isinstance(about, dict):
        return completed
    filled: list[dict[str, Any]] = []
    athlete = await get_athlete(session, athlete_id)
    if athlete.equipment is not None and "equipment" not in about:
        about["equipment"] = list(athlete.equipment)
    _fill_threshold(about, completed.get("goal"), athlete, filled)
    start = _date(completed.get("start"))
    start = None if start is None or start.toordinal() <= KNOWN_DAYS else start
    if start is not None and "ctl" not in about and "atl" not in about and "history_days" not in completed:
        # A later start is planned from where the athlete stands today: nobody knows what comes between.
        newest = min(start - timedelta(days=1), today)
        known = (await fitness(session, athlete_id, first=newest, last=newest)).days[-1]
        if known.ctl > 0:
            about["ctl"] = round(known.ctl, 1)
            about["atl"] = round(known.atl, 1)
            filled.append({"code": "fitness", "params": {"ctl": about["ctl"]}})
    if start is not None and not about.get("recent_longest") and not completed.get("history_days"):
        await _fill_recent_longest(session, athlete_id, about, completed.get("goal"), start=start, today=today)
    goal, others = completed.get("goal"), completed.get("other_races")
    if isinstance(goal, dict) and goal.get("type") == "race" and goal.get("sport") == "running":
        time_s = await _fill_race_time(session, athlete_id, goal)
        filled += [] if time_s is None else [{"code": "race_time", "params": {"time_s": time_s}}]
    for race in others[:MOST_RACES] if isinstance(others, list) else []:
        if isinstance(race, dict) and race.get("sport") in (None, "running"):
            await _fill_race_time(session, athlete_id, race)
    if filled:
        completed["filled_in"] = filled
    return completed


async def _fill_recent_longest(
    session: AsyncSession, athlete_id: AthleteId, about: dict[str, Any], goal: object, *, start: date, today: date
) -> None:
    """State the stored sessions of the thirty days before the start that none after them was as long as."""
    sport = (goal.get("sport") if isinstance(goal, dict) else None) or about.get("sport")
    wanted = [item.value for item in MAX_LONGEST_RATIO if sport in (item.value, "triathlon")]
    if not wanted:
        return
    known = await past_sessions(
        session, athlete_id, first=start - timedelta(days=KNOWN_DAYS), last=start - timedelta(days=1)
    )
    lasting: dict[str, list[dict[str, Any]]] = {}
    for one in reversed(known):
        minutes = round(one.timer_s / S_PER_MIN, 1)
        if one.sport not in wanted or one.day < start - timedelta(days=LONGEST_WINDOW_DAYS):
            continue
        later = lasting.setdefault(one.sport, [])
        if 0 < minutes <= 24 * 60 and (not later or minutes > later[0]["minutes"]):
            later.insert(0, {"date": one.day.isoformat(), "minutes": minutes})
    found = {name: sessions for name, sessions in lasting.items() if sessions}
    if len(found) == len(wanted) or (known and start <= today + timedelta(days=SOON_DAYS)):
        about["recent_longest"] = {"by_sport": found}


async def _fill_race_time(session: AsyncSession, athlete_id: AthleteId, race: dict[str, Any]) -> int | None:
    """Let the plan count on the time that the predictions give for a run, and return it where they give one. [s]"""
    distance_m, day = race.get("distance_m"), _date(race.get("date"))
    if day is None or race.get("expected_s") is not None or not isinstance(distance_m, int | float):
        return None
    if not SHORTEST_RACE_M <= distance_m <= LONGEST_RACE_M:
        return None
    predicted = await race_prediction(session, athlete_id, distance_m=float(distance_m), day=day)
    if predicted is None:
        return None
    race["expected_s"] = round(predicted.time_s)
    return round(predicted.time_s)


def _fill_threshold(about: dict[str, Any], goal: object, athlete: Athlete, filled: list[dict[str, Any]]) -> None:
    sport, race_sport = about.get("sport"), goal.get("sport") if isinstance(goal, dict) else None
    if not isinstance(sport, str):
        return
    if not about.get("threshold"):
        wanted = ALL_THRESHOLDS if sport == "triathlon" else {sport: THRESHOLDS[sport]} if sport in THRESHOLDS else {}
        if race_sport == "cycling":
            wanted = wanted | {"cycling": THRESHOLDS["cycling"]}
        known = {name: (named, getattr(athlete, parameter)) for named, (name, parameter) in wanted.items()}
        found = {name: value for name, (_, value) in known.items() if value is not None}
        if found:
            about["threshold"] = found
        filled += [
            {"code": "threshold", "params": {"sport": known[name][0], name: value}} for name, value in found.items()
        ]
    if race_sport in {"cycling", "triathlon"} and about.get("mass_kg") is None and athlete.mass_kg is not None:
        about["mass_kg"] = athlete.mass_kg
        filled.append({"code": "mass", "params": {"mass_kg": athlete.mass_kg}})


def _date(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
