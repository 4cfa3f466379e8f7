"""A worker process for tests: ``python -m tests.support.job_worker URL``; its tasks leave traces in a table."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence

from procrastinate import JobContext
from sqlalchemy import text

from topform.core.errors import DamagedFileError
from topform.platform.database import Database
from topform.platform.job_runner import JobRunner, RecoveryTiming
from topform.platform.jobs import JobFailure, Jobs, RetryUnexpected, provided

TRACES = """
CREATE TABLE IF NOT EXISTS traces (id bigserial PRIMARY KEY, key text, what text, pid int);
CREATE TABLE IF NOT EXISTS effects (key text PRIMARY KEY, value int);
"""
QUICKLY = RetryUnexpected(wait_s=0)

probe = Jobs("probe")


async def leave_trace(context: JobContext, key: str, what: str) -> None:
    """Record that something happened, in a transaction of its own."""
    async with provided(context, Database).transaction() as session:
        await session.execute(
            text("INSERT INTO traces (key, what, pid) VALUES (:key, :what, :pid)"),
            {"key": key, "what": what, "pid": os.getpid()},
        )


async def have_effect(context: JobContext, key: str) -> None:
    """Have the effect that must exist once, decided by a unique key."""
    async with provided(context, Database).transaction() as session:
        await session.execute(
            text("INSERT INTO effects (key, value) VALUES (:key, 1) ON CONFLICT (key) DO NOTHING"), {"key": key}
        )


@probe.task("slow_once", retry=QUICKLY)
async def slow_once(context: JobContext, *, key: str) -> None:
    """Take for ever the first time, be quick afterwards."""
    await leave_trace(context, key, "started")
    if context.job.attempts == 0:
        await asyncio.sleep(3600)
    await have_effect(context, key)


@probe.task("effect_then_silence", retry=QUICKLY)
async def effect_then_silence(context: JobContext, *, key: str) -> None:
    """Have the effect and hang before the receipt, the first time."""
    await have_effect(context, key)
    await leave_trace(context, key, "started")
    if context.job.attempts == 0:
        await asyncio.sleep(3600)


@probe.task("poison", retry=QUICKLY)
async def poison(context: JobContext, *, key: str) -> None:
    """Take the worker along each time."""
    await leave_trace(context, key, "started")
    os.kill(os.getpid(), signal.SIGKILL)


@probe.task("raises", retry=QUICKLY)
async def raises(context: JobContext, *, key: str) -> None:
    """Fail with a programming error each time."""
    await leave_trace(context, key, "started")
    raise ZeroDivisionError("the same bug each time")


@probe.task("refuses", retry=QUICKLY)
async def refuses(context: JobContext, *, key: str) -> None:
    """Fail with a typed error, which is an answer."""
    await leave_trace(context, key, "started")
    raise DamagedFileError("The file ends early.", file="a.fit", offset_bytes=12)


@probe.task("computes", retry=QUICKLY)
async def computes(context: JobContext, *, key: str, seconds: float) -> None:
    """Compute in a thread that cannot be interrupted."""
    await leave_trace(context, key, "started")
    await asyncio.to_thread(time.sleep, seconds)
    await have_effect(context, key)


@probe.task("quick", retry=QUICKLY)
async def quick(context: JobContext, *, key: str) -> None:
    """Have the effect and nothing else."""
    await leave_trace(context, key, "started")
    await have_effect(context, key)


for name in ("poison", "raises", "refuses"):

    @probe.on_failure(name)
    async def failed(failure: JobFailure, context: JobContext) -> None:
        """Record what the feature is told."""
        error = "lost" if failure.error is None else type(failure.error).__name__
        await leave_trace(context, str(failure.arguments["key"]), f"failed {error} after {failure.attempts}")


TIMINGS = {
    "default": RecoveryTiming(),
    "impatient": RecoveryTiming(heartbeat_s=0.3, stalled_after_s=1.5, every_s=1, second_look_s=0.6),
    "patient": RecoveryTiming(stalled_after_s=600.0),
}


async def run(url: str, *, concurrency: int, timing: RecoveryTiming) -> None:
    """Run until SIGTERM."""
    database = Database(url, pool_size=4)
    runner = JobRunner(database, [probe], concurrency=concurrency, timing=timing)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, runner.stop)
    await runner.run()
    await database.close()


def main(arguments: Sequence[str]) -> None:
    """Run with the URL, the concurrency and the timing given."""
    url, concurrency, timing = arguments
    asyncio.run(run(url, concurrency=int(concurrency), timing=TIMINGS[timing]))


if __name__ == "__main__":
    main(sys.argv[1:])
