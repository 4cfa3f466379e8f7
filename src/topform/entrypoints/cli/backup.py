"""``topform backup``: the whole installation as one archive, also while the server runs."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from topform.core.clock import SystemClock
from topform.core.errors import ConflictError, InvalidInputError
from topform.entrypoints.cli.output import JsonOption, explained, print_json, say_dimly, stdout
from topform.entrypoints.cli.stored import DataDirOption
from topform.platform.backup import OBJECTS, Installation, back_up
from topform.platform.logs import configure_logging
from topform.platform.objects import ObjectStore
from topform.platform.running import connect_or_start
from topform.platform.settings import Settings, load_settings

app = typer.Typer(add_completion=False)


@app.command("backup")
def backup_command(
    target: Annotated[Path, typer.Argument(help="The archive to write.", show_default=False)],
    data_dir: DataDirOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write everything this installation keeps into one archive: all accounts, all files, and its key.

    The server may run and be used meanwhile. Whoever can read the archive can read everything in it.
    """
    with explained(as_json=as_json, file=target):
        if target.exists() and not force:
            raise ConflictError("The file exists already.", remedy="Choose another name, or say --force.")
        if not target.absolute().parent.is_dir():
            raise InvalidInputError("There is no such folder.", remedy=f"Make it: mkdir -p {target.absolute().parent}")
        made = asyncio.run(_back_up(load_settings(data_dir=data_dir), target.absolute()))
        document = {"file": str(target), "size_bytes": target.stat().st_size, **made}
    if as_json:
        print_json(document)
        return
    stdout.print(
        f"[green]written[/] {escape(str(target))}: the database and {document['objects']} files, "
        f"{document['size_bytes'] / 2**20:.1f} MiB"
    )


async def _back_up(settings: Settings, target: Path) -> dict[str, Any]:
    configure_logging(log_format=settings.log_format, level="warning")
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    async with connect_or_start(settings, say=say_dimly, may_create=False) as database:
        source = Installation(settings, database, ObjectStore.from_settings(settings))
        try:
            part.touch(mode=0o600, exist_ok=False)
            manifest = await back_up(source, part, made_at=SystemClock().now(), say=say_dimly)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return {
        "objects": sum(name.startswith(f"{OBJECTS}/") for name in manifest["entries"]),
        "made_at": manifest["made_at"],
        "schema_revision": manifest["schema_revision"],
    }
