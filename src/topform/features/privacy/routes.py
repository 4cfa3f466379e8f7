"""Taking an account along, bringing it back, having it deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from topform.core.errors import NotFoundError
from topform.features.accounts.public import AccountHappening, Accounts, write_down
from topform.features.jobs.public import Job, add_job, get_job, queue_upload
from topform.features.privacy import service
from topform.features.privacy.jobs import export_key
from topform.features.privacy.schemas import Erasure, ErasureRequest
from topform.features.privacy.tasks import EXPORT_TASK, IMPORT_TASK
from topform.platform.jobs import defer
from topform.platform.web.byte_ranges import object_response
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use
from topform.platform.web.shapes import BYTES
from topform.platform.web.uploads import receive_upload, refuse_early

router = APIRouter(prefix="/account", tags=["privacy"])

ARCHIVE_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "An archive of an account."}
                    },
                }
            }
        },
    }
}


@router.post("/exports", status_code=202)
async def export_account(use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Job:
    """Make an archive of everything stored about you; its job says where to download it."""
    now = use.clock.now()
    async with use.database.transaction() as session:

        async def work() -> Job:
            job = await add_job(session, athlete_id, kind="account_export", file_name=None, job_input={}, now=now)
            await defer(session, EXPORT_TASK, lock=f"account:{athlete_id}", job_id=str(job.id))
            await write_down(session, athlete_id, AccountHappening.ARCHIVE_ORDERED, now=now)
            return job

        return await once.run(session, athlete_id, now=now, content=None, work=work, answer_type=Job)


@router.get(
    "/exports/{job_id:uuid}/file",
    response_class=Response,
    responses={200: {"content": {"application/zip": BYTES}, "description": "The archive."}},
)
async def get_account_export(job_id: UUID, request: Request, use: Use, athlete_id: SignedInAthlete) -> Response:
    """Download the archive that an export made; a newer export replaces it."""
    async with use.database.transaction() as session:
        job = await get_job(session, athlete_id, job_id)
    key = export_key(athlete_id, job_id)
    if job.kind != "account_export" or not await use.store.exists(key):
        raise NotFoundError("There is no such archive.", remedy="Make a new one.")
    response = await object_response(
        request,
        use.store,
        key,
        size_bytes=await use.store.size_bytes(key),
        media_type="application/zip",
        etag=str(job_id),
    )
    name = f"topform-{job.created_at:%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@router.post("/imports", status_code=202, openapi_extra=ARCHIVE_FORM)
async def import_account(request: Request, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Job:
    """Upload the archive of an account and bring it into yours, which must hold nothing else."""
    max_bytes = use.settings.max_account_bytes
    refuse_early(request, max_bytes=max_bytes)
    async with use.store.staging_file() as staged:
        upload = await receive_upload(request, into=staged.path, max_bytes=max_bytes)
        return await queue_upload(
            use,
            athlete_id,
            once,
            staged,
            upload,
            kind="account_import",
            task=IMPORT_TASK,
            lock=f"account:{athlete_id}",
        )


@router.get("/erasure")
async def get_account_erasure(use: Use, athlete_id: SignedInAthlete) -> Erasure:
    """Return whether your account waits to be deleted, and until when that can be taken back."""
    async with use.database.transaction() as session:
        return await service.current_erasure(session, athlete_id)


@router.post("/erasure", status_code=202)
async def erase_account(
    wish: ErasureRequest, request: Request, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Erasure:
    """Have your account and everything in it deleted, in seven days or at once; asks for the password again."""
    accounts: Accounts = request.app.state.accounts
    await accounts.confirm(athlete_id, wish)
    now = use.clock.now()
    async with use.database.transaction() as session:
        return await once.run(
            session,
            athlete_id,
            now=now,
            content=[wish.confirm_email, wish.at_once],
            work=lambda: service.request_erasure(
                session, athlete_id, confirm_email=wish.confirm_email, at_once=wish.at_once, now=now
            ),
            answer_type=Erasure,
        )


@router.delete("/erasure", status_code=204)
async def keep_account(use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Take the deletion back; the account stays as it is."""
    now = use.clock.now()
    async with use.database.transaction() as session:

        async def work() -> Nothing:
            await service.take_back_erasure(session, athlete_id, now=now)
            return Nothing()

        await once.run(session, athlete_id, now=now, content=None, work=work, answer_type=Nothing)
