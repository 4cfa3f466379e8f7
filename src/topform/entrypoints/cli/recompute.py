"""``topform recompute``: computes stored activities again, with progress."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from topform.core.clock import SystemClock
from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.entrypoints.cli.output import JsonOption, explained, print_json, stderr, stdout
from topform.entrypoints.ray_engine import Task, import_ray, ray_workers, recompute_with
from topform.entrypoints.reactions import REACTIONS
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
Tell = Callable[[str, float], None]


class Engine(StrEnum):
    """Where the computing happens."""

    LOCAL = "local"
    RAY = "ray"


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
    engine: Annotated[
        Engine, typer.Option(help="One process (local), or many on this machine or on a cluster (ray).")
    ] = Engine.LOCAL,
    workers: Annotated[
        int | None, typer.Option(help="Processes of --engine ray; as many as there are cores when absent.", min=1)
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
        outdated = None if metric is None else {metric: current_versions()[metric]}
        task = Task(since=None if since is None else since.date(), outdated=outdated)
        if engine is Engine.RAY:
            import_ray()
        document = asyncio.run(_recompute(settings, task, email=athlete, engine=engine, workers=workers))
        if as_json:
            print_json(document)
        else:
            _show(document)


async def _recompute(
    settings: Settings, task: Task, *, email: str | None, engine: Engine, workers: int | None
) -> dict[str, Any]:
    began = time.monotonic()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
    ) as bar:
        shown = bar.add_task("Recomputing", total=1.0)
        async with connect_or_start(
            settings,
            say=lambda sentence: bar.update(shown, description=sentence),
            reactions=REACTIONS,
            may_create=False,
        ) as database:
            athletes = await _athletes(database, email)

            def tell(description: str, completed: float) -> None:
                bar.update(shown, description=description, completed=completed)

            if engine is Engine.RAY:
                found = await _on_ray(settings, database, athletes, task, workers=workers, tell=tell)
            else:
                found = await _here(settings, database, athletes, task, tell=tell)
    return {"engine": engine.value, "athletes": found, "seconds": round(time.monotonic() - began, 2)}


async def _here(
    settings: Settings, database: Database, athletes: list[Athlete], task: Task, *, tell: Tell
) -> list[dict[str, Any]]:
    """Compute one athlete after the other in this process."""
    resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
    found = []
    for who in athletes:
        tell(f"Recomputing {who.display_name}", 0.0)

        async def report(progress: float, _stage: str, name: str = who.display_name) -> None:
            tell(f"Recomputing {name}", progress)

        recomputation = Recomputation(resources, AthleteId(who.id))
        outcome: RecomputeOutcome = await recomputation.run(since=task.since, outdated=task.outdated, report=report)
        found.append({"email": who.email, **outcome.as_dict()})
    return found


async def _on_ray(
    settings: Settings, database: Database, athletes: list[Athlete], task: Task, *, workers: int | None, tell: Tell
) -> list[dict[str, Any]]:
    """Compute athletes on the workers of Ray and name them in the order of the accounts."""
    tell("Starting Ray", 0.0)
    found: dict[UUID, dict[str, Any]] = {}
    async with ray_workers(settings, database, task, workers=workers) as lent:
        async for athlete_id, outcome in recompute_with(lent, [who.id for who in athletes]):
            found[athlete_id] = outcome
            tell(f"Recomputing {len(athletes)} athletes", len(found) / len(athletes))
    return [{"email": who.email, **found[who.id]} for who in athletes]


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
