"""Queries over segments, one's own efforts, and which activities can have passed where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer

from topform.core.ids import AthleteId
from topform.features.segments.tables import SegmentEffortRow, SegmentMemberRow, SegmentRouteRow, SegmentRow
from topform.features.segments.visibility import visible_to

LOCK = "segments"


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment as the viewer may see it, with their membership and a summary of their efforts."""

    row: SegmentRow
    member: SegmentMemberRow | None
    efforts: int
    best_s: float | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """An effort among the others of the same athlete on its segment."""

    effort: SegmentEffortRow
    segment: SegmentRow
    rank: int
    of: int


class SegmentRepository:
    """Segments within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, athlete_id: AthleteId) -> None:
        """Let changes of an athlete's segments and efforts happen one after the other."""
        await self._session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{LOCK}:{athlete_id}"}
        )

    async def add(self, row: SegmentRow) -> None:
        """Store a new segment."""
        self._session.add(row)
        await self._session.flush()

    async def count_kept(self, viewer: AthleteId) -> int:
        """Return how many segments the viewer has made or joined."""
        query = select(func.count()).select_from(SegmentRow).where(visible_to(viewer, SegmentRow), _keeps(viewer))
        return (await self._session.scalar(query)) or 0

    async def visible(self, viewer: AthleteId, segment_id: UUID) -> Kept | None:
        """Return the segment if the viewer may see it."""
        found = (await self._session.execute(_kept(viewer).where(SegmentRow.id == segment_id))).one_or_none()
        return None if found is None else Kept(*found)

    async def page(
        self,
        viewer: AthleteId,
        *,
        joined: bool,
        club_id: UUID | None,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> list[Kept]:
        """Return segments that the viewer made or joined, those of others that they may join, or those of a club."""
        query = _kept(viewer)
        if club_id is not None:
            query = query.where(SegmentRow.club_id == club_id)
        else:
            query = query.where(_keeps(viewer) if joined else ~_keeps(viewer))
        if after is not None:
            query = query.where(tuple_(SegmentRow.created_at, SegmentRow.id) < tuple_(*after))
        query = query.order_by(SegmentRow.created_at.desc(), SegmentRow.id.desc()).limit(limit)
        return [Kept(*row) for row in (await self._session.execute(query)).all()]

    async def change(self, viewer: AthleteId, segment_id: UUID, values: Mapping[str, Any]) -> bool:
        """Write fields of one's own segment; False when there is none."""
        changed = await self._session.execute(
            update(SegmentRow)
            .where(visible_to(viewer, SegmentRow), SegmentRow.athlete_id == viewer, SegmentRow.id == segment_id)
            .values(**values)
            .returning(SegmentRow.id)
            .execution_options(synchronize_session=False)
        )
        return changed.scalar_one_or_none() is not None

    async def remove(self, viewer: AthleteId, segment_id: UUID) -> bool:
        """Delete one's own segment with everybody's efforts on it; False when there is none."""
        gone = await self._session.execute(
            delete(SegmentRow)
            .where(visible_to(viewer, SegmentRow), SegmentRow.athlete_id == viewer, SegmentRow.id == segment_id)
            .returning(SegmentRow.id)
        )
        return gone.scalar_one_or_none() is not None

    async def members(self, segment_id: UUID, *, other_than: AthleteId, limit: int) -> list[AthleteId]:
        """Return who has joined a segment, for telling them that it changed."""
        query = select(SegmentMemberRow.athlete_id).where(
            SegmentMemberRow.segment_id == segment_id, SegmentMemberRow.athlete_id != other_than
        )
        found = await self._session.execute(query.order_by(SegmentMemberRow.athlete_id).limit(limit))
        return [AthleteId(one) for one in found.scalars()]

    async def send_away(self, segment_id: UUID, *, owner: AthleteId) -> None:
        """Delete membership and efforts of everybody but a segment's owner, whose segment the caller has changed."""
        for table in (SegmentEffortRow, SegmentMemberRow):
            await self._session.execute(delete(table).where(table.segment_id == segment_id, table.athlete_id != owner))

    async def join(self, athlete_id: AthleteId, segment_id: UUID, *, shares_efforts: bool, now: datetime) -> None:
        """Keep efforts on a segment, or change whether they are shared."""
        await self._session.execute(
            insert(SegmentMemberRow)
            .values(
                segment_id=segment_id,
                athlete_id=athlete_id,
                shares_efforts=shares_efforts,
                joined_at=now,
                matched_at=None,
            )
            .on_conflict_do_update(
                index_elements=["segment_id", "athlete_id"],
                set_={"shares_efforts": shares_efforts, "joined_at": now},
            )
        )

    async def leave(self, athlete_id: AthleteId, segment_id: UUID, *, keeps_efforts: bool) -> bool:
        """Give membership back; False when there is none. The owner of a segment keeps their efforts."""
        gone = await self._session.execute(
            delete(SegmentMemberRow)
            .where(visible_to(athlete_id, SegmentMemberRow), SegmentMemberRow.segment_id == segment_id)
            .returning(SegmentMemberRow.segment_id)
        )
        if gone.scalar_one_or_none() is None:
            return False
        if not keeps_efforts:
            await self._session.execute(
                delete(SegmentEffortRow).where(
                    visible_to(athlete_id, SegmentEffortRow), SegmentEffortRow.segment_id == segment_id
                )
            )
        return True

    # ---- efforts ----------------------------------------------------------------------------------------------------

    async def efforts(
        self,
        viewer: AthleteId,
        *,
        segment_id: UUID | None = None,
        activity_id: UUID | None = None,
        after: tuple[datetime, UUID] | None = None,
        limit: int,
    ) -> list[Ranked]:
        """Return the viewer's efforts on a segment or in an activity, newest first, each with its rank."""
        effort, other = SegmentEffortRow, aliased(SegmentEffortRow)
        same = and_(other.segment_id == effort.segment_id, other.athlete_id == effort.athlete_id)
        faster = select(func.count()).where(same, other.elapsed_s < effort.elapsed_s).scalar_subquery()
        of = select(func.count()).where(same).scalar_subquery()
        query = (
            select(effort, SegmentRow, faster + 1, of)
            .join(SegmentRow, SegmentRow.id == effort.segment_id)
            .where(visible_to(viewer, effort), visible_to(viewer, SegmentRow))
        )
        if segment_id is not None:
            query = query.where(effort.segment_id == segment_id)
        if activity_id is not None:
            query = query.where(effort.activity_id == activity_id)
        if after is not None:
            query = query.where(tuple_(effort.started_at, effort.id) < tuple_(*after))
        query = query.order_by(effort.started_at.desc(), effort.id.desc()).limit(limit)
        return [Ranked(*row) for row in (await self._session.execute(query)).all()]

    async def latest_times(self, viewer: AthleteId, segment_id: UUID, *, limit: int) -> list[float]:
        """Return the viewer's last times on a segment, newest first."""
        query = select(SegmentEffortRow.elapsed_s).where(
            visible_to(viewer, SegmentEffortRow), SegmentEffortRow.segment_id == segment_id
        )
        found = await self._session.execute(query.order_by(SegmentEffortRow.started_at.desc()).limit(limit))
        return list(found.scalars())

    async def count_since(self, viewer: AthleteId, segment_id: UUID, first: date) -> int:
        """Return how many efforts the viewer has on a segment since a day."""
        query = select(func.count()).select_from(SegmentEffortRow)
        query = query.where(
            visible_to(viewer, SegmentEffortRow),
            SegmentEffortRow.segment_id == segment_id,
            SegmentEffortRow.day >= first,
        )
        return (await self._session.scalar(query)) or 0

    async def replace_efforts(
        self,
        athlete_id: AthleteId,
        activity_id: UUID,
        rows: Sequence[Mapping[str, Any]],
        *,
        segment_id: UUID | None = None,
    ) -> bool:
        """Write an activity's efforts on all segments, or on one, in place of those it had; tell whether any were."""
        condition = and_(visible_to(athlete_id, SegmentEffortRow), SegmentEffortRow.activity_id == activity_id)
        if segment_id is not None:
            condition = and_(condition, SegmentEffortRow.segment_id == segment_id)
        gone = await self._session.execute(
            delete(SegmentEffortRow).where(condition).returning(SegmentEffortRow.segment_id)
        )
        had_some = bool(gone.all())
        if rows:
            await self._session.execute(insert(SegmentEffortRow), [dict(row) for row in rows])
        return had_some or bool(rows)

    # ---- matching ---------------------------------------------------------------------------------------------------

    async def keeps_any(self, athlete_id: AthleteId) -> bool:
        """Tell whether an athlete has made or joined a segment."""
        return bool(
            await self._session.scalar(
                select(
                    or_(
                        exists().where(SegmentRow.athlete_id == athlete_id),
                        exists().where(SegmentMemberRow.athlete_id == athlete_id),
                    )
                )
            )
        )

    async def shares_any(self, athlete_id: AthleteId) -> bool:
        """Tell whether an athlete shares efforts on a segment."""
        mine = exists().where(SegmentMemberRow.athlete_id == athlete_id, SegmentMemberRow.shares_efforts)
        return bool(await self._session.scalar(select(mine)))

    async def seen(self, athlete_id: AthleteId) -> dict[UUID, datetime]:
        """Return as of when each of the athlete's activities was looked at."""
        query = select(SegmentRouteRow.activity_id, func.min(SegmentRouteRow.seen_at).label("seen_at"))
        query = query.where(visible_to(athlete_id, SegmentRouteRow)).group_by(SegmentRouteRow.activity_id)
        return {row.activity_id: row.seen_at for row in await self._session.execute(query)}

    async def replace_routes(self, athlete_id: AthleteId, activity_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write which cells an activity touches."""
        await self._session.execute(
            delete(SegmentRouteRow).where(
                visible_to(athlete_id, SegmentRouteRow), SegmentRouteRow.activity_id == activity_id
            )
        )
        await self._session.execute(insert(SegmentRouteRow), [dict(row) for row in rows])

    async def routes_through(self, athlete_id: AthleteId, segment: SegmentRow) -> list[UUID]:
        """Return the athlete's activities of the segment's sport that touch the cells of both its ends."""
        ends = literal(sorted({segment.start_cell, segment.end_cell}), ARRAY(Integer()))
        query = select(SegmentRouteRow.activity_id).where(
            visible_to(athlete_id, SegmentRouteRow),
            SegmentRouteRow.sport == segment.sport,
            SegmentRouteRow.cells.contains(ends),
        )
        return list((await self._session.execute(query.distinct())).scalars())

    async def near(self, athlete_id: AthleteId, *, sport: str, cells: Collection[int]) -> list[SegmentRow]:
        """Return the segments an athlete has made or joined, and still sees, that begin and end in some cells."""
        some = literal(sorted(cells), ARRAY(Integer()))
        query = select(SegmentRow).where(
            visible_to(athlete_id, SegmentRow),
            _keeps(athlete_id),
            SegmentRow.sport == sport,
            SegmentRow.start_cell == func.any(some),
            SegmentRow.end_cell == func.any(some),
        )
        return list((await self._session.execute(query.order_by(SegmentRow.id))).scalars())

    async def matched(self, athlete_id: AthleteId, segment_id: UUID, *, now: datetime) -> None:
        """Note that an athlete's history was looked through for a segment."""
        for table in (SegmentRow, SegmentMemberRow):
            key = SegmentRow.id if table is SegmentRow else SegmentMemberRow.segment_id
            await self._session.execute(
                update(table)
                .where(visible_to(athlete_id, table), table.athlete_id == athlete_id, key == segment_id)
                .values(matched_at=now)
                .execution_options(synchronize_session=False)
            )


def _keeps(viewer: AthleteId) -> ColumnElement[bool]:
    member = aliased(SegmentMemberRow)
    return or_(
        SegmentRow.athlete_id == viewer,
        exists().where(member.segment_id == SegmentRow.id, member.athlete_id == viewer),
    )


def _kept(viewer: AthleteId) -> Select[Any]:
    member, effort = aliased(SegmentMemberRow), SegmentEffortRow
    mine = and_(effort.segment_id == SegmentRow.id, effort.athlete_id == viewer)

    def of_mine(value: ColumnElement[Any]) -> Any:
        return select(value).where(mine).scalar_subquery()

    return (
        select(
            SegmentRow,
            member,
            of_mine(func.count()),
            of_mine(func.min(effort.elapsed_s)),
            of_mine(func.max(effort.day)),
        )
        .outerjoin(member, (member.segment_id == SegmentRow.id) & (member.athlete_id == viewer))
        .where(visible_to(viewer, SegmentRow))
        .execution_options(populate_existing=True)
    )
