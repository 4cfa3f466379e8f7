"""What stored activities say of thresholds, for the feature that weighs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.tables import ActivityLegRow, ActivityMetricRow, ActivityRow
from topform.features.athletes.public import visible_to


@dataclass(frozen=True, slots=True)
class MetricOfDay:
    """A metric of one activity and the day of the activity."""

    day: date
    activity_id: UUID
    metric: str
    value: float
    detail: str


@dataclass(frozen=True, slots=True)
class SteadyStretches:
    """Heart rate and output of the steady stretches of one leg."""

    day: date
    activity_id: UUID
    sport: str
    points: tuple[tuple[float, float], ...]


async def metrics_by_day(session: AsyncSession, viewer: AthleteId, metrics: tuple[str, ...]) -> list[MetricOfDay]:
    """Return the values of these metrics, oldest first."""
    query = (
        select(
            ActivityRow.local_date,
            ActivityMetricRow.activity_id,
            ActivityMetricRow.metric,
            ActivityMetricRow.value,
            ActivityMetricRow.warnings,
        )
        .join(ActivityRow, ActivityRow.id == ActivityMetricRow.activity_id)
        .where(
            visible_to(viewer, ActivityMetricRow),
            ActivityMetricRow.metric.in_(metrics),
            ActivityMetricRow.value.is_not(None),
        )
        .order_by(ActivityRow.local_date, ActivityMetricRow.activity_id, ActivityMetricRow.leg)
    )
    return [
        MetricOfDay(day, activity_id, metric, float(value or 0.0), " ".join(warnings))
        for day, activity_id, metric, value, warnings in await session.execute(query)
    ]


async def steady_stretches(session: AsyncSession, viewer: AthleteId) -> list[SteadyStretches]:
    """Return the steady stretches of legs that have some, oldest first."""
    points = ActivityLegRow.document["steady_hr_output"]
    query = (
        select(ActivityRow.local_date, ActivityLegRow.activity_id, ActivityLegRow.sport, points)
        .join(ActivityRow, ActivityRow.id == ActivityLegRow.activity_id)
        .where(visible_to(viewer, ActivityLegRow), func.jsonb_typeof(points) == "array", points != [])
        .order_by(ActivityRow.local_date, ActivityLegRow.activity_id)
    )
    return [
        SteadyStretches(day, activity_id, sport, tuple((float(hr), float(output)) for hr, output in found))
        for day, activity_id, sport, found in await session.execute(query)
    ]
