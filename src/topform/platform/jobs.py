"""Durable jobs on the same PostgreSQL: deferred inside the caller's transaction, run by workers, never lost.

A job can run twice: a worker may die after the effect and before the receipt. Its effect must therefore be decided by
a unique key or a state check in the database, inside one transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar, cast

from procrastinate import JobContext
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import TopFormError
from topform.platform.outages import OUTAGES, outage_of
from topform.platform.tracing import TRACEPARENT, current_traceparent

DEFAULT_QUEUE = "default"
VIDEO_QUEUE = "video"
TRAINING_QUEUE = "training"
SYSTEM_QUEUE = "system"
QUEUES = (DEFAULT_QUEUE, VIDEO_QUEUE, TRAINING_QUEUE)

MAX_ATTEMPTS = 3
MAX_ATTEMPTS_IN_OUTAGE = 30
MAX_TIMES_LEFT = 360
LEFT_FOR_S = 10
LONGEST_WAIT_S = 60

T = TypeVar("T")

DEFER_SQL = text(
    """
    SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:queue AS varchar), CAST(:task AS varchar), CAST(:priority AS integer), CAST(:lock AS text),
        CAST(:queueing_lock AS text), CAST(:args AS jsonb), now() + CAST(:delay AS interval)
    )::procrastinate_job_to_defer_v1]))
    """
)


@dataclass(frozen=True, slots=True)
class JobFailure:
    """A job that will not be tried again; ``error`` is None when its worker died each time."""

    job_id: int
    task: str
    arguments: Mapping[str, Any]
    attempts: int
    error: BaseException | None


DEADLOCK: Final = "40P01"
"""PostgreSQL's code for it."""

TaskFunction = Callable[..., Awaitable[Any]]
FailureHook = Callable[[JobFailure, JobContext], Awaitable[None]]


class RetryUnexpected(BaseRetryStrategy):
    """Try again after failures that may pass, for half an hour while the disk is full or a store is away.

    Any other typed error is an answer and is final at once.
    """

    def __init__(self, *, max_attempts: int = MAX_ATTEMPTS, wait_s: int = 2) -> None:
        self.max_attempts = max_attempts
        self.wait_s = wait_s

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or None to give up; a job cut off by a shutdown goes back at once."""
        if isinstance(exception, (asyncio.CancelledError, JobAborted)):
            return RetryDecision(retry_in={"seconds": 0})
        is_outage = outage_of(exception) is not None
        if isinstance(exception, TopFormError) and not is_outage:
            return None
        if job.attempts + 1 >= (MAX_ATTEMPTS_IN_OUTAGE if is_outage else self.max_attempts):
            return None
        # PostgreSQL ended this one of two that waited for each other; the other goes on, so nothing is in the way now.
        wait_s = 0 if lost_a_deadlock(exception) else self.wait_s * 4 ** min(job.attempts, 5)
        return RetryDecision(retry_in={"seconds": min(wait_s, LONGEST_WAIT_S)})


def lost_a_deadlock(exception: BaseException) -> bool:
    """Tell whether PostgreSQL ended a transaction because it and another waited for each other."""
    said = exception.__cause__ if isinstance(exception, OUTAGES) else exception
    return isinstance(said, DBAPIError) and getattr(said.orig, "sqlstate", None) == DEADLOCK


class LeftToNewer(BaseRetryStrategy):
    """Puts a job of a newer version back for a worker that knows it, for up to an hour."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when another worker may look at it."""
        if job.attempts >= MAX_TIMES_LEFT:
            return None
        return RetryDecision(retry_in={"seconds": LEFT_FOR_S})


RETRY = RetryUnexpected()


@dataclass(frozen=True, slots=True)
class JobTask:
    """A registered task: what `defer` is given and a worker runs."""

    name: str
    queue: str
    retry: BaseRetryStrategy
    function: TaskFunction
    cron: str | None = None
    """When it is queued by itself, in UTC; the function then takes the ``timestamp``."""


class Jobs:
    """The tasks of one feature, and who learns when one of them has failed for good.

    ``@jobs.task("import_upload")`` names the task ``<feature>.import_upload``. ``@jobs.on_failure("import_upload")``
    registers an async function that receives the `JobFailure`; it may be called twice for one job.
    """

    def __init__(self, feature: str) -> None:
        self.feature = feature
        self.tasks: dict[str, JobTask] = {}
        self.failure_hooks: dict[str, FailureHook] = {}

    def task(
        self, name: str, *, queue: str = DEFAULT_QUEUE, retry: BaseRetryStrategy = RETRY, cron: str | None = None
    ) -> Callable[[TaskFunction], JobTask]:
        """Register an ``async def`` task: first argument the `JobContext`, then the arguments given to `defer`.

        With ``cron`` it is queued regularly, once however many workers there are and never while one waits already.
        """
        _require_queue(queue)
        full_name = f"{self.feature}.{name}"

        def register(function: TaskFunction) -> JobTask:
            self.tasks[full_name] = JobTask(full_name, queue, retry, function, cron)
            return self.tasks[full_name]

        return register

    def on_failure(self, name: str) -> Callable[[FailureHook], FailureHook]:
        """Register who learns that a job of this task has failed for good; `provided` works on its context."""

        def register(hook: FailureHook) -> FailureHook:
            self.failure_hooks[f"{self.feature}.{name}"] = hook
            return hook

        return register


def provided(context: JobContext, kind: type[T]) -> T:
    """Return what the worker's entry point provides under this type (`Database`, `ObjectStore`, `Settings`, ...)."""
    return cast(T, context.additional_context[kind.__name__])


async def defer(
    session: AsyncSession,
    task: str | JobTask,
    *,
    queue: str = DEFAULT_QUEUE,
    priority: int = 0,
    lock: str | None = None,
    queueing_lock: str | None = None,
    delay: timedelta | None = None,
    **args: Any,
) -> int | None:
    """Queue a job in the caller's transaction and return its id: it exists if, and only if, the transaction commits.

    Jobs with the same ``lock`` run one after the other. With a ``queueing_lock`` at most one such job waits; the
    answer is None when one waits already. Arguments become JSON: ids may be UUIDs, which arrive as strings.
    """
    if isinstance(task, JobTask):
        queue = task.queue if queue == DEFAULT_QUEUE else queue
    _require_queue(queue)
    parameters = {
        "queue": queue,
        "task": task.name if isinstance(task, JobTask) else task,
        "priority": priority,
        "lock": lock,
        "queueing_lock": queueing_lock,
        "args": json.dumps(args | _origin(), default=str),
        "delay": delay,
    }
    try:
        async with session.begin_nested() if queueing_lock is not None else contextlib.nullcontext():
            job_id: int | None = await session.scalar(DEFER_SQL, parameters)
    except IntegrityError as error:
        if "queueing_lock" not in str(error.orig):
            raise
        return None
    return job_id


def _origin() -> dict[str, str]:
    """Return what names the request that a job comes from, where traces are made; the runner takes it out again."""
    traceparent = current_traceparent()
    return {} if traceparent is None else {TRACEPARENT: traceparent}


def _require_queue(queue: str) -> None:
    if queue not in (*QUEUES, SYSTEM_QUEUE):
        raise ValueError(f"no worker reads the queue {queue!r}; the queues are {', '.join(QUEUES)}")
