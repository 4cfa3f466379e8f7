"""The one query over the worker's queues."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.administration.schemas import QueueState

QUEUES = text(
    """
    SELECT queue_name,
           count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, :now) <= :now) AS waiting,
           count(*) FILTER (WHERE status = 'todo' AND scheduled_at > :now) AS scheduled,
           count(*) FILTER (WHERE status = 'doing') AS running,
           count(*) FILTER (WHERE status = 'failed') AS failed,
           extract(epoch FROM :now - min(coalesce(scheduled_at, deferred.at))
               FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, :now) <= :now))::float8 AS longest_wait_s
    FROM procrastinate_jobs
    LEFT JOIN LATERAL (
        SELECT min(at) AS at FROM procrastinate_events WHERE job_id = procrastinate_jobs.id AND type = 'deferred'
    ) AS deferred ON status = 'todo'
    GROUP BY queue_name ORDER BY queue_name
    """
)


class QueueRepository:
    """The worker's queues within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def states(self, *, now: datetime) -> list[QueueState]:
        """Return how each queue is doing."""
        rows = (await self._session.execute(QUEUES, {"now": now})).mappings()
        return [
            QueueState(
                queue=row["queue_name"],
                waiting=row["waiting"],
                scheduled=row["scheduled"],
                running=row["running"],
                failed=row["failed"],
                longest_wait_s=None if row["longest_wait_s"] is None else max(row["longest_wait_s"], 0.0),
            )
            for row in rows
        ]
