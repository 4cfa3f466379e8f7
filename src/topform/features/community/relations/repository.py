"""Queries over people and their relations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, delete, exists, func, or_, select, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.core.ids import AthleteId
from topform.features.athletes.public import VIEWER, built_once
from topform.features.community.challenge_tables import (
    ChallengeEntryRow,
    ChallengeInvitationRow,
    ChallengeRow,
    CountedSetRow,
)
from topform.features.community.moderation_tables import RemovalRow
from topform.features.community.signal_tables import SignalRow
from topform.features.community.tables import BlockRow, CommentRow, FollowRow, KudosRow, MuteRow, PersonRow, PostRow
from topform.features.community.visibility import visible_to

FOUND_AT_MOST = 20
LISTED_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """A person and how the viewer stands to them."""

    row: PersonRow
    is_following: bool
    is_requested: bool
    follows_you: bool
    is_muted: bool


class RelationRepository:
    """People and relations within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def own(self, athlete_id: AthleteId) -> PersonRow | None:
        """Return the athlete's own profile."""
        return await self._session.get(PersonRow, athlete_id, populate_existing=True)

    async def is_taken(self, handle: str) -> bool:
        """Return whether somebody on this server has the handle."""
        query = select(PersonRow.athlete_id).where(PersonRow.handle == handle)
        return (await self._session.execute(query)).first() is not None

    async def save(
        self, athlete_id: AthleteId, *, handle: str, name: str, choices: dict[str, bool], now: datetime
    ) -> bool:
        """Write the athlete's own profile; False when another has the handle."""
        values = {"handle": handle, "name": name, **choices, "updated_at": now}
        statement = insert(PersonRow).values(athlete_id=athlete_id, created_at=now, **values)
        try:
            async with self._session.begin_nested():
                await self._session.execute(statement.on_conflict_do_update(index_elements=["athlete_id"], set_=values))
        except IntegrityError:
            return False
        return True

    async def leave(self, athlete_id: AthleteId) -> None:
        """Delete all that the athlete shared, said and took part in, and who follows whom.

        Their blocks stay, what keeps them off boards and out of clubs, and what was taken away of their words: coming
        back does not undo it.
        """
        names = ("club", "team", "segment")
        await self._session.execute(
            delete(RemovalRow).where(RemovalRow.athlete_id == athlete_id, RemovalRow.kind.in_(names))
        )
        await self._session.execute(
            delete(ChallengeEntryRow).where(
                ChallengeEntryRow.athlete_id == athlete_id, ChallengeEntryRow.removed_at.is_(None)
            )
        )
        places = (SignalRow, ChallengeInvitationRow, ChallengeRow, CountedSetRow)
        for table in (*places, CommentRow, KudosRow, PostRow, MuteRow, PersonRow):
            await self._session.execute(delete(table).where(table.athlete_id == athlete_id))
        await self._session.execute(
            delete(FollowRow).where(or_(FollowRow.athlete_id == athlete_id, FollowRow.followed_id == athlete_id))
        )

    async def find(self, viewer: AthleteId, handle: str) -> Known | None:
        """Return the person with a handle if the viewer may see them."""
        found = await self._known(_named(), viewer=viewer, handle=_written(handle))
        return found[0] if found else None

    async def named(self, viewer: AthleteId, athlete_ids: Collection[UUID]) -> list[PersonRow]:
        """Return those of some people whose names are for the viewer."""
        query = select(PersonRow).where(visible_to(viewer, PersonRow), PersonRow.athlete_id.in_(athlete_ids))
        return list((await self._session.execute(query)).scalars())

    async def search(self, viewer: AthleteId, words: str) -> list[Known]:
        """Return people who can be found whose handle or name begins so."""
        start = _written(words).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return await self._known(_found(), viewer=viewer, start=f"{start}%")

    async def followed(self, viewer: AthleteId) -> list[Known]:
        """Return whom the viewer follows or asked to follow."""
        return await self._known(_followed(), viewer=viewer)

    async def followers(self, viewer: AthleteId, *, accepted: bool) -> list[Known]:
        """Return who follows the viewer, or who asks to."""
        return await self._known(_following(accepted=accepted), viewer=viewer)

    async def blocked(self, athlete_id: AthleteId) -> list[PersonRow]:
        """Return whom the athlete blocks."""
        query = (
            select(PersonRow)
            .join(BlockRow, BlockRow.blocked_id == PersonRow.athlete_id)
            .where(visible_to(athlete_id, BlockRow))
            .order_by(PersonRow.name, PersonRow.handle)
        )
        return list((await self._session.execute(query)).scalars())

    async def blockers_of(self, athlete_id: AthleteId) -> list[UUID]:
        """Return who blocks somebody, to have their clients fetch again; nobody is ever shown it."""
        query = select(BlockRow.athlete_id).where(BlockRow.blocked_id == athlete_id).limit(LISTED_AT_MOST)
        return list((await self._session.execute(query)).scalars())

    async def answerers_of(self, athlete_id: AthleteId) -> list[UUID]:
        """Return who answered posts of somebody or posts that they answered, and who wrote these.

        Nobody is ever shown it.
        """
        answers = (KudosRow, CommentRow)
        own = [select(PostRow.id).where(PostRow.athlete_id == athlete_id)]
        other = [select(table.post_id).where(table.athlete_id == athlete_id) for table in answers]
        posts = union(*own, *other).subquery()
        authors = select(PostRow.athlete_id).where(PostRow.id.in_(select(posts.c[0])))
        guests = [select(table.athlete_id).where(table.post_id.in_(select(posts.c[0]))) for table in answers]
        return list((await self._session.execute(union(authors, *guests).limit(LISTED_AT_MOST))).scalars())

    async def counts(self, athlete_id: AthleteId) -> tuple[int, int, int]:
        """Return how many ask to follow the athlete, how many do, and how many the athlete follows."""
        to_me, by_me = FollowRow.followed_id == athlete_id, FollowRow.athlete_id == athlete_id
        yes = FollowRow.accepted_at.is_not(None)
        query = select(
            func.count().filter(and_(to_me, ~yes)),
            func.count().filter(and_(to_me, yes)),
            func.count().filter(and_(by_me, yes)),
        ).where(or_(visible_to(athlete_id, FollowRow), to_me))
        requests, followers, following = (await self._session.execute(query)).one()
        return requests, followers, following

    async def request(self, athlete_id: AthleteId, person_id: UUID, *, now: datetime) -> bool:
        """Ask to follow; False when that was asked or granted before."""
        added = await self._session.execute(
            insert(FollowRow)
            .values(athlete_id=athlete_id, followed_id=person_id, requested_at=now, accepted_at=None)
            .on_conflict_do_nothing()
            .returning(FollowRow.followed_id)
        )
        return added.scalar_one_or_none() is not None

    async def accept(self, athlete_id: AthleteId, follower_id: UUID, *, now: datetime) -> bool:
        """Let somebody follow who asked to; False when nobody asked."""
        accepted = await self._session.execute(
            update(FollowRow)
            .where(
                FollowRow.athlete_id == follower_id,
                FollowRow.followed_id == athlete_id,
                FollowRow.accepted_at.is_(None),
            )
            .values(accepted_at=now)
            .returning(FollowRow.athlete_id)
        )
        return accepted.scalar_one_or_none() is not None

    async def end(self, follower_id: UUID, followed_id: UUID) -> bool:
        """End or withdraw the following of one by another, which both may want; False when there was none."""
        ended = await self._session.execute(
            delete(FollowRow)
            .where(FollowRow.athlete_id == follower_id, FollowRow.followed_id == followed_id)
            .returning(FollowRow.athlete_id)
        )
        return ended.scalar_one_or_none() is not None

    async def block(self, athlete_id: AthleteId, person_id: UUID, *, now: datetime) -> None:
        """Part two people: no following remains in either direction."""
        await self._session.execute(
            insert(BlockRow)
            .values(athlete_id=athlete_id, blocked_id=person_id, created_at=now)
            .on_conflict_do_nothing()
        )
        await self.end(athlete_id, person_id)
        await self.end(person_id, athlete_id)

    async def unblock(self, athlete_id: AthleteId, handle: str) -> bool:
        """Take a block back; False when there was none."""
        person = select(PersonRow.athlete_id).where(PersonRow.handle == handle).scalar_subquery()
        gone = await self._session.execute(
            delete(BlockRow)
            .where(visible_to(athlete_id, BlockRow), BlockRow.blocked_id == person)
            .returning(BlockRow.blocked_id)
        )
        return gone.scalar_one_or_none() is not None

    async def mute(self, athlete_id: AthleteId, person_id: UUID, *, now: datetime) -> None:
        """Leave a person out of the athlete's feed."""
        await self._session.execute(
            insert(MuteRow).values(athlete_id=athlete_id, muted_id=person_id, created_at=now).on_conflict_do_nothing()
        )

    async def unmute(self, athlete_id: AthleteId, person_id: UUID) -> None:
        """Take a person into the feed again."""
        await self._session.execute(
            delete(MuteRow).where(visible_to(athlete_id, MuteRow), MuteRow.muted_id == person_id)
        )

    async def _known(self, query: Select[PersonRow, bool, bool, bool, bool], **values: object) -> list[Known]:
        return [Known(*row) for row in (await self._session.execute(query, values)).all()]


def _people() -> Select[PersonRow, bool, bool, bool, bool]:
    mine, asked, theirs, muted = aliased(FollowRow), aliased(FollowRow), aliased(FollowRow), aliased(MuteRow)
    person = PersonRow.athlete_id

    def is_so(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(*conditions)

    return (
        select(
            PersonRow,
            is_so(mine.athlete_id == VIEWER, mine.followed_id == person, mine.accepted_at.is_not(None)),
            is_so(asked.athlete_id == VIEWER, asked.followed_id == person, asked.accepted_at.is_(None)),
            is_so(theirs.athlete_id == person, theirs.followed_id == VIEWER, theirs.accepted_at.is_not(None)),
            is_so(muted.athlete_id == VIEWER, muted.muted_id == person),
        )
        .where(visible_to(VIEWER, PersonRow))
        .order_by(PersonRow.name, PersonRow.handle)
    )


def _written(words: str) -> str:
    """Return a name or handle as it is looked for: in small letters, a handle with or without its @."""
    return words.strip().lower().removeprefix("@")


@built_once
def _named() -> Select[PersonRow, bool, bool, bool, bool]:
    return _people().where(PersonRow.handle == bindparam("handle"))


@built_once
def _found() -> Select[PersonRow, bool, bool, bool, bool]:
    start = bindparam("start", type_=Text())
    begins = or_(PersonRow.handle.like(start), func.lower(PersonRow.name).like(start))
    return _people().where(PersonRow.is_findable, PersonRow.athlete_id != VIEWER, begins).limit(FOUND_AT_MOST)


@built_once
def _followed() -> Select[PersonRow, bool, bool, bool, bool]:
    mine = aliased(FollowRow)
    condition = exists().where(mine.athlete_id == VIEWER, mine.followed_id == PersonRow.athlete_id)
    return _people().where(condition).limit(LISTED_AT_MOST)


@built_once
def _following(*, accepted: bool) -> Select[PersonRow, bool, bool, bool, bool]:
    theirs = aliased(FollowRow)
    answered = theirs.accepted_at.is_not(None) if accepted else theirs.accepted_at.is_(None)
    condition = exists().where(theirs.followed_id == VIEWER, theirs.athlete_id == PersonRow.athlete_id, answered)
    return _people().where(condition).limit(LISTED_AT_MOST)
