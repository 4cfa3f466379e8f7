"""Is the load safe? Ramp, form, growth of weeks and sessions, monotony, easier weeks, taper."""

from __future__ import annotations

from statistics import mean, stdev
from typing import Final

from topform.coaching import rules
from topform.coaching.checker.context import Context, Finding, passed, verdict
from topform.coaching.goals import PlanSport, Priority, RaceGoal
from topform.coaching.race import estimate_race

_EPSILON: Final = 0.005


def ramp(context: Context) -> Finding:
    """Fitness (ctl) rises by no more than the experience allows in seven days."""
    limit = rules.MAX_RAMP_AU[context.request.experience]
    rises = [context.ctl[index] - context.ctl_on(index - 7) for index in range(context.n)]
    problems = [
        f"{context.name(index)}: ctl +{rise:.2f} in seven days, at most {limit:g}"
        for index, rise in enumerate(rises)
        if rise > limit + _EPSILON and context.plans([index])
    ]
    return verdict("ramp", problems, f"ctl rises by at most {max(rises):.1f} in seven days (limit {limit:g})")


def tsb_floor(context: Context) -> Finding:
    """No training day ends with form (tsb) below the floor."""
    limit = rules.MIN_TSB_AU[context.request.experience]
    tsb = [ctl - atl for ctl, atl in zip(context.ctl, context.atl, strict=True)]
    problems = [
        f"{context.name(index)}: tsb {value:.1f} after training, floor {limit:g}"
        for index, value in enumerate(tsb)
        if value < limit - _EPSILON and context.plans([index])
    ]
    return verdict("tsb_floor", problems, f"lowest tsb {min(tsb):.1f} (floor {limit:g})")


def weekly_growth(context: Context) -> Finding:
    """Seven days hold at most 1.3 times the mean of the three weeks before, lived ones counted as no less than ctl."""
    problems, highest = [], 0.0
    for index in range(context.n):
        if not context.plans([index]):
            continue
        week = context.loads(index - 6, index + 1)
        before = context.usual_week(index - 27, index - 6)
        allowed = max(rules.FREE_WEEK_LOAD_AU, rules.MAX_WEEK_RATIO * before)
        if before > 0 and week > rules.FREE_WEEK_LOAD_AU:
            highest = max(highest, week / before)
        if week > allowed + 10 * _EPSILON:
            problems.append(f"week to {context.name(index)}: load {week:.0f}, at most {allowed:.0f}")
    return verdict("weekly_growth", problems, f"at most {highest:.2f} times the three weeks before (limit 1.30)")


def spike(context: Context) -> Finding:
    """No session is much longer than the longest of the 30 days before, by minutes and by stated distance."""
    problems, highest = [], 0.0
    for index, day in enumerate(context.days):
        for session in day.sessions:
            if session.is_race or session.sport not in rules.MAX_LONGEST_RATIO:
                continue
            longest = context.longest_before(index, session.sport)
            ratio = rules.MAX_LONGEST_RATIO[session.sport]
            allowed = rules.FREE_SESSION_MINUTES[session.sport] if longest is None else ratio * longest
            if longest is not None:
                highest = max(highest, session.minutes / longest)
            if session.minutes > allowed + 1e-6 and context.is_open(index):
                problems.append(
                    f"{context.name(index)}: {session.minutes:g} min {session.sport}, at most {allowed:.0f}"
                )
    problems.extend(_distance_spikes(context))
    return verdict(
        "session_spike",
        problems,
        f"no session exceeds {max(highest, 0):.2f} times the longest of the 30 days before it",
    )


def _distance_spikes(context: Context) -> list[str]:
    problems = []
    for sport, past in context.base.longest.items():
        if not past.distance_m:
            continue
        known = [(past.day_index, past.distance_m)]
        for index, day in enumerate(context.days):
            for session in day.sessions:
                if session.sport is not sport or session.distance_m is None or session.is_race:
                    continue
                recent = [m for when, m in known if index - rules.LONGEST_WINDOW_DAYS <= when < index]
                allowed = rules.MAX_LONGEST_RATIO[sport] * max(recent, default=0.0)
                is_known = past.day_index >= index - rules.LONGEST_WINDOW_DAYS and context.is_open(index)
                if is_known and session.distance_m > allowed + 1:
                    problems.append(f"{context.name(index)}: {session.distance_m:.0f} m, at most {allowed:.0f}")
                known.append((index, session.distance_m))
    return problems


def long_run(context: Context) -> Finding:
    """No training run lasts more than three hours."""
    problems = [
        f"{context.name(index)}: a run of {session.minutes:g} min"
        for index, day in enumerate(context.days)
        for session in day.sessions
        if session.sport is PlanSport.RUNNING
        and not session.is_race
        and session.minutes > rules.MAX_LONG_RUN_MINUTES
        and context.is_open(index)
    ]
    return verdict("long_run", problems, f"no training run over {rules.MAX_LONG_RUN_MINUTES} min")


def monotony(context: Context) -> Finding:
    """Days differ enough from each other: mean over SD of any seven days at most 2."""
    problems, highest = [], 0.0
    for last in range(6, context.n):
        if context.race_index is not None and last >= context.race_index:
            continue
        loads = [context.load(index) for index in range(last - 6, last + 1)]
        if sum(loads) <= 0:
            continue
        spread = stdev(loads)
        value = 10.0 if spread == 0 else min(10.0, mean(loads) / spread)
        highest = max(highest, value)
        if value > rules.MAX_MONOTONY and context.plans(range(last - 6, last + 1)):
            problems.append(
                f"the days of the week to {context.name(last)} are too much alike: the mean day is {value:.2f} times "
                f"the usual difference from day to day, at most {rules.MAX_MONOTONY:g}; make one easier or free"
            )
    return verdict(
        "monotony",
        problems,
        f"days differ enough: the mean day is at most {highest:.2f} times the usual difference from day to day "
        f"(limit {rules.MAX_MONOTONY:g})",
    )


def deload(context: Context) -> Finding:
    """At least every fourth week is an easier one, up to the taper."""
    first_taper = _taper_start(context)
    end = context.n if first_taper is None else first_taper
    problems, row = [], 0
    for block in context.blocks():
        if block[-1] >= end:
            break
        load = context.training(block[0], block[-1] + 1)
        first = block[0]
        before = max(
            context.training(first - 7 * n, first - 7 * (n - 1)) for n in (1, 2, 3) if n == 1 or first >= 7 * n
        )
        row = 0 if load <= rules.DELOAD_RATIO * before + 10 * _EPSILON else row + 1
        if row >= rules.DELOAD_EVERY_WEEKS and context.is_open(block[0]) and context.plans(block):
            problems.append(f"week of {context.name(block[0])} is number {row} without an easier one")
    return verdict("deload", problems, "an easier week at least every fourth")


def taper(context: Context) -> Finding:
    """Load falls before an A or B race as the evidence suggests; too little load is only worth a remark."""
    goal, race = context.request.goal, context.race_index
    start = _taper_start(context)
    if not isinstance(goal, RaceGoal) or race is None or start is None:
        return passed("taper", "does not apply: no race of priority A or B")
    mean_week = context.usual_week(start - 28, start)
    windows = [(race - 7, race, *rules.TAPER_LAST_WEEK_RATIO)]
    if goal.priority is Priority.B:
        windows = [(race - 7, race, 0.5, rules.TAPER_WEEK_BEFORE_RATIO[1])]
    elif start == race - 14:
        windows.append((race - 14, race - 7, *rules.TAPER_WEEK_BEFORE_RATIO))
    problems, remarks = [], []
    for first, end, low, high in windows:
        load, planned = context.loads(first, end), context.loads(max(0, first), max(0, end))
        allowed = max(rules.TAPER_FREE_LOAD_AU, high * mean_week)
        span = f"{context.name(max(0, first))} to {context.name(end - 1)}" if end > 0 else "before the plan"
        share = load / mean_week if mean_week > 0 else 0.0
        if planned > 0 and load > allowed + 10 * _EPSILON and context.plans(range(first, end)):
            problems.append(f"{span}: {share:.0%} of the weeks before, at most {high:.0%}")
        remarks.append((span, share, low))
    if problems:
        return verdict("taper", problems, "")
    low_weeks = [f"{span}: {share:.0%}, usual from {low:.0%}" for span, share, low in remarks if share < low]
    if low_weeks and mean_week > rules.FREE_WEEK_LOAD_AU:
        return Finding("taper", "warn", "less load than usual before the race: " + "; ".join(low_weeks))
    return passed("taper", "; ".join(f"{span}: {share:.0%} of the weeks before" for span, share, _ in remarks))


def _taper_start(context: Context) -> int | None:
    goal, race = context.request.goal, context.race_index
    if not isinstance(goal, RaceGoal) or race is None or goal.priority is Priority.C:
        return None
    if goal.priority is Priority.B:
        return race - 7
    minutes = estimate_race(goal, context.request).minutes
    return race - 7 * rules.taper_weeks(sport=goal.sport, distance_m=goal.distance_m, duration_min=minutes)
