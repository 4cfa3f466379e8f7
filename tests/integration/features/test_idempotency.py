"""Writes that are repeated with one key are done once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.support.api import Api, Person
from tests.support.workouts import Ride

from topform.platform.web.idempotency import forget_old_keys

PLAN = {
    "request": {
        "athlete": {"sport": "running", "experience": "beginner"},
        "goal": {"type": "general_fitness", "weeks": 4},
        "start": "2026-06-01",
        "available_minutes": {"tue": 45, "thu": 45, "sun": 60},
    }
}
KEY = {"Idempotency-Key": "order-0001"}


async def test_a_repeated_order_gives_the_first_answer(person: Person) -> None:
    first = await person.call("POST", "/plans", status=202, json=PLAN, headers=KEY)
    again = await person.call("POST", "/plans", status=202, json=PLAN, headers=KEY)
    assert again == first
    assert len((await person.get("/jobs"))["items"]) == 1


async def test_ten_at_the_same_time_are_one(person: Person) -> None:
    answers = await asyncio.gather(
        *(person.call("POST", "/plans", status=202, json=PLAN, headers=KEY) for _ in range(10))
    )
    assert len({answer["id"] for answer in answers}) == 1
    assert len((await person.get("/jobs"))["items"]) == 1


async def test_a_repeated_upload_is_one_job_and_leaves_no_second_copy(api: Api, person: Person) -> None:
    content = Ride(seconds=10).as_fit()
    first = await person.upload("ride.fit", content, headers=KEY)
    stored = api.stored_files()
    assert await person.upload("ride.fit", content, headers=KEY) == first
    assert api.stored_files() == stored
    assert api.staged_files() == []


async def test_a_key_is_not_taken_for_another_request(person: Person) -> None:
    await person.call("POST", "/plans", status=202, json=PLAN, headers=KEY)
    other = {"request": PLAN["request"] | {"start": "2026-07-06"}}
    problem = await person.call("POST", "/plans", status=409, json=other, headers=KEY)
    assert problem["code"] == "idempotency_key_reused"


async def test_a_refused_request_does_not_use_up_the_key(person: Person) -> None:
    await person.call("POST", "/plans", status=422, json={"request": {}}, headers=KEY)
    await person.call("POST", "/plans", status=202, json=PLAN, headers=KEY)


async def test_keys_belong_to_a_person(api: Api, person: Person) -> None:
    other = await api.sign_up()
    first = await person.call("POST", "/plans", status=202, json=PLAN, headers=KEY)
    second = await other.call("POST", "/plans", status=202, json=PLAN, headers=KEY)
    assert first["id"] != second["id"]


async def test_a_repeated_deletion_answers_as_the_first(api: Api, person: Person) -> None:
    await person.upload("ride.fit", Ride(seconds=10).as_fit())
    await api.work()
    (activity,) = (await person.get("/activities"))["items"]
    path = f"/activities/{activity['id']}"
    await person.call("DELETE", path, status=204, headers=KEY)
    await person.call("DELETE", path, status=204, headers=KEY)
    await person.call("DELETE", path, status=404)


async def test_keys_are_forgotten_after_two_days(api: Api, person: Person) -> None:
    first = await person.call("POST", "/plans", status=202, json=PLAN, headers=KEY)
    now = api.resources.clock.now()
    for age, known in ((timedelta(days=1), True), (timedelta(days=2, seconds=60), False)):
        async with api.resources.database.transaction() as session:
            await forget_old_keys(session, now=now + age)
        again = await person.call("POST", "/plans", status=202, json=PLAN, headers=KEY)
        assert (again["id"] == first["id"]) is known
