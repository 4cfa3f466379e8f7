"""Queries over best-effort curves, of activities and of months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.tables import ActivityLegRow, ActivityRow, CurveChangeRow, CurveSumRow
from topform.features.athletes.public import visible_to

SUMS_LOCK = 0x7F0C5


@dataclass(frozen=True, slots=True)
class StoredSum:
    """The best of a month as it is stored."""

    month: date
    first_day: date
    last_day: date
    holders: list[Any]
    curve: bytes


@dataclass(frozen=True, slots=True)
class StoredCurve:
    """The curve of a leg, and what decides which sum it belongs to."""

    activity_id: UUID
    leg: int
    day: date
    sport: str
    restricted_by: str | None
    curve: bytes


class CurveRepository:
    """Stored curves within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_days(
        self,
        viewer: AthleteId,
        *,
        sport: str,
        column: str,
        spans: Sequence[tuple[date, date]],
        purpose: Purpose,
    ) -> list[tuple[UUID, int, date, bytes]]:
        """Return the packed curves of a column within spans of days, by both ends: activity, leg, day, curve."""
        curve = getattr(ActivityLegRow, column)
        query = (
            select(ActivityLegRow.activity_id, ActivityLegRow.leg, ActivityRow.local_date, curve)
            .join(ActivityRow, ActivityRow.id == ActivityLegRow.activity_id)
            .where(
                visible_to(viewer, ActivityLegRow, purpose=purpose),
                # Of the same athlete, as the legs are: said so that the index over the athlete's days is used.
                visible_to(viewer, ActivityRow, purpose=purpose),
                or_(*[ActivityRow.local_date.between(*span) for span in spans]),
                ActivityLegRow.sport == sport,
                curve.is_not(None),
            )
        )
        return [(row[0], row[1], row[2], row[3]) for row in await self._session.execute(query)]

    async def changed_months(self, viewer: AthleteId, *, since: date, until: date) -> set[date]:
        """Return the months, by their first days, that have changed since they were summed up."""
        query = select(CurveChangeRow.month).where(
            visible_to(viewer, CurveChangeRow), CurveChangeRow.month.between(since, until)
        )
        return set(await self._session.scalars(query.distinct()))

    async def sums(
        self, viewer: AthleteId, *, sport: str, kind: str, since: date, until: date, purpose: Purpose
    ) -> list[StoredSum]:
        """Return the sums of months, whether they still hold or not; a month has one for each restriction."""
        one = CurveSumRow
        query = select(one.month, one.first_day, one.last_day, one.holders, one.curve).where(
            visible_to(viewer, one, purpose=purpose),
            one.sport == sport,
            one.kind == kind,
            one.month.between(since, until),
        )
        return [StoredSum(*row) for row in await self._session.execute(query)]

    async def athletes_waiting(self) -> list[UUID]:
        """Return the athletes with months to be summed up, for the worker that does it for all."""
        return list(await self._session.scalars(select(CurveChangeRow.athlete_id).distinct()))

    async def lock_sums(self, athlete_id: AthleteId) -> None:
        """Let one worker at a time sum up an athlete's months, until the transaction ends."""
        await self._session.execute(
            text("SELECT pg_advisory_xact_lock(:room, hashtext(:athlete))"),
            {"room": SUMS_LOCK, "athlete": str(athlete_id)},
        )

    async def changes(self, athlete_id: AthleteId, *, months: int) -> dict[date, list[int]]:
        """Return what was noted of some of the athlete's changed months, by their first days, oldest first."""
        query = (
            select(CurveChangeRow.month, func.array_agg(CurveChangeRow.id))
            .where(visible_to(athlete_id, CurveChangeRow))
            .group_by(CurveChangeRow.month)
            .order_by(CurveChangeRow.month)
            .limit(months)
        )
        return {month: list(ids) for month, ids in await self._session.execute(query)}

    async def curves(self, athlete_id: AthleteId, column: str, spans: Sequence[tuple[date, date]]) -> list[StoredCurve]:
        """Return the curves of a column within spans of days, by both ends."""
        curve = getattr(ActivityLegRow, column)
        query = (
            select(
                ActivityLegRow.activity_id,
                ActivityLegRow.leg,
                ActivityRow.local_date,
                ActivityLegRow.sport,
                func.coalesce(ActivityLegRow.restricted_by, ActivityRow.restricted_by),
                curve,
            )
            .join(ActivityRow, ActivityRow.id == ActivityLegRow.activity_id)
            .where(
                visible_to(athlete_id, ActivityLegRow),
                visible_to(athlete_id, ActivityRow),
                or_(*[ActivityRow.local_date.between(*span) for span in spans]),
                curve.is_not(None),
            )
        )
        return [StoredCurve(*row) for row in await self._session.execute(query)]

    async def replace_sums(
        self, athlete_id: AthleteId, changes: Mapping[date, Sequence[int]], sums: Sequence[Mapping[str, Any]]
    ) -> None:
        """Write the sums of months instead of those there were, and strike out the changes that are in them."""
        await self._session.execute(
            delete(CurveSumRow).where(visible_to(athlete_id, CurveSumRow), CurveSumRow.month.in_(changes))
        )
        if sums:
            await self._session.execute(insert(CurveSumRow), [dict(one) for one in sums])
        struck = [one for ids in changes.values() for one in ids]
        await self._session.execute(
            delete(CurveChangeRow).where(visible_to(athlete_id, CurveChangeRow), CurveChangeRow.id.in_(struck))
        )
