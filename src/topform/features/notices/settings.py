"""How an athlete wants to be told: what is stored, and what holds until something is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete
from topform.features.notices.kinds import KINDS
from topform.features.notices.repository import NoticeRepository
from topform.features.notices.schemas import NoticeSettings, QuietHours
from topform.features.notices.tables import NoticeSettingsRow
from topform.features.notices.times import next_at, release_at


async def settings_of(session: AsyncSession, athlete_id: AthleteId) -> NoticeSettings:
    """Return how the athlete wants to be told."""
    row = await NoticeRepository(session).settings(athlete_id)
    return NoticeSettings() if row is None else _shown(row)


async def save_settings(
    session: AsyncSession, athlete_id: AthleteId, wanted: NoticeSettings, *, now: datetime
) -> NoticeSettings:
    """Store how the athlete wants to be told; what waits for their devices waits as they want it from now on."""
    zone = ZoneInfo((await get_athlete(session, athlete_id)).time_zone)
    quiet = wanted.quiet_hours
    await NoticeRepository(session).save_settings(
        {
            "athlete_id": athlete_id,
            "off": [kind for kind in KINDS if kind in wanted.off],
            "hides_text": wanted.hides_text,
            "quiet_from_min": None if quiet is None else quiet.from_min,
            "quiet_to_min": None if quiet is None else quiet.to_min,
            "digest": wanted.digest,
            "digest_min": wanted.digest_min,
            "reminder_min": wanted.reminder_min,
            "remind_at": None if wanted.reminder_min is None else next_at(now, wanted.reminder_min, zone),
            "updated_at": now,
        }
    )
    for row in await NoticeRepository(session).waiting(athlete_id):
        row.push_at = None if row.kind in wanted.off else release_at(now, row.kind, wanted.habits, zone)
    await session.flush()
    return await settings_of(session, athlete_id)


def _shown(row: NoticeSettingsRow) -> NoticeSettings:
    """Return stored settings; kinds that there are no more, as an archive could hold, are left out."""
    has_quiet = row.quiet_from_min is not None and row.quiet_to_min not in (None, row.quiet_from_min)
    return NoticeSettings.model_validate(
        {
            "off": [kind for kind in row.off if kind in KINDS],
            "hides_text": row.hides_text,
            "quiet_hours": QuietHours.model_validate({"from_min": row.quiet_from_min, "to_min": row.quiet_to_min})
            if has_quiet
            else None,
            "digest": row.digest,
            "digest_min": row.digest_min,
            "reminder_min": row.reminder_min,
        }
    )
