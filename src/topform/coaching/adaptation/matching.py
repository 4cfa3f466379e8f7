"""Which recorded activity fulfils which planned session."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from topform.coaching.adaptation.lived import recorded_session
from topform.coaching.goals import PlanSport

_LOAD_PER_MIN_AU: Final = 0.8
"""Load of a minute that no sensor and no rating tells of: an easy one. [AU/min]"""

_SPORT_OF: Final = {"strength": "strength", "training": "strength"}


@dataclass(frozen=True, slots=True)
class Done:
    """A recorded activity. [min], [AU], [m]

    A part of a session, such as one filmed set, brings its load and fulfils no planned session.
    """

    activity_id: str
    day: date
    sport: str
    minutes: float
    load_au: float | None
    distance_m: float | None = None
    rpe_cr10: float | None = None
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A planned session and what became of it; ``done`` is None without a recording.

    ``is_told`` says that the athlete called it done and nothing was recorded.
    """

    day: date
    session: dict[str, Any]
    done: Done | None
    is_told: bool = False

    @property
    def is_done(self) -> bool:
        """Return whether it was trained, by a recording or by the athlete's word."""
        return self.done is not None or self.is_told


def match_day(
    sessions: Iterable[dict[str, Any]], done: Iterable[Done], *, told: Collection[str] = ()
) -> tuple[list[Match], list[Done]]:
    """Pair the sessions of one day with the activities of that day.

    Parameters
    ----------
    sessions : iterable of dict
        Planned for the day.
    done : iterable of Done
        Recorded on the day, in order.
    told : collection of str, optional
        Ids of sessions that the athlete called done. A recording counts before that.

    Returns
    -------
    matches : list of Match
        One for each planned session: of the same sport, the closest in length.
    extra : list of Done
        What nobody planned.
    """
    left = list(done)
    pairs: dict[str, Done] = {}
    planned = list(sessions)
    candidates = sorted(
        (abs(item.minutes - float(session["minutes"])), number, place)
        for number, session in enumerate(planned)
        for place, item in enumerate(left)
        if _fits(session, item)
    )
    used: set[int] = set()
    for _, number, place in candidates:
        session_id = planned[number]["id"]
        if session_id not in pairs and place not in used:
            pairs[session_id] = left[place]
            used.add(place)
    extra = [item for place, item in enumerate(left) if place not in used]
    day = left[0].day if left else None
    return [
        Match(
            day or date.fromisoformat(str(session["id"])[:10]),
            session,
            pairs.get(session["id"]),
            is_told=session["id"] in told and session["id"] not in pairs,
        )
        for session in planned
    ], extra


def _fits(session: Mapping[str, Any], item: Done) -> bool:
    sport = _SPORT_OF.get(item.sport, item.sport)
    return not item.is_part and bool(
        session["sport"] == sport or (session["kind"] == "race" and session["sport"] == PlanSport.TRIATHLON)
    )


def lived_days(
    document: Mapping[str, Any], done: Iterable[Done], *, today: date, told: Collection[str] = ()
) -> dict[date, tuple[dict[str, Any], ...]]:
    """Return what was trained on each day of a plan before today, as session documents.

    Parameters
    ----------
    document : mapping
        The plan; sessions in it that were recorded before are recognised by their activity.
    done : iterable of Done
    today : date
    told : collection of str, optional
        Ids of sessions that the athlete called done; one without a recording stands as it was planned.

    Returns
    -------
    dict
        Days without training are absent.
    """
    by_day: dict[date, list[Done]] = {}
    for item in done:
        by_day.setdefault(item.day, []).append(item)
    lived: dict[date, tuple[dict[str, Any], ...]] = {}
    for day in document["days"]:
        when = date.fromisoformat(day["date"])
        if when >= today:
            break
        matches, extra = match_day([_as_planned(s) for s in day["sessions"]], by_day.get(when, ()), told=told)
        found = [(match.done, match.session) for match in matches if match.done is not None]
        sessions = [
            _recorded(item, number, planned)
            for number, (item, planned) in enumerate([*found, *((item, None) for item in extra)], start=1)
        ]
        by_word = [match.session for match in matches if match.is_told]
        sessions += [_told(when, number, planned) for number, planned in enumerate(by_word, start=len(sessions) + 1)]
        if sessions:
            lived[when] = tuple(sessions)
    return lived


def _as_planned(session: dict[str, Any]) -> dict[str, Any]:
    return {**session, "id": session.get("planned_id", session["id"])}


def _recorded(item: Done, number: int, planned: dict[str, Any] | None) -> dict[str, Any]:
    load = item.load_au
    if load is None:
        share = 1.0 if planned is None else min(1.5, item.minutes / max(1.0, float(planned["minutes"])))
        load = _LOAD_PER_MIN_AU * item.minutes if planned is None else float(planned["load"]) * share
    return recorded_session(
        day=item.day,
        number=number,
        sport=_SPORT_OF.get(item.sport, item.sport),
        minutes=item.minutes,
        load_au=load,
        distance_m=item.distance_m,
        planned=planned,
        activity_id=None if item.is_part else item.activity_id,
    )


def _told(when: date, number: int, planned: dict[str, Any]) -> dict[str, Any]:
    return recorded_session(
        day=when,
        number=number,
        sport=str(planned["sport"]),
        minutes=float(planned["minutes"]),
        load_au=float(planned["load"]),
        distance_m=planned.get("distance_m"),
        planned=planned,
    )
