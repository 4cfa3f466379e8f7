"""The event stream: one WebSocket a client, resumed from a cursor, closed when the session ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from topform.core.errors import AuthenticationError
from topform.core.ids import AthleteId
from topform.entrypoints.api.problems import error_response
from topform.platform.events import EventHub
from topform.platform.web.identity import SESSION_COOKIE, Identify

router = APIRouter()

SUBPROTOCOL = "topform"
FIRST_MESSAGE_S = 10.0
SESSION_CHECK_S = 30.0
MAX_CLIENTS_PER_ATHLETE = 20
SEND_TIMEOUT_S = 20.0
CLOSE_BAD_MESSAGE = 4400
CLOSE_SIGNED_OUT = 4401
CLOSE_TIMEOUT = 4408
CLOSE_TOO_MANY = 4429


class Subscribe(BaseModel):
    """The client's first message after it is known."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0, le=2**62)] | None = None
    token: Annotated[str, Field(max_length=200)] | None = None


@router.websocket("/events")
async def events(socket: WebSocket) -> None:
    """Send the athlete's events as `{id, type, data}`.

    The caller is known by the session cookie or a bearer token in the handshake; a client that can send neither asks
    for the subprotocol `topform` and sends `{"token": ...}` first. Anyone else gets 401 and no socket. Then the client
    sends `{"after": last id or null}`.
    """
    identify: Identify = socket.app.state.identify
    token = handshake_token(socket)
    athlete_id = await listener(identify, token) if token else None
    by_message = token is None and SUBPROTOCOL in socket.scope.get("subprotocols", [])
    if not by_message and athlete_id is None:
        await socket.send_denial_response(
            error_response(AuthenticationError("You are not signed in.", remedy="Sign in and connect again."))
        )
        return
    await socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in socket.scope.get("subprotocols", []) else None)
    with contextlib.suppress(WebSocketDisconnect):
        await _serve(socket, identify, athlete_id, token)


async def listener(identify: Identify, token: str, scope: str = "events:read") -> AthleteId | None:
    """Return who may listen with the token; a program's needs the scope."""
    identity = await identify(token)
    if identity is None or (identity.scopes is not None and scope not in identity.scopes):
        return None
    return identity.athlete_id


def handshake_token(socket: WebSocket) -> str | None:
    """Return the token that came with the handshake; a cookie only from our own pages."""
    scheme, _, credentials = socket.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials:
        return credentials.strip()
    cookie = socket.cookies.get(SESSION_COOKIE)
    return cookie if cookie and _is_same_origin(socket) else None


def _is_same_origin(socket: WebSocket) -> bool:
    """Tell whether the page that opened the socket is ours; clients that are no browsers send no origin."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")


async def _serve(socket: WebSocket, identify: Identify, athlete_id: AthleteId | None, token: str | None) -> None:
    message = await _first_message(socket)
    if athlete_id is None and message is not None and message.token:
        token = message.token
        athlete_id = await listener(identify, token)
        if athlete_id is not None and "after" not in message.model_fields_set:
            message = await _first_message(socket)
    if message is None:
        return
    if athlete_id is None or token is None:
        await socket.close(CLOSE_SIGNED_OUT, "not signed in")
        return
    hub: EventHub = socket.app.state.hub
    clients: dict[AthleteId, int] = socket.app.state.event_clients
    if clients.get(athlete_id, 0) >= MAX_CLIENTS_PER_ATHLETE:
        await socket.close(CLOSE_TOO_MANY, "too many connections")
        return
    clients[athlete_id] = clients.get(athlete_id, 0) + 1
    try:
        await _stream(socket, hub, identify, athlete_id, token, message.after)
    finally:
        clients[athlete_id] -= 1
        if not clients[athlete_id]:
            del clients[athlete_id]


async def _first_message(socket: WebSocket) -> Subscribe | None:
    try:
        async with asyncio.timeout(FIRST_MESSAGE_S):
            text = await socket.receive_text()
        return Subscribe.model_validate_json(text)
    except TimeoutError:
        await socket.close(CLOSE_TIMEOUT, "no message")
    except (ValidationError, KeyError):
        await socket.close(CLOSE_BAD_MESSAGE, 'send {"after": last id or null}')
    return None


async def _stream(
    socket: WebSocket, hub: EventHub, identify: Identify, athlete_id: AthleteId, token: str, after: int | None
) -> None:
    async with hub.subscribe(athlete_id, after) as subscription:

        async def send_events() -> None:
            async for event in subscription:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await socket.send_text(event.text)

        async def watch_client() -> None:
            while True:
                await socket.receive_text()

        async def watch_session() -> None:
            while True:
                await asyncio.sleep(SESSION_CHECK_S)
                if await listener(identify, token) != athlete_id:
                    await socket.close(CLOSE_SIGNED_OUT, "signed out")
                    return

        await until_first_ends(send_events, watch_client, watch_session)


async def until_first_ends(*works: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do some things with a socket until one ends; that the client has gone is no error."""
    tasks = [asyncio.create_task(work()) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        error = task.exception()
        if error is not None and not isinstance(error, (WebSocketDisconnect, KeyError, TimeoutError, RuntimeError)):
            raise error
