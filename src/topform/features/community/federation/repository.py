"""Queries over what this server says to others: addresses of its people, what is announced, messages under way.

What other servers ask for goes through `federates` and `federated`; nobody asks by name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.community.federation_tables import ActorRow, AnnouncedPostRow, BlockedHostRow, DeliveryRow
from topform.features.community.tables import PersonRow, PostRow
from topform.features.community.visibility import federated, federates


class ActorRepository:
    """People of this server as others know them, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def own(self, athlete_id: AthleteId) -> ActorRow | None:
        """Return the athlete's own address."""
        return await self._session.get(ActorRow, athlete_id, populate_existing=True)

    async def locked(self, athlete_id: AthleteId) -> ActorRow | None:
        """Return the athlete's own address, locked."""
        query = select(ActorRow).where(visible_to(athlete_id, ActorRow)).with_for_update()
        return (await self._session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()

    async def add(self, row: ActorRow) -> None:
        """Store a new address."""
        self._session.add(row)
        await self._session.flush()

    async def remove(self, athlete_id: AthleteId) -> None:
        """Forget the address with its key, and with it who follows across servers and what was announced."""
        await self._session.execute(
            delete(ActorRow).where(visible_to(athlete_id, ActorRow)).execution_options(synchronize_session=False)
        )

    async def known(self, actor_id: UUID) -> tuple[ActorRow, PersonRow] | None:
        """Return who has an address, for other servers: who federates."""
        return await self._found(ActorRow.id == actor_id)

    async def named(self, handle: str) -> tuple[ActorRow, PersonRow] | None:
        """Return who has a handle, for other servers: who federates."""
        return await self._found(PersonRow.handle == handle)

    async def _found(self, condition: ColumnElement[bool]) -> tuple[ActorRow, PersonRow] | None:
        query = (
            select(ActorRow, PersonRow)
            .join(PersonRow, PersonRow.athlete_id == ActorRow.athlete_id)
            .where(federates(), condition)
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else (found[0], found[1])

    async def among(self, people: Collection[UUID]) -> list[UUID]:
        """Return those of some athletes who have an address, for the queue."""
        query = select(ActorRow.athlete_id).where(ActorRow.athlete_id.in_(people))
        return list((await self._session.execute(query)).scalars())

    async def everybody(self) -> list[UUID]:
        """Return who has an address, for the queue."""
        return list((await self._session.execute(select(ActorRow.athlete_id))).scalars())

    async def notes(
        self, athlete_id: UUID, *, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[tuple[AnnouncedPostRow, PostRow]]:
        """Return a page of a person's announced posts for other servers, newest first: what is federated."""
        query = (
            select(AnnouncedPostRow, PostRow)
            .join(PostRow, PostRow.id == AnnouncedPostRow.post_id)
            .where(federated(), AnnouncedPostRow.athlete_id == athlete_id)
        )
        if after is not None:
            query = query.where(tuple_(PostRow.created_at, PostRow.id) < tuple_(*after))
        query = query.order_by(PostRow.created_at.desc(), PostRow.id.desc()).limit(limit)
        return [(note, post) for note, post in (await self._session.execute(query)).all()]

    async def note(self, note_id: UUID) -> tuple[AnnouncedPostRow, PostRow, ActorRow] | None:
        """Return an announced post for other servers, if it is federated still."""
        query = (
            select(AnnouncedPostRow, PostRow, ActorRow)
            .join(PostRow, PostRow.id == AnnouncedPostRow.post_id)
            .join(ActorRow, ActorRow.athlete_id == AnnouncedPostRow.athlete_id)
            .where(federated(), AnnouncedPostRow.id == note_id)
            .execution_options(populate_existing=True)
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else (found[0], found[1], found[2])

    async def note_count(self, athlete_id: UUID) -> int:
        """Return how many posts of a person other servers may know, of those that are federated."""
        query = (
            select(func.count())
            .select_from(AnnouncedPostRow)
            .join(PostRow, PostRow.id == AnnouncedPostRow.post_id)
            .where(federated(), AnnouncedPostRow.athlete_id == athlete_id)
        )
        return (await self._session.execute(query)).scalar_one()

    async def unannounced(self, athlete_id: AthleteId, *, limit: int) -> list[tuple[PostRow, AnnouncedPostRow | None]]:
        """Return the athlete's posts that others should know of, or know as they were before; oldest first."""
        version = func.coalesce(PostRow.edited_at, PostRow.created_at)
        query = (
            select(PostRow, AnnouncedPostRow)
            .outerjoin(AnnouncedPostRow, AnnouncedPostRow.post_id == PostRow.id)
            .where(federated(), PostRow.athlete_id == athlete_id)
            .where(or_(AnnouncedPostRow.id.is_(None), AnnouncedPostRow.version_at != version))
            .order_by(PostRow.created_at, PostRow.id)
            .limit(limit)
        )
        return [(post, note) for post, note in (await self._session.execute(query)).all()]

    async def withdrawn(self, athlete_id: AthleteId, *, limit: int) -> list[AnnouncedPostRow]:
        """Return what others know of the athlete and should no longer."""
        still = exists().where(and_(PostRow.id == AnnouncedPostRow.post_id, federated()))
        query = select(AnnouncedPostRow).where(visible_to(athlete_id, AnnouncedPostRow), ~still).limit(limit)
        return list((await self._session.execute(query)).scalars())

    async def announced(self, athlete_id: AthleteId) -> list[AnnouncedPostRow]:
        """Return all that others were told of the athlete's posts."""
        query = select(AnnouncedPostRow).where(visible_to(athlete_id, AnnouncedPostRow))
        return list((await self._session.execute(query)).scalars())

    async def add_note(self, row: AnnouncedPostRow) -> None:
        """Store that a post is announced."""
        self._session.add(row)
        await self._session.flush()

    async def drop_note(self, row: AnnouncedPostRow) -> None:
        """Forget that a post was announced."""
        await self._session.delete(row)
        await self._session.flush()


class DeliveryRepository:
    """Messages under way, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, rows: Sequence[DeliveryRow]) -> None:
        """Store messages."""
        self._session.add_all(rows)
        await self._session.flush()

    async def for_worker(self, delivery_id: UUID) -> DeliveryRow | None:
        """Return the message that a job was made for; None when it has arrived, or its sender took it back."""
        return await self._session.get(DeliveryRow, delivery_id)

    async def drop(self, delivery_id: UUID) -> None:
        """Forget a message, of whatever athlete_id it is."""
        await self._session.execute(delete(DeliveryRow).where(DeliveryRow.id == delivery_id))

    async def blocked_hosts(self, hosts: Collection[str]) -> set[str]:
        """Return those of some servers that a moderator has shut out."""
        query = select(BlockedHostRow.host).where(BlockedHostRow.host.in_(hosts))
        return set((await self._session.execute(query)).scalars())
