"""Closing predictions with races, and when the response to training is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from topform.core.ids import new_id
from topform.features.activities.public import PastSession
from topform.features.predictions.record import close
from topform.features.predictions.response import response_of
from topform.features.predictions.tables import RacePredictionRow
from topform.science.prediction import Race

DAY = date(2026, 5, 10)


def shown(made_on: date, target: date, *, distance_m: float = 10_000) -> RacePredictionRow:
    """Return a stored prediction of 40 min."""
    return RacePredictionRow(
        id=new_id(), made_at=datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC), made_on=made_on,
        target_date=target, distance_m=distance_m, predictor_version=2, inputs_digest="", time_s=2400, low_80_s=2300,
        high_80_s=2500, low_90_s=2250, high_90_s=2560, baseline_s=2410,
    )  # fmt: skip


def run(day: date, *, time_s: float = 2450, distance_m: float = 10_000) -> tuple[PastSession, Race]:
    """Return a race with its activity."""
    past = PastSession(new_id(), day, "race", "running", None, time_s, time_s, distance_m, None, None)
    return past, Race(distance_m, time_s, day, name="race")


def test_the_prediction_of_the_day_is_closed_before_a_later_one_of_another_day() -> None:
    """Each race closes one prediction, that of its day first; the same race closes nothing twice."""
    of_the_day, later, too_old = (
        shown(DAY - timedelta(days=20), DAY),
        shown(DAY - timedelta(days=2), DAY + timedelta(days=30)),
        shown(DAY - timedelta(days=60), DAY - timedelta(days=59)),
    )
    race = run(DAY)
    for _ in range(2):
        close([too_old, of_the_day, later], [race])
    assert (of_the_day.outcome_s, of_the_day.activity_id) == (2450, race[0].id)
    assert later.outcome_s is None
    assert too_old.outcome_s is None


def test_a_prediction_counts_for_a_race_of_its_distance_after_it() -> None:
    """Not for another distance, nor for a race of the day on which it was made."""
    for row in (shown(DAY - timedelta(days=2), DAY, distance_m=5000), shown(DAY, DAY + timedelta(days=7))):
        close([row], [run(DAY)])
        assert row.outcome_s is None


def test_a_removed_race_opens_its_prediction_again() -> None:
    """The outcome was that activity's."""
    row, race = shown(DAY - timedelta(days=2), DAY), run(DAY)
    close([row], [race])
    close([row], [])
    assert (row.outcome_s, row.outcome_date, row.activity_id) == (None, None, None)


def test_the_response_is_shown_only_where_it_beats_both_rules() -> None:
    """Performance that follows a block of load with fitness and fatigue; then one that grows whatever the load."""
    rng = np.random.default_rng(3)
    first, days = date(2025, 1, 1), 420
    loads = 50 + 45 * np.sin(np.arange(days) / 30) + 10 * rng.standard_normal(days)
    known = {first + timedelta(days=index): max(float(load), 0.0) for index, load in enumerate(loads)}
    fitness, fatigue, level = 50 / (1 - np.exp(-1 / 42)), 50 / (1 - np.exp(-1 / 9)), {}
    for day, load in known.items():
        level[day] = fitness - 2 * fatigue
        fitness, fatigue = (fitness + load) * np.exp(-1 / 42), (fatigue + load) * np.exp(-1 / 9)
    spread, mean = np.std(list(level.values())), np.mean(list(level.values()))
    at = [first + timedelta(days=index) for index in range(60, days, 21)]
    follows = {day: 250 * (1 + 0.03 * (level[day] - mean) / spread + 0.002 * rng.standard_normal()) for day in at}
    today = first + timedelta(days=days)
    told = response_of("cycling", "W", follows, known, today)
    assert told.reason == "earned"
    assert told.forecast == pytest.approx(told.last_value, rel=0.1)
    assert told.model_mae_pct is not None
    assert told.last_value_mae_pct is not None
    assert told.model_mae_pct < told.last_value_mae_pct
    growing = {day: 250 * 1.01**place for place, day in enumerate(at)}
    silent = response_of("cycling", "W", growing, known, today)
    assert (silent.reason, silent.forecast) == ("not_better", None)
    few = response_of("cycling", "W", dict(list(follows.items())[:7]), known, today)
    assert (few.reason, few.model_mae_pct, few.forecast) == ("too_few_tests", None, None)
