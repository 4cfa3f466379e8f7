"""Plans made by the worker, and fitness over days from the stored loads."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.support.api import Api, Person
from tests.support.runs import gpx_run
from tests.support.workouts import MORNING, Ride

REQUEST = {
    "athlete": {"sport": "cycling", "experience": "intermediate"},
    "goal": {"type": "general_fitness", "weeks": 4},
    "start": "2026-06-01",
    "available_minutes": {"tue": 60, "thu": 60, "sat": 90, "sun": 120},
}
RACE = {"date": "2026-06-21", "sport": "cycling", "distance_m": 40_000, "priority": "C"}


async def test_a_plan_is_made_and_becomes_the_current_one(api: Api, person: Person) -> None:
    assert await person.get("/plans/current") is None
    job = await person.call("POST", "/plans", status=202, json={"request": REQUEST})
    await api.work()
    done = await person.get(f"/jobs/{job['id']}")
    assert (done["state"], done["error"]) == ("succeeded", None)
    plan = await person.get(f"/plans/{done['result']['plan_id']}")
    assert plan == await person.get("/plans/current")
    assert plan["request"] == REQUEST
    days = plan["document"]["days"]
    assert days[0]["date"] == "2026-06-01"
    assert len(days) == 28
    free = [day for day in days if date.fromisoformat(day["date"]).weekday() in (0, 2, 4)]
    assert all(day["sessions"] == [] for day in free)
    assert all(sum(session["minutes"] for session in day["sessions"]) <= 120 for day in days)
    assert any(day["sessions"] for day in days)
    stranger = await api.sign_up()
    await stranger.get(f"/plans/{plan['id']}", status=404)
    assert await stranger.get("/plans/current") is None


@pytest.mark.parametrize(
    "request_document",
    [
        {},
        REQUEST | {"start": "someday"},
        REQUEST | {"goal": {"type": "race"}},
        REQUEST | {"athlete": {"sport": "chess"}},
        REQUEST | {"other_races": [RACE], "unavailable_dates": [RACE["date"]]},
    ],
    ids=["empty", "no-date", "race-without-distance", "unknown-sport", "race-on-an-unavailable-day"],
)
async def test_an_impossible_request_is_refused_at_once(person: Person, request_document: dict) -> None:
    problem = await person.call("POST", "/plans", status=422, json={"request": request_document})
    assert problem["code"] == "plan_request_invalid"
    assert (await person.get("/jobs"))["items"] == []


async def test_nobody_trains_for_a_race_that_is_over(api: Api, person: Person) -> None:
    today = datetime.now(UTC).date()
    for days, status in ((-2, 422), (70, 202)):
        goal = {"type": "race", "sport": "cycling", "distance_m": 40_000}
        goal["date"] = (today + timedelta(days=days)).isoformat()
        request = REQUEST | {"goal": goal, "start": (today - timedelta(days=30)).isoformat()}
        answer = await person.call("POST", "/plans", status=status, json={"request": request})
        assert status == 202 or answer["detail"] == f"goal.date: {goal['date']} is over"


async def test_a_plan_counts_on_the_equipment_of_the_profile_unless_it_says_another(api: Api, person: Person) -> None:
    async def planned(**about: Any) -> Any:
        request = REQUEST | {"athlete": REQUEST["athlete"] | about}
        await person.call("POST", "/plans", status=202, json={"request": request})
        await api.work()
        return (await person.get("/plans/current"))["request"]["athlete"].get("equipment")

    assert (await person.get("/athletes/me"))["equipment"] is None
    assert await planned() is None
    athlete = await person.call("PATCH", "/athletes/me", status=200, json={"equipment": ["band", "pull_up_bar"]})
    assert athlete["equipment"] == ["band", "pull_up_bar"]
    assert await planned() == ["band", "pull_up_bar"]
    assert await planned(equipment=["dumbbells"]) == ["dumbbells"]
    await person.call("PATCH", "/athletes/me", status=422, json={"equipment": ["trampoline"]})
    await person.call("PATCH", "/athletes/me", status=200, json={"equipment": []})
    assert await planned() == []


async def test_a_plan_starts_from_the_stored_history_and_threshold(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200})
    for day in range(20):
        await person.upload("ride.fit", Ride(started_at=MORNING + timedelta(days=day)).as_fit())
    await api.work()
    request = REQUEST | {"start": "2026-03-21"}
    await person.call("POST", "/plans", status=202, json={"request": request})
    await api.work()
    plan = await person.get("/plans/current")
    fitness = await person.get("/fitness", params={"from": "2026-03-20", "to": "2026-03-20"})
    assert plan["request"]["athlete"]["threshold"] == {"power_w": 200}
    assert plan["request"]["athlete"]["ctl"] == round(fitness["days"][0]["ctl"], 1)
    assert plan["request"]["athlete"]["atl"] == round(fitness["days"][0]["atl"], 1)


@pytest.mark.parametrize(("days_ago", "expected"), [(1, None), (400, 0.0)], ids=["yesterday", "long ago"])
async def test_a_plan_starts_from_own_fitness_however_little_is_stored(
    api: Api, person: Person, days_ago: int, expected: float | None
) -> None:
    """One ride is enough: the plan and the fitness page say the same; nothing is assumed."""
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200})
    start = MORNING.date() + timedelta(days=days_ago)
    await person.upload("ride.fit", Ride(started_at=MORNING).as_fit())
    await api.work()
    request = REQUEST | {"start": start.isoformat()}
    await person.call("POST", "/plans", status=202, json={"request": request})
    await api.work()
    plan = await person.get("/plans/current")
    eve = (start - timedelta(days=1)).isoformat()
    (shown,) = (await person.get("/fitness", params={"from": eve, "to": eve}))["days"]
    assert plan["request"]["athlete"]["ctl"] == round(shown["ctl"], 1)
    assert plan["request"]["athlete"]["atl"] == round(shown["atl"], 1)
    assert expected is None or plan["request"]["athlete"]["ctl"] == expected
    assert plan["document"]["forecast"]["start"]["ctl"] == plan["request"]["athlete"]["ctl"]
    assert not {"fitness", "fatigue"} & {item["code"] for item in plan["document"]["assumed"]}
    assert {"code": "fitness", "params": {"ctl": round(shown["ctl"], 1)}} in plan["request"]["filled_in"]


async def test_a_plan_for_later_starts_from_the_fitness_of_today(api: Api, person: Person) -> None:
    """Nobody knows what comes before the start: the present level is not let run out until then."""
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200, "time_zone": "UTC"})
    today = datetime.now(UTC).date()
    await person.upload("ride.fit", Ride(started_at=datetime.now(UTC) - timedelta(days=3)).as_fit())
    await api.work()
    request = REQUEST | {"start": (today + timedelta(days=60)).isoformat()}
    await person.call("POST", "/plans", status=202, json={"request": request})
    await api.work()
    day = today.isoformat()
    (shown,) = (await person.get("/fitness", params={"from": day, "to": day}))["days"]
    assert (await person.get("/plans/current"))["request"]["athlete"]["ctl"] == round(shown["ctl"], 1)


async def test_only_an_account_without_data_gets_an_assumed_fitness(api: Api, person: Person) -> None:
    await person.call("POST", "/plans", status=202, json={"request": REQUEST})
    await api.work()
    plan = await person.get("/plans/current")
    assert "ctl" not in plan["request"]["athlete"]
    assert "fitness" in {item["code"] for item in plan["document"]["assumed"]}


async def add_run(person: Person, start: date, days_before: int, minutes: float) -> None:
    started_at = datetime(start.year, start.month, start.day, 7, tzinfo=UTC) - timedelta(days=days_before)
    await person.upload("run.gpx", gpx_run("Run", started_at, distance_m=150 * minutes, time_s=60 * minutes))


async def run_plan(api: Api, person: Person, start: date, **athlete: Any) -> dict[str, Any]:
    await person.call("PATCH", "/athletes/me", status=200, json={"time_zone": "UTC"})
    request = REQUEST | {
        "athlete": {"sport": "running", "experience": "intermediate", **athlete},
        "start": start.isoformat(),
        "available_minutes": dict.fromkeys(("mon", "tue", "thu", "sat", "sun"), 120),
    }
    await person.call("POST", "/plans", status=202, json={"request": request})
    await api.work()
    plan: dict[str, Any] = await person.get("/plans/current")
    return plan


def run_minutes(plan: dict[str, Any], first: date, days: int) -> list[float]:
    shown = [day for day in plan["document"]["days"] if 0 <= (date.fromisoformat(day["date"]) - first).days < days]
    return [session["minutes"] for day in shown for session in day["sessions"] if session["sport"] == "running"]


async def test_a_plan_starts_from_the_longest_stored_sessions_of_thirty_days(api: Api, person: Person) -> None:
    """The first runs stay within 1.1 times the longest run that is stored; one of 40 days ago does not count."""
    start = datetime.now(UTC).date()
    for days_before, minutes in ((40, 120), (25, 45), (20, 68.5), (9, 30), (4, 50), (2, 40)):
        await add_run(person, start, days_before, minutes)
    ride = Ride(started_at=datetime(start.year, start.month, start.day, 15, tzinfo=UTC) - timedelta(days=3))
    await person.upload("ride.fit", ride.as_fit())
    await api.work()
    plan = await run_plan(api, person, start)
    lasting = [
        {"date": (start - timedelta(days=days_before)).isoformat(), "minutes": minutes}
        for days_before, minutes in ((20, 68.5), (4, 50.0), (2, 40.0))
    ]
    assert plan["request"]["athlete"]["recent_longest"] == {"by_sport": {"running": lasting}}
    assert "longest" not in {item["code"] for item in plan["document"]["assumed"]}
    assert 50 < max(run_minutes(plan, start, 7)) <= 1.1 * 68.5
    assert {item["rule"]: item["status"] for item in plan["document"]["checks"]}["session_spike"] == "pass"
    change = {"change": {"type": "add_day", "weekday": "wed", "minutes": 120}}
    replanned = await person.call("POST", f"/plans/{plan['id']}/what-if/accept", status=200, json=change)
    assert replanned["request"]["athlete"]["recent_longest"] == {"by_sport": {"running": lasting}}
    assert max(run_minutes(replanned, start, 7)) <= 1.1 * 68.5
    stated = await run_plan(api, person, start, recent_longest={"minutes": 90})
    assert stated["request"]["athlete"]["recent_longest"] == {"minutes": 90}


async def test_who_has_not_run_for_thirty_days_begins_with_short_runs(api: Api, person: Person) -> None:
    """Nothing is invented from the level: a run without one in the thirty days before lasts at most 20 minutes."""
    start = datetime.now(UTC).date()
    await add_run(person, start, 45, 90)
    await api.work()
    plan = await run_plan(api, person, start)
    assert plan["request"]["athlete"]["recent_longest"] == {"by_sport": {}}
    assumed = {item["code"]: item["params"] for item in plan["document"]["assumed"]}
    assert assumed["longest"] == {"sport": "running", "minutes": 20}
    runs = run_minutes(plan, start, 28)
    assert runs[0] <= 20
    assert all(minutes <= max(20, 1.1 * max(runs[:number], default=0)) for number, minutes in enumerate(runs))


async def test_fitness_follows_the_published_averages(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200})
    await person.upload("ride.fit", Ride(seconds=3600, power_w=200).as_fit())
    await api.work()
    answer = await person.get("/fitness", params={"from": "2026-02-28", "to": "2026-03-31"})
    days = {day["date"]: day for day in answer["days"]}
    assert days["2026-02-28"] == {"date": "2026-02-28", "load_au": 0, "ctl": 0, "atl": 0, "tsb": 0, "tsb_morning": 0}
    assert days["2026-03-31"]["tsb_morning"] == pytest.approx(days["2026-03-30"]["ctl"] - days["2026-03-30"]["atl"])
    load = days["2026-03-01"]["load_au"]
    assert load == pytest.approx(100, rel=1e-3)
    # Both averages start from the mean of the first 28 days and follow with 42 and 7 days.
    level = load / 28
    ctl = level + (load - level) * (1 - math.exp(-1 / 42))
    atl = level + (load - level) * (1 - math.exp(-1 / 7))
    assert days["2026-03-01"]["ctl"] == pytest.approx(ctl)
    assert days["2026-03-01"]["atl"] == pytest.approx(atl)
    assert days["2026-03-31"]["ctl"] == pytest.approx(ctl * math.exp(-30 / 42))
    assert days["2026-03-31"]["tsb"] == pytest.approx(ctl * math.exp(-30 / 42) - atl * math.exp(-30 / 7))
    assert answer["time_constants"] == {"ctl_days": 42, "atl_days": 7}
    (warning,) = answer["warnings"]
    assert warning["code"] == "short_history"
    assert warning["values"] == {"day": "2026-03-01", "mean_days": 28, "needed_days": 42}


async def test_activities_without_a_load_are_told_and_not_invented(api: Api, person: Person) -> None:
    await person.upload("ride.fit", Ride(seconds=600).as_fit())
    await api.work()
    answer = await person.get("/fitness", params={"from": "2026-03-01", "to": "2026-03-01"})
    assert answer["days"][0]["load_au"] == 0
    assert [warning["code"] for warning in answer["warnings"]] == ["activities_without_load", "short_history"]
    assert answer["warnings"][0]["values"] == {"count": 1}


async def test_a_day_is_the_athletes_own(api: Api, person: Person) -> None:
    late = MORNING.replace(hour=23, minute=30)
    await person.upload("late.tcx", Ride(started_at=late, seconds=60).as_tcx())
    await api.work()
    (activity,) = (await person.get("/activities"))["items"]
    assert activity["local_date"] == "2026-03-02"


@pytest.mark.parametrize(
    "query",
    [{"from": "2026-03-02", "to": "2026-03-01"}, {"from": "0001-01-01", "to": "9999-12-31"}, {"from": "x"}],
)
async def test_senseless_ranges_are_refused(person: Person, query: dict) -> None:
    assert (await person.get("/fitness", params=query, status=422))["status"] == 422


async def test_the_first_days_of_the_calendar_have_a_fitness_too(person: Person) -> None:
    days = (await person.get("/fitness", params={"to": "0001-01-05"}))["days"]
    assert [(day["date"], day["ctl"]) for day in days] == [(f"0001-01-0{day}", 0.0) for day in range(1, 6)]
