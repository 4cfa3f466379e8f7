"""Live state equals fetched state: events applied to an old snapshot end where a fresh fetch ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.support.running_server import PASSWORD, RunningServer, wait_for_job
from tests.support.workouts import MORNING, Ride
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

PLAN = {
    "request": {
        "athlete": {"sport": "running", "experience": "beginner"},
        "goal": {"type": "general_fitness", "weeks": 4},
        "start": "2026-06-01",
        "available_minutes": {"tue": 45, "thu": 45, "sun": 60},
    }
}


def snapshot(client: httpx.Client) -> dict[str, Any]:
    """Return the lists that events keep up to date."""
    return {
        "activities": client.get("/activities").json()["items"],
        "jobs": client.get("/jobs").json()["items"],
        "athlete": client.get("/athletes/me").json(),
    }


def applied(state: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """Return the state after an event, as a client keeps it."""
    kind, data = event["type"], event["data"]

    def put(items: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
        others = [item for item in items if item["id"] != data["id"]]
        return sorted([*others, data], key=lambda item: (item[order], item["id"]), reverse=True)

    match kind:
        case "activity.created" | "activity.updated":
            return state | {"activities": put(state["activities"], "started_at")}
        case "activity.deleted":
            return state | {"activities": [item for item in state["activities"] if item["id"] != data["id"]]}
        case "job.updated":
            return state | {"jobs": put(state["jobs"], "created_at")}
        case "athlete.updated":
            return state | {"athlete": data}
        case _:
            return state


@asynccontextmanager
async def stream(
    server: RunningServer, client: httpx.Client, *, after: int | None = None
) -> AsyncIterator[ClientConnection]:
    """Connect with the client's token and subscribe."""
    async with connect(
        f"ws://127.0.0.1:{server.port}/api/v1/events",
        additional_headers={"Authorization": client.headers["authorization"]},
        proxy=None,
    ) as socket:
        await socket.send(json.dumps({"after": after}))
        yield socket


async def received(socket: ClientConnection, *, quiet_s: float = 1.0) -> list[dict[str, Any]]:
    """Return the events until none arrives for a while."""
    events = []
    while True:
        try:
            events.append(json.loads(await asyncio.wait_for(socket.recv(), quiet_s)))
        except TimeoutError:
            return events


async def test_events_applied_to_an_old_snapshot_equal_a_fresh_fetch(server: RunningServer) -> None:
    ada, eve = server.sign_up(), server.sign_up("eve@example.org")
    server.start_worker("--queues", "default")

    def busy_day() -> None:
        ada.patch("/athletes/me", json={"ftp_w": 200})
        jobs = [
            ada.post("/activities/uploads", files={"file": (name, content)}).json()
            for name, content in (
                ("ride.tcx", Ride().as_tcx()),
                ("ride.fit", Ride().as_fit()),
                ("next.fit", Ride(started_at=MORNING + timedelta(days=1)).as_fit()),
                ("bad.fit", b"no activity"),
            )
        ]
        jobs.append(ada.post("/plans", json=PLAN).json())
        for job in jobs:
            wait_for_job(ada, job["id"])
        newest = ada.get("/activities").json()["items"][0]
        ada.patch(f"/activities/{newest['id']}", json={"title": "Over the hill"})
        ada.patch(f"/activities/{newest['id']}", json={"rpe_cr10": 5})
        oldest = ada.get("/activities").json()["items"][-1]
        ada.delete(f"/activities/{oldest['id']}")

    before = snapshot(ada)
    async with stream(server, ada) as socket, stream(server, eve) as other:
        await asyncio.sleep(0.5)
        await asyncio.to_thread(busy_day)
        events = await received(socket)
        assert await received(other, quiet_s=0.2) == []
    state = before
    for event in events:
        state = applied(state, event)
    assert state == snapshot(ada)
    assert [event["id"] for event in events] == sorted({event["id"] for event in events})
    kinds = {event["type"] for event in events}
    assert kinds >= {"activity.created", "activity.deleted", "job.updated", "plan.created", "fitness.changed"}

    # Whoever was away from any moment on is told exactly the rest.
    for seen in (0, len(events) // 3, len(events) - 1):
        async with stream(server, ada, after=events[seen]["id"]) as socket:
            assert await received(socket, quiet_s=0.5) == events[seen + 1 :]


async def test_a_stranger_gets_401_at_once(server: RunningServer) -> None:
    url = f"ws://127.0.0.1:{server.port}/api/v1/events"
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "topform_session=wrong"}):
        with pytest.raises(InvalidStatus) as refused:
            await connect(url, additional_headers=headers, proxy=None, open_timeout=3)
        assert refused.value.response.status_code == 401
        assert json.loads(refused.value.response.body)["code"] == "not_authenticated"


async def test_a_browser_is_known_by_its_cookie_and_only_from_our_own_pages(server: RunningServer) -> None:
    ada = server.sign_up()
    form = {"email": "ada@example.org", "password": PASSWORD, "session": "cookie"}
    entered = await asyncio.to_thread(ada.post, "/sessions", json=form)
    cookie = {"Cookie": f"topform_session={entered.cookies['topform_session']}"}
    url = f"ws://127.0.0.1:{server.port}/api/v1/events"
    async with connect(url, additional_headers=cookie, origin=server.url, proxy=None) as socket:
        await socket.send('{"after": 0}')
        await asyncio.to_thread(ada.patch, "/athletes/me", json={"display_name": "Grace"})
        (event,) = await received(socket)
        assert (event["type"], event["data"]["display_name"]) == ("athlete.updated", "Grace")
    with pytest.raises(InvalidStatus):
        await connect(url, additional_headers=cookie, origin="https://evil.example", proxy=None)


async def test_a_client_may_send_its_token_first(server: RunningServer) -> None:
    ada = server.sign_up()
    url = f"ws://127.0.0.1:{server.port}/api/v1/events"
    token = ada.headers["authorization"].split()[1]
    for first in (['{"token": "%s", "after": 0}'], ['{"token": "%s"}', '{"after": 0}']):
        async with connect(url, subprotocols=["topform"], proxy=None) as socket:
            for message in first:
                await socket.send(message.replace("%s", token))
            await asyncio.to_thread(ada.patch, "/athletes/me", json={"units": "imperial"})
            assert (await received(socket))[-1]["type"] == "athlete.updated"
    for message, code in (('{"token": "wrong", "after": 0}', 4401), ('{"after": 0}', 4401), ("nonsense", 4400)):
        async with connect(url, subprotocols=["topform"], proxy=None) as socket:
            await socket.send(message)
            with pytest.raises(ConnectionClosed) as closed:
                await asyncio.wait_for(socket.recv(), 5)
            assert closed.value.rcvd.code == code


async def test_a_stranger_cannot_send_a_large_message(server: RunningServer) -> None:
    url = f"ws://127.0.0.1:{server.port}/api/v1/events"
    async with connect(url, subprotocols=["topform"], proxy=None) as socket:
        await socket.send('{"token": "' + "x" * 2**17 + '"}')
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 5)
    assert closed.value.rcvd.code == 1009


async def test_an_athlete_has_a_bounded_number_of_connections(server: RunningServer) -> None:
    ada = server.sign_up()
    headers = {"Authorization": ada.headers["authorization"]}
    url = f"ws://127.0.0.1:{server.port}/api/v1/events"
    sockets = [await connect(url, additional_headers=headers, proxy=None) for _ in range(21)]
    for socket in sockets:
        await socket.send('{"after": null}')
    with pytest.raises(ConnectionClosed) as closed:
        await asyncio.wait_for(sockets[-1].recv(), 5)
    assert closed.value.rcvd.code == 4429
    for socket in sockets:
        await socket.close()
    async with stream(server, ada, after=0) as socket:
        await asyncio.to_thread(ada.patch, "/athletes/me", json={"units": "imperial"})
        assert len(await received(socket)) == 1


async def test_a_cursor_from_nowhere_means_fetch_again(server: RunningServer) -> None:
    ada = server.sign_up()
    async with stream(server, ada, after=10**9) as socket:
        (event,) = await received(socket)
        assert event["type"] == "resync"
