"""What a share card says: the chosen fields in words, and the shape of the way without a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.activities.public import activity_facts
from topform.features.athletes.public import require_may_share
from topform.features.community.posts import sharing
from topform.features.community.posts.repository import PostRepository
from topform.features.community.posts.schemas import NewPost, snapshot_shown
from topform.features.community.posts.subjects import subject_of, values_of
from topform.features.community.publishing.schemas import Card, CardLine
from topform.features.community.publishing.service import own_words
from topform.features.community.publishing.words import headline, lines
from topform.features.privacy_zones.public import hiding_circles
from topform.platform.web.resources import Resources
from topform.science.places import pieces_outside

DECIMALS: Final = 3

Pieces = list[list[tuple[float, float]]]


async def card_of(
    resources: Resources,
    session: AsyncSession,
    athlete_id: AthleteId,
    *,
    post_id: UUID | None,
    activity_id: UUID | None,
    form_check_id: UUID | None,
    shown: Sequence[sharing.Field] | None,
    with_route: bool,
) -> Card:
    """Return what a card of one's own post, activity or form check says, and nothing besides."""
    if sum(one is not None for one in (post_id, activity_id, form_check_id)) != 1:
        raise InvalidInputError(
            "A card is of one thing.", remedy="Name exactly one of post_id, activity_id and form_check_id."
        )
    await require_may_share(session, athlete_id, today=resources.clock.now().date())
    snapshot: dict[str, Any]
    if post_id is not None:
        snapshot, activity_id = await _of_post(session, athlete_id, post_id)
    else:
        new = NewPost(activity_id=activity_id, form_check_id=form_check_id)
        subject = await subject_of(session, athlete_id, new, now=resources.clock.now())
        fields = sharing.chosen_fields(subject.kind, shown)
        snapshot = sharing.snapshot_of(subject.kind, fields, subject.values)
    snapshot = snapshot_shown(snapshot).model_dump(mode="json", exclude_none=True)
    route = await _route(session, athlete_id, activity_id) if with_route and activity_id is not None else None
    reader = await own_words(session, athlete_id)
    said = [CardLine(label=one.label, value=one.value) for one in lines(snapshot, reader)]
    title, caption = headline(snapshot, reader), None
    if snapshot.get("title"):
        caption = headline({**snapshot, "title": None}, reader)
    told = [title, caption, *(f"{one.label}{reader.word('colon')}{one.value}" for one in said)]
    shape = [] if route is None else [reader.word("shape")]
    return Card(
        title=title, caption=caption, lines=said, route=route, alt="\n".join(one for one in [*told, *shape] if one)
    )


async def _of_post(session: AsyncSession, athlete_id: AthleteId, post_id: UUID) -> tuple[dict[str, Any], UUID | None]:
    """Return what one's own post shows, and the activity that it is about, unless its source keeps it."""
    seen = await PostRepository(session).visible(athlete_id, post_id)
    if seen is None or seen.row.athlete_id != athlete_id:
        raise NotFoundError("There is no such post of yours.")
    await values_of(session, athlete_id, seen.row)
    return seen.row.snapshot, seen.row.activity_id if seen.row.kind == "activity" else None


async def _route(session: AsyncSession, athlete_id: AthleteId, activity_id: UUID) -> Pieces | None:
    row = await activity_facts(session, athlete_id, activity_id)
    if row is None or not row.route_preview or "route_preview" in row.field_restrictions:
        return None
    points = [(float(latitude), float(longitude)) for latitude, longitude in row.route_preview]
    return shape_of(pieces_outside(await hiding_circles(session, athlete_id), points))


def shape_of(pieces: Pieces) -> Pieces | None:
    """Return a way as a drawing, right and down from its corner, the longer side 1; where it lies is gone.

    Examples
    --------
    >>> shape_of([[(0.0, 10.0), (0.001, 10.002)]])
    [[(0.0, 0.5), (1.0, 0.0)]]
    >>> shape_of([]) is None
    True
    """
    if not pieces:
        return None
    every = np.array([point for piece in pieces for point in piece])
    reference = every[0, 1]
    middle = (every[:, 0].min() + every[:, 0].max()) / 2
    shrink = float(np.cos(np.radians(middle)))

    def flat(latitude: float, longitude: float) -> tuple[float, float]:
        around = (longitude - reference + 180.0) % 360.0 - 180.0
        return around * shrink, -latitude

    placed = [[flat(*point) for point in piece] for piece in pieces]
    corner = np.array([point for piece in placed for point in piece])
    left, top = corner.min(axis=0)
    span = float((corner.max(axis=0) - corner.min(axis=0)).max())
    if span <= 0:
        return None
    return [
        [(round(float((x - left) / span), DECIMALS), round(float((y - top) / span), DECIMALS)) for x, y in piece]
        for piece in placed
    ]
