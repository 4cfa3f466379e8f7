"""Runs: passes over a range of days, queued in the transaction that wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId, new_id
from topform.features.connections.repository import ConnectionRepository
from topform.features.connections.schemas import RunKind
from topform.features.connections.tables import ConnectionRow, SyncRunRow
from topform.features.connections.tasks import SYNC_TASK
from topform.platform.jobs import defer
from topform.providers.protocols import Window

OVERLAP: Final = timedelta(days=3)
"""Services change the last days: watches are read out late, nights are scored the day after."""
AHEAD: Final = timedelta(days=1)
"""Somewhere it is tomorrow already."""
MAX_NOTICED: Final = 500


async def queue_run(
    session: AsyncSession,
    connection: ConnectionRow,
    *,
    kind: RunKind,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
    activity_ids: Sequence[str] | None = None,
) -> SyncRunRow:
    """Store a run and queue its job; a run of this kind that has not begun takes the wish over."""
    repository, athlete_id = ConnectionRepository(session), AthleteId(connection.athlete_id)
    window = Window(first or _default_first(connection), last or (now.date() + AHEAD))
    waiting = await repository.queued_run(athlete_id, connection.id, kind)
    if waiting is not None:
        values: dict[str, Any] = {
            "first_day": min(waiting.first_day, window.first),
            "last_day": max(waiting.last_day, window.last),
        }
        if waiting.activity_ids is not None or activity_ids is not None:
            known = dict.fromkeys([*(waiting.activity_ids or ()), *(activity_ids or ())])
            values["activity_ids"] = list(known)[-MAX_NOTICED:]
        await repository.change_run(athlete_id, waiting.id, values, now=now)
        return waiting
    row = SyncRunRow(
        id=new_id(),
        athlete_id=athlete_id,
        connection_id=connection.id,
        kind=kind,
        state="queued",
        first_day=window.first,
        last_day=window.last,
        activity_ids=None if activity_ids is None else list(activity_ids),
        pages=0,
        values_stored=0,
        values_refused=0,
        failures=0,
        progress=0.0,
        created_at=now,
        updated_at=now,
    )
    await repository.add_run(row)
    await defer(session, SYNC_TASK, lock=f"connection:{connection.id}", run_id=str(row.id))
    return row


def _default_first(connection: ConnectionRow) -> date:
    if connection.synced_through is None:
        return connection.import_from
    return max(connection.synced_through - OVERLAP, connection.import_from)
