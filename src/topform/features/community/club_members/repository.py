"""Queries over clubs and their people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, case, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.core.ids import AthleteId
from topform.features.athletes.public import VIEWER, Viewer, built_once, may_share
from topform.features.community.club_tables import MEMBERS, RUNNING, WAITING, ClubMemberRow, ClubRow
from topform.features.community.tables import PersonRow
from topform.features.community.visibility import apart, belongs, sees_club, visible_to

MOST_LISTED: Final = 1000
"""So many people one answer lists; as many as can be in a club."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A club as the viewer may know it, with how they stand to it."""

    row: ClubRow
    owner: PersonRow | None
    standing: str | None
    people: int
    requests: int


class ClubRepository:
    """Clubs within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: ClubRow, owner: AthleteId, *, now: datetime) -> None:
        """Store a new club with its owner."""
        self._session.add(row)
        await self._session.flush()
        await self.set_standing(row.id, owner, "owner", since=now)

    async def visible(self, viewer: AthleteId, club_id: UUID) -> Seen | None:
        """Return the club if the viewer may know of it."""
        found = (await self._session.execute(_one(), {"viewer": viewer, "club_id": club_id})).one_or_none()
        return None if found is None else Seen(*found)

    async def page(
        self, viewer: AthleteId, *, is_mine: bool, words: str, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Seen]:
        """Return clubs that the viewer has to do with, or listed ones that are new to them, those made last first."""
        own = aliased(ClubMemberRow)
        # By their ids, so that the own few are found first and not looked for among all clubs of the server.
        mine = ClubRow.id.in_(select(own.club_id).where(own.athlete_id == viewer, own.standing != "banned"))
        query = _seen(viewer).where(mine if is_mine else and_(~mine, ClubRow.is_listed))
        if words:
            part = words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            query = query.where(func.lower(ClubRow.name).like(f"%{part}%"))
        if after is not None:
            query = query.where(tuple_(ClubRow.created_at, ClubRow.id) < tuple_(*after))
        query = query.order_by(ClubRow.created_at.desc(), ClubRow.id.desc()).limit(limit)
        return [Seen(*row) for row in (await self._session.execute(query)).all()]

    async def lock(self, club_id: UUID) -> ClubRow | None:
        """Return a club, whoever asks, and let changes of it happen one after the other."""
        query = select(ClubRow).where(ClubRow.id == club_id).with_for_update()
        return (await self._session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()

    async def remove(self, club_id: UUID) -> None:
        """Delete a club; the caller has decided that it goes."""
        await self._session.execute(delete(ClubRow).where(ClubRow.id == club_id))

    async def standing(self, athlete_id: AthleteId, club_id: UUID) -> str | None:
        """Return how somebody stands to a club."""
        query = select(ClubMemberRow.standing).where(
            ClubMemberRow.athlete_id == athlete_id, ClubMemberRow.club_id == club_id
        )
        return await self._session.scalar(query)

    async def is_member(self, athlete_id: AthleteId, club_id: UUID) -> bool:
        """Tell whether somebody is in a club."""
        return bool(await self._session.scalar(select(belongs(athlete_id, club_id))))

    async def names(self, viewer: AthleteId, club_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return what those of some clubs are called that the viewer may know of."""
        query = select(ClubRow.id, ClubRow.name).where(ClubRow.id.in_(club_ids), sees_club(viewer))
        return {club_id: name for club_id, name in (await self._session.execute(query)).all()}

    async def set_standing(self, club_id: UUID, athlete_id: UUID, standing: str, *, since: datetime | None) -> None:
        """Write how somebody stands to a club; without ``since`` the moment stays, for those who have a row."""
        if since is None:
            await self._session.execute(
                update(ClubMemberRow)
                .where(ClubMemberRow.club_id == club_id, ClubMemberRow.athlete_id == athlete_id)
                .values(standing=standing)
                .execution_options(synchronize_session=False)
            )
            return
        values = {"standing": standing, "since": since}
        statement = insert(ClubMemberRow).values(club_id=club_id, athlete_id=athlete_id, **values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["club_id", "athlete_id"], set_=values)
        )

    async def drop(self, club_id: UUID, athlete_id: UUID) -> None:
        """Forget how somebody stood to a club."""
        await self._session.execute(
            delete(ClubMemberRow).where(ClubMemberRow.club_id == club_id, ClubMemberRow.athlete_id == athlete_id)
        )

    async def people(
        self, viewer: AthleteId, club_id: UUID, standings: Sequence[str]
    ) -> list[tuple[ClubMemberRow, PersonRow]]:
        """Return the people of a club that the viewer may see, those who run it first; of banned ones the latest.

        Never more than ``MOST_LISTED``: that many can be members, fewer wait; older bans are lifted by handle.
        """
        rank = case((ClubMemberRow.standing == "owner", 0), (ClubMemberRow.standing == "organiser", 1), else_=2)
        query = _people(viewer, club_id).where(ClubMemberRow.standing.in_(standings))
        if tuple(standings) == ("banned",):
            query = query.order_by(ClubMemberRow.since.desc(), PersonRow.handle)
        else:
            query = query.order_by(rank, PersonRow.name, PersonRow.handle)
        query = query.limit(MOST_LISTED)
        return [(row, person) for row, person in (await self._session.execute(query)).all()]

    async def person(self, viewer: AthleteId, club_id: UUID, handle: str) -> tuple[ClubMemberRow, PersonRow] | None:
        """Return somebody of a club by their handle if the viewer may see them there."""
        query = _people(viewer, club_id).where(PersonRow.handle == handle.strip().lower())
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else (found[0], found[1])

    async def count(self, club_id: UUID, standings: Sequence[str]) -> int:
        """Return how many people stand so to a club, whoever they are."""
        query = select(func.count(ClubMemberRow.athlete_id)).where(
            ClubMemberRow.club_id == club_id, ClubMemberRow.standing.in_(standings)
        )
        return (await self._session.scalar(query)) or 0

    async def joined(self, athlete_id: AthleteId, standings: Sequence[str]) -> int:
        """Return to how many clubs somebody stands so."""
        query = select(func.count()).select_from(ClubMemberRow)
        query = query.where(ClubMemberRow.athlete_id == athlete_id, ClubMemberRow.standing.in_(standings))
        return (await self._session.scalar(query)) or 0


class ClubPeopleRepository:
    """Everybody of a club, for what follows from a change and whom to tell of it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def clubs_of(self, athlete_id: UUID) -> list[UUID]:
        """Return the clubs that somebody is in, asks to join or was asked into."""
        query = select(ClubMemberRow.club_id).where(
            ClubMemberRow.athlete_id == athlete_id, ClubMemberRow.standing != "banned"
        )
        return list((await self._session.execute(query.order_by(ClubMemberRow.club_id))).scalars())

    async def successor(self, club_id: UUID, *, besides: UUID) -> UUID | None:
        """Return who takes a club over: who is longest an organiser, else who is longest in it."""
        query = (
            select(ClubMemberRow.athlete_id)
            .where(
                ClubMemberRow.club_id == club_id,
                ClubMemberRow.athlete_id != besides,
                ClubMemberRow.standing.in_(MEMBERS),
                may_share(ClubMemberRow),
            )
            .order_by(ClubMemberRow.standing != "organiser", ClubMemberRow.since, ClubMemberRow.athlete_id)
        )
        return await self._session.scalar(query.limit(1))

    async def part(self, club_id: UUID, owner: UUID) -> list[UUID]:
        """End all that binds people to a club whom its owner blocks or who block the owner; return who they were."""
        ended = await self._session.execute(
            delete(ClubMemberRow)
            .where(
                ClubMemberRow.club_id == club_id,
                ClubMemberRow.athlete_id != owner,
                ClubMemberRow.standing != "banned",
                apart(AthleteId(owner), ClubMemberRow.athlete_id),
            )
            .returning(ClubMemberRow.athlete_id)
            .execution_options(synchronize_session=False)
        )
        return list(ended.scalars())

    async def clubs_between(self, one: UUID, other: UUID) -> list[tuple[UUID, UUID]]:
        """Return the clubs that one of two people owns and the other has to do with, with their owners."""
        owner, fellow = aliased(ClubMemberRow), aliased(ClubMemberRow)
        query = (
            select(owner.club_id, owner.athlete_id)
            .join(fellow, fellow.club_id == owner.club_id)
            .where(
                owner.standing == "owner",
                fellow.standing != "banned",
                or_(
                    and_(owner.athlete_id == one, fellow.athlete_id == other),
                    and_(owner.athlete_id == other, fellow.athlete_id == one),
                ),
            )
            .order_by(owner.club_id)
        )
        return [(club_id, athlete_id) for club_id, athlete_id in (await self._session.execute(query)).all()]

    async def waiting(self, club_id: UUID) -> list[UUID]:
        """Return who asks to join, or was asked."""
        query = select(ClubMemberRow.athlete_id).where(
            ClubMemberRow.club_id == club_id, ClubMemberRow.standing.in_(WAITING)
        )
        return list((await self._session.execute(query)).scalars())

    async def runners(self, club_id: UUID) -> list[UUID]:
        """Return who runs a club."""
        query = select(ClubMemberRow.athlete_id).where(
            ClubMemberRow.club_id == club_id, ClubMemberRow.standing.in_(RUNNING)
        )
        return list((await self._session.execute(query)).scalars())

    async def members(self, club_id: UUID, *, limit: int) -> list[UUID]:
        """Return who is in a club, unless they are more."""
        query = select(ClubMemberRow.athlete_id).where(
            ClubMemberRow.club_id == club_id, ClubMemberRow.standing.in_(MEMBERS)
        )
        found = list((await self._session.execute(query.limit(limit + 1))).scalars())
        return found if len(found) <= limit else []


def _people(viewer: AthleteId, club_id: UUID) -> Select[ClubMemberRow, PersonRow]:
    return (
        select(ClubMemberRow, PersonRow)
        .join(PersonRow, PersonRow.athlete_id == ClubMemberRow.athlete_id)
        .where(visible_to(viewer, ClubMemberRow), ClubMemberRow.club_id == club_id)
        .execution_options(populate_existing=True)
    )


@built_once
def _one() -> Select[Any, Any, Any, Any, Any]:
    return _seen(VIEWER).where(ClubRow.id == bindparam("club_id"))


def _seen(viewer: Viewer) -> Select[Any, Any, Any, Any, Any]:
    """Return clubs with their owner, how the viewer (an ``athlete_id``) stands to each, and how many people it has."""
    mine, head, fellow, asking = (aliased(ClubMemberRow) for _ in range(4))
    people = select(func.count()).where(
        fellow.club_id == ClubRow.id,
        fellow.standing.in_(MEMBERS),
        may_share(fellow),
        or_(fellow.athlete_id == viewer, ~apart(viewer, fellow.athlete_id)),
    )
    requests = select(func.count()).where(
        asking.club_id == ClubRow.id,
        asking.standing == "requested",
        may_share(asking),
        ~apart(viewer, asking.athlete_id),
    )
    is_head = and_(head.club_id == ClubRow.id, head.standing == "owner")
    return (
        select(ClubRow, PersonRow, mine.standing, people.scalar_subquery(), requests.scalar_subquery())
        .outerjoin(head, is_head)
        .outerjoin(PersonRow, and_(PersonRow.athlete_id == head.athlete_id, ~apart(viewer, head.athlete_id)))
        .outerjoin(mine, and_(mine.club_id == ClubRow.id, mine.athlete_id == viewer))
        .where(sees_club(viewer))
        .execution_options(populate_existing=True)
    )
