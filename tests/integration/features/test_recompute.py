"""Stored activities computed again: what is kept, what is told, what a new version of a formula sets off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from tests.support.api import Api, Person
from tests.support.workouts import MORNING, Ride

from topform.core.ids import AthleteId
from topform.entrypoints.ray_engine import Task, ray_workers, recompute_with
from topform.features.activities.recomputing import Recomputation
from topform.features.activities.tables import ActivityMetricRow
from topform.features.activities.versions import apply_new_versions
from topform.platform.events import EventRow
from topform.science import metric_versions


async def activities_of(person: Person) -> list[dict[str, Any]]:
    page = await person.get("/activities")
    return [await person.get(f"/activities/{one['id']}") for one in page["items"]]


async def imported(api: Api, person: Person, *, rides: int = 3) -> list[dict[str, Any]]:
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200, "hr_max_bpm": 190})
    for day in range(rides):
        await person.upload(f"ride{day}.fit", Ride(started_at=MORNING + timedelta(days=day)).as_fit())
    await api.work()
    return await activities_of(person)


def numbers(activity: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in activity.items() if name != "updated_at"}


async def run_job(api: Api, person: Person, **request: Any) -> dict[str, Any]:
    job = await person.call("POST", "/activities/recompute", status=202, json=request)
    await api.work()
    done = await person.get(f"/jobs/{job['id']}")
    assert (done["state"], done["error"]) == ("succeeded", None)
    return done["result"]


async def events_of(api: Api, person: Person) -> list[str]:
    async with api.resources.database.transaction() as session:
        query = select(EventRow.type).where(EventRow.athlete_id == UUID(person.athlete["id"])).order_by(EventRow.id)
        return list((await session.execute(query)).scalars())


async def test_the_same_formulas_give_the_same_numbers(api: Api, person: Person) -> None:
    before = await imported(api, person)
    result = await run_job(api, person)
    assert result == {"activities": 3, "changed_metrics": 0, "from_files": 0, "gone": 0, "metrics": []}
    assert [numbers(one) for one in await activities_of(person)] == [numbers(one) for one in before]


async def test_clients_hear_of_it_once(api: Api, person: Person) -> None:
    await imported(api, person)
    before = len(await events_of(api, person))
    await run_job(api, person)
    told = [name for name in (await events_of(api, person))[before:] if name != "job.updated"]
    assert told == ["activities.recomputed"]


async def test_a_threshold_holds_from_its_day_on_and_old_values_are_kept(api: Api, person: Person) -> None:
    before = await imported(api, person)
    newest = before[0]
    await person.call("PUT", f"/athletes/me/thresholds/ftp_w/{newest['local_date']}", status=200, json={"value": 250})
    await api.work()
    after = await activities_of(person)
    assert [one["load_au"] for one in after[1:]] == [one["load_au"] for one in before[1:]]
    assert after[0]["load_au"] == pytest.approx(before[0]["load_au"] * (200 / 250) ** 2)
    history = (await person.get(f"/activities/{newest['id']}/metrics/history"))["items"]
    old = {item["metric"]: item for item in history}
    assert set(old) == {"intensity_ratio", "power_load"}
    assert old["power_load"]["value"] == pytest.approx(before[0]["load_au"])
    assert {item["reason"] for item in history} == {"inputs"}
    stranger = await api.sign_up()
    await stranger.get(f"/activities/{newest['id']}/metrics/history", status=404)


async def test_a_new_version_is_applied_once(api: Api, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await imported(api, person)
    assert await apply_new_versions(api.resources)
    await api.work()
    assert await apply_new_versions(api.resources) == []
    definition = metric_versions.METRICS["power_load"]
    newer = metric_versions.MetricDefinition("power_load", "AU", definition.version + 1, "power", ("a trial",))
    monkeypatch.setattr(metric_versions, "METRICS", {**metric_versions.METRICS, "power_load": newer})
    monkeypatch.setattr("topform.features.activities.versions.METRICS", metric_versions.METRICS)
    assert await apply_new_versions(api.resources) == ["power_load"]
    await api.work()
    jobs = [job for job in (await person.get("/jobs"))["items"] if job["kind"] == "recompute"]
    assert jobs[0]["result"]["metrics"] == ["power_load"]
    for activity in await activities_of(person):
        assert activity["legs"][0]["metrics"]["power_load"]["version"] == newer.version
        history = (await person.get(f"/activities/{activity['id']}/metrics/history"))["items"]
        assert [(item["metric"], item["version"], item["reason"]) for item in history] == [
            ("power_load", definition.version, "version")
        ]
    async with api.resources.database.transaction() as session:
        await session.execute(text("DELETE FROM applied_metric_versions"))


async def test_only_outdated_activities_are_touched(api: Api, person: Person) -> None:
    before = await imported(api, person)
    oldest = UUID(before[-1]["id"])
    async with api.resources.database.transaction() as session:
        await session.execute(
            update(ActivityMetricRow)
            .where(ActivityMetricRow.activity_id == oldest, ActivityMetricRow.metric == "power_load")
            .values(version=0, value=1.0)
        )
    result = await run_job(api, person, metric="power_load")
    assert (result["activities"], result["changed_metrics"], result["metrics"]) == (1, 1, ["power_load"])
    assert [numbers(one) for one in await activities_of(person)] == [numbers(one) for one in before]
    problem = await person.call("POST", "/activities/recompute", status=404, json={"metric": "no_such"})
    assert problem["remedy"]


async def test_what_was_stored_by_an_older_cleaning_is_read_from_its_file(api: Api, person: Person) -> None:
    before = await imported(api, person, rides=1)
    async with api.resources.database.transaction() as session:
        await session.execute(
            text(
                "UPDATE activity_legs SET document = document - 'cleaning', power_curve = NULL WHERE athlete_id = :who"
            ),
            {"who": UUID(person.athlete["id"])},
        )
    outcome = await Recomputation(api.resources, AthleteId(UUID(person.athlete["id"]))).run()
    assert (outcome.activities, outcome.from_files, outcome.changed_metrics) == (1, 1, 0)
    assert [numbers(one) for one in await activities_of(person)] == [numbers(one) for one in before]


async def test_ray_comes_to_what_one_process_comes_to(api: Api, person: Person) -> None:
    pytest.importorskip("ray", reason="Ray is an extra (topform[ray])")
    owners = [person, await api.sign_up()]
    days = [(await imported(api, one))[-1]["local_date"] for one in owners]
    ids = [UUID(one.athlete["id"]) for one in owners]

    async def with_threshold(ftp_w: float) -> None:
        for owner, day in zip(owners, days, strict=True):
            path = f"/athletes/me/thresholds/ftp_w/{day}"
            await owner.call("PUT", path, status=200, json={"value": ftp_w})

    async def here() -> dict[UUID, dict[str, Any]]:
        return {one: (await Recomputation(api.resources, AthleteId(one)).run()).as_dict() for one in ids}

    async def on_ray() -> dict[UUID, dict[str, Any]]:
        task = Task(since=None, outdated=None)
        async with ray_workers(api.settings, api.resources.database, task, workers=2) as lent:
            return {athlete: outcome async for athlete, outcome in recompute_with(lent, ids)}

    await with_threshold(210)
    expected = await here()
    assert all(one["activities"] == 3 and one["changed_metrics"] > 0 for one in expected.values())
    await with_threshold(220)
    assert await on_ray() == expected
    stored = [numbers(activity) for one in owners for activity in await activities_of(one)]
    assert {one["changed_metrics"] for one in (await here()).values()} == {0}
    assert [numbers(activity) for one in owners for activity in await activities_of(one)] == stored


async def test_the_table_of_metrics(person: Person) -> None:
    table = {item["metric"]: item for item in (await person.get("/activities/metrics"))["items"]}
    assert table["grade_adjusted_speed_m_s"]["version"] == 2
    assert table["grade_adjusted_speed_m_s"]["changes"]
    assert table["power_load"]["unit"] == "AU"
