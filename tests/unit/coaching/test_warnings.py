"""A plan says when its race makes no sense, although every rule holds."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.support.plan_documents import HALF_MARATHON, PUSH_UPS

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
        "The longest session before the race is 30 min, the race takes about 309 min: "
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


def test_the_warning_is_printed_first(capsys: pytest.CaptureFixture[str]) -> None:
    """Before the summary and whatever holds."""
    plan_view.show(plan(BEGINNERS_MARATHON), {})
    assert capsys.readouterr().out.startswith("warning The longest session before the race is 30 min")


def test_the_table_says_sets_repetitions_and_pace(capsys: pytest.CaptureFixture[str]) -> None:
    """Four sets of seven for a best of twelve; easy running at 70 to 78 % of 3.8 m/s."""
    plan_view.show(plan(PUSH_UPS), {})
    assert "Push-up volume, 4 x 7 push-ups" in capsys.readouterr().out
    plan_view.show(plan(HALF_MARATHON), {})
    assert "Easy run, 5:37-6:16 /km" in capsys.readouterr().out
