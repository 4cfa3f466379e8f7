"""Races that cannot be run: refused where a request comes in; stored plans stay readable."""

from __future__ import annotations

from datetime import date
from typing import Final

from topform.coaching.fields import refuse
from topform.coaching.request import PlanRequest

_REMEDY: Final = "Take the day out of the unavailable dates, or leave the race out."


def require_races_possible(request: PlanRequest) -> None:
    """Refuse a race on a day that the request itself rules out.

    Reading a request does not refuse it: an absence may be told after the plan was stored, and the plan must stay
    readable. There the plan carries a warning.

    Parameters
    ----------
    request : PlanRequest

    Raises
    ------
    PlanRequestError
        Naming the race and its day.

    Examples
    --------
    >>> request = PlanRequest.from_dict({
    ...     "athlete": {"sport": "running"}, "goal": {"type": "maintain", "weeks": 4}, "start": "2027-03-01",
    ...     "available_minutes": {"sun": 60}, "unavailable_dates": ["2027-03-14"],
    ...     "other_races": [{"date": "2027-03-14", "distance_m": 5000}]})
    >>> require_races_possible(request)
    Traceback (most recent call last):
    ...
    topform.core.errors.PlanRequestError: other_races[0].date: 2027-03-14 is one of the unavailable dates
    """
    for index, race in enumerate(request.other_races):
        if race.day in request.unavailable_dates:
            raise refuse(f"other_races[{index}].date", f"{race.day} is one of the unavailable dates", _REMEDY)


def require_race_ahead(request: PlanRequest, *, today: date) -> None:
    """Refuse a plan for a race that is over.

    Parameters
    ----------
    request : PlanRequest
    today : date
        The athlete's local day.

    Raises
    ------
    PlanRequestError
        Naming the day of the race.

    Examples
    --------
    >>> request = PlanRequest.from_dict({
    ...     "athlete": {"sport": "running"}, "start": "2027-03-01", "available_minutes": {"sun": 60},
    ...     "goal": {"type": "race", "sport": "running", "distance_m": 5000, "date": "2027-04-25"}})
    >>> require_race_ahead(request, today=date(2027, 4, 25))
    >>> require_race_ahead(request, today=date(2027, 4, 26))
    Traceback (most recent call last):
    ...
    topform.core.errors.PlanRequestError: goal.date: 2027-04-25 is over
    """
    if request.race_day is not None and request.race_day < today:
        raise refuse("goal.date", f"{request.race_day} is over", "Choose a race that is still ahead.")
