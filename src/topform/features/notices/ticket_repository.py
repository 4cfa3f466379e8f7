"""Queries over tickets of messages to phones, whoever they went to: the server asks for all their receipts at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.notices.tables import PushTicketRow


class TicketRepository:
    """Tickets within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def tickets(self, *, before: datetime, limit: int, after: str = "") -> list[PushTicketRow]:
        """Return tickets of messages that were sent before a time, in the order of their ids."""
        query = select(PushTicketRow).where(PushTicketRow.sent_at <= before, PushTicketRow.id > after)
        return list((await self._session.execute(query.order_by(PushTicketRow.id).limit(limit))).scalars())

    async def remove_tickets(self, ids: Sequence[str]) -> None:
        """Delete tickets that were looked into."""
        await self._session.execute(delete(PushTicketRow).where(PushTicketRow.id.in_(ids)))
