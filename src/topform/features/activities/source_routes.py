"""Which recordings an activity is made of, and activities as files."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from topform.core.errors import NotFoundError
from topform.features.activities import sourcing
from topform.features.activities.exporting import export_activity as exported
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.source_schemas import (
    ActivitySources,
    KnownSourcePreferences,
    MergeWish,
    SourceChoice,
    SourcePreferences,
    SplitWish,
)
from topform.features.jobs.public import Job
from topform.formats.activities_out import Format
from topform.platform.web.byte_ranges import object_response
from topform.platform.web.idempotency import DoOnce
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use
from topform.platform.web.shapes import BYTES

router = APIRouter(prefix="/activities", tags=["activities"])


@router.get("/source-preferences")
async def get_source_preferences(use: Use, athlete_id: SignedInAthlete) -> KnownSourcePreferences:
    """Return from which devices quantities are taken when several recorded a workout, and which there are."""
    async with use.database.transaction() as session:
        return await sourcing.preferences_of(session, athlete_id)


@router.put("/source-preferences", status_code=202)
async def put_source_preferences(wanted: SourcePreferences, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Job:
    """Set them; the job computes every activity of several recordings again."""
    return await once.write(
        use, athlete_id, wanted, lambda session, now: sourcing.prefer(session, athlete_id, wanted, now=now), Job
    )


@router.get("/{activity_id:uuid}/sources")
async def get_sources(activity_id: UUID, use: Use, athlete_id: SignedInAthlete) -> ActivitySources:
    """Return the recordings of an activity, what each has and which one gives what."""
    async with use.database.transaction() as session:
        return await sourcing.sources_of(session, athlete_id, activity_id)


@router.put("/{activity_id:uuid}/sources/priorities", status_code=202)
async def put_source_priorities(
    activity_id: UUID, wanted: SourceChoice, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Job:
    """Choose which recording gives which quantity; an empty choice undoes all of it."""
    return await once.write(
        use,
        athlete_id,
        wanted,
        lambda session, now: sourcing.choose(session, athlete_id, activity_id, wanted.choice, now=now),
        Job,
    )


@router.post("/{activity_id:uuid}/merge", status_code=202)
async def merge_activities(
    activity_id: UUID, wish: MergeWish, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Job:
    """Join another activity that is the same workout; its recordings move here, nothing is lost."""
    return await once.write(
        use,
        athlete_id,
        wish,
        lambda session, now: sourcing.merge(session, athlete_id, activity_id, wish.other_id, now=now),
        Job,
    )


@router.post("/{activity_id:uuid}/split", status_code=202)
async def split_activity(
    activity_id: UUID, wish: SplitWish, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Job:
    """Make an activity of its own from a recording that is not of this workout."""
    return await once.write(
        use,
        athlete_id,
        wish,
        lambda session, now: sourcing.split(session, athlete_id, activity_id, wish.source_id, now=now),
        Job,
    )


@router.get(
    "/{activity_id:uuid}/sources/{source_id:uuid}/original",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": BYTES}, "description": "The file as it was uploaded."}},
)
async def get_source_original(
    activity_id: UUID, source_id: UUID, request: Request, use: Use, athlete_id: SignedInAthlete
) -> Response:
    """Return one of the files that the activity came from, byte for byte."""
    async with use.database.transaction() as session:
        source = await ActivityRepository(session).source(athlete_id, activity_id, source_id)
    if source is None:
        raise NotFoundError("There is no such recording.")
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


@router.get(
    "/{activity_id:uuid}/export",
    response_class=Response,
    responses={
        200: {
            "content": {"application/gpx+xml": BYTES, "application/vnd.ant.fit": BYTES, "text/csv": BYTES},
            "description": "The activity as a file.",
        }
    },
)
async def export_activity(
    activity_id: UUID,
    use: Use,
    athlete_id: SignedInAthlete,
    format: Annotated[Format, Query(description="What each cannot carry is listed under File formats.")],
) -> Response:
    """Return the activity as GPX, TCX, FIT or CSV, joined from its recordings as you see it."""
    file = await exported(use, athlete_id, activity_id, format)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    return Response(file.content, media_type=file.media_type, headers=headers)
