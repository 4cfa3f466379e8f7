"""The checker catches every way in which a sound plan can be broken."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from tests.support.plan_documents import HALF_MARATHON, PUSH_UPS, changed, easy_run, failed_rules

from topform.coaching.checker import RULES, check
from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest

Days = list[dict[str, Any]]


@pytest.fixture(scope="module")
def request_() -> PlanRequest:
    """A half marathon in twelve weeks."""
    return PlanRequest.from_dict(HALF_MARATHON)


@pytest.fixture(scope="module")
def document(request_: PlanRequest) -> dict[str, Any]:
    """A sound plan for it."""
    return make_plan(request_).as_dict()


@pytest.fixture(scope="module")
def push_up_request() -> PlanRequest:
    """More push-ups in eight weeks."""
    return PlanRequest.from_dict(PUSH_UPS)


@pytest.fixture(scope="module")
def push_up_document(push_up_request: PlanRequest) -> dict[str, Any]:
    """A sound plan for it."""
    return make_plan(push_up_request).as_dict()


def on(days: Days, date: str) -> dict[str, Any]:
    """Return the day of a date."""
    return next(day for day in days if day["date"] == date)


def first_of_kind(days: Days, *kinds: str) -> int:
    """Return the index of the first day with a session of one of the kinds."""
    return next(i for i, day in enumerate(days) if any(s["kind"] in kinds for s in day["sessions"]))


def put(days: Days, index: int, *sessions: dict[str, Any]) -> None:
    """Replace a day's sessions."""
    days[index]["sessions"] = list(sessions)


def copied(session: dict[str, Any], session_id: str) -> dict[str, Any]:
    """Return a session under another id."""
    return {**copy.deepcopy(session), "id": session_id}


def scale_day(day: dict[str, Any], factor: float) -> None:
    """Make the sessions of a day longer, keeping their steps in line."""
    for session in day["sessions"]:
        put_minutes = round(session["minutes"] * factor)
        session.update(easy_run(session["id"], put_minutes, kind=session["kind"]))


def too_long_for_the_day(days: Days) -> None:
    put(days, 1, easy_run("x", 61))


def on_a_date_ruled_out(days: Days) -> None:
    on(days, "2027-03-10")["sessions"] = [easy_run("x", 30)]


def on_a_rest_day_asked_for(days: Days) -> None:
    put(days, 7, easy_run("x", 30))


def seven_days_in_a_row(days: Days) -> None:
    for index in range(7, 14):
        if not days[index]["sessions"]:
            put(days, index, easy_run(f"x{index}", 20))


def hidden_hard_session(days: Days) -> None:
    """Label intervals as easy, the day before the long run."""
    put(days, first_of_kind(days, "long") - 1, easy_run("x", 45, pct=100.0, kind="easy"))


def two_hard_days(days: Days) -> None:
    index = first_of_kind(days, "long")
    put(days, index - 1, copied(days[first_of_kind(days, "threshold", "tempo", "vo2", "speed")]["sessions"][0], "x"))


def four_hard_days(days: Days) -> None:
    for index in (1, 3, 5, 7):
        put(days, index, easy_run(f"x{index}", 40, pct=97.0, kind="threshold"))


def a_huge_week(days: Days) -> None:
    for index in range(14, 21):
        scale_day(days[index], 2.2)


def a_mad_day(days: Days) -> None:
    put(days, 20, easy_run("x", 600))


def one_run_too_long(days: Days) -> None:
    index = first_of_kind(days, "long")
    put(days, index, easy_run("x", 89, kind="long"))


def a_run_of_more_than_three_hours(days: Days) -> None:
    put(days, 62, easy_run("x", 181, kind="long"))


def every_day_the_same(days: Days) -> None:
    for index in range(7, 14):
        put(days, index, *([] if index == 7 else [easy_run(f"x{index}", 45)]))


def no_easier_week(days: Days) -> None:
    for first in (14, 21, 28, 35):
        for offset in range(7):
            put(days, first + offset, *(copied(s, f"x{first}{offset}{s['id']}") for s in days[7 + offset]["sessions"]))


def no_taper(days: Days) -> None:
    for offset in range(6):
        put(days, 77 + offset, *(copied(s, f"x{offset}{s['id']}") for s in days[63 + offset]["sessions"]))


def a_second_session_on_race_day(days: Days) -> None:
    days[-1]["sessions"].append(easy_run("x", 20))


def no_race(days: Days) -> None:
    put(days, -1)


def a_missing_day(days: Days) -> None:
    del days[10]


def the_last_days_missing(days: Days) -> None:
    del days[-3:]


def a_repeated_id(days: Days) -> None:
    sessions = [session for day in days for session in day["sessions"]]
    sessions[1]["id"] = sessions[0]["id"]


def minutes_that_are_not_in_the_steps(days: Days) -> None:
    days[1]["sessions"][0]["minutes"] -= 5


def a_load_that_is_not_in_the_steps(days: Days) -> None:
    days[1]["sessions"][0]["load"] *= 0.7


BREAKS: list[tuple[Callable[[Days], None], str]] = [
    (too_long_for_the_day, "availability"),
    (on_a_date_ruled_out, "unavailable_dates"),
    (on_a_rest_day_asked_for, "preferred_rest"),
    (seven_days_in_a_row, "rest_day"),
    (hidden_hard_session, "hard_easy"),
    (two_hard_days, "hard_easy"),
    (four_hard_days, "hard_days"),
    (a_huge_week, "weekly_growth"),
    (a_huge_week, "ramp"),
    (a_mad_day, "tsb_floor"),
    (one_run_too_long, "session_spike"),
    (a_run_of_more_than_three_hours, "long_run"),
    (every_day_the_same, "monotony"),
    (no_easier_week, "deload"),
    (no_taper, "taper"),
    (a_second_session_on_race_day, "race_day"),
    (no_race, "race_day"),
    (a_missing_day, "document"),
    (the_last_days_missing, "dates"),
    (a_repeated_id, "dates"),
    (minutes_that_are_not_in_the_steps, "sums"),
    (a_load_that_is_not_in_the_steps, "predicted_load"),
]


def test_the_plan_itself_is_sound(document: dict[str, Any], request_: PlanRequest) -> None:
    """Nothing fails, and each rule reports exactly once."""
    findings = check(document, request_)
    assert failed_rules(document, request_) == set()
    assert len(findings) == len(RULES) == len({item["rule"] for item in findings})


@pytest.mark.parametrize(("change", "rule"), BREAKS, ids=lambda value: getattr(value, "__name__", value))
def test_each_break_is_caught(
    change: Callable[[Days], None], rule: str, document: dict[str, Any], request_: PlanRequest
) -> None:
    """A plan broken in one way fails the rule that forbids it, even though its sums were made right again."""
    assert rule in failed_rules(changed(document, change, request_), request_)


def test_training_on_a_day_kept_free_for_health_is_caught(document: dict[str, Any], request_: PlanRequest) -> None:
    """Not the race, which is the athlete's own choice, nor what was lived already."""
    trained = [day["date"] for day in document["days"] if any(item["kind"] != "race" for item in day["sessions"])]
    free = [day["date"] for day in document["days"] if day["date"] not in trained]
    assert request_.race_day is not None and request_.race_day.isoformat() in free

    def broken(days: list[str], since: str | None = None) -> set[str]:
        first = None if since is None else date.fromisoformat(since)
        found = check(document, request_, since=first, locked=frozenset(map(date.fromisoformat, days)))
        return {item["rule"] for item in found if item["status"] == "fail"}

    assert broken(free) == set()
    assert broken([*free, trained[5]]) == {"health_lock"}
    assert broken([trained[5]], since=trained[6]) == set()


@pytest.mark.parametrize("field", ["ctl", "atl", "tsb"])
def test_a_wrong_average_is_caught(field: str, document: dict[str, Any], request_: PlanRequest) -> None:
    """Published averages must follow from the published loads."""
    broken = copy.deepcopy(document)
    broken["days"][30][field] += 0.5
    assert failed_rules(broken, request_) == {"load_averages"}


@pytest.mark.parametrize("field", ["load", "minutes"])
def test_a_wrong_sum_is_caught(field: str, document: dict[str, Any], request_: PlanRequest) -> None:
    """Published day sums must follow from the sessions."""
    broken = copy.deepcopy(document)
    broken["days"][1][field] += 1
    assert failed_rules(broken, request_) == {"sums"}


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"days": []},
        {"days": [{"date": "2027-03-01"}]},
        {"days": [{"date": "tomorrow", "sessions": [], "ctl": 0, "atl": 0, "tsb": 0}]},
        {"days": [{"date": "2027-03-01", "sessions": [], "ctl": float("nan"), "atl": 0, "tsb": 0}]},
        {"days": 3},
    ],
)
def test_what_is_no_plan_fails_as_a_document(broken: dict[str, Any], request_: PlanRequest) -> None:
    """Damaged documents are findings, not crashes."""
    assert failed_rules(broken, request_) == {"document"}


def test_strength_on_neighbouring_days_is_caught(
    push_up_document: dict[str, Any], push_up_request: PlanRequest
) -> None:
    """Muscles get a day between."""

    def squeeze(days: Days) -> None:
        index = next(i for i, day in enumerate(days) if day["sessions"])
        put(days, index + 1, copied(days[index]["sessions"][0], "x"))

    assert failed_rules(push_up_document, push_up_request) == set()
    assert "strength_spacing" in failed_rules(changed(push_up_document, squeeze, push_up_request), push_up_request)


def test_a_jump_in_repetitions_is_caught(push_up_document: dict[str, Any], push_up_request: PlanRequest) -> None:
    """Repetitions a week grow by at most ten percent."""

    def triple(days: Days) -> None:
        for day in days[14:21]:
            for session in day["sessions"]:
                for step in session["steps"]:
                    if step.get("reps"):
                        step["reps"] *= 3

    assert failed_rules(changed(push_up_document, triple, push_up_request), push_up_request) == {"strength_reps"}


@pytest.mark.parametrize(
    ("constraint", "value"),
    [("max_session_minutes", 40), ("max_weekly_minutes", 120), ("max_sessions_per_week", 3), ("max_hard_days", 1)],
)
def test_limits_of_the_request_are_checked(constraint: str, value: int, document: dict[str, Any]) -> None:
    """A plan made without a limit fails once the request states it."""
    stricter = PlanRequest.from_dict({**HALF_MARATHON, "constraints": {constraint: value}})
    assert "stated_limits" in failed_rules(document, stricter)


def test_exactly_twelve_weeks_are_feasible() -> None:
    """SCIENCE: L, H, H, E, E, R, R with Monday free and the long day at the weekend fit in exactly 12 ways."""
    published = {
        *("REHEHRL", "REHRHEL", "RHEEHRL", "RHEHELR", "RHEHERL", "RHEHREL"),
        *("RHEHRLE", "RHERHEL", "RHREHEL", "RHRHEEL", "RHRHELE", "RRHEHEL"),
    }
    request = PlanRequest.from_dict(
        {
            "athlete": {"sport": "running", "experience": "advanced", "ctl": 100, "recent_longest": {"minutes": 120}},
            "goal": {"type": "maintain", "weeks": 2},
            "start": "2027-03-01",
            "available_minutes": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 200),
            "preferred_rest": ["mon"],
        }
    )
    sessions = {
        "L": lambda name: [easy_run(name, 90, kind="long")],
        "H": lambda name: [easy_run(name, 40, pct=97, kind="threshold")],
        "E": lambda name: [easy_run(name, 40)],
        "R": lambda name: [],
    }
    feasible = set()
    for week in {"".join(order) for order in permutations("LHHEERR")}:
        days = [
            {
                "date": f"2027-03-{index + 1:02d}",
                "sessions": sessions[letter](str(index)),
                "ctl": 0,
                "atl": 0,
                "tsb": 0,
            }
            for index, letter in enumerate(week * 2)
        ]
        broken = failed_rules({"days": days}, request) & {"hard_easy", "hard_days", "preferred_rest", "rest_day"}
        if not broken and week.index("L") >= 5:
            feasible.add(week)
    assert feasible == published


def test_a_date_can_offer_what_its_weekday_does_not(request_: PlanRequest, document: dict[str, Any]) -> None:
    """The exception holds on that date only, also where the weekday is a preferred day of rest."""
    days = document["days"]
    closed = [
        index
        for index, day in enumerate(days)
        if request_.minutes_on(date.fromisoformat(day["date"])) == 0 and not day["sessions"]
    ]
    first, second = days[closed[0]]["date"], days[closed[1]]["date"]
    offered = PlanRequest.from_dict({**HALF_MARATHON, "offered_dates": {first: 30}})
    rules = {"availability", "preferred_rest"}

    def broken(when: str, minutes: int) -> set[str]:
        run = easy_run(f"{when}-9", minutes)
        return rules & failed_rules(
            changed(document, lambda held: on(held, when)["sessions"].append(run), offered), offered
        )

    assert broken(first, 30) == set()
    assert broken(first, 31) == {"availability"}
    assert "availability" in broken(second, 30)
    assert offered.minutes_on(date.fromisoformat(first)) == 30


def test_a_race_on_the_way_keeps_its_days_free(request_: PlanRequest, document: dict[str, Any]) -> None:
    """A plan that was made without the race trains around it; the checker names each such day."""
    trained = next(day["date"] for day in document["days"][14:] if day["sessions"])
    race = {"date": trained, "distance_m": 10_000, "priority": "C"}
    with_race = PlanRequest.from_dict({**HALF_MARATHON, "other_races": [race]})
    found = {item["rule"]: item for item in check(document, with_race)}["other_races"]
    assert found["status"] == "fail" and trained in found["detail"]
    assert with_race.minutes_on(date.fromisoformat(trained)) == 0
