"""Reading a plan document with suspicion: nothing in it is believed that can be worked out again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from topform.coaching import rules
from topform.coaching.goals import PlanSport

_HARD_LABELS: Final = frozenset({"long", "tempo", "threshold", "vo2", "speed", "test", "race"})
_HARD_EFFORT_CR10: Final = 7
_HARD_LOAD_PER_HOUR_AU: Final = 75.0
_ENDURANCE: Final = frozenset({PlanSport.RUNNING, PlanSport.CYCLING, PlanSport.SWIMMING})


class MalformedPlanError(Exception):
    """The document is no plan; the message says where."""


@dataclass(frozen=True, slots=True)
class FlatStep:
    """A step with repeats multiplied out. [s], [% of threshold]"""

    kind: str
    duration_s: float
    low_pct: float | None
    high_pct: float | None
    effort_cr10: float | None
    reps: int

    @property
    def middle_pct(self) -> float:
        """Middle of the target range, 0 without one. [%]"""
        return 0.0 if self.low_pct is None or self.high_pct is None else (self.low_pct + self.high_pct) / 2


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One session as the document states it."""

    session_id: str
    sport: PlanSport
    kind: str
    minutes: float
    load_au: float
    distance_m: float | None
    steps: tuple[FlatStep, ...]

    @property
    def is_race(self) -> bool:
        """Whether it is the race itself."""
        return self.kind == "race"

    @property
    def is_long(self) -> bool:
        """Whether it is long, by its label or by its minutes."""
        if self.kind == "long":
            return True
        return self.sport in _ENDURANCE and self.minutes >= rules.LONG_SESSION_MINUTES[self.sport]

    @property
    def is_hard(self) -> bool:
        """Whether it is hard: by label, by length, by the minutes of hard work, or by load for its time."""
        if self.kind in _HARD_LABELS or self.is_long:
            return True
        if self.sport not in _ENDURANCE:
            return False
        border = rules.HARD_INTENSITY_PCT[self.sport]
        hard_s = sum(
            step.duration_s
            for step in self.steps
            if step.middle_pct >= border
            or (step.high_pct is None and step.effort_cr10 is not None and step.effort_cr10 >= _HARD_EFFORT_CR10)
        )
        is_dense = self.load_au > _HARD_LOAD_PER_HOUR_AU * self.minutes / 60 and self.minutes >= 20
        return hard_s >= rules.HARD_WORK_MINUTES * 60 or is_dense

    @property
    def reps(self) -> int:
        """Repetitions of a strength session."""
        return sum(step.reps for step in self.steps)


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day as the document states it."""

    day: date
    sessions: tuple[PlannedSession, ...]
    ctl: float
    atl: float
    tsb: float
    stated_load_au: float | None
    stated_minutes: float | None

    @property
    def load_au(self) -> float:
        """Sum of the sessions. [AU]"""
        return sum(session.load_au for session in self.sessions)

    @property
    def training_load_au(self) -> float:
        """Sum of the sessions without the race. [AU]"""
        return sum(session.load_au for session in self.sessions if not session.is_race)

    @property
    def is_hard(self) -> bool:
        """Whether any session is hard."""
        return any(session.is_hard for session in self.sessions)

    @property
    def is_hard_training(self) -> bool:
        """Whether any session is hard that is no race."""
        return any(session.is_hard for session in self.sessions if not session.is_race)

    @property
    def is_trained(self) -> bool:
        """Whether there is any session."""
        return bool(self.sessions)


def read_days(document: Mapping[str, Any]) -> tuple[PlannedDay, ...]:
    """Return the days of a plan document.

    Parameters
    ----------
    document : mapping
        The answer of the planner, or of anybody else.

    Returns
    -------
    tuple of PlannedDay

    Raises
    ------
    MalformedPlanError
        If a field is missing or of the wrong type, or the days are not consecutive.
    """
    try:
        days = tuple(_day(item) for item in document["days"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedPlanError(f"cannot be read: {type(error).__name__} {error}") from error
    if not days:
        raise MalformedPlanError("there are no days")
    for first, second in pairwise(days):
        if (second.day - first.day).days != 1:
            raise MalformedPlanError(f"{second.day} does not follow {first.day}")
    return days


def _day(item: Mapping[str, Any]) -> PlannedDay:
    load, minutes = item.get("load"), item.get("minutes")
    return PlannedDay(
        day=date.fromisoformat(item["date"]),
        sessions=tuple(_session(session) for session in item["sessions"]),
        ctl=_number(item["ctl"]),
        atl=_number(item["atl"]),
        tsb=_number(item["tsb"]),
        stated_load_au=None if load is None else _number(load),
        stated_minutes=None if minutes is None else _number(minutes),
    )


def _session(item: Mapping[str, Any]) -> PlannedSession:
    distance = item.get("distance_m")
    minutes, load = _number(item["minutes"]), _number(item["load"])
    if minutes < 0 or load < 0:
        raise ValueError(f"session {item['id']} has negative minutes or load")
    return PlannedSession(
        session_id=str(item["id"]),
        sport=PlanSport(item["sport"]),
        kind=str(item.get("kind", "")),
        minutes=minutes,
        load_au=load,
        distance_m=None if distance is None else _number(distance),
        steps=tuple(step for entry in item["steps"] for step in _flat(entry)),
    )


def _flat(entry: Mapping[str, Any]) -> Iterator[FlatStep]:
    if entry["kind"] == "repeat":
        for _ in range(int(entry["count"])):
            for inner in entry["steps"]:
                yield from _flat(inner)
        return
    span = entry.get("intensity_pct")
    effort = entry.get("rpe")
    yield FlatStep(
        kind=str(entry["kind"]),
        duration_s=_number(entry["duration_s"]),
        low_pct=None if span is None else _number(span[0]),
        high_pct=None if span is None else _number(span[1]),
        effort_cr10=None if effort is None else _number(effort[-1] if isinstance(effort, list | tuple) else effort),
        reps=int(entry.get("reps") or 0),
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)
