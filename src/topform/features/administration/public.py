"""What operators are told of the worker's queues, for `/metrics`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.administration.repository import NEWEST_JOBS, QueueRepository
from topform.features.administration.schemas import QueueState

__all__ = ["QueueState", "queue_states"]


async def queue_states(session: AsyncSession, *, now: datetime) -> list[QueueState]:
    """Return how each queue is doing, by name; it costs the same however many finished jobs are kept."""
    return await QueueRepository(session).states(now=now, newest=NEWEST_JOBS)
