"""What happened to an athlete, and what the coach proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from topform.coaching.goals import PlanSport

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Illness:
    """Fever or symptoms below the neck, from a day on; the first day without any, once there was one."""

    since: date
    symptom_free_since: date | None = None

    def lasts_on(self, day: date) -> bool:
        """Return whether there are symptoms on a day, or were until less than a day before."""
        return self.since <= day and (self.symptom_free_since is None or day <= self.symptom_free_since)

    def rest_from(self, today: date) -> frozenset[date]:
        """Return the days from today on without training: while symptoms last tomorrow, too, is too early."""
        last = self.symptom_free_since or today + timedelta(days=1)
        days = (today + timedelta(days=offset) for offset in range((last - today).days + 1))
        return frozenset(day for day in days if self.lasts_on(day))


@dataclass(frozen=True, slots=True)
class Life:
    """What is known on a morning.

    Parameters
    ----------
    today : date
    lived : mapping of date to tuple of document
        Sessions done on each day before today, as documents; see `topform.coaching.adaptation.lived`. A day that is
        absent had no training.
    is_red_flag : bool
        A sign that asks for medical care before any training.
    readiness : float or None
        0..100 this morning.
    n_tired_signals : int
        How many of the recovery signals are low (heart-rate variability, resting heart rate, sleep, soreness, mood).
    illness : Illness or None
    answered_illnesses : frozenset of str
        First days, as texts, of illnesses whose way back the athlete did not want.
    painful : mapping of PlanSport to date
        Sports that hurt, and since when.
    away : frozenset of date
        Days on which training is impossible.
    n_too_easy : int
        Of the last hard sessions, how many were rated at least two points easier than planned.
    poor_form : str or None
        Exercise whose last form check asks for better technique before more repetitions.
    """

    today: date
    lived: Mapping[date, tuple[Document, ...]] = field(default_factory=dict)
    is_red_flag: bool = False
    readiness: float | None = None
    n_tired_signals: int = 0
    illness: Illness | None = None
    answered_illnesses: frozenset[str] = frozenset()
    painful: Mapping[PlanSport, date] = field(default_factory=dict)
    away: frozenset[date] = frozenset()
    n_too_easy: int = 0
    poor_form: str | None = None

    @property
    def locked(self) -> frozenset[date]:
        """Days from today on that health keeps free of training."""
        ill = frozenset() if self.illness is None else self.illness.rest_from(self.today)
        return ill | {self.today} if self.is_red_flag else ill


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of the plan that waits for a yes.

    Parameters
    ----------
    code : str
        Why: one of `topform.coaching.adaptation.decide.CODES`.
    params : mapping
        Numbers and names in the reason, for other languages.
    reason : str
        In plain English.
    request, document : dict
        The plan as it would be.
    diff : list of dict
        Each ``{"date", "action", "before", "after"}``; action is "removed", "added" or "changed".
    effect : dict
        ``before`` and ``after``: minutes and load of the next seven days, fitness, fatigue and form at the end, and
        the race where there is one.
    is_lock : bool
        Nothing is planned until the athlete confirms that training is safe.
    """

    code: str
    params: Mapping[str, Any]
    reason: str
    request: Document
    document: Document
    diff: list[dict[str, Any]]
    effect: dict[str, Any]
    is_lock: bool = False
