"""Queries over what happened to accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.accounts.tables import AccountEventRow


class AccountHistoryRepository:
    """What happened to accounts, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: AccountEventRow) -> None:
        """Store that something happened."""
        self._session.add(row)
        await self._session.flush()

    async def page(
        self, athlete_id: AthleteId, *, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[AccountEventRow]:
        """Return what happened to the athlete's account, newest first, beginning after the position."""
        query = select(AccountEventRow).where(AccountEventRow.athlete_id == athlete_id)
        if after is not None:
            query = query.where(tuple_(AccountEventRow.created_at, AccountEventRow.id) < tuple_(*after))
        query = query.order_by(AccountEventRow.created_at.desc(), AccountEventRow.id.desc()).limit(limit)
        return list(await self._session.scalars(query))
