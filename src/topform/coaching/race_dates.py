"""Races on days that the same request calls unavailable: refused where a request comes in, told in stored plans."""

from __future__ import annotations

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
