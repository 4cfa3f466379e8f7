"""Queries over coaches' rights and what they looked at."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import may_share, visible_to
from topform.features.coaches.tables import CoachGrantRow, CoachInvitationRow, CoachReadRow


class CoachRepository:
    """Grants, invitations and reads within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock_pair(self, athlete_id: AthleteId, coach_id: AthleteId) -> None:
        """Let changes between two people happen one after the other."""
        await self._session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"coach:{athlete_id}:{coach_id}", 0)))
        )

    async def add(self, row: CoachGrantRow | CoachInvitationRow) -> None:
        """Store a grant, a question or an invitation."""
        self._session.add(row)
        await self._session.flush()

    async def grants(self, athlete_id: AthleteId) -> list[CoachGrantRow]:
        """Return everything the athlete was asked or granted, what is open first, then the newest."""
        query = (
            select(CoachGrantRow)
            .where(visible_to(athlete_id, CoachGrantRow))
            .order_by(CoachGrantRow.ended_at.desc().nulls_first(), CoachGrantRow.created_at.desc(), CoachGrantRow.id)
        )
        return list((await self._session.execute(query)).scalars())

    async def open_grant(
        self, athlete_id: AthleteId, coach_id: AthleteId, *, lock: bool = False
    ) -> CoachGrantRow | None:
        """Return what holds, or waits for a yes, between an athlete and a coach."""
        query = select(CoachGrantRow).where(
            visible_to(athlete_id, CoachGrantRow),
            CoachGrantRow.coach_id == coach_id,
            CoachGrantRow.ended_at.is_(None),
        )
        if lock:
            query = query.with_for_update()
        return (await self._session.execute(query)).scalar_one_or_none()

    async def was_ended_since(self, athlete_id: AthleteId, coach_id: AthleteId, since: datetime) -> bool:
        """Return whether the athlete refused or ended a coach's access since a moment."""
        query = select(CoachGrantRow.id).where(
            visible_to(athlete_id, CoachGrantRow),
            CoachGrantRow.coach_id == coach_id,
            CoachGrantRow.ended_by == "athlete",
            CoachGrantRow.ended_at > since,
        )
        return (await self._session.execute(query.limit(1))).first() is not None

    async def granted_to(self, coach_id: AthleteId, athlete_id: AthleteId | None = None) -> list[CoachGrantRow]:
        """Return what athletes grant a coach now; the grant is the right to know of it."""
        query = select(CoachGrantRow).where(
            CoachGrantRow.coach_id == coach_id,
            CoachGrantRow.accepted_at.is_not(None),
            CoachGrantRow.ended_at.is_(None),
            may_share(CoachGrantRow),
        )
        if athlete_id is not None:
            query = query.where(CoachGrantRow.athlete_id == athlete_id)
        return list(
            (await self._session.execute(query.order_by(CoachGrantRow.accepted_at, CoachGrantRow.id))).scalars()
        )

    async def invitations(self, athlete_id: AthleteId, *, now: datetime) -> list[CoachInvitationRow]:
        """Return the athlete's invitations that can still be used, newest first."""
        query = (
            select(CoachInvitationRow)
            .where(visible_to(athlete_id, CoachInvitationRow), CoachInvitationRow.expires_at > now)
            .order_by(CoachInvitationRow.created_at.desc(), CoachInvitationRow.id)
        )
        return list((await self._session.execute(query)).scalars())

    async def invitation(self, athlete_id: AthleteId, invitation_id: UUID) -> CoachInvitationRow | None:
        """Return one of the athlete's invitations."""
        query = select(CoachInvitationRow).where(
            visible_to(athlete_id, CoachInvitationRow), CoachInvitationRow.id == invitation_id
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def remove_invitation(self, athlete_id: AthleteId, invitation_id: UUID) -> bool:
        """Delete an invitation; tell whether there was one."""
        query = delete(CoachInvitationRow).where(
            visible_to(athlete_id, CoachInvitationRow), CoachInvitationRow.id == invitation_id
        )
        return (await self._session.execute(query.returning(CoachInvitationRow.id))).first() is not None

    async def end(self, row: CoachGrantRow, *, by: str, now: datetime) -> None:
        """End a grant, or refuse a question; from now on the coach sees nothing through it."""
        await self._session.execute(
            update(CoachGrantRow)
            .where(visible_to(AthleteId(row.athlete_id), CoachGrantRow), CoachGrantRow.id == row.id)
            .values(ended_at=now, ended_by=by)
        )

    async def note_read(
        self, athlete_id: AthleteId, coach_id: AthleteId, *, day: date, what: str, item: str, now: datetime
    ) -> None:
        """Write down that a coach looked at something."""
        query = insert(CoachReadRow).values(
            id=new_id(),
            athlete_id=athlete_id,
            coach_id=coach_id,
            day=day,
            what=what,
            item=item,
            times=1,
            last_at=now,
        )
        query = query.on_conflict_do_update(
            constraint="uq_coach_reads_of_a_day",
            set_={"times": CoachReadRow.times + 1, "last_at": func.greatest(CoachReadRow.last_at, now)},
        )
        await self._session.execute(query)

    async def reads(
        self, athlete_id: AthleteId, *, coach_id: AthleteId | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[CoachReadRow]:
        """Return what coaches looked at, the latest first."""
        query = select(CoachReadRow).where(visible_to(athlete_id, CoachReadRow))
        if coach_id is not None:
            query = query.where(CoachReadRow.coach_id == coach_id)
        if after is not None:
            moment, last_id = after
            query = query.where(
                (CoachReadRow.last_at < moment) | ((CoachReadRow.last_at == moment) & (CoachReadRow.id < last_id))
            )
        query = query.order_by(CoachReadRow.last_at.desc(), CoachReadRow.id.desc()).limit(limit)
        return list((await self._session.execute(query)).scalars())

    async def last_reads(self, athlete_id: AthleteId) -> dict[UUID, datetime]:
        """Return when each coach last looked at something."""
        query = (
            select(CoachReadRow.coach_id, func.max(CoachReadRow.last_at))
            .where(visible_to(athlete_id, CoachReadRow))
            .group_by(CoachReadRow.coach_id)
        )
        return {coach_id: moment for coach_id, moment in await self._session.execute(query)}
