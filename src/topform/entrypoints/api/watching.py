"""Watching something that changes: one WebSocket, on which the whole of it comes whenever it does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, TypeVar

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from topform.core.errors import AuthenticationError
from topform.core.ids import AthleteId
from topform.entrypoints.api.events import (
    CLOSE_BAD_MESSAGE,
    CLOSE_SIGNED_OUT,
    CLOSE_TIMEOUT,
    CLOSE_TOO_MANY,
    FIRST_MESSAGE_S,
    MAX_CLIENTS_PER_ATHLETE,
    SEND_TIMEOUT_S,
    SESSION_CHECK_S,
    SUBPROTOCOL,
    handshake_token,
    listener,
    until_first_ends,
)
from topform.entrypoints.api.problems import error_response
from topform.platform.watching import Watcher
from topform.platform.web.identity import Identify

SCOPE: Final = "community:read"
CLOSE_NOT_THERE: Final = 4404


class FirstMessage(BaseModel):
    """The client's first message, or its second after one with the token alone."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(max_length=200)] | None = None


Message = TypeVar("Message", bound=FirstMessage)
Enter = Callable[[AthleteId, Message], Awaitable[Watcher | None]]
"""Begins to watch; None when there is nothing that this person may see."""


async def watch(socket: WebSocket, message_type: type[Message], enter: Enter[Message], *, what: str) -> None:
    """Find out who asks, as on `/events`, and send what they watch until one of the two goes."""
    identify: Identify = socket.app.state.identify
    token = handshake_token(socket)
    viewer = await listener(identify, token, SCOPE) if token else None
    offered = SUBPROTOCOL in socket.scope.get("subprotocols", [])
    if viewer is None and not (token is None and offered):
        await socket.send_denial_response(
            error_response(AuthenticationError("You are not signed in.", remedy="Sign in and connect again."))
        )
        return
    await socket.accept(subprotocol=SUBPROTOCOL if offered else None)
    with contextlib.suppress(WebSocketDisconnect):
        message = await _message(socket, message_type)
        if viewer is None and message is not None and message.token:
            token = message.token
            viewer = await listener(identify, token, SCOPE)
            if viewer is not None and message.model_fields_set == {"token"}:
                message = await _message(socket, message_type)
        if message is None:
            return
        if viewer is None or token is None:
            await socket.close(CLOSE_SIGNED_OUT, "not signed in")
            return
        await _admit(socket, identify, viewer, token, enter, message, what=what)


async def _message(socket: WebSocket, message_type: type[Message]) -> Message | None:
    try:
        async with asyncio.timeout(FIRST_MESSAGE_S):
            return message_type.model_validate_json(await socket.receive_text())
    except TimeoutError:
        await socket.close(CLOSE_TIMEOUT, "no message")
    except (ValidationError, KeyError):
        await socket.close(CLOSE_BAD_MESSAGE, "send what you want to see")
    return None


async def _admit(
    socket: WebSocket,
    identify: Identify,
    viewer: AthleteId,
    token: str,
    enter: Enter[Message],
    message: Message,
    *,
    what: str,
) -> None:
    clients: dict[AthleteId, int] = socket.app.state.watching_clients
    if clients.get(viewer, 0) >= MAX_CLIENTS_PER_ATHLETE:
        await socket.close(CLOSE_TOO_MANY, "too many connections")
        return
    clients[viewer] = clients.get(viewer, 0) + 1
    try:
        watcher = await enter(viewer, message)
        if watcher is None:
            await socket.close(CLOSE_NOT_THERE, f"no such {what}")
            return
        try:
            await _stream(socket, identify, watcher, token, what=what)
        finally:
            watcher.close()
    finally:
        clients[viewer] -= 1
        if not clients[viewer]:
            del clients[viewer]


async def _stream(socket: WebSocket, identify: Identify, watcher: Watcher, token: str, *, what: str) -> None:
    async def send() -> None:
        while (text := await watcher.next()) is not None:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await socket.send_text(text)
        await socket.close(CLOSE_NOT_THERE, f"no such {what}")

    async def watch_client() -> None:
        while True:
            await socket.receive_text()

    async def watch_session() -> None:
        while True:
            await asyncio.sleep(SESSION_CHECK_S)
            if await listener(identify, token, SCOPE) != watcher.viewer:
                await socket.close(CLOSE_SIGNED_OUT, "signed out")
                return

    await until_first_ends(send, watch_client, watch_session)
