"""The worker's side of a job: begin, report, end. A job may run more than once; its end is written once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from procrastinate import JobContext
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.documents import plain
from topform.core.errors import TopFormError
from topform.core.ids import AthleteId
from topform.features.jobs.repository import JobRepository
from topform.features.jobs.service import announce
from topform.platform.jobs import JobFailure, provided
from topform.platform.outages import OUTAGES, outage_of
from topform.platform.web.resources import Resources

REPORT_EVERY_S = 0.3
ENDED = frozenset({"succeeded", "failed"})


class JobGaveUpError(TopFormError):
    """The job ended its worker several times."""

    code = "job_gave_up"


class InternalError(TopFormError):
    """A defect of TopForm, not of the input."""

    code = "internal_error"


@dataclass(slots=True)
class JobRun:
    """One attempt at a job."""

    job_id: UUID
    athlete_id: AthleteId
    file_name: str | None
    input: Mapping[str, Any]
    result: dict[str, Any] | None
    resources: Resources
    _reported_at: float

    async def report(self, progress: float, stage: str, *, at_once: bool = False) -> None:
        """Tell how far the job is; called too often, only some reports are written."""
        moment = time.monotonic()
        if not at_once and moment - self._reported_at < REPORT_EVERY_S:
            return
        self._reported_at = moment
        async with self.resources.database.transaction() as session:
            await self.write(session, {"progress": min(max(progress, 0.0), 1.0), "stage": stage})

    def reporter(self) -> Callable[[float, str], None]:
        """Return a function for code in another thread that reports without waiting."""
        loop = asyncio.get_running_loop()
        started_at = 0.0

        def report(progress: float, stage: str) -> None:
            nonlocal started_at
            moment = time.monotonic()
            if moment - started_at >= REPORT_EVERY_S:
                started_at = moment
                asyncio.run_coroutine_threadsafe(self.report(progress, stage, at_once=True), loop)

        return report

    async def is_open(self, session: AsyncSession) -> bool:
        """Tell whether the job has not ended; until the transaction is over no one else can end it."""
        row = await JobRepository(session).for_worker(self.job_id)
        return row is not None and row.state not in ENDED

    async def write(self, session: AsyncSession, values: Mapping[str, Any]) -> None:
        """Write the job's fields in the caller's transaction, unless the job has ended meanwhile."""
        if not await self.is_open(session):
            return
        written = await JobRepository(session).write(self.job_id, values, now=self.resources.clock.now())
        if written is not None:
            await announce(session, written)

    async def succeed(self, session: AsyncSession, result: Mapping[str, Any]) -> None:
        """End the job well, in the transaction that stores its effect."""
        await self.write(
            session,
            {"state": "succeeded", "progress": 1.0, "stage": None, "result": plain(result), "error": None},
        )

    async def fail(self, session: AsyncSession, error: TopFormError, result: Mapping[str, Any] | None = None) -> None:
        """End the job with a reason."""
        values: dict[str, Any] = {"state": "failed", "stage": None, "error": plain(error.as_dict())}
        if result is not None:
            values["result"] = plain(result)
        await self.write(session, values)


@asynccontextmanager
async def run_job(resources: Resources, job_id: UUID, *, stage: str | None = None) -> AsyncIterator[JobRun | None]:
    """Begin an attempt, at a stage if it has any; yields None when there is nothing left to do.

    The file uploaded for the job is deleted at its end. A typed error raised inside is an answer: it ends the job as
    failed. Outages and any other exception go on to the queue, which tries again and reports a failure that stays to
    `job_failed_for_good`.
    """
    run = await _begin(resources, job_id, stage=stage)
    if run is None:
        yield None
        return
    try:
        yield run
    except OUTAGES:
        raise
    except TopFormError as error:
        if error.file is None:
            error.file = run.file_name
        async with resources.database.transaction() as session:
            await run.fail(session, error)
    await _forget_upload(resources, run.input)


async def job_failed_for_good(failure: JobFailure, context: JobContext | None) -> None:
    """End the job of a task that the queue will not try again."""
    if context is None:
        return
    resources = provided(context, Resources)
    run = await _begin(resources, UUID(failure.arguments["job_id"]))
    if run is None:
        return
    error: TopFormError
    outage = None if failure.error is None else outage_of(failure.error)
    if isinstance(failure.error, TopFormError):
        error = failure.error
    elif outage is not None:
        error = outage
    elif failure.error is None:
        error = JobGaveUpError(
            f"The worker stopped {failure.attempts} times while doing this job.",
            remedy="The file may need more memory than this machine has; try a smaller one.",
        )
    else:
        error = InternalError(
            "TopForm could not do this because of a defect of its own.",
            remedy="Please report it with the time of this job and the server's log.",
        )
    error.file = error.file or run.file_name
    async with resources.database.transaction() as session:
        await run.fail(session, error)
    await _forget_upload(resources, run.input)


async def _forget_upload(resources: Resources, job_input: Mapping[str, Any]) -> None:
    """Delete what was uploaded for a job that has ended; what is to be kept has been stored elsewhere."""
    if "object_key" in job_input:
        await resources.store.delete(job_input["object_key"])


async def _begin(resources: Resources, job_id: UUID, *, stage: str | None = None) -> JobRun | None:
    begun: dict[str, Any] = {"state": "running"} | ({} if stage is None else {"progress": 0.0, "stage": stage})
    async with resources.database.transaction() as session:
        jobs = JobRepository(session)
        row = await jobs.for_worker(job_id)
        if row is None:
            return None
        if row.state in ENDED:
            await _forget_upload(resources, row.input)
            return None
        run = JobRun(
            job_id=row.id,
            athlete_id=AthleteId(row.athlete_id),
            file_name=row.file_name,
            input=row.input,
            result=row.result,
            resources=resources,
            _reported_at=float("-inf") if stage is None else time.monotonic(),
        )
        written = await jobs.write(job_id, begun, now=resources.clock.now())
        if written is not None:
            await announce(session, written)
        return run
