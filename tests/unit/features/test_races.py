"""Which activities are taken as races."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from topform.features.activities.public import CurvePoint, PastSession
from topform.features.predictions.races import as_race, as_training, best_efforts

DAY = date(2026, 10, 4)


def run(title: str | None, distance_m: float | None, *, sport: str = "running", elapsed_s: float = 6000) -> PastSession:
    """Return an activity of the day."""
    return PastSession(UUID(int=1), DAY, title, sport, None, elapsed_s, elapsed_s - 5, distance_m, None, None)


@pytest.mark.parametrize(
    ("title", "distance_m", "official_m"),
    [
        ("Berlin Marathon", 42_510, 42_195),
        ("parkrun #12", 4990, 5000),
        ("Silvesterlauf Wettkampf", 10_080, 10_000),
        ("City Half Marathon", 21_250, 21_097.5),
    ],
)
def test_a_title_and_a_usual_distance_make_a_race(title: str, distance_m: float, official_m: float) -> None:
    """The measured course counts, not the satellite track; the whole time counts, not the moving time."""
    race = as_race(run(title, distance_m))
    assert race is not None
    assert (race.distance_m, race.time_s, race.day) == (official_m, 6000, DAY)


@pytest.mark.parametrize(
    ("title", "distance_m", "sport"),
    [
        ("Morning run", 10_000, "running"),
        ("Marathon training", 21_100, "running"),
        ("Easy long run before the race", 30_000, "running"),
        ("Berlin Marathon", 12_300, "running"),
        ("Club race", 10_000, "cycling"),
        ("Berlin Marathon", None, "running"),
        (None, 42_195, "running"),
    ],
)
def test_everything_else_is_no_race(title: str | None, distance_m: float | None, sport: str) -> None:
    """Training for a marathon is no marathon."""
    assert as_race(run(title, distance_m, sport=sport)) is None


def point(duration_s: int, speed_m_s: float) -> CurvePoint:
    """Return the best of a duration."""
    return CurvePoint(duration_s, speed_m_s, UUID(int=2), 0, DAY, 0)


def test_training_and_best_efforts() -> None:
    """Implausible speeds are left out of both; each names its activity."""
    known = as_training(run("Morning run", 12_000))
    assert known is not None
    assert known.reference == str(UUID(int=1))
    assert as_training(run("Forgot to stop", 12_000, elapsed_s=60_000)) is None
    (effort,) = best_efforts([point(7, 4.0), point(1200, 4.0), point(1800, 9.5)])
    assert (effort.distance_m, effort.is_best_effort, effort.reference) == (4800.0, True, str(UUID(int=2)))
    assert best_efforts([]) == []


def test_the_best_stretch_of_less_than_eight_minutes_is_there_for_short_races() -> None:
    """4 min 10 s at 5.4 m/s beside the usual durations; one below 3.5 min has no index."""
    efforts = best_efforts([point(200, 6.0), point(250, 5.4), point(310, 4.5), point(1200, 3.8)])
    assert [one.time_s for one in efforts] == [250, 1200]


def test_the_stretch_with_the_highest_index_is_among_them_whatever_its_duration() -> None:
    """25 min at 3.9 m/s show more than 20 min at 3.8 m/s; a minute of it does not count."""
    efforts = best_efforts([point(60, 5.0), point(310, 4.5), point(1200, 3.8), point(1505, 3.9), point(1600, 3.6)])
    assert [one.time_s for one in efforts] == [310, 1200, 1505]
