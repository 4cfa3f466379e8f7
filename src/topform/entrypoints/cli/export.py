"""``topform export ACTIVITY_ID``: a stored activity as a file for other programs."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.markup import escape

from topform.core.errors import ConflictError, InvalidInputError
from topform.core.ids import AthleteId
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stdout
from topform.entrypoints.cli.stored import AthleteOption, DataDirOption, one_athlete, with_resources
from topform.features.activities.exporting import ExportedFile, export_activity
from topform.formats.activities_out import WRITERS, Format
from topform.platform.settings import load_settings
from topform.platform.web.resources import Resources

app = typer.Typer(add_completion=False)


@app.command("export")
def export_command(
    activity: Annotated[
        UUID, typer.Argument(help="The activity, as topform import --json names it.", metavar="ACTIVITY_ID")
    ],
    file_format: Annotated[
        Format | None, typer.Option("--format", help="What to write; without it the ending of --out decides.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; without it day and title name one in this folder.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    athlete: AthleteOption = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a stored activity as GPX, TCX, FIT or CSV.

    Uses the running server's database, or starts the database for as long as the command runs.
    """
    with explained(as_json=as_json):
        chosen = file_format or _format_of(out)
        if out is not None:
            _refuse_existing(out, force=force)

        async def work(resources: Resources) -> ExportedFile:
            owner = await one_athlete(resources, athlete)
            return await export_activity(resources, AthleteId(owner.id), activity, chosen)

        exported = asyncio.run(with_resources(load_settings(data_dir=data_dir), work))
        target = Path(exported.name) if out is None else out
        _write(target, exported.content, force=force)
        document: dict[str, Any] = {
            "activity_id": str(activity),
            "format": chosen,
            "file": str(target),
            "size_bytes": len(exported.content),
        }
        if as_json:
            print_json(document)
        else:
            stdout.print(f"[green]written[/] {escape(str(target))}: {len(exported.content) / 1024:.1f} KiB")


def _format_of(out: Path | None) -> str:
    """Return the format that the file's ending names."""
    ending = "" if out is None else out.suffix.lower().removeprefix(".")
    if ending not in WRITERS:
        raise InvalidInputError(
            "Neither --format nor the ending of --out says what to write.",
            remedy=f"Say --format with one of {', '.join(WRITERS)}.",
            file=None if out is None else str(out),
        )
    return ending


def _refuse_existing(target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        raise ConflictError(
            "The file exists already.", remedy="Choose another name with --out, or say --force.", file=str(target)
        )


def _write(target: Path, content: bytes, *, force: bool) -> None:
    """Write the whole file or none of it."""
    _refuse_existing(target, force=force)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError as failure:
        part.unlink(missing_ok=True)
        reason = (failure.strerror or type(failure).__name__).lower()
        raise InvalidInputError(
            f"The file cannot be written: {reason}.", remedy="Check the folder and its permissions.", file=str(target)
        ) from failure
