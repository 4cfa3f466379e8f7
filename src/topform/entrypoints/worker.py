"""The worker process: runs the features' jobs. ``python -m topform.entrypoints.worker --queues default,video``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from procrastinate.exceptions import ConnectorException

from topform.core.clock import Clock, SystemClock
from topform.core.errors import ObjectStoreUnavailableError, SetupError, TopFormError
from topform.entrypoints.reactions import REACTIONS
from topform.features.accounts.jobs import jobs as account_jobs
from topform.features.activities.jobs import jobs as activity_jobs
from topform.features.activities.source_jobs import jobs as activity_source_jobs
from topform.features.activities.versions import apply_new_versions
from topform.features.coaches.jobs import jobs as coach_jobs
from topform.features.community.challenges.jobs import jobs as challenge_jobs
from topform.features.community.federation.jobs import jobs as federation_jobs
from topform.features.community.signals.jobs import jobs as signal_jobs
from topform.features.connections.jobs import jobs as connection_jobs
from topform.features.form_checks.jobs import jobs as form_check_jobs
from topform.features.improvement.jobs import jobs as improvement_jobs
from topform.features.jobs.public import forget_orphaned_uploads
from topform.features.live_rooms.jobs import jobs as live_room_jobs
from topform.features.notices.jobs import jobs as notice_jobs
from topform.features.plans.jobs import jobs as plan_jobs
from topform.features.predictions.jobs import jobs as prediction_jobs
from topform.features.privacy.jobs import jobs as privacy_jobs
from topform.features.segments.jobs import jobs as segment_jobs
from topform.kinematics.protocols import VideoAnalyzer
from topform.kinematics.step_training import StepTrainer
from topform.kinematics.verdict_training import VerdictTrainer
from topform.platform.database import Database
from topform.platform.heartbeat import beating
from topform.platform.job_runner import JobRunner
from topform.platform.jobs import QUEUES, TRAINING_QUEUE, VIDEO_QUEUE, Jobs
from topform.platform.logs import configure_logging, get_logger
from topform.platform.objects import ObjectStore
from topform.platform.processes import exit_with_parent, limit_own_resources
from topform.platform.settings import Settings, load_settings
from topform.platform.tracing import Tracer
from topform.platform.web.resources import Resources

log = get_logger(__name__)

VIDEO_MEMORY_BYTES = 8 * 2**30
"""Address space, most of which is never touched: an analysis at 1080p asks for 1.7 GiB of it and uses 0.5."""

VIDEO_FILE_BYTES = 4 * 2**30


def features() -> list[Jobs]:
    """Return the tasks of all features."""
    return [
        account_jobs,
        activity_jobs,
        activity_source_jobs,
        challenge_jobs,
        coach_jobs,
        connection_jobs,
        federation_jobs,
        form_check_jobs,
        improvement_jobs,
        live_room_jobs,
        notice_jobs,
        plan_jobs,
        prediction_jobs,
        privacy_jobs,
        segment_jobs,
        signal_jobs,
    ]


def provide_implementations(runner: JobRunner, settings: Settings, queues: Sequence[str]) -> None:
    """Wire implementations to the protocols that features ask for; the heavy ones only where their queue is read."""
    if VIDEO_QUEUE in queues:
        from topform.vision.analysis import VideoAnalysis

        runner.provide(VideoAnalyzer, VideoAnalysis(weights_dir=settings.model_dir))
    if TRAINING_QUEUE in queues:
        from topform.entrypoints.trainer import step_trainer, verdict_trainer

        runner.provide(VerdictTrainer, verdict_trainer())
        runner.provide(StepTrainer, step_trainer())


async def run(settings: Settings, *, queues: Sequence[str], concurrency: int, clock: Clock | None = None) -> None:
    """Run jobs until SIGTERM or SIGINT."""
    if settings.database_url is None:
        raise SetupError(
            "The worker has no database.",
            remedy="Start it with topform serve, or set TOPFORM_DATABASE_URL.",
        )
    database = Database(
        settings.database_url.get_secret_value(),
        pool_size=4,
        application_name="topform-worker",
        reactions=REACTIONS,
    )
    tracer = None if settings.traces_endpoint is None else Tracer(settings.traces_endpoint, service="topform-worker")
    if tracer is not None:
        tracer.watch(database.engine)
    resources = Resources(settings, database, ObjectStore.from_settings(settings), clock or SystemClock())
    runner = JobRunner(
        database,
        features(),
        provides=(settings, resources.store, resources),
        queues=queues,
        concurrency=concurrency,
        events_kept=timedelta(days=settings.events_kept_days),
        tracer=tracer,
    )
    provide_implementations(runner, settings, queues)
    loop = asyncio.get_running_loop()
    for sent in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sent, runner.stop)
    try:
        await database.require()
        await _forget_orphaned_uploads(resources)
        if changed := await apply_new_versions(resources):
            log.info("metrics_are_computed_again", metrics=changed)
        async with contextlib.nullcontext() if tracer is None else tracer.running():
            await runner.run()
    finally:
        await database.close()


async def _forget_orphaned_uploads(resources: Resources) -> None:
    """Tidy up if the store of files answers; jobs that need it wait for it, the others need not."""
    try:
        orphaned = await forget_orphaned_uploads(resources)
    except ObjectStoreUnavailableError as error:
        log.warning("orphaned_uploads_not_looked_for", reason=str(error.__cause__ or error))
        return
    if orphaned:
        log.info("orphaned_uploads_deleted", uploads=orphaned)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and run; a failure that can be explained is one line."""
    parser = argparse.ArgumentParser(prog="topform-worker", description="Run TopForm's background jobs.")
    parser.add_argument("--queues", default=",".join(QUEUES), help="queues to read, separated by commas")
    parser.add_argument("--concurrency", type=int, default=None, help="how many jobs at a time")
    parser.add_argument(
        "--heartbeat", type=Path, metavar="FILE", help="written every few seconds (topform.platform.heartbeat reads it)"
    )
    given = parser.parse_args(arguments)
    queues = [queue for queue in given.queues.split(",") if queue]
    if unknown := set(queues) - set(QUEUES):
        parser.error(f"unknown queues: {', '.join(sorted(unknown))} (there are {', '.join(QUEUES)})")
    exit_with_parent()
    try:
        settings = load_settings()
        configure_logging(log_format=settings.log_format, level=settings.log_level)
        if queues == [VIDEO_QUEUE]:
            limit_own_resources(memory_bytes=VIDEO_MEMORY_BYTES, file_bytes=VIDEO_FILE_BYTES)
        concurrency = given.concurrency or (1 if queues == [VIDEO_QUEUE] else settings.worker_concurrency)
        asyncio.run(beating(run(settings, queues=queues, concurrency=concurrency), given.heartbeat))
    except TopFormError as error:
        log.error("worker_cannot_run", code=error.code, reason=error.message, remedy=error.remedy)
        return 1
    except ConnectorException as error:
        log.error("worker_lost_database", reason=str(error.__cause__ or error))
        return 1
    return 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
