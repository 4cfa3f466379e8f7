"""The worker's side of a form check: analyse the video, keep the document and the annotated video."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from procrastinate import JobContext

from topform.core.documents import plain
from topform.core.errors import TopFormError
from topform.features.form_checks.deciding import Deciding, decided, deciding_form_model, deciding_verdict
from topform.features.form_checks.events import FORM_CHECK_CREATED
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.schemas import FormCheckSummary, FormDocument
from topform.features.form_checks.tables import FormCheckRow
from topform.features.form_checks.tasks import ANALYZE, FEATURE
from topform.features.jobs.public import JobRun, job_failed_for_good, run_job
from topform.kinematics.form_analysis import FormAnalysis
from topform.kinematics.learned_form import PromotedModel
from topform.kinematics.movement_track import curves_of, movement_track
from topform.kinematics.protocols import VideoAnalyzer
from topform.platform.events import publish
from topform.platform.jobs import VIDEO_QUEUE, Jobs, provided
from topform.platform.web.resources import Resources

jobs = Jobs(FEATURE)


@jobs.task(ANALYZE, queue=VIDEO_QUEUE)
async def analyze(context: JobContext, *, job_id: str) -> None:
    """Analyse an uploaded video; whatever comes of it, the video itself is deleted at the end."""
    resources = provided(context, Resources)
    async with run_job(resources, UUID(job_id)) as run:
        if run is not None:
            await _analyze(resources, run, provided(context, VideoAnalyzer))  # type: ignore[type-abstract]


jobs.on_failure(ANALYZE)(job_failed_for_good)


async def _analyze(resources: Resources, run: JobRun, analyzer: VideoAnalyzer) -> None:
    form_check_id = UUID(run.input["form_check_id"])
    folder = f"form-checks/{run.athlete_id}/{form_check_id}"
    video_key, poses_key, track_key, still_key = (f"{folder}.{ending}" for ending in ("mp4", "npz", "json", "jpg"))
    await run.report(0.0, "starting", at_once=True)
    async with resources.database.transaction() as session:
        deciding = await deciding_verdict(session, resources.store, resources.settings, now=resources.clock.now())
        form_model = await deciding_form_model(session, resources.store, resources.settings, now=resources.clock.now())
    async with (
        resources.store.local_file(run.input["object_key"]) as video,
        resources.store.staging_file(suffix=".mp4") as annotated,
        resources.store.staging_file(suffix=".npz") as points,
        resources.store.staging_file(suffix=".jpg") as still,
    ):
        document, track, curves = await asyncio.to_thread(
            partial(
                _document,
                analyzer,
                video,
                run.input["exercise"],
                deciding,
                form_model=form_model,
                annotate_to=annotated.path,
                poses_to=points.path,
                still_to=still.path,
                progress=run.reporter(),
            )
        )
        video_bytes = await asyncio.to_thread(lambda: annotated.path.stat().st_size)
        if video_bytes:
            await annotated.commit(video_key)
            await still.commit(still_key)
        await points.commit(poses_key)
    await resources.store.put(track_key, track)
    row = FormCheckRow(
        id=form_check_id,
        athlete_id=run.athlete_id,
        exercise=document["exercise"],
        file_name=run.file_name or "video",
        rep_count=document["rep_count"],
        form_decision=document["form"]["decision"],
        duration_s=document["duration_s"],
        document=document,
        video_key=video_key if video_bytes else None,
        video_bytes=video_bytes or None,
        thumbnail_key=still_key if video_bytes else None,
        poses_key=poses_key,
        track_key=track_key,
        rep_curves=curves,
        created_at=resources.clock.now(),
    )
    async with resources.database.transaction() as session:
        if not await run.is_open(session):
            return
        await FormCheckRepository(session).add(row)
        summary = FormCheckSummary.model_validate(row).model_dump(mode="json")
        await publish(session, run.athlete_id, FORM_CHECK_CREATED, summary)
        await run.succeed(session, {"form_check_id": form_check_id})


def telling_moment_s(analysis: FormAnalysis) -> float:
    """Return when a recording shows best what was done: where its first whole repetition turns, else in its middle."""
    return next((rep.turn_s for rep in analysis.reps if rep.is_complete), analysis.duration_s / 2)


def _document(
    analyzer: VideoAnalyzer,
    video: Path,
    exercise: str,
    deciding: Deciding,
    *,
    form_model: PromotedModel | None,
    annotate_to: Path,
    poses_to: Path,
    still_to: Path,
    progress: Any,
) -> tuple[dict[str, Any], bytes, list[dict[str, Any]]]:
    """Analyse in this thread: the document as the API promises it, the moving skeleton, and the repetitions' angles."""
    try:
        analysis, poses = analyzer.analyze_with_poses(
            video,
            exercise=exercise,
            annotate_to=annotate_to,
            poses_to=poses_to,
            progress=progress,
            form_model=form_model,
        )
        if annotate_to.stat().st_size:
            analyzer.write_still(annotate_to, at_s=telling_moment_s(analysis), to=still_to)
    except TopFormError as error:
        error.file = None  # a path on this server; the job names the file as it was uploaded
        raise
    analysis = decided(analysis, deciding)
    document: dict[str, Any] = plain(analysis.as_dict())
    FormDocument.model_validate(document)
    track = json.dumps(movement_track(poses), separators=(",", ":"), allow_nan=False).encode()
    return document, track, [curve.as_dict() for curve in curves_of(poses, analysis)]
