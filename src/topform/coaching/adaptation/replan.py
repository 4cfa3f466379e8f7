"""Planning on from today: the frame of the season stays, what was lived counts, the rest is chosen again."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

from topform.coaching.assumptions import Assumption
from topform.coaching.goals import PlanSport
from topform.coaching.request import PlanRequest


def continued(
    request: Mapping[str, Any],
    document: Mapping[str, Any],
    *,
    today: date,
    lived: Mapping[date, tuple[dict[str, Any], ...]] | None = None,
    rest: frozenset[date] = frozenset(),
    easy: frozenset[date] = frozenset(),
    scale: Mapping[date, float] | None = None,
    avoided: Mapping[date, frozenset[PlanSport]] | None = None,
) -> dict[str, Any]:
    """Return the plan with everything from today on chosen again.

    Parameters
    ----------
    request : mapping
        The request of the plan, changed where the athlete wants it changed.
    document : mapping
        The plan so far.
    today : date
        First day that may change.
    lived : mapping of date to tuple of dict, optional
        What was done on the days before; without it everything went as planned.
    rest, easy, scale, avoided
        See `topform.coaching.planner.changes.Changes`.

    Returns
    -------
    dict
        A checked document. Without news it is the plan as it was.

    Examples
    --------
    >>> request = {"athlete": {"sport": "running", "ctl": 30, "recent_longest": {"minutes": 60}},
    ...            "goal": {"type": "maintain", "weeks": 2}, "start": "2027-03-01",
    ...            "available_minutes": {"tue": 45, "thu": 45, "sun": 60}}
    >>> from topform.coaching.planner import make_plan
    >>> plan = make_plan(PlanRequest.from_dict(request)).as_dict()
    >>> continued(request, plan, today=date(2027, 3, 8))["days"] == plan["days"]
    True
    """
    share, no_hard, no_sport = _with_kept(document, today, dict(scale or {}), easy, dict(avoided or {}))
    days: dict[date, Mapping[str, Any]] = {date.fromisoformat(day["date"]): day for day in document["days"]}
    if lived is not None:
        for when in list(days):
            if when < today:
                days[when] = {**days[when], "sessions": list(lived.get(when, ()))}
    # The solver loads when a plan is made, not when the API starts.
    from topform.coaching.planner import make_plan
    from topform.coaching.planner.changes import Changes

    changes = Changes(today=today, days=days, rest=rest, easy=no_hard, scale=share, avoided=no_sport)
    result = make_plan(PlanRequest.from_dict(request), changes).as_dict()
    result["continued_on"] = today.isoformat()
    if document.get("made_on"):
        result = made_after(result, date.fromisoformat(document["made_on"]))
    if document.get("illnesses"):
        result["illnesses"] = list(document["illnesses"])
    if share or no_hard or no_sport:
        result["eased"] = {
            when.isoformat(): {
                "share": share.get(when, 1.0),
                "no_hard": when in no_hard,
                "avoided": sorted(sport.value for sport in no_sport.get(when, ())),
            }
            for when in sorted(share.keys() | no_hard | no_sport.keys())
        }
    return result


def made_after(document: Mapping[str, Any], made_on: date) -> dict[str, Any]:
    """Return a copy that knows on which of its days it was made and says so; a copy alone on the first day or before.

    Nobody could follow the days before, so they count as they were recorded and none of their sessions was missed.
    """
    days = (made_on - date.fromisoformat(document["days"][0]["date"])).days
    if days <= 0:
        return dict(document)
    assumed = Assumption("days_before", {"days": days}).as_dict()
    return {
        **document,
        "made_on": made_on.isoformat(),
        "assumptions": [*document["assumptions"], assumed["text"]],
        "assumed": [*document["assumed"], assumed],
    }


def _with_kept(
    document: Mapping[str, Any],
    today: date,
    scale: dict[date, float],
    easy: frozenset[date],
    avoided: dict[date, frozenset[PlanSport]],
) -> tuple[dict[date, float], frozenset[date], dict[date, frozenset[PlanSport]]]:
    """Add what an earlier change eased and is not over: the way back from an illness outlasts the next change."""
    share, no_hard, no_sport = dict(scale), set(easy), dict(avoided)
    for name, kept in (document.get("eased") or {}).items():
        when = date.fromisoformat(name)
        if when >= today:
            share[when] = min(share.get(when, 1.0), float(kept["share"]))
            if kept["no_hard"]:
                no_hard.add(when)
            if kept.get("avoided"):
                no_sport[when] = no_sport.get(when, frozenset()) | {PlanSport(name) for name in kept["avoided"]}
    return share, frozenset(no_hard), no_sport


def eased_share(document: Mapping[str, Any], when: date) -> float:
    """Return the share of the load that an earlier change left for a day."""
    return float(((document.get("eased") or {}).get(when.isoformat()) or {}).get("share", 1.0))


def days_since_continued(document: Mapping[str, Any], today: date) -> int:
    """Return the days since everything ahead was last chosen, since the start for a plan as it was made."""
    return (today - date.fromisoformat(document.get("continued_on") or document["days"][0]["date"])).days


def with_lived(document: Mapping[str, Any], life_lived: Mapping[date, Any], today: date) -> dict[str, Any]:
    """Return a copy whose days before today hold what was done instead of what was planned."""
    result = copy.deepcopy(dict(document))
    for day in result["days"]:
        when = date.fromisoformat(day["date"])
        if when < today:
            day["sessions"] = [dict(session) for session in life_lived.get(when, ())]
    return result
