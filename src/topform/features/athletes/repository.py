"""Queries over athletes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.tables import AthleteParameterRow, AthleteRow
from topform.features.athletes.visibility import is_below, visible_to


class AthleteRepository:
    """Athletes within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_once(self, values: Mapping[str, Any]) -> AthleteRow | None:
        """Add an athlete; None when the address is taken."""
        result = await self._session.execute(
            insert(AthleteRow)
            .values(**values)
            .on_conflict_do_nothing(index_elements=[AthleteRow.email])
            .returning(AthleteRow)
        )
        return result.scalar_one_or_none()

    async def get(self, athlete_id: AthleteId) -> AthleteRow | None:
        """Return the athlete."""
        return await self._session.get(AthleteRow, athlete_id)

    async def by_email(self, email: str) -> AthleteRow | None:
        """Return the athlete with the address, in any case of letters."""
        result = await self._session.execute(select(AthleteRow).where(AthleteRow.email == email.strip().lower()))
        return result.scalar_one_or_none()

    async def known_below(self, athlete_ids: Collection[UUID], years: int) -> set[UUID]:
        """Return who of some athletes is known to be younger."""
        query = select(AthleteRow.id).where(AthleteRow.id.in_(athlete_ids), is_below(AthleteRow.id, years))
        return set((await self._session.execute(query)).scalars())

    async def first(self, limit: int) -> list[AthleteRow]:
        """Return the oldest athletes."""
        result = await self._session.execute(select(AthleteRow).order_by(AthleteRow.created_at).limit(limit))
        return list(result.scalars())

    async def page(self, *, text_part: str | None, after: tuple[datetime, UUID] | None, limit: int) -> list[AthleteRow]:
        """Return athletes for an administrator, the newest first, beginning after the position."""
        query = select(AthleteRow)
        if text_part:
            part = text_part.replace("\x00", "")
            query = query.where(
                AthleteRow.email.icontains(part, autoescape=True)
                | AthleteRow.display_name.icontains(part, autoescape=True)
            )
        if after is not None:
            query = query.where(tuple_(AthleteRow.created_at, AthleteRow.id) < tuple_(*after))
        query = query.order_by(AthleteRow.created_at.desc(), AthleteRow.id.desc()).limit(limit)
        return list((await self._session.execute(query)).scalars())

    async def names(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        """Return what the athletes with these ids are called, for an administrator."""
        query = select(AthleteRow.id, AthleteRow.display_name).where(AthleteRow.id.in_(ids))
        return {athlete_id: name for athlete_id, name in await self._session.execute(query)}

    async def count(self) -> int:
        """Return how many athletes there are."""
        return (await self._session.execute(select(func.count()).select_from(AthleteRow))).scalar_one()

    async def is_taken(self, email: str, *, by_other_than: AthleteId) -> bool:
        """Return whether another athlete has the address; the row is locked, so that the answer holds."""
        result = await self._session.execute(
            select(AthleteRow.id).where(AthleteRow.email == email, AthleteRow.id != by_other_than).with_for_update()
        )
        return result.first() is not None

    async def change(self, athlete_id: AthleteId, values: Mapping[str, Any], *, now: datetime) -> AthleteRow | None:
        """Write the values and return the athlete as it is now."""
        result = await self._session.execute(
            update(AthleteRow)
            .where(AthleteRow.id == athlete_id)
            .values(**values, updated_at=now)
            .returning(AthleteRow)
            .execution_options(populate_existing=True)
        )
        return result.scalar_one_or_none()

    async def dated(self, athlete_id: AthleteId) -> list[AthleteParameterRow]:
        """Return what was true from which day on, by name and oldest first."""
        query = (
            select(AthleteParameterRow)
            .where(visible_to(athlete_id, AthleteParameterRow))
            .order_by(AthleteParameterRow.name, AthleteParameterRow.valid_from)
        )
        return list((await self._session.execute(query)).scalars())

    async def set_dated(self, values: Mapping[str, Any]) -> None:
        """Write what is true from a day on, over an entry of the same day."""
        await self._session.execute(
            insert(AthleteParameterRow)
            .values(**values)
            .on_conflict_do_update(
                index_elements=["athlete_id", "name", "valid_from"],
                set_={name: values[name] for name in ("value", "origin", "created_at")},
            )
        )

    async def remove_dated(self, athlete_id: AthleteId, name: str, valid_from: date) -> bool:
        """Take an entry away; False when there is none."""
        removed = await self._session.execute(
            delete(AthleteParameterRow)
            .where(
                visible_to(athlete_id, AthleteParameterRow),
                AthleteParameterRow.name == name,
                AthleteParameterRow.valid_from == valid_from,
            )
            .returning(AthleteParameterRow.valid_from)
        )
        return removed.scalar_one_or_none() is not None
