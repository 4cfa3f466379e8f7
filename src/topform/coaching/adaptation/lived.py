"""Recorded training as session documents, so that plan, checker and planner can look back on it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from topform.coaching import rules
from topform.coaching.goals import PlanSport

RECORDED: Final = "recorded"
_SPORTS: Final = {
    "running": PlanSport.RUNNING,
    "cycling": PlanSport.CYCLING,
    "swimming": PlanSport.SWIMMING,
    "strength": PlanSport.STRENGTH,
}
_OTHER: Final = PlanSport.TRIATHLON
"""Stands for any other sport: its load counts, no rule of a single sport applies."""

_DENSE_AU_PER_H: Final = 75.0
_DENSE_FROM_MIN: Final = 20
_KEPT_FRAC: Final = 0.6
_HARD: Final = frozenset({"long", "tempo", "threshold", "vo2", "speed", "test"})
_TITLES: Final = {
    PlanSport.RUNNING: "Run",
    PlanSport.CYCLING: "Ride",
    PlanSport.SWIMMING: "Swim",
    PlanSport.STRENGTH: "Strength training",
    _OTHER: "Other training",
}


def recorded_session(
    *,
    day: date,
    number: int,
    sport: str,
    minutes: float,
    load_au: float,
    distance_m: float | None = None,
    planned: dict[str, Any] | None = None,
    activity_id: str | None = None,
) -> dict[str, Any]:
    """Return what was done as a session document.

    Parameters
    ----------
    day : date
    number : int
        Counts the sessions of the day, from 1.
    sport : str
        Of the activity; a sport that no plan trains counts by its load alone.
    minutes, load_au : float
        [min], [AU]
    distance_m : float, optional
        [m]
    planned : dict, optional
        The planned session it fulfils.
    activity_id : str, optional

    Returns
    -------
    dict
        Its ``kind`` is the planned one where most of it was done, otherwise what length and load speak of.
    """
    kind_of = _SPORTS.get(sport, _OTHER)
    whole = max(1, round(minutes))
    session: dict[str, Any] = {
        "id": f"{day.isoformat()}-done-{number}",
        "title": _TITLES[kind_of] if planned is None else planned["title"],
        "sport": kind_of.value,
        "kind": _kind(kind_of, whole, round(load_au, 1), planned),
        "workout": RECORDED,
        "minutes": whole,
        "load": round(load_au, 1),
        "steps": [{"kind": "free", "duration_s": 60 * whole, "text": ""}],
        "purpose": "" if planned is None else planned.get("purpose", ""),
        "source": "",
        "why": "",
        "status": "done" if planned is not None else "extra",
    }
    session["hard"] = session["kind"] not in {"easy", "recovery", "strength", "opener"}
    if distance_m is not None:
        session["distance_m"] = round(distance_m)
    if planned is not None:
        session["planned_id"] = planned["id"]
    if activity_id is not None:
        session["activity_id"] = activity_id
    return session


def _kind(sport: PlanSport, minutes: int, load_au: float, planned: dict[str, Any] | None) -> str:
    if sport is PlanSport.STRENGTH:
        return "strength"
    if planned is not None and minutes >= _KEPT_FRAC * float(planned["minutes"]) and planned["kind"] in _HARD:
        return str(planned["kind"])
    # What was planned as easy and became long or dense was hard, whatever its name.
    if sport in rules.LONG_SESSION_MINUTES and minutes >= rules.LONG_SESSION_MINUTES[sport]:
        return "long"
    is_dense = minutes >= _DENSE_FROM_MIN and load_au > _DENSE_AU_PER_H * minutes / 60
    return "threshold" if is_dense and sport is not _OTHER else "easy"
