"""Requests sent at set times whatever the answers do, over kept-alive connections.

A client that waits for an answer before it asks again hides every pause of the server. Here each request has its
moment, drawn from a Poisson process, and its time runs from that moment on, whether or not a connection was free.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

LIMIT = 2**20


@dataclass(frozen=True, slots=True)
class Request:
    """A GET with its bearer token; the name is what its times are told under."""

    name: str
    path: str
    token: str


@dataclass
class Times:
    """What came back."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    bytes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)

    def row(self, name: str) -> dict[str, float]:
        """Return the percentiles of one kind of request. [ms]"""
        values = 1000 * np.array(self.seconds[name])
        p50, p95, p99 = np.percentile(values, (50, 95, 99))
        return {
            "requests": len(values),
            "p50_ms": round(float(p50), 1),
            "p95_ms": round(float(p95), 1),
            "p99_ms": round(float(p99), 1),
            "kib": round(float(np.mean(self.bytes[name])) / 1024, 1),
        }


class _Connections:
    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, request: Request) -> tuple[int, int]:
        """Return the status and the size of the answer's body.

        A connection that the server has closed while it was idle is replaced, as every client does (RFC 9112, 9.3.1).
        """
        while self._free:
            connection = self._free.pop()
            if not connection[0].at_eof():
                try:
                    return await self._ask(connection, request)
                except (asyncio.IncompleteReadError, ConnectionError):
                    continue
        return await self._ask(await asyncio.open_connection(*self._address, limit=LIMIT), request)

    async def _ask(
        self, connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: Request
    ) -> tuple[int, int]:
        reader, writer = connection
        writer.write(
            f"GET {request.path} HTTP/1.1\r\nHost: {self._address[0]}\r\n"
            f"Authorization: Bearer {request.token}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        await reader.readexactly(length)
        self._free.append(connection)
        return int(head[9:12]), length

    def close(self) -> None:
        for _, writer in self._free:
            writer.close()


async def drive(
    host: str, port: int, *, choose: Callable[[], Request], rate_per_s: float, seconds: float, seed: int = 0
) -> Times:
    """Send requests for a while and return their times."""
    rng = np.random.default_rng(seed)
    connections, times, running = _Connections(host, port), Times(), set[asyncio.Task[None]]()

    async def ask(request: Request, due: float) -> None:
        status, size = await connections.get(request)
        times.seconds[request.name].append(time.perf_counter() - due)
        times.bytes[request.name].append(size)
        if status != 200:
            times.failures.append(f"{request.path.partition('?')[0]}: {status}")

    due = time.perf_counter()
    end = due + seconds
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(ask(choose(), due))
        running.add(task)
        task.add_done_callback(running.discard)
        due += float(rng.exponential(1 / rate_per_s))
    await asyncio.gather(*running)
    connections.close()
    return times
