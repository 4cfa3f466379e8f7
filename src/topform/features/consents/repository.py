"""Queries over consents."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import may_share, visible_to
from topform.features.consents.purposes import TEXTS, ConsentPurpose
from topform.features.consents.tables import ConsentRow


def agreeing(purpose: ConsentPurpose, person: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Return the condition that somebody agrees to a purpose in the words that apply now."""
    return exists().where(
        ConsentRow.athlete_id == person,
        ConsentRow.purpose == purpose,
        ConsentRow.text_version == TEXTS[purpose].version,
        ConsentRow.withdrawn_at.is_(None),
        ConsentRow.is_given_here,
        may_share(ConsentRow),
    )


class ConsentRepository:
    """Consents within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all_of(self, viewer: AthleteId) -> list[ConsentRow]:
        """Return the athlete's ledger, oldest first."""
        query = select(ConsentRow).where(visible_to(viewer, ConsentRow)).order_by(ConsentRow.given_at, ConsentRow.id)
        return list((await self._session.execute(query)).scalars())

    async def in_force(self, viewer: AthleteId, purpose: str, *, lock: bool = False) -> ConsentRow | None:
        """Return the athlete's consent to a purpose, None when there is none now."""
        query = select(ConsentRow).where(
            visible_to(viewer, ConsentRow),
            ConsentRow.purpose == purpose,
            ConsentRow.withdrawn_at.is_(None),
            ConsentRow.is_given_here,
        )
        if not lock:
            query = query.where(may_share(ConsentRow))
        if lock:
            query = query.with_for_update()
        return (await self._session.execute(query)).scalar_one_or_none()

    async def is_answered(self, viewer: AthleteId, purpose: str, text_version: str) -> bool:
        """Return whether the athlete ever said yes or no here to these words."""
        query = select(ConsentRow.id).where(
            visible_to(viewer, ConsentRow),
            ConsentRow.purpose == purpose,
            ConsentRow.text_version == text_version,
            ConsentRow.is_given_here,
        )
        return (await self._session.execute(query.limit(1))).first() is not None

    async def add(self, row: ConsentRow) -> None:
        """Write a new answer down."""
        self._session.add(row)
        await self._session.flush()

    async def withdraw(self, viewer: AthleteId, purpose: str, *, now: datetime) -> None:
        """End the consent that is in force, if there is one."""
        await self._session.execute(
            update(ConsentRow)
            .where(
                visible_to(viewer, ConsentRow),
                ConsentRow.purpose == purpose,
                ConsentRow.withdrawn_at.is_(None),
                ConsentRow.is_given_here,
            )
            .values(withdrawn_at=now)
        )

    async def withdrawn_by(self, athlete_ids: Collection[UUID], purpose: str) -> set[UUID]:
        """Return who of some athletes said no here, at once or later; whoever was never asked is not among them."""
        query = (
            select(ConsentRow.athlete_id)
            .where(ConsentRow.athlete_id.in_(athlete_ids), ConsentRow.purpose == purpose, ConsentRow.is_given_here)
            .group_by(ConsentRow.athlete_id)
            .having(func.bool_and(ConsentRow.withdrawn_at.is_not(None)))
        )
        return set((await self._session.execute(query)).scalars())

    async def consenting(self, purpose: str) -> list[ConsentRow]:
        """Return everybody's consents to a purpose that are in force; for work on behalf of the server's operator."""
        query = select(ConsentRow).where(
            ConsentRow.purpose == purpose,
            ConsentRow.withdrawn_at.is_(None),
            ConsentRow.is_given_here,
            may_share(ConsentRow),
        )
        return list((await self._session.execute(query.order_by(ConsentRow.given_at, ConsentRow.id))).scalars())
