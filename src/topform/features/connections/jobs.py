"""The worker's side of connected services: runs, the regular look, and disconnecting."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from procrastinate import JobContext

from topform.core.errors import TopFormError
from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete
from topform.features.connections.catalog import open_provider
from topform.features.connections.disconnecting import disconnect_now
from topform.features.connections.repository import OPEN_STATES, ConnectionRepository
from topform.features.connections.runs import queue_run
from topform.features.connections.syncing import Sync, connection_after
from topform.features.connections.tables import SyncRunRow
from topform.features.connections.tasks import DISCONNECT, DISCONNECT_TASK, FEATURE, SYNC, SYNC_DUE, SYNC_TASK
from topform.platform.jobs import JobFailure, Jobs, defer, provided
from topform.platform.web.resources import Resources

LOOK_EVERY: Final = timedelta(hours=1)
LOOK_AT_FOLDERS_EVERY: Final = timedelta(minutes=1)
DISCONNECT_ATTEMPTS: Final = 5
DISCONNECT_RETRY: Final = timedelta(minutes=1)

jobs = Jobs(FEATURE)


class SyncBrokenError(TopFormError):
    """A run ended for a reason that is TopForm's own."""

    code = "sync_broken"


@jobs.task(SYNC)
async def sync(context: JobContext, *, run_id: str) -> None:
    """Do what is left of a run; while the service asks us to wait, the job waits in the queue."""
    resources = provided(context, Resources)
    run = await _begin(resources, UUID(run_id))
    if run is None:
        return
    async with resources.database.transaction() as session:
        athlete_id = AthleteId(run.athlete_id)
        connection = await ConnectionRepository(session).visible(athlete_id, run.connection_id)
        athlete = await get_athlete(session, athlete_id)
    if connection is None or connection.state != "active":
        await _abandon(resources, run)
        return
    async with open_provider(resources, connection.provider, athlete=athlete) as provider:
        wait = await Sync(resources, provider, run).work()
    if wait is not None:
        async with resources.database.transaction() as session:
            await defer(session, SYNC_TASK, lock=f"connection:{run.connection_id}", delay=wait, run_id=run_id)


async def _begin(resources: Resources, run_id: UUID) -> SyncRunRow | None:
    """Return the run, now running; None when there is nothing left to do."""
    async with resources.database.transaction() as session:
        repository = ConnectionRepository(session)
        run = await repository.run_for_worker(run_id, lock=True)
        if run is None or run.state not in OPEN_STATES:
            return None
        now, athlete_id = resources.clock.now(), AthleteId(run.athlete_id)
        await repository.change_run(athlete_id, run_id, {"state": "running", "retry_at": None}, now=now)
        await repository.change(athlete_id, run.connection_id, {"last_attempt_at": now}, now=now)
        session.expunge(run)
        return run


async def _abandon(resources: Resources, run: SyncRunRow) -> None:
    """End a run whose connection gives no access any more; the connection says why."""
    now = resources.clock.now()
    problem = {"code": "connection_closed", "message": "The service gave no access any more.", "remedy": None}
    async with resources.database.transaction() as session:
        await ConnectionRepository(session).change_run(
            AthleteId(run.athlete_id),
            run.id,
            {"state": "failed", "error": problem, "retry_at": None, "ended_at": now},
            now=now,
        )


@jobs.on_failure(SYNC)
async def sync_failed_for_good(failure: JobFailure, context: JobContext) -> None:
    """End the run of a job that the queue will not try again."""
    resources = provided(context, Resources)
    error: TopFormError
    if isinstance(failure.error, TopFormError):
        error = failure.error
    elif failure.error is None:
        error = SyncBrokenError(
            f"The worker stopped {failure.attempts} times while fetching.", remedy="Fetch the days again."
        )
    else:
        error = SyncBrokenError(
            "TopForm could not do this because of a defect of its own.",
            remedy="Please report it with the time of this run and the server's log.",
        )
    run_id = UUID(failure.arguments["run_id"])
    now = resources.clock.now()
    async with resources.database.transaction() as session:
        repository = ConnectionRepository(session)
        run = await repository.run_for_worker(run_id, lock=True)
        if run is None or run.state not in OPEN_STATES:
            return
        document = {"code": error.code, "message": error.message, "remedy": error.remedy}
        athlete_id, failed = AthleteId(run.athlete_id), {"state": "failed", "error": document, "ended_at": now}
        await repository.change_run(athlete_id, run_id, failed, now=now)
        await repository.change(athlete_id, run.connection_id, connection_after(error, now=now), now=now)


@jobs.task(SYNC_DUE, cron="* * * * *")
async def sync_due(context: JobContext, *, timestamp: int) -> None:
    """Queue a look at every connection that was not looked at for a while."""
    resources = provided(context, Resources)
    now = resources.clock.now()
    async with resources.database.transaction() as session:
        due = await ConnectionRepository(session).due(
            folders_before=now - LOOK_AT_FOLDERS_EVERY, others_before=now - LOOK_EVERY
        )
        for connection in due:
            await queue_run(session, connection, kind="incremental", now=now)


@jobs.task(DISCONNECT)
async def disconnect(context: JobContext, *, connection_id: str, delete_data: bool, attempt: int = 1) -> None:
    """Withdraw the permission at the service, then forget the connection; a service that is down is asked again."""
    resources = provided(context, Resources)
    is_last = attempt >= DISCONNECT_ATTEMPTS
    if await disconnect_now(resources, UUID(connection_id), delete_data=delete_data, insist=not is_last):
        return
    async with resources.database.transaction() as session:
        await defer(
            session,
            DISCONNECT_TASK,
            delay=DISCONNECT_RETRY * 4 ** (attempt - 1),
            connection_id=connection_id,
            delete_data=delete_data,
            attempt=attempt + 1,
        )
