"""A board as one viewer gets it: page by page when they ask, and out of all places while they watch."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from topform.features.community.challenges.board_repository import NEVER, Position, Ranked
from topform.features.community.challenges.schemas import Board, BoardRow, Likeness
from topform.features.community.challenges.scoring import ranks
from topform.features.community.challenges.standings_repository import Place, Relations
from topform.platform.web.pages import InvalidCursorError

FIRST_PAGE: Final = 50
NOBODY: Final[frozenset[UUID]] = frozenset()


def board_of(
    challenge_id: UUID, viewer: UUID, found: Sequence[Ranked], *, like: Sequence[Likeness], limit: int
) -> Board:
    """Return a page of the board from what `BoardRepository.page` found."""
    skipped = found[0].skipped if found else 0
    page = [place for place in found if skipped < place.number <= skipped + limit]
    people = found[0].people if found else 0
    last = page[-1] if page else None
    return Board(
        challenge_id=challenge_id,
        like=list(like),
        people=people,
        own=next((_ranked(place, viewer) for place in found if place.athlete_id == viewer), None),
        items=[_ranked(place, viewer) for place in page],
        next_cursor=_encoded(_position(last)) if last is not None and last.number < people else None,
    )


def _ranked(place: Ranked, viewer: UUID) -> BoardRow:
    return _row(place, place.rank, is_named=place.is_named, is_you=place.athlete_id == viewer)


def _row(place: Place | Ranked, rank: int | None, *, is_named: bool, is_you: bool = False) -> BoardRow:
    return BoardRow.model_construct(
        id=place.id,
        rank=rank,
        name=place.name if is_named else None,
        handle=place.handle if is_named else None,
        is_you=is_you,
        score=place.score,
    )


class Standings:
    """The places of a challenge in order: most first, then who reached it first."""

    def __init__(self, challenge_id: UUID, places: Sequence[Place]) -> None:
        self.challenge_id = challenge_id
        self.places = sorted(places, key=_position)
        self._alike: dict[tuple[Likeness, ...], dict[tuple[str | None, ...], Standings]] = {}
        self._rows_of_others: dict[tuple[int, bool], BoardRow] = {}

    @cached_property
    def of_athlete(self) -> dict[UUID, int]:
        """Where in the order each athlete is."""
        return {place.athlete_id: index for index, place in enumerate(self.places)}

    @cached_property
    def ranks(self) -> list[int | None]:
        """The rank of each place."""
        return ranks([place.score for place in self.places])

    def alike(self, viewer: UUID, like: Sequence[Likeness]) -> Standings:
        """Return the places of people who are like the viewer; none when the viewer does not say how they are."""
        index = self.of_athlete.get(viewer)
        own = () if index is None else tuple(getattr(self.places[index], name) for name in like)
        if index is None or None in own:
            return Standings(self.challenge_id, ())
        groups = self._alike.setdefault(tuple(like), {})
        if own not in groups:
            alike = [place for place in self.places if tuple(getattr(place, name) for name in like) == own]
            groups[own] = Standings(self.challenge_id, alike)
        return groups[own]

    def without(self, hidden: Collection[UUID]) -> Standings:
        """Return the places of everybody else."""
        if not any(athlete in self.of_athlete for athlete in hidden):
            return self
        return Standings(self.challenge_id, [place for place in self.places if place.athlete_id not in hidden])

    def board(
        self,
        viewer: UUID,
        relations: Relations,
        *,
        like: Sequence[Likeness] = (),
        limit: int = FIRST_PAGE,
    ) -> Board:
        """Return the first page of the board as the viewer may see it, with their own place wherever it is."""
        ordered = self.alike(viewer, like) if like else self
        ordered = ordered.without(relations.apart.get(viewer, NOBODY))
        known = relations.known.get(viewer, NOBODY)
        end = min(limit, len(ordered.places))
        own = ordered.of_athlete.get(viewer)
        return Board(
            challenge_id=self.challenge_id,
            like=list(like),
            people=len(ordered.places),
            own=None if own is None else ordered.row(own, viewer, known),
            items=[ordered.row(index, viewer, known) for index in range(end)],
            next_cursor=_encoded(_position(ordered.places[end - 1])) if 0 < end < len(ordered.places) else None,
        )

    def row(self, index: int, viewer: UUID, known: Collection[UUID]) -> BoardRow:
        """Return a place as the viewer may know it."""
        place = self.places[index]
        if place.athlete_id == viewer:
            return _row(place, self.ranks[index], is_named=True, is_you=True)
        is_named = place.is_named and (place.is_findable or place.athlete_id in known)
        found = self._rows_of_others.get((index, is_named))
        if found is None:
            found = self._rows_of_others[index, is_named] = _row(place, self.ranks[index], is_named=is_named)
        return found


def _position(place: Place | Ranked) -> Position:
    return (-place.score, place.reached_at or NEVER, str(place.id))


def _encoded(position: Position) -> str:
    text = json.dumps([position[0], position[1].isoformat(), position[2]], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(cursor: str) -> Position:
    """Return where the page before ended."""
    wrong = InvalidCursorError("The cursor is not one of this list.", remedy="Start again without a cursor.")
    try:
        score, at_text, place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        position = float(score), datetime.fromisoformat(at_text), str(UUID(place))
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise wrong from error
    if position[1].utcoffset() is None:
        raise wrong
    return position
