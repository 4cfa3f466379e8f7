"""Posts as they change, for whoever has one open: they hear that it is another now, and ask for it themselves.

Events of a post go to those who have to do with it; who only looks at a public one watches it. What is sent says
nothing of the post. Before each message it is read as this person would get it; who may see it no more hears no more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.community.events import POST_CHANGED
from topform.features.community.posts.repository import PostRepository
from topform.features.community.posts.service import get_post, list_comments
from topform.features.community.topics import RELATIONS, post_topic
from topform.platform.database import Database
from topform.platform.events import EventHub
from topform.platform.watching import Watched, Watcher

FIRST_COMMENTS: Final = 50
"""So many are looked at as they are shown; of later ones it counts how many they are, and that one was changed."""


async def may_look(session: AsyncSession, viewer: AthleteId, post_id: UUID) -> bool:
    """Tell whether somebody may see a post of this server."""
    return await PostRepository(session).visible(viewer, post_id) is not None


class OpenPosts:
    """The posts that people have open through this process."""

    def __init__(self, database: Database, hub: EventHub) -> None:
        self._database = database
        self._posts: Watched[Watcher] = Watched(
            hub, name="post", topics=lambda post_id: (post_topic(post_id), RELATIONS), refresh=self._refresh
        )

    def enter(self, post_id: UUID, viewer: AthleteId) -> Watcher:
        """Begin to watch a post; the first message comes at once, for what changed since it was fetched."""
        return self._posts.enter(post_id, Watcher(viewer))

    async def _refresh(self, post_id: UUID, watchers: Sequence[Watcher]) -> None:
        """Have those told for whom the post is another, or who may hold what was there for a moment only."""
        times = self._posts.heard(post_id, post_topic(post_id))
        async with self._database.reading() as session:
            marks = {viewer: await _mark(session, viewer, post_id) for viewer in {one.viewer for one in watchers}}
        message = json.dumps({"type": POST_CHANGED, "data": {"id": str(post_id)}}, separators=(",", ":"))
        for watcher in watchers:
            mark = marks[watcher.viewer]
            if mark is None:
                watcher.end()
            else:
                watcher.offer(message, content=f"{times} {mark}")


async def _mark(session: AsyncSession, viewer: AthleteId, post_id: UUID) -> str | None:
    """Return a mark of a post and its comments as somebody gets them; None when they may not see it."""
    try:
        post = await get_post(session, viewer, post_id)
        comments = await list_comments(session, viewer, post_id, cursor=None, limit=FIRST_COMMENTS)
    except NotFoundError:
        return None
    return sha256(f"{post.model_dump_json()} {comments.model_dump_json()}".encode()).hexdigest()
