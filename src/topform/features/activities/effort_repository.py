"""Queries over an athlete's activities as others may be compared with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.tables import ActivityBestRow, ActivityRow, ActivitySourceRow
from topform.features.athletes.public import visible_to

TAKES_AS_LONG_S: Final = 5.0
GOES_AS_FAR_FRAC: Final = 0.05
"""The distance of an export without one is measured again, along its positions."""
BEGINS_WITHIN_DEG: Final = 0.002
"""What a first position left out may be away: some 200 m."""

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

    async def alike(self, viewer: AthleteId, ids: Collection[UUID], *, limit: int) -> Sequence[Any]:
        """Return pairs of an athlete's activities and earlier stored ones of others that may be of the same recording.

        Both took about as long, went about as far and began at about the same place, whenever that was.
        """
        mine, theirs = aliased(ActivityRow), aliased(ActivityRow)
        query = (
            select(mine.id, theirs.athlete_id, theirs.id)
            .join(
                theirs,
                and_(
                    theirs.athlete_id != mine.athlete_id,
                    theirs.elapsed_s.between(mine.elapsed_s - TAKES_AS_LONG_S, mine.elapsed_s + TAKES_AS_LONG_S),
                    theirs.distance_m.between(
                        (1 - GOES_AS_FAR_FRAC) * mine.distance_m, (1 + GOES_AS_FAR_FRAC) * mine.distance_m
                    ),
                    theirs.created_at < mine.created_at,
                    theirs.route_preview.is_not(None),
                    theirs.restricted_by.is_(None),
                    *(
                        func.abs(theirs.route_preview[0][axis].as_float() - mine.route_preview[0][axis].as_float())
                        <= BEGINS_WITHIN_DEG
                        for axis in (0, 1)
                    ),
                ),
            )
            .where(visible_to(viewer, mine, purpose=Purpose.OTHER_PEOPLE), mine.id.in_(ids))
            .order_by(theirs.created_at, theirs.id)
            .limit(limit)
        )
        return (await self._session.execute(query)).all()

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
