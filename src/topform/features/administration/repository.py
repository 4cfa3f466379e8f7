"""The one query over the worker's queues."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.administration.schemas import QueueState
from topform.platform.jobs import QUEUES

NEWEST_JOBS = 100_000
ALL_JOBS = 2**62

# Finished jobs are kept for days and are by far the most. What waits or runs has an index of its own; what was given up
# has none, so that who asks often looks at the newest jobs only.
STATES = text(
    """
    WITH jobs AS (
        SELECT id, queue_name, status, scheduled_at FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
        UNION ALL
        SELECT id, queue_name, status, scheduled_at FROM procrastinate_jobs
        WHERE status = 'failed' AND id > (SELECT max(id) FROM procrastinate_jobs) - CAST(:newest AS bigint)
    ), queues AS (
        SELECT queue_name,
               count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, :now) <= :now) AS waiting,
               count(*) FILTER (WHERE status = 'todo' AND scheduled_at > :now) AS scheduled,
               count(*) FILTER (WHERE status = 'doing') AS running,
               count(*) FILTER (WHERE status = 'failed') AS failed,
               min(scheduled_at) FILTER (WHERE status = 'todo' AND scheduled_at <= :now) AS due_since,
               min(id) FILTER (WHERE status = 'todo' AND scheduled_at IS NULL) AS first_in_line
        FROM jobs
        GROUP BY queue_name
    )
    SELECT queues.*,
           extract(epoch FROM :now - least(due_since, (
               SELECT min(at) FROM procrastinate_events WHERE job_id = first_in_line AND type = 'deferred'
           )))::float8 AS longest_wait_s
    FROM queues
    """
)


class QueueRepository:
    """The worker's queues within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def states(self, *, now: datetime, newest: int = ALL_JOBS) -> list[QueueState]:
        """Return how each queue is doing, by name, also an empty one; what was given up, of the newest jobs."""
        found = {
            row["queue_name"]: QueueState(
                queue=row["queue_name"],
                waiting=row["waiting"],
                scheduled=row["scheduled"],
                running=row["running"],
                failed=row["failed"],
                longest_wait_s=None if row["longest_wait_s"] is None else max(row["longest_wait_s"], 0.0),
            )
            for row in (await self._session.execute(STATES, {"now": now, "newest": newest})).mappings()
        }
        empty = {
            queue: QueueState(queue=queue, waiting=0, scheduled=0, running=0, failed=0, longest_wait_s=None)
            for queue in QUEUES
        }
        return [one for _, one in sorted((empty | found).items())]
