"""A first import through the started program: its worker is killed in the middle, the next one goes on there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.support.provider_server import ProviderServer, ride_listed_by_intervals, running_provider
from tests.support.running_server import RunningServer, free_port
from tests.support.workouts import Ride

PATIENCE_S = 90.0
RIDES = 4
RIDE = replace(Ride(), seconds=60)


@pytest.fixture
def provider() -> Iterator[ProviderServer]:
    with running_provider() as started:
        for index in range(RIDES):
            started_at = RIDE.started_at - timedelta(days=40 * index)
            listed = ride_listed_by_intervals(f"i{index}", started_at.date())
            started.intervals_activities.append(listed)
            started.intervals_files[f"i{index}"] = replace(RIDE, started_at=started_at).as_fit()
        yield started


@pytest.fixture
def connected(server: RunningServer, provider: ProviderServer) -> httpx.Client:
    """A person whose account at the service is about to be imported."""
    server.environment["TOPFORM_PROVIDERS__INTERVALS__ENABLED"] = "true"
    server.environment["TOPFORM_PROVIDERS__INTERVALS__BASE_URL"] = provider.url
    server.stop()
    server.port = free_port()
    server.environment["TOPFORM_PORT"] = str(server.port)
    server.start_api()
    person = server.sign_up()
    form = {"key": provider.intervals_key, "since": "2025-06-01"}
    answer = person.post("/connections/keys/intervals", json=form)
    assert answer.status_code == 201, answer.text
    return person


def connection_when(person: httpx.Client, is_so: Any) -> dict[str, Any]:
    """Return the connection once it is as asked for."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        offers = person.get("/connections").json()["providers"]
        connection: dict[str, Any] = next(o["connection"] for o in offers if o["provider"] == "intervals")
        if is_so(connection):
            return connection
        time.sleep(0.1)
    raise AssertionError(f"it did not come to that: {connection}")


def test_a_killed_import_goes_on_at_the_page_it_had_reached(
    server: RunningServer, provider: ProviderServer, connected: httpx.Client
) -> None:
    provider.hold("/activity/i2/file")
    worker = server.start_worker()
    assert provider.is_holding.wait(PATIENCE_S), server.log("topform.entrypoints.worker")
    half = connection_when(connected, lambda one: one["counts"]["imported"] == 2)
    assert half["run"]["state"] == "running"
    assert 0 < half["run"]["progress"] < 1
    worker.kill()
    worker.wait()
    before = [seen.query["newest"] for seen in provider.asked("/athlete/0/activities")]
    provider.release()

    server.start_worker()
    after = connection_when(connected, lambda one: one["run"] is None)
    assert (after["error"], after["counts"]["imported"]) == (None, RIDES)
    listed = [seen.query["newest"] for seen in provider.asked("/athlete/0/activities")]
    # The page under way is asked for once more; those before it are not, nor is what was imported from it.
    assert listed[: len(before)] == before
    assert listed[len(before)] == before[-1]
    assert not set(listed[len(before) + 1 :]) & set(before)
    assert [len(provider.asked(f"/activity/i{index}/file")) for index in range(RIDES)] == [1, 1, 2, 1]
    assert len(connected.get("/activities").json()["items"]) == RIDES
    log = server.log("topform.entrypoints.worker")
    assert provider.intervals_key not in log
