"""Queries over an athlete's activities as others may be compared with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.tables import ActivityBestRow, ActivityRow, ActivitySourceRow
from topform.features.athletes.public import visible_to

COLUMNS = (
    ActivityRow.id,
    ActivityRow.local_date,
    ActivityRow.sport,
    ActivityRow.started_at,
    ActivityRow.created_at,
    ActivityRow.elapsed_s,
    ActivityRow.timer_s,
    ActivityRow.moving_s,
    ActivityRow.distance_m,
    ActivityRow.ascent_m,
)


class EffortRepository:
    """Activities, their best speeds and their files within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_days(
        self, viewer: AthleteId, first: date, last: date, *, ids: Collection[UUID] | None
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        """Return the activities of some days that others may learn of, oldest first."""
        query = select(*COLUMNS).where(
            visible_to(viewer, ActivityRow, purpose=Purpose.OTHER_PEOPLE), ActivityRow.local_date.between(first, last)
        )
        if ids is not None:
            query = query.where(ActivityRow.id.in_(ids))
        return (await self._session.execute(query.order_by(ActivityRow.started_at, ActivityRow.id))).all()

    async def best_speeds(
        self, viewer: AthleteId, ids: Collection[UUID], durations_s: Collection[int]
    ) -> dict[UUID, dict[int, float]]:
        """Return the best mean speeds of some activities over some durations."""
        query = (
            select(ActivityBestRow.activity_id, ActivityBestRow.duration_s, func.max(ActivityBestRow.value))
            .where(
                visible_to(viewer, ActivityBestRow, purpose=Purpose.OTHER_PEOPLE),
                ActivityBestRow.activity_id.in_(ids),
                ActivityBestRow.kind == "speed_m_s",
                ActivityBestRow.duration_s.in_(durations_s),
            )
            .group_by(ActivityBestRow.activity_id, ActivityBestRow.duration_s)
        )
        found: dict[UUID, dict[int, float]] = {}
        for activity_id, seconds, value in await self._session.execute(query):
            found.setdefault(activity_id, {})[seconds] = value
        return found

    async def later_versions(self, viewer: AthleteId, ids: Collection[UUID]) -> dict[UUID, timedelta]:
        """Return how long after the first file the athlete handed in another one of the same device and format."""
        first, later = aliased(ActivitySourceRow), aliased(ActivitySourceRow)
        query = (
            select(first.activity_id, func.max(later.created_at - first.created_at))
            .join(later, later.activity_id == first.activity_id)
            .where(
                visible_to(viewer, first),
                visible_to(viewer, later),
                first.activity_id.in_(ids),
                first.provider.is_(None),
                later.provider.is_(None),
                later.created_at > first.created_at,
                later.format == first.format,
                first.device["product"].astext.is_not(None),
                later.device == first.device,
            )
            .group_by(first.activity_id)
        )
        rows: Sequence[Any] = (await self._session.execute(query)).all()
        return {activity_id: after for activity_id, after in rows}
