"""What leaves the server in public: feeds of public posts, and the words of share cards."""

from __future__ import annotations

import hashlib
from datetime import UTC
from email.utils import format_datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from topform.features.accounts.public import base_address
from topform.features.community.posts import sharing
from topform.features.community.publishing import feeds
from topform.features.community.publishing.cards import card_of
from topform.features.community.publishing.schemas import Card
from topform.features.community.publishing.service import public_feed
from topform.features.community.relations.schemas import HandleInPath
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/community", tags=["community"])

OF_ACTIVITY = "The fields to show of an activity or a form check, as for a post; a post shows its own."
FEED_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string" if "xml" in kind else "object"}}
            for kind in feeds.MEDIA_TYPES.values()
        }
    },
    304: {"description": "The reader has it already."},
}


@router.get("/people/{handle}/public.{form}", response_class=Response, responses=FEED_ANSWERS)
async def get_public_feed(
    handle: HandleInPath,
    form: feeds.FeedForm,
    use: Use,
    if_none_match: Annotated[
        str | None, Header(max_length=2000, description="The `ETag` of the answer you have; unchanged gives 304.")
    ] = None,
) -> Response:
    """Return a person's newest 50 public posts for feed readers; no account is needed.

    It is there only for adults who switched it on (`has_public_feed`), and holds what they shared with everybody: the
    chosen fields and nothing else. `ETag` and `If-None-Match` spare a reader what it has; `If-Modified-Since` alone
    does not, since a post that was deleted leaves no later date behind.
    """
    async with use.database.reading() as session:
        feed = await public_feed(session, handle, form, address=base_address(use.settings))
    content = feeds.written(feed, form)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(feed.changed_at.astimezone(UTC), usegmt=True),
        "Cache-Control": "public, no-cache",
    }
    known = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=feeds.MEDIA_TYPES[form], headers=headers)


@router.get("/card")
async def get_share_card(
    use: Use,
    athlete_id: SignedInAthlete,
    post_id: Annotated[UUID | None, Query(description="The post to show; name one of the three.")] = None,
    activity_id: Annotated[UUID | None, Query(description="The activity of yours to show.")] = None,
    form_check_id: Annotated[UUID | None, Query(description="The form check of yours to show.")] = None,
    shown: Annotated[list[sharing.Field] | None, Query(max_length=len(sharing.FIELDS), description=OF_ACTIVITY)] = None,
    with_route: Annotated[bool, Query(description="With the shape of the route, outside of privacy zones.")] = False,
) -> Card:
    """Return what a picture of your own post, activity or form check says, in your language and units.

    It holds what you choose and nothing else; the route is a shape without a place, and only if you ask for it.
    Activities whose source keeps them for you are refused with the code `not_shareable`.
    """
    async with use.database.reading() as session:
        return await card_of(
            use,
            session,
            athlete_id,
            post_id=post_id,
            activity_id=activity_id,
            form_check_id=form_check_id,
            shown=shown,
            with_route=with_route,
        )
