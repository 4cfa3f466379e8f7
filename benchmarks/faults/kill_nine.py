"""SIGKILL for the API, the worker and PostgreSQL in turn, while twenty people import, edit, plan and post.

    python -m benchmarks.faults.kill_nine [--minutes 5] [--clients 20] [--every 15]

`topform serve` as anybody starts it, real HTTP, real kills. What clients were told is compared at the end with what is
stored: see `writers`. After each kill a probe measures how long it takes until the service answers a read again, until
it acknowledges a write, and until a job that is queued then has been done, behind those of everybody else. Wanted:
nothing acknowledged is lost, nothing is done twice, and the service is back within 10 s without help.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from benchmarks.faults.writers import Told, Writer, lost_and_doubled, people, repeated, until_drained
from benchmarks.support import REPOSITORY, write_result

from topform.platform.embedded_postgres import running_server_url
from topform.platform.processes import command_line
from topform.platform.settings import Settings

TARGET_S = 10.0
READY_S = 120.0
DRAIN_S = 300.0
POLL_S = 0.05
HERE = Path(__file__).resolve().parent
PARTS = {"API": "topform.entrypoints.api_process", "worker": "--queues default", "PostgreSQL": "postgres -D"}


class Served:
    """A started `topform serve`."""

    def __init__(self, data_dir: Path, log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.data_dir, self._log = data_dir, log
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
        own = {"PYTHONUNBUFFERED": "1", "COLUMNS": "200", "TOPFORM_PROVIDERS__INTERVALS__ENABLED": "false"}
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "topform", "serve", "--data-dir", str(data_dir), "--port", "0"],
                stdout=output, stderr=subprocess.STDOUT, cwd=REPOSITORY, start_new_session=True,
                env={**clean, **own, **(environment or {})},
            )  # fmt: skip

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def until_ready(self) -> str:
        """Return its address once it answers."""
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            if found := re.search(r"open (http://localhost:\d+)", self.said):
                return found.group(1)
            if self.process.poll() is not None:
                break
            time.sleep(POLL_S)
        raise SystemExit(f"topform serve did not start: {self.said}")

    def pid_of(self, part: str) -> int | None:
        """Return the process id of one of its children."""
        listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        children = [int(line.split()[0]) for line in listing.splitlines() if int(line.split()[1]) == self.process.pid]
        return next((pid for pid in children if PARTS[part] in (command_line(pid) or "")), None)

    async def kill(self, part: str) -> None:
        """Kill one of its children, once it runs."""
        pid = self.pid_of(part)
        while pid is None:
            await asyncio.sleep(POLL_S)
            pid = self.pid_of(part)
        os.kill(pid, signal.SIGKILL)

    def stop(self) -> int:
        """Press Ctrl-C and return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(120)


@contextmanager
def served(folder: Path, environment: Mapping[str, str] | None = None, *, data: str = "data") -> Iterator[Served]:
    """Lend a running server that is stopped at the end."""
    started = Served(folder / data, folder / "serve.log", environment)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.stop()


async def until_it_reads(address: str, began: float) -> float:
    """Return how long it takes until the service says that it is ready. [s]"""
    async with httpx.AsyncClient(timeout=2.0) as http:
        while True:
            with suppress(httpx.TransportError):
                if (await http.get(f"{address}/readyz")).status_code == 200:
                    return round(time.monotonic() - began, 2)
            await asyncio.sleep(POLL_S)


async def until_back(address: str, probe: Writer, kill: dict[str, Any]) -> asyncio.Task[Any]:
    """Note how long it takes until a read and a write succeed; the task that is returned notes the job's end."""
    began, acknowledged = time.monotonic(), asyncio.Event()

    def note() -> None:
        kill["write_s"] = round(time.monotonic() - began, 2)
        acknowledged.set()

    async def whole_import() -> None:
        await probe.import_ride(note)
        kill["job_s"] = round(time.monotonic() - began, 2)

    task = asyncio.create_task(whole_import())
    kill["read_s"] = await until_it_reads(address, began)
    await acknowledged.wait()
    return task


async def kill_in_turn(server: Served, address: str, probe: Writer, *, until: float, every_s: float) -> list[Any]:
    """Kill one part after the other and measure each time how long the service is away."""
    kills: list[Any] = []
    jobs = []
    while time.time() < until:
        await asyncio.sleep(every_s)
        kills.append({"part": list(PARTS)[len(kills) % len(PARTS)], "load_average": round(os.getloadavg()[0], 1)})
        await server.kill(kills[-1]["part"])
        jobs.append(await until_back(address, probe, kills[-1]))
        print(kills[-1], flush=True)
    await asyncio.gather(*jobs)
    return kills


async def run(server: Served, address: str, options: argparse.Namespace) -> dict[str, Any]:
    """Let people write while parts die, then compare."""
    url = running_server_url(server.data_dir)
    assert url is not None
    told = Told()
    settings = Settings(data_dir=server.data_dir, database_url=url)
    *writers, probe = await people(url, settings, [address], count=options.clients + 1, told=told)
    await asyncio.gather(*(writer.prepare() for writer in writers))
    until = time.time() + 60 * options.minutes
    writing = [asyncio.create_task(writer.run(until, pause_s=options.pause)) for writer in writers]
    kills = await kill_in_turn(server, address, probe, until=until, every_s=options.every)
    await asyncio.gather(*writing)
    drained_s = await until_drained(url, patience_s=DRAIN_S)
    differing = await repeated([*writers, probe], each=5)
    lost, doubled = lost_and_doubled(url, [*writers, probe])
    for writer in (*writers, probe):
        await writer.close()
    parts = {part: [kill for kill in kills if kill["part"] == part] for part in PARTS}
    return {
        "minutes": options.minutes,
        "clients": options.clients,
        "kills": len(kills),
        "acknowledged": dict(told.acknowledged),
        "acknowledged_writes": told.acknowledged.total(),
        "lost": lost,
        "done_twice": doubled,
        "repeated_with_another_answer": differing,
        "unclear_answers": told.unclear[:20],
        "unclear_answer_count": len(told.unclear),
        "refused_for_a_moment": dict(told.refusals),
        "broken_connections": told.broken_connections,
        "drained_s": drained_s,
        "back_s": {part: _summary(found) for part, found in parts.items()},
        "every_kill": kills,
    }


def _summary(kills: list[Any]) -> dict[str, Any]:
    return {
        measure: {"median": round(float(np.median(values)), 2), "longest": max(values)}
        for measure in ("read_s", "write_s", "job_s")
        if (values := [kill[measure] for kill in kills])
    }


def main() -> None:
    """Kill, compare, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--every", type=float, default=15.0, help="seconds between being back and the next kill")
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between two writes of a client, about")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with served(folder) as server:
            document = asyncio.run(run(server, server.until_ready(), options))
            document["exit_status"] = server.stop()
    longest = max((row["write_s"]["longest"] for row in document["back_s"].values() if row), default=None)
    document |= {
        "load_average_before": round(load, 2),
        "niceness": os.nice(0),
        "target_s": TARGET_S,
        "longest_until_write_s": longest,
    }
    print(f"{document['acknowledged_writes']} acknowledged writes, {document['kills']} kills: {len(document['lost'])} "
          f"lost, {len(document['done_twice'])} twice, {document['unclear_answer_count']} unclear answers; longest "
          f"until a write: {longest} s (wanted: none lost, none twice, at most {TARGET_S:.0f} s)")  # fmt: skip
    for line in (*document["lost"], *document["done_twice"], *document["unclear_answers"]):
        print("  ", line)
    print(write_result(options.results, "kill_nine", document))


if __name__ == "__main__":
    main()
