"""Which days without data are called gaps: those that the athlete's own habit does not explain."""

from __future__ import annotations

from datetime import date, timedelta

from topform.features.connections.habits import DayState, habit_of, judge_days

FIRST = date(2026, 1, 5)  # a Monday
TODAY = FIRST + timedelta(days=69)


def gaps(days: set[date], *, known_from: date = FIRST, today: date = TODAY) -> list[int]:
    judged = judge_days(days, first=FIRST, last=today, known_from=known_from, today=today)
    return [(day - FIRST).days for day, state in judged if state is DayState.GAP]


def every(step: int, *, without: range = range(0), until: int = 70) -> set[date]:
    return {FIRST + timedelta(days=n) for n in range(0, until, step) if n not in without}


def test_a_single_day_is_a_gap_for_who_has_data_every_day() -> None:
    assert gaps(every(1, without=range(30, 31))) == [30]


def test_rest_days_are_no_gap_for_who_trains_every_third_day() -> None:
    assert gaps(every(3)) == []
    # Pauses of two days are usual; twice that is still no gap, more is.
    assert gaps(every(3, without=range(30, 31))) == list(range(28, 33))
    days = every(3, without=range(30, 31)) | {FIRST + timedelta(days=31)}
    assert gaps(days) == []


def test_a_stretch_up_to_today_counts_without_today_itself() -> None:
    assert gaps(every(1, until=65)) == [65, 66, 67, 68]
    assert gaps(every(1, until=69)) == []


def test_without_a_habit_nothing_is_called_a_gap() -> None:
    assert habit_of(every(10), until=TODAY) is None
    assert gaps(every(10)) == []
    assert gaps(set()) == []


def test_days_before_the_import_and_to_come_are_outside() -> None:
    known_from = FIRST + timedelta(days=10)
    judged = dict(
        judge_days(
            every(1, without=range(0, 12)),
            first=FIRST,
            last=TODAY + timedelta(days=2),
            known_from=known_from,
            today=TODAY,
        )
    )
    assert judged[FIRST] is DayState.OUTSIDE
    assert judged[known_from] is DayState.QUIET, "before the first day with data there is nothing to miss"
    assert judged[TODAY + timedelta(days=1)] is DayState.OUTSIDE
