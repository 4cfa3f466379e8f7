"""Twice the processes: how much more the workers import and the API answers, in one run.

    python -m benchmarks.speed.scaling [--files 200] [--seconds 30] [--clients 16] [--results FOLDER]

A PostgreSQL server, API and worker processes of their own on this machine. Workers: so many one-hour rides of twenty
people wait in the queue, then one worker process starts, or two; the rate is that of the middle eight tenths of the
imports, so that start and end do not count; once with one job at a time in each process, once with two, of which one
computes outside of the interpreter's lock while the other does not. API: clients ask what the app's screens ask, each
again as soon as it has its answer, over kept-alive connections to one process, or to two. One process is measured
before and after two, so that what else the machine does shows. The processor time of each part is given beside it: on a
machine whose cores are all busy with one process, PostgreSQL and the clients, two processes cannot be twice as fast. So
all of it is measured a second time as a host more would be: one process with everything else held on one core, and two
on two.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from benchmarks.faults.writers import Told, Writer, people
from benchmarks.speed.bulk_import import descendants
from benchmarks.support import cpu_s, write_result
from tests.support.postgres import FAST, migrate
from tests.support.running_server import RunningServer, free_port
from tests.support.workouts import MORNING, Ride

from topform.platform.embedded_postgres import EmbeddedPostgres, PostgresLayout
from topform.platform.settings import Settings

WANTED_OF_WORKERS = 1.8
WANTED_OF_API = 1.7
PEOPLE = 20
RIDE_S = 3600
WARM_UP_S = 3.0
TICKS = os.sysconf("SC_CLK_TCK")
HERE = Path(__file__).resolve().parent
ALL_CORES = (os.cpu_count() or 1,) * 3
CORE_FOR_EACH = (1, 2, 1)
RUNS_OF_WORKERS = {
    "one_job_at_a_time": (ALL_CORES, 1),
    "two_jobs_at_a_time": (ALL_CORES, 2),
    "core_for_each": (CORE_FOR_EACH, 2),
}
RUNS_OF_API = {"all_cores": ALL_CORES, "core_for_each": CORE_FOR_EACH}
PATHS = ("/athletes/me", "/activities?limit=20", "/fitness", "/plans/current", "/readiness")


@dataclass
class Installation:
    """PostgreSQL and what is started on it."""

    folder: Path
    url: str
    servers: list[RunningServer] = field(default_factory=list)

    def server(self) -> RunningServer:
        """Return an API of its own port, not yet started."""
        port = free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
        own = {
            "TOPFORM_DATABASE_URL": self.url,
            "TOPFORM_DATA_DIR": str(self.folder),
            "TOPFORM_PORT": str(port),
            "TOPFORM_PROVIDERS__INTERVALS__ENABLED": "false",
        }
        self.servers.append(RunningServer(self.url, self.folder, port, {**clean, **own}))
        return self.servers[-1]

    def hold_on(self, cores: int) -> None:
        """Let everything that was started, and what will be, run on so many cores."""
        allowed = set(range(cores))
        postmaster = int(PostgresLayout(self.folder).pid_file.read_text(encoding="ascii").split()[0])
        for pid, _ in [*descendants(os.getpid()), *descendants(postmaster)]:
            with suppress(OSError):
                for thread in Path(f"/proc/{pid}/task").iterdir():
                    os.sched_setaffinity(int(thread.name), allowed)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what the database says."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql).fetchall()


@contextmanager
def installation() -> Iterator[Installation]:
    """Lend an empty installation."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        postgres = EmbeddedPostgres(folder, options=FAST)
        url = postgres.start()
        made = Installation(folder, url)
        try:
            asyncio.run(migrate(url))
            yield made
        finally:
            for server in made.servers:
                server.stop()
            postgres.stop()


def cpu_of(pids: Sequence[int]) -> float:
    """Return the processor time of running processes so far. [s]"""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


# ---- workers ---------------------------------------------------------------------------------------------------------


async def queue_rides(writers: Sequence[Writer], days: Iterator[int], *, files: int) -> None:
    """Upload so many rides, nobody waiting for what becomes of them."""
    turn = itertools.cycle(writers)
    for _ in range(files):
        ride = Ride(started_at=MORNING - timedelta(days=next(days)), seconds=RIDE_S).as_fit()
        answer = await next(turn).ask("POST", "/activities/uploads", files={"file": ("ride.fit", ride)})
        assert answer.status_code == 202, answer.text


def drain(place: Installation, *, processes: int, jobs: int, files: int) -> dict[str, Any]:
    """Start workers, wait until all rides are imported, and return the rate of the middle eight tenths."""
    before = place.ask("SELECT coalesce(max(id), 0) FROM procrastinate_events")[0][0]
    finished = (
        "SELECT extract(epoch FROM e.at) FROM procrastinate_events e JOIN procrastinate_jobs j ON j.id = e.job_id "
        f"WHERE e.id > {before} AND e.type = 'succeeded' AND j.task_name = 'activities.import_upload' ORDER BY 1"
    )
    server = place.servers[0]
    workers = [server.start_worker("--queues", "default", "--concurrency", str(jobs)) for _ in range(processes)]
    while len(done := [float(at) for (at,) in place.ask(finished)]) < files:
        assert all(one.poll() is None for one in workers), server.log("topform.entrypoints.worker")
        time.sleep(0.5)
    used = cpu_of([one.pid for one in workers])
    for one in workers:
        one.terminate()
    for one in workers:
        one.wait(60)
    first, last = int(0.1 * files), int(0.9 * files) - 1
    return {
        "processes": processes,
        "imports_per_s": round((last - first) / (done[last] - done[first]), 2),
        "cpu_s_of_an_import": round(used / files, 3),
    }


def measure_workers(
    place: Installation, writers: Sequence[Writer], days: Iterator[int], *, files: int, cores: Sequence[int], jobs: int
) -> dict[str, Any]:
    """Return one process, two, and one again, each on so many cores and with so many jobs at a time."""

    async def fill() -> None:
        # Clients belong to the loop in which they are used.
        turn = [
            Writer([place.servers[0].url], one.athlete_id, one.headers["Authorization"][7:], Told(), 0)
            for one in writers
        ]
        await queue_rides(turn, days, files=files)
        for one in turn:
            await one.close()

    rows = []
    for processes, allowed in zip((1, 2, 1), cores, strict=True):
        place.hold_on(allowed)
        asyncio.run(fill())
        rows.append(drain(place, processes=processes, jobs=jobs, files=files))
        print(rows[-1], flush=True)
    return compared(rows, "imports_per_s", WANTED_OF_WORKERS)


def compared(rows: list[dict[str, Any]], what: str, wanted: float) -> dict[str, Any]:
    """Return the gain of two processes over the mean of one before and one after."""
    before, two, after = (row[what] for row in rows)
    return {"rows": rows, "gain": round(two / ((before + after) / 2), 2), "wanted": wanted}


# ---- API -------------------------------------------------------------------------------------------------------------


async def ask_steadily(
    ports: Sequence[int], tokens: Sequence[str], *, clients: int, seconds: float
) -> tuple[int, float]:
    """Let clients ask one request after the other and return how many were answered, and in which time."""
    answered, until = 0, time.perf_counter() + seconds

    async def client(number: int) -> None:
        nonlocal answered
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[number % len(ports)], limit=2**22)
        asked = [
            f"GET /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {tokens[number % len(tokens)]}\r\n\r\n".encode()
            for path in PATHS
        ]
        for request in itertools.cycle(asked):
            if time.perf_counter() >= until:
                break
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            assert length is not None and head[9:12] == b"200", (request, head)
            await reader.readexactly(int(length[1]))
            answered += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(clients)))
    return answered, time.perf_counter() - began


def measure_api(
    place: Installation, writers: Sequence[Writer], *, seconds: float, clients: int, cores: Sequence[int]
) -> dict[str, Any]:
    """Return one process, two, and one again, each on so many cores."""
    ports = [one.port for one in place.servers]
    pids = [one._processes[0].pid for one in place.servers]
    tokens = [one.headers["Authorization"].removeprefix("Bearer ") for one in writers]

    def load(processes: int, for_s: float) -> tuple[int, float]:
        return asyncio.run(ask_steadily(ports[:processes], tokens, clients=clients, seconds=for_s))

    load(2, WARM_UP_S)
    rows = []
    for processes, allowed in zip((1, 2, 1), cores, strict=True):
        place.hold_on(allowed)
        api_cpu, own_cpu = cpu_of(pids), cpu_s()
        answered, took = load(processes, seconds)
        rows.append(
            {
                "processes": processes,
                "requests_per_s": round(answered / took, 1),
                "api_cpu_ms_of_a_request": round(1000 * (cpu_of(pids) - api_cpu) / answered, 2),
                "client_cpu_ms_of_a_request": round(1000 * (cpu_s() - own_cpu) / answered, 2),
            }
        )
        print(rows[-1], flush=True)
    return compared(rows, "requests_per_s", WANTED_OF_API)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=200, help="rides of each measurement of workers")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each of the three measurements of the API")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with installation() as place:
        place.server().start_api()
        settings = Settings(data_dir=place.folder, database_url=place.url)

        async def sign_in() -> list[Writer]:
            found = await people(place.url, settings, [place.servers[0].url], count=PEOPLE, told=Told())
            for one in found:
                await one.close()
            return found

        writers = asyncio.run(sign_in())
        found: dict[str, dict[str, Any]] = {"workers": {}, "api": {}}
        days = itertools.count(1)  # a ride that is known already would cost next to nothing
        for name, (cores, jobs) in RUNS_OF_WORKERS.items():
            found["workers"][name] = measure_workers(place, writers, days, files=options.files, cores=cores, jobs=jobs)
        place.server().start_api()
        for name, cores in RUNS_OF_API.items():
            found["api"][name] = measure_api(
                place, writers, seconds=options.seconds, clients=options.clients, cores=cores
            )
    document = {
        "load_average_before": round(load, 2),
        "files": options.files,
        "seconds": options.seconds,
        "clients": options.clients,
        **found,
    }
    for what, runs in found.items():
        for name, run in runs.items():
            print(f"{what}, {name}: {run['gain']} times (wanted {run['wanted']})")
    print(write_result(options.results, "scaling", document))


if __name__ == "__main__":
    main()
