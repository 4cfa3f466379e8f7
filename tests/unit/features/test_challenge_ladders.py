"""Ladders: from where one climbs, how far a day lifts, and what takes nothing away."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from topform.features.community.challenges.ladders import MEASURES, best_before, climbed, highest
from topform.features.community.challenges.scoring import NOTHING, Entry, Window

JUNE = Window(date(2026, 6, 1), date(2026, 6, 30))
REPS, METRES = MEASURES["push_ups"], MEASURES["distance"]


def did(day: date, amount: float, *, late_days: int = 0) -> Entry:
    return Entry(day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=late_days), amount)


def june(day: int, amount: float, *, late_days: int = 0) -> Entry:
    return did(date(2026, 6, day), amount, late_days=late_days)


def test_one_starts_from_the_best_of_the_year_before_the_first_day() -> None:
    before = [did(date(2025, 5, 31), 90), did(date(2025, 6, 1), 30), did(date(2026, 5, 31), 25), june(1, 50)]
    assert best_before(before, JUNE) == 30
    assert best_before([did(date(2026, 5, 31), 40, late_days=40)], JUNE) is None
    assert best_before([june(1, 50)], JUNE) is None


@pytest.mark.parametrize(
    ("before", "efforts", "score"),
    [
        (20, [june(2, 22)], 10.0),
        (20, [june(2, 21), june(3, 22)], 10.0),
        (20, [june(2, 60)], 10.0),  # a leap brings what a step brings
        (20, [june(2, 60), june(5, 60)], 20.0),  # 20, 22, 24: a tenth of 22 is two whole repetitions
        (20, [june(2, 22), june(2, 60)], 10.0),  # twice on a day is one step
        (20, [june(2, 22), june(9, 3)], 10.0),  # a weak day takes nothing away
        (20, [june(2, 12)], 0.0),
        (5, [june(2, 9)], 10.0),  # one repetition more, of ten
        (None, [june(4, 20), june(5, 22)], 10.0),  # nothing from before: the first day is the start
        (None, [june(4, 20), june(4, 23)], 0.0),
        (None, [], 0.0),
        (20, [june(30, 22, late_days=3)], 10.0),
        (20, [june(30, 22, late_days=4)], 0.0),
    ],
)
def test_a_day_adds_a_tenth_at_most_and_nothing_is_ever_lost(
    before: float | None, efforts: list[Entry], score: float
) -> None:
    assert climbed(efforts, JUNE, before=before, measure=REPS).standing.score == score


def test_the_steps_say_what_each_day_added_and_since_when_the_score_stands() -> None:
    late = june(3, 9000, late_days=2)
    ladder = climbed([june(5, 8700), late, june(4, 8000)], JUNE, before=8000, measure=METRES)
    assert [(step.day.day, step.amount, step.counts_to) for step in ladder.steps] == [(3, 9000, 8800)]
    assert (ladder.standing.score, ladder.standing.reached_at, ladder.base) == (10.0, late.arrived_at, 8000)
    first = climbed([june(3, 800), june(6, 5000)], JUNE, before=None, measure=METRES)
    assert (first.base, first.starts_on) == (800, date(2026, 6, 3))
    assert first.standing.score == 10.0  # 100 of the 1,000 m that percent are of at least
    assert climbed([], JUNE, before=None, measure=METRES).standing == NOTHING


def test_beginning_far_below_what_one_can_wins_little() -> None:
    honest = [june(day, 20 + day) for day in range(1, 8)]
    holding_back = [june(1, 1), *(june(day, 30) for day in range(2, 8))]
    assert climbed(honest, JUNE, before=20, measure=REPS).standing.score == 35.0
    assert climbed(holding_back, JUNE, before=None, measure=REPS).standing.score == 60.0  # else 2,900
    assert climbed([june(1, 1), june(2, 30)], JUNE, before=None, measure=REPS).standing.score == 10.0


def test_deleting_a_best_does_not_make_it_easier_and_a_late_one_counts() -> None:
    assert (highest(30, 20), highest(30, None), highest(None, 20), highest(20, 30)) == (30, 30, 20, 30)
    assert highest(None, None) is None


@pytest.mark.parametrize("seed", range(20))
def test_an_effort_more_never_lowers_a_score_and_order_of_arrival_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)
    efforts = [june(chance.randint(1, 30), chance.randint(1, 40)) for _ in range(chance.randint(1, 15))]
    whole = climbed(efforts, JUNE, before=12, measure=REPS).standing.score
    chance.shuffle(efforts)
    assert climbed(efforts, JUNE, before=12, measure=REPS).standing.score == whole
    assert climbed(efforts[1:], JUNE, before=12, measure=REPS).standing.score <= whole
