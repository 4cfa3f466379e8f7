"""Milestones of a plan: what is done and by which recordings, shared by choice, and nothing of what was missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.integration.features.test_community import befriend, feed, join, store_activity
from tests.support.api import Api, Person

from topform.features.plans.tables import PlanRow

PHASES = (("base", 21), ("build", 14), ("taper", 7))
DAYS = sum(days for _, days in PHASES)


def first_day() -> date:
    """The first day of a plan that ended yesterday."""
    return datetime.now(UTC).date() - timedelta(days=DAYS)


def race_on(day: date) -> dict[str, Any]:
    return {"id": f"{day}-1", "kind": "race", "sport": "running", "title": "Race", "minutes": 50, "steps": []}


async def store_plan(api: Api, person: Person, *, start: date | None = None, base: str = "base") -> str:
    """Store a plan of six weeks with a race at its end and one on the way, and return its id."""
    start = first_day() if start is None else start
    races = {start + timedelta(days=20): 5000.0, start + timedelta(days=DAYS - 1): 10_000.0}
    phases, begin = [], start
    for name, days in ((base, PHASES[0][1]), *PHASES[1:]):
        end = begin + timedelta(days=days - 1)
        phases.append({"name": name, "start": begin.isoformat(), "end": end.isoformat()})
        begin = end + timedelta(days=1)
    every = [start + timedelta(days=number) for number in range(DAYS)]
    days_ = [{"date": day.isoformat(), "sessions": [race_on(day)] if day in races else []} for day in every]
    (middle, short), (last, long) = races.items()
    row = PlanRow(
        id=uuid4(),
        athlete_id=UUID(person.athlete["id"]),
        request={
            "athlete": {"sport": "running"},
            "goal": {"type": "race", "sport": "running", "distance_m": long, "date": last.isoformat()},
            "other_races": [{"sport": "running", "distance_m": short, "date": middle.isoformat()}],
        },
        document={"days": days_, "phases": phases, "checks": []},
        created_at=api.resources.clock.now(),
    )
    async with api.resources.database.transaction() as session:
        session.add(row)
    return str(row.id)


async def store_run(api: Api, person: Person, number: int, **values: Any) -> str:
    """Store a run on a day of the plan."""
    day = first_day() + timedelta(days=number)
    run = {"sport": "running", "local_date": day, "started_at": datetime.combine(day, time(9), UTC), "timer_s": 3000.0}
    return await store_activity(api, person, **run | values)


async def listed(person: Person, plan: str) -> list[tuple[str, str | None]]:
    return [(one["kind"], one["phase"]) for one in (await person.get(f"/plans/{plan}/milestones"))["items"]]


def order(plan: str, kind: str, number: int = 0, **more: Any) -> dict[str, Any]:
    first = (first_day() + timedelta(days=number)).isoformat()
    return {"plan_milestone": {"plan_id": plan, "kind": kind, "first_day": first}, "audience": "followers", **more}


async def share(person: Person, wish: dict[str, Any]) -> dict[str, Any]:
    return dict(await person.call("POST", "/community/posts", status=201, json=wish))


@pytest.fixture
async def ada(api: Api) -> Person:
    """Somebody of the community."""
    return await join(api, "ada", birth_date="1990-01-01")


async def test_what_has_training_in_it_is_done_and_what_was_missed_is_not_told(api: Api, ada: Person) -> None:
    plan = await store_plan(api, ada)
    assert await listed(ada, plan) == []
    await store_run(api, ada, 3)
    assert await listed(ada, plan) == [("plan", None), ("phase", "base")]
    await store_run(api, ada, DAYS - 1)
    assert await listed(ada, plan) == [("race", None), ("phase", "taper"), ("plan", None), ("phase", "base")]
    race, *_, base = (await ada.get(f"/plans/{plan}/milestones"))["items"]
    last = (first_day() + timedelta(days=DAYS - 1)).isoformat()
    about = {"phase": None, "sport": "running", "distance_m": 10_000.0}
    assert race == {"kind": "race", "first_day": last, "last_day": last, **about}
    assert (base["first_day"], base["distance_m"]) == (first_day().isoformat(), None)
    for missed in (order(plan, "phase", 21), order(plan, "race", 20), order(plan, "phase", 1), order(plan, "plan", 1)):
        await ada.call("POST", "/community/posts", status=404, json=missed)
    await store_run(api, ada, 20, sport="cycling")
    assert ("race", None) not in (await listed(ada, plan))[1:], "a ride is no race on foot"


async def test_what_is_not_over_is_not_done(api: Api, ada: Person) -> None:
    plan = await store_plan(api, ada, start=first_day() + timedelta(days=DAYS - 21))
    await store_run(api, ada, DAYS - 21)
    await store_run(api, ada, DAYS - 1)
    # The base phase ended yesterday with the race on the way; all else is to come.
    assert await listed(ada, plan) == [("race", None), ("phase", "base")]


async def test_a_milestone_shows_what_was_chosen_as_it_was(api: Api, ada: Person) -> None:
    bob = await join(api, "bob")
    await befriend(bob, ada)
    plan = await store_plan(api, ada)
    for number in (0, 5, 20):
        await store_run(api, ada, number, timer_s=3000.0 + number)
    await store_run(api, ada, 7, timer_s=9000.0, restricted_by="strava")
    last = (first_day() + timedelta(days=20)).isoformat()
    always = {"sport": "running", "day": last, "milestone": "phase"}

    def known(post: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in post["snapshot"].items() if value is not None}

    plain = await share(ada, order(plan, "phase"))
    assert (plain["kind"], sorted(plain["shown"])) == ("plan_milestone", ["distance", "phase", "weeks"])
    assert known(plain) == {**always, "phase": "base", "weeks": 3}
    full = await share(ada, order(plan, "phase", shown=["phase", "weeks", "sessions", "time"]))
    # Three runs, 9025 s; the one that its source keeps for its owner is not among them.
    assert known(full) == {**always, "phase": "base", "weeks": 3, "session_count": 3, "duration_s": 9025.0}
    assert await feed(bob) == [full["id"], plain["id"]]
    assert known(await bob.get(f"/community/posts/{full['id']}")) == known(full)
    await ada.call("POST", "/community/posts", status=422, json=order(plan, "phase", shown=["heart_rate"]))

    await ada.call("PATCH", f"/community/posts/{full['id']}", status=200, json={"shown": ["weeks"]})
    again = await ada.call("PATCH", f"/community/posts/{full['id']}", status=200, json={"shown": ["weeks", "time"]})
    assert known(again) == {**always, "weeks": 3}, "what was hidden is gone from the post"


async def test_a_race_is_shown_with_its_time_and_goes_with_its_recording(api: Api, ada: Person) -> None:
    plan = await store_plan(api, ada)
    run = await store_run(api, ada, DAYS - 1, elapsed_s=2723.0)
    wish = order(plan, "race", DAYS - 1, audience="public", shown=["distance", "time"])
    post = await share(ada, wish)
    shown = {name: value for name, value in post["snapshot"].items() if value is not None}
    assert shown["duration_s"] == 2723.0 and shown["distance_m"] == 10_000.0 and "session_count" not in shown
    card = await ada.get("/community/card", params={"post_id": post["id"]})
    assert card["title"].startswith("Race (Run), ") and card["route"] is None
    assert [(line["label"], line["value"]) for line in card["lines"]] == [("Distance", "10.00 km"), ("Time", "45:23")]
    await ada.call("DELETE", f"/activities/{run}", status=204)
    await ada.get(f"/community/posts/{post['id']}", status=404)
    assert await listed(ada, plan) == []


async def test_a_race_whose_source_keeps_it_and_plans_of_others_are_not_shared(api: Api, ada: Person) -> None:
    plan = await store_plan(api, ada)
    await store_run(api, ada, DAYS - 1, restricted_by="strava")
    assert await listed(ada, plan) == []
    await ada.call("POST", "/community/posts", status=404, json=order(plan, "race", DAYS - 1))
    eve = await join(api, "eve")
    await store_run(api, eve, 2)
    await eve.get(f"/plans/{plan}/milestones", status=404)
    await eve.call("POST", "/community/posts", status=404, json=order(plan, "plan"))
    two = {**order(plan, "plan"), "activity_id": str(uuid4())}
    await ada.call("POST", "/community/posts", status=422, json=two)
