"""Queries over challenges, one's own places in them and one's own counted sets."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Date,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.core.ids import AthleteId
from topform.features.athletes.public import VIEWER, built_once
from topform.features.community.challenge_tables import (
    ChallengeEntryRow,
    ChallengeInvitationRow,
    ChallengeRow,
    CountedSetRow,
)
from topform.features.community.challenges.scoring import Standing
from topform.features.community.club_tables import RUNNING, ClubRow
from topform.features.community.paging import LIMIT, POSITION, position
from topform.features.community.tables import PersonRow
from topform.features.community.visibility import apart, belongs, in_its_club, visible_to

ENDED_BEFORE: Final = bindparam("ended_before", type_=Date())


@dataclass(frozen=True, slots=True)
class Seen:
    """A challenge as the viewer may know it, with their own place."""

    row: ChallengeRow
    maker: PersonRow
    entry: ChallengeEntryRow | None
    people: int
    is_invited: bool
    club: str | None
    """What the club is called whose members take part."""
    runs_club: bool


class ChallengeRepository:
    """Challenges within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: ChallengeRow) -> None:
        """Store a new challenge."""
        self._session.add(row)
        await self._session.flush()

    async def visible(self, viewer: AthleteId, challenge_id: UUID) -> Seen | None:
        """Return the challenge if the viewer may see it."""
        values = {"viewer": viewer, "challenge_id": challenge_id}
        found = (await self._session.execute(_one(), values)).one_or_none()
        return None if found is None else Seen(*found)

    async def page(
        self, viewer: AthleteId, *, state: str, ended_before: date, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Seen]:
        """Return challenges that are open to the viewer, those they take part in or made, or these after their end."""
        values = {"viewer": viewer, "ended_before": ended_before, "limit": limit, **position(after)}
        found = await self._session.execute(_page(state=state, is_continued=after is not None), values)
        return [Seen(*row) for row in found.all()]

    async def of_club(
        self, viewer: AthleteId, club_id: UUID, *, ended_before: date, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Seen]:
        """Return the challenges of a club that are not over, those made last first."""
        values = {"viewer": viewer, "club_id": club_id, "ended_before": ended_before, "limit": limit}
        found = await self._session.execute(_of_club(is_continued=after is not None), {**values, **position(after)})
        return [Seen(*row) for row in found.all()]

    async def remove(self, athlete_id: AthleteId, challenge_id: UUID) -> bool:
        """Delete one's own challenge, or one of a club that one runs, with all places in it; False without any."""
        gone = await self._session.execute(
            delete(ChallengeRow)
            .where(
                visible_to(athlete_id, ChallengeRow),
                or_(
                    ChallengeRow.athlete_id == athlete_id,
                    and_(ChallengeRow.club_id.is_not(None), belongs(athlete_id, ChallengeRow.club_id, RUNNING)),
                ),
                ChallengeRow.id == challenge_id,
            )
            .returning(ChallengeRow.id)
            .execution_options(synchronize_session=False)
        )
        return gone.scalar_one_or_none() is not None

    async def running_of(self, athlete_id: AthleteId, *, ended_before: date) -> int:
        """Return how many challenges an athlete has made that are not over."""
        query = select(func.count()).select_from(ChallengeRow)
        query = query.where(
            visible_to(athlete_id, ChallengeRow),
            ChallengeRow.athlete_id == athlete_id,
            ChallengeRow.last_day >= ended_before,
        )
        return (await self._session.scalar(query)) or 0

    async def entry(self, athlete_id: AthleteId, challenge_id: UUID) -> ChallengeEntryRow | None:
        """Return one's own place, locked, also when one does not see the challenge any more."""
        query = select(ChallengeEntryRow).where(
            visible_to(athlete_id, ChallengeEntryRow), ChallengeEntryRow.challenge_id == challenge_id
        )
        return (await self._session.execute(query.with_for_update())).scalar_one_or_none()

    async def place_of(self, athlete_id: AthleteId, challenge_id: UUID) -> ChallengeEntryRow | None:
        """Return somebody's place, locked, for a moderator who decides about it."""
        query = select(ChallengeEntryRow).where(
            ChallengeEntryRow.athlete_id == athlete_id, ChallengeEntryRow.challenge_id == challenge_id
        )
        return (await self._session.execute(query.with_for_update())).scalar_one_or_none()

    async def set_entry(self, values: dict[str, Any]) -> None:
        """Take a place, or change what one shows of oneself."""
        counted = ("score", "reached_at", "base", "removed_at", "team_id", "in_team_since")
        kept = ("challenge_id", "athlete_id", "id", "joined_at", *counted)
        changed = {name: value for name, value in values.items() if name not in kept}
        statement = insert(ChallengeEntryRow).values(**values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["challenge_id", "athlete_id"], set_=changed)
        )

    async def leave(self, athlete_id: AthleteId, challenge_id: UUID) -> bool:
        """Give one's own place back; False when there is none. Who was taken off stays so."""
        gone = await self._session.execute(
            delete(ChallengeEntryRow)
            .where(
                visible_to(athlete_id, ChallengeEntryRow),
                ChallengeEntryRow.challenge_id == challenge_id,
                ChallengeEntryRow.removed_at.is_(None),
            )
            .returning(ChallengeEntryRow.id)
        )
        return gone.scalar_one_or_none() is not None

    async def places_of(self, athlete_id: AthleteId) -> list[tuple[ChallengeEntryRow, ChallengeRow]]:
        """Return an athlete's places with the challenges, for counting, whoever caused it."""
        query = (
            select(ChallengeEntryRow, ChallengeRow)
            .join(ChallengeRow, ChallengeRow.id == ChallengeEntryRow.challenge_id)
            .where(ChallengeEntryRow.athlete_id == athlete_id)
            .order_by(ChallengeRow.id)
            .execution_options(populate_existing=True)
        )
        return [(entry, row) for entry, row in (await self._session.execute(query)).all()]

    async def set_score(self, athlete_id: AthleteId, challenge_id: UUID, standing: Standing) -> None:
        """Write where an athlete stands, whoever caused it."""
        await self._session.execute(
            update(ChallengeEntryRow)
            .where(ChallengeEntryRow.athlete_id == athlete_id, ChallengeEntryRow.challenge_id == challenge_id)
            .values(score=standing.score, reached_at=standing.reached_at, base=standing.base)
            .execution_options(synchronize_session=False)
        )

    async def invite(self, challenge_id: UUID, person: UUID, *, now: datetime) -> None:
        """Ask somebody in."""
        await self._session.execute(
            insert(ChallengeInvitationRow)
            .values(challenge_id=challenge_id, athlete_id=person, created_at=now)
            .on_conflict_do_nothing()
        )

    async def uninvite(self, challenge_id: UUID, person: UUID) -> None:
        """Take the question back."""
        await self._session.execute(
            delete(ChallengeInvitationRow).where(
                ChallengeInvitationRow.challenge_id == challenge_id, ChallengeInvitationRow.athlete_id == person
            )
        )

    async def known_sets(self, athlete_id: AthleteId, form_check_ids: Collection[UUID]) -> list[CountedSetRow]:
        """Return the athlete's sets that were counted already."""
        query = select(CountedSetRow).where(
            visible_to(athlete_id, CountedSetRow), CountedSetRow.form_check_id.in_(form_check_ids)
        )
        return list((await self._session.execute(query.order_by(CountedSetRow.at))).scalars())

    async def add_set(self, values: dict[str, Any]) -> None:
        """Keep how a set was counted."""
        await self._session.execute(insert(CountedSetRow).values(**values).on_conflict_do_nothing())

    async def forget_sets(self, athlete_id: AthleteId) -> None:
        """Forget how the athlete's sets were counted."""
        await self._session.execute(delete(CountedSetRow).where(visible_to(athlete_id, CountedSetRow)))


@built_once
def _one() -> Select[*tuple[Any, ...]]:
    return _seen().where(ChallengeRow.id == bindparam("challenge_id"))


@built_once
def _page(*, state: str, is_continued: bool) -> Select[*tuple[Any, ...]]:
    entry, made = aliased(ChallengeEntryRow), aliased(ChallengeRow)
    # By their ids, so that the own few are found first and not looked for among all challenges of the server.
    is_mine = ChallengeRow.id.in_(
        union(
            select(entry.challenge_id).where(entry.athlete_id == VIEWER, entry.removed_at.is_(None)),
            select(made.id).where(made.athlete_id == VIEWER),
        )
    )
    if state == "open":
        condition = and_(~is_mine, ChallengeRow.last_day >= ENDED_BEFORE)
    elif state == "mine":
        condition = and_(is_mine, ChallengeRow.last_day >= ENDED_BEFORE)
    else:
        condition = and_(is_mine, ChallengeRow.last_day < ENDED_BEFORE)
    return _newest(_seen().where(condition), is_continued)


@built_once
def _of_club(*, is_continued: bool) -> Select[*tuple[Any, ...]]:
    of_club = ChallengeRow.club_id == bindparam("club_id")
    return _newest(_seen().where(of_club, ChallengeRow.last_day >= ENDED_BEFORE), is_continued)


def _newest(query: Select[*tuple[Any, ...]], is_continued: bool) -> Select[*tuple[Any, ...]]:
    if is_continued:
        query = query.where(tuple_(ChallengeRow.created_at, ChallengeRow.id) < POSITION)
    return query.order_by(ChallengeRow.created_at.desc(), ChallengeRow.id.desc()).limit(LIMIT)


def _seen() -> Select[*tuple[Any, ...]]:
    mine, other, asked = aliased(ChallengeEntryRow), aliased(ChallengeEntryRow), aliased(ChallengeInvitationRow)
    people = select(func.count()).where(
        other.challenge_id == ChallengeRow.id,
        other.removed_at.is_(None),
        ~apart(VIEWER, other.athlete_id),
        in_its_club(other.athlete_id),
    )
    return (
        select(
            ChallengeRow,
            PersonRow,
            mine,
            people.scalar_subquery(),
            exists().where(asked.challenge_id == ChallengeRow.id, asked.athlete_id == VIEWER),
            ClubRow.name,
            belongs(VIEWER, ChallengeRow.club_id, RUNNING),
        )
        .outerjoin(ClubRow, ClubRow.id == ChallengeRow.club_id)
        .join(PersonRow, PersonRow.athlete_id == ChallengeRow.athlete_id)
        .outerjoin(
            mine,
            (mine.challenge_id == ChallengeRow.id) & (mine.athlete_id == VIEWER) & mine.removed_at.is_(None),
        )
        .where(visible_to(VIEWER, ChallengeRow))
        .execution_options(populate_existing=True)
    )
