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
from topform.entrypoints.cli.stored import AthleteOption, DataDirOption, one_athlete, with_resources
from topform.entrypoints.mcp import Assistant, assistant_server
from topform.features.consents.public import TEXTS, ConsentMissingError, ConsentPurpose, record_consent
from topform.platform.logs import configure_logging
from topform.platform.running import connect_or_start
from topform.platform.settings import Settings, load_settings
from topform.platform.web.resources import Resources

app = typer.Typer(add_completion=False)


@app.command("mcp")
def mcp_command(
    athlete: AthleteOption = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Also let it leave proposals, which you accept or reject in the app.")
    ] = False,
    agree: Annotated[
        bool, typer.Option("--agree", help="Say your yes to assistants reading your data, once, and serve nothing.")
    ] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Serve one athlete's data to an assistant by the Model Context Protocol, on standard input and output.

    It gets answers while the athlete agrees to that (--agree); it reads, unless you say --propose, and never sees what
    comes from Strava, whose terms forbid it. Uses the running server's database, or starts the database for as long as
    the assistant is connected.
    """
    with explained(as_json=False):
        settings = load_settings(data_dir=data_dir)
        if agree:
            asyncio.run(with_resources(settings, lambda resources: _agree(resources, athlete)))
        else:
            asyncio.run(_serve(settings, athlete, may_suggest=propose))


async def _agree(resources: Resources, email: str | None) -> None:
    owner = await one_athlete(resources, email)
    async with resources.database.transaction() as session:
        await record_consent(session, AthleteId(owner.id), ConsentPurpose.ASSISTANT, now=resources.clock.now())
    say_dimly(f"Written down for {owner.display_name}: {TEXTS[ConsentPurpose.ASSISTANT].text}")


async def _serve(settings: Settings, email: str | None, *, may_suggest: bool) -> None:
    configure_logging(log_format=settings.log_format, level="warning")
    async with connect_or_start(settings, say=say_dimly, may_create=False) as database:
        application = create_app(settings.model_copy(update={"database_url": SecretStr(database.plain_url)}))
        async with application.router.lifespan_context(application):
            owner = await one_athlete(application.state.resources, email)
            assistant = Assistant(application, AthleteId(owner.id), may_suggest)
            try:
                await assistant.require_consent()
            except ConsentMissingError as error:
                error.remedy = "If it is your account, say yes once: the same command with --agree."
                raise
            server = assistant_server(lambda _context: assistant)
            say_dimly(f"An assistant may now ask about {owner.display_name}; it ends when the assistant disconnects.")
            async with stdio_server() as (read_stream, write_stream):
                await server.run(read_stream, write_stream, server.create_initialization_options())
