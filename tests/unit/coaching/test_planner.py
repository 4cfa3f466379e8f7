"""What a plan must look like for ordinary and awkward wishes."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.support.plan_documents import HALF_MARATHON, PUSH_UPS

from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.science.fitness import load_averages


def plan(**changes: Any) -> dict[str, Any]:
    """Return the plan document of the half-marathon request with top-level fields replaced."""
    return make_plan(PlanRequest.from_dict({**copy.deepcopy(HALF_MARATHON), **changes})).as_dict()


@pytest.fixture(scope="module")
def half_marathon() -> dict[str, Any]:
    """Twelve weeks to a half marathon."""
    return plan()


def sessions(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all sessions in order."""
    return [session for day in document["days"] for session in day["sessions"]]


def test_the_document_has_the_agreed_shape(half_marathon: dict[str, Any]) -> None:
    """The keys that other programs rely on."""
    assert {"days", "phases", "checks", "relaxed", "forecast"} <= half_marathon.keys()
    for day in half_marathon["days"]:
        assert {"date", "sessions", "ctl", "atl", "tsb"} <= day.keys()
        for session in day["sessions"]:
            assert {"id", "title", "sport", "minutes", "load", "steps", "why"} <= session.keys()
    assert {tuple(sorted(item)) for item in half_marathon["checks"]} == {("detail", "rule", "status")}


def test_load_averages_are_those_of_the_science_package(half_marathon: dict[str, Any]) -> None:
    """The published averages equal an independent computation."""
    loads = np.array([day["load"] for day in half_marathon["days"]])
    averages = load_averages(loads, ctl_start=40, atl_start=42)
    assert [day["ctl"] for day in half_marathon["days"]] == pytest.approx(averages.ctl.tolist(), abs=0.006)
    assert [day["atl"] for day in half_marathon["days"]] == pytest.approx(averages.atl.tolist(), abs=0.006)


def test_a_race_plan_has_base_build_peak_taper_and_race(half_marathon: dict[str, Any]) -> None:
    """Phases follow each other without a gap and end with the race."""
    assert [phase["name"] for phase in half_marathon["phases"]] == ["base", "build", "peak", "taper", "race"]
    race = half_marathon["days"][-1]
    assert race["date"] == "2027-05-23"
    assert [session["kind"] for session in race["sessions"]] == ["race"]
    assert race["sessions"][0]["distance_m"] == 21_097.5


def test_the_taper_lowers_load_and_brings_form(half_marathon: dict[str, Any]) -> None:
    """Last week at most 55 % of the weeks before, form positive on the morning of the race."""
    loads = [day["load"] for day in half_marathon["days"]]
    before = sum(loads[-43:-15]) / 4
    assert 0.35 * before <= sum(loads[-8:-1]) <= 0.55 * before
    assert half_marathon["forecast"]["race"]["tsb_on_the_morning"] > 5


def test_the_long_run_grows_step_by_step(half_marathon: dict[str, Any]) -> None:
    """From 80 minutes towards two hours, never by more than a tenth."""
    longest, best = 80.0, 0.0
    for session in sessions(half_marathon):
        if session["kind"] != "race":
            assert session["minutes"] <= 1.1 * longest
            longest = max(longest, session["minutes"])
            best = max(best, session["minutes"])
    assert 110 <= best <= 120


def test_targets_are_in_the_athletes_pace(half_marathon: dict[str, Any]) -> None:
    """Easy running at 70 to 78 % of 3.8 m/s."""
    easy = next(session for session in sessions(half_marathon) if session["workout"] == "run.easy")
    step = easy["steps"][0]
    assert (step["target"], step["low"], step["high"]) == ("speed_m_s", 2.66, 2.964)
    assert step["pace"] == "5:37-6:16 /km"


def test_without_a_threshold_targets_are_effort_or_heart_rate() -> None:
    """Nothing is made up: effort always, heart rate for steps of four minutes and more."""
    athlete = {**HALF_MARATHON["athlete"], "threshold": {"hr_bpm": 170}}
    document = plan(athlete=athlete, goal={"type": "maintain", "weeks": 2})
    steps = [step for session in sessions(document) for step in session["steps"] if "target" in step]
    assert {step["target"] for step in steps} == {"hr_bpm", "rpe"}
    assert all(step["duration_s"] >= 240 for step in steps if step["target"] == "hr_bpm")
    assert all("distance_m" not in session for session in sessions(document))


def test_no_time_means_rest_and_an_honest_word() -> None:
    """0 minutes everywhere gives rest days, not an error and not a session."""
    document = plan(goal={"type": "maintain", "weeks": 2}, available_minutes={"mon": 0})
    assert sessions(document) == []
    assert "rest" in document["summary"]
    assert {"load_target", "availability"} <= {item["rule"] for item in document["relaxed"]}


def test_a_taper_without_room_for_a_session_says_so() -> None:
    """Five minutes a day for the eight days before a race hold nothing, and no week is there that could fall short."""
    document = plan(
        goal={"type": "race", "sport": "running", "distance_m": 21_097.5, "date": "2027-03-09", "priority": "B"},
        available_minutes=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 5),
    )
    assert [session["kind"] for session in sessions(document)] == ["race"]
    assert [item["rule"] for item in document["relaxed"]] == ["availability"]


def test_too_little_time_is_reported() -> None:
    """What had to give is listed with its weeks."""
    document = plan(
        athlete={"sport": "running", "experience": "advanced", "ctl": 80, "recent_longest": {"minutes": 120}},
        goal={"type": "maintain", "weeks": 3},
        available_minutes={"tue": 30, "sat": 40},
        unavailable_dates=["2027-03-09", "2027-03-13"],
    )
    assert document["days"][8]["sessions"] == [] and document["days"][12]["sessions"] == []
    relaxed = {item["rule"]: item for item in document["relaxed"]}
    assert relaxed["load_target"]["weeks"] == [1, 2, 3]
    assert 2 in relaxed["key_sessions"]["weeks"]


def test_everything_assumed_is_said() -> None:
    """Four missing facts, four sentences."""
    document = plan(athlete={"sport": "running"}, goal={"type": "general_fitness", "weeks": 2})
    text = " ".join(document["assumptions"])
    assert "beginner" in text and "ctl" in text and "Longest" in text


def test_push_ups_follow_the_published_progression() -> None:
    """Three sessions a week, 4 x 7 first, a light week with a test after 48 hours in week four."""
    document = make_plan(PlanRequest.from_dict(PUSH_UPS)).as_dict()
    weeks = [document["days"][first : first + 7] for first in range(0, 56, 7)]
    first = weeks[0][0]["sessions"][0]
    assert [step["reps"] for step in first["steps"] if step.get("reps")] == [7, 7, 7, 7]
    assert [sum(bool(day["sessions"]) for day in week) for week in weeks] == [3, 3, 3, 2, 3, 3, 3, 2]
    light, test = (i for i, day in enumerate(weeks[3]) if day["sessions"])
    assert weeks[3][test]["sessions"][0]["title"] == "Push-up test"
    assert test - light >= 2
    reps = document["forecast"]["strength"]["weekly_reps"]
    for before, after in pairwise(reps[:3]):
        assert 1.0 <= after / before <= 1.10


def test_triathlon_trains_all_three() -> None:
    """Every ordinary week holds swim, ride and run."""
    document = plan(
        athlete={"sport": "triathlon", "experience": "intermediate", "ctl": 45, "recent_longest": {"minutes": 120}},
        goal={"type": "maintain", "weeks": 3},
        available_minutes={"tue": 60, "wed": 75, "thu": 60, "fri": 60, "sat": 180, "sun": 120},
        unavailable_dates=[],
    )
    for first in (0, 7, 14):
        week = document["days"][first : first + 7]
        assert {s["sport"] for day in week for s in day["sessions"]} >= {"swimming", "cycling", "running"}


@pytest.mark.parametrize("priority", ["A", "B", "C"])
def test_race_priorities(priority: str) -> None:
    """The less a race matters, the less the load falls before it."""
    goal = {**HALF_MARATHON["goal"], "priority": priority, "date": "2027-04-25"}
    document = plan(goal=goal)
    loads = [day["load"] for day in document["days"]]
    share = sum(loads[-8:-1]) / (sum(loads[-36:-8]) / 4)
    limits = {"A": (0.3, 0.6), "B": (0.45, 0.76), "C": (0.6, 1.3)}[priority]
    assert limits[0] <= share <= limits[1]


def test_a_long_absence_restarts_carefully() -> None:
    """After six weeks away the first run is short and the first week light."""
    away = [f"2027-03-{day:02d}" for day in range(3, 32)] + [f"2027-04-{day:02d}" for day in range(1, 15)]
    document = plan(goal={"type": "maintain", "weeks": 9}, unavailable_dates=away)
    back = [day for day in document["days"] if day["date"] > "2027-04-14"]
    first = next(session for day in back for session in day["sessions"])
    assert first["minutes"] <= 20
    assert sum(day["load"] for day in back[:7]) <= 90


def fit_athlete(
    sport: str, ctl: int, minutes: tuple[int, ...], longest_min: int, *, distance_m: float, weeks: int
) -> dict[str, Any]:
    """Return the plan of an advanced athlete towards a race at the end of so many weeks from 1 March 2027."""
    day = date(2027, 3, 1) + timedelta(days=7 * weeks - 1)
    return plan(
        athlete={
            "sport": sport,
            "experience": "advanced",
            "ctl": ctl,
            "recent_longest": {"minutes": longest_min},
            "threshold": {},
        },
        goal={"type": "race", "sport": sport, "distance_m": distance_m, "date": day.isoformat()},
        available_minutes=dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), minutes, strict=True)),
        unavailable_dates=[],
        preferred_rest=[],
    )


def before_taper(document: dict[str, Any], n_days: int) -> list[dict[str, Any]]:
    """Return the last days before the taper."""
    return [day for day in document["days"] if day["phase"] not in {"taper", "race"}][-n_days:]


EIGHT_HOURS_OF_RUNNING = (0, 75, 90, 75, 60, 60, 120)
TWELVE_HOURS_OF_RIDING = (0, 90, 90, 90, 60, 150, 240)


@pytest.mark.parametrize(
    ("sport", "ctl", "minutes", "longest_min", "distance_m"),
    [
        ("running", 60, EIGHT_HOURS_OF_RUNNING, 100, 21_097.5),
        ("cycling", 80, TWELVE_HOURS_OF_RIDING, 180, 160_934.0),
        ("triathlon", 80, (60, 120, 90, 120, 90, 150, 210), 180, 113_000.0),
    ],
)
def test_the_hours_offered_hold_the_fitness_of_fit_athletes(
    sport: str, ctl: int, minutes: tuple[int, ...], longest_min: int, distance_m: float
) -> None:
    """Easier weeks let it dip; after three ordinary ones it is back."""
    document = fit_athlete(sport, ctl, minutes, longest_min, distance_m=distance_m, weeks=16)
    assert max(day["ctl"] for day in before_taper(document, 21)) >= 0.97 * ctl
    assert document["warnings"] == []
    week = [sum(day["minutes"] for day in document["days"][7 * n : 7 * n + 7]) for n in range(12)]
    # One of seven days is free, and an easy day has no long session: about nine tenths of the rest is used.
    assert max(week) >= 0.85 * sum(sorted(minutes)[1:])


def test_steadier_endurance_comes_only_where_hours_are_short_for_the_fitness() -> None:
    """The same twelve hours are plenty for somebody half as fit."""
    used = {
        ctl: {s["workout"] for s in sessions(fit_athlete("cycling", ctl, TWELVE_HOURS_OF_RIDING, 180, **CENTURY))}
        for ctl in (40, 80)
    }
    assert "ride.steady" in used[80] and "ride.steady" not in used[40]


CENTURY: dict[str, Any] = {"distance_m": 160_934.0, "weeks": 8}


def test_long_rides_of_the_trained_last_as_long_as_the_day_allows() -> None:
    """From three hours to four, in steps of at most a fifth."""
    longest = 180.0
    for session in sessions(fit_athlete("cycling", 80, TWELVE_HOURS_OF_RIDING, 180, **CENTURY)):
        if session["kind"] != "race":
            assert session["minutes"] <= 1.2 * longest
            longest = max(longest, session["minutes"])
    assert longest == 240


def test_the_longest_runs_of_a_marathon_plan_come_near_three_hours_before_the_taper() -> None:
    """Step by step from 100 minutes, the longest in the last two months before the taper, not in it."""
    document = fit_athlete("running", 50, (0, 60, 75, 60, 45, 60, 180), 100, distance_m=42_195.0, weeks=18)
    runs = [(index, s["minutes"]) for index, day in enumerate(document["days"]) for s in day["sessions"]][:-1]
    for index, minutes in runs:
        before = [m for when, m in runs if index - 30 <= when < index]
        assert minutes <= 1.1 * max([*before, *([100] if index <= 29 else [])])
    last = max(runs, key=lambda run: (run[1], run[0]))
    assert 150 <= last[1] <= 180
    taper = next(index for index, day in enumerate(document["days"]) if day["phase"] == "taper")
    assert taper - 56 <= last[0] < taper


def test_the_week_after_an_easier_one_is_a_whole_one_again() -> None:
    """Its first days lie in one window of seven with the short long run of the week before."""
    document = fit_athlete("running", 60, EIGHT_HOURS_OF_RUNNING, 100, distance_m=21_097.5, weeks=16)
    weeks = document["forecast"]["weeks"]
    for easier, after in pairwise(weeks[:12]):
        if easier["easier"]:
            assert after["load"] >= 0.95 * max(week["load"] for week in weeks[:12])
