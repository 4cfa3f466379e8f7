"""Uploading, listing, reading, correcting and deleting activities."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from topform.core.activity import Channel, Sport
from topform.core.ids import AthleteId
from topform.features.activities import service, versions
from topform.features.activities.removal import remove_objects
from topform.features.activities.schemas import (
    ActivityChange,
    ActivityChanges,
    ActivityDeletion,
    ActivityDetail,
    ActivityPage,
    ActivityStreams,
    ActivitySummary,
    ChangedActivities,
    MetricHistory,
    MetricTable,
    RecomputeRequest,
)
from topform.features.activities.shown import hidden_from_viewer
from topform.features.activities.tasks import IMPORT_UPLOAD_TASK
from topform.features.jobs.public import Job, queue_upload
from topform.platform.web.byte_ranges import object_response
from topform.platform.web.idempotency import DoOnce, Nothing, Once
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.resources import Resources, Use
from topform.platform.web.shapes import BYTES
from topform.platform.web.uploads import receive_upload, refuse_early

router = APIRouter(prefix="/activities", tags=["activities"])

MAX_POINTS = 20_000
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
                            "description": "An activity file, an archive of many, or the export of a platform.",
                        }
                    },
                }
            }
        },
    }
}


@router.post("/uploads", status_code=202, openapi_extra=UPLOAD_FORM)
async def upload_activities(request: Request, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Job:
    """Upload an activity file, a zip archive of many, or the export of a platform; the job reports each file."""
    max_bytes = use.settings.max_activity_bytes
    refuse_early(request, max_bytes=max_bytes)
    async with use.store.staging_file() as staged:
        upload = await receive_upload(request, into=staged.path, max_bytes=max_bytes)
        return await queue_upload(
            use, athlete_id, once, staged, upload, kind="activity_import", task=IMPORT_UPLOAD_TASK
        )


@router.get("")
async def list_activities(
    use: Use,
    athlete_id: SignedInAthlete,
    sport: Annotated[Sport | None, Query(description="Only of this sport.")] = None,
    q: Annotated[str | None, Query(max_length=100, description="Part of the title, notes or kind of sport.")] = None,
    first: Annotated[date | None, Query(alias="from", description="Only from this local day on.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Only until this local day, it included.")] = None,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> ActivityPage:
    """Return your activities, newest first."""
    async with use.database.reading() as session:
        return await service.list_activities(
            session, athlete_id, sport=sport, text_part=q, first=first, last=last, cursor=cursor, limit=limit
        )


@router.get("/metrics")
async def list_metrics(athlete_id: SignedInAthlete) -> MetricTable:
    """Return every metric with its unit, the version of its formula and what changed."""
    return versions.metric_table()


@router.post("/recompute", status_code=202)
async def recompute_activities(request: RecomputeRequest, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Job:
    """Compute your activities again; the job tells how far it is, and clients hear of the end once."""
    now = use.clock.now()
    outdated: dict[str, int] | None = None
    if request.metric is not None:
        versions.require_metric(request.metric)
        outdated = {request.metric: versions.current_versions()[request.metric]}
    async with use.database.transaction() as session:
        return await once.run(
            session,
            athlete_id,
            now=now,
            content=request.model_dump(mode="json"),
            work=lambda: versions.begin_recompute(session, athlete_id, now=now, since=request.since, outdated=outdated),
            answer_type=Job,
        )


@router.get("/{activity_id:uuid}/metrics/history")
async def get_metric_history(activity_id: UUID, use: Use, athlete_id: SignedInAthlete) -> MetricHistory:
    """Return what the activity's metrics were before they were computed again, newest first."""
    async with use.database.reading() as session:
        return await versions.metric_history(session, athlete_id, activity_id)


@router.get("/{activity_id:uuid}")
async def get_activity(activity_id: UUID, use: Use, athlete_id: SignedInAthlete) -> ActivityDetail:
    """Return one activity with its legs, metrics and sources."""
    async with use.database.reading() as session:
        return await service.get_activity(session, athlete_id, activity_id)


@router.get("/{activity_id:uuid}/streams")
async def get_streams(
    activity_id: UUID,
    use: Use,
    athlete_id: SignedInAthlete,
    leg: Annotated[int, Query(ge=0, le=1000, description="Which sport of the activity, from 0.")] = 0,
    points: Annotated[int, Query(ge=2, le=MAX_POINTS, description="How many points a channel has at most.")] = 1000,
    channels: Annotated[list[Channel] | None, Query(description="Only these; all when absent.")] = None,
) -> ActivityStreams:
    """Return one leg's streams, averaged over equal stretches of time when they hold more points than asked for.

    Of a ride with power, while your critical power and W' are known, `w_prime_balance_j` is computed beside them.
    """
    async with use.database.reading() as session:
        key = await service.streams_key(session, athlete_id, activity_id, leg=leg)
        reserve = None if channels else await service.reserve_of(session, athlete_id, activity_id, leg=leg)
        hidden = await hidden_from_viewer(session, athlete_id)
    names = None if channels is None else [channel.value for channel in channels]
    return await service.read_streams(
        use.store, key, leg=leg, points=points, channels=names, reserve=reserve, hidden=hidden
    )


@router.get(
    "/{activity_id:uuid}/original",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": BYTES}, "description": "The file as it was uploaded."}},
)
async def get_original(activity_id: UUID, request: Request, use: Use, athlete_id: SignedInAthlete) -> Response:
    """Return the file that the activity came from, byte for byte."""
    async with use.database.transaction() as session:
        source = await service.primary_source(session, athlete_id, activity_id)
    response = await object_response(
        request,
        use.store,
        source.object_key,
        size_bytes=source.size_bytes,
        media_type="application/octet-stream",
        etag=source.sha256,
    )
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(source.file_name, safe='')}"
    return response


@router.patch("/{activity_id:uuid}")
async def change_activity(
    activity_id: UUID, change: ActivityChange, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> ActivitySummary:
    """Change title, notes or perceived exertion."""
    return await once.write(
        use,
        athlete_id,
        change.model_dump(mode="json", exclude_unset=True),
        lambda session, now: service.change_activity(session, athlete_id, activity_id, change, now=now),
        ActivitySummary,
    )


@router.post("/changes")
async def change_activities(
    changes: ActivityChanges, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> ChangedActivities:
    """Change title, notes or perceived exertion of up to 100 activities: of all of them, or of none."""
    return await once.write(
        use,
        athlete_id,
        changes.model_dump(mode="json", exclude_unset=True),
        lambda session, now: service.change_activities(session, athlete_id, changes, now=now),
        ChangedActivities,
    )


@router.post("/deletions", status_code=204)
async def delete_activities(deletion: ActivityDeletion, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete up to 100 activities with their streams and original files: all of them, or none."""
    await _delete(use, athlete_id, once, deletion.ids, content=sorted(map(str, deletion.ids)))


@router.delete("/{activity_id:uuid}", status_code=204)
async def delete_activity(activity_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete an activity with its streams and original files."""
    await _delete(use, athlete_id, once, {activity_id}, content=None)


async def _delete(
    use: Resources, athlete_id: AthleteId, once: Once, activity_ids: set[UUID], *, content: list[str] | None
) -> None:
    keys: list[str] = []
    async with use.database.transaction() as session:

        async def work() -> Nothing:
            keys.extend(await service.delete_activities(session, athlete_id, activity_ids))
            return Nothing()

        await once.run(session, athlete_id, now=use.clock.now(), content=content, work=work, answer_type=Nothing)
    await remove_objects(use, athlete_id, keys)
