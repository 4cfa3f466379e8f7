"""Where the athlete stands at the start, from what the request says and nothing else."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest

from topform.coaching.baseline import Baseline, baseline
from topform.coaching.goals import PlanSport
from topform.coaching.request import PlanRequest
from topform.core.errors import PlanRequestError

START = date(2027, 3, 1)


def of(athlete: dict[str, Any], **changes: Any) -> Baseline:
    """Return the baseline of a request."""
    document = {
        "athlete": {"sport": "running", "experience": "intermediate", **athlete},
        "goal": {"type": "maintain", "weeks": 2},
        "start": START.isoformat(),
        "available_minutes": dict.fromkeys(("tue", "thu", "sat", "sun"), 60),
        **changes,
    }
    return baseline(PlanRequest.from_dict(document))


def history(loads: list[float], minutes: float | None = None) -> list[dict[str, Any]]:
    """Return history days that end the day before the start."""
    first = START - timedelta(days=len(loads))
    return [
        {"date": (first + timedelta(days=index)).isoformat(), "load": load, "minutes": minutes}
        for index, load in enumerate(loads)
    ]


def test_stated_numbers_win() -> None:
    """ctl and atl as stated, the weeks before as if steady, nothing assumed but what is missing."""
    base = of({"ctl": 42, "atl": 50, "recent_longest": {"minutes": 70}})
    assert (base.ctl, base.atl) == (42, 50)
    assert base.loads_au.tolist() == [42.0] * 28
    assert base.longest[PlanSport.RUNNING].minutes == 70
    assert base.assumptions == ()


def test_a_constant_history_is_its_own_average() -> None:
    """A constant daily load is the fixed point of both averages."""
    base = of({}, history_days=history([50.0] * 60, minutes=55))
    assert base.ctl == pytest.approx(50)
    assert base.atl == pytest.approx(50)
    assert base.ctl_before == pytest.approx([50.0] * 7)
    assert base.longest[PlanSport.RUNNING].minutes == 55


def test_a_short_history_is_filled_with_rest() -> None:
    """Two days of 70 are not a week of 70."""
    base = of({}, history_days=history([70.0, 70.0]))
    assert base.ctl < 10
    assert base.loads_au.sum() == 140


def test_ctl_before_the_start_is_walked_back() -> None:
    """One day of 142 on top of a ctl of 40: the evening before, ctl was lower by the published step."""
    base = of({"ctl": 40}, history_days=history([0.0] * 27 + [142.0]))
    keep = math.exp(-1 / 42)
    assert base.ctl_before[-1] == 40
    assert base.ctl_before[-2] == pytest.approx((40 - (1 - keep) * 142) / keep)
    assert base.ctl_before[-3] == pytest.approx(base.ctl_before[-2] / keep)


def test_old_sessions_do_not_count_as_recent() -> None:
    """A long session 40 days ago does not allow another one now."""
    days = history([50.0] * 45, minutes=30)
    days[3]["minutes"] = 180
    assert of({}, history_days=days).longest[PlanSport.RUNNING].minutes == 30


def test_a_distance_becomes_minutes() -> None:
    """12 km at three quarters of 4 m/s take 66.7 minutes."""
    base = of({"ctl": 40, "threshold": {"speed_m_s": 4.0}, "recent_longest": {"distance_m": 12_000}})
    assert base.longest[PlanSport.RUNNING].minutes == pytest.approx(66.67, abs=0.01)
    assert base.longest[PlanSport.RUNNING].distance_m == 12_000
    assert any("distance only" in text for text in base.assumptions)


def test_another_sport_starts_short() -> None:
    """Long rides say nothing about running."""
    goal = {"type": "race", "sport": "running", "distance_m": 10_000, "date": "2027-05-02"}
    base = of({"sport": "cycling", "ctl": 60, "recent_longest": {"minutes": 240}}, goal=goal)
    assert base.longest == {}
    assert any("short sessions" in text for text in base.assumptions)


RECENT = {"running": [{"date": "2027-02-10", "minutes": 80}, {"date": "2027-02-26", "minutes": 50.5}]}


def test_stored_sessions_count_from_their_own_day() -> None:
    """START is the first of March: the run of 80 min lies 19 days before it, that of 50.5 min three days."""
    base = of({"recent_longest": {"by_sport": RECENT}})
    assert base.longest[PlanSport.RUNNING].minutes == 80
    assert "longest" not in {item.code for item in base.assumed}
    since = [base.longest_since(PlanSport.RUNNING, first) for first in (-30, -19, -18, -3, -2)]
    assert since == [80, 80, 50.5, 50.5, None]


def test_a_stated_longest_session_wins_over_stored_ones() -> None:
    base = of({"recent_longest": {"minutes": 60, "by_sport": RECENT}})
    assert base.longest_since(PlanSport.RUNNING, -30) == 60


def test_every_sport_of_a_triathlon_has_its_own_longest_session() -> None:
    base = of(
        {"sport": "triathlon", "recent_longest": {"by_sport": RECENT | {"cycling": [RECENT["running"][0]]}}},
        goal={"type": "race", "sport": "triathlon", "distance_m": 51_500, "date": "2027-06-06"},
    )
    assert {sport.value: past.minutes for sport, past in base.longest.items()} == {"running": 80, "cycling": 80}
    assert [item.params for item in base.assumed if item.code == "longest"] == [{"sport": "swimming", "minutes": 20}]


@pytest.mark.parametrize(
    ("by_sport", "field"),
    [
        ({"chess": []}, "athlete.recent_longest.by_sport.chess"),
        ({"running": [{"minutes": 5}]}, "athlete.recent_longest.by_sport.running[0].date"),
        ({"running": [{"date": "2027-02-10"}]}, "athlete.recent_longest.by_sport.running[0].minutes"),
        ({"running": [{"date": "2027-02-10", "minutes": -1}]}, "athlete.recent_longest.by_sport.running[0].minutes"),
        ({"running": [{"date": "2027-03-01", "minutes": 5}]}, "athlete.recent_longest.by_sport.running"),
    ],
)
def test_senseless_recent_sessions_are_refused(by_sport: dict[str, Any], field: str) -> None:
    with pytest.raises(PlanRequestError) as refusal:
        of({"recent_longest": {"by_sport": by_sport}})
    assert refusal.value.fields["field"] == field
