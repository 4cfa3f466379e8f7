"""What was learned of how somebody rates is shown with what it rests on, and can be forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.integration.features.test_community import store_activity
from tests.integration.features.test_filmed_sets import ACTIVE_S, load_today, say, store
from tests.support.api import Api, Person
from tests.support.workouts import Ride

DEFAULT = 100 / 420
LEARNED = DEFAULT * 0.63 ** (24 / 32)
"""24 sessions rated 8 for 50 minutes with a load of 60: 60/400 is 0.63 of the default, and 24 weigh 24/(24 + 8)."""


async def store_rated(api: Api, person: Person, started_at: datetime, **values: Any) -> None:
    """Store a session of 50 minutes that was rated 8, with a load of 60 from power."""
    known = {"started_at": started_at, "local_date": started_at.date(), "elapsed_s": 3000.0, "rpe_cr10": 8.0}
    await store_activity(api, person, **{**known, "load_au": 60.0, **values})


async def test_the_default_holds_while_nothing_is_known(api: Api, person: Person) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    await store_rated(api, person, noon, rpe_cr10=None)
    await store_rated(api, person, noon + timedelta(days=1), load_source="srpe")
    await store_rated(api, person, noon + timedelta(days=2), rpe_cr10=0.0)
    known = await person.get("/fitness/rating-scale")
    assert known == {
        "load_per_srpe": pytest.approx(DEFAULT),
        "default_load_per_srpe": pytest.approx(DEFAULT),
        "sessions": 0,
        "reset_at": None,
    }


async def test_what_was_learned_is_forgotten_with_the_loads_that_rest_on_it(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"time_zone": "UTC"})
    for day in range(24):
        await store_rated(api, person, datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day))
    known = await person.get("/fitness/rating-scale")
    assert (known["load_per_srpe"], known["sessions"]) == (pytest.approx(LEARNED), 24)
    assert known["load_per_srpe"] == pytest.approx(0.1684, abs=5e-5)

    await person.upload("ride.tcx", Ride().as_tcx())
    await api.work()
    ride = (await person.get("/activities", params={"limit": 1}))["items"][0]
    assert (ride["local_date"], ride["load_au"]) == ("2026-03-01", None)
    rated = await person.call("PATCH", f"/activities/{ride['id']}", status=200, json={"rpe_cr10": 7})
    assert rated["load_au"] == pytest.approx(7 * 20 * LEARNED)
    form_check_id = await store(api, person)
    await say(person, form_check_id, rir=2, rpe_cr10=8)
    assert await load_today(person) == pytest.approx(8 * ACTIVE_S / 60 * LEARNED)

    headers = {"Idempotency-Key": "forget-it-once"}
    forgotten = await person.call("DELETE", "/fitness/rating-scale", status=200, headers=headers)
    assert (forgotten["load_per_srpe"], forgotten["sessions"]) == (pytest.approx(DEFAULT), 0)
    assert forgotten["reset_at"] is not None
    assert await load_today(person) == pytest.approx(8 * ACTIVE_S / 60 * DEFAULT)
    await api.work()
    assert (await person.get(f"/activities/{ride['id']}"))["load_au"] == pytest.approx(7 * 20 * DEFAULT)
    jobs = [job["kind"] for job in (await person.get("/jobs"))["items"]]
    assert jobs.count("recompute") == 1

    # Sent again, nothing more is forgotten; what comes later teaches anew.
    later = datetime.fromisoformat(forgotten["reset_at"]) + timedelta(hours=1)
    await store_rated(api, person, later)
    assert await person.call("DELETE", "/fitness/rating-scale", status=200, headers=headers) == forgotten
    learned = await person.get("/fitness/rating-scale")
    assert (learned["load_per_srpe"], learned["sessions"]) == (pytest.approx(DEFAULT * 0.63 ** (1 / 9)), 1)


async def test_forgetting_touches_nobody_else_and_comes_along_in_an_archive(api: Api, person: Person) -> None:
    other = await api.sign_up()
    await store_rated(api, other, datetime(2026, 1, 1, 12, tzinfo=UTC))
    forgotten = await person.call("DELETE", "/fitness/rating-scale", status=200)
    assert (await other.get("/fitness/rating-scale"))["sessions"] == 1

    order = await person.call("POST", "/account/exports", status=202)
    await api.work()
    archive = await person.http.get(f"/api/v1/account/exports/{order['id']}/file")
    moved = await api.sign_up()
    await moved.call("POST", "/account/imports", status=202, files={"file": ("account.zip", archive.content)})
    await api.work()
    assert (await moved.get("/fitness/rating-scale"))["reset_at"] == forgotten["reset_at"]
