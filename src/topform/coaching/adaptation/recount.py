"""Sums and load averages of a changed document, worked out again."""

from __future__ import annotations

import copy
import math
from typing import Any

from topform.coaching import rules
from topform.coaching.baseline import baseline
from topform.coaching.request import PlanRequest


def recounted(document: dict[str, Any], request: PlanRequest) -> dict[str, Any]:
    """Return a copy with sums, averages, phases and the outlook of the weeks in line with its sessions.

    Parameters
    ----------
    document : dict
        A plan whose days were edited.
    request : PlanRequest

    Returns
    -------
    dict
    """
    result = copy.deepcopy(document)
    base = baseline(request)
    ctl, atl = base.ctl, base.atl
    keep_ctl = math.exp(-1.0 / rules.CTL_TIME_CONSTANT_DAYS)
    keep_atl = math.exp(-1.0 / rules.ATL_TIME_CONSTANT_DAYS)
    for day in result["days"]:
        load = sum(session["load"] for session in day["sessions"])
        ctl, atl = keep_ctl * ctl + (1 - keep_ctl) * load, keep_atl * atl + (1 - keep_atl) * load
        day["minutes"] = sum(session["minutes"] for session in day["sessions"])
        day["load"] = round(load, 1)
        day["ctl"], day["atl"] = round(ctl, 2), round(atl, 2)
        day["tsb"] = round(day["ctl"] - day["atl"], 2)
    for phase in result["phases"]:
        inside = [day for day in result["days"] if phase["start"] <= day["date"] <= phase["end"]]
        phase["load"] = round(sum(day["load"] for day in inside), 1)
    _recount_outlook(result)
    return result


def _recount_outlook(document: dict[str, Any]) -> None:
    outlook, days = document["forecast"], document["days"]
    for number, week in enumerate(outlook["weeks"]):
        inside = days[7 * number : 7 * number + 7]
        week["sessions"] = sum(len(day["sessions"]) for day in inside)
        week["minutes"] = sum(day["minutes"] for day in inside)
        week["load"] = round(sum(day["load"] for day in inside), 1)
        for name in ("ctl", "atl", "tsb"):
            week[name] = round(inside[-1][name], 1)
    outlook["end"] = {name: outlook["weeks"][-1][name] for name in ("ctl", "atl", "tsb")}
    outlook["peak_ctl"] = round(max(day["ctl"] for day in days), 1)
    if "race" in outlook and len(days) > 1:
        outlook["race"]["tsb_on_the_morning"] = round(days[-2]["tsb"], 1)
