"""Which activities are taken as races."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from topform.features.activities.public import FastestStretch, PastSession
from topform.features.predictions.races import as_best_effort, as_race, as_training

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


def test_training_and_best_efforts() -> None:
    """Implausible speeds are left out of both."""
    assert as_training(run("Morning run", 12_000)) is not None
    assert as_training(run("Forgot to stop", 12_000, elapsed_s=60_000)) is None
    effort = as_best_effort(FastestStretch(DAY, 1200, 4.0))
    assert effort is not None
    assert (effort.distance_m, effort.is_best_effort) == (4800.0, True)
    assert as_best_effort(FastestStretch(DAY, 1200, 9.5)) is None
    assert as_best_effort(FastestStretch(DAY, 7, 4.0)) is None
