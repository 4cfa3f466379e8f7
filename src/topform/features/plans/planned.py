"""The current plan as loads by day, and the race it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.plans.repository import PlanRepository


@dataclass(frozen=True, slots=True)
class PlannedLoads:
    """What the current plan asks for: one load a day, and the race it leads to."""

    loads_au: Mapping[date, float]
    race_day: date | None
    race_sport: str | None
    race_distance_m: float | None


async def planned_loads(session: AsyncSession, athlete_id: AthleteId) -> PlannedLoads | None:
    """Return the loads of the newest plan; None without a plan."""
    row = await PlanRepository(session).newest(athlete_id)
    if row is None:
        return None
    loads = {
        date.fromisoformat(day["date"]): float(sum(item.get("load") or 0.0 for item in day["sessions"]))
        for day in row.document["days"]
    }
    goal: dict[str, Any] = row.request.get("goal") or {}
    is_race = goal.get("type") == "race"
    return PlannedLoads(
        loads_au=loads,
        race_day=date.fromisoformat(goal["date"]) if is_race and goal.get("date") else None,
        race_sport=goal.get("sport") if is_race else None,
        race_distance_m=float(goal["distance_m"]) if is_race and goal.get("distance_m") else None,
    )
