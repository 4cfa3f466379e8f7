"""Which records are of one workout."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from topform.features.activities.matching import Workout, same_workout

RIDE = Workout(datetime(2026, 3, 1, 7, tzinfo=UTC), 3600.0, "cycling", 30_000.0)


def moved(workout: Workout, seconds: float) -> Workout:
    return replace(workout, started_at=workout.started_at + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "other",
    [
        RIDE,
        moved(RIDE, 3),
        moved(RIDE, -119),
        replace(RIDE, elapsed_s=3500.0, distance_m=29_400.0),
        replace(RIDE, distance_m=None),
        replace(RIDE, sport="other"),
        replace(RIDE, elapsed_s=900.0, distance_m=7_000.0),
    ],
    ids=["itself", "rounded-start", "second-device", "early-stop", "no-distance", "vague-sport", "cut-short"],
)
def test_records_of_one_workout(other: Workout):
    assert same_workout(RIDE, other)
    assert same_workout(other, RIDE)


@pytest.mark.parametrize(
    "other",
    [
        moved(RIDE, 121),
        moved(RIDE, 86_400),
        replace(RIDE, sport="running"),
        replace(RIDE, distance_m=12_000.0),
    ],
    ids=["later", "next-day", "other-sport", "other-distance"],
)
def test_records_of_two_workouts(other: Workout):
    assert not same_workout(RIDE, other)
    assert not same_workout(other, RIDE)


def test_walking_and_running_are_words_for_one_thing_on_foot():
    run = replace(RIDE, sport="running", distance_m=12_000.0)
    assert same_workout(run, replace(run, sport="walking"))


def test_one_short_lap_after_another_is_not_one_workout():
    first = replace(RIDE, elapsed_s=60.0, distance_m=300.0)
    assert not same_workout(first, moved(first, 61))


def test_records_without_a_duration_match_only_each_other():
    empty = replace(RIDE, elapsed_s=0.0, distance_m=None)
    assert same_workout(empty, moved(empty, 5))
    assert not same_workout(empty, RIDE)
