"""Uploading a filmed set, reading what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import new_id
from topform.features.consents.public import ConsentPurpose, refuse_withdrawn
from topform.features.form_checks import service
from topform.features.form_checks.comparing import compare_with
from topform.features.form_checks.deciding import deciding_verdict
from topform.features.form_checks.labelling import labelled_form_check
from topform.features.form_checks.live_sets import LiveSet, add_live_set
from topform.features.form_checks.schemas import (
    AskedPlan,
    Exercise,
    FormCheck,
    FormCheckPage,
    FormCheckSummary,
    FormComparison,
    MovementTrack,
    Reference,
    SetSaid,
)
from topform.features.form_checks.stills import still_response
from topform.features.form_checks.tasks import ANALYZE_TASK
from topform.features.jobs.public import Job, queue_upload
from topform.kinematics.form_analysis import Fault
from topform.platform.jobs import VIDEO_QUEUE
from topform.platform.web.byte_ranges import object_response
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.resources import Use
from topform.platform.web.shapes import BYTES
from topform.platform.web.uploads import receive_upload, refuse_early

router = APIRouter(prefix="/form-checks", tags=["form checks"])

EXERCISES: tuple[str, ...] = get_args(Exercise)
UPLOAD_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "A video of one set, or its body points as .npz.",
                        },
                        "exercise": {"type": "string", "enum": list(EXERCISES), "default": "auto"},
                    },
                }
            }
        },
    }
}


@router.post("", status_code=202, openapi_extra=UPLOAD_FORM)
async def upload_form_check(request: Request, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Job:
    """Upload a video of one set; the original is deleted as soon as it has been analysed."""
    max_bytes = use.settings.max_video_bytes
    refuse_early(request, max_bytes=max_bytes)
    async with use.database.transaction() as session:
        await refuse_withdrawn(session, athlete_id, ConsentPurpose.FORM_VIDEOS)
    async with use.store.staging_file() as staged:
        upload = await receive_upload(request, into=staged.path, max_bytes=max_bytes)
        exercise = upload.fields.get("exercise", "auto")
        if exercise not in EXERCISES:
            raise InvalidInputError(
                f"There is no exercise {exercise!r}.", remedy=f"Choose one of: {', '.join(EXERCISES)}."
            )
        return await queue_upload(
            use,
            athlete_id,
            once,
            staged,
            upload,
            kind="form_check",
            task=ANALYZE_TASK,
            queue=VIDEO_QUEUE,
            said=[exercise],
            job_input={"exercise": exercise, "form_check_id": str(new_id())},
        )


@router.post("/live", status_code=201)
async def save_live_set(said: LiveSet, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> FormCheckSummary:
    """Store a set that was counted live on the athlete's device: its repetitions, no picture and no body points."""

    async def work(session: AsyncSession, now: datetime) -> FormCheckSummary:
        deciding = await deciding_verdict(session, use.store, use.settings, now=now)
        return await add_live_set(session, athlete_id, said, deciding=deciding, now=now)

    return await once.write(use, athlete_id, said, work, FormCheckSummary)


@router.get("")
async def list_form_checks(
    use: Use, athlete_id: SignedInAthlete, limit: Limit = 50, cursor: CursorParameter = None
) -> FormCheckPage:
    """Return your form checks, newest first."""
    async with use.database.reading() as session:
        return await service.list_form_checks(session, athlete_id, cursor=cursor, limit=limit)


@router.get("/{form_check_id:uuid}")
async def get_form_check(form_check_id: UUID, use: Use, athlete_id: SignedInAthlete) -> FormCheck:
    """Return one form check with its analysis."""
    async with use.database.reading() as session:
        return await service.get_form_check(session, athlete_id, form_check_id)


@router.get(
    "/{form_check_id:uuid}/video",
    response_class=Response,
    responses={
        200: {"content": {"video/mp4": BYTES}, "description": "The whole annotated video."},
        206: {"content": {"video/mp4": BYTES}, "description": "The byte range asked for."},
        416: {"description": "The range lies outside the file."},
    },
)
async def get_form_check_video(
    form_check_id: UUID, request: Request, use: Use, athlete_id: SignedInAthlete
) -> Response:
    """Return the annotated video; supports byte ranges."""
    async with use.database.transaction() as session:
        row = await service.visible_form_check(session, athlete_id, form_check_id)
    if row.video_key is None or row.video_bytes is None:
        raise NotFoundError("The form check has no video.")
    return await object_response(
        request, use.store, row.video_key, size_bytes=row.video_bytes, media_type="video/mp4", etag=str(row.id)
    )


@router.get(
    "/{form_check_id:uuid}/thumbnail",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": BYTES}, "description": "The picture."}},
)
async def get_form_check_thumbnail(
    form_check_id: UUID, request: Request, use: Use, athlete_id: SignedInAthlete
) -> Response:
    """Return one picture out of the annotated video, as a post of yours can show it; without any metadata."""
    async with use.database.transaction() as session:
        row = await service.visible_form_check(session, athlete_id, form_check_id)
    if row.thumbnail_key is None:
        raise NotFoundError("The form check has no picture.", remedy="Check the video again.")
    return await still_response(request, use.store, row.thumbnail_key)


@router.get(
    "/{form_check_id:uuid}/track",
    response_class=Response,
    responses={200: {"model": MovementTrack, "description": "The moving skeleton."}},
)
async def get_form_check_track(
    form_check_id: UUID, request: Request, use: Use, athlete_id: SignedInAthlete
) -> Response:
    """Return the moving skeleton of a form check, your own or one that you were asked to label."""
    async with use.database.transaction() as session:
        row, _ = await labelled_form_check(session, athlete_id, form_check_id)
    if row.track_key is None:
        raise NotFoundError("The form check has no moving skeleton.", remedy="Check the video again.")
    size = await use.store.size_bytes(row.track_key)
    return await object_response(
        request, use.store, row.track_key, size_bytes=size, media_type="application/json", etag=f"{row.id}-track"
    )


@router.get("/{form_check_id:uuid}/comparison")
async def compare_form_check(
    form_check_id: UUID,
    use: Use,
    athlete_id: SignedInAthlete,
    reference: Annotated[Reference, Query(description="What to compare with.")] = "standard",
    rep: Annotated[int | None, Query(ge=1, le=100_000, description="One repetition; all of them without.")] = None,
) -> FormComparison:
    """Compare the repetitions with a reference execution, or with your own best repetition."""
    async with use.database.transaction() as session:
        return await compare_with(session, athlete_id, form_check_id, reference=reference, rep_index=rep)


@router.post("/{form_check_id:uuid}/recommendations/{fault}/proposal", status_code=201)
async def take_recommendation(
    form_check_id: UUID, fault: Fault, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> AskedPlan:
    """Turn a recommendation into a proposal for your plan: a lighter next session with the drill in front."""
    return await once.write(
        use,
        athlete_id,
        {"fault": fault.value},
        lambda session, now: service.take_recommendation(session, athlete_id, form_check_id, fault.value, now=now),
        AskedPlan,
    )


@router.put("/{form_check_id:uuid}/set")
async def put_set(form_check_id: UUID, said: SetSaid, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> FormCheck:
    """Say what only you know of the set: weight, variant, repetitions left, how hard it was. Rated, it has a load."""
    return await once.write(
        use,
        athlete_id,
        said,
        lambda session, now: service.say_of_set_filmed(session, athlete_id, form_check_id, said, now=now),
        FormCheck,
    )


@router.delete("/{form_check_id:uuid}", status_code=204)
async def delete_form_check(form_check_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete a form check with its video."""
    keys: list[str] = []
    async with use.database.transaction() as session:

        async def work() -> Nothing:
            keys.extend(await service.delete_form_check(session, athlete_id, form_check_id))
            return Nothing()

        await once.run(session, athlete_id, now=use.clock.now(), content=None, work=work, answer_type=Nothing)
    for key in keys:
        await use.store.delete(key)
