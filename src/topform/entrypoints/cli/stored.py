"""What commands over stored accounts share: the running database or a temporary one, and whose data it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from topform.core.clock import SystemClock
from topform.core.errors import InvalidInputError, NotFoundError
from topform.entrypoints.cli.output import say_dimly
from topform.entrypoints.reactions import REACTIONS
from topform.features.athletes.public import Athlete, find_athlete, first_athletes
from topform.platform.logs import configure_logging
from topform.platform.objects import ObjectStore
from topform.platform.running import connect_or_start
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

AthleteOption = Annotated[str | None, typer.Option("--athlete", help="Email address of the account.", metavar="EMAIL")]
DataDirOption = Annotated[Path | None, typer.Option(help="Where everything is kept.")]
Answer = TypeVar("Answer")


async def with_resources(
    settings: Settings, work: Callable[[Resources], Awaitable[Answer]], *, may_create: bool = False
) -> Answer:
    """Use the running server's database, or start it for as long as the command runs.

    Where there is none yet, one is made only for a command that puts the first things there.
    """
    configure_logging(log_format=settings.log_format, level="warning")
    async with connect_or_start(settings, say=say_dimly, reactions=REACTIONS, may_create=may_create) as database:
        return await work(Resources(settings, database, ObjectStore.from_settings(settings), SystemClock()))


async def one_athlete(resources: Resources, email: str | None) -> Athlete:
    """Return the athlete with the address, without one the only athlete there is."""
    async with resources.database.transaction() as session:
        if email is not None:
            found = await find_athlete(session, email)
            if found is None:
                raise NotFoundError(f"There is no account {email}.", remedy="Check the address.")
            return found
        everyone = await first_athletes(session, 2)
    if len(everyone) != 1:
        raise InvalidInputError(
            "There is no account yet." if not everyone else "There are several accounts.",
            remedy="Say whose with --athlete EMAIL.",
        )
    return everyone[0]
