"""The route of a post: a coarse line without its ends, and without what its author hides.

What lies in a privacy zone is left out when the post is written, and again whenever somebody reads it, by the zones
that the author has then: a zone that is drawn or widened later hides from the next answer on. So it is for the author
too, who sees the post as others do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.privacy_zones.public import hiding_circles
from topform.science.places import Circle, Place, between_the_ends, pieces_outside

CUT_M: Final = 200.0
"""How far from start and end the line begins and ends."""
DECIMALS: Final = 4
"""Some eleven metres."""
MOST_POINTS: Final = 150


def _few(pieces: list[list[Place]]) -> list[list[Place]]:
    if sum(len(piece) for piece in pieces) > MOST_POINTS:
        raise ValueError(f"a route has at most {MOST_POINTS} points")
    return pieces


Point = tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]]
Pieces = Annotated[list[Annotated[list[Point], Field(min_length=2)]], AfterValidator(_few)]


async def route_to_show(
    session: AsyncSession, athlete_id: AthleteId, preview: Sequence[Sequence[float]] | None
) -> list[list[Place]] | None:
    """Return what a post may show of an activity's route; None where nothing of it is left.

    Parameters
    ----------
    session : AsyncSession
        A transaction.
    athlete_id : AthleteId
        Whose activity it is.
    preview : sequence of (float, float) or None
        Latitude and longitude of the activity's few points, in order. [deg]
    """
    if not preview:
        return None
    points = [(float(latitude), float(longitude)) for latitude, longitude in preview]
    rounded = [(round(latitude, DECIMALS), round(longitude, DECIMALS)) for latitude, longitude in points]
    way = between_the_ends(rounded, start=points[0], end=points[-1], cut_m=CUT_M)
    return pieces_outside(await hiding_circles(session, athlete_id), way) or None


def still_shown(route: list[list[Place]], hidden: Sequence[Circle]) -> list[list[Place]] | None:
    """Return what of a stored route no zone of today hides; None where nothing is left."""
    return [left for piece in route for left in pieces_outside(hidden, piece)] or None
