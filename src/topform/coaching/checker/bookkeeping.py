"""Do the numbers add up? Dates, identifiers, sums, predicted loads, load averages."""

from __future__ import annotations

from typing import Final

import numpy as np

from topform.coaching.checker.context import Context, Finding, passed, verdict
from topform.coaching.checker.document import PlannedSession
from topform.coaching.goals import PlanSport

_ROUNDING: Final = 0.06
_AVERAGE_ROUNDING: Final = 0.02
_LOAD_TOLERANCE: Final = 0.02


def dates(context: Context) -> Finding:
    """The plan covers every day from the start to the end once, and every session has its own id."""
    request = context.request
    problems = []
    if context.days[0].day != request.start:
        problems.append(f"starts on {context.name(0)}, not {request.start}")
    if context.days[-1].day != request.end:
        problems.append(f"ends on {context.name(-1)}, not {request.end}")
    ids = [session.session_id for day in context.days for session in day.sessions]
    if len(set(ids)) != len(ids):
        problems.append("session ids repeat")
    return verdict("dates", problems, f"{context.n} consecutive days, {len(ids)} sessions with their own id")


def sums(context: Context) -> Finding:
    """Steps add up to the session, sessions to the day."""
    problems = []
    for index, day in enumerate(context.days):
        for session in day.sessions if context.is_open(index) else ():
            seconds = sum(step.duration_s for step in session.steps)
            if abs(seconds - 60 * session.minutes) > 1:
                problems.append(f"{session.session_id}: steps last {seconds / 60:g}, session {session.minutes:g} min")
        minutes = sum(session.minutes for session in day.sessions)
        if day.stated_load_au is not None and abs(day.stated_load_au - day.load_au) > _ROUNDING:
            problems.append(f"{context.name(index)}: load {day.stated_load_au:g}, its sessions {day.load_au:g}")
        if day.stated_minutes is not None and abs(day.stated_minutes - minutes) > _ROUNDING:
            problems.append(f"{context.name(index)}: {day.stated_minutes:g} min, its sessions {minutes:g}")
    return verdict("sums", problems, "steps add up to sessions, sessions to days")


def predicted_loads(context: Context) -> Finding:
    """The load of each endurance session follows from its steps."""
    problems: list[str] = []
    for day in context.days[max(0, context.since) :]:
        for session in day.sessions:
            if session.is_race or session.sport is PlanSport.STRENGTH or not session.steps:
                continue
            expected = _load_from_steps(session)
            if abs(expected - session.load_au) > max(0.5, _LOAD_TOLERANCE * expected):
                problems.append(f"{session.session_id}: load {session.load_au:g}, its steps cost {expected:.1f}")
    return verdict("predicted_load", problems, "every session's load follows from its steps")


def averages(context: Context) -> Finding:
    """The published ctl, atl and tsb are those of the published loads."""
    problems = []
    for index, day in enumerate(context.days):
        wanted = (context.ctl[index], context.atl[index], context.ctl[index] - context.atl[index])
        for name, stated, value in zip(("ctl", "atl", "tsb"), (day.ctl, day.atl, day.tsb), wanted, strict=True):
            if abs(stated - value) > _AVERAGE_ROUNDING:
                problems.append(f"{context.name(index)}: {name} {stated:g}, recomputed {value:.2f}")
    return verdict("load_averages", problems, "ctl, atl and tsb recomputed from the loads agree")


def race_day(context: Context) -> Finding:
    """The day of the race holds the race and nothing else; no other day holds one."""
    request = context.request
    problems: list[str] = []
    for index, day in enumerate(context.days):
        if not context.is_open(index):
            continue
        races = [session for session in day.sessions if session.is_race]
        if day.day in request.race_dates:
            continue  # The rule on races on the way looks at these.
        if index != context.race_index:
            problems.extend(f"{context.name(index)}: a race nobody asked for" for _ in races)
        elif len(races) != 1 or len(day.sessions) != 1:
            problems.append(f"{context.name(index)}: expected the race alone")
        elif races[0].sport is not request.sport or races[0].minutes <= 0 or races[0].load_au <= 0:
            problems.append(f"{context.name(index)}: the race has the wrong sport, no duration or no load")
    if request.race_day is None and not problems:
        return passed("race_day", "does not apply: no race")
    return verdict("race_day", problems, "the race stands alone on its day")


def _load_from_steps(session: PlannedSession) -> float:
    """Work the load out again, independently of the planner: one value a second, then the sport's formula."""
    pieces = []
    for step in session.steps:
        n = round(step.duration_s)
        if step.kind == "ramp" and step.low_pct is not None and step.high_pct is not None:
            pieces.append(np.linspace(step.low_pct, step.high_pct, n, endpoint=False))
        else:
            pieces.append(np.full(n, step.middle_pct))
    trace = np.concatenate(pieces) / 100 if pieces else np.zeros(0)
    if session.sport is PlanSport.SWIMMING:
        moving = trace[trace > 0]
        return float(moving.size / 36 * moving.mean() ** 3) if moving.size else 0.0
    if trace.size < 30:
        return 0.0
    rolling = np.convolve(trace, np.full(30, 1 / 30), mode="valid")
    return float(trace.size / 36 * np.mean(rolling**4) ** 0.5)
