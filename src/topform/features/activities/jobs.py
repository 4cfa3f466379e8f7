"""The worker's side of an upload: unpack, import each file, say what became of it."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from procrastinate import JobContext
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NoActivityError, TopFormError
from topform.core.ids import AthleteId
from topform.features.activities.curve_sums import sum_up_months
from topform.features.activities.exported import add_daily_values, exports_of, name_activities, tell_about
from topform.features.activities.importing import ActivityImport
from topform.features.activities.outcomes import OutcomeRepository
from topform.features.activities.recomputing import Recomputation
from topform.features.activities.tasks import FEATURE, IMPORT_UPLOAD, RECOMPUTE, RUN_RECOMPUTE, SUM_UP
from topform.features.activities.versions import begin_recompute
from topform.features.jobs.public import FileOutcome, JobRun, job_failed_for_good, run_job
from topform.platform.jobs import Jobs, provided
from topform.platform.web.resources import Resources
from topform.providers.folder import (
    ActivityNames,
    DailyValuesFile,
    Item,
    LeftFile,
    RejectedFile,
    SourceFile,
    count_by_ending,
    unpack_items,
)

jobs = Jobs(FEATURE)


@jobs.task(IMPORT_UPLOAD)
async def import_upload(context: JobContext, *, job_id: str) -> None:
    """Import an uploaded file or archive; run again after a crash it goes on where it stopped."""
    resources = provided(context, Resources)
    async with run_job(resources, UUID(job_id), stage="importing") as run:
        if run is not None:
            await _import(resources, run)


jobs.on_failure(IMPORT_UPLOAD)(job_failed_for_good)


@jobs.task(RECOMPUTE)
async def recompute(context: JobContext, *, athlete_id: str) -> None:
    """Begin a job that computes all activities of an athlete again, since something the formulas use has changed."""
    resources = provided(context, Resources)
    async with resources.database.transaction() as session:
        await begin_recompute(session, AthleteId(UUID(athlete_id)), now=resources.clock.now())


@jobs.task(RUN_RECOMPUTE)
async def run_recompute(context: JobContext, *, job_id: str) -> None:
    """Compute activities again, with progress; run again after a crash it gives the same."""
    resources = provided(context, Resources)
    async with run_job(resources, UUID(job_id)) as run:
        if run is None:
            return
        since = run.input.get("since")
        outcome = await Recomputation(resources, run.athlete_id).run(
            since=None if since is None else date.fromisoformat(since),
            outdated=run.input.get("outdated"),
            report=run.report,
        )
        async with resources.database.transaction() as session:
            await run.succeed(session, outcome.as_dict())


jobs.on_failure(RUN_RECOMPUTE)(job_failed_for_good)


@jobs.task(SUM_UP, cron="* * * * *")
async def sum_up(context: JobContext, *, timestamp: int) -> None:
    """Sum up the months whose best efforts have changed."""
    await sum_up_months(provided(context, Resources).database)


async def _import(resources: Resources, run: JobRun) -> None:
    async with resources.database.transaction() as session:
        done = await OutcomeRepository(session).positions(run.athlete_id, run.job_id)
    name = run.file_name or "upload"
    importing = ActivityImport(resources, run.athlete_id)
    async with resources.store.local_file(run.input["object_key"]) as path:
        report, total, seen = run.reporter(), await asyncio.to_thread(_unpacked_bytes, path), 0

        def read(size: int) -> None:
            nonlocal seen
            seen += size
            report(min(seen / total, 0.99), "importing")

        position = 0
        left: list[LeftFile] = []
        exports = await exports_of(resources, run.athlete_id)
        async for found in _off_loop(unpack_items(name, path, exports=exports, read=read, leave=left.append)):
            if isinstance(found, ActivityNames):
                await name_activities(resources, run.athlete_id, found)
                continue
            if position not in done:
                await run.report(min(seen / total, 0.99), "importing")
                await _import_one(importing, run, found, position)
            position += 1
    async with resources.database.transaction() as session:
        outcomes = await OutcomeRepository(session).all(run.athlete_id, run.job_id)
        await _end(session, run, outcomes, count_by_ending(left))


async def _import_one(
    importing: ActivityImport, run: JobRun, found: SourceFile | RejectedFile | DailyValuesFile, position: int
) -> None:
    async def note(session: AsyncSession, outcome: FileOutcome) -> None:
        if isinstance(found, SourceFile) and found.about is not None:
            abouts = [(activity_id, found.about) for activity_id in outcome.activity_ids]
            await tell_about(session, run.athlete_id, abouts, now=run.resources.clock.now())
        await OutcomeRepository(session).add(run.athlete_id, run.job_id, position, outcome.model_dump(mode="json"))

    if isinstance(found, RejectedFile):
        await importing.reject(file_name=found.name, error=found.error, note=note)
    elif isinstance(found, DailyValuesFile):
        await add_daily_values(run.resources, run.athlete_id, found, note=note)
    else:
        await importing.add(file_name=found.name, content=found.content, note=note)


async def _end(session: AsyncSession, run: JobRun, outcomes: list[dict[str, Any]], skipped: dict[str, int]) -> None:
    result = {"files": outcomes, "skipped": skipped}
    if not outcomes:
        await run.fail(
            session,
            NoActivityError(
                "The upload holds no activity file and no export that TopForm reads.",
                remedy="Upload FIT, TCX or GPX files, an archive of them, or a platform's export.",
                file=run.file_name,
            ),
            result,
        )
    elif all(outcome["outcome"] == "rejected" for outcome in outcomes):
        await run.fail(session, RejectedUploadError(outcomes), result)
    else:
        await run.succeed(session, result)


class RejectedUploadError(TopFormError):
    """An upload without a single good file; its code is that of the first file."""

    code = "upload_rejected"

    def __init__(self, outcomes: list[dict[str, Any]]) -> None:
        first = outcomes[0]
        super().__init__(
            first["message"] if len(outcomes) == 1 else f"None of the {len(outcomes)} files could be imported.",
            remedy=first["remedy"],
            file=first["name"],
            offset_bytes=first["offset_bytes"],
        )
        self._first_code = first["code"]

    def as_dict(self) -> dict[str, Any]:
        """Return the error document with the first file's code."""
        return {**super().as_dict(), "code": self._first_code}


def _unpacked_bytes(path: Path) -> int:
    """Return how many bytes the upload holds unpacked, for the progress only."""
    try:
        with zipfile.ZipFile(path) as archive:
            return max(sum(member.file_size for member in archive.infolist()), 1)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return max(path.stat().st_size, 1)


async def _off_loop(files: Iterator[Item]) -> AsyncIterator[Item]:
    """Iterate in a thread, since unpacking and reading block."""
    while (found := await asyncio.to_thread(next, files, None)) is not None:
        yield found
