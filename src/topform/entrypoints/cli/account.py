"""``topform account``: everything about one person as one archive, back again, or deleted; roles and invitations."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from rich.markup import escape

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout
from topform.entrypoints.cli.stored import AthleteOption, DataDirOption, one_athlete, with_resources
from topform.features.accounts.public import INVITATION_LASTS, add_local_athlete, base_address, invite, set_role
from topform.features.athletes.public import Athlete, find_athlete
from topform.features.privacy.archive import ACCOUNT
from topform.features.privacy.erasing import erase_account
from topform.features.privacy.exporting import export_account
from topform.features.privacy.restoring import import_account
from topform.platform.archives import open_archive
from topform.platform.running import address_of_server
from topform.platform.settings import load_settings
from topform.platform.web.identity import Role
from topform.platform.web.resources import Resources

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def account() -> None:
    """Take an account along, bring it back, delete it, or invite someone to make one."""


@app.command("export")
def export_command(
    target: Annotated[Path, typer.Argument(help="The zip archive to write.", show_default=False)],
    athlete: AthleteOption = None,
    data_dir: DataDirOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write everything stored about one person into an archive: tables as JSON, original files, videos."""
    with explained(as_json=as_json, file=target):
        if target.exists() and not force:
            raise ConflictError("The file exists already.", remedy="Choose another name, or say --force.")

        async def work(resources: Resources) -> dict[str, Any]:
            owner = await one_athlete(resources, athlete)
            part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
            try:
                manifest = await export_account(
                    resources, AthleteId(owner.id), part, made_at=resources.clock.now(), report=_say
                )
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
            return {
                "athlete": owner.email,
                "file": str(target),
                "size_bytes": target.stat().st_size,
                "rows": manifest["rows"],
                "objects": sum(name.startswith("objects/") for name in manifest["entries"]),
            }

        document = asyncio.run(with_resources(load_settings(data_dir=data_dir), work))
    if as_json:
        print_json(document)
        return
    stdout.print(
        f"[green]written[/] {escape(str(target))}: {sum(document['rows'].values())} rows, "
        f"{document['objects']} files, {document['size_bytes'] / 2**20:.1f} MiB"
    )


@app.command("import")
def import_command(
    source: Annotated[Path, typer.Argument(help="An archive that an export wrote.", show_default=False)],
    athlete: AthleteOption = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring an archive back, into the account it came from or another empty one; a missing account is made."""
    with explained(as_json=as_json, file=source):
        if not source.is_file():
            raise NotFoundError("There is no such file.", remedy="Name the archive that an export wrote.")

        async def work(resources: Resources) -> dict[str, Any]:
            archive = await asyncio.to_thread(open_archive, ACCOUNT, source)
            email = athlete or str(archive.manifest["account"]["email"])
            archive.zip.close()
            owner, password = await _found_or_made(resources, email)
            try:
                restored = await import_account(resources, AthleteId(owner.id), source, report=_say)
            except BaseException:  # also when interrupted: an account whose password nobody was told helps nobody
                if password is not None:
                    await erase_account(resources, AthleteId(owner.id))
                raise
            return {
                "athlete": owner.email,
                "created": password is not None,
                "password": password,
                "rows": {name: count for name, count in restored.rows.items() if count},
                "changed": restored.changed,
            }

        document = asyncio.run(with_resources(load_settings(data_dir=data_dir), work, may_create=True))
    if as_json:
        print_json(document)
        return
    stdout.print(f"[green]restored[/] {escape(document['athlete'])}: {sum(document['rows'].values())} rows")
    for name, value in document["changed"].items():
        stdout.print(f"[yellow]changed[/] {escape(name)}: {escape(value)}, since another's is or was the archive's")
    if document["password"] is not None:
        stdout.print(f"The account was made; its password is [bold]{escape(document['password'])}[/]")


@app.command("erase")
def erase_command(
    athlete: Annotated[str, typer.Argument(help="Email address of the account.", metavar="EMAIL")],
    confirm: Annotated[
        str | None, typer.Option("--confirm", help="The address once more, so that no question is asked.")
    ] = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete an account and everything in it, at once and for good."""
    with explained(as_json=as_json):
        typed = confirm
        if typed is None and not as_json:
            stderr.print(f"This deletes everything of [bold]{escape(athlete)}[/] for good.")
            typed = typer.prompt("Type the address to confirm", err=True)
        if (typed or "").strip().lower() != athlete.strip().lower():
            raise InvalidInputError(
                "The address was not confirmed; nothing was deleted.", remedy=f"Say --confirm {athlete}."
            )

        async def work(resources: Resources) -> dict[str, Any]:
            owner = await one_athlete(resources, athlete)
            counts = await erase_account(resources, AthleteId(owner.id))
            return {"athlete": owner.email, "erased": counts}

        document = asyncio.run(with_resources(load_settings(data_dir=data_dir), work))
    if as_json:
        print_json(document)
        return
    erased = document["erased"]
    stdout.print(f"[green]deleted[/] {escape(document['athlete'])}: {erased['rows']} rows, {erased['objects']} files")


@app.command("invite")
def invite_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Make an invitation: with TOPFORM_SIGN_UP=invite each lets one person sign up.

    The link leads to TOPFORM_PUBLIC_URL, the address under which people reach the server.
    """
    with explained(as_json=as_json):
        settings = load_settings(data_dir=data_dir)

        async def work(resources: Resources) -> tuple[str, str | None]:
            async with resources.database.transaction() as session:
                return await invite(session, now=resources.clock.now()), address_of_server(settings.data_dir)

        token, running_at = asyncio.run(with_resources(settings, work, may_create=True))
    address = base_address(settings) if settings.public_url is not None or running_at is None else running_at
    link = f"{address}/sign-up?{urlencode({'invitation': token})}"
    if as_json:
        print_json({"invitation": token, "link": link, "lasts_days": INVITATION_LASTS.days})
        return
    stdout.print(escape(link), soft_wrap=True)
    stderr.print(f"[dim]It lets one person sign up within {INVITATION_LASTS.days} days.[/]")
    if settings.public_url is None:
        stderr.print(
            "[dim]It opens on this machine. For links that others can open, set TOPFORM_PUBLIC_URL to the address "
            "under which they reach the server, such as https://topform.example.org.[/]"
        )


@app.command("role")
def role_command(
    athlete: Annotated[str, typer.Argument(help="Email address of the account.", metavar="EMAIL")],
    role: Annotated[Role, typer.Argument(help="What the account may decide beyond its own data.")],
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make somebody an administrator or a moderator of this server, or an athlete like any other again."""
    with explained(as_json=as_json):

        async def work(resources: Resources) -> dict[str, Any]:
            owner = await one_athlete(resources, athlete)
            async with resources.database.transaction() as session:
                standing = await set_role(session, AthleteId(owner.id), role, actor=None, now=resources.clock.now())
            return {"athlete": owner.email, "role": standing.role, "is_locked": standing.locked_at is not None}

        document = asyncio.run(with_resources(load_settings(data_dir=data_dir), work))
    if as_json:
        print_json(document)
        return
    stdout.print(f"[green]{document['role']}[/] {escape(document['athlete'])}")


async def _say(progress: float, stage: str) -> None:
    """Say nothing: the command is over in seconds, and the output is the answer."""


async def _found_or_made(resources: Resources, email: str) -> tuple[Athlete, str | None]:
    async with resources.database.transaction() as session:
        found = await find_athlete(session, email)
        if found is not None:
            return found, None
        return await add_local_athlete(
            session, email=email, display_name=email.partition("@")[0], time_zone="UTC", now=resources.clock.now()
        )
