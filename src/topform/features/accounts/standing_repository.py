"""Queries over roles, locks and what administrators did."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.accounts.tables import AdminActionRow, InvitationRow, SessionRow, StandingRow

ADMIN = "admin"
MODERATOR = "moderator"


class StandingRepository:
    """Roles and locks within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self) -> None:
        """Let changes of roles and locks happen one after the other, so that the last administrator stays."""
        await self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("account_standing", 0))))

    async def of(self, athlete_id: AthleteId) -> StandingRow | None:
        """Return an account's standing, None for the usual one."""
        return await self._session.get(StandingRow, athlete_id, populate_existing=True)

    async def of_many(self, ids: list[UUID]) -> dict[UUID, StandingRow]:
        """Return the standing of those accounts that have one."""
        rows = await self._session.scalars(select(StandingRow).where(StandingRow.athlete_id.in_(ids)))
        return {row.athlete_id: row for row in rows}

    async def set(self, athlete_id: AthleteId, values: dict[str, Any], *, now: datetime) -> None:
        """Store a role or a lock; the other stays as it is."""
        fresh = {"athlete_id": athlete_id, "role": "athlete", "locked_at": None, **values, "updated_at": now}
        query = insert(StandingRow).values(fresh)
        await self._session.execute(
            query.on_conflict_do_update(index_elements=["athlete_id"], set_={**values, "updated_at": now})
        )

    async def other_admins(self, athlete_id: AthleteId) -> int:
        """Return how many administrators who are not locked there are beside an account."""
        query = select(func.count()).where(
            StandingRow.role == ADMIN, StandingRow.locked_at.is_(None), StandingRow.athlete_id != athlete_id
        )
        return await self._session.scalar(query) or 0

    async def other_moderators(self, besides: Collection[UUID]) -> int:
        """Return how many moderators and administrators who are not locked there are beside some accounts."""
        query = select(func.count()).where(
            StandingRow.role.in_((ADMIN, MODERATOR)),
            StandingRow.locked_at.is_(None),
            StandingRow.athlete_id.not_in(besides),
        )
        return await self._session.scalar(query) or 0

    async def write_down(self, row: AdminActionRow) -> None:
        """Write down what an administrator did."""
        self._session.add(row)
        await self._session.flush()

    async def actions(self, *, after: tuple[datetime, UUID] | None, limit: int) -> list[AdminActionRow]:
        """Return what administrators did, the latest first."""
        query = select(AdminActionRow).where(true())
        if after is not None:
            moment, last_id = after
            query = query.where(
                (AdminActionRow.created_at < moment)
                | ((AdminActionRow.created_at == moment) & (AdminActionRow.id < last_id))
            )
        query = query.order_by(AdminActionRow.created_at.desc(), AdminActionRow.id.desc()).limit(limit)
        return list(await self._session.scalars(query))

    async def last_seen(self, ids: list[UUID]) -> dict[UUID, datetime]:
        """Return when accounts were last used by somebody signed in."""
        query = (
            select(SessionRow.athlete_id, func.max(SessionRow.last_seen_at))
            .where(SessionRow.athlete_id.in_(ids))
            .group_by(SessionRow.athlete_id)
        )
        return {athlete_id: moment for athlete_id, moment in await self._session.execute(query)}

    async def invitations(self, *, now: datetime) -> list[InvitationRow]:
        """Return the invitations that can still be used, newest first."""
        query = select(InvitationRow).where(InvitationRow.expires_at > now)
        return list(await self._session.scalars(query.order_by(InvitationRow.created_at.desc())))

    async def remove_invitation(self, token_sha256: bytes) -> bool:
        """Delete an invitation; tell whether there was one."""
        query = delete(InvitationRow).where(InvitationRow.token_sha256 == token_sha256)
        return (await self._session.execute(query.returning(InvitationRow.token_sha256))).first() is not None
