"""Queries over the efforts that several people share on a segment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.athletes.public import usable_for
from topform.features.segments.tables import SegmentEffortRow, SegmentMemberRow, SegmentRow
from topform.features.segments.visibility import on_board, visible_to


@dataclass(frozen=True, slots=True)
class Shared:
    """What somebody shares of their efforts."""

    athlete_id: UUID
    best_s: float
    recent: int
    last_at: datetime


class SegmentBoardRepository:
    """The board of one segment within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def shared(self, viewer: AthleteId, segment_id: UUID, *, since: date) -> list[Shared]:
        """Return who shares efforts that are for the viewer; `recent` counts those since a day.

        What a source keeps for its owner is left out for everybody alike.
        """
        effort = SegmentEffortRow
        allowed = usable_for(Purpose.OTHER_PEOPLE, effort)
        query = (
            select(
                effort.athlete_id,
                func.min(effort.elapsed_s),
                func.count().filter(effort.day >= since),
                func.max(effort.started_at),
            )
            .join(
                SegmentMemberRow,
                and_(
                    SegmentMemberRow.segment_id == effort.segment_id, SegmentMemberRow.athlete_id == effort.athlete_id
                ),
            )
            .join(SegmentRow, SegmentRow.id == effort.segment_id)
            .where(effort.segment_id == segment_id, on_board(viewer), true() if allowed is None else allowed)
            .group_by(effort.athlete_id)
        )
        return [Shared(*row) for row in (await self._session.execute(query)).all()]

    async def own_shared(self, athlete_id: AthleteId) -> list[SegmentRow]:
        """Return the segments of others or shared with others on whose boards an athlete's efforts stand."""
        member = SegmentMemberRow
        query = (
            select(SegmentRow)
            .join(member, and_(member.segment_id == SegmentRow.id, member.athlete_id == athlete_id))
            .where(
                visible_to(athlete_id, SegmentRow),
                on_board(athlete_id),
                or_(SegmentRow.audience != "me", SegmentRow.club_id.is_not(None)),
            )
        )
        return list((await self._session.execute(query.order_by(SegmentRow.id))).scalars())

    async def efforts_of(self, athlete_id: AthleteId, segment_id: UUID, *, limit: int) -> list[SegmentEffortRow]:
        """Return an athlete's latest efforts on a segment that others may learn of, newest first."""
        effort = SegmentEffortRow
        query = select(effort).where(
            visible_to(athlete_id, effort),
            effort.segment_id == segment_id,
            effort.restricted_by.is_(None),
        )
        query = query.order_by(effort.started_at.desc(), effort.id.desc()).limit(limit)
        return list((await self._session.execute(query)).scalars())
