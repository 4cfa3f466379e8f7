"""The worker's side of the job queue: running tasks, telling features of failures, recovering lost jobs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import DeleteJobCondition, Job
from procrastinate.tasks import Task
from procrastinate.worker import Worker
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from topform.core.clock import SystemClock
from topform.core.errors import TopFormError
from topform.platform.database import Database
from topform.platform.events import purge_events
from topform.platform.jobs import MAX_ATTEMPTS, QUEUES, SYSTEM_QUEUE, FailureHook, JobFailure, Jobs, LeftToNewer
from topform.platform.logs import get_logger
from topform.platform.tracing import TRACEPARENT, Kind, Tracer, read_traceparent
from topform.platform.web.idempotency import forget_old_keys
from topform.platform.web.rate_limits import forget_old_hits

PRUNE_WORKERS_AFTER_S = 120.0
SHUTDOWN_GRACE_S = 5.0
FINISHED_JOBS_KEPT_HOURS = 24 * 7

# A change applies only to the run of the job that was looked at; another process may have acted on it since.
SAME_RUN = "id = :id AND status = 'doing' AND attempts = :attempts AND worker_id IS NOT DISTINCT FROM :worker_id"
REQUEUE = text(
    f"UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, attempts = attempts + :counted, "  # noqa: S608
    f"scheduled_at = NULL WHERE {SAME_RUN} RETURNING id"
)
FINISH = text(
    f"UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status), worker_id = NULL, "  # noqa: S608
    f"attempts = attempts + 1 WHERE {SAME_RUN} RETURNING id"
)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RecoveryTiming:
    """How soon the jobs of a dead worker run again: between ``stalled_after_s`` and the sum of the last three."""

    heartbeat_s: float = 1.5
    stalled_after_s: float = 5.0
    every_s: int = 5
    second_look_s: float = 2.5


async def forget_workers(database: Database) -> None:
    """Declare all workers dead, so that their jobs are recovered at once; only for the owner of all workers."""
    async with database.transaction() as session:
        await session.execute(text("DELETE FROM procrastinate_workers"))


class JobRunner:
    """A worker in this process: the features' tasks, the recovery of lost jobs and an orderly end."""

    def __init__(
        self,
        database: Database,
        features: Iterable[Jobs],
        *,
        provides: Iterable[object] = (),
        queues: Iterable[str] = QUEUES,
        concurrency: int = 2,
        events_kept: timedelta = timedelta(days=14),
        timing: RecoveryTiming = RecoveryTiming(),
        tracer: Tracer | None = None,
    ) -> None:
        self._tracer = tracer
        self._timing = timing
        self._jobs_run = 0
        self._database = database
        self._queues = sorted(queues)
        self._concurrency = concurrency
        self._events_kept = events_kept
        self._provided: dict[str, object] = {type(thing).__name__: thing for thing in (database, *provides)}
        self._hooks: dict[str, FailureHook] = {}
        self._running: dict[int, Job] = {}
        self._stopping = asyncio.Event()
        connector = PsycopgConnector(
            conninfo=database.plain_url, min_size=1, max_size=4, kwargs={"application_name": "topform-worker"}
        )
        self._app = App(connector=connector)
        for feature in features:
            for task in feature.tasks.values():
                registered = self._app.task(
                    name=task.name,
                    queue=task.queue,
                    retry=task.retry,
                    pass_context=True,
                    queueing_lock=None if task.cron is None else task.name,
                )(task.function)
                if task.cron is not None:
                    self._app.periodic(cron=task.cron)(registered)
            self._hooks.update(feature.failure_hooks)
        self._app.tasks = _KnownTasks(
            self._app.tasks,
            newer=self._app.task(name="system.newer", retry=LeftToNewer(), pass_context=True)(_leave_to_newer),
        )
        # Recovery has a worker of its own: it must not wait for a long video to end.
        self._system_app = App(connector=connector)
        self._register_system_tasks()

    def provide(self, kind: type[Any], thing: object) -> None:
        """Provide a thing under a type that it conforms to without being an instance, such as a protocol."""
        self._provided[kind.__name__] = thing

    def stop(self) -> None:
        """Take no further job; `run` returns when the running ones have ended or were handed back."""
        self._stopping.set()

    async def run(self) -> None:
        """Run jobs until `stop`."""
        async with self._app.open_async():
            workers: list[Any] = [
                self._worker(self._app, self._queues, concurrency=self._concurrency),
                self._worker(self._system_app, [SYSTEM_QUEUE], concurrency=1, delete_jobs=DeleteJobCondition.ALWAYS),
            ]
            running = asyncio.create_task(_run_all(workers), name="job-runner")
            recovery = asyncio.create_task(self.recover_stalled_jobs(), name="first-recovery")
            stopping = asyncio.create_task(self._stopping.wait(), name="job-runner-stop")
            await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
            for task in (recovery, stopping):
                task.cancel()
            for worker in workers:
                worker.stop()
            _done, unfinished = await asyncio.wait([running], timeout=SHUTDOWN_GRACE_S)
            if unfinished:
                await self._hand_back_and_exit()
            await running

    async def run_until_idle(self) -> None:
        """Run the jobs that wait, and those they queue, then return; for commands without a server."""
        async with self._app.open_async():
            while True:
                before = self._jobs_run
                await self._worker(self._app, self._queues, concurrency=self._concurrency, wait=False).run()
                if self._jobs_run == before:
                    return

    def _worker(self, app: App, queues: list[str], **options: Any) -> Any:
        return Worker(
            app=app,
            queues=queues,
            install_signal_handlers=False,
            additional_context=self._provided,
            update_heartbeat_interval=self._timing.heartbeat_s,
            stalled_worker_timeout=PRUNE_WORKERS_AFTER_S,
            worker_middleware=[self._watch_job],
            **options,
        )

    async def _hand_back_and_exit(self) -> None:
        """Queue the unfinished jobs again and end the process: a computation in a thread cannot be interrupted."""
        for job in list(self._running.values()):
            log.info("job_handed_back", task=job.task_name, job_id=job.id)
            await self._requeue(job, counted=0)
        logging.shutdown()
        os._exit(0)

    # ---- failures ----------------------------------------------------------------------------------------------

    async def _watch_job(self, call_next: Callable[[], Awaitable[Any]], context: JobContext, _worker: Worker) -> Any:
        job = context.job
        assert job.id is not None
        self._running[job.id] = job
        self._jobs_run += 1
        origin = read_traceparent(job.task_kwargs.pop(TRACEPARENT, None))
        try:
            with self._span(job, origin):
                return await call_next()
        except (asyncio.CancelledError, JobAborted):
            raise
        except _NewerTaskError:
            log.info("job_left_to_newer_worker", task=job.task_name, job_id=job.id)
            raise
        except Exception as error:  # whatever a task raises is told to its feature and raised again
            await self._failed(context, error)
            raise
        finally:
            del self._running[job.id]

    def _span(self, job: Job, origin: tuple[str, str] | None) -> contextlib.AbstractContextManager[object]:
        if self._tracer is None:
            return contextlib.nullcontext()
        return _job_span(self._tracer, job, origin)

    async def _failed(self, context: JobContext, error: Exception) -> None:
        job = context.job
        is_final = context.task.get_retry_exception(exception=error, job=job) is None
        facts: dict[str, Any] = {"task": job.task_name, "job_id": job.id, "attempt": job.attempts + 1}
        if isinstance(error, TopFormError):
            log.info("job_refused", code=error.code, final=is_final, **facts)
        else:
            log.error("job_failed", final=is_final, exc_info=error, **facts)
        if is_final:
            await self._tell(job, error)

    async def _tell(self, job: Job, error: BaseException | None) -> None:
        hook = self._hooks.get(job.task_name)
        if hook is None:
            return
        assert job.id is not None
        failure = JobFailure(job.id, job.task_name, job.task_kwargs, job.attempts + 1, error)
        context = JobContext(
            app=self._app, job=job, start_timestamp=0.0, abort_reason=lambda: None, additional_context=self._provided
        )
        await hook(failure, context)

    # ---- recovery ----------------------------------------------------------------------------------------------

    def _register_system_tasks(self) -> None:
        @self._system_app.periodic(cron=f"* * * * * */{self._timing.every_s}")  # the sixth field is the second
        @self._system_app.task(
            name="system.retry_stalled_jobs", queue=SYSTEM_QUEUE, queueing_lock="system.retry_stalled_jobs", priority=1
        )
        async def retry_stalled_jobs(timestamp: int) -> None:
            await self.recover_stalled_jobs()

        @self._system_app.periodic(cron="17 * * * *")
        @self._system_app.task(name="system.purge", queue=SYSTEM_QUEUE, queueing_lock="system.purge")
        async def purge(timestamp: int) -> None:
            await self._purge()

    async def recover_stalled_jobs(self) -> None:
        """Give back the jobs of workers that are gone, after looking twice."""
        suspected = {job.id: job for job in await self._stalled()}
        if not suspected:
            return
        # After the machine slept, or when a worker's loop was held up, heartbeats look old although the worker lives.
        await asyncio.sleep(self._timing.second_look_s)
        for job in await self._stalled():
            before = suspected.get(job.id)
            if before is not None and (before.worker_id, before.attempts) == (job.worker_id, job.attempts):
                await self._recover(job)

    async def _stalled(self) -> list[Job]:
        return list(await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._timing.stalled_after_s))

    async def _recover(self, job: Job) -> None:
        """Queue a job again whose worker is gone; one that takes its workers along too often has failed."""
        facts = {"task": job.task_name, "job_id": job.id, "attempt": job.attempts + 1}
        if job.queue == SYSTEM_QUEUE:
            await self._finish(job, "aborted")  # the next tick queues another
        elif job.attempts + 1 < MAX_ATTEMPTS:
            if await self._requeue(job, counted=1):
                log.warning("job_recovered", **facts)
        else:
            log.error("job_gave_up", **facts)
            await self._tell(job, None)
            await self._finish(job, "failed")

    async def _requeue(self, job: Job, *, counted: int) -> bool:
        parameters = {"id": job.id, "attempts": job.attempts, "worker_id": job.worker_id, "counted": counted}
        try:
            async with self._database.transaction() as session:
                if await session.scalar(REQUEUE, parameters) is None:
                    return False
                notification = json.dumps({"type": "job_inserted", "job_id": job.id})
                for channel in ("procrastinate_any_queue_v1", f"procrastinate_queue_v1#{job.queue}"):
                    await session.execute(
                        text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": notification}
                    )
        except IntegrityError:
            # A job with the same queueing lock waits already and will do the same work.
            await self._finish(job, "aborted")
            return False
        return True

    async def _finish(self, job: Job, status: str) -> None:
        async with self._database.transaction() as session:
            await session.execute(
                FINISH, {"id": job.id, "attempts": job.attempts, "worker_id": job.worker_id, "status": status}
            )

    async def _purge(self) -> None:
        async with self._database.transaction() as session:
            await purge_events(session, clock=SystemClock(), kept=self._events_kept)
            await forget_old_keys(session, now=SystemClock().now())
            await forget_old_hits(session, now=SystemClock().now())
        await self._app.job_manager.delete_old_jobs(
            nb_hours=FINISHED_JOBS_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


class _KnownTasks(dict[str, Task[Any, Any, Any]]):
    """The tasks of this version; while an upgrade goes on, a newer API may queue others."""

    def __init__(self, known: dict[str, Task[Any, Any, Any]], *, newer: Task[Any, Any, Any]) -> None:
        super().__init__(known)
        self._newer = newer

    def get(self, name: str, default: Any = None) -> Any:
        """Return the task, or what is done about one that is not known."""
        return super().get(name, self._newer if default is None else default)


class _NewerTaskError(Exception):
    """This version has no such task."""


async def _leave_to_newer(_context: JobContext, /, **_arguments: Any) -> None:
    raise _NewerTaskError


@contextlib.contextmanager
def _job_span(tracer: Tracer, job: Job, origin: tuple[str, str] | None) -> Iterator[None]:
    with tracer.span(f"process {job.task_name}", Kind.CONSUMER, link=origin) as span:
        span.tell(
            {
                "messaging.destination.name": job.queue,
                "messaging.operation.name": job.task_name,
                "topform.job.attempt": job.attempts + 1,
            }
        )
        yield


async def _run_all(workers: Iterable[Any]) -> None:
    await asyncio.gather(*(worker.run() for worker in workers))
