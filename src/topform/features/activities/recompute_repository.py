"""Queries of the recomputation: many activities at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.tables import (
    ActivityBestRow,
    ActivityLegRow,
    ActivityMetricHistoryRow,
    ActivityMetricRow,
    ActivityRow,
    ActivitySourceRow,
    AppliedMetricVersionRow,
)
from topform.features.athletes.public import visible_to
from topform.platform.database import Base

VERSIONS_LOCK = 0x7F0A12


@dataclass(frozen=True, slots=True)
class Found:
    """An activity whose numbers are computed again."""

    activity_id: UUID
    local_date: date
    streams_key: str
    restricted_by: str | None
    rpe_cr10: float | None
    elapsed_s: float
    load_au: float | None


class RecomputeRepository:
    """Many activities within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def ids(self, viewer: AthleteId, *, since: date | None, outdated: Mapping[str, int] | None) -> list[UUID]:
        """Return the activities to compute, newest first; with `outdated` those without these versions of metrics."""
        query = select(ActivityRow.id).where(visible_to(viewer, ActivityRow))
        if since is not None:
            query = query.where(ActivityRow.local_date >= since)
        if outdated is not None:
            metric = ActivityMetricRow
            old = exists().where(
                metric.activity_id == ActivityRow.id,
                metric.metric.in_(outdated),
                tuple_(metric.metric, metric.version).not_in(list(outdated.items())),
            )
            query = query.where(old)
        return list((await self._session.execute(query.order_by(ActivityRow.started_at.desc()))).scalars())

    async def found(self, viewer: AthleteId, ids: Sequence[UUID], *, lock: bool = False) -> list[Found]:
        """Return those of the activities that still exist."""
        query = select(ActivityRow).where(ActivityRow.id.in_(ids), visible_to(viewer, ActivityRow))
        if lock:
            query = query.order_by(ActivityRow.id).with_for_update()
        rows = (await self._session.execute(query.execution_options(populate_existing=True))).scalars()
        return [
            Found(
                row.id,
                row.local_date,
                row.streams_key,
                row.restricted_by,
                row.rpe_cr10,
                row.elapsed_s,
                row.load_au,
            )
            for row in rows
        ]

    async def documents(self, viewer: AthleteId, ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
        """Return the documents of the activities' legs in order."""
        query = (
            select(ActivityLegRow.activity_id, ActivityLegRow.document)
            .where(ActivityLegRow.activity_id.in_(ids), visible_to(viewer, ActivityLegRow))
            .order_by(ActivityLegRow.activity_id, ActivityLegRow.leg)
        )
        found: dict[UUID, list[dict[str, Any]]] = {}
        for activity_id, document in await self._session.execute(query):
            found.setdefault(activity_id, []).append(document)
        return found

    async def digests(self, viewer: AthleteId, ids: Sequence[UUID]) -> dict[UUID, str]:
        """Return the digest of each activity's primary file."""
        query = select(ActivitySourceRow.activity_id, ActivitySourceRow.sha256).where(
            ActivitySourceRow.activity_id.in_(ids),
            ActivitySourceRow.is_primary,
            visible_to(viewer, ActivitySourceRow),
        )
        return {activity_id: digest for activity_id, digest in await self._session.execute(query)}

    async def metrics(self, viewer: AthleteId, ids: Sequence[UUID]) -> list[dict[str, Any]]:
        """Return the metrics as they are stored."""
        metric = ActivityMetricRow
        query = select(
            metric.activity_id,
            metric.leg,
            metric.metric,
            metric.value,
            metric.unit,
            metric.version,
            metric.inputs_digest,
            metric.restricted_by,
        ).where(metric.activity_id.in_(ids), visible_to(viewer, metric))
        return [dict(row._mapping) for row in await self._session.execute(query)]

    async def history(self, viewer: AthleteId, activity_id: UUID) -> list[ActivityMetricHistoryRow]:
        """Return what the activity's metrics were, newest first."""
        query = (
            select(ActivityMetricHistoryRow)
            .where(ActivityMetricHistoryRow.activity_id == activity_id, visible_to(viewer, ActivityMetricHistoryRow))
            .order_by(ActivityMetricHistoryRow.replaced_at.desc(), ActivityMetricHistoryRow.metric)
        )
        return list((await self._session.execute(query)).scalars())

    async def write(
        self,
        viewer: AthleteId,
        ids: Sequence[UUID],
        *,
        activities: Sequence[Mapping[str, Any]],
        legs: Sequence[Mapping[str, Any]],
        metrics: Sequence[Mapping[str, Any]],
        bests: Sequence[Mapping[str, Any]],
    ) -> None:
        """Replace the numbers of activities that the caller has just locked."""
        table: Any
        for table, rows in (
            (ActivityMetricRow, metrics),
            (ActivityBestRow, bests),
            (ActivityLegRow, legs),
        ):
            await self._session.execute(delete(table).where(table.activity_id.in_(ids), visible_to(viewer, table)))
            await self._copy(table, rows)
        connection = await self._session.connection()
        columns = [name for name in activities[0] if name != "activity"]
        row: Any = ActivityRow.__table__
        await connection.execute(
            update(row)
            .where(row.c.id == bindparam("activity"), visible_to(viewer, ActivityRow))
            .values({name: bindparam(name) for name in columns}),
            [dict(one) for one in activities],
        )

    async def _copy(self, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Write many rows of one table at once, in the transaction, by PostgreSQL's COPY."""
        if not rows:
            return
        columns = list(rows[0])
        documents = [isinstance(table.__table__.c[name].type, JSONB) for name in columns]
        records = [
            [
                json.dumps(row[name]) if is_document and row[name] is not None else row[name]
                for name, is_document in zip(columns, documents, strict=True)
            ]
            for row in rows
        ]
        raw = await (await self._session.connection()).get_raw_connection()
        driver: Any = raw.driver_connection
        await driver.copy_records_to_table(table.__tablename__, records=records, columns=columns)

    async def add_history(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write down what metrics were."""
        await self._copy(ActivityMetricHistoryRow, rows)

    async def lock_versions(self) -> None:
        """Let one worker at a time compare versions, until the transaction ends."""
        await self._session.execute(text("SELECT pg_advisory_xact_lock(:room)"), {"room": VERSIONS_LOCK})

    async def applied_versions(self) -> dict[str, int]:
        """Return the versions of formulas with which the stored history was computed."""
        rows = await self._session.execute(select(AppliedMetricVersionRow))
        return {row.metric: row.version for row in rows.scalars()}

    async def note_applied(self, versions: Mapping[str, int], *, now: datetime) -> None:
        """Write down the versions of formulas that are in use."""
        if not versions:
            return
        statement = insert(AppliedMetricVersionRow)
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["metric"],
                set_={"version": statement.excluded.version, "applied_at": statement.excluded.applied_at},
            ),
            [{"metric": metric, "version": version, "applied_at": now} for metric, version in versions.items()],
        )

    async def athletes_with_activities(self) -> list[UUID]:
        """Return everyone who has an activity; for the worker, who computes for all."""
        return list((await self._session.execute(select(ActivityRow.athlete_id).distinct())).scalars())
