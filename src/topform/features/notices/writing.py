"""Notices are written in the transaction that causes them, so that nobody is told of what did not happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import get_athlete
from topform.features.notices.events import NOTICES_CHANGED
from topform.features.notices.kinds import ASKS_TO_TRAIN
from topform.features.notices.repository import NoticeRepository
from topform.features.notices.schemas import NoticeSettings
from topform.features.notices.settings import settings_of
from topform.features.notices.tasks import DELIVER_TASK
from topform.features.notices.times import release_at
from topform.features.plans.public import is_kept_from_training
from topform.platform.events import publish
from topform.platform.happenings import Happening, happenings
from topform.platform.jobs import defer


async def write_notices(session: AsyncSession, _published: Sequence[tuple[UUID, str]]) -> None:
    """Write what happened in a transaction into the lists of those it concerns, before it commits."""
    for happening in sorted(happenings(session), key=lambda one: (one.athlete_id, one.at)):
        await write(session, happening)


async def write(session: AsyncSession, happening: Happening) -> bool:
    """Write one notice unless it is not wanted, known, or of somebody the athlete wants to hear nothing of."""
    athlete_id = AthleteId(happening.athlete_id)
    notices = NoticeRepository(session)
    wanted = await settings_of(session, athlete_id)
    if happening.kind in wanted.off:
        return False
    notice_id = await notices.add_once(
        {
            "id": new_id(),
            "athlete_id": athlete_id,
            "kind": happening.kind,
            "key": happening.key,
            "actor_id": happening.actor_id,
            "post_id": happening.post_id,
            "comment_id": happening.comment_id,
            "challenge_id": happening.challenge_id,
            "club_id": happening.club_id,
            "removal_id": happening.removal_id,
            "proposal_id": happening.proposal_id,
            "connection_id": happening.connection_id,
            "detail": happening.detail,
            "created_at": happening.at,
            "push_at": await _push_at(session, athlete_id, happening, wanted),
        }
    )
    if notice_id is None:
        return False
    if not await notices.holding(athlete_id, [notice_id]):
        await notices.forget(athlete_id, notice_id)
        return False
    await publish(session, athlete_id, NOTICES_CHANGED, {})
    await order_delivery(session, athlete_id, now=happening.at)
    return True


async def order_delivery(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> None:
    """Have the worker tell the devices what they are to be told by now."""
    waiting = await NoticeRepository(session).waiting(athlete_id)
    if any(row.push_at is not None and row.push_at <= now for row in waiting):
        await defer(session, DELIVER_TASK, queueing_lock=f"{DELIVER_TASK}:{athlete_id}", athlete_id=athlete_id)


async def _push_at(
    session: AsyncSession, athlete_id: AthleteId, happening: Happening, wanted: NoticeSettings
) -> datetime | None:
    """Return when the devices are told; None without any, or when it would ask somebody to train who should not."""
    if not await NoticeRepository(session).devices(athlete_id):
        return None
    zone = ZoneInfo((await get_athlete(session, athlete_id)).time_zone)
    if happening.kind in ASKS_TO_TRAIN:
        day = happening.at.astimezone(zone).date()
        if await is_kept_from_training(session, athlete_id, day=day):
            return None
    return release_at(happening.at, happening.kind, wanted.habits, zone)
