"""``topform mcp``: an athlete's own data for an assistant on this machine, over standard input and output."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from mcp.server.stdio import stdio_server
from pydantic import SecretStr

from topform.core.ids import AthleteId
from topform.entrypoints.api import create_app
from topform.entrypoints.cli.output import explained, say_dimly
from topform.entrypoints.cli.stored import AthleteOption, DataDirOption, one_athlete
from topform.entrypoints.mcp import Assistant, assistant_server
from topform.platform.logs import configure_logging
from topform.platform.running import connect_or_start
from topform.platform.settings import Settings, load_settings

app = typer.Typer(add_completion=False)


@app.command("mcp")
def mcp_command(
    athlete: AthleteOption = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Also let it leave proposals, which you accept or reject in the app.")
    ] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Serve one athlete's data to an assistant by the Model Context Protocol, on standard input and output.

    The assistant reads, unless you say --propose, and never sees what comes from Strava, whose terms forbid it.
    Uses the running server's database, or starts the database for as long as the assistant is connected.
    """
    with explained(as_json=False):
        asyncio.run(_serve(load_settings(data_dir=data_dir), athlete, may_suggest=propose))


async def _serve(settings: Settings, email: str | None, *, may_suggest: bool) -> None:
    configure_logging(log_format=settings.log_format, level="warning")
    async with connect_or_start(settings, say=say_dimly, may_create=False) as database:
        application = create_app(settings.model_copy(update={"database_url": SecretStr(database.plain_url)}))
        async with application.router.lifespan_context(application):
            owner = await one_athlete(application.state.resources, email)
            assistant = Assistant(application, AthleteId(owner.id), may_suggest)
            server = assistant_server(lambda _context: assistant)
            say_dimly(f"An assistant may now ask about {owner.display_name}; it ends when the assistant disconnects.")
            async with stdio_server() as (read_stream, write_stream):
                await server.run(read_stream, write_stream, server.create_initialization_options())
