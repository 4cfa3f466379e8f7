"""What counts in a challenge: days, late arrivals, streaks, repetitions, ranks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from topform.features.community.challenges.scoring import (
    CountedSet,
    Entry,
    PlannedDay,
    Standing,
    Window,
    age_band,
    counted_reps,
    each_set_once,
    longest_streak,
    ranks,
    total_of,
)

JUNE = Window(date(2026, 6, 1), date(2026, 6, 30))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def day(number: int, planned: int, done: int, *, is_locked: bool = False) -> PlannedDay:
    at = NOON + timedelta(days=number - 1)
    return PlannedDay(date(2026, 6, number), planned, done, is_locked, at)


def test_late_arrivals_count_for_three_days_after_the_last() -> None:
    last = date(2026, 6, 30)
    in_time = Entry(last, datetime(2026, 7, 3, 23, 59, tzinfo=UTC), 5)
    too_late = Entry(last, datetime(2026, 7, 4, tzinfo=UTC), 7)
    assert total_of([too_late, in_time], JUNE) == Standing(5.0, in_time.arrived_at)
    assert total_of([too_late], JUNE) == Standing(0.0, None)


@pytest.mark.parametrize(
    ("days", "streak"),
    [
        ([day(1, 1, 1), day(2, 1, 1), day(3, 1, 1)], 3),
        ([day(1, 1, 1), day(2, 0, 0), day(3, 2, 2)], 3),  # a day of rest is passed over
        ([day(1, 1, 1), day(2, 1, 0), day(3, 1, 1)], 1),  # a session left out ends the run
        ([day(1, 1, 1), day(2, 1, 0, is_locked=True), day(3, 1, 1)], 2),  # illness does not
        ([day(1, 1, 1), day(2, 2, 1), day(3, 1, 1)], 2),  # half of a day is kept, and ends it
        ([day(1, 1, 1), day(2, 1, 1), day(3, 1, 0), day(4, 1, 1)], 2),  # what was reached stays
        ([day(1, 1, 0), day(2, 1, 3)], 1),  # more than planned adds nothing
        ([], 0),
    ],
)
def test_a_streak_is_the_longest_run_of_sessions_done(days: list[PlannedDay], streak: int) -> None:
    assert longest_streak(reversed(days), JUNE).score == streak


def test_the_same_repetitions_count_when_they_were_first_handed_in() -> None:
    first, again = Entry(NOON.date(), NOON, 9), Entry(NOON.date(), NOON + timedelta(hours=1), 9)
    other = Entry(NOON.date(), NOON, 4)
    assert each_set_once([CountedSet("a", again), CountedSet("a", first), CountedSet("b", other)]) == [first, other]


def rep(start_s: float, end_s: float, *, complete: bool = True, **decisions: str) -> dict[str, object]:
    faults = [{"code": code, "decision": decision} for code, decision in decisions.items()]
    return {"start_s": start_s, "end_s": end_s, "complete": complete, "faults": faults}


def test_a_repetition_counts_when_it_meets_the_standard() -> None:
    reps = [
        rep(0, 1, shallow_depth="none", head_drop="fault"),
        rep(1, 2, shallow_depth="borderline"),
        rep(2, 3, shallow_depth="none", hips_sag="fault"),
        rep(3, 3.34, shallow_depth="none"),
        rep(4, 5, complete=False, shallow_depth="none"),
        rep(5, 6, shallow_depth="abstain", hips_sag="abstain", head_drop="none"),
        rep(6, 7, shallow_depth="abstain", hips_sag="none"),
    ]
    assert [(one.counts, one.reason) for one in counted_reps(reps)] == [
        (True, "counts"),
        (True, "counts"),
        (False, "hips_sag"),
        (False, "too_short"),
        (False, "not_complete"),
        (False, "not_seen"),
        (True, "counts"),
    ]


def test_ranks_and_bands() -> None:
    assert ranks([9, 9, 9, 2, 0, 0]) == [1, 1, 1, 4, None, None]
    assert [age_band(age) for age in (15, 16, 29, 69, 70)] == [None, "16-19", "20-29", "60-69", "70+"]
