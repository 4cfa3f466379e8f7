"""Queries over health reports."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.readiness.tables import HealthReportRow

RED_FLAG = "red_flag"
PAIN = "pain"
ENERGY = "energy"


class HealthReportRepository:
    """Health reports within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open_red_flag(self, viewer: AthleteId, *, lock: bool = False) -> HealthReportRow | None:
        """Return the red flag that is not cleared yet."""
        query = select(HealthReportRow).where(
            visible_to(viewer, HealthReportRow),
            HealthReportRow.kind == RED_FLAG,
            HealthReportRow.cleared_at.is_(None),
        )
        if lock:
            query = query.with_for_update()
        return (await self._session.execute(query)).scalar_one_or_none()

    async def red_flags(self, viewer: AthleteId, first: date, last: date) -> list[HealthReportRow]:
        """Return the red flags that were set on some days, or before and not cleared then."""
        query = select(HealthReportRow).where(
            visible_to(viewer, HealthReportRow),
            HealthReportRow.kind == RED_FLAG,
            HealthReportRow.local_date <= last,
            or_(HealthReportRow.cleared_at.is_(None), func.date(HealthReportRow.cleared_at) >= first),
        )
        return list((await self._session.execute(query)).scalars())

    async def add(self, row: HealthReportRow) -> None:
        """Store a new report."""
        self._session.add(row)
        await self._session.flush()

    async def clear_red_flag(self, viewer: AthleteId, *, now: datetime) -> bool:
        """Mark the open red flag as looked at; False when there is none."""
        result = await self._session.execute(
            update(HealthReportRow)
            .where(
                visible_to(viewer, HealthReportRow),
                HealthReportRow.kind == RED_FLAG,
                HealthReportRow.cleared_at.is_(None),
            )
            .values(cleared_at=now)
            .returning(HealthReportRow.id)
        )
        return result.first() is not None

    async def since(self, viewer: AthleteId, first: date, last: date) -> list[HealthReportRow]:
        """Return the reports of some days, red flags aside, oldest first."""
        query = (
            select(HealthReportRow)
            .where(
                visible_to(viewer, HealthReportRow),
                HealthReportRow.kind != RED_FLAG,
                HealthReportRow.local_date.between(first, last),
            )
            .order_by(HealthReportRow.local_date, HealthReportRow.created_at, HealthReportRow.id)
        )
        return list((await self._session.execute(query)).scalars())

    async def remove(self, viewer: AthleteId, report_id: UUID) -> bool:
        """Delete a report that is no red flag; False when the viewer has no such report."""
        result = await self._session.execute(
            delete(HealthReportRow)
            .where(
                visible_to(viewer, HealthReportRow), HealthReportRow.id == report_id, HealthReportRow.kind != RED_FLAG
            )
            .returning(HealthReportRow.id)
        )
        return result.first() is not None
