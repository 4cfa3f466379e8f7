"""One process, one worker of Ray and two, on one machine: what Ray costs and from when on it pays.

    pip install 'topform[ray]'
    python -m benchmarks.speed.ray_engine [--athletes 16] [--rides 200] [--results FOLDER]

Each athlete has a history of made one-hour rides as an import leaves them (see `recompute`), and a changed threshold,
so that all numbers come out anew. The local engine, one worker and two compute the same athletes, in turn. Ray costs
its start once (processes, imports, connections: until the workers answer), and something for each athlete. The
break-even is the number of rides from which on two workers with their start are faster than one process.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.speed.recompute import fill
from benchmarks.support import write_result

from topform.core.clock import SystemClock
from topform.core.errors import SetupError
from topform.core.ids import AthleteId
from topform.entrypoints.ray_engine import Task, import_ray, ray_workers, recompute_with
from topform.features.accounts.public import add_local_athlete
from topform.features.activities.recomputing import Recomputation
from topform.features.athletes.public import set_parameter
from topform.platform.objects import ObjectStore
from topform.platform.running import connect_or_start
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

HERE = Path(__file__).resolve().parent
EVERYTHING = Task(since=None, outdated=None)


async def set_threshold(resources: Resources, athletes: Sequence[UUID], ftp_w: float) -> None:
    """Change the number that all others follow from."""
    for one in athletes:
        async with resources.database.transaction() as session:
            await set_parameter(
                session, AthleteId(one), "ftp_w", valid_from=date(2000, 1, 1), value=ftp_w, origin="entered",
                now=resources.clock.now(),
            )  # fmt: skip


@asynccontextmanager
async def filled(athletes: int, rides: int) -> AsyncIterator[tuple[Resources, list[UUID]]]:
    """Lend a database with everybody's rides."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - the database runs as a user of its own
        settings = Settings(data_dir=Path(folder) / "data", log_level="warning")
        async with connect_or_start(settings) as database:
            resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
            ids = []
            for number in range(athletes):
                async with database.transaction() as session:
                    athlete, _ = await add_local_athlete(
                        session, email=f"{number}@b.example", display_name="A", time_zone="UTC",
                        now=resources.clock.now(),
                    )  # fmt: skip
                ids.append(athlete.id)
                await fill(resources, AthleteId(athlete.id), rides)
            yield resources, ids


async def locally(resources: Resources, athletes: Sequence[UUID]) -> dict[str, Any]:
    """Compute everybody in this process."""
    began, changed = time.perf_counter(), 0
    for one in athletes:
        changed += (await Recomputation(resources, AthleteId(one)).run()).changed_metrics
    return {"compute_s": round(time.perf_counter() - began, 2), "changed_metrics": changed}


async def on_ray(resources: Resources, athletes: Sequence[UUID], *, workers: int) -> dict[str, Any]:
    """Compute everybody on so many workers; the start ends when all of them answer."""
    began, changed = time.perf_counter(), 0
    async with ray_workers(resources.settings, resources.database, EVERYTHING, workers=workers) as lent:
        await asyncio.gather(*(worker.__ray_ready__.remote() for worker in lent))
        ready = time.perf_counter()
        async for _, outcome in recompute_with(lent, athletes):
            changed += outcome["changed_metrics"]
        ended = time.perf_counter()
    return {
        "start_s": round(ready - began, 2),
        "compute_s": round(ended - ready, 2),
        "end_s": round(time.perf_counter() - ended, 2),
        "changed_metrics": changed,
    }


async def measure(athletes: int, rides: int) -> dict[str, Any]:
    """Return the three ways beside each other."""
    async with filled(athletes, rides) as (resources, ids):
        await set_threshold(resources, ids, 230.0)
        await locally(resources, ids)  # caches warm, as for the others
        found: dict[str, Any] = {}
        ways: tuple[tuple[str, Callable[[], Awaitable[dict[str, Any]]]], ...] = (
            ("local", lambda: locally(resources, ids)),
            ("one_worker", lambda: on_ray(resources, ids, workers=1)),
            ("two_workers", lambda: on_ray(resources, ids, workers=2)),
            ("local_again", lambda: locally(resources, ids)),
        )
        for number, (name, way) in enumerate(ways):
            await set_threshold(resources, ids, 235.0 + number)
            found[name] = await way()
            print(name, found[name], flush=True)
    return found


def summary(found: dict[str, Any], *, athletes: int, rides: int) -> dict[str, Any]:
    """Return overhead, gain and break-even."""
    local = (found["local"]["compute_s"] + found["local_again"]["compute_s"]) / 2
    one, two = found["one_worker"], found["two_workers"]
    fixed = two["start_s"] + two["end_s"]
    saved = (local - two["compute_s"]) / (athletes * rides)
    return {
        "local_ms_per_ride": round(1000 * local / (athletes * rides), 2),
        "overhead_ms_per_athlete": round(1000 * (one["compute_s"] - local) / athletes, 1),
        "start_and_end_s": round(fixed, 2),
        "gain_of_two_workers": round(local / two["compute_s"], 2),
        "gain_with_start": round(local / (two["compute_s"] + fixed), 2),
        "break_even_rides": round(fixed / saved) if saved > 0 else None,
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--athletes", type=int, default=16)
    parser.add_argument("--rides", type=int, default=200, help="of each athlete")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    try:
        ray = import_ray()
    except SetupError as error:
        print(f"Left out: {error.message} {error.remedy}")
        return
    found = asyncio.run(measure(options.athletes, options.rides))
    assert len({one["changed_metrics"] for one in found.values()}) == 1, "the ways do not agree"
    told = summary(found, athletes=options.athletes, rides=options.rides)
    print(
        f"local {told['local_ms_per_ride']} ms a ride; two workers {told['gain_of_two_workers']} times as fast, with "
        f"their {told['start_and_end_s']} s of start and end {told['gain_with_start']} times; "
        f"{told['overhead_ms_per_athlete']} ms more for each athlete; pays from {told['break_even_rides']} rides on"
    )
    document = {
        "ray": ray.__version__,
        "athletes": options.athletes,
        "rides_of_each": options.rides,
        "load_average_before": round(load, 2),
        "summary": told,
        "ways": found,
    }
    print(write_result(options.results, "ray_engine", document))


if __name__ == "__main__":
    main()
