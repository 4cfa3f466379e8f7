"""``topform recompute``: computes stored activities again, with progress."""

from __future__ import annotations

import asyncio
import time
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from topform.core.clock import SystemClock
from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout
from topform.features.activities.recomputing import Recomputation, RecomputeOutcome
from topform.features.activities.versions import current_versions, require_metric
from topform.features.athletes.public import Athlete, find_athlete, first_athletes
from topform.platform.database import Database
from topform.platform.logs import configure_logging
from topform.platform.objects import ObjectStore
from topform.platform.running import connect_or_start
from topform.platform.settings import Settings, load_settings
from topform.platform.web.resources import Resources

MOST_ATHLETES = 100_000

app = typer.Typer(add_completion=False)


@app.command("recompute")
def recompute_command(
    metric: Annotated[
        str | None, typer.Option(help="Only activities with another version of this metric.", metavar="ID")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only activities of this day and later.")
    ] = None,
    athlete: Annotated[
        str | None, typer.Option(help="Email address of the account; all accounts when absent.", metavar="EMAIL")
    ] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where everything is kept.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compute stored activities again with today's formulas and the thresholds of their days; old values are kept.

    Uses the running server's database, or starts the database for as long as the command runs.
    """
    with explained(as_json=as_json):
        if metric is not None:
            require_metric(metric)
        settings = load_settings(data_dir=data_dir)
        configure_logging(log_format=settings.log_format, level="warning")
        day = None if since is None else since.date()
        document = asyncio.run(_recompute(settings, metric=metric, since=day, email=athlete))
        if as_json:
            print_json(document)
        else:
            _show(document)


async def _recompute(
    settings: Settings, *, metric: str | None, since: date | None, email: str | None
) -> dict[str, Any]:
    began = time.monotonic()
    outdated = None if metric is None else {metric: current_versions()[metric]}
    found: list[dict[str, Any]] = []
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
    ) as bar:
        task = bar.add_task("Recomputing", total=1.0)
        async with connect_or_start(settings, say=lambda sentence: bar.update(task, description=sentence)) as database:
            resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
            for who in await _athletes(database, email):
                bar.update(task, description=f"Recomputing {who.display_name}", completed=0.0)

                async def report(progress: float, _stage: str) -> None:
                    bar.update(task, completed=progress)

                recomputation = Recomputation(resources, AthleteId(who.id))
                outcome: RecomputeOutcome = await recomputation.run(since=since, outdated=outdated, report=report)
                found.append({"email": who.email, **outcome.as_dict()})
    return {"athletes": found, "seconds": round(time.monotonic() - began, 2)}


async def _athletes(database: Database, email: str | None) -> list[Athlete]:
    async with database.transaction() as session:
        if email is None:
            return await first_athletes(session, MOST_ATHLETES)
        athlete = await find_athlete(session, email)
    if athlete is None:
        raise NotFoundError(f"There is no account {email}.", remedy="Check the address, or leave out --athlete.")
    return [athlete]


def _show(document: dict[str, Any]) -> None:
    """Say what was done."""
    if not document["athletes"]:
        raise InvalidInputError("There are no accounts.", remedy="Import activities first: topform import PATH")
    for one in document["athletes"]:
        changed = f"{one['changed_metrics']} numbers changed"
        which = f" ({', '.join(one['metrics'])})" if one["metrics"] else ""
        stdout.print(f"{one['email']}: {one['activities']} activities, {changed}{which}")
    stdout.print(f"{document['seconds']:.1f} s", style="dim")
