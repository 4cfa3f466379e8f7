"""Where the athlete stands on the morning of the first day, and what had to be assumed to say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import numpy as np

from topform.coaching import rules
from topform.coaching.assumptions import Assumption
from topform.coaching.goals import Experience, PlanSport, RaceGoal
from topform.coaching.race import estimate_race
from topform.coaching.request import PlanRequest, RecentSession, own_threshold_speed
from topform.core.arrays import FloatArray
from topform.core.units import S_PER_MIN

HISTORY_DAYS: Final = 28
"""Days before the start that the weekly rules look back on."""

LOAD_PER_HOUR_AU: Final = 50.0
"""Load of an hour of ordinary training, for the step from hours to load. [AU/h]"""

_ASSUMED_CTL_AU: Final = {Experience.BEGINNER: 12.0, Experience.INTERMEDIATE: 30.0, Experience.ADVANCED: 50.0}
_ASSUMED_LONGEST_MIN: Final = {Experience.BEGINNER: 40.0, Experience.INTERMEDIATE: 75.0, Experience.ADVANCED: 100.0}
_LEAST_LONGEST_MIN: Final = 30.0
"""Half an hour of walking and jogging in turn: where every programme for beginners starts. [min]"""

_LONGEST_BY_SPORT: Final = {PlanSport.RUNNING: 1.0, PlanSport.CYCLING: 1.5, PlanSport.SWIMMING: 0.75}
_ASSUMED_SPEED_M_S: Final = {PlanSport.RUNNING: 2.8, PlanSport.CYCLING: 7.5, PlanSport.SWIMMING: 0.85}
_EASY_FRACTION: Final = 0.75


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session of a sport on a day before the start (``day_index`` < 0). [min], [m]"""

    day_index: int
    minutes: float
    distance_m: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """State on the morning of day 0.

    Parameters
    ----------
    ctl, atl : float
        After the day before the start. [AU/day]
    loads_au : FloatArray
        (28,) daily loads before the start, the last entry is the day before it. [AU]
    ctl_before : FloatArray
        (7,) ctl after each of the seven days before the start; the last entry is `ctl`. [AU/day]
    longest : mapping of PlanSport to PastSession
        Longest session of the last 30 days for each sport where one is known or assumed.
    assumed : tuple of Assumption
        What the request did not say and what was taken instead.
    recent : mapping of PlanSport to tuple of PastSession
        The stored sessions of the last 30 days that none after them was as long as, where they are known.
    """

    ctl: float
    atl: float
    loads_au: FloatArray
    ctl_before: FloatArray
    longest: dict[PlanSport, PastSession]
    assumed: tuple[Assumption, ...]
    recent: Mapping[PlanSport, tuple[PastSession, ...]] = field(default_factory=dict)

    def longest_since(self, sport: PlanSport, first: int) -> float | None:
        """Return the longest session of a sport from a day before the start on, None without one. [min]

        Parameters
        ----------
        sport : PlanSport
        first : int
            Index of the day, counted from the start.

        Returns
        -------
        float or None
        """
        longest = self.longest.get(sport)
        known = self.recent.get(sport, () if longest is None else (longest,))
        return max((session.minutes for session in known if session.day_index >= first), default=None)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions in words."""
        return tuple(item.text for item in self.assumed)


def baseline(request: PlanRequest) -> Baseline:
    """Derive the athlete's state at the start from the request.

    Parameters
    ----------
    request : PlanRequest

    Returns
    -------
    Baseline

    Notes
    -----
    A stated ``ctl`` or ``atl`` wins over the history; without either the history is averaged from its first day on,
    days not listed counting as rest; without a history a careful value for the stated experience is taken and said.
    """
    assumed = [Assumption("ignored_field", {"name": name}) for name in request.ignored_fields]
    if request.athlete.experience is None:
        assumed.append(Assumption("experience"))
    history = _history_loads(request)
    ctl = _start_ctl(request, history, assumed)
    loads = np.full(HISTORY_DAYS, ctl if request.athlete.ctl is not None or history is None else 0.0)
    if history is not None:
        recent = history[-HISTORY_DAYS:]
        loads[HISTORY_DAYS - recent.size :] = recent
    atl = request.athlete.atl
    if atl is None:
        atl = ctl if history is None else _average(history, ctl, rules.ATL_TIME_CONSTANT_DAYS)
        if history is None and request.athlete.ctl is not None:
            assumed.append(Assumption("fatigue"))
    stored = _recent(request)
    return Baseline(
        ctl=ctl,
        atl=atl,
        loads_au=loads,
        ctl_before=_ctl_before(ctl, loads),
        longest=_longest(request, ctl, stored, assumed),
        assumed=tuple(assumed),
        recent=stored or {},
    )


def assumed_targets(request: PlanRequest) -> tuple[Assumption, ...]:
    """Return what the targets of the sessions and the race have to do without.

    Parameters
    ----------
    request : PlanRequest

    Returns
    -------
    tuple of Assumption
    """
    found: list[Assumption] = []
    thresholds = request.athlete.thresholds
    for sport in trained_sports(request):
        own = thresholds.power_w if sport is PlanSport.CYCLING else own_threshold_speed(request, sport)
        if sport is not PlanSport.STRENGTH and own is None and thresholds.hr_bpm is None:
            found.append(Assumption("threshold", {"sport": sport.value}))
    if isinstance(request.goal, RaceGoal):
        race = estimate_race(request.goal, request)
        if race.basis == "experience":
            found.append(Assumption("race_time", {"minutes": race.minutes}))
    return tuple(found)


def trained_sports(request: PlanRequest) -> tuple[PlanSport, ...]:
    """Return the sports that make up the plan's main sessions."""
    if request.sport is PlanSport.TRIATHLON:
        return (PlanSport.SWIMMING, PlanSport.CYCLING, PlanSport.RUNNING)
    return (request.sport,)


def _history_loads(request: PlanRequest) -> FloatArray | None:
    if not request.history:
        return None
    first = request.history[0].day
    loads = np.zeros((request.start - first).days)
    for entry in request.history:
        loads[(entry.day - first).days] = entry.load_au
    return loads


def _average(loads: FloatArray, seed: float, time_constant_days: float) -> float:
    value, keep = seed, float(np.exp(-1.0 / time_constant_days))
    for load in loads:
        value = keep * value + (1.0 - keep) * float(load)
    return value


def _start_ctl(request: PlanRequest, history: FloatArray | None, assumed: list[Assumption]) -> float:
    if request.athlete.ctl is not None:
        return request.athlete.ctl
    if history is not None:
        # A history shorter than four weeks is filled up with rest: the careful reading.
        seed = float(history[:HISTORY_DAYS].sum() / HISTORY_DAYS)
        return _average(history, seed, rules.CTL_TIME_CONSTANT_DAYS)
    weekly_hours = sum(request.available_minutes.values()) / 60
    ctl = min(_ASSUMED_CTL_AU[request.experience], 0.6 * weekly_hours * LOAD_PER_HOUR_AU / 7)
    assumed.append(Assumption("fitness", {"ctl": round(ctl)}))
    return ctl


def _ctl_before(ctl: float, loads: FloatArray) -> FloatArray:
    """Walk the average backwards through the known loads; never below zero."""
    keep = float(np.exp(-1.0 / rules.CTL_TIME_CONSTANT_DAYS))
    values = [ctl]
    for load in loads[:-7:-1]:
        values.append(max(0.0, (values[-1] - (1.0 - keep) * float(load)) / keep))
    return np.array(values[::-1])


def _recent(request: PlanRequest) -> dict[PlanSport, tuple[PastSession, ...]] | None:
    """Return the stored sessions of the sports of the plan; None where none are stored, or the athlete states one."""
    stated = request.athlete.recent_longest
    if stated.by_sport is None or stated.minutes is not None or stated.distance_m is not None:
        return None

    def past(session: RecentSession) -> PastSession:
        return PastSession((session.day - request.start).days, session.minutes, None)

    known = {sport: tuple(past(one) for one in stated.by_sport.get(sport, ())) for sport in trained_sports(request)}
    return {sport: sessions for sport, sessions in known.items() if sessions}


def _longest(
    request: PlanRequest,
    ctl: float,
    recent_sessions: Mapping[PlanSport, tuple[PastSession, ...]] | None,
    assumed: list[Assumption],
) -> dict[PlanSport, PastSession]:
    own = request.athlete.sport
    sports = tuple(sport for sport in trained_sports(request) if sport is not PlanSport.STRENGTH)
    stated = request.athlete.recent_longest
    if not sports:
        return {}
    if stated.minutes is not None or stated.distance_m is not None:
        return _stated_longest(request, sports, assumed)
    if recent_sessions is not None:
        # Who has a history without the sport begins it as anybody does after thirty days without it.
        assumed.extend(
            Assumption("longest", {"sport": sport.value, "minutes": rules.FREE_SESSION_MINUTES[sport]})
            for sport in sports
            if sport not in recent_sessions
        )
        return {
            sport: max(sessions, key=lambda session: (session.minutes, session.day_index))
            for sport, sessions in recent_sessions.items()
        }
    recent = [
        entry
        for entry in request.history
        if entry.minutes is not None and entry.day >= request.start - timedelta(days=rules.LONGEST_WINDOW_DAYS)
    ]
    if recent and own in sports:
        best = max(recent, key=lambda entry: (entry.minutes or 0.0, entry.day))
        return {own: PastSession((best.day - request.start).days, best.minutes or 0.0, None)}
    if request.history and own in sports:
        return {}
    longest: dict[PlanSport, PastSession] = {}
    for sport in sports:
        by_level = max(_LEAST_LONGEST_MIN, min(_ASSUMED_LONGEST_MIN[request.experience], 1.8 * ctl))
        minutes = by_level * _LONGEST_BY_SPORT[sport]
        if own not in (sport, PlanSport.TRIATHLON):
            minutes = float(rules.FREE_SESSION_MINUTES[sport])
        assumed.append(Assumption("longest", {"sport": sport.value, "minutes": round(minutes)}))
        longest[sport] = PastSession(-1, minutes, None)
    return longest


def _stated_longest(
    request: PlanRequest, sports: tuple[PlanSport, ...], assumed: list[Assumption]
) -> dict[PlanSport, PastSession]:
    own, stated = request.athlete.sport, request.athlete.recent_longest
    if own is PlanSport.TRIATHLON:
        minutes = stated.minutes
        if minutes is None:
            minutes = (stated.distance_m or 0.0) / _ASSUMED_SPEED_M_S[PlanSport.CYCLING] / S_PER_MIN
        shares = {PlanSport.CYCLING: 1.0, PlanSport.RUNNING: 0.5, PlanSport.SWIMMING: 0.4}
        assumed.append(Assumption("longest_triathlon"))
        return {sport: PastSession(-1, minutes * shares[sport], None) for sport in sports}
    if own not in sports:
        assumed.append(Assumption("longest_other_sport", {"own": own.value, "sport": sports[0].value}))
        return {}
    minutes = stated.minutes
    if minutes is None:
        speed = request.athlete.thresholds.speed_m_s
        easy_speed = _ASSUMED_SPEED_M_S[own] if speed is None else _EASY_FRACTION * speed
        minutes = (stated.distance_m or 0.0) / easy_speed / S_PER_MIN
        assumed.append(Assumption("longest_by_distance", {"minutes": round(minutes)}))
    return {own: PastSession(-1, minutes, stated.distance_m)}
