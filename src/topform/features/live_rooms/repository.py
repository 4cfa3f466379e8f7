"""Queries over rooms, who is in them, and cheers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.core.ids import AthleteId
from topform.features.athletes.public import PUBLISHING_FROM_YEARS, is_below, visible_to
from topform.features.coaches.public import CoachGrantRow
from topform.features.community.public import MEMBERS, BlockRow, ClubMemberRow, ClubRow, FollowRow, PersonRow, belongs
from topform.features.live_rooms.tables import LiveRoomCheerRow, LiveRoomPersonRow, LiveRoomRow
from topform.features.live_rooms.visibility import lets_in

LISTED_AT_MOST: Final = 50
TOLD_AT_MOST: Final = 200
CHEERS_SHOWN: Final = 10
VALUES: Final = ("count", "elapsed_s", "hr_bpm", "zone", "speed_m_s", "power_w")


@dataclass(frozen=True, slots=True)
class Found:
    """A room with its owner and the name of its club."""

    row: LiveRoomRow
    owner: PersonRow
    club_name: str | None


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody in a room, as the others know them."""

    row: LiveRoomPersonRow
    person: PersonRow


class RoomRepository:
    """Rooms within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: LiveRoomRow | LiveRoomCheerRow) -> None:
        """Store a new room, or a cheer."""
        self._session.add(row)
        await self._session.flush()

    async def is_minor(self, athlete_id: AthleteId) -> bool:
        """Tell whether somebody is known to be below 18."""
        return bool(await self._session.scalar(select(is_below(athlete_id, PUBLISHING_FROM_YEARS))))

    async def is_in_club(self, athlete_id: AthleteId, club_id: UUID) -> bool:
        """Tell whether somebody is in a club."""
        return bool(await self._session.scalar(select(belongs(athlete_id, club_id))))

    async def opened(self, athlete_id: AthleteId, *, now: datetime) -> int:
        """Return how many rooms somebody has open."""
        query = select(func.count()).select_from(LiveRoomRow)
        return await self._session.scalar(query.where(visible_to(athlete_id, LiveRoomRow), _lives(now))) or 0

    async def own(self, athlete_id: AthleteId, room_id: UUID, *, now: datetime) -> LiveRoomRow | None:
        """Return one of somebody's rooms, locked."""
        query = select(LiveRoomRow).where(visible_to(athlete_id, LiveRoomRow), LiveRoomRow.id == room_id, _lives(now))
        return (await self._session.execute(query.with_for_update())).scalar_one_or_none()

    async def open_to(self, viewer: AthleteId, *, now: datetime) -> list[Found]:
        """Return the rooms that somebody may enter or is in."""
        query = _rooms(viewer, now=now).order_by(LiveRoomRow.created_at.desc(), LiveRoomRow.id.desc())
        return [Found(*row) for row in (await self._session.execute(query.limit(LISTED_AT_MOST))).all()]

    async def find(
        self, viewer: AthleteId, room_id: UUID, *, now: datetime, code_sha256: bytes | None = None
    ) -> Found | None:
        """Return a room that lets somebody in, by itself or with the code of its link."""
        query = _rooms(viewer, now=now, code_sha256=code_sha256).where(LiveRoomRow.id == room_id)
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else Found(*found)

    async def by_id(self, room_id: UUID, *, now: datetime) -> Found | None:
        """Return a room for those inside, each of whom (``athlete_id``) is asked about apart."""
        found = (await self._session.execute(_named(now).where(LiveRoomRow.id == room_id))).one_or_none()
        return None if found is None else Found(*found)

    async def lock(self, room_id: UUID) -> None:
        """Let people (each an ``athlete_id``) come in one after the other."""
        await self._session.execute(select(LiveRoomRow.id).where(LiveRoomRow.id == room_id).with_for_update())

    async def people(self, room_ids: Collection[UUID], *, now: datetime) -> list[Inside]:
        """Return who is in some rooms and may be there (an ``athlete_id`` at a time), in the order they came."""
        query = _people(now).where(LiveRoomPersonRow.room_id.in_(room_ids))
        query = query.order_by(LiveRoomPersonRow.entered_at, LiveRoomPersonRow.athlete_id)
        return [Inside(*row) for row in (await self._session.execute(query)).all()]

    async def inside(self, athlete_id: AthleteId, room_id: UUID, *, now: datetime) -> Inside | None:
        """Return somebody's own place in a room, if they may be there."""
        query = _people(now).where(LiveRoomPersonRow.room_id == room_id, LiveRoomPersonRow.athlete_id == athlete_id)
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else Inside(*found)

    async def entered(self, athlete_id: AthleteId, *, now: datetime) -> int:
        """Return in how many rooms somebody is."""
        query = select(func.count()).select_from(LiveRoomPersonRow).join(LiveRoomRow)
        query = query.where(visible_to(athlete_id, LiveRoomPersonRow), LiveRoomPersonRow.removed_at.is_(None))
        return await self._session.scalar(query.where(_lives(now))) or 0

    async def enter(
        self,
        athlete_id: AthleteId,
        room_id: UUID,
        *,
        shares: Sequence[str],
        text_version: str,
        hidden: Collection[str],
        is_linked: bool,
        now: datetime,
    ) -> None:
        """Write what somebody agreed to show; values of what they show no longer are gone with it."""
        agreed: dict[str, Any] = {"shares": list(shares), "text_version": text_version, "agreed_at": now}
        agreed |= {"last_seen_at": now, **dict.fromkeys(hidden)}
        statement = insert(LiveRoomPersonRow).values(
            room_id=room_id, athlete_id=athlete_id, entered_at=now, by_link=is_linked, **agreed
        )
        kept = {**agreed, "by_link": or_(LiveRoomPersonRow.by_link, statement.excluded.by_link)}
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["room_id", "athlete_id"], set_=kept)
        )

    async def say(
        self, athlete_id: AthleteId, room_id: UUID, *, seq: int, values: Mapping[str, Any], now: datetime
    ) -> bool:
        """Put newer values in the place of older ones; False when a newer message was here before."""
        said = await self._session.execute(
            update(LiveRoomPersonRow)
            .where(
                visible_to(athlete_id, LiveRoomPersonRow),
                LiveRoomPersonRow.room_id == room_id,
                LiveRoomPersonRow.seq < seq,
            )
            .values(seq=seq, last_seen_at=now, **values)
            .returning(LiveRoomPersonRow.seq)
            .execution_options(synchronize_session=False)
        )
        return said.scalar_one_or_none() is not None

    async def hide_values(self, athlete_id: UUID) -> list[UUID]:
        """Forget what somebody showed, in every room; return in which there was something."""
        shown = or_(*(getattr(LiveRoomPersonRow, name).is_not(None) for name in VALUES))
        hidden = await self._session.execute(
            update(LiveRoomPersonRow)
            .where(visible_to(AthleteId(athlete_id), LiveRoomPersonRow), shown)
            .values(dict.fromkeys(VALUES))
            .returning(LiveRoomPersonRow.room_id)
            .execution_options(synchronize_session=False)
        )
        return list(hidden.scalars())

    async def leave(self, athlete_id: AthleteId, room_id: UUID) -> bool:
        """Forget somebody in a room, unless they were put out, which is remembered; False when they were not in it."""
        gone = await self._session.execute(
            delete(LiveRoomPersonRow)
            .where(
                visible_to(athlete_id, LiveRoomPersonRow),
                LiveRoomPersonRow.room_id == room_id,
                LiveRoomPersonRow.removed_at.is_(None),
            )
            .returning(LiveRoomPersonRow.room_id)
        )
        await self._session.execute(
            delete(LiveRoomCheerRow).where(
                LiveRoomCheerRow.room_id == room_id,
                or_(LiveRoomCheerRow.athlete_id == athlete_id, LiveRoomCheerRow.to_id == athlete_id),
            )
        )
        return gone.first() is not None

    async def put_out(self, athlete_id: UUID, room_id: UUID, *, now: datetime) -> None:
        """Note that somebody may not come in again, and forget what they showed."""
        await self._session.execute(
            update(LiveRoomPersonRow)
            .where(LiveRoomPersonRow.room_id == room_id, LiveRoomPersonRow.athlete_id == athlete_id)
            .values(removed_at=now, shares=[], **dict.fromkeys(VALUES))
        )

    async def close(self, room_id: UUID, owner_id: UUID) -> None:
        """Delete a room with all that is in it."""
        await self._session.execute(
            delete(LiveRoomRow).where(visible_to(AthleteId(owner_id), LiveRoomRow), LiveRoomRow.id == room_id)
        )

    async def keep_until(self, room_id: UUID, expires_at: datetime) -> None:
        """Let a room live longer, whosever it is: somebody (an ``athlete_id``) is there."""
        await self._session.execute(
            update(LiveRoomRow)
            .where(LiveRoomRow.id == room_id, LiveRoomRow.expires_at < expires_at)
            .values(expires_at=expires_at)
            .execution_options(synchronize_session=False)
        )

    async def cheers(self, room_id: UUID) -> list[LiveRoomCheerRow]:
        """Return the newest cheers of a room, whichever ``athlete_id`` they are from."""
        query = select(LiveRoomCheerRow).where(LiveRoomCheerRow.room_id == room_id)
        query = query.order_by(LiveRoomCheerRow.created_at.desc(), LiveRoomCheerRow.id.desc()).limit(CHEERS_SHOWN)
        return list((await self._session.execute(query)).scalars())

    async def forget_cheers(self, room_id: UUID, *, before: datetime) -> None:
        """Delete older cheers of a room, whichever ``athlete_id`` they are from."""
        await self._session.execute(
            delete(LiveRoomCheerRow).where(LiveRoomCheerRow.room_id == room_id, LiveRoomCheerRow.created_at < before)
        )

    async def blocks(self, people: Collection[UUID]) -> set[frozenset[UUID]]:
        """Return which two of some people must not see each other."""
        query = select(BlockRow.athlete_id, BlockRow.blocked_id).where(
            BlockRow.athlete_id.in_(people), BlockRow.blocked_id.in_(people)
        )
        return {frozenset(pair) for pair in (await self._session.execute(query)).all()}


class DoorRepository:
    """Whom a room concerns, and what goes by itself."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def concerned(self, row: LiveRoomRow) -> list[UUID]:
        """Return to whom a room is open and who is in it, unless they are very many."""
        owner = row.athlete_id
        there = select(LiveRoomPersonRow.athlete_id).where(LiveRoomPersonRow.room_id == row.id)
        query = (
            select(PersonRow.athlete_id)
            .select_from(LiveRoomRow)
            .join(PersonRow, PersonRow.athlete_id.in_(_candidates(row).union(there)))
            .where(
                LiveRoomRow.id == row.id,
                or_(PersonRow.athlete_id.in_(there), lets_in(PersonRow.athlete_id, by_link=false())),
            )
        )
        found = list((await self._session.execute(query.limit(TOLD_AT_MOST))).scalars())
        return sorted({owner, *found})

    async def rooms_of(self, athlete_ids: Collection[UUID]) -> list[UUID]:
        """Return the rooms that some people have or are in."""
        inside = select(LiveRoomPersonRow.room_id).where(LiveRoomPersonRow.athlete_id.in_(athlete_ids))
        owned = select(LiveRoomRow.id).where(LiveRoomRow.athlete_id.in_(athlete_ids))
        return sorted((await self._session.execute(inside.union(owned))).scalars())

    async def forget_who_left(self, athlete_ids: Collection[UUID]) -> None:
        """Delete the rooms and places of those who have no profile any more."""
        for table in (LiveRoomCheerRow, LiveRoomPersonRow, LiveRoomRow):
            has_profile = exists().where(PersonRow.athlete_id == table.athlete_id)
            await self._session.execute(
                delete(table)
                .where(table.athlete_id.in_(athlete_ids), ~has_profile)
                .execution_options(synchronize_session=False)
            )

    async def over(self, *, now: datetime) -> list[LiveRoomRow]:
        """Return the rooms in which nobody (no ``athlete_id``) was heard of for long."""
        query = select(LiveRoomRow).where(LiveRoomRow.expires_at <= now).order_by(LiveRoomRow.id)
        return list((await self._session.execute(query.with_for_update(skip_locked=True))).scalars())

    async def silent(self, *, since: datetime) -> list[tuple[UUID, UUID]]:
        """Return room and ``athlete_id`` of those who were not heard of since a moment."""
        query = select(LiveRoomPersonRow.room_id, LiveRoomPersonRow.athlete_id).where(
            LiveRoomPersonRow.last_seen_at < since, LiveRoomPersonRow.removed_at.is_(None)
        )
        query = query.order_by(LiveRoomPersonRow.room_id, LiveRoomPersonRow.athlete_id)
        return [(room_id, athlete_id) for room_id, athlete_id in (await self._session.execute(query)).all()]

    async def room(self, room_id: UUID) -> LiveRoomRow | None:
        """Return a room for those whom it concerns (any ``athlete_id``)."""
        query = select(LiveRoomRow).where(LiveRoomRow.id == room_id)
        return (await self._session.execute(query)).scalar_one_or_none()


def _candidates(row: LiveRoomRow) -> Select[Any]:
    """Return the people among whom those are to be found for whom a room is."""
    if row.audience == "friends":
        return select(FollowRow.followed_id).where(FollowRow.athlete_id == row.athlete_id)
    if row.audience == "club":
        return select(ClubMemberRow.athlete_id).where(
            ClubMemberRow.club_id == row.club_id, ClubMemberRow.standing.in_(MEMBERS)
        )
    if row.audience == "coaching":
        coaches = select(CoachGrantRow.coach_id).where(CoachGrantRow.athlete_id == row.athlete_id)
        athletes = select(CoachGrantRow.athlete_id).where(CoachGrantRow.coach_id == row.athlete_id)
        return select(coaches.union(athletes).subquery())
    return select(LiveRoomRow.athlete_id).where(LiveRoomRow.id == row.id)


def _lives(now: datetime) -> ColumnElement[bool]:
    return LiveRoomRow.expires_at > now


def _rooms(viewer: AthleteId, *, now: datetime, code_sha256: bytes | None = None) -> Select[Any, Any, Any]:
    own, put_out = aliased(LiveRoomPersonRow), aliased(LiveRoomPersonRow)
    by_link: ColumnElement[bool] = exists().where(own.room_id == LiveRoomRow.id, own.athlete_id == viewer, own.by_link)
    if code_sha256 is not None:
        by_link = or_(by_link, and_(LiveRoomRow.code_sha256 == code_sha256, LiveRoomRow.code_expires_at > now))
    was_put_out = exists().where(
        put_out.room_id == LiveRoomRow.id, put_out.athlete_id == viewer, put_out.removed_at.is_not(None)
    )
    return _named(now).where(lets_in(viewer, by_link=by_link), ~was_put_out)


def _named(now: datetime) -> Select[Any, Any, Any]:
    return (
        select(LiveRoomRow, PersonRow, ClubRow.name)
        .join(PersonRow, PersonRow.athlete_id == LiveRoomRow.athlete_id)
        .outerjoin(ClubRow, ClubRow.id == LiveRoomRow.club_id)
        .where(_lives(now))
        .execution_options(populate_existing=True)
    )


def _people(now: datetime) -> Select[LiveRoomPersonRow, PersonRow]:
    """Return everybody (each ``athlete_id``) who is in a room and may be there."""
    return (
        select(LiveRoomPersonRow, PersonRow)
        .join(LiveRoomRow, LiveRoomRow.id == LiveRoomPersonRow.room_id)
        .join(PersonRow, PersonRow.athlete_id == LiveRoomPersonRow.athlete_id)
        .where(
            _lives(now),
            LiveRoomPersonRow.removed_at.is_(None),
            lets_in(LiveRoomPersonRow.athlete_id, by_link=LiveRoomPersonRow.by_link),
        )
        .execution_options(populate_existing=True)
    )
