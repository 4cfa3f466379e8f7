"""Queries over identities elsewhere and the flows that prove them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.accounts.tables import IdentityFlowRow, IdentityRow


class IdentityRepository:
    """Identities elsewhere within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_flow(self, row: IdentityFlowRow, *, now: datetime) -> None:
        """Store a flow and drop the expired ones of everybody."""
        await self._session.execute(delete(IdentityFlowRow).where(IdentityFlowRow.expires_at < now))
        self._session.add(row)
        await self._session.flush()

    async def flow(self, state_sha256: bytes, *, now: datetime) -> IdentityFlowRow | None:
        """Return a flow that has not expired; locked, so that it goes on once at a time."""
        return await self._session.scalar(
            select(IdentityFlowRow)
            .where(IdentityFlowRow.state_sha256 == state_sha256, IdentityFlowRow.expires_at > now)
            .with_for_update()
        )

    async def end_flow(self, state_sha256: bytes) -> None:
        """Forget a flow."""
        await self._session.execute(delete(IdentityFlowRow).where(IdentityFlowRow.state_sha256 == state_sha256))

    async def add(self, row: IdentityRow) -> None:
        """Link an identity with an athlete."""
        self._session.add(row)
        await self._session.flush()

    async def by_subject(self, issuer: str, subject: str) -> IdentityRow | None:
        """Return the link of somebody whom an issuer knows."""
        return await self._session.scalar(
            select(IdentityRow).where(IdentityRow.issuer == issuer, IdentityRow.subject == subject)
        )

    async def of_athlete(self, athlete_id: AthleteId) -> list[IdentityRow]:
        """Return the athlete's identities, the newest first."""
        rows = await self._session.scalars(
            select(IdentityRow)
            .where(IdentityRow.athlete_id == athlete_id)
            .order_by(IdentityRow.created_at.desc(), IdentityRow.id)
        )
        return list(rows)

    async def note_use(self, identity_id: UUID, *, now: datetime) -> None:
        """Note that somebody signed in with the identity."""
        await self._session.execute(update(IdentityRow).where(IdentityRow.id == identity_id).values(last_used_at=now))

    async def remove(self, athlete_id: AthleteId, identity_id: UUID) -> bool:
        """Unlink one of the athlete's identities and say whether there was one."""
        removed = await self._session.scalars(
            delete(IdentityRow)
            .where(IdentityRow.athlete_id == athlete_id, IdentityRow.id == identity_id)
            .returning(IdentityRow.id)
        )
        return removed.first() is not None
