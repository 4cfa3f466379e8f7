"""Queries over apps of others and what athletes granted them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.accounts.tables import AppGrantRow, AppRow


class AppRepository:
    """Apps and grants within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: AppRow | AppGrantRow) -> None:
        """Store an app or a grant."""
        self._session.add(row)
        await self._session.flush()

    async def app(self, client_id: UUID) -> AppRow | None:
        """Return an app by its id, whoever owns it: every athlete may be asked by it."""
        return await self._session.get(AppRow, client_id)

    async def registered(self, athlete_id: AthleteId) -> list[AppRow]:
        """Return the apps that an athlete has registered, the newest first."""
        rows = await self._session.scalars(
            select(AppRow).where(AppRow.athlete_id == athlete_id).order_by(AppRow.created_at.desc(), AppRow.id)
        )
        return list(rows)

    async def remove(self, athlete_id: AthleteId, client_id: UUID) -> bool:
        """Delete one of the athlete's apps with everything it was granted; say whether there was one."""
        removed = await self._session.scalars(
            delete(AppRow).where(AppRow.athlete_id == athlete_id, AppRow.id == client_id).returning(AppRow.id)
        )
        return removed.first() is not None

    async def grants(self, athlete_id: AthleteId) -> list[tuple[AppGrantRow, AppRow]]:
        """Return what the athlete has granted and to whom, the newest first."""
        rows = await self._session.execute(
            select(AppGrantRow, AppRow)
            .join(AppRow, AppRow.id == AppGrantRow.client_id)
            .where(AppGrantRow.athlete_id == athlete_id, AppGrantRow.generation.is_not(None))
            .order_by(AppGrantRow.created_at.desc(), AppGrantRow.id)
        )
        return [(grant, app) for grant, app in rows]

    async def revoke(self, athlete_id: AthleteId, client_id: UUID) -> bool:
        """Take back all that the athlete granted an app; say whether there was anything."""
        removed = await self._session.scalars(
            delete(AppGrantRow)
            .where(AppGrantRow.athlete_id == athlete_id, AppGrantRow.client_id == client_id)
            .returning(AppGrantRow.id)
        )
        return removed.first() is not None

    async def drop_expired(self, *, now: datetime) -> None:
        """Forget grants that can be renewed no more, and codes that nobody fetched tokens with."""
        await self._session.execute(delete(AppGrantRow).where(AppGrantRow.expires_at < now))

    async def grant_by_code(self, code_sha256: bytes, *, now: datetime) -> AppGrantRow | None:
        """Return the grant of a code; locked until the transaction ends."""
        return await self._session.scalar(
            select(AppGrantRow)
            .where(AppGrantRow.code_sha256 == code_sha256, AppGrantRow.expires_at > now)
            .with_for_update()
        )

    async def grant(self, grant_id: UUID, *, now: datetime, lock: bool = False) -> AppGrantRow | None:
        """Return a grant that has not expired; locked, nobody else changes it until the transaction ends."""
        query = select(AppGrantRow).where(AppGrantRow.id == grant_id, AppGrantRow.expires_at > now)
        return await self._session.scalar(query.with_for_update() if lock else query)

    async def touch(self, grant_id: UUID, *, now: datetime) -> None:
        """Note that a grant is in use."""
        await self._session.execute(update(AppGrantRow).where(AppGrantRow.id == grant_id).values(last_used_at=now))

    async def end(self, grant_id: UUID) -> None:
        """Delete a grant; its tokens stop working at once."""
        await self._session.execute(delete(AppGrantRow).where(AppGrantRow.id == grant_id))
