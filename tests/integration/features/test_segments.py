"""Segments: made of an activity, matched with what is there and what comes, seen by those they are for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.integration.features.test_coaches import coach_of, of
from tests.integration.features.test_community import befriend, handle_of, join, told
from tests.integration.features.test_privacy_zones import lie_in, places_in, zone_around
from tests.support.api import Api, Person
from tests.support.query_plans import plan_text, recorded_queries, scans_without_index
from tests.support.workouts import MORNING, Ride

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.events import ACTIVITY_UPDATED
from topform.features.athletes.public import reading_for
from topform.features.segments.repository import SegmentRepository
from topform.platform.events import publish

LENGTH_M = 2000.0
START_M, SOUTH, EAST = 2000.0, 47.0, 8.0
M_PER_DEGREE = 111_195


async def ride(api: Api, person: Person, days: int = 0, **fields: Any) -> str:
    """Import a ride along the same road, some days after the first, and return its id."""
    content = Ride(started_at=MORNING + timedelta(days=days), **{"seconds": 700, **fields}).as_fit()
    job = await person.upload("ride.fit", content)
    await api.work()
    (file,) = (await person.get(f"/jobs/{job['id']}"))["result"]["files"]
    return str(file["activity_ids"][0])


async def made(api: Api, person: Person, activity: str, **fields: Any) -> dict[str, Any]:
    """Make a segment from 2 to 4 km of a ride at 8 m/s, and have it matched."""
    order = {"name": "Long road", "activity_id": activity, "start_s": 250.0, "end_s": 500.0, **fields}
    segment = await person.call("POST", "/segments", status=201, json=order)
    await api.work()
    return dict(segment)


async def times(person: Person, segment: str) -> list[float]:
    return [round(one["elapsed_s"]) for one in (await person.get(f"/segments/{segment}/efforts"))["items"]]


async def shared(api: Api, owner: Person, segment: str) -> None:
    await owner.call("PATCH", f"/segments/{segment}", status=200, json={"audience": "followers"})


async def takes_part(api: Api, person: Person, segment: str, *, shares: bool = True) -> None:
    await person.call("PUT", f"/segments/{segment}/membership", status=200, json={"shares_efforts": shares})
    await api.work()


async def board(person: Person, segment: str) -> list[tuple[int, str | None, int, int]]:
    items = (await person.get(f"/segments/{segment}/board"))["items"]
    return [(row["rank"], row["name"], round(row["best_s"]), row["efforts_90_days"]) for row in items]


async def test_a_segment_is_matched_with_the_history_and_with_what_comes(api: Api, person: Person) -> None:
    first = await ride(api, person)
    await ride(api, person, days=1, speed_m_s=10.0)
    order = {"name": "Long road", "activity_id": first, "start_s": 250.0, "end_s": 500.0}
    segment = await person.call("POST", "/segments", status=201, json=order)
    assert (segment["is_matched"], segment["efforts"], segment["audience"]) == (False, 0, "me")
    assert segment["length_m"] == pytest.approx(LENGTH_M, abs=3)
    job = await person.get(f"/jobs/{segment['matching_job_id']}")
    assert (job["kind"], job["state"]) == ("segment_match", "queued")
    await api.work()
    job = await person.get(f"/jobs/{segment['matching_job_id']}")
    assert (job["state"], job["result"]) == (
        "succeeded",
        {"segment_id": segment["id"], "activities": 2, "segment_efforts": 2},
    )
    third = await ride(api, person, days=2, speed_m_s=5.0, seconds=1000, hr_bpm=150, power_w=180)
    efforts = (await person.get(f"/segments/{segment['id']}/efforts"))["items"]
    # 2000 m at 5, 10 and 8 m/s.
    assert [round(one["elapsed_s"], 1) for one in efforts] == [
        pytest.approx(400, abs=0.3), pytest.approx(200, abs=0.3), pytest.approx(250, abs=0.3),
    ]  # fmt: skip
    assert [(one["rank"], one["of"]) for one in efforts] == [(3, 3), (1, 3), (2, 3)]
    assert [one["day"] for one in efforts] == ["2026-03-03", "2026-03-02", "2026-03-01"]
    newest = efforts[0]
    assert (newest["hr_mean_bpm"], newest["power_mean_w"]) == (pytest.approx(150), pytest.approx(180))
    assert newest["speed_mean_m_s"] == pytest.approx(5.0, abs=0.02)
    detail = await person.get(f"/segments/{segment['id']}")
    assert (detail["efforts"], round(detail["best_s"]), detail["last_on"]) == (3, 200, "2026-03-03")
    assert detail["is_matched"]
    assert detail["trend"] is None
    assert detail["legend"] is None, "nobody shares efforts"
    (in_activity,) = (await person.get(f"/segments/efforts?activity_id={third}"))["items"]
    assert (in_activity["segment_id"], in_activity["rank"], in_activity["of"]) == (segment["id"], 3, 3)
    page = await person.get(f"/segments/{segment['id']}/efforts?limit=2")
    rest = await person.get(f"/segments/{segment['id']}/efforts?limit=2&cursor={page['next_cursor']}")
    assert [one["id"] for one in page["items"] + rest["items"]] == [one["id"] for one in efforts]


async def test_efforts_follow_their_activities(api: Api, person: Person) -> None:
    first, second = await ride(api, person), await ride(api, person, days=1, speed_m_s=10.0)
    segment = (await made(api, person, first))["id"]
    assert await times(person, segment) == [200, 250]
    await person.call("DELETE", f"/activities/{second}", status=204)
    assert await times(person, segment) == [250]
    before = (await person.get(f"/segments/{segment}/efforts"))["items"]
    await person.call("PATCH", f"/activities/{first}", status=200, json={"title": "Mine"})
    await api.work()
    after = (await person.get(f"/segments/{segment}/efforts"))["items"]
    unnamed = [{name: value for name, value in one.items() if name != "id"} for one in before]
    assert [{name: value for name, value in one.items() if name != "id"} for one in after] == unnamed
    await person.call("DELETE", f"/activities/{first}", status=204)
    assert await times(person, segment) == []
    assert (await person.get(f"/segments/{segment}"))["name"] == "Long road", "a segment stays without its activity"
    await person.call("PATCH", f"/segments/{segment}", status=200, json={"name": "Old road"})
    assert [one["name"] for one in (await person.get("/segments"))["items"]] == ["Old road"]
    assert ("segments.changed", {}) in await told(api, person)
    await person.call("DELETE", f"/segments/{segment}", status=204)
    await person.get(f"/segments/{segment}", status=404)
    assert (await person.get("/segments"))["items"] == []


async def test_who_has_no_segment_causes_no_work(api: Api, person: Person) -> None:
    await ride(api, person)
    async with api.resources.database.transaction() as session:
        tasks = (await session.execute(text("SELECT task_name FROM procrastinate_jobs"))).scalars().all()
    assert not [task for task in tasks if task.startswith("segments.")]


@pytest.mark.parametrize(
    "wrong", [{"start_s": 500.0, "end_s": 250.0}, {"end_s": 260.0}, {"end_s": 5000.0}, {"leg": 7}, {"name": "  "}]
)
async def test_what_cannot_be_a_segment_is_refused(api: Api, person: Person, wrong: dict[str, Any]) -> None:
    activity = await ride(api, person)
    order = {"name": "Road", "activity_id": activity, "start_s": 250.0, "end_s": 500.0, **wrong}
    status = 404 if "leg" in wrong else 422
    problem = await person.call("POST", "/segments", status=status, json=order)
    assert problem["detail"]
    stranger = await api.sign_up()
    await stranger.call("POST", "/segments", status=404, json={**order, "name": "Road", "leg": 0})


# ---- others ---------------------------------------------------------------------------------------------------------


@pytest.fixture
async def friends(api: Api) -> tuple[Person, Person, Person]:
    """An owner, two who follow them; each has ridden."""
    owner, one, other = [await join(api, name) for name in ("ona", "oli", "eva")]
    for follower in (one, other):
        await befriend(follower, owner)
    return owner, one, other


async def test_boards_show_those_who_chose_so_and_legends_count_efforts(
    api: Api, friends: tuple[Person, Person, Person]
) -> None:
    owner, one, other = friends
    today = (date.today() - MORNING.date()).days  # noqa: DTZ011
    activity = await ride(api, owner, days=today - 5)
    for days in (3, 2, 1):
        await ride(api, one, days=today - days, speed_m_s=5.0, seconds=1000)
    await ride(api, one, days=today - 200, speed_m_s=11.0)
    await ride(api, other, days=today - 1, speed_m_s=10.0)
    segment = (await made(api, owner, activity))["id"]
    await one.get(f"/segments/{segment}", status=404)
    await shared(api, owner, segment)
    assert [row["id"] for row in (await one.get("/segments?state=open"))["items"]] == [segment]
    assert await board(owner, segment) == []
    await takes_part(api, one, segment)
    await takes_part(api, other, segment, shares=False)
    assert await times(other, segment) == [200]
    for viewer in (owner, one, other):
        assert [row[::2] for row in await board(viewer, segment)] == [(1, 182)]
    assert (await owner.get(f"/segments/{segment}/board"))["legend"]["efforts"] == 3
    await takes_part(api, owner, segment)
    await takes_part(api, other, segment)
    assert await board(owner, segment) == [(1, "Oli", 182, 3), (2, "Eva", 200, 1), (3, "Ona", 250, 1)]
    legend = (await other.get(f"/segments/{segment}"))["legend"]
    assert (legend["name"], legend["efforts"], legend["is_you"]) == ("Oli", 3, False)
    await one.call("DELETE", f"/segments/{segment}/membership", status=204)
    assert [row[1] for row in await board(owner, segment)] == ["Eva", "Ona"]
    await one.get(f"/segments/efforts?activity_id={activity}")
    assert (await one.get("/segments"))["items"] == []
    await one.call("PUT", f"/community/blocks/{await handle_of(other)}", status=204)
    await takes_part(api, one, segment)
    assert [row[1] for row in await board(other, segment)] == ["Eva", "Ona"]
    assert [row[1] for row in await board(one, segment)] == ["Oli", "Ona"]


async def test_who_sees_a_segment_no_longer_is_not_on_its_board(
    api: Api, friends: tuple[Person, Person, Person]
) -> None:
    owner, one, other = friends
    segment = (await made(api, owner, await ride(api, owner)))["id"]
    await ride(api, one)
    await shared(api, owner, segment)
    await takes_part(api, one, segment)
    assert [row[1] for row in await board(other, segment)] == ["Oli"]
    await one.call("DELETE", f"/community/following/{await handle_of(owner)}", status=204)
    assert await board(other, segment) == []
    await one.get(f"/segments/{segment}", status=404)
    await befriend(one, owner)
    assert [row[1] for row in await board(other, segment)] == ["Oli"]
    await owner.call("PATCH", f"/segments/{segment}", status=200, json={"audience": "me"})
    await other.get(f"/segments/{segment}", status=404)
    await shared(api, owner, segment)
    assert await board(other, segment) == [], "another audience is another choice"
    await takes_part(api, one, segment)
    await one.call("DELETE", "/community/me", status=204)
    assert await board(other, segment) == []
    await owner.call("DELETE", "/community/me", status=204)
    await other.get(f"/segments/{segment}", status=404)


async def test_privacy_zones_keep_efforts_and_segments_from_others(
    api: Api, friends: tuple[Person, Person, Person]
) -> None:
    owner, one, other = friends
    segment = (await made(api, owner, await ride(api, owner)))["id"]
    start = (SOUTH + START_M / M_PER_DEGREE, EAST)
    await shared(api, owner, segment)
    for rider in (one, other):
        await ride(api, rider, days=(date.today() - MORNING.date()).days - 2)  # noqa: DTZ011
        await takes_part(api, rider, segment)
    assert {row[1] for row in await board(owner, segment)} == {"Eva", "Oli"}
    await zone_around(one, *start)
    assert [row[1] for row in await board(owner, segment)] == ["Eva"], "it starts in a zone of one of them"
    assert (await owner.get(f"/segments/{segment}"))["legend"]["name"] == "Eva"
    assert sorted(row[1] for row in await board(one, segment)) == ["Eva", "Oli"], "they see themselves"
    zone = await zone_around(owner, SOUTH + 3000.0 / M_PER_DEGREE, EAST)
    for path in (f"/segments/{segment}", f"/segments/{segment}/board", f"/segments/{segment}/efforts"):
        await other.get(path, status=404)
    listed = [await other.get("/segments"), await other.get("/segments?state=open")]
    assert [lie_in(zone, places_in(answer)) for answer in listed] == [0, 0]
    detail = await owner.get(f"/segments/{segment}")
    assert detail["can_share"] is False
    await owner.call("PATCH", f"/segments/{segment}", status=200, json={"audience": "me"})
    problem = await owner.call("PATCH", f"/segments/{segment}", status=409, json={"audience": "followers"})
    assert problem["code"] == "segment_private"


async def test_what_a_source_restricts_reaches_nobody_else(api: Api, friends: tuple[Person, Person, Person]) -> None:
    owner, one, _ = friends
    kept = await ride(api, owner, days=1, speed_m_s=10.0)
    await restrict(api, owner, kept)
    segment = (await made(api, owner, await ride(api, owner)))["id"]
    assert await times(owner, segment) == [200, 250]
    await shared(api, owner, segment)
    await takes_part(api, owner, segment)
    assert [row[2] for row in await board(one, segment)] == [250]
    assert [row[2] for row in await board(owner, segment)] == [250], "the same board for everybody"
    from_kept = (await made(api, owner, kept, start_s=200.0, end_s=400.0))["id"]
    assert (await owner.get(f"/segments/{from_kept}"))["can_share"] is False
    await owner.call("PATCH", f"/segments/{from_kept}", status=409, json={"audience": "followers"})
    with reading_for(Purpose.ASSISTANT):
        assert [row["id"] for row in (await owner.get("/segments"))["items"]] == [segment]
        assert await times(owner, segment) == [250]
    coach = await coach_of(api, owner, "activities")
    await coach.get(of(owner, "/segments"), status=404)
    await coach.get(f"/segments/{segment}", status=404)


async def restrict(api: Api, person: Person, activity: str) -> None:
    """Have an activity come from a service that keeps it for its owner, as an import from there does."""
    async with api.resources.database.transaction() as session:
        await session.execute(
            text("UPDATE activities SET restricted_by = 'strava', updated_at = now() WHERE id = :id"),
            {"id": UUID(activity)},
        )
        await publish(session, UUID(person.athlete["id"]), ACTIVITY_UPDATED, {"id": activity})
    await api.work()


async def test_a_follower_without_a_profile_or_years_shares_nothing(api: Api) -> None:
    young = await api.sign_up(birth_date=f"{date.today().year - 15}-01-01")  # noqa: DTZ011
    segment = (await made(api, young, await ride(api, young)))["id"]
    await young.call("PATCH", f"/segments/{segment}", status=403, json={"audience": "followers"})
    await young.call("PUT", f"/segments/{segment}/membership", status=403, json={"shares_efforts": True})
    alone = await api.sign_up()
    segment = (await made(api, alone, await ride(api, alone)))["id"]
    problem = await alone.call("PATCH", f"/segments/{segment}", status=409, json={"audience": "followers"})
    assert problem["code"] == "no_community_profile"


async def test_a_new_activity_asks_for_the_segments_of_its_places_only(api: Api, person: Person) -> None:
    activity = await ride(api, person)
    segment = await made(api, person, activity)
    async with api.resources.database.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO segments (id, athlete_id, name, sport, course, length_m, start_cell, end_cell, created_at,"
                " updated_at) SELECT gen_random_uuid(), athlete_id, name, sport, course, length_m, n, n, created_at,"
                " updated_at FROM segments, generate_series(1, 400) n"
            )
        )
        await session.execute(text("ANALYZE segments"))
    with recorded_queries(api.resources.database) as queries:
        await ride(api, person, days=1)
    (near,) = [one for one in queries if "segments.start_cell = any(" in one.statement.replace("ANY (", "any(")]
    assert await scans_without_index(api.resources.database, near, frozenset({"segments"})) == []
    assert await times(person, segment["id"]) == [250, 250]


async def test_a_new_segment_finds_the_activities_of_its_cells_by_the_index(api: Api, person: Person) -> None:
    """One athlete with 20,000 legs elsewhere: without the index of cells, the plan would be to read them all."""
    activity = await ride(api, person)
    segment = await made(api, person, activity)
    async with api.resources.database.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO segment_routes (activity_id, leg, athlete_id, sport, cells, seen_at)"
                " SELECT activity_id, n, athlete_id, sport, ARRAY[n, n + 1, n + 2, n + 3], seen_at"
                " FROM segment_routes, generate_series(1, 20000) n"
            )
        )
        await session.execute(text("SELECT gin_clean_pending_list('ix_segment_routes_cells')"))
        await session.execute(text("ANALYZE segment_routes"))
    with recorded_queries(api.resources.database) as queries:
        async with api.resources.database.transaction() as session:
            kept = await SegmentRepository(session).visible(AthleteId(UUID(person.athlete["id"])), UUID(segment["id"]))
            assert kept is not None
            found = await SegmentRepository(session).routes_through(AthleteId(kept.row.athlete_id), kept.row)
    assert [str(one) for one in found] == [activity]
    (through,) = [one for one in queries if "@>" in one.statement]
    assert await scans_without_index(api.resources.database, through, frozenset({"segment_routes"})) == []
    assert "ix_segment_routes_cells" in await plan_text(api.resources.database, through)
