"""What a plan that goes on must respect beside its request: the days already lived, and days that life has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from topform.coaching.goals import PlanSport
from topform.coaching.request import PlanRequest, own_threshold_speed
from topform.coaching.workouts.library import template
from topform.coaching.workouts.model import SessionKind, Step, StepKind, Workout
from topform.coaching.workouts.template import workout

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """How a plan goes on from a day.

    Parameters
    ----------
    today : date or None
        First day that may change; None for a new plan.
    days : mapping of date to document
        The plan as it is known: days before `today` as they were lived, later ones as they were planned. Lived days
        stay as they are, planned ones are kept where nothing speaks against them.
    rest : frozenset of date
        Days without any training.
    easy : frozenset of date
        Days without hard or long sessions.
    scale : mapping of date to float
        Share of the planned load for a day, 1 where absent.
    avoided : mapping of date to frozenset of PlanSport
        Sports that are not possible on a day.
    """

    today: date | None = None
    days: Mapping[date, Document] = field(default_factory=dict)
    rest: frozenset[date] = frozenset()
    easy: frozenset[date] = frozenset()
    scale: Mapping[date, float] = field(default_factory=dict)
    avoided: Mapping[date, frozenset[PlanSport]] = field(default_factory=dict)

    def is_lived(self, when: date) -> bool:
        """Return whether a day lies before `today`."""
        return self.today is not None and when < self.today

    def lived(self, when: date, request: PlanRequest) -> tuple[Workout, ...]:
        """Return what was trained on a day before `today`."""
        day = self.days.get(when)
        return () if day is None else tuple(as_workout(session, request) for session in day["sessions"])

    def planned_sessions(self, when: date) -> frozenset[tuple[str, int]]:
        """Return the workouts and minutes that were planned for a day from `today` on."""
        day = self.days.get(when)
        if day is None or self.is_lived(when):
            return frozenset()
        return frozenset((str(session["workout"]), round(session["minutes"])) for session in day["sessions"])


def as_workout(session: Document, request: PlanRequest) -> Workout:
    """Return a session document as a workout, for the rules that look back on it.

    Parameters
    ----------
    session : mapping
        A planned session, or one that was recorded: then its steps may be a single free one.
    request : PlanRequest

    Returns
    -------
    Workout
        From the library where the document still is what the library makes of its minutes.
    """
    known = template(str(session.get("workout", "")))
    minutes, load = round(float(session["minutes"])), float(session["load"])
    if known is not None and known.fits(minutes):
        item = workout(known, minutes)
        if abs(item.load_au - load) < 0.05:
            return item
    sport = PlanSport(session["sport"])
    speed, distance = own_threshold_speed(request, sport), session.get("distance_m")
    return Workout(
        template_id=str(session.get("workout", "")),
        title=str(session.get("title", "")),
        purpose=str(session.get("purpose", "")),
        source=str(session.get("source", "")),
        sport=sport,
        kind=SessionKind(session["kind"]),
        steps=tuple(_steps(session, minutes)),
        load_au=load,
        intensity_ratio=float(session.get("intensity_ratio") or 0.0),
        threshold_s=float(distance) / speed if speed and distance else 0.0,
        zone_minutes=(0.0, 0.0, 0.0),
        rpe_cr10=float(session.get("rpe") or 0.0),
    )


def _steps(session: Document, minutes: int) -> list[Step]:
    """Return one step of the whole length, and the repetitions of strength work in others without any."""
    reps = total_reps(session.get("steps", ()))
    return [Step(StepKind.FREE, 60 * minutes, reps=reps or None)]


def total_reps(steps: Any) -> int:
    """Return the repetitions in step documents, repeats multiplied out."""
    total = 0
    for step in steps:
        inner = step.get("steps")
        total += int(step.get("count", 1)) * total_reps(inner) if inner else int(step.get("reps") or 0)
    return total
