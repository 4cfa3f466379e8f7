"""Uploads on their way to the job that reads them, and those that no job will ever read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from topform.core.ids import AthleteId, new_id
from topform.features.jobs.repository import JobRepository
from topform.features.jobs.schemas import Job, JobKind
from topform.features.jobs.service import add_job
from topform.platform.jobs import DEFAULT_QUEUE, defer
from topform.platform.objects import StagedFile
from topform.platform.web.idempotency import Once
from topform.platform.web.resources import Resources
from topform.platform.web.uploads import ReceivedUpload

FOLDER = "uploads"
OLD_AFTER = timedelta(hours=6)
"""Longer than any request: its job may not have been committed yet."""


async def queue_upload(
    resources: Resources,
    athlete_id: AthleteId,
    once: Once,
    staged: StagedFile,
    upload: ReceivedUpload,
    *,
    kind: JobKind,
    task: str,
    queue: str = DEFAULT_QUEUE,
    lock: str | None = None,
    said: Sequence[str] = (),
    job_input: Mapping[str, Any] | None = None,
) -> Job:
    """Keep an upload and queue the job that reads it; nothing of it stays when that fails.

    Only when the connection breaks off while the transaction is committed the upload is left to
    `forget_orphaned_uploads`, since the job may exist.

    ``said`` is what the request said beside the file: a repeated request must say the same.
    """
    key = new_upload_key()
    is_stored = is_committing = False
    try:
        async with resources.database.transaction() as session:

            async def work() -> Job:
                nonlocal is_stored
                await staged.commit(key)
                is_stored = True
                job = await add_job(
                    session,
                    athlete_id,
                    kind=kind,
                    file_name=upload.file_name,
                    job_input={
                        "object_key": key,
                        "sha256": upload.sha256,
                        "size_bytes": upload.size_bytes,
                        **(job_input or {}),
                    },
                    now=resources.clock.now(),
                )
                await defer(session, task, queue=queue, lock=lock, job_id=str(job.id))
                return job

            job = await once.run(
                session,
                athlete_id,
                now=resources.clock.now(),
                content=[upload.file_name, upload.sha256, *said],
                work=work,
                answer_type=Job,
            )
            is_committing = True
        return job
    except BaseException:  # also when the client hangs up: the object must not outlive the transaction
        if is_stored and not is_committing:
            await resources.store.delete(key)
        raise


def new_upload_key() -> str:
    """Return where to store an upload; the key tells when it was made."""
    return f"{FOLDER}/{new_id()}"


def made_at(key: str) -> datetime:
    """Return when the key was made, from the time in its version 7 UUID."""
    return datetime.fromtimestamp((UUID(key.rpartition("/")[2]).int >> 80) / 1000, UTC)


async def forget_orphaned_uploads(resources: Resources) -> int:
    """Delete old uploads that no unfinished job refers to, and return how many there were."""
    before = resources.clock.now() - OLD_AFTER
    old = [key async for key in resources.store.keys(FOLDER) if made_at(key) < before]
    if not old:
        return 0
    async with resources.database.transaction() as session:
        needed = await JobRepository(session).uploads_needed(old)
    orphaned = [key for key in old if key not in needed]
    for key in orphaned:
        await resources.store.delete(key)
    return len(orphaned)
