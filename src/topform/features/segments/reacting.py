"""What happens to segments because activities arrived or changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.segments.events import SEGMENTS_CHANGED
from topform.features.segments.repository import SegmentRepository
from topform.features.segments.tasks import LOOK_TASK, MATCH_TASK, lock_of
from topform.platform.jobs import defer

CHANGING: Final = frozenset(
    {
        "activity.created",
        "activity.updated",
        "activities.imported",
        "activities.recomputed",
        "account.restored",
    }
)
"""Events after which an athlete's efforts may be others; those of a deleted activity go with it."""


async def match_segments(session: AsyncSession, published: Sequence[tuple[UUID, str]]) -> None:
    """Have new activities matched, and efforts on boards looked at, for those who have any; one job waits at most.

    A job that waits already is enough: it waits for this transaction, since publishing holds the athlete.
    """
    for athlete in sorted({athlete for athlete, event in published if event in CHANGING}):
        if await SegmentRepository(session).keeps_any(AthleteId(athlete)):
            lock = lock_of(athlete)
            await defer(session, MATCH_TASK, lock=lock, queueing_lock=lock, athlete_id=athlete)
    for athlete in sorted({athlete for athlete, event in published if event == SEGMENTS_CHANGED}):
        if await SegmentRepository(session).shares_any(AthleteId(athlete)):
            await defer(session, LOOK_TASK, queueing_lock=f"{LOOK_TASK}:{athlete}", athlete_id=athlete)
