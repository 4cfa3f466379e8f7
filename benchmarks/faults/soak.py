"""The load of a club for half an hour: does anything grow that should not?

    python -m benchmarks.faults.soak [--minutes 30] [--clients 8] [--listeners 40] [--every 15] [--results FOLDER]

`topform serve` as anybody starts it. People import, edit, plan and post (see `writers`), others keep an event stream
open and come and go, and everybody reads what the app's screens ask. Every quarter of a minute is noted: memory
(proportional set size) and open files of all processes, connections of PostgreSQL, dead rows and size of every table
beside its rows. The first half of the time is warm-up. What counts in the second is the growth in an hour, less what
the scatter of the values alone would show (twice its standard error), apart from one step, which is told by itself and
must not be high (`benchmarks.growth`): a connection that meets a query for the first time keeps its plan and its tables
in mind, and each connection does so once. PostgreSQL's buffers, whose size is a setting, are noted beside its own
memory, and of a step in that, which connections took it. A table may grow with what is stored, not with how often it is
written. A run of less than a quarter of an hour sees caches fill and judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psycopg
import websockets
from benchmarks.faults.kill_nine import served
from benchmarks.faults.writers import Told, Writer, people, until_drained
from benchmarks.growth import Growth, growth
from benchmarks.speed.bulk_import import descendants, proportional_mb
from benchmarks.support import write_result

from topform.entrypoints.api.events import CLOSE_SIGNED_OUT
from topform.platform.embedded_postgres import running_server_url
from topform.platform.settings import Settings

WARM_UP_SHARE = 0.5
MOST_PER_HOUR = 0.05
MOST_STEP = 0.2
MOST_DEAD_SHARE = 0.5
FEW_ROWS = 2000
LITTLE_MB = 0.5
STAYS_S = (5.0, 60.0)
DRAIN_S = 120.0
SHORTEST_MIN = 15.0
JUDGED = ("memory_mb", "memory_of_postgresql_mb", "open_files", "open_files_of_postgresql", "connections")
SHARED = "shared_buffers_touched_mb"
"""PostgreSQL takes this memory at its start and fills it with pages as they are read; its size is a setting."""

READS = ("/athletes/me", "/activities?limit=20", "/fitness", "/plans/current", "/readiness")
TABLES = """
    SELECT relname, n_live_tup, n_dead_tup, pg_total_relation_size(relid) FROM pg_stat_user_tables
"""
BACKENDS = "SELECT pid, coalesce(nullif(application_name, ''), backend_type) FROM pg_stat_activity"
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
HERE = Path(__file__).resolve().parent


def open_files(pid: int) -> int:
    """Return how many files and sockets a process holds open, 0 when it is gone."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - entries vanish while they are listed
    except OSError:
        return 0


def by_program(pids: list[int]) -> dict[str, float]:
    """Return the memory of processes that run the same program, together. [MB]"""
    sums: dict[str, float] = defaultdict(float)
    for pid in pids:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
        except OSError:
            continue
        program = next((word for word in words if word.startswith("topform.")), Path(words[0]).name)
        sums[program] += proportional_mb(pid)
    return {program: round(memory, 1) for program, memory in sums.items()}


def looked_at(pid: int, database_url: str, began: float) -> dict[str, Any]:
    """Return one note of everything."""
    found = descendants(pid)
    ours = [one for one, name in found if "postgres" not in name]
    theirs = [one for one, name in found if "postgres" in name]
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(TABLES).fetchall()
        ((connections,),) = connection.execute(CONNECTIONS).fetchall()
        backends = connection.execute(BACKENDS).fetchall()
    return {
        "t_s": round(time.monotonic() - began, 1),
        "memory_mb": round(sum(map(proportional_mb, ours)), 1),
        "memory_by_program_mb": by_program(ours),
        "memory_of_postgresql_mb": round(sum(proportional_mb(one, "Pss_Anon") for one in theirs), 1),
        "memory_of_backends_mb": {
            f"{name} {one}": round(proportional_mb(one, "Pss_Anon"), 1) for one, name in backends
        },
        SHARED: round(sum(proportional_mb(one, "Pss_Shmem") for one in theirs), 1),
        "open_files": sum(map(open_files, ours)),
        "open_files_of_postgresql": sum(map(open_files, theirs)),
        "processes": len(found),
        "connections": connections,
        "dead_rows": {name: dead for name, _, dead, _ in tables},
        "live_rows": {name: live for name, live, _, _ in tables},
        "bytes": {name: size for name, _, _, size in tables},
    }


async def listen(address: str, writer: Writer, until: float, told: Told, rng: random.Random) -> None:
    """Open the event stream, stay a while, go, and come again."""
    url = f"{address.replace('http', 'ws')}/api/v1/events"
    while time.time() < until:
        try:
            async with websockets.connect(url, additional_headers=writer.headers) as stream:
                await stream.send('{"after": null}')
                leaves = min(until, time.time() + rng.uniform(*STAYS_S))
                while (rest := leaves - time.time()) > 0:
                    try:
                        await asyncio.wait_for(stream.recv(), rest)
                    except TimeoutError:
                        break
        except (OSError, websockets.WebSocketException) as error:
            if not has_expired(error):
                told.unclear.append(f"events: {type(error).__name__} {error}")
            await asyncio.sleep(1.0)


def has_expired(error: Exception) -> bool:
    """Return whether a stream ended because the person's token did; the next request brings a new one."""
    match error:
        case websockets.InvalidStatus():
            return error.response.status_code == HTTPStatus.UNAUTHORIZED
        case websockets.ConnectionClosed():
            return error.rcvd is not None and error.rcvd.code == CLOSE_SIGNED_OUT
        case _:
            return False


async def read(writer: Writer, until: float, *, pause_s: float) -> None:
    """Look at one screen after the other."""
    for path in itertools.cycle(READS):
        if time.time() >= until:
            return
        await writer.ask("GET", path)
        await asyncio.sleep(pause_s)


async def run(server: Any, address: str, options: argparse.Namespace) -> dict[str, Any]:
    """Load, note, and return the notes."""
    url = running_server_url(server.data_dir)
    assert url is not None
    told, rng = Told(), random.Random(3)
    settings = Settings(data_dir=server.data_dir, database_url=url)
    writers = await people(url, settings, [address], count=options.clients, told=told)
    await asyncio.gather(*(writer.prepare() for writer in writers))
    began, until = time.monotonic(), time.time() + 60 * options.minutes
    turn = itertools.cycle(writers)
    working = [
        *(asyncio.create_task(writer.run(until, pause_s=options.pause)) for writer in writers),
        *(asyncio.create_task(read(writer, until, pause_s=options.pause / 2)) for writer in writers),
        *(asyncio.create_task(listen(address, next(turn), until, told, rng)) for _ in range(options.listeners)),
    ]
    notes = []
    while time.time() < until:
        notes.append(await asyncio.to_thread(looked_at, server.process.pid, url, began))
        await asyncio.sleep(min(options.every, max(0.0, until - time.time())))
    await asyncio.gather(*working)
    drained_s = await until_drained(url, patience_s=DRAIN_S)
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"{address}/readyz")).status_code == 200
    notes.append(await asyncio.to_thread(looked_at, server.process.pid, url, began))
    for writer in writers:
        await writer.close()
    return {
        "acknowledged": dict(told.acknowledged),
        "refused_for_a_moment": dict(told.refusals),
        "unclear_answers": told.unclear[:20],
        "drained_s": drained_s,
        "notes": notes,
    }


def grown(name: str, found: Growth) -> str | None:
    """Return what is to be said of something that grew, or None when it did not."""
    if found.growth_per_hour - found.uncertainty > MOST_PER_HOUR:
        return f"{name} grows by {found.growth_per_hour:.0%} an hour"
    if found.step > MOST_STEP:
        return f"{name} rose by {found.step:.0%} at once"
    return None


def who_took(notes: list[dict[str, Any]], step_at_s: float) -> dict[str, float]:
    """Return how much memory each connection of PostgreSQL took around a step, the most first. [MB]"""
    at = next(number for number, note in enumerate(notes) if note["t_s"] >= step_at_s)
    before, after = (notes[max(0, at - 2)]["memory_of_backends_mb"], notes[at]["memory_of_backends_mb"])
    taken = {name: round(mb - before.get(name, 0.0), 1) for name, mb in after.items()}
    return {name: mb for name, mb in sorted(taken.items(), key=lambda one: -one[1]) if mb >= LITTLE_MB}


def judged(notes: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Return how what was noted grew, and what of it is too much."""
    kept = [note for note in notes[:-1] if note["t_s"] >= WARM_UP_SHARE * notes[-1]["t_s"]]
    t_s = np.array([note["t_s"] for note in kept])
    lines, grew = {}, []
    for name in (*JUDGED, SHARED):
        found = growth(t_s, np.array([float(note[name]) for note in kept]))
        lines[name] = {one: round(value, 4) for one, value in asdict(found).items()}
        said = grown(name, found) if name in JUDGED else None
        grew += [] if said is None else [said]
    lines["memory_of_postgresql_mb"]["step_taken_by_mb"] = who_took(
        notes, lines["memory_of_postgresql_mb"]["step_at_s"]
    )
    last = notes[-1]
    for table, dead in last["dead_rows"].items():
        live = last["live_rows"][table]
        if live + dead >= FEW_ROWS and dead > MOST_DEAD_SHARE * (live + dead):
            grew.append(f"{table} holds {dead} dead rows beside {live}")
    return lines, grew


def main() -> None:
    """Load, judge, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--clients", type=int, default=8, help="people who write and read")
    parser.add_argument("--listeners", type=int, default=40, help="open event streams")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two writes of a person, about")
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two looks")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with served(folder) as server:
            found = asyncio.run(run(server, server.until_ready().replace("localhost", "127.0.0.1"), options))
    lines, grew = judged(found["notes"])
    found["notes"] = [
        {key: value for key, value in note.items() if not isinstance(value, dict)} for note in found["notes"]
    ] + [found["notes"][-1]]
    document = {
        "minutes": options.minutes,
        "clients": options.clients,
        "listeners": options.listeners,
        "load_average_before": round(load, 2),
        "wanted_growth_per_hour_at_most": MOST_PER_HOUR,
        "wanted_step_at_most": MOST_STEP,
        "lines": lines,
        "is_long_enough": options.minutes >= SHORTEST_MIN,
        "grew": grew,
        **found,
    }
    print(json.dumps(lines, indent=1))
    print(
        f"{sum(found['acknowledged'].values())} writes in {options.minutes} minutes; "
        + (f"grew: {', '.join(grew) or 'nothing'}" if options.minutes >= SHORTEST_MIN else "too short to judge")
    )
    print(write_result(options.results, "soak", document))


if __name__ == "__main__":
    main()
