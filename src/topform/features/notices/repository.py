"""Queries over notices, settings and devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.community.public import handle_of, is_told, name_of
from topform.features.connections.public import sign_in_is_needed
from topform.features.notices.kinds import ALWAYS_ON, BY_PEOPLE
from topform.features.notices.tables import NoticeRow, NoticeSettingsRow, PushDeviceRow, PushKeyRow, PushTicketRow
from topform.features.plans.public import proposal_is_open

DUE_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SeenNotice:
    """A notice that still holds, with the name of who caused it."""

    row: NoticeRow
    handle: str | None
    name: str | None


class NoticeRepository:
    """Notices within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    # ---- notices ----------------------------------------------------------------------------------------------------

    async def add_once(self, values: dict[str, Any]) -> UUID | None:
        """Store a notice and return its id; None when the athlete was told of the same thing before."""
        added = await self._session.execute(
            insert(NoticeRow).values(**values).on_conflict_do_nothing().returning(NoticeRow.id)
        )
        return added.scalar_one_or_none()

    async def forget(self, athlete_id: AthleteId, notice_id: UUID) -> None:
        """Delete a notice that turned out to be none."""
        await self._session.execute(
            delete(NoticeRow).where(visible_to(athlete_id, NoticeRow), NoticeRow.id == notice_id)
        )

    async def holding(self, athlete_id: AthleteId, ids: Sequence[UUID], *, unread: bool = False) -> list[SeenNotice]:
        """Return those of some notices that still hold, newest first."""
        query = self._notices(athlete_id).where(NoticeRow.id.in_(ids))
        if unread:
            query = query.where(NoticeRow.read_at.is_(None))
        found = await self._session.execute(query.order_by(NoticeRow.created_at.desc(), NoticeRow.id.desc()))
        return [SeenNotice(*row) for row in found.all()]

    async def page(self, athlete_id: AthleteId, *, after: tuple[datetime, UUID] | None, limit: int) -> list[SeenNotice]:
        """Return notices that still hold, newest first."""
        query = self._notices(athlete_id)
        if after is not None:
            query = query.where(tuple_(NoticeRow.created_at, NoticeRow.id) < tuple_(*after))
        query = query.order_by(NoticeRow.created_at.desc(), NoticeRow.id.desc()).limit(limit)
        return [SeenNotice(*row) for row in (await self._session.execute(query)).all()]

    async def unread(self, athlete_id: AthleteId) -> int:
        """Return how many notices that still hold were not read."""
        query = (
            select(func.count())
            .select_from(NoticeRow)
            .where(visible_to(athlete_id, NoticeRow), _holds(athlete_id), NoticeRow.read_at.is_(None))
        )
        count: int = (await self._session.execute(query)).scalar_one()
        return count

    async def read(self, athlete_id: AthleteId, ids: Sequence[UUID] | None, *, now: datetime) -> int:
        """Mark some notices, or all, as read; return how many were not."""
        query = update(NoticeRow).where(visible_to(athlete_id, NoticeRow), NoticeRow.read_at.is_(None))
        if ids is not None:
            query = query.where(NoticeRow.id.in_(ids))
        marked = await self._session.execute(query.values(read_at=now).returning(NoticeRow.id))
        return len(marked.all())

    async def take_due(self, athlete_id: AthleteId, *, now: datetime) -> list[UUID]:
        """Mark the notices whose time has come as told and return them."""
        taken = await self._session.execute(
            update(NoticeRow)
            .where(visible_to(athlete_id, NoticeRow), NoticeRow.push_at <= now, NoticeRow.pushed_at.is_(None))
            .values(pushed_at=now)
            .returning(NoticeRow.id)
        )
        return list(taken.scalars())

    async def waiting(self, athlete_id: AthleteId) -> list[NoticeRow]:
        """Return the notices that devices are still to be told of."""
        query = select(NoticeRow).where(
            visible_to(athlete_id, NoticeRow), NoticeRow.push_at.is_not(None), NoticeRow.pushed_at.is_(None)
        )
        return list((await self._session.execute(query)).scalars())

    async def athletes_due(self, *, now: datetime) -> list[UUID]:
        """Return whose devices are to be told of something by now; of everybody."""
        query = (
            select(NoticeRow.athlete_id)
            .where(NoticeRow.push_at <= now, NoticeRow.pushed_at.is_(None))
            .distinct()
            .limit(DUE_AT_ONCE)
        )
        return list((await self._session.execute(query)).scalars())

    # ---- settings ---------------------------------------------------------------------------------------------------

    async def settings(self, athlete_id: AthleteId, *, lock: bool = False) -> NoticeSettingsRow | None:
        """Return how the athlete wants to be told."""
        query = select(NoticeSettingsRow).where(visible_to(athlete_id, NoticeSettingsRow))
        found = await self._session.execute(query.with_for_update() if lock else query)
        return found.scalar_one_or_none()

    async def save_settings(self, values: dict[str, Any]) -> None:
        """Store how an athlete wants to be told."""
        kept = {name: value for name, value in values.items() if name != "athlete_id"}
        await self._session.execute(
            insert(NoticeSettingsRow)
            .values(**values)
            .on_conflict_do_update(index_elements=[NoticeSettingsRow.athlete_id], set_=kept)
        )

    async def athletes_to_remind(self, *, now: datetime) -> list[UUID]:
        """Return whose reminder is due; of everybody."""
        query = select(NoticeSettingsRow.athlete_id).where(NoticeSettingsRow.remind_at <= now).limit(DUE_AT_ONCE)
        return list((await self._session.execute(query)).scalars())

    # ---- devices ----------------------------------------------------------------------------------------------------

    async def devices(self, athlete_id: AthleteId) -> list[PushDeviceRow]:
        """Return the athlete's devices, newest first."""
        query = select(PushDeviceRow).where(visible_to(athlete_id, PushDeviceRow))
        found = await self._session.execute(query.order_by(PushDeviceRow.created_at.desc(), PushDeviceRow.id.desc()))
        return list(found.scalars())

    async def device(self, athlete_id: AthleteId, device_id: UUID) -> PushDeviceRow | None:
        """Return one of the athlete's devices."""
        query = select(PushDeviceRow).where(visible_to(athlete_id, PushDeviceRow), PushDeviceRow.id == device_id)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def replace_device(self, row: PushDeviceRow) -> None:
        """Store a device; a browser in which somebody else signed in before is theirs no longer."""
        await self._session.execute(
            delete(PushDeviceRow).where(
                or_(
                    PushDeviceRow.address_sha256 == row.address_sha256,
                    and_(PushDeviceRow.athlete_id == row.athlete_id, PushDeviceRow.session_id == row.session_id),
                )
            )
        )
        self._session.add(row)
        await self._session.flush()

    async def remove_device(self, athlete_id: AthleteId, device_id: UUID) -> bool:
        """Delete one of the athlete's devices; False when there is none."""
        gone = await self._session.execute(
            delete(PushDeviceRow)
            .where(visible_to(athlete_id, PushDeviceRow), PushDeviceRow.id == device_id)
            .returning(PushDeviceRow.id)
        )
        return gone.scalar_one_or_none() is not None

    async def note_sent(self, athlete_id: AthleteId, device_id: UUID, *, now: datetime) -> None:
        """Remember that a device's push service took a message."""
        await self._session.execute(
            update(PushDeviceRow)
            .where(visible_to(athlete_id, PushDeviceRow), PushDeviceRow.id == device_id)
            .values(last_sent_at=now)
        )

    # ---- tickets of messages to phones ------------------------------------------------------------------------------

    async def add_ticket(self, athlete_id: AthleteId, device_id: UUID, ticket_id: str, *, now: datetime) -> None:
        """Remember a message until its receipt is there; a device that is gone meanwhile needs none."""
        if await self.device(athlete_id, device_id) is None:
            return
        await self._session.execute(
            insert(PushTicketRow)
            .values(id=ticket_id, athlete_id=athlete_id, device_id=device_id, sent_at=now)
            .on_conflict_do_nothing()
        )

    # ---- the server's key -------------------------------------------------------------------------------------------

    async def key(self) -> PushKeyRow | None:
        """Return the server's key."""
        return (await self._session.execute(select(PushKeyRow))).scalar_one_or_none()

    async def add_key(self, values: dict[str, Any]) -> None:
        """Store the server's key unless another process was faster."""
        await self._session.execute(insert(PushKeyRow).values(**values).on_conflict_do_nothing())

    def _notices(self, athlete_id: AthleteId) -> Any:
        return select(NoticeRow, handle_of(NoticeRow.actor_id), name_of(NoticeRow.actor_id)).where(
            visible_to(athlete_id, NoticeRow), _holds(athlete_id)
        )


def _holds(athlete_id: AthleteId) -> ColumnElement[bool]:
    """Return the condition that a notice is of a kind that is on, is still so, and may be told to the athlete."""
    by_people = and_(
        NoticeRow.kind.in_(BY_PEOPLE),
        is_told(
            athlete_id,
            kind=NoticeRow.kind,
            actor=NoticeRow.actor_id,
            post=NoticeRow.post_id,
            comment=NoticeRow.comment_id,
            challenge=NoticeRow.challenge_id,
            club=NoticeRow.club_id,
        ),
    )
    proposal = and_(NoticeRow.kind == "plan_proposal", proposal_is_open(athlete_id, NoticeRow.proposal_id))
    source = and_(NoticeRow.kind == "source_stopped", sign_in_is_needed(athlete_id, NoticeRow.connection_id))
    is_off = exists().where(
        NoticeSettingsRow.athlete_id == NoticeRow.athlete_id, NoticeSettingsRow.off.has_key(NoticeRow.kind)
    )
    holds = or_(by_people, proposal, source, NoticeRow.kind.in_(("session_reminder", "security", *sorted(ALWAYS_ON))))
    return and_(holds, ~is_off)
