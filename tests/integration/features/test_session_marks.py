"""Sessions called done or skipped without a recording: what they count for, what they leave alone, and what wins."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.integration.features.test_challenges import board, make
from tests.integration.features.test_coaches import coach_of, of
from tests.integration.features.test_community import join
from tests.support.api import Api, Person
from tests.support.workouts import Ride

from topform.core.ids import AthleteId
from topform.features.plans.public import kept_sessions, sessions_to_do

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def today() -> date:
    return datetime.now(UTC).date()


async def plan_for(api: Api, person: Person, *, days_ago: int = 14) -> dict[str, Any]:
    start = today() - timedelta(days=days_ago)
    goal = {
        "type": "race",
        "sport": "cycling",
        "distance_m": 100_000,
        "date": (start + timedelta(days=48)).isoformat(),
    }
    order = {
        "athlete": {"sport": "cycling", "experience": "intermediate", "ctl": 40, "threshold": {"power_w": 220}},
        "goal": goal,
        "start": start.isoformat(),
        "available_minutes": dict(zip(DAYS, (60, 60, 75, 60, 45, 120, 150), strict=True)),
    }
    await person.call("PATCH", "/athletes/me", status=200, json={"time_zone": "UTC"})
    with api.on(start):
        await person.call("POST", "/plans", status=202, json={"request": order})
        await api.work()
    plan: dict[str, Any] = await person.get("/plans/current")
    return plan


def past(plan: dict[str, Any]) -> list[tuple[date, dict[str, Any]]]:
    """Return the sessions of days that are over, with their days."""
    days = [(date.fromisoformat(day["date"]), day["sessions"]) for day in plan["document"]["days"]]
    return [(when, session) for when, sessions in days if when < today() for session in sessions]


async def mark(person: Person, plan: dict[str, Any], session_id: str, *, status: int = 200, **said: Any) -> Any:
    return await person.call("PUT", f"/plans/{plan['id']}/sessions/{session_id}/mark", status=status, json=said)


async def how_it_went(person: Person, plan: dict[str, Any], when: date, session_id: str) -> dict[str, Any]:
    span = {"from": when.isoformat(), "to": when.isoformat()}
    found = await person.get(f"/plans/{plan['id']}/adherence", params=span)
    return next(item for item in found["sessions"] if item["session_id"] == session_id)


async def test_a_session_called_done_counts_and_claims_no_load(api: Api, person: Person) -> None:
    plan = await plan_for(api, person)
    when, session = past(plan)[-1]
    before = (await person.get("/fitness"), await person.get("/activities"))
    assert (await how_it_went(person, plan, when, session["id"]))["status"] == "missed"
    said = await mark(person, plan, session["id"], mark="done")
    assert (said["session_id"], said["day"], said["mark"], said["reason"]) == (
        session["id"],
        when.isoformat(),
        "done",
        None,
    )
    shown = await how_it_went(person, plan, when, session["id"])
    measured = [shown[name] for name in ("activity_id", "done_minutes", "share", "by_laps", "steps")]
    assert (shown["status"], shown["mark"], measured) == ("done", said, [None, None, None, None, []])
    assert (await person.get("/fitness"), await person.get("/activities")) == before
    async with api.resources.database.transaction() as session_:
        athlete = AthleteId(person.athlete["id"])
        planned, done = await kept_sessions(session_, athlete, first=when, last=when) or (0, 0)
    assert done == 1 <= planned
    assert (await mark(person, plan, session["id"], mark=None))["mark"] is None
    again = await how_it_went(person, plan, when, session["id"])
    assert (again["status"], again["mark"]) == ("missed", None)


async def test_a_recording_that_arrives_later_wins(api: Api, person: Person) -> None:
    plan = await plan_for(api, person)
    when, session = next(
        (day, one) for day, one in past(plan) if one["sport"] == "cycling" and one["kind"] not in ("race", "strength")
    )
    await mark(person, plan, session["id"], mark="skipped", reason="no_time")
    skipped = await how_it_went(person, plan, when, session["id"])
    assert (skipped["status"], skipped["mark"]["reason"]) == ("skipped", "no_time")
    ride = Ride(
        started_at=datetime(when.year, when.month, when.day, 8, tzinfo=UTC), seconds=round(60 * session["minutes"])
    )
    await person.upload("ride.fit", ride.as_fit())
    await api.work()
    shown = await how_it_went(person, plan, when, session["id"])
    (ridden,) = (await person.get("/activities"))["items"]
    assert (shown["status"], shown["activity_id"]) == ("done", ridden["id"])
    assert shown["done_minutes"] == pytest.approx(session["minutes"], abs=0.1)
    assert shown["mark"]["mark"] == "skipped"


@pytest.mark.parametrize(("word", "codes"), [("done", set()), ("skipped", {"missed_weeks"}), (None, {"missed_weeks"})])
async def test_the_plan_takes_the_word_for_it_and_skipped_is_missed(
    api: Api, person: Person, word: str | None, codes: set[str]
) -> None:
    plan = await plan_for(api, person)
    for _, session in past(plan):
        await mark(person, plan, session["id"], mark=word)
    await person.call("POST", "/plans/review", status=202)
    await api.work()
    assert {item["code"] for item in (await person.get("/plans/proposals"))["items"]} == codes


async def test_what_was_missed_can_still_be_called_done_after_the_plan_was_made_anew(api: Api, person: Person) -> None:
    plan = await plan_for(api, person)
    when, session = past(plan)[0]
    await person.call("POST", "/plans/review", status=202)
    await api.work()
    (proposal,) = (await person.get("/plans/proposals"))["items"]
    changed = await person.call("POST", f"/plans/proposals/{proposal['id']}/accept", status=200)
    assert session["id"] not in {one["id"] for _, one in past(changed)}
    await mark(person, changed, session["id"], mark="done")
    assert (await how_it_went(person, changed, when, session["id"]))["status"] == "done"


async def test_nobody_is_reminded_of_a_session_that_is_skipped(api: Api, person: Person) -> None:
    plan = await plan_for(api, person)
    when, session = past(plan)[-1]

    async def left() -> int:
        async with api.resources.database.transaction() as opened:
            return await sessions_to_do(opened, AthleteId(person.athlete["id"]), day=when)

    planned = sum(day == when for day, _ in past(plan))
    assert await left() == planned
    await mark(person, plan, session["id"], mark="skipped", reason="tired")
    assert await left() == planned - 1
    await mark(person, plan, session["id"], mark=None)
    assert await left() == planned


async def test_a_word_is_about_own_sessions_of_days_that_came(api: Api, person: Person) -> None:
    plan = await plan_for(api, person)
    ahead = next(
        one["id"] for day in plan["document"]["days"] for one in day["sessions"] if day["date"] > today().isoformat()
    )
    assert (await mark(person, plan, ahead, status=422, mark="done"))["code"] == "session_ahead"
    _, session = past(plan)[0]
    await mark(person, plan, session["id"], status=422, mark="done", reason="tired")
    await mark(person, plan, session["id"], status=422, mark="missed")
    await mark(person, plan, "2026-01-01-1", status=404, mark="done")
    stranger = await api.sign_up()
    await mark(stranger, plan, session["id"], status=404, mark="done")


@pytest.mark.parametrize(
    ("scopes", "reason"), [(("plan", "activities"), None), (("plan", "activities", "health_notes"), "tired")]
)
async def test_a_coach_reads_why_only_with_the_notes_on_health(
    api: Api, person: Person, scopes: tuple[str, ...], reason: str | None
) -> None:
    plan = await plan_for(api, person)
    when, session = past(plan)[0]
    await mark(person, plan, session["id"], mark="skipped", reason="tired")
    coach = await coach_of(api, person, *scopes)
    seen = await coach.get(
        of(person, f"/plans/{plan['id']}/adherence"), params={"from": when.isoformat(), "to": when.isoformat()}
    )
    shown = next(item for item in seen["sessions"] if item["session_id"] == session["id"])
    assert (shown["status"], shown["mark"]["mark"], shown["mark"]["reason"]) == ("skipped", "skipped", reason)


async def test_a_run_of_sessions_in_a_challenge_counts_the_word(api: Api) -> None:
    ada = await join(api, "ada")
    plan = await plan_for(api, ada)
    _, session = past(plan)[-1]
    challenge = await make(ada, kind="streak", first_day=(today() - timedelta(days=14)).isoformat())
    assert await board(ada, challenge) == [(None, "Ada", 0)]
    await mark(ada, plan, session["id"], mark="done")
    assert await board(ada, challenge) == [(1, "Ada", 1)]
    await mark(ada, plan, session["id"], mark=None)
    assert await board(ada, challenge) == [(None, "Ada", 0)]
