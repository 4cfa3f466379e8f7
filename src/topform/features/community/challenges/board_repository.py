"""One page of a board for one viewer, ordered and cut by the database.

Who watches a board shares it with others who do, so `boards.Standings` orders all places once for all of them; a single
request gets its page from here. Both give the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Double,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import VIEWER, built_once
from topform.features.community.challenge_tables import ChallengeEntryRow
from topform.features.community.challenges.schemas import Likeness
from topform.features.community.challenges.standings_repository import counted_places
from topform.features.community.tables import PersonRow
from topform.features.community.visibility import apart, follows

NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""When a place that has reached nothing yet is reached, for the order."""

Position = tuple[float, datetime, str]
"""Where a place is in the order: less its score, when that was reached, its id."""

LIMIT: Final = bindparam("limit", type_=Integer())
AFTER: Final = tuple_(
    bindparam("after_score", type_=Double()),
    bindparam("after_at", type_=DateTime(timezone=True)),
    bindparam("after_id", type_=Uuid()),
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place on the board of a viewer."""

    id: UUID
    athlete_id: UUID
    score: float
    reached_at: datetime | None
    handle: str
    name: str
    is_named: bool
    """Whether the viewer may know whose place it is."""
    rank: int | None
    number: int
    """Which it is in the order, from 1."""
    people: int
    skipped: int
    """How many places are on the pages before."""


class BoardRepository:
    """Pages of boards within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(
        self, viewer: AthleteId, challenge_id: UUID, *, like: Sequence[Likeness], after: Position | None, limit: int
    ) -> list[Ranked]:
        """Return the places of a page in their order, and besides them the first one and the viewer's own."""
        values: dict[str, object] = {"viewer": viewer, "challenge_id": challenge_id, "limit": limit}
        if after is not None:
            values |= {"after_score": after[0], "after_at": after[1], "after_id": UUID(after[2])}
        found = await self._session.execute(_page(tuple(like), is_continued=after is not None), values)
        return [Ranked(*row) for row in found.all()]


@built_once
def _page(like: tuple[Likeness, ...], *, is_continued: bool) -> Select[*tuple[Any, ...]]:
    person = ChallengeEntryRow.athlete_id
    counted = (
        counted_places()
        .with_only_columns(
            ChallengeEntryRow.id,
            person,
            ChallengeEntryRow.score,
            ChallengeEntryRow.reached_at,
            PersonRow.handle,
            PersonRow.name,
            ChallengeEntryRow.is_named,
            PersonRow.is_findable,
            *(getattr(ChallengeEntryRow, name) for name in like),
        )
        .cte("counted")
    )
    own = counted.alias("own")
    alike = [
        counted.c[name] == select(own.c[name]).where(own.c.athlete_id == VIEWER).scalar_subquery() for name in like
    ]
    place = (-counted.c.score, func.coalesce(counted.c.reached_at, literal(NEVER)), counted.c.id)
    before = tuple_(*place) <= AFTER if is_continued else literal(False)
    ordered = (
        select(
            counted,
            func.row_number().over(order_by=place).label("number"),
            case((counted.c.score > 0, func.rank().over(order_by=-counted.c.score))).label("rank"),
            func.count().over().label("people"),
            func.count().filter(before).over().label("skipped"),
        )
        .where(~apart(VIEWER, counted.c.athlete_id), *alike)
        .cte("ordered")
    )
    of_page = and_(ordered.c.number > ordered.c.skipped, ordered.c.number <= ordered.c.skipped + LIMIT)
    follower = ordered.c.athlete_id
    is_known = or_(follows(VIEWER, follower), follows(follower, VIEWER))
    is_named = or_(follower == VIEWER, and_(ordered.c.is_named, or_(ordered.c.is_findable, is_known)))
    return (
        select(
            ordered.c.id,
            follower,
            ordered.c.score,
            ordered.c.reached_at,
            ordered.c.handle,
            ordered.c.name,
            is_named,
            ordered.c.rank,
            ordered.c.number,
            ordered.c.people,
            ordered.c.skipped,
        )
        .where(or_(of_page, ordered.c.number == 1, follower == VIEWER))
        .order_by(ordered.c.number)
    )
