"""What two people said below each other's posts ends with a block between them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.community.events import POST_CHANGED
from topform.features.community.posts.repository import PostRepository
from topform.features.community.posts.telling import readers_of, tell_of_post


async def part_in_posts(session: AsyncSession, one: UUID, other: UUID) -> None:
    """Delete the kudos and comments of each of two people below the other's posts, for everybody who reads these."""
    posts = PostRepository(session)
    told = [(post, await readers_of(session, post)) for post in await posts.answered_between(one, other)]
    await posts.take_back_between(one, other)
    for post, readers in told:
        await tell_of_post(session, post, POST_CHANGED, also=readers)
