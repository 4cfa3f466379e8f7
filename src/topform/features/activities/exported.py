"""What an export holds besides activity files: daily values, and what a platform calls the activities."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.exports import ActivityAbout
from topform.core.ids import AthleteId
from topform.features.activities.events import ACTIVITIES_IMPORTED
from topform.features.activities.importing import Note, rejection
from topform.features.activities.repository import ActivityRepository
from topform.features.athletes.public import get_athlete
from topform.features.consents.public import ConsentMissingError
from topform.features.jobs.public import FileOutcome
from topform.features.wellness.public import store_values
from topform.formats.exports import PlatformExports, ScaleUser
from topform.formats.findings import counted
from topform.platform.events import publish
from topform.platform.web.resources import Resources
from topform.providers.folder import ActivityNames, DailyValuesFile

SAME_START: Final = timedelta(seconds=60)
MAX_TITLE: Final = 200
MAX_NOTES: Final = 10_000


async def exports_of(resources: Resources, athlete_id: AthleteId, *, scale_user: int | None = None) -> PlatformExports:
    """Return what reads the exports of an athlete."""
    async with resources.database.transaction() as session:
        athlete = await get_athlete(session, athlete_id)
    known = ScaleUser(sex=athlete.sex, mass_kg=athlete.mass_kg)
    return PlatformExports(ZoneInfo(athlete.time_zone), athlete=known, scale_user=scale_user)


async def add_daily_values(
    resources: Resources, athlete_id: AthleteId, found: DailyValuesFile, *, note: Note | None = None
) -> FileOutcome:
    """Store the daily values of a file; a file whose values are all known is a duplicate."""
    warnings = []
    if found.implausible:
        message = f"{counted(found.implausible, 'record')} with a value that no person can have left out"
        warnings.append({"code": "values_implausible", "message": message, "offset_bytes": None})
    try:
        return await _store_daily_values(resources, athlete_id, found, warnings, note=note)
    except ConsentMissingError as error:
        outcome = rejection(found.name, error)
        if note is not None:
            async with resources.database.transaction() as session:
                await note(session, outcome)
        return outcome


async def _store_daily_values(
    resources: Resources,
    athlete_id: AthleteId,
    found: DailyValuesFile,
    warnings: list[dict[str, Any]],
    *,
    note: Note | None,
) -> FileOutcome:
    async with resources.database.transaction() as session:
        stored = await store_values(session, athlete_id, found.values, now=resources.clock.now())
        outcome = FileOutcome.model_validate(
            {
                "name": found.name,
                "outcome": "imported" if stored.changed else "duplicate",
                "activity_ids": [],
                "warnings": warnings,
                "daily_values": stored.given,
                "daily_values_changed": stored.changed,
            }
        )
        if note is not None:
            await note(session, outcome)
    return outcome


async def tell_about(
    session: AsyncSession, athlete_id: AthleteId, abouts: Iterable[tuple[UUID, ActivityAbout]], *, now: datetime
) -> int:
    """Write what a platform knows about activities, and return how many changed; what the athlete wrote here stays."""
    activities = ActivityRepository(session)
    changed: list[str] = []
    for activity_id, about in abouts:
        row = await activities.visible(athlete_id, activity_id, lock=True)
        if row is None:
            continue
        values: dict[str, Any] = {}
        title = _storable(about.title, MAX_TITLE)
        if title is not None and not row.is_title_own:
            values |= {"title": title, "is_title_own": True}
        notes = _notes(about)
        if notes is not None and row.notes is None:
            values["notes"] = notes
        if values:
            await activities.change(athlete_id, activity_id, {**values, "updated_at": now})
            changed.append(str(activity_id))
    if changed:
        await publish(session, athlete_id, ACTIVITIES_IMPORTED, {"ids": changed})
    return len(changed)


async def name_activities(resources: Resources, athlete_id: AthleteId, found: ActivityNames) -> int:
    """Give names to the activities that began when the platform says; return how many changed."""
    async with resources.database.transaction() as session:
        starts = await ActivityRepository(session).starts(athlete_id)
        pairs = [
            (activity_id, about)
            for started_at, about in found.by_start
            if (activity_id := _nearest(starts, started_at)) is not None
        ]
        return await tell_about(session, athlete_id, pairs, now=resources.clock.now())


def _nearest(starts: Sequence[tuple[datetime, UUID]], started_at: datetime) -> UUID | None:
    """Return the activity that began at the instant, within a minute."""
    place = bisect_left(starts, started_at, key=lambda start: start[0])
    near = [start for start in starts[max(place - 1, 0) : place + 1] if abs(start[0] - started_at) <= SAME_START]
    return min(near, key=lambda start: abs(start[0] - started_at))[1] if near else None


def _notes(about: ActivityAbout) -> str | None:
    """Return the description, with the gear on a line of its own."""
    gear = f"Gear: {about.gear}" if about.gear else None
    return _storable("\n\n".join(text for text in (about.notes, gear) if text), MAX_NOTES)


def _storable(text: str | None, length: int) -> str | None:
    stripped = (text or "").replace("\x00", "").strip()[:length]
    return stripped or None
