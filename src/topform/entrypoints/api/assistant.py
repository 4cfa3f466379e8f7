"""Assistants over HTTP: the protocol's endpoint, and the page on which an athlete sees what an assistant sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from topform.core.errors import AuthenticationError, TopFormError
from topform.entrypoints.api.problems import error_response
from topform.entrypoints.mcp import Assistant, Context, assistant_server, input_schema, operation_of
from topform.features.athletes.public import restricting_sources
from topform.platform.web.identity import Identify, SignedInAthlete, require_scope
from topform.platform.web.resources import Use

AREA: Final = "assistant"
MCP_PATH: Final = "/api/mcp"
STATE: Final = "topform.assistant"

router = APIRouter(prefix="/assistant", tags=[AREA])


class AssistantTool(BaseModel):
    """Something an assistant can ask for."""

    name: str
    title: str
    description: str
    suggests: bool = Field(description="It leaves a proposal that waits for your answer; every other tool only reads.")
    needs_arguments: bool


class AssistantView(BaseModel):
    """What an assistant of yours could see and do."""

    tools: list[AssistantTool]
    kept_from_assistants: list[str] = Field(description="Services whose terms keep your data from assistants.")


class AssistantAnswer(BaseModel):
    """What an assistant would get, word for word."""

    is_error: bool
    document: dict[str, Any] = Field(description="As the address of this name answers you; of an error its problem.")


@router.get("")
async def get_assistant_view(request: Request, use: Use, athlete_id: SignedInAthlete) -> AssistantView:
    """Return every tool an assistant has, and which services' data it never gets."""
    document = request.app.openapi()
    async with use.database.transaction() as session:
        kept = await restricting_sources(session, athlete_id)
    assistant = Assistant(request.app, athlete_id, may_suggest=True)
    return AssistantView(
        tools=[
            AssistantTool(
                name=tool.name,
                title=tool.title,
                description=operation_of(document, tool)["description"],
                suggests=tool.suggests,
                needs_arguments=bool(input_schema(document, tool)["required"]),
            )
            for tool in assistant.tools()
        ],
        kept_from_assistants=sorted(kept),
    )


@router.get("/answers/{name}")
async def get_assistant_answer(name: str, request: Request, athlete_id: SignedInAthlete) -> AssistantAnswer:
    """Return what an assistant gets from a tool that needs no arguments."""
    answer = await Assistant(request.app, athlete_id, may_suggest=False).call(name, {})
    return AssistantAnswer(is_error=answer.is_error, document=answer.document)


class McpEndpoint:
    """The protocol's HTTP endpoint: one request, one answer, no sessions; a bearer token says who asks."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve while the context is open; the protocol's tasks end in the task that began them."""
        manager = StreamableHTTPSessionManager(assistant_server(_assistant_of), json_response=True, stateless=True)
        is_ready, is_over = asyncio.Event(), asyncio.Event()

        async def serve() -> None:
            async with manager.run():
                is_ready.set()
                await is_over.wait()

        task = asyncio.create_task(serve())
        await is_ready.wait()
        self._manager = manager
        try:
            yield
        finally:
            is_over.set()
            await task

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            assistant = await self._assistant(Headers(scope=scope))
        except TopFormError as error:
            await error_response(error)(scope, receive, send)
            return
        assert self._manager is not None
        await self._manager.handle_request({**scope, STATE: assistant}, receive, send)

    async def _assistant(self, headers: Headers) -> Assistant:
        kind, _, token = headers.get("Authorization", "").partition(" ")
        identify: Identify = self._app.state.identify
        caller = await identify(token) if kind.lower() == "bearer" and token else None
        if caller is None:
            raise AuthenticationError(
                "The assistant is not signed in.", remedy="Give it a token with the scope assistant:read."
            )
        require_scope(caller, AREA, writes=False)
        may_suggest = caller.scopes is None or f"{AREA}:write" in caller.scopes
        assistant = Assistant(self._app, caller.athlete_id, may_suggest)
        await assistant.require_consent()
        return assistant


def _assistant_of(context: Context) -> Assistant:
    request = context.request
    assert isinstance(request, Request)
    assistant: Assistant = request.scope[STATE]
    return assistant
