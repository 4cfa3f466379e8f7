"""Queries over daily values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.wellness import DailyValue, WellnessMetric
from topform.features.athletes.public import visible_to
from topform.features.wellness.tables import WellnessPriorityRow, WellnessValueRow

BATCH = 2_000

VALUE_COLUMNS = (
    WellnessValueRow.metric,
    WellnessValueRow.value,
    WellnessValueRow.local_date,
    WellnessValueRow.source,
    WellnessValueRow.measured_at,
    WellnessValueRow.device,
)


class WellnessRepository:
    """Daily values within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, athlete_id: AthleteId, values: Iterable[DailyValue], *, now: datetime) -> list[date]:
        """Store values and return the day of each that was new or changed.

        Within a source the newest measurement wins; one that was measured earlier than the stored one changes nothing.
        """
        rows: dict[tuple[str, date, str], dict[str, Any]] = {}
        for value in values:
            key = (value.metric.value, value.local_date, value.source)
            known = rows.get(key)
            if known is not None and _is_older(value.measured_at, known["measured_at"]):
                continue
            rows[key] = {
                "athlete_id": athlete_id,
                "metric": value.metric.value,
                "local_date": value.local_date,
                "source": value.source,
                "value": value.value,
                "measured_at": value.measured_at,
                "device": value.device,
                "updated_at": now,
            }
        changed: list[date] = []
        listed = list(rows.values())
        for start in range(0, len(listed), BATCH):
            changed += await self._put_batch(listed[start : start + BATCH])
        return changed

    async def _put_batch(self, rows: Sequence[dict[str, Any]]) -> list[date]:
        new = insert(WellnessValueRow)
        stored, given = WellnessValueRow, new.excluded
        compared = ("value", "measured_at", "device")
        statement = new.on_conflict_do_update(
            index_elements=[stored.athlete_id, stored.metric, stored.local_date, stored.source],
            set_={name: given[name] for name in (*compared, "updated_at")},
            where=tuple_(*(getattr(stored, name) for name in compared)).is_distinct_from(
                tuple_(*(given[name] for name in compared))
            )
            & or_(stored.measured_at.is_(None), given.measured_at.is_(None), given.measured_at >= stored.measured_at),
        ).returning(stored.local_date)
        return list((await self._session.execute(statement, list(rows))).scalars())

    async def between(
        self,
        viewer: AthleteId,
        *,
        first: date,
        last: date,
        metrics: Sequence[WellnessMetric] | None = None,
    ) -> list[DailyValue]:
        """Return what all sources say about the days, in order of day and metric."""
        query = select(*VALUE_COLUMNS).where(
            visible_to(viewer, WellnessValueRow),
            WellnessValueRow.local_date.between(first, last),
            WellnessValueRow.metric.in_([metric.value for metric in metrics or WellnessMetric]),
        )
        ordered = query.order_by(WellnessValueRow.local_date, WellnessValueRow.metric, WellnessValueRow.source)
        return [_value(row) for row in await self._session.execute(ordered)]

    async def numbers(
        self, viewer: AthleteId, metrics: Sequence[WellnessMetric], *, first: date, last: date
    ) -> list[tuple[str, date, str, float]]:
        """Return what all sources say about the days in no order, as plain values: metric, day, source, number."""
        query = select(
            WellnessValueRow.metric, WellnessValueRow.local_date, WellnessValueRow.source, WellnessValueRow.value
        ).where(
            visible_to(viewer, WellnessValueRow),
            WellnessValueRow.local_date.between(first, last),
            WellnessValueRow.metric.in_([metric.value for metric in metrics]),
        )
        rows = await self._session.execute(query)
        return [(metric, day, source, value) for metric, day, source, value in rows]

    async def sources(self, viewer: AthleteId) -> dict[str, list[tuple[str, int, date]]]:
        """Return for each metric who speaks of it: the source, how many days, the last of them."""
        query = (
            select(
                WellnessValueRow.metric,
                WellnessValueRow.source,
                func.count(),
                func.max(WellnessValueRow.local_date),
            )
            .where(visible_to(viewer, WellnessValueRow))
            .group_by(WellnessValueRow.metric, WellnessValueRow.source)
            .order_by(WellnessValueRow.metric, WellnessValueRow.source)
        )
        found: dict[str, list[tuple[str, int, date]]] = {}
        for metric, source, days, last in await self._session.execute(query):
            found.setdefault(metric, []).append((source, days, last))
        return found

    async def days_of(self, viewer: AthleteId, source: str, *, first: date, last: date) -> dict[date, int]:
        """Return how many values of the source each day has."""
        query = (
            select(WellnessValueRow.local_date, func.count())
            .where(
                visible_to(viewer, WellnessValueRow),
                WellnessValueRow.source == source,
                WellnessValueRow.local_date.between(first, last),
            )
            .group_by(WellnessValueRow.local_date)
        )
        return {day: count for day, count in await self._session.execute(query)}

    async def remove(
        self,
        viewer: AthleteId,
        *,
        source: str,
        day: date | None = None,
        metrics: Sequence[WellnessMetric] | None = None,
    ) -> list[date]:
        """Delete a source's values, all or those of a day, and return the days of what was deleted."""
        query = delete(WellnessValueRow).where(visible_to(viewer, WellnessValueRow), WellnessValueRow.source == source)
        if day is not None:
            query = query.where(WellnessValueRow.local_date == day)
        if metrics is not None:
            query = query.where(WellnessValueRow.metric.in_([metric.value for metric in metrics]))
        return list((await self._session.execute(query.returning(WellnessValueRow.local_date))).scalars())

    async def priorities(self, viewer: AthleteId) -> dict[str, list[str]]:
        """Return the orders that the athlete has set, by metric."""
        query = select(WellnessPriorityRow).where(visible_to(viewer, WellnessPriorityRow))
        return {row.metric: list(row.sources) for row in (await self._session.execute(query)).scalars()}

    async def set_priority(
        self, athlete_id: AthleteId, metric: WellnessMetric, sources: Sequence[str], *, now: datetime
    ) -> None:
        """Store the athlete's order for a metric; an empty one goes back to the default."""
        if not sources:
            query = delete(WellnessPriorityRow).where(
                visible_to(athlete_id, WellnessPriorityRow), WellnessPriorityRow.metric == metric.value
            )
            await self._session.execute(query)
            return
        values = {"athlete_id": athlete_id, "metric": metric.value, "sources": list(sources), "updated_at": now}
        new = insert(WellnessPriorityRow).values(**values)
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[WellnessPriorityRow.athlete_id, WellnessPriorityRow.metric],
                set_={"sources": new.excluded.sources, "updated_at": now},
            )
        )


def _is_older(measured_at: datetime | None, other: datetime | None) -> bool:
    return measured_at is not None and other is not None and measured_at < other


def _value(row: Row[*tuple[Any, ...]]) -> DailyValue:
    return DailyValue.of(
        WellnessMetric(row.metric),
        row.value,
        local_date=row.local_date,
        source=row.source,
        measured_at=row.measured_at,
        device=row.device,
    )
