"""Queries over posts, kudos, comments and reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    DateTime,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import INTERVAL, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.core.ids import AthleteId
from topform.features.athletes.public import VIEWER, built_once
from topform.features.community.club_tables import MEMBERS, ClubMemberRow, ClubRow
from topform.features.community.paging import LIMIT, POSITION, position
from topform.features.community.posts.mentions import handles_in
from topform.features.community.tables import CommentRow, FollowRow, KudosRow, MuteRow, PersonRow, PostRow, ReportRow
from topform.features.community.visibility import apart, belongs, visible_to

CLOSENESS_DAYS = 30
MOST_HOURS_AHEAD = 6
MOST_LOOKED_AT = 100
"""Posts of an author of which it is told at once that more or less of them is shown."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A post with its author and what others did with it, as the viewer may know."""

    row: PostRow
    author: PersonRow
    kudos: int
    gave_kudos: bool
    comments: int
    club: str | None
    """The name of the club it is shared with, while viewer and author are in it."""
    rank_at: datetime


class PostRepository:
    """Posts within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: PostRow | CommentRow | ReportRow) -> None:
        """Store something new."""
        self._session.add(row)
        await self._session.flush()

    async def visible(self, viewer: AthleteId, post_id: UUID) -> Seen | None:
        """Return the post if the viewer may see it."""
        found = await self._seen(_post(), viewer, post_id=post_id)
        return found[0] if found else None

    async def own(self, athlete_id: AthleteId, post_id: UUID) -> PostRow | None:
        """Return one's own post, locked."""
        query = select(PostRow).where(
            visible_to(athlete_id, PostRow), PostRow.id == post_id, PostRow.athlete_id == athlete_id
        )
        return (await self._session.execute(query.with_for_update())).scalar_one_or_none()

    async def known(self, post_id: UUID) -> PostRow | None:
        """Return a post whoever may see it, to tell those who may."""
        return await self._session.get(PostRow, post_id)

    async def about(self, author: UUID, kind: str, subject_ids: Collection[UUID]) -> list[PostRow]:
        """Return an athlete's posts about activities (``activity``) or form checks (``form_check``) of theirs."""
        column = PostRow.activity_id if kind == "activity" else PostRow.form_check_id
        query = select(PostRow).where(
            visible_to(AthleteId(author), PostRow), PostRow.athlete_id == author, column.in_(subject_ids)
        )
        return list((await self._session.execute(query.order_by(PostRow.id))).scalars())

    async def of_person(
        self, viewer: AthleteId, person_id: UUID, *, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Seen]:
        """Return what a person shares with the viewer, newest first."""
        query = _of_person(is_continued=after is not None)
        return await self._seen(query, viewer, person_id=person_id, limit=limit, **position(after))

    async def of_club(
        self, viewer: AthleteId, club_id: UUID, *, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Seen]:
        """Return what is shared with a club, newest first, without those whom the viewer has muted."""
        query = _of_club(is_continued=after is not None)
        return await self._seen(query, viewer, club_id=club_id, limit=limit, **position(after))

    async def feed(
        self, viewer: AthleteId, *, now: datetime, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Seen]:
        """Return the viewer's own posts and those of whom they follow.

        A post counts as up to six hours newer for each kudos and comment that the viewer gave its author in the last
        thirty days. Of each author no more than a page is read, from an index.
        """
        query = _feed(is_continued=after is not None)
        since = now - timedelta(days=CLOSENESS_DAYS)
        return await self._seen(query, viewer, since=since, limit=limit, **position(after))

    async def remove(self, athlete_id: AthleteId, post_id: UUID) -> bool:
        """Delete one's own post with all that was said to it; False when there is none."""
        gone = await self._session.execute(
            delete(PostRow)
            .where(visible_to(athlete_id, PostRow), PostRow.athlete_id == athlete_id, PostRow.id == post_id)
            .returning(PostRow.id)
        )
        return gone.scalar_one_or_none() is not None

    async def give_kudos(self, athlete_id: AthleteId, post_id: UUID, *, now: datetime) -> bool:
        """Give kudos once; False when that was done before."""
        given = await self._session.execute(
            insert(KudosRow)
            .values(post_id=post_id, athlete_id=athlete_id, created_at=now)
            .on_conflict_do_nothing()
            .returning(KudosRow.post_id)
        )
        return given.scalar_one_or_none() is not None

    async def take_kudos_back(self, athlete_id: AthleteId, post_id: UUID) -> bool:
        """Take kudos back; False when there were none."""
        gone = await self._session.execute(
            delete(KudosRow)
            .where(visible_to(athlete_id, KudosRow), KudosRow.athlete_id == athlete_id, KudosRow.post_id == post_id)
            .returning(KudosRow.post_id)
        )
        return gone.scalar_one_or_none() is not None

    async def comments(
        self, viewer: AthleteId, post_id: UUID, *, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[tuple[CommentRow, PersonRow]]:
        """Return a post's comments, oldest first, without those of people who are apart from the viewer."""
        query = _comments(is_continued=after is not None)
        values = {"viewer": viewer, "post_id": post_id, "limit": limit, **position(after)}
        return [(comment, person) for comment, person in (await self._session.execute(query, values)).all()]

    async def comment(self, viewer: AthleteId, comment_id: UUID) -> tuple[CommentRow, PersonRow] | None:
        """Return a comment that the viewer may see."""
        query = (
            select(CommentRow, PersonRow)
            .join(PersonRow, PersonRow.athlete_id == CommentRow.athlete_id)
            .where(visible_to(viewer, CommentRow), CommentRow.id == comment_id)
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else (found[0], found[1])

    async def change_comment(self, athlete_id: AthleteId, comment_id: UUID, text: str, *, now: datetime) -> None:
        """Change one's own comment."""
        await self._session.execute(
            update(CommentRow)
            .where(visible_to(athlete_id, CommentRow), CommentRow.athlete_id == athlete_id, CommentRow.id == comment_id)
            .values(text=text, edited_at=now)
            .execution_options(synchronize_session=False)
        )

    async def known_comment(self, comment_id: UUID) -> CommentRow | None:
        """Return a comment whoever may see it; callers let nobody but its author have it."""
        return await self._session.get(CommentRow, comment_id)

    async def remove_comment(self, comment: CommentRow) -> None:
        """Delete a comment; the caller has decided that the person may."""
        await self._session.delete(comment)
        await self._session.flush()

    async def answered_between(self, one: UUID, other: UUID) -> list[PostRow]:
        """Return the posts of each of two people below which the other said something."""
        between = [
            and_(PostRow.athlete_id == author, PostRow.id.in_(select(table.post_id).where(table.athlete_id == guest)))
            for author, guest in ((one, other), (other, one))
            for table in (KudosRow, CommentRow)
        ]
        return list(await self._session.scalars(select(PostRow).where(or_(*between)).order_by(PostRow.id)))

    async def take_back_between(self, one: UUID, other: UUID) -> None:
        """Delete what each of two people said below the other's posts."""
        for author, guest in ((one, other), (other, one)):
            theirs = select(PostRow.id).where(PostRow.athlete_id == author)
            for table in (KudosRow, CommentRow):
                await self._session.execute(delete(table).where(table.athlete_id == guest, table.post_id.in_(theirs)))

    async def mentioned(self, viewer: AthleteId, handles: Collection[str]) -> dict[str, UUID]:
        """Return the people of these handles that the viewer may see."""
        if not handles:
            return {}
        query = select(PersonRow.handle, PersonRow.athlete_id).where(
            visible_to(viewer, PersonRow), PersonRow.handle.in_(handles)
        )
        return {handle: person for handle, person in (await self._session.execute(query)).all()}

    async def readers(self, post: PostRow, people: Sequence[UUID]) -> list[UUID]:
        """Return those of some people who may see a post, asked for all of them at once."""
        values = {"post_id": post.id, "people": list(people)}
        return list((await self._session.execute(_readers(), values)).scalars()) if people else []

    async def followers_of(self, author: UUID, *, limit: int) -> list[UUID]:
        """Return who follows an author, unless they are more; whoever is told still asks for the post themselves."""
        query = select(FollowRow.athlete_id).where(FollowRow.followed_id == author, FollowRow.accepted_at.is_not(None))
        found = list((await self._session.execute(query.limit(limit + 1))).scalars())
        return found if len(found) <= limit else []

    async def answered_by(self, post_id: UUID, *, limit: int) -> list[UUID]:
        """Return who gave kudos to a post or commented on it, unless they are more; nobody is ever shown it."""
        liked = select(KudosRow.athlete_id).where(KudosRow.post_id == post_id)
        said = select(CommentRow.athlete_id).where(CommentRow.post_id == post_id)
        found = list((await self._session.execute(union(liked, said).limit(limit + 1))).scalars())
        return found if len(found) <= limit else []

    async def mentioning(self, post_id: UUID, *, limit: int) -> list[str]:
        """Return the newest comments on a post that mention somebody, whoever wrote them; nobody is ever shown it."""
        query = select(CommentRow.text).where(CommentRow.post_id == post_id, CommentRow.text.contains("@"))
        newest = query.order_by(CommentRow.created_at.desc(), CommentRow.id.desc()).limit(limit)
        return list((await self._session.execute(newest)).scalars())

    async def around(self, author: UUID, parts: Collection[str] | None, *, limit: int) -> set[UUID]:
        """Return who follows an author, or has to do with posts of theirs that hold some parts, seeing them or not.

        Without parts all posts count.

        Followers are left out where they are more; of mentions, those of the newest posts and comments count.
        """
        ids = _holding(author, parts)
        members = select(ClubMemberRow.athlete_id).where(
            ClubMemberRow.club_id.in_(select(PostRow.club_id).where(PostRow.id.in_(ids))),
            ClubMemberRow.standing.in_(MEMBERS),
        )
        answered = (select(table.athlete_id).where(table.post_id.in_(ids)) for table in (KudosRow, CommentRow))
        found = set((await self._session.execute(union(members, *answered).limit(limit))).scalars())
        texts = [
            select(table.text.label("text"), table.created_at.label("at")).where(key.in_(ids), table.text.contains("@"))
            for table, key in ((PostRow, PostRow.id), (CommentRow, CommentRow.post_id))
        ]
        newest = union_all(*texts).subquery()
        said = await self._session.execute(select(newest.c.text).order_by(newest.c.at.desc()).limit(limit))
        handles = list(dict.fromkeys(handle for text in said.scalars() for handle in handles_in(text)))[:limit]
        return {*found, *await self.followers_of(author, limit=limit), *await self.called(handles)} - {author}

    async def holding(self, author: UUID, parts: Collection[str]) -> list[UUID]:
        """Return the ids of an author's newest posts that hold some parts, whoever may see them."""
        return list((await self._session.execute(_holding(author, parts))).scalars())

    async def readers_of_parts(self, author: UUID, parts: Collection[str], people: Collection[UUID]) -> list[UUID]:
        """Return those of some people who may see a post of an author's that holds some parts."""
        if not people:
            return []
        unnested = func.unnest(bindparam("people", sorted(people), type_=ARRAY(Uuid())))
        asked = unnested.table_valued(column("person", Uuid())).render_derived()
        person = asked.c.person
        query = select(person).distinct().select_from(PostRow).join(asked, true())
        seen = query.where(PostRow.id.in_(_holding(author, parts)), visible_to(person, PostRow))
        return sorted((await self._session.execute(seen)).scalars())

    async def called(self, handles: Collection[str]) -> list[UUID]:
        """Return who has these handles; callers tell of a post only those of them who may see it."""
        query = select(PersonRow.athlete_id).where(PersonRow.handle.in_(handles))
        return list((await self._session.execute(query)).scalars()) if handles else []

    async def _seen(self, query: Select[*tuple[Any, ...]], viewer: AthleteId, **values: object) -> list[Seen]:
        return [Seen(*row) for row in (await self._session.execute(query, {"viewer": viewer, **values})).all()]


def _holding(author: UUID, parts: Collection[str] | None) -> Select[UUID]:
    """Return the ids of an author's newest posts, of those that hold some parts of a snapshot."""
    query = select(PostRow.id).where(PostRow.athlete_id == author)
    if parts is not None:
        query = query.where(or_(*(PostRow.snapshot[part].is_not(None) for part in sorted(parts))))
    return query.order_by(PostRow.created_at.desc(), PostRow.id.desc()).limit(MOST_LOOKED_AT)


@built_once
def _post() -> Select[*tuple[Any, ...]]:
    return _posts(PostRow.created_at).where(PostRow.id == bindparam("post_id"))


@built_once
def _readers() -> Select[UUID]:
    unnested = func.unnest(bindparam("people", type_=ARRAY(Uuid()))).table_valued(column("person", Uuid()))
    people = unnested.render_derived()
    person = people.c.person
    # Beside the post and not around it: a condition within a condition would not be about this person, but about any.
    query = select(person).select_from(PostRow).join(people, true())
    return query.where(PostRow.id == bindparam("post_id"), visible_to(person, PostRow))


@built_once
def _of_person(*, is_continued: bool) -> Select[*tuple[Any, ...]]:
    return _newest(_posts(PostRow.created_at).where(PostRow.athlete_id == bindparam("person_id")), is_continued)


@built_once
def _of_club(*, is_continued: bool) -> Select[*tuple[Any, ...]]:
    muted = exists().where(MuteRow.athlete_id == VIEWER, MuteRow.muted_id == PostRow.athlete_id)
    query = _posts(PostRow.created_at).where(
        PostRow.club_id == bindparam("club_id"),
        belongs(VIEWER, PostRow.club_id),
        ~muted,
        belongs(PostRow.athlete_id, PostRow.club_id),
    )
    return _newest(query, is_continued)


def _newest(query: Select[*tuple[Any, ...]], is_continued: bool) -> Select[*tuple[Any, ...]]:
    if is_continued:
        query = query.where(tuple_(PostRow.created_at, PostRow.id) < POSITION)
    return query.order_by(PostRow.created_at.desc(), PostRow.id.desc()).limit(LIMIT)


@built_once
def _feed(*, is_continued: bool) -> Select[*tuple[Any, ...]]:
    close = _closeness()
    hours = cast(func.least(func.coalesce(close.c.times, 0), MOST_HOURS_AHEAD), Integer)
    muted = exists().where(MuteRow.athlete_id == VIEWER, MuteRow.muted_id == FollowRow.followed_id)
    followed = (
        select(
            FollowRow.followed_id.label("person"),
            func.make_interval(0, 0, 0, 0, hours).label("ahead"),
        )
        .outerjoin(close, close.c.author == FollowRow.followed_id)
        .where(visible_to(VIEWER, FollowRow), FollowRow.accepted_at.is_not(None), ~muted)
    )
    zero = literal(timedelta(0), INTERVAL())
    authors = union_all(followed, select(VIEWER.label("person"), zero.label("ahead"))).subquery()
    newest = select(PostRow.id, (PostRow.created_at + authors.c.ahead).label("rank_at")).where(
        PostRow.athlete_id == authors.c.person, visible_to(VIEWER, PostRow)
    )
    if is_continued:
        at, post_id = POSITION.clauses
        newest = newest.where(tuple_(PostRow.created_at, PostRow.id) < tuple_(at - authors.c.ahead, post_id))
    each = newest.order_by(PostRow.created_at.desc(), PostRow.id.desc()).limit(LIMIT).lateral()
    page = (
        select(each.c.id, each.c.rank_at)
        .select_from(authors.join(each, true()))
        .order_by(each.c.rank_at.desc(), each.c.id.desc())
        .limit(LIMIT)
        .subquery()
    )
    query = _posts(page.c.rank_at).join(page, page.c.id == PostRow.id)
    return query.order_by(page.c.rank_at.desc(), PostRow.id.desc())


def _posts(rank: Any) -> Select[*tuple[Any, ...]]:
    kudos, own_kudos, comment = aliased(KudosRow), aliased(KudosRow), aliased(CommentRow)
    likes = select(func.count()).where(kudos.post_id == PostRow.id, ~apart(VIEWER, kudos.athlete_id))
    said = select(func.count()).where(
        comment.post_id == PostRow.id, comment.removed_at.is_(None), ~apart(VIEWER, comment.athlete_id)
    )
    club = select(ClubRow.name).where(
        ClubRow.id == PostRow.club_id, belongs(VIEWER, ClubRow.id), belongs(PostRow.athlete_id, PostRow.club_id)
    )
    return (
        select(
            PostRow,
            PersonRow,
            likes.scalar_subquery(),
            exists().where(own_kudos.post_id == PostRow.id, own_kudos.athlete_id == VIEWER),
            said.scalar_subquery(),
            club.scalar_subquery(),
            rank,
        )
        .join(PersonRow, PersonRow.athlete_id == PostRow.athlete_id)
        .where(visible_to(VIEWER, PostRow))
        .execution_options(populate_existing=True)
    )


@built_once
def _comments(*, is_continued: bool) -> Select[CommentRow, PersonRow]:
    query = (
        select(CommentRow, PersonRow)
        .join(PersonRow, PersonRow.athlete_id == CommentRow.athlete_id)
        .where(visible_to(VIEWER, CommentRow), CommentRow.post_id == bindparam("post_id"))
    )
    if is_continued:
        query = query.where(tuple_(CommentRow.created_at, CommentRow.id) > POSITION)
    return query.order_by(CommentRow.created_at, CommentRow.id).limit(LIMIT)


def _closeness() -> Any:
    """Return how often the viewer said something kind to whom."""
    since = bindparam("since", type_=DateTime(timezone=True))
    liked = (
        select(PostRow.athlete_id.label("author"))
        .join(KudosRow, KudosRow.post_id == PostRow.id)
        .where(and_(KudosRow.athlete_id == VIEWER, KudosRow.created_at >= since))
    )
    said = (
        select(PostRow.athlete_id.label("author"))
        .join(CommentRow, CommentRow.post_id == PostRow.id)
        .where(and_(CommentRow.athlete_id == VIEWER, CommentRow.created_at >= since))
    )
    both = union_all(liked, said).subquery()
    return select(both.c.author, func.count().label("times")).group_by(both.c.author).subquery()
