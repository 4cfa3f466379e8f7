"""The protocol around the tools."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ToolDescription

from topform import __version__
from topform.core.errors import TopFormError
from topform.entrypoints.mcp.tools import Assistant, Tool, input_schema, operation_of

INSTRUCTIONS: Final = """\
Numbers come from TopForm's own calculations: quote them with their unit and their warnings, do not compute them again.
A missing value is unknown, not zero. Units are in the names (m, s, w, bpm, kg); dates are the athlete's local days.
Data from services whose terms forbid it (Strava) are left out, so totals can be lower than the app shows.
You cannot change anything. If propose_plan_change is among your tools, it leaves a proposal that the athlete accepts
or rejects in the app.
When get_red_flag says that a symptom stops training, say so first and suggest no training.
Nothing here is medical advice.
"""

Context = ServerRequestContext[Any, Any]
FindAssistant = Callable[[Context], Assistant]


def assistant_server(find: FindAssistant) -> Server[Any]:
    """Return a server whose every request is answered for the assistant that ``find`` returns."""

    async def list_tools(context: Context, _params: PaginatedRequestParams | None) -> ListToolsResult:
        assistant = find(context)
        document = assistant.app.openapi()
        return ListToolsResult(tools=[_described(document, tool) for tool in assistant.tools()])

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        assistant = find(context)
        try:
            await assistant.require_consent()
            answer = await assistant.call(params.name, params.arguments or {})
            is_error, document = answer.is_error, answer.document
        except TopFormError as error:
            is_error, document = True, {"code": error.code, "detail": error.message, "remedy": error.remedy}
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return CallToolResult(
            content=[TextContent(type="text", text=text)], structured_content=document, is_error=is_error
        )

    return Server(
        "topform",
        version=__version__,
        title="TopForm",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _described(document: dict[str, Any], tool: Tool) -> ToolDescription:
    return ToolDescription(
        name=tool.name,
        title=tool.title,
        description=operation_of(document, tool)["description"],
        input_schema=input_schema(document, tool),
        annotations=ToolAnnotations(
            title=tool.title, read_only_hint=not tool.suggests, destructive_hint=False, open_world_hint=False
        ),
    )
