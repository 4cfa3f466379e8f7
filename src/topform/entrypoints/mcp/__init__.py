"""Model Context Protocol: what an assistant may read, and how it may suggest; over stdio and over HTTP."""

from topform.entrypoints.mcp.server import Context, assistant_server
from topform.entrypoints.mcp.tools import TOOLS, Assistant, input_schema, operation_of

__all__ = ["TOOLS", "Assistant", "Context", "assistant_server", "input_schema", "operation_of"]
