"""What if: a plan with one thing changed, beside the plan as it is. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from topform.coaching.adaptation.diff import compare, effect
from topform.coaching.adaptation.recount import recounted
from topform.coaching.adaptation.replan import continued, with_lived
from topform.coaching.fields import Fields, day, refuse
from topform.coaching.goal_reading import MAX_WEEKS
from topform.coaching.request import LEAST_DAYS_BETWEEN_RACES, WEEKDAYS, PlanRequest

Document = dict[str, Any]


def what_if(
    request: Mapping[str, Any],
    document: Document,
    change: object,
    *,
    today: date,
    lived: Mapping[date, tuple[Document, ...]],
    locked: frozenset[date] = frozenset(),
) -> Document:
    """Return the plan as it is and as it would be, side by side.

    Parameters
    ----------
    request, document
        The plan.
    change : object
        ``{"type": "skip_week", "week_of": date}``, ``{"type": "add_day", "weekday", "minutes"}``,
        ``{"type": "drop_day", "weekday"}``, ``{"type": "move_race", "days": n}`` or
        ``{"type": "away", "first", "last"}``.
    today : date
    lived : mapping of date to tuple of dict
    locked : frozenset of date, optional
        Days that health keeps free of training.

    Returns
    -------
    dict
        ``before`` and ``after`` (each ``days`` with ctl, atl and tsb, and what they lead to), ``diff``, ``request``
        and ``document`` of the changed plan.

    Raises
    ------
    PlanRequestError
        If the change cannot be read or does not fit the plan.
    """
    fields = Fields(change, path="change", known=("type", "week_of", "weekday", "minutes", "days", "first", "last"))
    kind = fields.raw("type")
    if not isinstance(kind, str) or kind not in _CHANGES:
        raise refuse("change.type", f"is {kind!r}", f"Write one of: {', '.join(_CHANGES)}.")
    new_request, extra = _CHANGES[kind](dict(request), fields, today)
    if kind in _SPANS:
        _require_ahead(extra.pop("ahead"), document, today, *_SPANS[kind])
    old = PlanRequest.from_dict(request)
    parsed = PlanRequest.from_dict(new_request)
    base = recounted(with_lived(document, lived, today), old)
    rest = extra.pop("rest", frozenset()) | locked
    changed = continued(new_request, document, today=today, lived=lived, rest=rest, **extra)
    return {
        "request": new_request,
        "document": changed,
        "diff": compare(base, changed, since=today),
        "effect": effect((base, old), (changed, parsed), since=today),
        "before": _curve(base),
        "after": _curve(changed),
        "checks": changed["checks"],
        "relaxed": changed["relaxed"],
    }


def _curve(document: Document) -> list[Document]:
    return [{name: day_[name] for name in ("date", "load", "ctl", "atl", "tsb")} for day_ in document["days"]]


def _skip_week(request: Document, fields: Fields, today: date) -> tuple[Document, Document]:
    monday = fields.day("week_of") or today
    monday -= timedelta(days=monday.weekday())
    rest = frozenset(monday + timedelta(days=offset) for offset in range(7))
    rest = frozenset(when for when in rest if when >= today)
    return request, {"rest": rest, "ahead": rest}


def _require_ahead(days: frozenset[date], document: Document, today: date, field: str, problem: str) -> None:
    ahead = [when for when in (date.fromisoformat(day_["date"]) for day_ in document["days"]) if when >= today]
    if days.isdisjoint(ahead):
        remedy = f"Name a day from {ahead[0]} to {ahead[-1]}." if ahead else "Make a new plan."
        raise refuse(field, problem, remedy)


def _add_day(request: Document, fields: Fields, _today: date) -> tuple[Document, Document]:
    weekday = _weekday(fields)
    minutes = fields.whole("minutes", low=10, high=600, unit="minutes")
    if minutes is None:
        raise refuse("change.minutes", "is missing", "Write the minutes of the added day.")
    offered = {**(request.get("available_minutes") or {}), weekday: minutes}
    rest = [name for name in request.get("preferred_rest") or () if name != weekday]
    return {**request, "available_minutes": offered, "preferred_rest": rest}, {}


def _drop_day(request: Document, fields: Fields, _today: date) -> tuple[Document, Document]:
    return {**request, "available_minutes": {**(request.get("available_minutes") or {}), _weekday(fields): 0}}, {}


def _move_race(request: Document, fields: Fields, today: date) -> tuple[Document, Document]:
    days = fields.whole("days", low=-182, high=182, unit="days")
    goal = request.get("goal") or {}
    if goal.get("type") != "race":
        raise refuse("change.type", "there is no race to move", "Ask this of a plan for a race.")
    if not days:
        raise refuse("change.days", "is missing", "Write by how many days the race moves; negative is earlier.")
    moved = day(goal.get("date"), field="goal.date") + timedelta(days=days)
    soonest = today + timedelta(days=1)
    latest = day(request.get("start"), field="start") + timedelta(weeks=MAX_WEEKS)
    if not soonest <= moved <= latest:
        raise refuse(
            "change.days",
            f"moves the race to {moved}",
            f"Move it to a day from {soonest} to {latest}: tomorrow or later, and within {MAX_WEEKS} weeks of the "
            "first day of the plan.",
        )
    free = [text for text in request.get("unavailable_dates") or () if text != moved.isoformat()]
    changed = {**request, "goal": {**goal, "date": moved.isoformat()}, "unavailable_dates": free}
    # Races on the way that the plan no longer reaches, or that would come too close to the race, fall out.
    last = moved - timedelta(days=LEAST_DAYS_BETWEEN_RACES)
    on_the_way = [race for race in request.get("other_races") or () if day(race["date"], field="date") <= last]
    return changed | ({"other_races": on_the_way} if request.get("other_races") else {}), {}


def _away(request: Document, fields: Fields, today: date) -> tuple[Document, Document]:
    first, last = fields.day("first"), fields.day("last")
    if first is None or last is None or last < first:
        raise refuse("change.first", "and last are no span of days", 'Write "first" and "last", the same for one day.')
    if (last - first).days > 365:
        raise refuse("change.last", "is more than a year after the first day", "Write a shorter absence.")
    days = {first + timedelta(days=offset) for offset in range((last - first).days + 1)}
    known, old = set(request.get("unavailable_dates") or ()), PlanRequest.from_dict(request)
    gone = sorted({when.isoformat() for when in days if when != old.race_day and when >= today})
    raced = sorted({race.day.isoformat() for race in old.other_races} & set(gone) - known)
    if raced:
        raise refuse(
            "change.first",
            f"and last hold the day of your race on {raced[0]}",
            "Leave that day out of the absence, or plan again without the race.",
        )
    changed = {**request, "unavailable_dates": sorted(known | set(gone))}
    return changed, {"ahead": frozenset(when for when in days if when >= today)}


def _weekday(fields: Fields) -> str:
    weekday = fields.raw("weekday")
    if weekday not in WEEKDAYS:
        raise refuse("change.weekday", f"is {weekday!r}", f"Write one of: {', '.join(WEEKDAYS)}.")
    return str(weekday)


_CHANGES: Final[dict[str, Callable[[Document, Fields, date], tuple[Document, Document]]]] = {
    "skip_week": _skip_week,
    "add_day": _add_day,
    "drop_day": _drop_day,
    "move_race": _move_race,
    "away": _away,
}

_SPANS: Final = {
    "skip_week": ("change.week_of", "is in a week without a day of the plan that is still to come"),
    "away": ("change.first", "and last hold no day of the plan that is still to come"),
}
"""Changes of a span of days: the field that names it, and what is wrong with one that the plan does not reach."""
