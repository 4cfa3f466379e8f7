"""What of a post only those get who read it here, signed in: its route, what its author weighed, a picture of them.

Whether its author may and wants to show it is looked at whenever somebody reads the post. Whatever else is made of a
snapshot (public feeds, share cards, what other servers and moderators get) has none of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import PUBLISHING_FROM_YEARS, known_below, require_may_show
from topform.features.community.tables import PostRow
from topform.features.consents.public import ConsentPurpose, refuse_withdrawn, withdrawn_by
from topform.features.privacy_zones.public import hiding_circles_of
from topform.science.places import Circle

ROUTE: Final = "route"
WEIGHT: Final = "weight"
PICTURE: Final = "video_frame"
FOR_ADULTS: Final = {ROUTE: "route", WEIGHT: "weight", PICTURE: "picture"}
"""Fields that nobody below 18 shows, and what they are called."""

PARTS: Final = frozenset({"route", "mass_kg", "video_frame"})
"""What of a snapshot these fields consist of."""

STORED_BY: Final = {"mass_kg": ConsentPurpose.BODY_AND_WELLNESS, "video_frame": ConsentPurpose.FORM_VIDEOS}
"""By which consent a part is stored; it is shown to nobody once its author said no to that."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an author holds back now."""

    parts: frozenset[str]
    """Parts of a snapshot that are not shown."""
    circles: Sequence[Circle] = ()
    """Where nothing of a route is shown."""


EVERYTHING: Final = Held(PARTS)
"""What is held back from whoever does not read the post itself."""


async def require_may_choose(
    session: AsyncSession, athlete_id: AthleteId, fields: Collection[str], *, today: date
) -> None:
    """Refuse fields that an athlete is too young for, or whose values they said no to storing.

    Raises
    ------
    TooYoungError
        If a field is for adults, and the athlete is known to be none.
    ConsentMissingError
        If the weight or a picture is to be shown, and the athlete said no to storing such data.
    """
    for name, called in FOR_ADULTS.items():
        if name in fields:
            await require_may_show(session, athlete_id, called, today=today)
    if WEIGHT in fields:
        await refuse_withdrawn(session, athlete_id, STORED_BY["mass_kg"])
    if PICTURE in fields:
        await refuse_withdrawn(session, athlete_id, STORED_BY["video_frame"])


async def held_back(session: AsyncSession, posts: Sequence[PostRow]) -> Mapping[UUID, Held]:
    """Return what the authors of posts hold back of them; of who shows nothing that is kept here, everything."""
    showing = {part: _authors_showing(posts, part) for part in PARTS}
    authors = set().union(*showing.values())
    if not authors:
        return {}
    circles = await hiding_circles_of(session, showing["route"]) if showing["route"] else {}
    young = await known_below(session, authors, PUBLISHING_FROM_YEARS)
    refused = {
        part: await withdrawn_by(session, showing[part], purpose)
        for part, purpose in STORED_BY.items()
        if showing[part]
    }
    return {
        author: EVERYTHING
        if author in young
        else Held(frozenset(part for part, people in refused.items() if author in people), circles.get(author, ()))
        for author in authors
    }


def kept_apart(stored: Mapping[str, Any], held: Held) -> dict[str, Any]:
    """Return a snapshot without what is held back."""
    return {name: value for name, value in stored.items() if name not in held.parts}


def _authors_showing(posts: Sequence[PostRow], part: str) -> set[UUID]:
    return {post.athlete_id for post in posts if post.snapshot.get(part) is not None}
