"""Queries over posts of other servers, for those who follow their authors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.community.federation_tables import RemoteActorRow, RemoteFollowRow, RemotePostRow


@dataclass(frozen=True, slots=True)
class RemotePost:
    """A post of another server with its author."""

    row: RemotePostRow
    author: RemoteActorRow


class RemotePostRepository:
    """Posts of other servers within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def feed(self, viewer: AthleteId, *, after: tuple[datetime, UUID] | None, limit: int) -> list[RemotePost]:
        """Return what those whom the viewer follows on other servers said, newest first."""
        followed = exists().where(
            visible_to(viewer, RemoteFollowRow),
            RemoteFollowRow.remote_actor_id == RemotePostRow.remote_actor_id,
            RemoteFollowRow.accepted_at.is_not(None),
        )
        return await self._posts(followed, after=after, limit=limit)

    async def post(self, viewer: AthleteId, post_id: UUID) -> RemotePost | None:
        """Return a post of another server, if the viewer follows its author."""
        followed = exists().where(
            visible_to(viewer, RemoteFollowRow),
            RemoteFollowRow.remote_actor_id == RemotePostRow.remote_actor_id,
            RemoteFollowRow.accepted_at.is_not(None),
            RemotePostRow.id == post_id,
        )
        found = await self._posts(followed, after=None, limit=1)
        return found[0] if found else None

    async def _posts(
        self, condition: ColumnElement[bool], *, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[RemotePost]:
        query = (
            select(RemotePostRow, RemoteActorRow)
            .join(RemoteActorRow, RemoteActorRow.id == RemotePostRow.remote_actor_id)
            .where(condition)
            .order_by(RemotePostRow.received_at.desc(), RemotePostRow.id.desc())
            .limit(limit)
        )
        if after is not None:
            query = query.where(tuple_(RemotePostRow.received_at, RemotePostRow.id) < tuple_(*after))
        found = await self._session.execute(query.execution_options(populate_existing=True))
        return [RemotePost(row, author) for row, author in found.all()]
