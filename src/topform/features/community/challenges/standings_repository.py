"""Queries over everybody's places in a challenge; `boards` then shows each viewer what is for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.core.ids import AthleteId
from topform.features.athletes.public import built_once, may_share
from topform.features.community.challenge_tables import (
    ChallengeEntryRow,
    ChallengeInvitationRow,
    ChallengeRow,
    ChallengeTeamRow,
)
from topform.features.community.tables import BlockRow, FollowRow, PersonRow
from topform.features.community.visibility import apart, in_its_club, sees_challenge


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place, with what decides who may know whose it is."""

    id: UUID
    athlete_id: UUID
    score: float
    reached_at: datetime | None
    is_named: bool
    age_band: str | None
    sex: str | None
    level: str | None
    handle: str
    name: str
    is_findable: bool
    team_id: UUID | None
    in_team_since: datetime | None


@dataclass(frozen=True, slots=True)
class Relations:
    """Whom some viewers must not see, and whom they know."""

    apart: Mapping[UUID, set[UUID]] = field(default_factory=dict)
    known: Mapping[UUID, set[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team as it was made."""

    id: UUID
    name: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Relay:
    """The teams of a challenge, and how many members each may have."""

    size: int
    teams: Sequence[TeamFacts]


class StandingsRepository:
    """The places of one challenge within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def places(self, challenge_id: UUID) -> list[Place]:
        """Return all places that count: of people whom the maker may see, and who are in its club if it is of one."""
        found = await self._session.execute(_places(), {"challenge_id": challenge_id})
        return [Place(*tuple[Any, ...](row)) for row in found.all()]

    async def relay(self, challenge_id: UUID) -> Relay | None:
        """Return the teams of a challenge; None when it has none."""
        size = await self._session.scalar(select(ChallengeRow.team_size).where(ChallengeRow.id == challenge_id))
        if size is None:
            return None
        query = select(ChallengeTeamRow.id, ChallengeTeamRow.name, ChallengeTeamRow.is_open)
        query = query.where(ChallengeTeamRow.challenge_id == challenge_id)
        return Relay(size, [TeamFacts(*row) for row in (await self._session.execute(query)).all()])

    async def relations(self, viewers: Collection[UUID]) -> Relations:
        """Return whom the viewers are apart from, and whom they follow or are followed by."""
        block, follow = aliased(BlockRow), aliased(FollowRow)
        blocks = select(block.athlete_id, block.blocked_id).where(
            or_(block.athlete_id.in_(viewers), block.blocked_id.in_(viewers))
        )
        follows = select(follow.athlete_id, follow.followed_id).where(
            or_(follow.athlete_id.in_(viewers), follow.followed_id.in_(viewers)), follow.accepted_at.is_not(None)
        )
        return Relations(
            apart=_pairs((await self._session.execute(blocks)).all()),
            known=_pairs((await self._session.execute(follows)).all()),
        )

    async def still_seeing(self, challenge_id: UUID, viewers: Collection[UUID]) -> set[UUID]:
        """Return those of some people who may see the challenge."""
        query = (
            select(PersonRow.athlete_id)
            .join(ChallengeRow, ChallengeRow.id == challenge_id)
            .where(PersonRow.athlete_id.in_(viewers), sees_challenge(PersonRow.athlete_id))
        )
        return set((await self._session.execute(query)).scalars())

    async def count(self, challenge_id: UUID) -> int:
        """Return how many places there are."""
        query = select(func.count()).select_from(ChallengeEntryRow)
        return (await self._session.scalar(query.where(ChallengeEntryRow.challenge_id == challenge_id))) or 0

    async def invited(self, challenge_id: UUID) -> int:
        """Return how many people were asked in."""
        query = select(func.count()).select_from(ChallengeInvitationRow)
        return (await self._session.scalar(query.where(ChallengeInvitationRow.challenge_id == challenge_id))) or 0

    async def people(self, challenge_id: UUID, *, limit: int) -> list[UUID]:
        """Return who takes part, those who joined first."""
        query = select(ChallengeEntryRow.athlete_id).where(ChallengeEntryRow.challenge_id == challenge_id)
        query = query.order_by(ChallengeEntryRow.joined_at, ChallengeEntryRow.athlete_id).limit(limit)
        return list((await self._session.execute(query)).scalars())

    async def competing_with(self, athlete_id: AthleteId, *, limit: int) -> list[UUID]:
        """Return who takes part where somebody does, or in what they made, unless they are more; nobody is shown it."""
        own = select(ChallengeEntryRow.challenge_id).where(ChallengeEntryRow.athlete_id == athlete_id)
        made = select(ChallengeRow.id).where(ChallengeRow.athlete_id == athlete_id)
        query = select(ChallengeEntryRow.athlete_id).where(ChallengeEntryRow.challenge_id.in_(union(own, made)))
        found = list((await self._session.execute(query.distinct().limit(limit + 1))).scalars())
        return found if len(found) <= limit else []

    async def counted_people(self, *, since: datetime) -> list[AthleteId]:
        """Return who takes part in challenges that were not over at a moment."""
        query = (
            select(ChallengeEntryRow.athlete_id)
            .join(ChallengeRow, ChallengeRow.id == ChallengeEntryRow.challenge_id)
            .where(ChallengeRow.last_day >= since.date())
            .distinct()
            .order_by(ChallengeEntryRow.athlete_id)
        )
        return [AthleteId(one) for one in (await self._session.execute(query)).scalars()]

    async def take_off(self, challenge_id: UUID, entry_id: UUID, *, now: datetime) -> UUID | None:
        """Take a place off the board; return whose it was."""
        taken = await self._session.execute(
            update(ChallengeEntryRow)
            .where(
                ChallengeEntryRow.challenge_id == challenge_id,
                ChallengeEntryRow.id == entry_id,
                ChallengeEntryRow.removed_at.is_(None),
            )
            .values(removed_at=now)
            .returning(ChallengeEntryRow.athlete_id)
        )
        return taken.scalar_one_or_none()


@built_once
def _places() -> Select[*tuple[Any, ...]]:
    return counted_places()


def counted_places() -> Select[*tuple[Any, ...]]:
    """Return the places of a challenge that count, for ``challenge_id`` as their parameter, as `Place` takes them."""
    return (
        select(
            ChallengeEntryRow.id,
            ChallengeEntryRow.athlete_id,
            ChallengeEntryRow.score,
            ChallengeEntryRow.reached_at,
            ChallengeEntryRow.is_named,
            ChallengeEntryRow.age_band,
            ChallengeEntryRow.sex,
            ChallengeEntryRow.level,
            PersonRow.handle,
            PersonRow.name,
            PersonRow.is_findable,
            ChallengeEntryRow.team_id,
            ChallengeEntryRow.in_team_since,
        )
        .join(PersonRow, PersonRow.athlete_id == ChallengeEntryRow.athlete_id)
        .join(ChallengeRow, ChallengeRow.id == ChallengeEntryRow.challenge_id)
        .where(
            ChallengeEntryRow.challenge_id == bindparam("challenge_id"),
            ChallengeEntryRow.removed_at.is_(None),
            may_share(ChallengeEntryRow),
            ~apart(ChallengeRow.athlete_id, ChallengeEntryRow.athlete_id),
            in_its_club(ChallengeEntryRow.athlete_id),
        )
    )


def _pairs(rows: Collection[tuple[UUID, UUID]]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for one, other in rows:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found
