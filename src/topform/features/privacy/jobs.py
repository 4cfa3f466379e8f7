"""The worker's side of export, import and erasure."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext

from topform.core.ids import AthleteId
from topform.features.jobs.public import JobRun, job_failed_for_good, run_job
from topform.features.privacy.erasing import erase_account
from topform.features.privacy.events import ACCOUNT_RESTORED
from topform.features.privacy.exporting import export_account
from topform.features.privacy.repository import ErasureRepository
from topform.features.privacy.restoring import import_account
from topform.features.privacy.retention import forget_what_is_old
from topform.features.privacy.tasks import ERASE, EXPORT, EXPORTS_FOLDER, FEATURE, FORGET, IMPORT
from topform.platform.events import publish
from topform.platform.jobs import Jobs, provided
from topform.platform.web.resources import Resources

jobs = Jobs(FEATURE)


@jobs.task(EXPORT)
async def export(context: JobContext, *, job_id: str) -> None:
    """Make an archive of the athlete's account; an earlier one is deleted."""
    resources = provided(context, Resources)
    async with run_job(resources, UUID(job_id)) as run:
        if run is not None:
            await _export(resources, run)


@jobs.task(IMPORT)
async def restore(context: JobContext, *, job_id: str) -> None:
    """Bring an uploaded archive into the athlete's account."""
    resources = provided(context, Resources)
    async with run_job(resources, UUID(job_id)) as run:
        if run is not None:
            await _restore(resources, run)


@jobs.task(ERASE)
async def erase(context: JobContext, *, erasure_id: str) -> None:
    """Delete an account whose wish is due; one that was taken back is not found."""
    resources = provided(context, Resources)
    async with resources.database.transaction() as session:
        row = await ErasureRepository(session).for_worker(UUID(erasure_id))
        if row is None or row.due_at > resources.clock.now():
            return
        athlete_id = AthleteId(row.athlete_id)
    await erase_account(resources, athlete_id)


@jobs.task(FORGET, cron="41 2 * * *")
async def forget(context: JobContext, *, timestamp: int) -> None:
    """Delete what is kept no longer, every night."""
    await forget_what_is_old(provided(context, Resources))


for _task in (EXPORT, IMPORT):
    jobs.on_failure(_task)(job_failed_for_good)


def export_key(athlete_id: AthleteId, job_id: UUID) -> str:
    """Return where the archive that a job made is stored."""
    return f"{EXPORTS_FOLDER}/{athlete_id}/{job_id}.zip"


async def _export(resources: Resources, run: JobRun) -> None:
    key = export_key(run.athlete_id, run.job_id)
    async with resources.store.staging_file(suffix=".zip") as staged:
        manifest = await export_account(
            resources, run.athlete_id, staged.path, made_at=resources.clock.now(), report=run.report
        )
        await staged.commit(key)
    size_bytes = await resources.store.size_bytes(key)
    earlier = [one async for one in resources.store.keys(f"{EXPORTS_FOLDER}/{run.athlete_id}") if one != key]
    for one in earlier:
        await resources.store.delete(one)
    async with resources.database.transaction() as session:
        await run.succeed(
            session, {"export_id": run.job_id, "size_bytes": size_bytes, "rows": sum(manifest["rows"].values())}
        )


async def _restore(resources: Resources, run: JobRun) -> None:
    async with resources.store.local_file(run.input["object_key"]) as path:
        restored = await import_account(resources, run.athlete_id, path, report=run.report)
    async with resources.database.transaction() as session:
        await publish(session, run.athlete_id, ACCOUNT_RESTORED, {"rows": sum(restored.rows.values())})
        brought = {name: count for name, count in restored.rows.items() if count}
        await run.succeed(session, {"restored": brought, "changed": restored.changed})
