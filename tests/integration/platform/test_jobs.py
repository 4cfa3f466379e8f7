"""Jobs: queued with the transaction, never lost, never endless, and features learn of failures."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from procrastinate import JobContext
from sqlalchemy import text
from tests.support import job_worker
from tests.support.shared_data import REPOSITORY

from topform.platform.database import Database
from topform.platform.job_runner import JobRunner, forget_workers
from topform.platform.jobs import MAX_ATTEMPTS, VIDEO_QUEUE, JobFailure, Jobs, RetryUnexpected, defer, provided

StartWorker = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
async def traced(database: Database) -> Database:
    async with database.transaction() as session:
        for statement in filter(str.strip, job_worker.TRACES.split(";")):
            await session.execute(text(statement))
    return database


@pytest.fixture
def start_worker(database_url: str) -> Iterator[StartWorker]:
    started: list[subprocess.Popen[str]] = []

    def start(concurrency: int = 2, timing: str = "impatient") -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.support.job_worker", database_url, str(concurrency), timing],
            cwd=REPOSITORY,
            text=True,
            stderr=subprocess.PIPE,
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.communicate()


async def queue(database: Database, task: Any, **arguments: Any) -> int:
    async with database.transaction() as session:
        job_id = await defer(session, task, **arguments)
    assert job_id is not None
    return job_id


async def rows(database: Database, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    async with database.transaction() as session:
        return [tuple(row) for row in await session.execute(text(sql), parameters)]


async def status(database: Database, job_id: int) -> tuple[str, int]:
    ((state, attempts),) = await rows(
        database, "SELECT CAST(status AS text), attempts FROM procrastinate_jobs WHERE id = :id", id=job_id
    )
    return state, attempts


async def until_status(database: Database, job_id: int, wanted: str, *, patience_s: float = 60.0) -> int:
    async with asyncio.timeout(patience_s):
        while True:
            state, attempts = await status(database, job_id)
            if state == wanted:
                return attempts
            await asyncio.sleep(0.05)


async def until_traces(database: Database, key: str, count: int, *, patience_s: float = 60.0) -> list[tuple[Any, ...]]:
    async with asyncio.timeout(patience_s):
        while True:
            found = await rows(database, "SELECT what, pid FROM traces WHERE key = :key ORDER BY id", key=key)
            if len(found) >= count:
                return found
            await asyncio.sleep(0.05)


# ---- queueing -------------------------------------------------------------------------------------------------------


async def test_a_job_exists_only_if_the_transaction_commits(database: Database) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with database.transaction() as session:
            await defer(session, "activities.import_upload", upload="u1")
            raise RuntimeError("no")
    assert await rows(database, "SELECT id FROM procrastinate_jobs") == []
    job_id = await queue(database, "activities.import_upload", upload=UUID(int=7), lock="athlete-7")
    assert await rows(
        database, "SELECT id, task_name, queue_name, lock, CAST(args AS text), scheduled_at FROM procrastinate_jobs"
    ) == [
        (job_id, "activities.import_upload", "default", "athlete-7",
         '{"upload": "00000000-0000-0000-0000-000000000007"}', None)
    ]  # fmt: skip


async def test_a_delayed_job_waits(database: Database) -> None:
    await queue(database, "later", delay=timedelta(hours=2))
    ((wait,),) = await rows(database, "SELECT scheduled_at - now() FROM procrastinate_jobs")
    assert timedelta(hours=1, minutes=59) < wait <= timedelta(hours=2)


async def test_with_a_queueing_lock_one_waits_and_the_callers_work_survives(traced: Database) -> None:
    async with traced.transaction() as session:
        first = await defer(session, "fitness.recompute", queueing_lock="fitness-7")
        await session.execute(text("INSERT INTO effects (key, value) VALUES ('before', 1)"))
        second = await defer(session, "fitness.recompute", queueing_lock="fitness-7")
    assert first is not None
    assert second is None
    assert await rows(traced, "SELECT key FROM effects") == [("before",)]
    assert len(await rows(traced, "SELECT id FROM procrastinate_jobs")) == 1


async def test_a_queue_that_no_worker_reads_is_refused(database: Database) -> None:
    async with database.transaction() as session:
        with pytest.raises(ValueError, match="no worker reads the queue 'vidoe'"):
            await defer(session, "form_checks.analyse", queue="vidoe")
    with pytest.raises(ValueError, match="no worker reads"):
        Jobs("x").task("y", queue="vidoe")


async def test_a_task_brings_its_queue(database: Database) -> None:
    jobs = Jobs("form_checks")

    @jobs.task("analyse", queue=VIDEO_QUEUE)
    async def analyse(context: JobContext) -> None:
        raise AssertionError("never run here")

    await queue(database, analyse)
    assert await rows(database, "SELECT queue_name, task_name FROM procrastinate_jobs") == [
        ("video", "form_checks.analyse")
    ]


# ---- running in this process ----------------------------------------------------------------------------------------


@pytest.fixture
async def greeted() -> AsyncIterator[list[str]]:
    yield []


async def test_a_command_can_run_the_jobs_itself(database: Database, greeted: list[str]) -> None:
    jobs = Jobs("test")

    @jobs.task("greet")
    async def greet(context: JobContext, *, name: str) -> None:
        assert provided(context, Database) is database
        greeted.append(name)
        if name == "Ada":
            async with provided(context, Database).transaction() as session:
                await defer(session, greet, name="Grace")

    await queue(database, greet, name="Ada")
    await JobRunner(database, [jobs]).run_until_idle()
    assert greeted == ["Ada", "Grace"]


async def test_a_typed_error_is_final_at_once_and_an_unexpected_one_after_the_last_attempt(
    traced: Database,
) -> None:
    refused = await queue(traced, job_worker.refuses, key="refused")
    raised = await queue(traced, job_worker.raises, key="raised")
    for _ in range(MAX_ATTEMPTS):
        await JobRunner(traced, [job_worker.probe]).run_until_idle()
    assert await status(traced, refused) == ("failed", 1)
    assert await status(traced, raised) == ("failed", MAX_ATTEMPTS)
    assert [what for what, _ in await until_traces(traced, "refused", 2)] == [
        "started",
        "failed DamagedFileError after 1",
    ]
    assert [what for what, _ in await until_traces(traced, "raised", 4)] == [
        "started",
        "started",
        "started",
        "failed ZeroDivisionError after 3",
    ]


async def test_who_loses_a_deadlock_goes_on_at_once(database: Database) -> None:
    jobs, met, done = Jobs("test"), asyncio.Barrier(2), []

    @jobs.task("meets", retry=RetryUnexpected(wait_s=600))
    async def meets(context: JobContext, *, first: int, second: int) -> None:
        async with database.transaction() as session:
            await session.execute(text(f"SELECT pg_advisory_xact_lock({first})"))
            if context.job.attempts == 0:
                await met.wait()
            await session.execute(text(f"SELECT pg_advisory_xact_lock({second})"))
        done.append(first)

    ids = [await queue(database, meets, first=one, second=other) for one, other in ((1, 2), (2, 1))]
    runner = JobRunner(database, [jobs], concurrency=2)
    for _ in range(100):  # The loser may be due a moment after nothing else is.
        await runner.run_until_idle()
        if len(done) == 2:
            break
        await asyncio.sleep(0.05)
    assert sorted(done) == [1, 2]
    assert sorted([await status(database, job_id) for job_id in ids]) == [("succeeded", 1), ("succeeded", 2)]


async def test_waits_grow_between_attempts(database: Database) -> None:
    jobs = Jobs("test")

    @jobs.task("fails", retry=RetryUnexpected(wait_s=10))
    async def fails(context: JobContext) -> None:
        raise ZeroDivisionError

    job_id = await queue(database, fails)
    waits = []
    for _ in range(2):
        await JobRunner(database, [jobs]).run_until_idle()
        ((wait,),) = await rows(database, "SELECT scheduled_at - now() FROM procrastinate_jobs")
        waits.append(round(wait.total_seconds(), -1))
        await rows(database, "UPDATE procrastinate_jobs SET scheduled_at = now() RETURNING id")
    assert waits == [10, 40]
    await JobRunner(database, [jobs]).run_until_idle()
    assert await status(database, job_id) == ("failed", 3)


async def test_the_feature_is_told_before_the_job_is_closed(database: Database) -> None:
    """So that a worker that dies in between leaves an open job, whose failure is told again."""
    jobs = Jobs("test")
    told: list[JobFailure] = []

    @jobs.task("fails", retry=RetryUnexpected(max_attempts=1))
    async def fails(context: JobContext) -> None:
        raise ZeroDivisionError

    @jobs.on_failure("fails")
    async def hear(failure: JobFailure, context: JobContext) -> None:
        assert (await status(database, failure.job_id))[0] == "doing"
        told.append(failure)

    job_id = await queue(database, fails)
    await JobRunner(database, [jobs]).run_until_idle()
    assert [(failure.job_id, failure.attempts, type(failure.error)) for failure in told] == [
        (job_id, 1, ZeroDivisionError)
    ]
    assert await status(database, job_id) == ("failed", 1)


# ---- death of workers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["slow_once", "effect_then_silence"])
async def test_a_job_survives_the_death_of_its_worker_and_its_effect_exists_once(
    traced: Database, start_worker: StartWorker, task: str
) -> None:
    job_id = await queue(traced, f"probe.{task}", key="k")
    victim = start_worker(timing="default")
    assert await until_traces(traced, "k", 1) == [("started", victim.pid)]
    survivor = start_worker(timing="default")
    await asyncio.sleep(1.0)
    victim.send_signal(signal.SIGKILL)
    assert await until_status(traced, job_id, "succeeded") == 2
    assert [pid for _what, pid in await until_traces(traced, "k", 2)] == [victim.pid, survivor.pid]
    assert await rows(traced, "SELECT key, value FROM effects") == [("k", 1)]


async def test_a_restarted_installation_takes_up_its_jobs_without_waiting_for_heartbeats_to_age(
    traced: Database, start_worker: StartWorker
) -> None:
    job_id = await queue(traced, job_worker.slow_once, key="k")
    victim = start_worker(timing="default")
    await until_traces(traced, "k", 1)
    victim.kill()
    victim.wait()
    await forget_workers(traced)
    start_worker(timing="patient")
    assert await until_status(traced, job_id, "succeeded") == 2


async def test_a_living_worker_keeps_its_long_job(traced: Database, start_worker: StartWorker) -> None:
    job_id = await queue(traced, job_worker.computes, key="k", seconds=5.0)
    start_worker()
    start_worker()
    assert await until_status(traced, job_id, "succeeded", patience_s=40) == 1
    assert len(await until_traces(traced, "k", 1)) == 1


async def test_a_job_that_kills_its_workers_ends_as_failed_and_the_feature_is_told(
    traced: Database, start_worker: StartWorker
) -> None:
    job_id = await queue(traced, job_worker.poison, key="k")
    worker = start_worker()
    async with asyncio.timeout(90):
        while (await status(traced, job_id))[0] != "failed":
            if worker.poll() is not None:  # what the supervisor does
                worker = start_worker()
            await asyncio.sleep(0.1)
    assert await status(traced, job_id) == ("failed", MAX_ATTEMPTS)
    traces = await until_traces(traced, "k", MAX_ATTEMPTS + 1)
    seen = [what for what, _ in traces]
    assert seen[:MAX_ATTEMPTS] == ["started"] * MAX_ATTEMPTS
    # Two workers may find the lost job at once: the hook may be called twice, and says so.
    assert set(seen[MAX_ATTEMPTS:]) == {f"failed lost after {MAX_ATTEMPTS}"}
    after = await queue(traced, job_worker.quick, key="after")
    await until_status(traced, after, "succeeded")


async def test_a_stopped_worker_hands_back_what_it_cannot_finish(traced: Database, start_worker: StartWorker) -> None:
    job_id = await queue(traced, job_worker.computes, key="k", seconds=600.0)
    worker = start_worker()
    await until_traces(traced, "k", 1)
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 60) == 0
    assert await status(traced, job_id) == ("todo", 0)
    assert worker.stderr is not None
    assert "Traceback" not in worker.stderr.read()


async def test_a_stopped_worker_finishes_what_is_nearly_done(traced: Database, start_worker: StartWorker) -> None:
    job_id = await queue(traced, job_worker.computes, key="k", seconds=2.0)
    worker = start_worker()
    await until_traces(traced, "k", 1)
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 60) == 0
    assert await status(traced, job_id) == ("succeeded", 1)


async def test_recovery_does_not_wait_for_busy_workers(traced: Database, start_worker: StartWorker) -> None:
    lost = await queue(traced, job_worker.slow_once, key="lost")
    victim = start_worker(1)
    await until_traces(traced, "lost", 1)
    busy = await queue(traced, job_worker.computes, key="busy", seconds=600.0)
    start_worker(1)
    await until_traces(traced, "busy", 1)
    os.kill(victim.pid, signal.SIGKILL)
    attempts = await until_status(traced, lost, "todo", patience_s=30)
    assert attempts == 1
    assert (await status(traced, busy))[0] == "doing"


async def test_the_recovery_leaves_no_finished_jobs_behind(traced: Database, start_worker: StartWorker) -> None:
    start_worker()
    async with asyncio.timeout(60):
        while await rows(traced, "SELECT 1 FROM procrastinate_periodic_defers") == []:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await asyncio.sleep(2)
    done = await rows(traced, "SELECT task_name FROM procrastinate_jobs WHERE status = 'succeeded'")
    assert done == []


# ---- upgrades -------------------------------------------------------------------------------------------------------


async def test_a_job_of_a_newer_version_is_left_to_a_worker_that_knows_it(database: Database) -> None:
    job_id = await queue(database, "notices.later_invention", number=7)
    await JobRunner(database, [Jobs("notices")]).run_until_idle()
    assert await status(database, job_id) == ("todo", 1)
    ((wait,),) = await rows(database, "SELECT scheduled_at - now() FROM procrastinate_jobs")
    assert timedelta() < wait <= timedelta(seconds=10)
    await rows(database, "UPDATE procrastinate_jobs SET scheduled_at = NULL RETURNING id")
    newer, seen = Jobs("notices"), list[int]()

    @newer.task("later_invention")
    async def later_invention(_context: JobContext, number: int) -> None:
        seen.append(number)

    await JobRunner(database, [newer]).run_until_idle()
    assert seen == [7]
    assert await status(database, job_id) == ("succeeded", 2)
