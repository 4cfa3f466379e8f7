"""Does the plan fit the athlete's life? Minutes, dates, rest days and the stated limits."""

from __future__ import annotations

import math

from topform.coaching import rules
from topform.coaching.checker.context import Context, Finding, passed, verdict
from topform.coaching.goals import FitnessGoal, StrengthGoal
from topform.coaching.request import WEEKDAYS


def availability(context: Context) -> Finding:
    """No day holds more minutes than its date or weekday offers; the race is the athlete's own choice."""
    problems = []
    for index, day in enumerate(context.days):
        minutes = sum(session.minutes for session in day.sessions if not session.is_race)
        offered = context.request.offered_on(day.day)
        if minutes > offered and context.is_open(index):
            problems.append(f"{context.name(index)}: {minutes:g} min planned, {offered} offered")
    return verdict("availability", problems, "no day exceeds the minutes offered on its weekday")


def unavailable_dates(context: Context) -> Finding:
    """Nothing stands on a date that was ruled out."""
    problems = [
        f"{day.day} holds a session"
        for day in context.days[max(0, context.since) :]
        if any(not session.is_race for session in day.sessions) and day.day in context.request.unavailable_dates
    ]
    return verdict("unavailable_dates", problems, f"{len(context.request.unavailable_dates)} dates kept free")


def health_lock(context: Context) -> Finding:
    """No training on a day that an illness or a warning sign keeps free."""
    problems = [
        f"{day.day} holds a session"
        for index, day in enumerate(context.days)
        if day.day in context.locked and context.plans([index])
    ]
    return verdict("health_lock", problems, f"{len(context.locked)} dates kept free")


def preferred_rest(context: Context) -> Finding:
    """Preferred rest days hold no training."""
    rest = context.request.preferred_rest
    problems = [
        f"{day.day} ({WEEKDAYS[day.day.weekday()]}) holds a session"
        for index, day in enumerate(context.days)
        if WEEKDAYS[day.day.weekday()] in rest
        and day.day not in context.request.offered_dates
        and context.plans([index])
    ]
    return verdict("preferred_rest", problems, f"kept free: {', '.join(sorted(rest)) or 'none asked for'}")


def other_races(context: Context) -> Finding:
    """Races on the way stand alone on their day, with free days around as the request says, and nothing hard near."""
    request = context.request
    if not request.other_races:
        return passed("other_races", "does not apply: no races on the way")
    problems = []
    for index, day in enumerate(context.days):
        if not context.is_open(index):
            continue
        race, found = request.race_dates.get(day.day), [item for item in day.sessions if item.is_race]
        if context.trains(index) and day.day in request.days_for_races:
            problems.append(f"{context.name(index)} belongs to a race on the way and holds a session")
        elif day.is_hard_training and day.day in request.easy_days_for_races:
            problems.append(f"{context.name(index)} is hard, close to a race on the way")
        elif race is not None and found:
            item = found[0]
            if len(found) > 1 or item.sport is not race.sport or item.minutes <= 0 or item.load_au <= 0:
                problems.append(f"{context.name(index)}: the race has the wrong sport, no duration or no load")
    return verdict("other_races", problems, f"{len(request.other_races)} races on the way have free days around them")


def rest_day(context: Context) -> Finding:
    """At least one day without training in any seven consecutive days."""
    problems, row = [], 0
    for index, day in enumerate(context.days):
        row = row + 1 if day.is_trained else 0
        if row > rules.MAX_TRAINING_DAYS_IN_ROW and context.plans(range(index - row + 1, index + 1)):
            problems.append(f"{context.name(index)} is training day {row} in a row")
    return verdict("rest_day", problems, "at least one free day in any seven")


def stated_limits(context: Context) -> Finding:
    """Session, week and hard-day limits of the request are kept."""
    limits = context.request.constraints
    goal = context.request.goal
    hours = goal.hours_per_week if isinstance(goal, FitnessGoal) else None
    week_minutes = min(
        (value for value in (limits.max_weekly_minutes, None if hours is None else 60 * hours) if value is not None),
        default=math.inf,
    )
    problems: list[str] = []
    for index, day in enumerate(context.days):
        problems.extend(
            f"{context.name(index)}: a session of {session.minutes:g} min"
            for session in day.sessions
            if session.minutes > (limits.max_session_minutes or math.inf)
            and not session.is_race
            and context.is_open(index)
        )
    for first in range(0, context.n, 7):
        if not context.plans(range(first, first + 7)):
            continue
        week = context.days[first : first + 7]
        sessions = [session for day in week for session in day.sessions if not session.is_race]
        minutes = sum(session.minutes for session in sessions)
        if minutes > week_minutes:
            problems.append(f"week of {context.name(first)}: {minutes:g} min")
        if limits.max_sessions_per_week is not None and len(sessions) > limits.max_sessions_per_week:
            problems.append(f"week of {context.name(first)}: {len(sessions)} sessions")
    if limits.max_hard_days is not None:
        for last in range(context.n):
            hard = _hard_days(context, last)
            if hard > limits.max_hard_days and _plans_hard(context, last):
                problems.append(f"{hard} hard days in the week to {context.name(last)}")
    return verdict("stated_limits", problems, "the limits of the request are kept")


def hard_days(context: Context) -> Finding:
    """Few hard days in any seven; long sessions count."""
    limit = rules.MAX_HARD_DAYS[context.request.experience]
    counts = [_hard_days(context, last) for last in range(context.n)]
    problems = [
        f"{count} hard days in the week to {context.name(last)}"
        for last, count in enumerate(counts)
        if count > limit and _plans_hard(context, last)
    ]
    return verdict("hard_days", problems, f"at most {max(counts)} hard days in any seven (limit {limit})")


def hard_easy(context: Context) -> Finding:
    """Hard days are never neighbours, weeks' borders and the race included."""
    problems = [
        f"{context.name(index)} and {context.name(index + 1)} are both hard"
        for index in range(context.n - 1)
        if context.days[index].is_hard
        and context.days[index + 1].is_hard
        and (_trains_hard(context, index) or _trains_hard(context, index + 1))
    ]
    return verdict("hard_easy", problems, "an easy or free day lies between any two hard days")


def _trains_hard(context: Context, index: int) -> bool:
    """Return whether the plan puts hard training on a day; races stand where they stand, lived days are over."""
    return context.days[index].is_hard_training and context.is_open(index)


def _plans_hard(context: Context, last: int) -> bool:
    return any(_trains_hard(context, index) for index in range(max(0, last - 6), last + 1))


def _hard_days(context: Context, last: int) -> int:
    return sum(
        day.is_hard
        for index, day in enumerate(context.days[max(0, last - 6) : last + 1], start=max(0, last - 6))
        if index != context.race_index
    )


def strength_spacing(context: Context) -> Finding:
    """A day between strength sessions; leg work not on or right before a hard day."""
    lifts = [[session for session in day.sessions if session.sport.value == "strength"] for day in context.days]
    if not any(lifts):
        return passed("strength_spacing", "does not apply: no strength sessions")
    problems = [
        f"{context.name(index)}: two strength sessions"
        for index, found in enumerate(lifts)
        if len(found) > 1 and context.is_open(index)
    ]
    problems.extend(
        f"{context.name(index)} and {context.name(index + 1)} both hold strength"
        for index in range(context.n - 1)
        if lifts[index] and lifts[index + 1] and context.is_open(index + 1)
    )
    if not isinstance(context.request.goal, StrengthGoal):
        for index, found in enumerate(lifts):
            if found and context.days[index].is_hard and context.is_open(index):
                problems.append(f"{context.name(index)}: leg strength on a hard day")
            is_next_open = index + 1 < context.n and _trains_hard(context, index + 1)
            if (
                found
                and (is_next_open or context.is_open(index))
                and context.days[min(index + 1, context.n - 1)].is_hard
            ):
                problems.append(f"{context.name(index)}: leg strength the day before a hard day")
    return verdict("strength_spacing", problems, "strength sessions have a day between and keep off hard days")


def strength_reps(context: Context) -> Finding:
    """Repetitions a week grow in small steps."""
    goal = context.request.goal
    if not isinstance(goal, StrengthGoal):
        return passed("strength_reps", "does not apply: no goal in repetitions")
    problems, done = [], 0
    heaviest = max(rules.FREE_STRENGTH_REPS, rules.FREE_STRENGTH_REPS_PER_MAX * goal.current_reps)
    for first in range(0, context.n, 7):
        reps = sum(session.reps for day in context.days[first : first + 7] for session in day.sessions)
        allowed = max(heaviest, rules.MAX_STRENGTH_REPS_GROWTH * done)
        if reps > allowed and context.plans(range(first, first + 7)):
            problems.append(f"week of {context.name(first)}: {reps} repetitions, at most {allowed:.0f}")
        done = max(done, reps)
    return verdict("strength_reps", problems, "weekly repetitions grow by at most ten percent")
