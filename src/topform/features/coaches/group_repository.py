"""Queries over the groups in which coaches keep their athletes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import may_share, visible_to
from topform.features.coaches.tables import CoachGrantRow, CoachGroupMemberRow, CoachGroupRow


class GroupRepository:
    """A coach's groups within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def groups(self, coach_id: AthleteId) -> list[tuple[CoachGroupRow, int]]:
        """Return a coach's groups by name, with how many athletes are in each who let the coach in now."""
        athletes = (
            select(func.count())
            .select_from(CoachGroupMemberRow)
            .join(CoachGrantRow, CoachGrantRow.athlete_id == CoachGroupMemberRow.member_id)
            .where(
                CoachGroupMemberRow.group_id == CoachGroupRow.id,
                CoachGrantRow.coach_id == CoachGroupMemberRow.athlete_id,
                CoachGrantRow.accepted_at.is_not(None),
                CoachGrantRow.ended_at.is_(None),
                may_share(CoachGrantRow),
            )
        )
        query = select(CoachGroupRow, athletes.scalar_subquery()).where(visible_to(coach_id, CoachGroupRow))
        query = query.order_by(func.lower(CoachGroupRow.name), CoachGroupRow.id)
        return [(row, count) for row, count in (await self._session.execute(query)).all()]

    async def group(self, coach_id: AthleteId, group_id: UUID) -> CoachGroupRow | None:
        """Return one of a coach's groups, locked."""
        query = select(CoachGroupRow).where(visible_to(coach_id, CoachGroupRow), CoachGroupRow.id == group_id)
        return (await self._session.execute(query.with_for_update())).scalar_one_or_none()

    async def save(self, row: CoachGroupRow, name: str) -> bool:
        """Store a new group, or the new name of one; False when another has the name."""
        try:
            async with self._session.begin_nested():
                row.name = name
                self._session.add(row)
                await self._session.flush()
        except IntegrityError:
            return False
        return True

    async def remove(self, coach_id: AthleteId, group_id: UUID) -> bool:
        """Delete a group; tell whether there was one."""
        query = delete(CoachGroupRow).where(visible_to(coach_id, CoachGroupRow), CoachGroupRow.id == group_id)
        return (await self._session.execute(query.returning(CoachGroupRow.id))).first() is not None

    async def put_in(self, coach_id: AthleteId, group_id: UUID, member_id: UUID) -> None:
        """Put an athlete into a group."""
        await self._session.execute(
            insert(CoachGroupMemberRow)
            .values(group_id=group_id, member_id=member_id, athlete_id=coach_id)
            .on_conflict_do_nothing()
        )

    async def take_out(self, coach_id: AthleteId, member_id: UUID, *, group_id: UUID | None = None) -> None:
        """Take an athlete out of one of a coach's groups, or out of all."""
        query = delete(CoachGroupMemberRow).where(
            visible_to(coach_id, CoachGroupMemberRow), CoachGroupMemberRow.member_id == member_id
        )
        if group_id is not None:
            query = query.where(CoachGroupMemberRow.group_id == group_id)
        await self._session.execute(query)

    async def members(self, coach_id: AthleteId, group_id: UUID) -> set[UUID]:
        """Return who is in a coach's group."""
        query = select(CoachGroupMemberRow.member_id).where(
            visible_to(coach_id, CoachGroupMemberRow), CoachGroupMemberRow.group_id == group_id
        )
        return set((await self._session.execute(query)).scalars())

    async def groups_of(self, coach_id: AthleteId, member_id: UUID) -> list[UUID]:
        """Return in which of a coach's groups an athlete is, also while the coach looks at them."""
        query = select(CoachGroupMemberRow.group_id).where(
            CoachGroupMemberRow.athlete_id == coach_id, CoachGroupMemberRow.member_id == member_id
        )
        return list((await self._session.execute(query.order_by(CoachGroupMemberRow.group_id))).scalars())
