"""Who hears that a post is new, another or gone: its author, whom it is meant for, and who has to do with it.

To do with it has who gave kudos or commented, and whom it or a comment mentions; on a public post they often are not
among the followers. Everybody of these is told who may see the post, or could until now. Whoever has it open, and has
nothing else to do with it, watches its topic.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.club_members.repository import ClubPeopleRepository
from topform.features.community.events import POST_CHANGED, POST_DELETED, POSTS_CHANGED
from topform.features.community.posts.kept_here import PARTS
from topform.features.community.posts.mentions import handles_in
from topform.features.community.posts.repository import PostRepository
from topform.features.community.tables import PostRow
from topform.features.community.topics import post_topic
from topform.features.consents.public import CONSENTS_CHANGED
from topform.features.privacy_zones.public import PRIVACY_ZONES_CHANGED
from topform.platform.events import announce, publish

TOLD_AT_MOST: Final = 200
"""Followers who are told of a post at once; those of people with more see it when they look next."""

HIDING: Final = frozenset({PRIVACY_ZONES_CHANGED, CONSENTS_CHANGED})
"""Events after which posts of the athlete show more or less than before."""


async def audience_of(session: AsyncSession, post: PostRow) -> list[UUID]:
    """Return whom a post is meant for, unless they are too many; nobody when a moderator took it away."""
    if post.removed_at is not None:
        return []
    if post.club_id is not None:
        return await ClubPeopleRepository(session).members(post.club_id, limit=TOLD_AT_MOST)
    if post.audience == "me":
        return []
    return await PostRepository(session).followers_of(post.athlete_id, limit=TOLD_AT_MOST)


async def mentioned_in(session: AsyncSession, post: PostRow) -> list[UUID]:
    """Return whom a post mentions of those who may see it."""
    author = AthleteId(post.athlete_id)
    people = await PostRepository(session).mentioned(author, handles_in(post.text))
    return await PostRepository(session).readers(post, sorted(set(people.values()) - {author}))


async def concerned_by(session: AsyncSession, post: PostRow) -> set[UUID]:
    """Return who answered a post, and whom it and its comments mention, whether they may see it or not."""
    posts = PostRepository(session)
    texts = [post.text, *await posts.mentioning(post.id, limit=TOLD_AT_MOST)]
    handles = list(dict.fromkeys(handle for text in texts for handle in handles_in(text)))[:TOLD_AT_MOST]
    return {*await posts.answered_by(post.id, limit=TOLD_AT_MOST), *await posts.called(handles)}


async def readers_of(session: AsyncSession, post: PostRow, *, to: Sequence[UUID] = ()) -> set[UUID]:
    """Return who may see a post of those it is meant for, those who have to do with it, and some more people."""
    asked = {*await audience_of(session, post), *await concerned_by(session, post), *to} - {post.athlete_id}
    return set(await PostRepository(session).readers(post, sorted(asked)))


async def tell_of_post(
    session: AsyncSession, post: PostRow, event: str, *, to: Sequence[UUID] = (), also: Collection[UUID] = ()
) -> None:
    """Tell the author of a post, and its readers; ``to`` are more of whom some may be, ``also`` who were before."""
    for person in sorted({post.athlete_id, *await readers_of(session, post, to=to), *also}):
        await publish(session, person, event, {"id": str(post.id)})
    await announce(session, post_topic(post.id))


async def tell_of_changed_post(session: AsyncSession, post_id: UUID | None, *, also: Collection[UUID] = ()) -> None:
    """Tell of a post that moderators changed, or what was said to it; nobody when it is deleted."""
    post = None if post_id is None else await PostRepository(session).known(post_id)
    if post is not None:
        await tell_of_post(session, post, POST_CHANGED, also=also)


async def keep_readers_told(session: AsyncSession, published: Sequence[tuple[UUID, str]]) -> None:
    """Tell who reads posts of somebody that more or less of them is shown, since what hides them changed."""
    posts = PostRepository(session)
    for author in sorted({athlete for athlete, event in published if event in HIDING}):
        around = await posts.around(author, PARTS, limit=TOLD_AT_MOST)
        for person in await posts.readers_of_parts(author, PARTS, around):
            await publish(session, person, POSTS_CHANGED, {})
        await announce(session, *(post_topic(post_id) for post_id in await posts.holding(author, PARTS)))


async def tell_of_leaving_posts(
    session: AsyncSession, athlete_id: UUID, kind: str, subject_ids: Collection[UUID]
) -> None:
    """Tell whoever saw posts about what is about to be deleted that they go with it."""
    news: set[tuple[UUID, UUID]] = set()
    posts = await PostRepository(session).about(athlete_id, kind, subject_ids)
    for post in posts:
        told = await readers_of(session, post)
        news |= {(person, post.id) for person in (post.athlete_id, *told)}
    for person, post_id in sorted(news):
        await publish(session, person, POST_DELETED, {"id": str(post_id)})
    await announce(session, *(post_topic(post.id) for post in posts))
