"""``topform restore``: a backup back into an empty installation."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from topform.core.errors import NotFoundError
from topform.entrypoints.cli.output import JsonOption, explained, print_json, say_dimly, stdout
from topform.entrypoints.cli.stored import DataDirOption
from topform.platform.backup import Installation, restore
from topform.platform.logs import configure_logging
from topform.platform.objects import ObjectStore
from topform.platform.running import connect_or_start
from topform.platform.settings import Settings, load_settings

app = typer.Typer(add_completion=False)


@app.command("restore")
def restore_command(
    source: Annotated[Path, typer.Argument(help="An archive that topform backup wrote.", show_default=False)],
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a backup into an empty installation, after every byte of it was checked.

    Accounts that were deleted after the backup was taken come back with it: delete them again.
    """
    with explained(as_json=as_json, file=source):
        if not source.is_file():
            raise NotFoundError("There is no such file.", remedy="Name the archive that topform backup wrote.")
        document = asyncio.run(_restore(load_settings(data_dir=data_dir), source.absolute()))
    if as_json:
        print_json(document)
        return
    stdout.print(f"[green]restored[/] {escape(str(source))} of {document['made_at']} ({document['made_by']})")
    if document["needs_key"]:
        stdout.print(
            "[yellow]note[/] Stored credentials were locked with another key: add the old installation's "
            "TOPFORM_SECRET_KEY to TOPFORM_PREVIOUS_SECRET_KEYS, or connect services and authenticators again."
        )


async def _restore(settings: Settings, source: Path) -> dict[str, Any]:
    configure_logging(log_format=settings.log_format, level="warning")
    async with connect_or_start(settings, say=say_dimly, migrate=False) as database:
        target = Installation(settings, database, ObjectStore.from_settings(settings))
        manifest = await restore(source, target, say=say_dimly)
    return {name: manifest[name] for name in ("made_at", "made_by", "schema_revision", "needs_key")}
