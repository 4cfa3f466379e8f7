"""Checks a finished plan against the rules. It knows nothing of how plans are made.

The checker takes a plain document, from our planner, another program or a person's own change, and works everything
out again: hard sessions from their steps, loads from their targets, averages from the loads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from topform.coaching.checker import bookkeeping, life, strain
from topform.coaching.checker.context import Context, Finding
from topform.coaching.checker.document import MalformedPlanError
from topform.coaching.request import PlanRequest

RULES: Final[tuple[Callable[[Context], Finding], ...]] = (
    bookkeeping.dates,
    bookkeeping.sums,
    bookkeeping.predicted_loads,
    bookkeeping.averages,
    life.availability,
    life.unavailable_dates,
    life.health_lock,
    life.preferred_rest,
    life.other_races,
    life.stated_limits,
    life.rest_day,
    life.hard_days,
    life.hard_easy,
    life.strength_spacing,
    life.strength_reps,
    strain.ramp,
    strain.tsb_floor,
    strain.weekly_growth,
    strain.spike,
    strain.long_run,
    strain.monotony,
    strain.deload,
    strain.taper,
    bookkeeping.race_day,
)


def check(
    document: Mapping[str, Any],
    request: PlanRequest,
    *,
    since: date | None = None,
    locked: frozenset[date] = frozenset(),
) -> list[dict[str, str]]:
    """Check a plan document against every rule.

    Parameters
    ----------
    document : mapping
        A plan in the shape of the planner's answer; only ``days`` is read.
    request : PlanRequest
        What the plan was made for.
    since : date, optional
        First day that is still planned. Days before it were lived: they count in every sum, but what the athlete did
        there is no fault of the plan.
    locked : frozenset of date, optional
        Days that an illness or a warning sign keeps free of training.

    Returns
    -------
    list of dict
        One ``{"rule", "status", "detail"}`` for each rule; status is "pass", "warn" or "fail". A document that
        cannot be read gives a single failure of the rule ``document``.
    """
    try:
        context = Context(document, request, since=since, locked=locked)
    except MalformedPlanError as error:
        return [Finding("document", "fail", str(error)).as_dict()]
    return [rule(context).as_dict() for rule in RULES]
