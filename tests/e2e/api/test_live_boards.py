"""A board on the socket is the board as fetched: applying what comes is the same as asking again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.support.live_sets import live_set
from tests.support.running_server import RunningServer
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

PATIENCE_S = 60.0


def join(server: RunningServer, handle: str) -> httpx.Client:
    """Return somebody with a profile that everybody finds."""
    client = server.sign_up(f"{handle}@example.org")
    profile = {"handle": handle, "name": handle.title(), "is_findable": True}
    assert client.put("/community/me", json=profile).status_code == 200
    return client


@asynccontextmanager
async def watching(
    server: RunningServer, client: httpx.Client, challenge: str, **first: Any
) -> AsyncIterator[ClientConnection]:
    """Watch a board with the client's token."""
    async with connect(
        f"ws://127.0.0.1:{server.port}/api/v1/community/challenges/{challenge}/live",
        additional_headers={"Authorization": client.headers["authorization"]},
        proxy=None,
    ) as socket:
        await socket.send(json.dumps({"like": []} | first))
        yield socket


async def until_as_fetched(socket: ClientConnection, client: httpx.Client, challenge: str) -> dict[str, Any]:
    """Read the socket until what it says is what is there; whatever came before was older and is replaced."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = json.loads(await socket.recv())
            assert message["type"] == "community.board"
            answer = await asyncio.to_thread(client.get, f"/community/challenges/{challenge}/board")
            if message["data"] == answer.json():
                return dict(message["data"])


async def test_a_watched_board_is_what_a_fetch_gives_and_only_for_whom_it_is(server: RunningServer) -> None:
    ada, bob, eve = [await asyncio.to_thread(join, server, name) for name in ("ada", "bob", "eve")]
    today = datetime.now(UTC).date()
    made = ada.post(
        "/community/challenges",
        json={
            "title": "Live",
            "kind": "push_ups",
            "first_day": (today - timedelta(days=1)).isoformat(),
            "last_day": (today + timedelta(days=1)).isoformat(),
            "audience": "public",
        },
    )
    challenge = made.json()["id"]
    async with watching(server, ada, challenge) as first, watching(server, eve, challenge) as second:
        assert (await until_as_fetched(first, ada, challenge))["people"] == 1
        bob.put(f"/community/challenges/{challenge}/entry", json={})
        for reps in (3, 4, 5):
            assert bob.post("/form-checks/live", json=live_set(reps)).status_code == 201
        while (await until_as_fetched(first, ada, challenge))["items"][0]["score"] != 12:
            pass
        # Whom somebody blocks is gone from what they see at once, and from nobody else's.
        eve.put("/community/blocks/bob")
        while (await until_as_fetched(second, eve, challenge))["people"] != 1:
            pass
        assert ada.get(f"/community/challenges/{challenge}/board").json()["people"] == 2
        ada.delete(f"/community/challenges/{challenge}")
        for socket in (first, second):
            with pytest.raises(ConnectionClosed) as closed:
                async with asyncio.timeout(PATIENCE_S):
                    while True:
                        await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4404


async def test_a_stranger_gets_401_and_a_program_needs_the_scope(server: RunningServer) -> None:
    ada = await asyncio.to_thread(join, server, "ada")
    path = "/api/v1/community/challenges/01a2b3c4-0000-7000-8000-000000000000/live"
    url = f"ws://127.0.0.1:{server.port}{path}"
    form = {"name": "Events only", "scopes": ["events:read"]}
    token = ada.post("/accounts/me/tokens", json=form).json()["token"]
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {token}"}):
        with pytest.raises(InvalidStatus) as refused:
            await connect(url, additional_headers=headers, proxy=None, open_timeout=PATIENCE_S)
        assert refused.value.response.status_code == 401
    async with watching(server, ada, path.split("/")[-2]) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4404
