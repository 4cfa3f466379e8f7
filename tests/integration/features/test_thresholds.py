"""Thresholds with their evidence, tests, zones of any day, and the curve of best efforts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.support.api import Api, Person
from tests.support.workouts import MORNING, Ride


async def threshold(person: Person, quantity: str) -> dict[str, Any]:
    answer = await person.get("/athletes/me/thresholds")
    return next(one for one in answer["thresholds"] if one["quantity"] == quantity)


def this_morning() -> datetime:
    """Return an hour of today that is of the same day in every zone the tests use."""
    return datetime.combine(datetime.now(MORNING.tzinfo).date(), MORNING.timetz())


async def ride(api: Api, person: Person, **fields: Any) -> None:
    await person.upload(f"{fields}.fit", Ride(**fields).as_fit())
    await api.work()


async def test_nothing_is_known_at_first(person: Person) -> None:
    answer = await person.get("/athletes/me/thresholds")
    assert [one["quantity"] for one in answer["thresholds"]] == [
        "ftp_w", "threshold_speed_m_s", "css_m_s", "lthr_bpm", "hr_max_bpm", "run_power_watch_w",
        "run_power_foot_pod_w", "run_power_app_w",
    ]  # fmt: skip
    for one in answer["thresholds"]:
        assert (one["in_use"], one["estimate"], one["evidence"], one["history"]) == (None, None, [], [])


async def test_a_test_is_evidence_and_holds_once_accepted(api: Api, person: Person) -> None:
    test = await person.call(
        "POST",
        "/athletes/me/threshold-tests",
        status=201,
        json={"protocol": "power_20min", "measured_on": "2026-03-01", "inputs": {"power_w": 280}},
    )
    assert (test["quantity"], test["value"]) == ("ftp_w", pytest.approx(266))
    state = await threshold(person, "ftp_w")
    assert state["in_use"] is None
    assert state["estimate"]["low"] < state["estimate"]["value"] < state["estimate"]["high"]
    assert state["estimate"]["value"] < 266  # months without a hard effort
    (evidence,) = state["evidence"]
    assert (evidence["kind"], evidence["test_id"], evidence["date"]) == ("test", test["id"], "2026-03-01")
    answer = await person.call(
        "PUT", "/athletes/me/thresholds/ftp_w/2026-03-01", status=200, json={"value": 266, "origin": "test"}
    )
    assert answer["thresholds"][0]["in_use"] == {"valid_from": "2026-03-01", "value": 266, "origin": "test"}
    assert (await person.get("/athletes/me"))["ftp_w"] == 266
    stranger = await api.sign_up()
    await stranger.call("DELETE", f"/athletes/me/threshold-tests/{test['id']}", status=404)
    await person.call("DELETE", f"/athletes/me/threshold-tests/{test['id']}", status=204)
    assert (await person.get("/athletes/me/threshold-tests"))["items"] == []


async def test_an_entry_near_the_estimate_does_not_lower_it(person: Person) -> None:
    """Five years after a test the estimate fell by a fifth; saying so, of a day long ago, keeps it."""
    today = datetime.now(MORNING.tzinfo).date()
    old = {"protocol": "power_60min", "measured_on": str(today - timedelta(days=1900)), "inputs": {"power_w": 311}}
    await person.call("POST", "/athletes/me/threshold-tests", status=201, json=old)
    before = (await threshold(person, "ftp_w"))["estimate"]
    assert before["value"] == pytest.approx(0.8 * 311)
    path = f"/athletes/me/thresholds/ftp_w/{today - timedelta(days=330)}"
    entered = (await person.call("PUT", path, status=200, json={"value": 250}))["thresholds"][0]["estimate"]
    assert before["value"] <= entered["value"] <= 250
    assert entered["low"] < 250 < entered["high"]
    assert entered["high"] - entered["low"] < before["high"] - before["low"]
    deleted = (await person.call("DELETE", path, status=200))["thresholds"][0]["estimate"]
    assert deleted == before


async def test_an_entry_holds_until_the_day_it_was_said_or_the_next_one(person: Person) -> None:
    """Said today of 300 days ago, it is what is believed today; an earlier one that another replaced is not."""
    today = datetime.now(MORNING.tzinfo).date()
    for days, watts in ((300, 250), (200, 230)):
        path = f"/athletes/me/thresholds/ftp_w/{today - timedelta(days=days)}"
        estimate = (await person.call("PUT", path, status=200, json={"value": watts}))["thresholds"][0]["estimate"]
        if days == 300:
            assert estimate["value"] == 250
        assert estimate["low"] < watts < estimate["high"]
    assert estimate["value"] < 240


async def test_a_best_effort_lifts_the_estimate_and_an_easy_ride_does_not(api: Api, person: Person) -> None:
    await person.call(
        "POST",
        "/athletes/me/threshold-tests",
        status=201,
        json={"protocol": "power_60min", "measured_on": str(MORNING.date()), "inputs": {"power_w": 200}},
    )
    await ride(api, person, started_at=MORNING + timedelta(days=1), power_w=120, seconds=1500)
    easy = await threshold(person, "ftp_w")
    assert easy["estimate_history"][0]["value"] == pytest.approx(200, rel=0.01)
    await ride(api, person, started_at=MORNING + timedelta(days=2), power_w=230, seconds=1500)
    hard = await threshold(person, "ftp_w")
    assert hard["estimate_history"][0]["value"] > 204
    kinds = [(one["kind"], one["is_lower_bound"]) for one in hard["evidence"]]
    assert kinds == [("best_effort", True), ("best_effort", True), ("test", False)]
    assert all(one["age_days"] > 0 for one in hard["evidence"])


async def test_an_effort_far_above_the_rest_is_set_aside_until_a_second_one_confirms_it(
    api: Api, person: Person
) -> None:
    await person.call(
        "POST",
        "/athletes/me/threshold-tests",
        status=201,
        json={"protocol": "power_60min", "measured_on": str(MORNING.date()), "inputs": {"power_w": 240}},
    )
    await ride(api, person, started_at=MORNING + timedelta(days=2), power_w=420, seconds=1500)
    alone = await threshold(person, "ftp_w")
    assert alone["estimate_history"][0]["value"] == pytest.approx(240, rel=0.01)
    assert [(one["kind"], one["set_aside"]) for one in alone["evidence"]] == [
        ("best_effort", "far_above"), ("test", None),
    ]  # fmt: skip
    assert alone["version"] == 5
    await ride(api, person, started_at=MORNING + timedelta(days=9), power_w=410, seconds=1500)
    confirmed = await threshold(person, "ftp_w")
    assert confirmed["estimate_history"][0]["value"] > 360
    assert [one["set_aside"] for one in confirmed["evidence"]] == [None, None, None]


async def test_heart_rate_tells_how_hard_an_effort_was_and_what_it_is_at_threshold(api: Api, person: Person) -> None:
    await person.call(
        "PUT", "/athletes/me/thresholds/ftp_w/2026-02-01", status=200, json={"value": 200, "origin": "entered"}
    )
    await person.call("PATCH", "/athletes/me", status=200, json={"hr_max_bpm": 190})
    await ride(api, person, started_at=MORNING, power_w=240, hr_bpm=140, seconds=1500)
    easy = await threshold(person, "ftp_w")
    (effort,) = (one for one in easy["evidence"] if one["kind"] == "best_effort")
    assert (effort["exertion"], effort["set_aside"]) == ("easy", "heart_rate_low")
    assert (await threshold(person, "lthr_bpm"))["evidence"] == []
    await ride(api, person, started_at=MORNING + timedelta(days=1), power_w=260, hr_bpm=176, seconds=1500)
    hard = await threshold(person, "ftp_w")
    assert next(one for one in hard["evidence"] if one["exertion"] == "hard")["set_aside"] is None
    (pulse,) = (await threshold(person, "lthr_bpm"))["evidence"]
    assert (pulse["kind"], pulse["is_lower_bound"]) == ("best_effort", True)
    assert pulse["value"] == pytest.approx(0.5 * 176 + 0.5 * 0.88 * 190)
    await ride(api, person, started_at=MORNING + timedelta(days=3), power_w=100, hr_bpm=205, seconds=1500)
    slipped = await threshold(person, "lthr_bpm")
    assert [one["set_aside"] for one in slipped["evidence"]] == ["above_max", None]
    assert slipped["estimate"]["value"] == pytest.approx(pulse["value"])
    await person.call(
        "POST",
        "/athletes/me/threshold-tests",
        status=201,
        json={"protocol": "heart_rate_30min", "measured_on": str(MORNING.date()), "inputs": {"hr_bpm": 165}},
    )
    assert [one["kind"] for one in (await threshold(person, "lthr_bpm"))["evidence"]] == ["test"]


async def test_the_range_of_a_threshold_heart_rate_ends_at_the_highest_heart_rate(person: Person) -> None:
    old = {"protocol": "heart_rate_30min", "measured_on": "2021-03-01", "inputs": {"hr_bpm": 172}}
    await person.call("POST", "/athletes/me/threshold-tests", status=201, json=old)
    free = (await threshold(person, "lthr_bpm"))["estimate"]
    assert free["high"] > 188
    await person.call("PATCH", "/athletes/me", status=200, json={"hr_max_bpm": 188})
    bounded = await threshold(person, "lthr_bpm")
    assert bounded["estimate"] == free | {"high": 188}
    assert max(one["high"] for one in bounded["estimate_history"]) <= 188


async def test_a_heart_rate_above_the_maximum_is_offered_and_one_below_it_never(api: Api, person: Person) -> None:
    """Nothing holds until the athlete says so, and then only more is offered."""
    first = this_morning() - timedelta(days=100)
    await ride(api, person, started_at=first, hr_bpm=182)
    reached = await threshold(person, "hr_max_bpm")
    assert (reached["in_use"], reached["sport"], reached["unit"]) == (None, "any", "bpm")
    assert reached["estimate"] == {"date": str(first.date()), "value": 182, "low": 182, "high": 182}
    (evidence,) = reached["evidence"]
    assert (evidence["kind"], evidence["detail"], evidence["value"]) == ("best_effort", "highest_10s", 182)
    assert (evidence["is_lower_bound"], evidence["date"], evidence["set_aside"]) == (True, str(first.date()), None)
    activity = await person.get(f"/activities/{evidence['activity_id']}")
    metric = activity["legs"][0]["metrics"]["hr_highest_10s_bpm"]
    assert (metric["value"], metric["version"]) == (182, 1)
    await person.call("PATCH", "/athletes/me", status=200, json={"hr_max_bpm": 190})
    stated = await threshold(person, "hr_max_bpm")
    assert (stated["in_use"]["value"], stated["estimate"]) == (190, None)
    assert {one["kind"] for one in stated["evidence"]} == {"best_effort", "entered"}
    await ride(api, person, started_at=first + timedelta(days=10), hr_bpm=193)
    more = await threshold(person, "hr_max_bpm")
    assert (more["in_use"]["value"], more["estimate"]["value"]) == (190, 193)
    assert (await person.get("/athletes/me"))["hr_max_bpm"] == 190
    today = datetime.now(MORNING.tzinfo).date()
    path = f"/athletes/me/thresholds/hr_max_bpm/{today - timedelta(days=1)}"
    await person.call("PUT", path, status=200, json={"value": 193, "origin": "estimate"})
    accepted = await threshold(person, "hr_max_bpm")
    assert (accepted["in_use"]["value"], accepted["in_use"]["origin"], accepted["estimate"]) == (193, "estimate", None)
    assert (await person.get("/athletes/me"))["hr_max_bpm"] == 193


async def test_a_strap_that_reads_far_too_much_is_set_aside(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"hr_max_bpm": 185})
    day = this_morning() - timedelta(days=20)
    await ride(api, person, started_at=day, hr_bpm=215)
    alone = await threshold(person, "hr_max_bpm")
    assert alone["estimate"] is None
    assert [one["set_aside"] for one in alone["evidence"] if one["is_lower_bound"]] == ["far_above"]
    await ride(api, person, started_at=day + timedelta(days=2), hr_bpm=201)
    assert (await threshold(person, "hr_max_bpm"))["estimate"]["value"] == 215


async def test_a_maximum_below_the_threshold_heart_rate_in_use_is_not_offered(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"lthr_bpm": 165})
    day = this_morning() - timedelta(days=20)
    await ride(api, person, started_at=day, hr_bpm=150)
    assert (await threshold(person, "hr_max_bpm"))["estimate"] is None
    await ride(api, person, started_at=day + timedelta(days=2), hr_bpm=176)
    assert (await threshold(person, "hr_max_bpm"))["estimate"]["value"] == 176


async def test_what_upholds_the_estimate_is_shown_behind_many_easy_rides(api: Api, person: Person) -> None:
    hard = this_morning() - timedelta(days=200)
    await ride(api, person, started_at=hard, power_w=250, seconds=1500)
    await ride(api, person, started_at=hard + timedelta(days=190), power_w=120, seconds=1500)
    state = await threshold(person, "ftp_w")
    assert [one["date"] for one in state["evidence"]] == [
        str((hard + timedelta(days=190)).date()), str(hard.date()),
    ]  # fmt: skip
    easy, upholding = (one["value"] for one in state["evidence"])
    assert easy < state["estimate"]["low"] <= upholding


@pytest.mark.parametrize(
    ("protocol", "inputs"),
    [
        ("power_20min", {"speed_m_s": 4}),
        ("power_20min", {"power_w": 5000}),
        ("power_efforts", {"efforts_power_w": [300, 280], "efforts_s": [300, 600]}),
        ("swim_400_200", {"t400_s": 100, "t200_s": 200}),
        ("run_race", {"distance_m": 42_195, "time_s": 12_000}),
    ],
)
async def test_a_test_that_makes_no_sense_is_refused(person: Person, protocol: str, inputs: dict[str, Any]) -> None:
    body = {"protocol": protocol, "measured_on": "2026-03-01", "inputs": inputs}
    assert (await person.call("POST", "/athletes/me/threshold-tests", status=422, json=body))["code"]


async def test_zones_are_those_of_the_day(person: Person) -> None:
    for day, watts in (("2025-01-01", 200), ("2026-01-01", 250)):
        await person.call("PUT", f"/athletes/me/thresholds/ftp_w/{day}", status=200, json={"value": watts})
    for day, watts in (("2024-06-01", 200), ("2025-06-01", 200), ("2026-06-01", 250)):
        answer = await person.get("/athletes/me/zones", params={"sport": "cycling", "on": day})
        system = next(one for one in answer["systems"] if one["id"] == "power_7")
        assert system["threshold_value"] == watts
        assert system["is_default"]
        assert system["zones"][0]["high"] == pytest.approx(0.55 * watts)
        assert answer["changed_on"] == ["2025-01-01", "2026-01-01"]
        assert {one["threshold"] for one in answer["missing"]} == {"lthr_bpm"}
    await person.call("DELETE", "/athletes/me/thresholds/ftp_w/2026-01-01", status=200)
    await person.call("DELETE", "/athletes/me/thresholds/ftp_w/2026-01-01", status=404)
    assert (await person.get("/athletes/me"))["ftp_w"] == 200
    await person.call("PUT", "/athletes/me/thresholds/ftp_w/2999-01-01", status=422, json={"value": 200})


async def test_the_curve_names_the_day_of_each_best(api: Api, person: Person) -> None:
    await ride(api, person, started_at=MORNING, power_w=300, seconds=400)
    await ride(api, person, started_at=MORNING + timedelta(days=1), power_w=200, seconds=1500)
    curve = await person.get("/fitness/curve", params={"sport": "cycling", "metric": "power"})
    assert curve["unit"] == "W"
    durations = [point["duration_s"] for point in curve["points"]]
    assert durations[:60] == list(range(1, 61))
    assert durations == sorted(set(durations))
    by_duration = {point["duration_s"]: point for point in curve["points"]}
    first, second = str(MORNING.date()), str((MORNING + timedelta(days=1)).date())
    assert (by_duration[300]["date"], by_duration[1200]["date"]) == (first, second)
    assert curve["model"]["name"] == "critical_power"
    assert curve["model"]["low"] <= curve["model"]["critical"] <= curve["model"]["high"]
    later = await person.get("/fitness/curve", params={"sport": "cycling", "metric": "power", "from": second})
    assert {point["date"] for point in later["points"]} == {second}
    nothing = await person.get("/fitness/curve", params={"sport": "running", "metric": "pace"})
    assert (nothing["points"], nothing["model"]) == ([], None)
    stranger = await api.sign_up()
    assert (await stranger.get("/fitness/curve"))["points"] == []
