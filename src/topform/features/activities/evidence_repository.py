"""Queries over what stored activities say of thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.tables import ActivityLegRow, ActivityMetricRow, ActivityRow
from topform.features.athletes.public import visible_to


class EvidenceRepository:
    """Evidence within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def metrics(
        self, viewer: AthleteId, metrics: Sequence[str]
    ) -> list[tuple[date, UUID, int, str, float | None, list[Any]]]:
        """Return the values of these metrics, oldest first: day, activity, leg, metric, value, warnings."""
        query = (
            select(
                ActivityRow.local_date,
                ActivityMetricRow.activity_id,
                ActivityMetricRow.leg,
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
        return [tuple(row) for row in await self._session.execute(query)]

    async def steady_legs(self, viewer: AthleteId) -> list[tuple[date, UUID, str, list[Any]]]:
        """Return the legs with steady stretches, oldest first: day, activity, sport, heart rates with outputs."""
        points = ActivityLegRow.document["steady_hr_output"]
        query = (
            select(ActivityRow.local_date, ActivityLegRow.activity_id, ActivityLegRow.sport, points)
            .join(ActivityRow, ActivityRow.id == ActivityLegRow.activity_id)
            .where(visible_to(viewer, ActivityLegRow), func.jsonb_typeof(points) == "array", points != [])
            .order_by(ActivityRow.local_date, ActivityLegRow.activity_id)
        )
        return [tuple(row) for row in await self._session.execute(query)]
