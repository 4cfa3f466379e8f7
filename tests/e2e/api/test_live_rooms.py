"""Two clients in one room over real sockets: what comes is what a fetch gives, also after a connection was lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from tests.e2e.api.test_live_boards import PATIENCE_S, join
from tests.support.running_server import RunningServer
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


@asynccontextmanager
async def inside(server: RunningServer, client: httpx.Client, room: str) -> AsyncIterator[ClientConnection]:
    """Watch a room with the client's token."""
    async with connect(
        f"ws://127.0.0.1:{server.port}/api/v1/community/rooms/{room}/live",
        additional_headers={"Authorization": client.headers["authorization"]},
        proxy=None,
    ) as socket:
        await socket.send('{"after": null}')
        yield socket


async def until_as_fetched(socket: ClientConnection, client: httpx.Client, room: str) -> dict[str, Any]:
    """Read the socket until what it says is what is there."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = json.loads(await socket.recv())
            assert message["type"] == "community.room"
            fetched = (await asyncio.to_thread(client.get, f"/community/rooms/{room}")).json()
            if {**message["data"], "as_of": None} == {**fetched, "as_of": None}:
                return dict(message["data"])


async def closed_with(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await socket.recv()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def test_two_clients_in_a_room_see_what_a_fetch_gives(server: RunningServer) -> None:
    ada, bob = [await asyncio.to_thread(join, server, name) for name in ("ada", "bob")]
    for one, other in ((ada, "bob"), (bob, "ada")):
        assert one.put(f"/community/following/{other}").status_code == 200
    for one, other in ((ada, "bob"), (bob, "ada")):
        assert one.put(f"/community/followers/{other}").status_code == 200
    room = ada.post("/community/rooms", json={"audience": "friends"}).json()["id"]
    path = f"/community/rooms/{room}"
    async with inside(server, bob, room) as socket:
        assert await closed_with(socket) == 4404  # Not before he says what he shows.
    for client, shares in ((ada, ["heart_rate", "zone"]), (bob, ["count"])):
        assert client.put(f"{path}/presence", json={"shares": shares, "text_version": "1"}).status_code == 200
    async with inside(server, ada, room) as first:
        async with inside(server, bob, room) as second:
            assert len((await until_as_fetched(second, bob, room))["people"]) == 2
            for seq in (1, 3, 2, 3):  # Lost, late and repeated.
                assert ada.put(f"{path}/state", json={"seq": seq, "hr_bpm": 140 + seq, "zone": 3}).status_code == 200
            assert bob.put(f"{path}/state", json={"seq": 1, "count": 7, "hr_bpm": 99}).status_code == 200
            for socket, client in ((first, ada), (second, bob)):
                while (data := await until_as_fetched(socket, client, room))["people"][1]["count"] != 7:
                    pass
                values = [(one["handle"], one["hr_bpm"], one["count"]) for one in data["people"]]
                assert values == [("ada", 143, None), ("bob", None, 7)]
        # Bob's connection is lost; what happens meanwhile is there when he is back.
        ada.put(f"{path}/state", json={"seq": 4, "hr_bpm": 151, "zone": 4})
        ada.post(f"{path}/cheers", json={"to": "bob"})
        async with inside(server, bob, room) as second:
            data = await until_as_fetched(second, bob, room)
            assert (data["people"][0]["hr_bpm"], data["cheers"][0]["to"]["handle"]) == (151, "bob")
            ada.put(f"{path}/presence", json={"shares": [], "text_version": "1"})
            while (await until_as_fetched(second, bob, room))["people"][0]["hr_bpm"] is not None:
                pass
            ada.delete(path)
            assert [await closed_with(socket) for socket in (first, second)] == [4404, 4404]
