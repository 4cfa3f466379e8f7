"""Queries over what leaves the server; each goes through `published` or `publishes`, and nobody asks by name."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.community.tables import PersonRow, PostRow
from topform.features.community.visibility import published, publishes


class PublishedRepository:
    """What is public within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def person(self, handle: str) -> PersonRow | None:
        """Return the person of a handle, if they switched their public feed on."""
        query = select(PersonRow).where(publishes(), PersonRow.handle == handle.lower())
        return (await self._session.execute(query)).scalar_one_or_none()

    async def newest(self, author: PersonRow, *, limit: int) -> list[PostRow]:
        """Return a person's newest public posts."""
        query = (
            select(PostRow)
            .where(published(), PostRow.athlete_id == author.athlete_id)
            .order_by(PostRow.created_at.desc(), PostRow.id.desc())
            .limit(limit)
        )
        return list((await self._session.execute(query)).scalars())
