"""What is asked about efforts: records and thresholds by hand, and that ordinary training raises nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from topform.features.community.signals.rules import (
    Movement,
    Recording,
    fastest_m_s,
    of_jump,
    of_recording,
    of_repetitions,
    of_speed,
    same_movement,
)

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


def a_set(chance: random.Random, reps: int, *, pace_s: float = 1.6) -> list[tuple[float, float]]:
    """Repetitions as people do them: each takes another while, and tiredness makes them slower."""
    found, at = [], chance.uniform(0, 10)
    for place in range(reps):
        lasts = pace_s * (1 + 0.02 * place) * chance.gauss(1, 0.08)
        found.append((at, at + lasts))
        at += lasts + abs(chance.gauss(0.1, 0.05))
    return found


def recording(**said: object) -> Recording:
    values = {
        "sport": "running",
        "started_at": AT,
        "elapsed_s": 3600.0,
        "arrived_at": AT + timedelta(hours=2),
        "moving_s": 3500.0,
        "distance_m": 11_000.0,
        "ascent_m": 120.0,
    }
    return Recording(**(values | said))  # type: ignore[arg-type]


def codes(found: list) -> list[str]:
    return [one.code for one in found]


def test_ordinary_training_raises_nothing() -> None:
    chance = random.Random(7)
    sets = [a_set(chance, chance.randint(6, 60), pace_s=chance.uniform(0.9, 3.0)) for _ in range(400)]
    assert [found for one in sets if (found := of_repetitions(one))] == []
    movements = [Movement(one) for one in sets]
    assert [1 for k, one in enumerate(movements) for other in movements[:k] if same_movement(one, other)] == []
    # Sport, km, hours in motion, metres of ascent: from a walk with a dog to the best of a region, and a pass road.
    for sport, km, hours, ascent in (
        ("walking", 6, 1.2, 50),
        ("hiking", 22, 6, 1600),
        ("running", 5, 0.25, 20),
        ("running", 42.2, 2.4, 200),
        ("running", 20, 2.5, 1900),
        ("cycling", 120, 3, 600),
        ("cycling", 25, 0.45, 20),
        ("cycling", 45, 3.5, 2200),
        ("swimming", 1.5, 0.36, 0),
        ("rowing", 12, 0.9, 0),
        ("skiing", 60, 1.5, 4000),
    ):
        one = recording(sport=sport, distance_m=1000.0 * km, moving_s=3600.0 * hours, ascent_m=float(ascent))
        assert of_recording(one) == [], sport
    descent = recording(sport="cycling", best_speed_m_s={60: 26.0, 300: 22.0, 1200: 15.0, 3600: 11.0})
    assert of_recording(descent) == []


def test_a_season_that_builds_up_raises_nothing() -> None:
    chance = random.Random(3)
    longest, runs = 8_000.0, []
    for week in range(40):
        longest *= 0.7 if week % 4 == 3 else 1.08
        runs += [longest * chance.uniform(0.4, 0.7) for _ in range(3)] + [longest]
    race = 42_195.0 if longest > 20_000 else 2 * max(runs)
    done = [*runs, race]
    assert [of_jump("distance", one, done[:place]) for place, one in enumerate(done)] == [None] * len(done)
    sets = [round(12 * 1.02**week + chance.uniform(-3, 3)) for week in range(60)]
    assert not [one for place, one in enumerate(sets) if of_jump("push_ups", one, sets[:place])]


def test_repetitions_of_a_machine() -> None:
    even = [(1.5 * k, 1.5 * k + 1.3) for k in range(20)]
    (found,) = of_repetitions(even)
    assert (found.code, found.facts["variation_pct"]) == ("reps_too_even", 0.0)
    chance = random.Random(1)
    fast = [(0.38 * k + chance.uniform(0, 0.05), 0.38 * k + 0.37) for k in range(200)]
    (found,) = of_repetitions(fast)
    # 60 s at 0.38 s each are 157 or 158 starts.
    assert found.code == "reps_beyond_record"
    assert found.facts["reps"] in (157, 158, 159)


def test_the_same_movement_is_found_whenever_it_was_recorded() -> None:
    chance = random.Random(5)
    done = a_set(chance, 12)
    again = [
        (start + 31.4 + chance.uniform(-0.03, 0.03), end + 31.4 + chance.uniform(-0.03, 0.03)) for start, end in done
    ]
    facts = same_movement(Movement(done), Movement(again))
    assert facts is not None
    assert (facts["reps"], facts["apart_s"] <= 0.07) == (12, True)
    angles = [(80.0, 170.0)] * 12
    assert same_movement(Movement(done, angles), Movement(again, [(100.0, 170.0)] * 12)) is None
    assert same_movement(Movement(done[:5]), Movement(done[:5])) is None  # too few to tell
    assert same_movement(Movement(done), Movement(a_set(chance, 12))) is None


@pytest.mark.parametrize(
    ("sport", "distance_m", "over_s", "is_raised"),
    [
        ("running", 10_000, 1571, False),  # the record itself
        ("running", 42_195, 7235, False),
        ("running", 10_000, 1200, True),
        ("walking", 10_000, 3600 * 0.6, False),
        ("walking", 10_000, 1500, True),
        ("cycling", 56_792, 3600, False),
        ("cycling", 100_000, 3600, True),  # a car
        ("swimming", 1500, 870, False),
        ("swimming", 1500, 600, True),
        ("skiing", 100_000, 3600, False),  # of which nothing is known
        ("running", 600, 45, False),  # too short to tell
    ],
)
def test_speeds_beyond_the_records(sport: str, distance_m: float, over_s: float, is_raised: bool) -> None:
    assert (of_speed(sport, distance_m, over_s) is not None) == is_raised


def test_between_two_records_the_limit_falls() -> None:
    limits = [fastest_m_s("running", over_s) or 0 for over_s in (30, 43, 100, 206, 500, 1571, 3402, 7235, 90_000)]
    assert limits == sorted(limits, reverse=True)
    assert limits[0] == limits[1] == 9.30
    assert limits[-1] == 5.83


def test_a_drive_home_with_the_watch_on_is_seen_in_the_fastest_part() -> None:
    ride = recording(sport="cycling", distance_m=40_000.0, moving_s=7200.0, best_speed_m_s={60: 36.0, 1200: 27.0})
    (found,) = of_recording(ride)
    assert (found.code, found.facts["over_s"]) == ("speed_beyond_record", 1200)


def test_clocks_lifts_and_second_versions() -> None:
    assert codes(of_recording(recording(arrived_at=AT + timedelta(minutes=50)))) == []  # ten minutes fast
    assert codes(of_recording(recording(arrived_at=AT - timedelta(days=2)))) == ["clock_ahead"]
    lifted = recording(sport="hiking", distance_m=4000.0, moving_s=1800.0, ascent_m=1400.0)
    assert codes(of_recording(lifted)) == ["climb_beyond_record"]
    assert codes(of_recording(recording(version_after=timedelta(minutes=2)))) == []
    assert codes(of_recording(recording(version_after=timedelta(days=1)))) == ["second_version"]


def test_a_jump_needs_a_history_to_be_one() -> None:
    assert of_jump("push_ups", 90, [20.0] * 9) is None
    found = of_jump("push_ups", 90, [20.0] * 10)
    assert found is not None
    assert found.facts == {"amount": 90, "earlier_best": 20.0, "efforts": 10}
    assert of_jump("push_ups", 12, [3.0] * 20) is None  # from little to little
    speed = of_jump("speed", 12.0, [6.0] * 10)
    assert speed is not None and speed.code == "speed_jump"
