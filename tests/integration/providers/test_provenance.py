"""Values from a source that restricts their use stay with their owner: in every table, for every purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.support.api import Api, Person
from tests.support.workouts import Ride

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.importing import ActivityImport
from topform.features.activities.public import daily_loads
from topform.features.activities.tables import ActivityBestRow, ActivityLegRow, ActivityMetricRow, ActivityRow
from topform.features.athletes.public import AthleteOwned, Tagged, visible_to
from topform.platform.database import Base

RIDE = Ride()
NEXT_DAY = replace(RIDE, started_at=RIDE.started_at + timedelta(days=1))
TABLES = (ActivityRow, ActivityLegRow, ActivityMetricRow, ActivityBestRow)
OTHERS = (Purpose.OTHER_PEOPLE, Purpose.MODEL, Purpose.ASSISTANT)


async def add(api: Api, person: Person, ride: Ride, *, provider: str | None, as_tcx: bool = False) -> str:
    importing = ActivityImport(api.resources, AthleteId(UUID(person.athlete["id"])))
    content = ride.as_tcx() if as_tcx else ride.as_fit()
    outcome = await importing.add(file_name="ride", content=content, provider=provider)
    return outcome.outcome


async def counts(api: Api, person: Person, purpose: Purpose) -> list[int]:
    """Return how many rows of each table the owner gets for the purpose."""
    owner = AthleteId(UUID(person.athlete["id"]))
    async with api.resources.database.transaction() as session:
        return [
            (
                await session.scalar(
                    select(func.count()).select_from(table).where(visible_to(owner, table, purpose=purpose))
                )
            )
            or 0
            for table in TABLES
        ]


@pytest.mark.parametrize("purpose", OTHERS)
async def test_tagged_rows_of_every_table_stay_out_of_other_purposes(
    api: Api, person: Person, purpose: Purpose
) -> None:
    assert await add(api, person, RIDE, provider="strava") == "imported"
    own = await counts(api, person, Purpose.OWN_EYES)
    assert min(own) > 0
    assert await counts(api, person, purpose) == [0, 0, 0, 0]

    assert await add(api, person, NEXT_DAY, provider="polar") == "imported"
    assert await counts(api, person, purpose) == own
    assert await counts(api, person, Purpose.OWN_EYES) == [2 * count for count in own]


def test_no_table_about_an_activity_goes_without_a_tag() -> None:
    # Files by themselves and what became of an upload hold no values of the activity; predictions are made and closed
    # with what models may see, and posts with what other people may see. Which parts of the map a route touches only
    # says where to look for passes, which carry the tag. Signals come from what counts on boards: no tagged row does.
    without_values = {
        "activity_sources",
        "activity_import_outcomes",
        "race_predictions",
        "community_posts",
        "segment_routes",
        "community_signals",
    }
    owned = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, AthleteOwned)]
    about_activities = [
        table
        for table in owned
        if any(key.column.table.name == "activities" for key in table.__table__.foreign_keys)
        and table.__tablename__ not in without_values
    ]
    assert set(TABLES[1:]) <= set(about_activities)
    assert [table.__tablename__ for table in about_activities if not issubclass(table, Tagged)] == []


async def test_sums_over_days_leave_tagged_loads_out(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200})
    await add(api, person, RIDE, provider="strava")
    await add(api, person, NEXT_DAY, provider=None)
    owner = AthleteId(UUID(person.athlete["id"]))
    async with api.resources.database.transaction() as session:
        seen = [day.day.isoformat() for day in await daily_loads(session, owner)]
        usable = [day.day.isoformat() for day in await daily_loads(session, owner, purpose=Purpose.MODEL)]
    assert seen == ["2026-03-01", "2026-03-02"]
    assert usable == ["2026-03-02"]


async def test_the_athletes_own_file_lifts_the_tag_from_the_numbers(api: Api, person: Person) -> None:
    assert await add(api, person, RIDE, provider="strava", as_tcx=True) == "imported"
    assert (await counts(api, person, Purpose.MODEL))[0] == 0
    async with api.resources.database.transaction() as session:
        tags = (await session.execute(select(ActivityRow.field_restrictions))).scalar_one()
    assert {"started_at", "elapsed_s", "distance_m", "sport", "route_preview"} <= set(tags)
    assert set(tags.values()) == {"strava"}
    assert not {"notes", "rpe_cr10"} & set(tags)

    assert await add(api, person, RIDE, provider=None) == "merged"
    assert min(await counts(api, person, Purpose.MODEL)) > 0
    async with api.resources.database.transaction() as session:
        tags = (await session.execute(select(ActivityRow.field_restrictions))).scalar_one()
    assert set(tags) <= {"title"}


async def test_computing_again_keeps_the_tag(api: Api, person: Person) -> None:
    await add(api, person, RIDE, provider="strava")
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200})
    await api.work()
    assert min(await counts(api, person, Purpose.OWN_EYES)) > 0
    assert await counts(api, person, Purpose.ASSISTANT) == [0, 0, 0, 0]
