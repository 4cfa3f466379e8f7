"""Versions of metrics: what is computed again when a formula changes, and what metrics were before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.activities.recompute_repository import RecomputeRepository
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.schemas import MetricAbout, MetricHistory, MetricTable, PastMetric
from topform.features.activities.tasks import RUN_RECOMPUTE_TASK
from topform.features.jobs.public import Job, add_job
from topform.platform.jobs import defer
from topform.platform.web.resources import Resources
from topform.science.metric_versions import METRICS


def current_versions() -> dict[str, int]:
    """Return the version of every metric."""
    return {name: metric.version for name, metric in METRICS.items()}


def metric_table() -> MetricTable:
    """Return every metric with its unit, version and what changed."""
    return MetricTable(
        items=[
            MetricAbout(
                metric=metric.id,
                unit=metric.unit,
                version=metric.version,
                page=metric.page,
                changes=list(metric.changes),
            )
            for metric in METRICS.values()
        ]
    )


def require_metric(name: str) -> None:
    """Raise when there is no such metric."""
    if name not in METRICS:
        raise NotFoundError(f"There is no metric {name}.", remedy="Take one of the table of metrics.")


async def begin_recompute(
    session: AsyncSession,
    athlete_id: AthleteId,
    *,
    now: datetime,
    since: date | None = None,
    outdated: Mapping[str, int] | None = None,
) -> Job:
    """Queue a job that computes an athlete's activities again: all, those since a day, or those of old versions."""
    job = await add_job(
        session,
        athlete_id,
        kind="recompute",
        file_name=None,
        job_input={
            "since": None if since is None else since.isoformat(),
            "outdated": None if outdated is None else dict(outdated),
        },
        now=now,
    )
    await defer(session, RUN_RECOMPUTE_TASK, lock=f"recompute:{athlete_id}", job_id=str(job.id))
    return job


async def metric_history(session: AsyncSession, viewer: AthleteId, activity_id: UUID) -> MetricHistory:
    """Return what an activity's metrics were before they were computed again."""
    if await ActivityRepository(session).visible(viewer, activity_id) is None:
        raise NotFoundError("There is no such activity.")
    rows = await RecomputeRepository(session).history(viewer, activity_id)
    return MetricHistory(items=[PastMetric.model_validate(row) for row in rows])


async def apply_new_versions(resources: Resources) -> list[str]:
    """Queue the recomputation that new versions of formulas ask for, once, and return the changed metrics.

    The versions that are in use are written down in the same transaction, so that two workers that start together do
    it once; an installation without activities has nothing to compute.
    """
    current = current_versions()
    now = resources.clock.now()
    async with resources.database.transaction() as session:
        activities = RecomputeRepository(session)
        await activities.lock_versions()
        applied = await activities.applied_versions()
        changed = {name: version for name, version in current.items() if applied.get(name) != version}
        if not changed:
            return []
        athletes = await activities.athletes_with_activities()
        is_new = any(name not in applied for name in changed)
        for athlete_id in athletes:
            await begin_recompute(session, AthleteId(athlete_id), now=now, outdated=None if is_new else changed)
        await activities.note_applied(current, now=now)
    return sorted(changed) if athletes else []
