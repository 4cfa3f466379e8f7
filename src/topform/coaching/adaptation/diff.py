"""What changes between two plans, and what the change is expected to do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from topform.coaching.adaptation.outlook import race_outlook
from topform.coaching.request import PlanRequest

_NEXT_DAYS: Final = 7
_SHOWN: Final = ("id", "title", "sport", "kind", "minutes", "load", "workout")


def compare(before: dict[str, Any], after: dict[str, Any], *, since: date) -> list[dict[str, Any]]:
    """Return the sessions that differ from a day on, in order of date.

    Parameters
    ----------
    before, after : dict
        Plan documents.
    since : date

    Returns
    -------
    list of dict
        Each ``{"date", "action", "before", "after"}``.

    Examples
    --------
    >>> day = {"date": "2027-03-01", "sessions": [{"id": "a", "title": "Run", "sport": "running", "minutes": 30}]}
    >>> [entry["action"] for entry in compare({"days": [day]}, {"days": []}, since=date(2027, 3, 1))]
    ['removed']
    """
    old, new = _by_day(before, since), _by_day(after, since)
    entries: list[dict[str, Any]] = []
    for when in sorted(old.keys() | new.keys()):
        gone = [item for item in old.get(when, []) if not _contains(new.get(when, []), item)]
        come = [item for item in new.get(when, []) if not _contains(old.get(when, []), item)]
        for first, second in zip(gone, come, strict=False):
            entries.append({"date": when, "action": "changed", "before": _shown(first), "after": _shown(second)})
        entries += [{"date": when, "action": "removed", "before": _shown(x), "after": None} for x in gone[len(come) :]]
        entries += [{"date": when, "action": "added", "before": None, "after": _shown(x)} for x in come[len(gone) :]]
    return entries


def effect(
    before: tuple[dict[str, Any], PlanRequest], after: tuple[dict[str, Any], PlanRequest], *, since: date
) -> dict[str, Any]:
    """Return what both plans lead to, side by side."""
    return {"before": _leads_to(*before, since), "after": _leads_to(*after, since)}


def _leads_to(document: dict[str, Any], request: PlanRequest, since: date) -> dict[str, Any]:
    until = since + timedelta(days=_NEXT_DAYS)
    near = [day for day in document["days"] if since.isoformat() <= day["date"] < until.isoformat()]
    last = document["days"][-2 if request.race_day is not None and len(document["days"]) > 1 else -1]
    result: dict[str, Any] = {
        "next_days": {
            "days": _NEXT_DAYS,
            "minutes": sum(session["minutes"] for day in near for session in day["sessions"]),
            "load": round(sum(session["load"] for day in near for session in day["sessions"]), 1),
            "sessions": sum(len(day["sessions"]) for day in near),
        },
        "end": {"date": last["date"], **{name: round(last[name], 1) for name in ("ctl", "atl", "tsb")}},
    }
    race = race_outlook(document, request)
    return result if race is None else result | {"race": race}


def _by_day(document: dict[str, Any], since: date) -> dict[str, list[dict[str, Any]]]:
    return {day["date"]: day["sessions"] for day in document["days"] if day["date"] >= since.isoformat()}


def _contains(sessions: list[dict[str, Any]], item: dict[str, Any]) -> bool:
    return any(_same(item, other) for other in sessions)


def _same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return all(first.get(name) == second.get(name) for name in ("workout", "sport", "minutes", "load", "steps"))


def _shown(session: dict[str, Any]) -> dict[str, Any]:
    return {name: session[name] for name in _SHOWN if name in session}
