"""How a plan divides its time between easy, middle and hard, and what its phases wish."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from topform.coaching.goals import Experience, PlanSport
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.load import ZONE_BORDERS_PCT

ZoneShares = tuple[float, float, float]

_WISH: Final = {
    "base": (0.93, 0.05, 0.02),
    "progress": (0.93, 0.05, 0.02),
    "maintain": (0.90, 0.07, 0.03),
    "build": (0.88, 0.09, 0.03),
    "specific": (0.88, 0.09, 0.03),
    "peak": (0.87, 0.10, 0.03),
    "taper": (0.87, 0.09, 0.04),
}
_EASIER: Final = (0.97, 0.02, 0.01)
"""Time in zone. Pyramidal throughout, more so early: by time, well-trained runners spend nine tenths easily, although
one session in five is a hard one (Casado 2022, training of highly trained and elite distance runners)."""


def session_zone_minutes(session: dict[str, Any]) -> ZoneShares:
    """Return the minutes of a planned endurance session below, between and above the two thresholds. [min]"""
    sport = PlanSport(session["sport"])
    if sport not in ZONE_BORDERS_PCT or session["kind"] == "race":
        return (0.0, 0.0, 0.0)
    low, high = ZONE_BORDERS_PCT[sport]
    found = np.zeros(3)
    for duration_s, pct in _pieces(session["steps"]):
        if pct > 0:
            found[0 if pct < low else 1 if pct < high else 2] += duration_s / 60
    return (float(found[0]), float(found[1]), float(found[2]))


def planned_zone_shares(document: dict[str, Any]) -> ZoneShares:
    """Return the shares of easy, middle and hard time over a plan; (1, 0, 0) without endurance sessions."""
    total = np.zeros(3)
    for day in document["days"]:
        for session in day["sessions"]:
            total += session_zone_minutes(session)
    if total.sum() <= 0:
        return (1.0, 0.0, 0.0)
    easy, middle, hard = total / total.sum()
    return (float(easy), float(middle), float(hard))


def _pieces(steps: list[dict[str, Any]]) -> list[tuple[float, float]]:
    pieces: list[tuple[float, float]] = []
    for step in steps:
        if step["kind"] == "repeat":
            pieces += int(step["count"]) * _pieces(step["steps"])
        elif "intensity_pct" in step:
            low, high = step["intensity_pct"]
            pieces.append((float(step["duration_s"]), (low + high) / 2))
    return pieces


def zone_wish(*, phase: str, is_easier: bool, experience: Experience) -> ZoneShares:
    """Return the wished shares of time for a week.

    Parameters
    ----------
    phase : str
    is_easier : bool
        Whether the week is an easier one.
    experience : Experience
        Beginners do half of the harder work.

    Returns
    -------
    tuple of float
        Easy, middle, hard; by time in zone, which holds fewer hard minutes than a count of sessions would.

    Examples
    --------
    >>> zone_wish(phase="build", is_easier=False, experience=Experience.ADVANCED)
    (0.88, 0.09, 0.03)
    """
    easy, middle, hard = _EASIER if is_easier else _WISH[phase]
    if experience is Experience.BEGINNER:
        middle, hard = middle / 2, hard / 2
        easy = 1.0 - middle - hard
    return (easy, middle, hard)


def zone_targets(request: PlanRequest, document: dict[str, Any]) -> ZoneShares:
    """Return the wished shares of a whole plan: those of its weeks, weighted by their minutes.

    Parameters
    ----------
    request : PlanRequest
    document : dict

    Returns
    -------
    tuple of float
        Easy, middle, hard.
    """
    total, minutes = np.zeros(3), 0.0
    for week in document["forecast"]["weeks"]:
        wish = zone_wish(phase=week["phase"], is_easier=week["easier"], experience=request.experience)
        total += week["minutes"] * np.array(wish)
        minutes += week["minutes"]
    easy, middle, hard = total / max(minutes, 1.0)
    return (float(easy), float(middle), float(hard))
