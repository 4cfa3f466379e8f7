"""What had to give: wishes the week could not hold, in the fixed order in which they give way. Never a safety rule."""

from __future__ import annotations

from typing import Any, Final

from topform.coaching.goals import StrengthGoal
from topform.coaching.planner.season import Season, Week
from topform.coaching.planner.weekly import WeekChoice
from topform.coaching.request import PlanRequest

RELAXATION_ORDER: Final = ("variety", "zone_target", "load_target", "key_sessions")
_LOAD_TOLERANCE: Final = 0.15
_SMALL_LOAD_AU: Final = 15.0
_DAYS_WITHOUT_CHOICE: Final = 2
"""A race tomorrow leaves nothing to give way."""


def relaxations(request: PlanRequest, season: Season, choices: list[WeekChoice | None]) -> list[dict[str, Any]]:
    """Return what was relaxed, with the weeks and the reason.

    Parameters
    ----------
    request : PlanRequest
    season : Season
    choices : list of WeekChoice or None
        None for a week that already lies behind.

    Returns
    -------
    list of dict
        Each ``{"rule", "weeks", "detail"}``; empty when everything fitted.
    """
    pairs = [(week, choice) for week, choice in zip(season.weeks, choices, strict=True) if choice is not None]
    wanted_but_short = [
        week.index + 1
        for week, choice in pairs
        if not (isinstance(request.goal, StrengthGoal) or week.phase == "taper" or week.days[-1] >= season.taper_from)
        and choice.load_au < (1 - _LOAD_TOLERANCE) * max(week.target_au, _usual_load(week)) - _SMALL_LOAD_AU
    ]
    found = [
        _entry(
            "load_target",
            wanted_but_short,
            "The safety rules and the minutes at hand allow less load than you are used to or than an ordinary "
            "build-up would set.",
        ),
        _entry(
            "key_sessions",
            [w.index + 1 for w, c in pairs if c.missing_keys or c.is_long_missing],
            "Not every quality or long session found a day with enough minutes and easy days around it, "
            "at a length that your longest recent session allows.",
        ),
        _entry(
            "strength_sessions",
            [w.index + 1 for w, c in pairs if c.missing_strength],
            "Not every strength session found a day with enough minutes and a free day in between.",
        ),
    ]
    if not any(request.available_minutes.values()):
        found.append({"rule": "availability", "weeks": [], "detail": "No weekday offers any minutes."})
    said = [entry for entry in found if entry is not None]
    days = [day for _, choice in pairs for day in choice.days]
    is_new = len(days) == season.n_days > _DAYS_WITHOUT_CHOICE
    if is_new and not any(days) and not said:
        said.append({"rule": "availability", "weeks": [], "detail": "No day can hold a session that the rules allow."})
    return said


def _usual_load(week: Week) -> float:
    """Return the load that holds fitness; easier and taper weeks are meant to be below. [AU]"""
    if week.is_deload or week.phase == "taper":
        return 0.0
    return week.usual_au * week.n_days / 7


def _entry(rule: str, weeks: list[int], detail: str) -> dict[str, Any] | None:
    return {"rule": rule, "weeks": weeks, "detail": detail} if weeks else None
