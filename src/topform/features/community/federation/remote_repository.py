"""Queries over people of other servers: who follows whom across servers, what they said, who is shut out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import visible_to
from topform.features.community.federation.reading import RemoteActor, RemoteNote
from topform.features.community.federation_tables import (
    BlockedHostRow,
    RemoteActorRow,
    RemoteBlockRow,
    RemoteFollowerRow,
    RemoteFollowRow,
    RemotePostRow,
    SeenActivityRow,
)

LISTED_AT_MOST = 1000


class RemoteRepository:
    """People of other servers within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    # ---- people ----

    async def actor(self, address: str) -> RemoteActorRow | None:
        """Return whoever has an address."""
        query = select(RemoteActorRow).where(RemoteActorRow.address == address)
        return (await self._session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()

    async def actor_of_key(self, key_id: str) -> RemoteActorRow | None:
        """Return whose key it is."""
        query = select(RemoteActorRow).where(RemoteActorRow.key_id == key_id)
        return (await self._session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()

    async def actor_named(self, handle: str) -> RemoteActorRow | None:
        """Return whoever was last described under ``name@host``."""
        query = select(RemoteActorRow).where(RemoteActorRow.handle == handle)
        found = await self._session.execute(query.order_by(RemoteActorRow.fetched_at.desc()).limit(1))
        return found.scalar_one_or_none()

    async def save_actor(self, actor: RemoteActor, *, now: datetime) -> RemoteActorRow:
        """Write how another server describes somebody."""
        values = {**asdict(actor), "fetched_at": now}
        await self._session.execute(
            delete(RemoteActorRow).where(RemoteActorRow.key_id == actor.key_id, RemoteActorRow.address != actor.address)
        )
        await self._session.execute(
            insert(RemoteActorRow)
            .values(id=new_id(), **values)
            .on_conflict_do_update(index_elements=["address"], set_=values)
        )
        row = await self.actor(actor.address)
        if row is None:
            raise AssertionError("unreachable")
        return row

    async def forget_actor(self, actor_id: UUID) -> None:
        """Delete somebody with all that they said and whom they follow."""
        await self._session.execute(delete(RemoteActorRow).where(RemoteActorRow.id == actor_id))

    async def forget_unneeded(self, *, before: datetime) -> int:
        """Delete posts that nobody here reads any more, and people whom nobody here has to do with."""
        followed = exists().where(RemoteFollowRow.remote_actor_id == RemotePostRow.remote_actor_id)
        posts = await self._session.execute(delete(RemotePostRow).where(~followed).returning(RemotePostRow.id))
        needed = [
            exists().where(table.remote_actor_id == RemoteActorRow.id)
            for table in (RemoteFollowRow, RemoteFollowerRow, RemoteBlockRow)
        ]
        people = await self._session.execute(
            delete(RemoteActorRow).where(~or_(*needed), RemoteActorRow.fetched_at < before).returning(RemoteActorRow.id)
        )
        return len(posts.scalars().all()) + len(people.scalars().all())

    # ---- who follows people here ----

    async def ask(
        self, athlete_id: AthleteId, actor: RemoteActorRow, activity: str, *, now: datetime
    ) -> RemoteFollowerRow | None:
        """Store that somebody asks to follow, or asks again; return how they stand, None where they are blocked."""
        if await self.is_blocked(athlete_id, actor.id):
            return None
        await self._session.execute(
            insert(RemoteFollowerRow)
            .values(
                athlete_id=athlete_id,
                remote_actor_id=actor.id,
                activity=activity,
                requested_at=now,
                accepted_at=None,
            )
            .on_conflict_do_update(index_elements=["athlete_id", "remote_actor_id"], set_={"activity": activity})
        )
        return await self.follower(athlete_id, actor.id)

    async def follower(self, athlete_id: AthleteId, actor_id: UUID) -> RemoteFollowerRow | None:
        """Return how somebody of another server stands to the athlete."""
        query = select(RemoteFollowerRow).where(
            visible_to(athlete_id, RemoteFollowerRow), RemoteFollowerRow.remote_actor_id == actor_id
        )
        return (await self._session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()

    async def followers(self, athlete_id: AthleteId, *, accepted: bool) -> list[RemoteActorRow]:
        """Return who follows the athlete from other servers, or asks to."""
        answered = RemoteFollowerRow.accepted_at
        query = (
            select(RemoteActorRow)
            .join(RemoteFollowerRow, RemoteFollowerRow.remote_actor_id == RemoteActorRow.id)
            .where(visible_to(athlete_id, RemoteFollowerRow), answered.is_not(None) if accepted else answered.is_(None))
            .order_by(RemoteActorRow.name, RemoteActorRow.handle)
            .limit(LISTED_AT_MOST)
        )
        return list((await self._session.execute(query)).scalars())

    async def follower_inboxes(self, athlete_id: AthleteId) -> list[str]:
        """Return where the athlete's followers on other servers are reached, each server once where it can be."""
        query = (
            select(func.coalesce(RemoteActorRow.shared_inbox, RemoteActorRow.inbox))
            .join(RemoteFollowerRow, RemoteFollowerRow.remote_actor_id == RemoteActorRow.id)
            .where(visible_to(athlete_id, RemoteFollowerRow), RemoteFollowerRow.accepted_at.is_not(None))
            .distinct()
        )
        return sorted((await self._session.execute(query)).scalars())

    async def counts(self, athlete_id: AthleteId) -> tuple[int, int]:
        """Return how many follow the athlete from other servers, and how many ask to."""
        yes = RemoteFollowerRow.accepted_at.is_not(None)
        query = select(func.count().filter(yes), func.count().filter(~yes)).where(
            visible_to(athlete_id, RemoteFollowerRow)
        )
        followers, requests = (await self._session.execute(query)).one()
        return followers, requests

    async def drop_follower(self, athlete_id: AthleteId, actor_id: UUID) -> RemoteFollowerRow | None:
        """End that somebody follows; return how they stood, None when they did not."""
        row = await self.follower(athlete_id, actor_id)
        if row is not None:
            await self._session.delete(row)
            await self._session.flush()
        return row

    # ---- whom people here follow ----

    async def request(self, athlete_id: AthleteId, actor_id: UUID, *, now: datetime) -> RemoteFollowRow | None:
        """Store that the athlete asks to follow; None when that was asked or granted before."""
        added = await self._session.execute(
            insert(RemoteFollowRow)
            .values(athlete_id=athlete_id, remote_actor_id=actor_id, id=new_id(), requested_at=now, accepted_at=None)
            .on_conflict_do_nothing()
            .returning(RemoteFollowRow)
        )
        return added.scalar_one_or_none()

    async def follow(self, athlete_id: AthleteId, actor_id: UUID) -> RemoteFollowRow | None:
        """Return how the athlete stands to somebody of another server."""
        query = select(RemoteFollowRow).where(
            visible_to(athlete_id, RemoteFollowRow), RemoteFollowRow.remote_actor_id == actor_id
        )
        return (await self._session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()

    async def followed(self, athlete_id: AthleteId) -> list[tuple[RemoteActorRow, RemoteFollowRow]]:
        """Return whom the athlete follows on other servers, or asked to."""
        query = (
            select(RemoteActorRow, RemoteFollowRow)
            .join(RemoteFollowRow, RemoteFollowRow.remote_actor_id == RemoteActorRow.id)
            .where(visible_to(athlete_id, RemoteFollowRow))
            .order_by(RemoteActorRow.name, RemoteActorRow.handle)
            .limit(LISTED_AT_MOST)
        )
        return [(actor, follow) for actor, follow in (await self._session.execute(query)).all()]

    async def accepted(self, follow_id: UUID, actor_id: UUID, *, now: datetime) -> UUID | None:
        """Write that somebody let an athlete of ours follow them; return whom, None when nobody had asked."""
        found = await self._session.execute(
            update(RemoteFollowRow)
            .where(
                RemoteFollowRow.id == follow_id,
                RemoteFollowRow.remote_actor_id == actor_id,
                RemoteFollowRow.accepted_at.is_(None),
            )
            .values(accepted_at=now)
            .returning(RemoteFollowRow.athlete_id)
        )
        return found.scalar_one_or_none()

    async def refused(self, follow_id: UUID, actor_id: UUID) -> UUID | None:
        """Write that somebody does not let an athlete of ours follow them; return whom."""
        found = await self._session.execute(
            delete(RemoteFollowRow)
            .where(RemoteFollowRow.id == follow_id, RemoteFollowRow.remote_actor_id == actor_id)
            .returning(RemoteFollowRow.athlete_id)
        )
        return found.scalar_one_or_none()

    async def unfollow(self, athlete_id: AthleteId, actor_id: UUID) -> RemoteFollowRow | None:
        """End that the athlete follows somebody; return how they stood, None when they did not."""
        row = await self.follow(athlete_id, actor_id)
        if row is not None:
            await self._session.delete(row)
            await self._session.flush()
        return row

    async def readers(self, actor_id: UUID) -> list[UUID]:
        """Return who follows somebody of another server, for telling them; they ask for the posts themselves."""
        query = select(RemoteFollowRow.athlete_id).where(
            RemoteFollowRow.remote_actor_id == actor_id, RemoteFollowRow.accepted_at.is_not(None)
        )
        return sorted((await self._session.execute(query)).scalars())

    # ---- blocks ----

    async def is_blocked(self, athlete_id: AthleteId, actor_id: UUID) -> bool:
        """Tell whether the athlete blocks somebody of another server."""
        query = select(RemoteBlockRow.remote_actor_id).where(
            visible_to(athlete_id, RemoteBlockRow), RemoteBlockRow.remote_actor_id == actor_id
        )
        return (await self._session.execute(query)).first() is not None

    async def block(self, athlete_id: AthleteId, actor_id: UUID, *, now: datetime) -> None:
        """Store that the athlete wants nothing to do with somebody."""
        await self._session.execute(
            insert(RemoteBlockRow)
            .values(athlete_id=athlete_id, remote_actor_id=actor_id, created_at=now)
            .on_conflict_do_nothing()
        )

    async def unblock(self, athlete_id: AthleteId, actor_id: UUID) -> bool:
        """Take a block back; False when there was none."""
        gone = await self._session.execute(
            delete(RemoteBlockRow)
            .where(visible_to(athlete_id, RemoteBlockRow), RemoteBlockRow.remote_actor_id == actor_id)
            .returning(RemoteBlockRow.remote_actor_id)
        )
        return gone.scalar_one_or_none() is not None

    async def blocked(self, athlete_id: AthleteId) -> list[RemoteActorRow]:
        """Return whom of other servers the athlete blocks."""
        query = (
            select(RemoteActorRow)
            .join(RemoteBlockRow, RemoteBlockRow.remote_actor_id == RemoteActorRow.id)
            .where(visible_to(athlete_id, RemoteBlockRow))
            .order_by(RemoteActorRow.handle)
        )
        return list((await self._session.execute(query)).scalars())

    async def is_host_blocked(self, host: str) -> bool:
        """Tell whether a moderator has shut a server out."""
        return await self._session.get(BlockedHostRow, host) is not None

    async def blocked_hosts(self) -> list[BlockedHostRow]:
        """Return which servers are shut out."""
        return list((await self._session.execute(select(BlockedHostRow).order_by(BlockedHostRow.host))).scalars())

    async def block_host(self, host: str, reason: str, *, now: datetime) -> None:
        """Shut a server out, and forget all of its people with what they said."""
        await self._session.execute(
            insert(BlockedHostRow)
            .values(host=host, reason=reason, created_at=now)
            .on_conflict_do_update(index_elements=["host"], set_={"reason": reason})
        )
        await self._session.execute(delete(RemoteActorRow).where(RemoteActorRow.host == host))

    async def unblock_host(self, host: str) -> bool:
        """Let a server in again; False when it was not out."""
        gone = await self._session.execute(
            delete(BlockedHostRow).where(BlockedHostRow.host == host).returning(BlockedHostRow.host)
        )
        return gone.scalar_one_or_none() is not None

    # ---- what they say ----

    async def is_new(self, digest: bytes, *, now: datetime) -> bool:
        """Write down that an activity was handled; False when it was before."""
        added = await self._session.execute(
            insert(SeenActivityRow)
            .values(digest=digest, received_at=now)
            .on_conflict_do_nothing()
            .returning(SeenActivityRow.digest)
        )
        return added.scalar_one_or_none() is not None

    async def is_known(self, digest: bytes) -> bool:
        """Tell whether an activity was handled, or something was written down as gone."""
        query = select(SeenActivityRow.digest).where(SeenActivityRow.digest == digest)
        return (await self._session.execute(query)).first() is not None

    async def save_post(self, actor_id: UUID, note: RemoteNote, *, now: datetime, edited: bool) -> UUID | None:
        """Write a post of somebody; None when there is nothing to write: it is another's, or to be changed but gone."""
        values = {"url": note.url, "text": note.text}
        if edited:
            changed = await self._session.execute(
                update(RemotePostRow)
                .where(RemotePostRow.address == note.address, RemotePostRow.remote_actor_id == actor_id)
                .values(**values, edited_at=now)
                .returning(RemotePostRow.id)
            )
            return changed.scalar_one_or_none()
        added = await self._session.execute(
            insert(RemotePostRow)
            .values(
                id=new_id(),
                remote_actor_id=actor_id,
                address=note.address,
                received_at=now,
                edited_at=None,
                **values,
            )
            .on_conflict_do_nothing()
            .returning(RemotePostRow.id)
        )
        return added.scalar_one_or_none()

    async def drop_post(self, actor_id: UUID, address: str) -> UUID | None:
        """Delete a post of somebody; None when there is none of theirs."""
        gone = await self._session.execute(
            delete(RemotePostRow)
            .where(RemotePostRow.address == address, RemotePostRow.remote_actor_id == actor_id)
            .returning(RemotePostRow.id)
        )
        return gone.scalar_one_or_none()
