"""Requests, and changes to finished plans that keep the sums right, so that only the meant rule breaks."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

from topform.coaching.checker import check
from topform.coaching.request import PlanRequest

HALF_MARATHON: dict[str, Any] = {
    "athlete": {
        "sport": "running",
        "experience": "intermediate",
        "ctl": 40,
        "atl": 42,
        "threshold": {"speed_m_s": 3.8},
        "recent_longest": {"minutes": 80},
    },
    "goal": {"type": "race", "sport": "running", "distance_m": 21_097.5, "date": "2027-05-23", "priority": "A"},
    "start": "2027-03-01",
    "available_minutes": {"mon": 0, "tue": 60, "wed": 60, "thu": 60, "fri": 45, "sat": 60, "sun": 150},
    "unavailable_dates": ["2027-03-10"],
    "preferred_rest": ["mon"],
}

PUSH_UPS: dict[str, Any] = {
    "athlete": {"sport": "strength", "experience": "intermediate", "ctl": 20},
    "goal": {"type": "strength_max_reps", "exercise": "push_up", "current": 12, "target": 25, "weeks": 8},
    "start": "2027-03-01",
    "available_minutes": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), 40),
}

Document = dict[str, Any]


def changed(document: Document, change: Callable[[list[Document]], None], request: PlanRequest) -> Document:
    """Return a changed copy with day sums and load averages worked out again."""
    result = copy.deepcopy(document)
    change(result["days"])
    ctl, atl = float(request.athlete.ctl or 0), float(request.athlete.atl or request.athlete.ctl or 0)
    for day in result["days"]:
        day["load"] = round(sum(session["load"] for session in day["sessions"]), 1)
        day["minutes"] = sum(session["minutes"] for session in day["sessions"])
        ctl += (day["load"] - ctl) * (1 - math.exp(-1 / 42))
        atl += (day["load"] - atl) * (1 - math.exp(-1 / 7))
        day.update(ctl=round(ctl, 2), atl=round(atl, 2), tsb=round(ctl - atl, 2))
    return result


def failed_rules(document: Document, request: PlanRequest) -> set[str]:
    """Return the rules that a document breaks."""
    return {item["rule"] for item in check(document, request) if item["status"] == "fail"}


def easy_run(session_id: str, minutes: int, *, pct: float = 74.0, kind: str = "easy") -> Document:
    """Return a steady run with the load that follows from it."""
    return {
        "id": session_id,
        "title": "Run",
        "sport": "running",
        "kind": kind,
        "minutes": minutes,
        "load": round(minutes / 60 * pct**2 / 100, 1),
        "steps": [{"kind": "steady", "duration_s": minutes * 60, "intensity_pct": [pct, pct], "rpe": [3, 4]}],
    }
