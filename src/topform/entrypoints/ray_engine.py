"""Recomputation on Ray: the same code as on one machine, each athlete on whichever worker is free.

Ray is the extra ``[ray]`` and is imported when it is asked for. Nothing but the names of athletes and what came of them
travels through it: workers read from the database and the object store, and write there, as ``topform recompute`` does.
An athlete whose worker died is computed again by another; doing it twice gives the same.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import SecretStr

from topform.core.clock import SystemClock
from topform.core.errors import SetupError, TopFormError
from topform.core.ids import AthleteId
from topform.entrypoints.reactions import REACTIONS
from topform.features.activities.recomputing import Recomputation
from topform.platform.database import Database
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings, load_settings
from topform.platform.web.resources import Resources

Item = TypeVar("Item")
Result = TypeVar("Result")

RESTARTS: Final = 3
CLUSTER_VARIABLE: Final = "RAY_ADDRESS"


@dataclass(frozen=True, slots=True)
class Task:
    """Which of an athlete's activities are computed again."""

    since: date | None
    outdated: Mapping[str, int] | None


class RecomputeWorker:
    """A process of Ray with its own connections."""

    def __init__(self, settings: Settings | None, task: Task) -> None:
        used = load_settings() if settings is None else settings
        if used.database_url is None:
            raise SetupError(
                "The workers of Ray have no database.",
                remedy="Give every machine of the cluster TOPFORM_DATABASE_URL and TOPFORM_OBJECT_STORE_URL.",
            )
        database = Database(
            used.database_url.get_secret_value(),
            pool_size=2,
            application_name="topform-ray",
            reactions=REACTIONS,
        )
        self._resources = Resources(used, database, ObjectStore.from_settings(used), SystemClock())
        self._task = task

    async def recompute(self, athlete_id: UUID) -> dict[str, Any]:
        """Compute one athlete's activities again and return what was done."""
        recomputation = Recomputation(self._resources, AthleteId(athlete_id))
        outcome = await recomputation.run(since=self._task.since, outdated=self._task.outdated)
        return outcome.as_dict()


def import_ray() -> Any:
    """Return the library, with its reports to its makers off."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError as error:
        raise SetupError(
            "Ray is not installed.", remedy="pip install 'topform[ray]', or leave --engine away."
        ) from error
    return ray


@asynccontextmanager
async def ray_workers(
    settings: Settings, database: Database, task: Task, *, workers: int | None
) -> AsyncIterator[list[Any]]:
    """Lend workers: of the cluster that ``RAY_ADDRESS`` names, or else processes of this machine."""
    ray = import_ray()
    is_cluster = bool(os.environ.get(CLUSTER_VARIABLE))
    wanted = workers or (None if is_cluster else os.cpu_count() or 1)
    options = {} if is_cluster else {"num_cpus": wanted, "include_dashboard": False}
    ray.init(log_to_driver=False, configure_logging=False, **options)  # handles signals, so not in another thread
    try:
        count = wanted or max(1, int(ray.cluster_resources().get("CPU", 1)))
        # The machines of a cluster read their own environment, so that no password passes through Ray.
        used = None if is_cluster else settings.model_copy(update={"database_url": SecretStr(database.plain_url)})
        made = ray.remote(num_cpus=1, max_restarts=RESTARTS, max_task_retries=RESTARTS, max_concurrency=1)
        yield [made(RecomputeWorker).remote(used, task) for _ in range(count)]
    finally:
        ray.shutdown()


def mapped(
    function: Callable[[Item], Result], items: Sequence[Item], *, on_ray: bool, workers: int | None = None
) -> Iterator[tuple[int, Result]]:
    """Apply a function to items, here one after the other or on the workers of Ray; yield place and result as they end.

    The function is one of a module, and with its items and results all that travels. What it raises is raised here.
    """
    if not on_ray:
        yield from ((place, function(item)) for place, item in enumerate(items))
        return
    ray = import_ray()
    is_cluster = bool(os.environ.get(CLUSTER_VARIABLE))
    options = {} if is_cluster else {"num_cpus": workers or os.cpu_count() or 1, "include_dashboard": False}
    ray.init(log_to_driver=False, configure_logging=False, **options)
    try:
        cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
        share = 1 if workers is None else max(1, cores // workers)
        remote = ray.remote(num_cpus=share, max_retries=RESTARTS)(function)
        running = {remote.remote(item): place for place, item in enumerate(items)}
        while running:
            (done,), _ = ray.wait(list(running), num_returns=1)
            place = running.pop(done)
            try:
                yield place, ray.get(done)
            except ray.exceptions.RayTaskError as error:
                if isinstance(error.cause, TopFormError):
                    raise error.cause from error
                raise
    finally:
        ray.shutdown()


async def recompute_with(
    workers: Sequence[Any], athletes: Sequence[UUID]
) -> AsyncIterator[tuple[UUID, dict[str, Any]]]:
    """Give each free worker the next athlete, and tell what came of it as soon as it is known."""
    waiting, running = list(reversed(athletes)), dict[asyncio.Task[Any], tuple[UUID, Any]]()
    free = list(workers)
    while waiting or running:
        while waiting and free:
            athlete, worker = waiting.pop(), free.pop()
            running[asyncio.create_task(_outcome(worker, athlete))] = (athlete, worker)
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            athlete, worker = running.pop(one)
            free.append(worker)
            yield athlete, one.result()


async def _outcome(worker: Any, athlete: UUID) -> dict[str, Any]:
    ray = import_ray()
    try:
        outcome: dict[str, Any] = await worker.recompute.remote(athlete)
    except ray.exceptions.RayActorError as error:
        raise SetupError(
            f"A worker of Ray died {RESTARTS + 1} times at one athlete.",
            remedy="Look at Ray's logs; too little memory is the usual cause. What was done is stored: run it again.",
        ) from error
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, TopFormError):
            raise error.cause from error
        raise
    return outcome
