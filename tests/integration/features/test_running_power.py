"""Running power: which source measured it, the threshold of that source, and what follows from both."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from tests.support import fit_writer as fit
from tests.support.api import Api, Person
from tests.support.fit_writer import START, FitWriter

WATCH_W, POD_W = 300, 250


def run(power_w: int, *, manufacturer: int, start: int = START) -> bytes:
    """Return a run of half an hour at constant power."""
    writer = FitWriter(manufacturer=manufacturer)
    for second in range(1801):
        writer.add("record", timestamp=start + second, heart_rate=150, power=power_w, speed=3.0, distance=3.0 * second)
    writer.add("session", slot=1, sport=fit.RUNNING, start_time=start, timestamp=start + 1800,
               total_elapsed_time=1800, total_timer_time=1800, total_distance=5400.0)  # fmt: skip
    return writer.finish()


async def legs(api: Api, person: Person) -> list[dict[str, Any]]:
    """Return the legs, the oldest first."""
    await api.work()
    page = await person.get("/activities")
    found = [await person.get(f"/activities/{one['id']}") for one in page["items"]]
    return [one["legs"][0] for one in sorted(found, key=lambda one: one["started_at"])]


async def test_each_source_has_its_threshold(api: Api, person: Person) -> None:
    await person.upload("watch.fit", run(WATCH_W, manufacturer=fit.GARMIN))
    await person.upload("pod.fit", run(POD_W, manufacturer=fit.STRYD, start=START + 86_400))
    await person.upload("none.fit", run(POD_W, manufacturer=fit.DEVELOPMENT, start=START + 2 * 86_400))
    watch, pod, neither = await legs(api, person)
    assert [leg["power_source"] for leg in (watch, pod, neither)] == ["watch", "foot_pod", None]
    reasons = [leg["metrics"]["power_load"]["warnings"] for leg in (watch, pod, neither)]
    assert reasons[:2] == [["run_power_watch_w is not known"], ["run_power_foot_pod_w is not known"]]
    assert "does not tell what measured" in reasons[2][0]
    await person.call("PATCH", "/athletes/me", status=200, json={"run_power_foot_pod_w": 250, "ftp_w": 200})
    watch, pod, neither = await legs(api, person)
    assert pod["metrics"]["power_load"]["value"] == pytest.approx(50, rel=2e-3)  # half an hour at threshold
    assert pod["metrics"]["intensity_ratio"]["value"] == pytest.approx(1, rel=1e-6)
    assert pod["load"]["source"] == "power"
    assert watch["metrics"]["power_load"]["value"] is None
    assert neither["metrics"]["power_load"]["value"] is None


async def test_the_threshold_is_dated_and_has_zones_of_its_own(api: Api, person: Person) -> None:
    before = await person.get("/athletes/me/zones?sport=running")
    assert not [one for one in before["missing"] if one["threshold"].startswith("run_power")]
    await person.upload("watch.fit", run(WATCH_W, manufacturer=fit.GARMIN))
    await person.call(
        "PUT", "/athletes/me/thresholds/run_power_watch_w/2021-01-01", status=200,
        json={"value": 300, "origin": "entered"},
    )  # fmt: skip
    await person.call(
        "PUT", "/athletes/me/thresholds/run_power_watch_w/2022-01-01", status=200,
        json={"value": 320, "origin": "entered"},
    )  # fmt: skip
    (watch,) = await legs(api, person)
    assert watch["metrics"]["intensity_ratio"]["value"] == pytest.approx(1, rel=1e-6)
    zones = await person.get("/athletes/me/zones?sport=running")
    (system,) = [one for one in zones["systems"] if one["quantity"] == "power_w"]
    assert (system["id"], system["threshold"], system["threshold_value"]) == (
        "run_power_5_watch", "run_power_watch_w", 320,
    )  # fmt: skip
    assert [zone["high"] for zone in system["zones"]] == [256, 288, 320, 368, None]
    known = await person.get("/athletes/me/thresholds")
    (threshold,) = [one for one in known["thresholds"] if one["quantity"] == "run_power_watch_w"]
    assert (threshold["in_use"]["value"], threshold["estimate"], threshold["evidence"]) == (320, None, [])


async def test_runs_stored_before_sources_were_told_are_read_from_their_files(api: Api, person: Person) -> None:
    await person.upload("pod.fit", run(POD_W, manufacturer=fit.STRYD))
    await api.work()
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE activity_legs SET document = document - 'power_source'"))
    await person.call("PATCH", "/athletes/me", status=200, json={"run_power_foot_pod_w": 250})
    (pod,) = await legs(api, person)
    assert pod["power_source"] == "foot_pod"
    assert pod["metrics"]["power_load"]["value"] == pytest.approx(50, rel=2e-3)


async def test_a_threshold_nobody_has_is_refused(person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=422, json={"run_power_app_w": 2000})
    await person.call("PATCH", "/athletes/me", status=422, json={"run_power_bike_w": 200})
