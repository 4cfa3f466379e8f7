"""A thousand clients that are told ten things a second each, by one API process and by two.

    python -m benchmarks.speed.event_hub [--clients 1000] [--seconds 60]

Fifty athletes with twenty clients each; ten events a second happen to every athlete, written as the program writes
them: a row and a notification in the transaction of the change. That is 10,000 deliveries a second. A delivery's time
runs from just before the event is written until the client has the message. In a third run a tenth of the clients
stop reading while their athletes' events are large, and the memory of the API process is watched.

Clients and publisher are processes of their own on the same machine, so that four processes
or more and the database share its cores.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import secrets
import socket
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import numpy as np
from benchmarks.speed.api_load import own_database
from benchmarks.support import write_result
from tests.support.postgres import migrate
from tests.support.running_server import RunningServer, free_port

from topform.core.clock import SystemClock
from topform.core.ids import AthleteId
from topform.features.accounts.public import Sessions
from topform.features.athletes.public import add_athlete
from topform.platform.database import Database
from topform.platform.events import CHANNEL
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

CLIENTS_OF_ATHLETE = 20
EVENTS_PER_S = 10
ATHLETES_OF_TRANSACTION = 10
TARGET_P99_MS = {1: 100.0, 2: 200.0}
STALLED_SHARE = 0.1
STALLED_EVENT_BYTES = 8000
SETTLE_S = 2.0
# What `publish` does for one event, for a group of athletes at once, so that the publisher leaves the cores to others.
LOCKS = "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest($1::text[]) AS key"
EVENTS = """
WITH written AS (
    INSERT INTO events (athlete_id, type, data)
    SELECT athlete_id, 'activity.updated', data
    FROM unnest($2::uuid[], $3::jsonb[]) AS new (athlete_id, data)
    RETURNING athlete_id, id
)
SELECT pg_notify($1, athlete_id || ':' || id) FROM written
"""
HERE = Path(__file__).resolve().parent


@dataclass
class Heard:
    """What the clients of one process were told."""

    after_s: list[float] = field(default_factory=list)
    closed: int = 0
    resyncs: int = 0


class Listener(asyncio.Protocol):
    """A WebSocket client of a few lines: it shakes hands, subscribes and takes the time of each message."""

    def __init__(self, token: str, heard: Heard, ready: asyncio.Event, *, stalls: bool) -> None:
        self._token, self._heard, self._ready, self._stalls = token, heard, ready, stalls
        self._buffer = bytearray()
        self._is_open = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        transport.write(
            "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {self._token}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            head, separator, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not separator:
                return
            assert b" 101 " in head.split(b"\r\n")[0], head
            self._is_open, self._buffer = True, bytearray(rest)
            assert self._transport is not None
            self._transport.write(_frame(b'{"after":null}'))
            self._ready.set()
            if self._stalls:
                self._transport.pause_reading()
        now = time.time()
        while (message := self._next()) is not None:
            if b'"resync"' in message:
                self._heard.resyncs += 1
            elif b'"sent":' in message:
                self._heard.after_s.append(now - float(message.split(b'"sent":', 1)[1].split(b",", 1)[0]))

    def _next(self) -> bytes | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        length, start = buffer[1] & 0x7F, 2
        if length == 126:
            if len(buffer) < 4:
                return None
            length, start = int.from_bytes(buffer[2:4], "big"), 4
        if len(buffer) < start + length:
            return None
        message, is_ping = bytes(buffer[start : start + length]), buffer[0] & 0x0F == 9
        del buffer[: start + length]
        if is_ping and self._transport is not None:
            self._transport.write(_frame(message, opcode=10))
        return message

    def connection_lost(self, error: Exception | None) -> None:
        self._heard.closed += 1


def _frame(content: bytes, *, opcode: int = 1) -> bytes:
    mask = secrets.token_bytes(4)
    masked = bytes(value ^ mask[at % 4] for at, value in enumerate(content))
    return bytes([0x80 | opcode, 0x80 | len(content)]) + mask + masked


def _listen(ports: list[int], tokens: list[str], stalling: int, pipe: Any) -> None:
    """Run all clients in this process; tell when they stand, and what they heard when asked."""
    pipe.send(asyncio.run(_clients(ports, tokens, stalling, pipe)))


def _itself(listener: Listener) -> Listener:
    return listener


async def _clients(ports: list[int], tokens: list[str], stalling: int, pipe: Any) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    heard, sluggish = Heard(), Heard()
    transports = []
    for number, token in enumerate(tokens):
        ready = asyncio.Event()
        stalls = number // CLIENTS_OF_ATHLETE < stalling
        listener = Listener(token, sluggish if stalls else heard, ready, stalls=stalls)
        connection = socket.create_connection(("127.0.0.1", ports[number % len(ports)]))
        if stalls:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        transport, _ = await loop.create_connection(partial(_itself, listener), sock=connection)
        await asyncio.wait_for(ready.wait(), 60)
        transports.append(transport)
    await asyncio.sleep(SETTLE_S)
    heard.after_s.clear()
    pipe.send("listening")
    await loop.run_in_executor(None, pipe.recv)
    closed = heard.closed
    for transport in transports:
        transport.abort()
    return {"after_s": heard.after_s, "closed": closed, "resyncs": heard.resyncs, "stalled_closed": sluggish.closed}


def _publish(url: str, athletes: list[Any], stalling: int, seconds: float, pipe: Any) -> None:
    pipe.send(asyncio.run(_publishing(url, athletes, stalling, seconds)))


async def _publishing(url: str, athletes: list[Any], stalling: int, seconds: float) -> dict[str, float]:
    """Write events at set times; a group of athletes a transaction, the groups spread over the tenth of a second."""
    connection = await asyncpg.connect(url)
    groups = [
        list(enumerate(athletes))[at : at + ATHLETES_OF_TRANSACTION]
        for at in range(0, len(athletes), ATHLETES_OF_TRANSACTION)
    ]
    pause, late, written = 1 / EVENTS_PER_S / len(groups), [], 0
    due = time.perf_counter()
    end = due + seconds
    turn = 0
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        late.append(time.perf_counter() - due)
        sent = time.time()
        group = groups[turn % len(groups)]
        data = [
            json.dumps({"sent": sent, "filler": "x" * (STALLED_EVENT_BYTES if number < stalling else 200)})
            for number, _ in group
        ]
        async with connection.transaction():
            await connection.execute(LOCKS, [f"{CHANNEL}:{athlete_id}" for _, athlete_id in group])
            await connection.execute(EVENTS, CHANNEL, [athlete_id for _, athlete_id in group], data)
        written += len(group)
        turn += 1
        due += pause
    took = time.perf_counter() - (end - seconds)
    await connection.close()
    return {"events_per_s": round(written / took, 1), "publisher_late_p99_ms": round(1000 * _p(late, 99), 1)}


def _p(values: list[float], percent: float) -> float:
    return float(np.percentile(values, percent)) if values else float("nan")


async def _people(url: str, data_dir: Path, count: int) -> list[tuple[AthleteId, str]]:
    await migrate(url)
    settings = Settings(data_dir=data_dir, database_url=url)
    database = Database(url)
    resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
    now, found = resources.clock.now(), []
    for number in range(count):
        async with database.transaction() as session:
            athlete = await add_athlete(
                session,
                email=f"athlete{number}@example.org",
                display_name="Athlete",
                time_zone="UTC",
                units="metric",
                language="en",
                now=now,
            )
            assert athlete is not None
            _, tokens = await Sessions(resources).open(
                session, AthleteId(athlete.id), kind="tokens", device=None, now=now
            )
            assert tokens is not None
            found.append((AthleteId(athlete.id), tokens.token))
    await database.close()
    return found


def _resident_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("no memory in /proc")


def run(url: str, data_dir: Path, people: Any, *, processes: int, seconds: float, stalled: bool) -> dict[str, Any]:
    """Let the clients of all people listen to some API processes while events happen."""
    stalling = round(STALLED_SHARE * len(people)) if stalled else 0
    servers = []
    context = multiprocessing.get_context("spawn")
    try:
        for _ in range(processes):
            environment = {
                **{name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")},
                "TOPFORM_DATABASE_URL": url,
                "TOPFORM_DATA_DIR": str(data_dir),
                "TOPFORM_PORT": str(port := free_port()),
                "TOPFORM_LOG_FORMAT": "json",
            }
            servers.append(RunningServer(url, data_dir, port, environment))
            servers[-1].start_api()
        pids = [server._processes[0].pid for server in servers]
        ours, theirs = context.Pipe()
        tokens = [token for _, token in people for _ in range(CLIENTS_OF_ATHLETE)]
        clients = context.Process(
            target=_listen, args=([server.port for server in servers], tokens, stalling, theirs), daemon=True
        )
        clients.start()
        assert ours.recv() == "listening"
        before = [_resident_mib(pid) for pid in pids]
        load = os.getloadavg()[0]
        told, telling = context.Pipe()
        publisher = context.Process(
            target=_publish, args=(url, [one for one, _ in people], stalling, seconds, telling), daemon=True
        )
        publisher.start()
        largest = list(before)
        while not told.poll(0.5):
            largest = [max(pair) for pair in zip(largest, (_resident_mib(pid) for pid in pids), strict=True)]
        published = told.recv()
        time.sleep(SETTLE_S)
        ours.send("stop")
        heard = ours.recv()
        clients.join()
        publisher.join()
    finally:
        for server in servers:
            server.stop()
    listening = len(tokens) - stalling * CLIENTS_OF_ATHLETE
    expected = published["events_per_s"] * seconds / len(people) * listening
    return {
        "api_processes": processes,
        "clients": len(tokens),
        "stalled_clients": stalling * CLIENTS_OF_ATHLETE,
        "seconds": seconds,
        **published,
        "deliveries": len(heard["after_s"]),
        "delivered_of_expected": round(len(heard["after_s"]) / expected, 4),
        **{f"p{percent}_ms": round(1000 * _p(heard["after_s"], percent), 1) for percent in (50, 95, 99)},
        "clients_lost": heard["closed"],
        "stalled_clients_dropped": heard["stalled_closed"],
        "resyncs": heard["resyncs"],
        "memory_before_mib": [round(value, 1) for value in before],
        "memory_largest_mib": [round(value, 1) for value in largest],
        "load_average_before": round(load, 2),
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    runs = []
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        data_dir = Path(folder) / "data"
        with own_database(data_dir, fast=False) as url:
            people = asyncio.run(_people(url, data_dir, options.clients // CLIENTS_OF_ATHLETE))
            for processes, stalled in ((1, False), (2, False), (1, True)):
                one = run(url, data_dir, people, processes=processes, seconds=options.seconds, stalled=stalled)
                runs.append(one)
                print(json.dumps(one))
    print(f"{'processes':>9}{'stalled':>9}{'p50':>8}{'p95':>8}{'p99':>8} ms{'wanted':>8}{'memory':>16} MiB")
    for one in runs:
        wanted = TARGET_P99_MS[one["api_processes"]]
        memory = f"{max(one['memory_before_mib']):.0f} -> {max(one['memory_largest_mib']):.0f}"
        print(
            f"{one['api_processes']:9}{one['stalled_clients']:9}{one['p50_ms']:8.1f}{one['p95_ms']:8.1f}"
            f"{one['p99_ms']:8.1f}   {wanted:8.0f}{memory:>16}"
        )
    print(write_result(options.results, "event_hub", {"target_p99_ms": TARGET_P99_MS, "runs": runs}))


if __name__ == "__main__":
    main()
