"""What is asked most often finds its rows by an index, however many rows there are of other people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.api import Api, Person
from tests.support.query_plans import recorded_queries, scans_without_index
from tests.support.workouts import MORNING, Ride

GROWING = frozenset(
    {
        "account_sessions",
        "activities",
        "activity_bests",
        "activity_legs",
        "activity_metrics",
        "activity_sources",
        "athletes",
        "athlete_parameters",
        "events",
        "form_checks",
        "health_reports",
        "jobs",
        "plans",
        "plan_changes",
        "plan_proposals",
        "threshold_tests",
        "wellness_values",
    }
)
HOT = (
    "/athletes/me",
    "/activities?limit=30",
    "/activities?limit=1&cursor={cursor}",
    "/activities?limit=30&sport=cycling",
    "/activities?limit=30&q=morning",
    "/activities/{activity}",
    "/activities/{activity}/streams",
    "/activities/{activity}/sources",
    "/fitness",
    "/fitness/curve?sport=cycling&metric=power",
    "/readiness",
    "/readiness/warnings",
    "/wellness?from=2026-01-01&to=2026-03-31",
    "/plans/current",
    "/plans/proposals",
    "/predictions/record",
    "/form-checks",
    "/jobs",
    "/athletes/me/thresholds",
)


@pytest.fixture
async def rider(api: Api, person: Person) -> Person:
    """Someone with two activities."""
    for day in range(2):
        ride = Ride(started_at=MORNING + timedelta(days=day), seconds=120)
        await person.upload("ride.fit", ride.as_fit())
    await api.work()
    return person


async def test_hot_queries_read_no_table_or_index_as_a_whole(api: Api, rider: Person) -> None:
    database = api.resources.database
    page = await rider.get("/activities?limit=1")
    places = {"activity": page["items"][0]["id"], "cursor": page["next_cursor"]}
    found = {}
    for path in HOT:
        with recorded_queries(database) as queries:
            await rider.get(path.format(**places))
        assert queries
        scans = [
            scan for query in queries for scan in await scans_without_index(database, query, GROWING, avoid_scans=True)
        ]
        if scans:
            found[path] = scans
    assert found == {}


@pytest.mark.parametrize(
    "path", ["/readiness", "/readiness/warnings", "/fitness", "/activities?limit=30", "/plans/current"]
)
async def test_the_number_of_queries_does_not_follow_the_number_of_rows(api: Api, rider: Person, path: str) -> None:
    async def asked(read: Callable[[str], Awaitable[Any]]) -> int:
        with recorded_queries(api.resources.database) as queries:
            await read(path)
        return len(queries)

    before = await asked(rider.get)
    for day in range(2, 5):
        await rider.upload("ride.fit", Ride(started_at=MORNING + timedelta(days=day), seconds=120).as_fit())
        await rider.call("PUT", f"/wellness/2026-03-0{day}", status=200, json={"resting_hr_bpm": 50, "sleep_s": 27_000})
    await api.work()
    assert await asked(rider.get) == before
    assert before <= 12
