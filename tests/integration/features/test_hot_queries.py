"""What is asked most often finds its rows by an index, however many rows there are of other people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from tests.support.api import Api, Person
from tests.support.query_plans import pages_read, plan_text, recorded_queries, scans_without_index
from tests.support.workouts import MORNING, Ride

GROWING = frozenset(
    {
        "account_events",
        "account_sessions",
        "activities",
        "activity_bests",
        "activity_legs",
        "activity_metrics",
        "activity_sources",
        "athletes",
        "athlete_parameters",
        "curve_changes",
        "curve_sums",
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
    "/accounts/me/history",
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


def add_days(api: Api, *, people: int, days: int, own: str | None = None) -> None:
    """Give people, the first of them by an id, activities like the stored one, day by day and one after the other."""
    with psycopg.connect(api.resources.database.plain_url, autocommit=True) as connection:
        # A row whose commit is not on the disk yet is not marked as seen by everybody, whatever vacuums.
        connection.execute("SET synchronous_commit = on")
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            """
            WITH people AS (
                SELECT coalesce(CASE WHEN n = 1 THEN %(own)s::uuid END, gen_random_uuid()) AS id
                FROM generate_series(1, %(people)s) n
            ),
            copied AS (SELECT * FROM activities ORDER BY started_at LIMIT 1)
            INSERT INTO activities
            SELECT (jsonb_populate_record(NULL::activities, to_jsonb(copied) || jsonb_build_object(
                'id', gen_random_uuid(), 'athlete_id', people.id, 'title', 'Session ' || day,
                'sport', CASE WHEN day = 500 THEN 'rowing' ELSE copied.sport END,
                'started_at', copied.started_at - make_interval(days => day), 'local_date', copied.local_date - day
            ))).*
            FROM generate_series(1, %(days)s) day, people, copied ORDER BY day
            """,
            {"people": people, "days": days, "own": own},
        )
        connection.execute("VACUUM (ANALYZE) activities")


@pytest.mark.parametrize("wanted", ["q=session+777", "q=nowhere", "sport=rowing", "q=session+5&sport=rowing"])
async def test_a_search_costs_the_same_however_many_rows_others_have(api: Api, rider: Person, wanted: str) -> None:
    """A thousand rows that lie on as many pages, between those of one other person and then of ten times as many."""
    database, path = api.resources.database, f"/activities?limit=30&{wanted}"
    add_days(api, people=2, days=1000, own=rider.athlete["id"])

    async def cost() -> int:
        with recorded_queries(database) as queries:
            await rider.get(path)
        (found,) = [one for one in queries if "FROM activities" in one.statement]
        plan = await plan_text(database, found)
        assert "Index Only Scan" in plan, plan
        return await pages_read(database, found)

    before = await cost()
    assert before < 100
    add_days(api, people=18, days=1000)
    assert await cost() <= before + 10, "a level more of each index at most"


async def test_the_pages_of_a_query_are_counted(api: Api, rider: Person) -> None:
    """The same question without the index touches a page a row."""
    database = api.resources.database
    add_days(api, people=2, days=1000, own=rider.athlete["id"])
    with recorded_queries(database) as queries:
        await rider.get("/activities?limit=30&q=nowhere")
    (found,) = [one for one in queries if "FROM activities" in one.statement]
    by_index = await pages_read(database, found)
    with psycopg.connect(database.plain_url, autocommit=True) as connection:
        connection.execute("DROP INDEX ix_activities_words")
    assert await pages_read(database, found) > 5 * by_index
