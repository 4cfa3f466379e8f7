"""What anybody may read of a person: the public posts of those who chose so."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.language import known_language
from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete
from topform.features.community.posts.schemas import snapshot_shown
from topform.features.community.publishing.feeds import Feed, FeedForm, Item
from topform.features.community.publishing.repository import PublishedRepository
from topform.features.community.publishing.words import Reader, headline, html_body, plain_body
from topform.features.community.tables import PostRow

ITEMS = 50


async def public_feed(session: AsyncSession, handle: str, form: FeedForm, *, address: str) -> Feed:
    """Return a person's public posts; who has no public feed is answered like somebody who does not exist."""
    person = await PublishedRepository(session).person(handle)
    if person is None:
        raise NotFoundError("There is no such public feed.")
    posts = await PublishedRepository(session).newest(person, limit=ITEMS)
    reader = await own_words(session, AthleteId(person.athlete_id))
    items = [item_of(post, reader, address=address) for post in posts]
    return Feed(
        id=uuid5(NAMESPACE_URL, f"feed of {person.athlete_id}").urn,
        title=reader.word("feed", name=person.name),
        about=reader.word("feed_about", name=person.name),
        author=person.name,
        language=known_language(reader.language),
        home=f"{address}/community/people/{person.handle}",
        address=f"{address}/api/v1/community/people/{person.handle}/public.{form.value}",
        changed_at=max([person.updated_at, *(item.changed_at for item in items)]),
        items=items,
    )


def item_of(post: PostRow, reader: Reader, *, address: str) -> Item:
    """Return a post as feeds show it."""
    snapshot = snapshot_shown(post.snapshot).model_dump(mode="json", exclude_none=True)
    return Item(
        id=post.id.urn,
        address=f"{address}/community/posts/{post.id}",
        title=headline(snapshot, reader),
        html=html_body(post.text, snapshot, reader),
        text=plain_body(post.text, snapshot, reader),
        snapshot=snapshot,
        published_at=post.created_at,
        changed_at=post.edited_at or post.created_at,
    )


async def own_words(session: AsyncSession, athlete_id: AthleteId) -> Reader:
    """Return the language, units and time zone that an athlete chose."""
    athlete = await get_athlete(session, athlete_id)
    return Reader(language=athlete.language, units=str(athlete.units), time_zone=athlete.time_zone)
