"""A plan says when its race makes no sense or Fitness falls, although every rule holds."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from tests.support.plan_documents import HALF_MARATHON, PUSH_UPS

from topform.coaching.adaptation import continued
from topform.coaching.language import LANGUAGES
from topform.coaching.plan_language import in_language
from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.entrypoints.cli import plan_view

BEGINNERS_MARATHON: dict[str, Any] = {
    "athlete": {"sport": "running", "experience": "beginner"},
    "goal": {"type": "race", "sport": "running", "distance_m": 42_195, "date": "2026-03-15", "priority": "A"},
    "start": "2026-03-09",
    "available_minutes": {"tue": 20, "thu": 30, "sat": 20, "sun": 30},
}


def plan(request: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the plan document of a request with top-level fields replaced."""
    return make_plan(PlanRequest.from_dict({**copy.deepcopy(request), **changes})).as_dict()


def race_session(document: dict[str, Any]) -> dict[str, Any]:
    """Return the race."""
    found: dict[str, Any] = next(
        session for day in document["days"] for session in day["sessions"] if session["kind"] == "race"
    )
    return found


def test_a_marathon_in_six_days_is_doubted() -> None:
    """20 of 309 minutes, and a week of 50 AU before a race of 326 AU."""
    document = plan(BEGINNERS_MARATHON)
    assert [item["code"] for item in document["warnings"]] == ["race_too_long", "race_too_soon"]
    assert document["warnings"][0]["message"] == (
        "The longest session before the marathon on 2026-03-15 is 30 min, the race takes about 309 min: "
        "choose a shorter race or a later date."
    )
    assert "does not prepare you" in race_session(document)["why"]
    assert "does not prepare you" in document["forecast"]["race"]["basis"]
    assert document["summary"].startswith("1 week towards")
    assert {item["status"] for item in document["checks"]} <= {"pass", "warn"}


def test_a_marathon_on_twenty_minutes_a_week_is_doubted() -> None:
    """Time alone does not help without minutes."""
    goal = {**BEGINNERS_MARATHON["goal"], "date": "2026-06-14"}
    document = plan(BEGINNERS_MARATHON, goal=goal, available_minutes={"sat": 20})
    assert [item["code"] for item in document["warnings"]] == ["race_too_long"]


@pytest.mark.parametrize(
    ("request_document", "changes"),
    [
        (HALF_MARATHON, {}),
        (PUSH_UPS, {}),
        (BEGINNERS_MARATHON, {"goal": {**BEGINNERS_MARATHON["goal"], "distance_m": 5000}}),
        (HALF_MARATHON, {"goal": {**HALF_MARATHON["goal"], "date": "2027-03-14"}}),
    ],
)
def test_ordinary_goals_are_not_doubted(request_document: dict[str, Any], changes: dict[str, Any]) -> None:
    """Prepared, short, or near with a base: no warning."""
    assert plan(request_document, **changes)["warnings"] == []


TIGHT_HALF: dict[str, Any] = {
    "athlete": {"sport": "running", "experience": "intermediate", "threshold": {"speed_m_s": 3.1}},
    "goal": {"type": "race", "sport": "running", "distance_m": 21_097.5, "date": "2027-05-30"},
    "start": "2027-03-01",
    "available_minutes": {"tue": 60, "wed": 60, "thu": 60, "fri": 45, "sat": 150},
}
"""Thirteen weeks to a Sunday, 375 minutes a week."""

LONG_RIDES: dict[str, Any] = {
    "athlete": {
        "sport": "cycling",
        "experience": "advanced",
        "ctl": 70,
        "threshold": {"power_w": 280},
        "recent_longest": {"minutes": 240},
    },
    "goal": {"type": "threshold_gain", "pct": 5, "weeks": 24},
    "start": "2027-03-01",
    "available_minutes": {"tue": 90, "wed": 90, "thu": 90, "sat": 240, "sun": 180},
}
"""Eleven and a half hours for somebody whose Fitness rests on 490 AU a week."""


def longest_run(document: dict[str, Any]) -> int:
    """Return the longest run in training. [min]"""
    runs = [item for day in document["days"] for item in day["sessions"] if item["kind"] != "race"]
    return max(int(item["minutes"]) for item in runs)


@pytest.mark.parametrize("ctl", [0, 12])
def test_a_half_marathon_after_short_runs_only_is_doubted(ctl: float) -> None:
    """3.1 m/s for an hour: 60 * (21097.5/11160)^1.06 min = 118, three quarters of it 88."""
    athlete = {**TIGHT_HALF["athlete"], "ctl": ctl, "recent_longest": {"minutes": 20}}
    document = plan(TIGHT_HALF, athlete=athlete)
    (warning,) = document["warnings"]
    longest = longest_run(document)
    assert longest < 88
    assert (warning["code"], warning["date"]) == ("long_run_short", "2027-05-30")
    assert warning["params"] == {
        "sport": "running",
        "distance_m": 21_097.5,
        "longest_min": longest,
        "race_min": 118,
        "needed_min": 88,
    }
    assert warning["message"].startswith(
        f"The longest run before the race on 30 May 2027 is {longest} min, the race takes about 118 min: "
        "at least 88 min"
    )
    for language in LANGUAGES:
        said = in_language(document, language)["warnings"][0]["message"]
        assert all(str(number) in said for number in (longest, 118, 88))


@pytest.mark.parametrize(("longest_min", "expected"), [(87, ["long_run_short"]), (88, [])])
def test_three_quarters_of_the_race_are_enough(longest_min: int, expected: list[str]) -> None:
    """Run before the plan, which has no time left for a longer one."""
    athlete = {**TIGHT_HALF["athlete"], "ctl": 30, "recent_longest": {"minutes": longest_min}}
    document = plan(TIGHT_HALF, athlete=athlete, start="2027-05-17")
    assert [item["code"] for item in document["warnings"]] == expected


@pytest.mark.parametrize(("longest_min", "expected"), [(114, ["long_run_short"]), (115, [])])
def test_two_hours_are_not_short_for_a_marathon(longest_min: int, expected: list[str]) -> None:
    """A marathon of 246 minutes does not ask for 185 in training."""
    athlete = {**TIGHT_HALF["athlete"], "ctl": 45, "recent_longest": {"minutes": longest_min}}
    goal = {**TIGHT_HALF["goal"], "distance_m": 42_195}
    document = plan(TIGHT_HALF, athlete=athlete, goal=goal, start="2027-05-17")
    assert [item["code"] for item in document["warnings"]] == expected


FITTER: dict[str, Any] = {**LONG_RIDES["athlete"], "ctl": 90}


def test_a_plan_that_holds_less_than_the_training_before_says_that_fitness_falls() -> None:
    """Every fourth week holds 0.68 of the others, so 630 a week on average needs 630 / 0.92 = 685 in those.

    The hours hold 4 h of long ride (0.77 a minute), two key sessions of 90 min (1.05), 90 min and, on the day after
    the long ride, 119 min of steady endurance (0.84); 0.98 of these 549.
    """
    document = plan(LONG_RIDES, athlete=FITTER)
    (warning,) = document["warnings"]
    start, end = document["forecast"]["start"]["ctl"], max(day["ctl"] for day in document["days"][-14:])
    assert end < start - 5
    assert (warning["code"], warning["date"]) == ("fitness_falls", None)
    assert warning["params"] == {"ctl_start": 90, "ctl_end": round(end), "hours_load": 538, "needed_load": 685}
    for language in LANGUAGES:
        said = in_language(document, language)["warnings"][0]["message"]
        assert all(str(number) in said for number in (90, round(end), 538, 685))
        assert f"{round(end)} (" in said or f"{round(end)}（" in said
    assert f"{round(end)} (a taper before a race not counted)" in warning["message"]


def test_no_gain_is_promised_where_fitness_falls(capsys: pytest.CaptureFixture[str]) -> None:
    """With enough hours for the present load the usual gain is named."""
    document = plan(LONG_RIDES, athlete=FITTER)
    assert document["forecast"]["threshold"]["usual_pct"] is None
    plan_view.show(document, {})
    printed = capsys.readouterr().out
    assert printed.startswith("warning Fitness falls from 90 to ")
    assert "Threshold: no gain to be expected" in " ".join(printed.split())
    held = plan(LONG_RIDES)
    assert held["warnings"] == []
    assert held["forecast"]["threshold"]["usual_pct"] == [2.4, 10.0]


def test_hours_are_not_blamed_where_they_would_do() -> None:
    """Six hours hold 280 a week; after short rides only, the rule for the longest session does not let them."""
    athlete = {"sport": "running", "experience": "beginner", "ctl": 40, "recent_longest": {"minutes": 20}}
    minutes = {"tue": 75, "thu": 75, "fri": 75, "sat": 75, "sun": 90}
    document = plan(
        TIGHT_HALF, athlete=athlete, goal={"type": "general_fitness", "weeks": 6}, available_minutes=minutes
    )
    (warning,) = document["warnings"]
    assert (warning["code"], warning["params"]["week_load"]) == ("fitness_falls_anyway", 280)
    for language in LANGUAGES:
        assert "280" in in_language(document, language)["warnings"][0]["message"]


def test_holding_fitness_is_not_called_a_loss() -> None:
    """Easier weeks let it swing by less than a point for half a year."""
    athlete = {"sport": "cycling", "experience": "intermediate", "ctl": 20, "recent_longest": {"minutes": 120}}
    assert plan(LONG_RIDES, athlete=athlete, goal={"type": "maintain", "weeks": 24})["warnings"] == []


def with_races(*races: tuple[str, float, str], **changes: Any) -> dict[str, Any]:
    """Return a plan towards the half marathon with runs on the way: date, metres, priority."""
    others = [{"date": when, "distance_m": metres, "priority": priority} for when, metres, priority in races]
    return plan(HALF_MARATHON, other_races=others, **changes)


def test_a_marathon_every_week_is_doubted_race_by_race() -> None:
    """42.2 km at one day for 3 km are fourteen days without hard work; after the last, four weeks are left."""
    sundays = [f"2027-{day}" for day in ("03-07", "03-14", "03-21", "03-28", "04-04", "04-11", "04-18", "04-25")]
    document = with_races(*((sunday, 42_195.0, "B") for sunday in sundays))
    close = [item for item in document["warnings"] if item["code"] == "races_too_close"]
    assert [item["date"] for item in close] == sundays[1:]
    assert close[0]["message"] == (
        "The marathon on 2027-03-14 is 7 days after the marathon on 2027-03-07; the two ask for 14 days without hard "
        "work between: leave one of them out, or choose a race from 2027-03-22 on."
    )
    assert close[0]["params"] == {
        "sport": "running",
        "distance_m": 42_195.0,
        "days": 7,
        "days_asked": 14,
        "free_from": "2027-03-22",
        "other_date": "2027-03-07",
        "other_sport": "running",
        "other_distance_m": 42_195.0,
    }
    assert {item["status"] for item in document["checks"]} <= {"pass", "warn"}


def test_a_race_far_beyond_the_training_is_doubted_and_the_goal_is_not() -> None:
    """100 km at 3.8 m/s for an hour: 60 * (100000/13680)^1.06 min = 494, a third is 165, the long runs end at 120."""
    document = with_races(("2027-04-18", 100_000.0, "B"))
    assert [(item["code"], item["date"]) for item in document["warnings"]] == [("race_too_long", "2027-04-18")]
    assert document["warnings"][0]["message"] == (
        "The longest session before the 100 km run on 2027-04-18 is 120 min, the race takes about 494 min: "
        "choose a shorter race or a later date, or leave it out."
    )
    day = next(day for day in document["days"] if day["date"] == "2027-04-18")
    assert "does not prepare you" in day["sessions"][0]["why"]
    assert "does not prepare you" not in race_session({"days": document["days"][-1:]})["why"]
    assert "does not prepare you" not in document["forecast"]["race"]["basis"]


@pytest.mark.parametrize(
    ("races", "expected"),
    [
        # Neighbouring days; a 5 km run asks for two days, the B race after it for three.
        ([("2027-04-17", 5000.0, "C"), ("2027-04-18", 10_000.0, "B")], [("2027-04-18", 3, "2027-04-21")]),
        # The three days before a C race would be too many: one is enough, two after 5 km.
        ([("2027-04-14", 5000.0, "C"), ("2027-04-17", 5000.0, "C")], []),
        ([("2027-04-14", 5000.0, "C"), ("2027-04-17", 5000.0, "B")], [("2027-04-17", 3, "2027-04-18")]),
        # The half marathon asks for eight days; the goal comes six days after it.
        ([("2027-05-17", 21_097.5, "B")], [("2027-05-23", 8, "2027-05-26")]),
        # Not the neighbour but the marathon before it reaches furthest.
        ([("2027-04-04", 42_195.0, "B"), ("2027-04-10", 5000.0, "C"), ("2027-04-15", 5000.0, "C")], "both"),
    ],
)
def test_races_that_leave_no_recovery_are_named(races: list[tuple[str, float, str]], expected: Any) -> None:
    found = [
        (item["date"], item["params"]["days_asked"], item["params"]["free_from"])
        for item in with_races(*races)["warnings"]
        if item["code"] == "races_too_close"
    ]
    wanted = [("2027-04-10", 14, "2027-04-19"), ("2027-04-15", 14, "2027-04-19")] if expected == "both" else expected
    assert found == wanted


def test_a_race_on_an_unavailable_day_stays_and_is_named() -> None:
    """An absence that was told later does not take the plan away; training keeps off the day as ever."""
    document = with_races(("2027-04-18", 10_000.0, "B"), unavailable_dates=["2027-04-18"])
    assert [(item["code"], item["date"]) for item in document["warnings"]] == [("race_unavailable", "2027-04-18")]
    assert "make the day available, or leave the race out" in document["warnings"][0]["message"]
    assert [s["kind"] for day in document["days"] if day["date"] == "2027-04-18" for s in day["sessions"]] == ["race"]
    assert {item["status"] for item in document["checks"]} <= {"pass", "warn"}


def test_a_race_that_is_over_is_not_doubted() -> None:
    """Run, and nothing to be done about it; what it asks of the next one counts still."""
    races = [("2027-03-07", 100_000.0, "B"), ("2027-03-14", 5000.0, "C")]
    others = [{"date": when, "distance_m": metres, "priority": priority} for when, metres, priority in races]
    request = {**HALF_MARATHON, "other_races": others}
    document = plan(request)
    assert {item["date"] for item in document["warnings"] if item["date"]} == {"2027-03-07", "2027-03-14"}
    later = continued(request, document, today=date(2027, 3, 9))
    assert [(item["code"], item["date"]) for item in later["warnings"]] == [("races_too_close", "2027-03-14")]


def test_the_warning_is_printed_first(capsys: pytest.CaptureFixture[str]) -> None:
    """Before the summary and whatever holds."""
    plan_view.show(plan(BEGINNERS_MARATHON), {})
    assert capsys.readouterr().out.startswith("warning The longest session before the marathon on 2026")


def test_the_table_says_sets_repetitions_and_pace(capsys: pytest.CaptureFixture[str]) -> None:
    """Four sets of seven for a best of twelve; easy running at 70 to 78 % of 3.8 m/s."""
    plan_view.show(plan(PUSH_UPS), {})
    assert "Push-up volume, 4 x 7 push-ups" in capsys.readouterr().out
    plan_view.show(plan(HALF_MARATHON), {})
    assert "Easy run, 5:37-6:16 /km" in capsys.readouterr().out


def test_the_table_names_the_sport_where_a_plan_trains_several(capsys: pytest.CaptureFixture[str]) -> None:
    """A title such as Tempo 3 x 10 min does not say whether to run or to ride; plans of one sport need no column."""
    minutes = {"tue": 60, "wed": 45, "thu": 60, "sat": 120, "sun": 90}
    shared = {"goal": {"type": "maintain", "weeks": 1}, "start": "2027-03-01", "available_minutes": minutes}
    about = {"experience": "intermediate", "ctl": 40, "recent_longest": {"minutes": 80}}
    triathlon = plan({**shared, "athlete": {**about, "sport": "triathlon"}})
    combined = plan({**shared, "athlete": {**about, "sport": "running"}, "constraints": {"strength_per_week": 1}})
    for document in (triathlon, combined):
        plan_view.show(document, {})
        printed = capsys.readouterr().out.splitlines()
        sessions = [session for day in document["days"] for session in day["sessions"]]
        assert len({session["sport"] for session in sessions}) > 1
        for session in sessions:
            line = next(
                line for line in printed if f" {session['title']}" in line and f" {session['minutes']} " in line
            )
            assert session["sport"] in line
    plan_view.show(plan({**shared, "athlete": {**about, "sport": "running"}}), {})
    assert "Sport" not in capsys.readouterr().out
