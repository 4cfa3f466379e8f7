"""Small changes of single sessions: shorter, easier, moved, away. Each returns a new document; none is checked here."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from topform.coaching.adaptation.recount import recounted
from topform.coaching.goals import PlanSport
from topform.coaching.request import PlanRequest, Thresholds, own_threshold_speed
from topform.coaching.workouts.library import template
from topform.coaching.workouts.model import Workout
from topform.coaching.workouts.resolve import step_documents
from topform.coaching.workouts.template import cut_down, workout

_EASY: Final = {
    PlanSport.RUNNING: "run.easy",
    PlanSport.CYCLING: "ride.endurance",
    PlanSport.SWIMMING: "swim.easy",
}
Document = dict[str, Any]


def find(document: Document, session_id: str) -> tuple[int, Document] | None:
    """Return the day index and the session with an id, None when it is not in the plan."""
    for index, day in enumerate(document["days"]):
        for session in day["sessions"]:
            if session["id"] == session_id:
                return index, session
    return None


def replaced(document: Document, request: PlanRequest, change: Callable[[date, Document], Document | None]) -> Document:
    """Return the plan with every session passed through a change; None takes the session away."""
    result = copy.deepcopy(document)
    for day in result["days"]:
        when = date.fromisoformat(day["date"])
        kept = [change(when, session) for session in day["sessions"]]
        day["sessions"] = [session for session in kept if session is not None]
    return recounted(result, request)


def moved(document: Document, request: PlanRequest, session_id: str, to: date) -> Document | None:
    """Return the plan with a session on another day, behind what is there; None when either is not in the plan."""
    result = copy.deepcopy(document)
    found = find(result, session_id)
    target = next((day for day in result["days"] if day["date"] == to.isoformat()), None)
    if found is None or target is None:
        return None
    index, session = found
    result["days"][index]["sessions"].remove(session)
    session["id"] = _free_id(to, (item["id"] for day in result["days"] for item in day["sessions"]))
    target["sessions"].append(session)
    return recounted(result, request)


def swapped(document: Document, request: PlanRequest, first_id: str, second_id: str) -> Document | None:
    """Return the plan with two sessions in each other's place; None when either is not in the plan."""
    result = copy.deepcopy(document)
    first, second = find(result, first_id), find(result, second_id)
    if first is None or second is None:
        return None
    taken = [item["id"] for day in result["days"] for item in day["sessions"]]
    for (index, _), (_, other), old in ((first, second, first[1]), (second, first, second[1])):
        day = result["days"][index]
        place = next(number for number, item in enumerate(day["sessions"]) if item is old)
        day["sessions"][place] = {**other, "id": _free_id(date.fromisoformat(day["date"]), taken)}
    return recounted(result, request)


def removed(document: Document, request: PlanRequest, session_id: str) -> Document:
    """Return the plan without a session."""
    return replaced(document, request, lambda _, session: None if session["id"] == session_id else session)


def shortened(session: Document, request: PlanRequest, share: float) -> Document:
    """Return the session in less time: the same kind, with fewer repetitions if need be, an easy one otherwise."""
    minutes = max(10, round(share * float(session["minutes"])))
    known = template(str(session["workout"]))
    if known is not None and known.fits(minutes):
        return written(session, workout(known, minutes), request)
    if known is not None and known.fits(round(session["minutes"])):
        fewer = cut_down(workout(known, round(session["minutes"])), minutes)
        if fewer is not None:
            return written(session, fewer, request)
    return easier(session, request, share)


def easier(session: Document, request: PlanRequest, share: float) -> Document:
    """Return an easy session of the same sport in a share of the time; strength work is cut to one easy round."""
    sport = PlanSport(session["sport"])
    minutes = max(10, round(share * float(session["minutes"])))
    name = _EASY.get(sport)
    known = None if name is None else template(name)
    if known is None:
        return lighter_strength(session, share)
    return written(session, workout(known, min(known.max_minutes, max(known.min_minutes, minutes))), request)


def swapped_sport(session: Document, sport: PlanSport, minutes: int, request: PlanRequest) -> Document | None:
    """Return an easy session of another sport in its place, None where that sport has none this short."""
    known = template(_EASY[sport])
    if known is None or not known.fits(minutes):
        return None
    return written(session, workout(known, minutes), request)


def lighter_strength(session: Document, share: float) -> Document:
    """Return a strength session with a share of its repetitions, the time unchanged for better ones."""
    result = copy.deepcopy(session)
    before = float(result["load"])
    _scale_reps(result["steps"], share)
    result["load"] = round(before * share, 1)
    result["rpe"] = max(2.0, float(result.get("rpe") or 5) - 2)
    return result


def _scale_reps(steps: Iterable[Document], share: float) -> None:
    for step in steps:
        if "steps" in step:
            _scale_reps(step["steps"], share)
        elif step.get("reps"):
            old, step["reps"] = step["reps"], max(1, round(share * step["reps"]))
            step["text"] = step["text"].replace(str(old), str(step["reps"]), 1)


def written(session: Document, item: Workout, request: PlanRequest) -> Document:
    """Return the workout as a document in the place of a session, with its id."""
    thresholds = request.athlete.thresholds
    speed = own_threshold_speed(request, item.sport)
    own = Thresholds(speed, thresholds.power_w if item.sport is PlanSport.CYCLING else None, thresholds.hr_bpm)
    result: Document = {
        "id": session["id"],
        "title": item.title,
        "sport": item.sport.value,
        "kind": item.kind.value,
        "hard": item.is_hard,
        "workout": item.template_id,
        "minutes": item.minutes,
        "load": item.load_au,
        "intensity_ratio": item.intensity_ratio,
        "rpe": item.rpe_cr10,
        "steps": step_documents(item.steps, sport=item.sport, thresholds=own),
        "purpose": item.purpose,
        "source": item.source,
        "why": f"{item.purpose}.",
        "why_parts": [{"code": "purpose", "params": {"text": item.purpose}}],
    }
    if speed is not None and item.threshold_s > 0:
        result["distance_m"] = round(item.threshold_s * speed)
    return result


def _free_id(day: date, taken: Iterable[str]) -> str:
    used = set(taken)
    number = 1
    while f"{day.isoformat()}-{number}" in used:
        number += 1
    return f"{day.isoformat()}-{number}"
