"""What an athlete decides about the recordings of a workout; the work itself is done by a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.activities.combining import could_be_one, facts_of
from topform.features.activities.events import ACTIVITY_DELETED
from topform.features.activities.importing import ActivityImport
from topform.features.activities.merging import Quantity
from topform.features.activities.news import ImportNews
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.source_schemas import (
    ActivitySources,
    KnownSourcePreferences,
    RecordingDevice,
    SourceDetail,
    SourcePreferences,
)
from topform.features.activities.tables import ActivityRow, ActivitySourceRow
from topform.features.jobs.public import Job, add_job
from topform.platform.database import tell_before_deleting
from topform.platform.events import publish
from topform.platform.jobs import defer

SOURCES_TASK = "activity_sources.rearrange"
TOO_FAR_APART = "Two activities are one workout only when they were recorded at the same time."


class NotTogetherError(ConflictError):
    """The two activities cannot be one workout."""

    code = "not_at_the_same_time"


class OnlySourceError(ConflictError):
    """The activity has one recording only."""

    code = "only_source"


async def sources_of(session: AsyncSession, viewer: AthleteId, activity_id: UUID) -> ActivitySources:
    """Return the recordings of an activity."""
    activities = ActivityRepository(session)
    row = await _visible(activities, viewer, activity_id)
    known = set(Quantity)
    given = {Quantity(name): UUID(key) for name, key in row.channel_sources.items() if name in known}
    return ActivitySources(
        items=[_detail(source, given) for source in await activities.sources(viewer, activity_id)],
        given_by=given,
        choice={Quantity(name): UUID(key) for name, key in row.channel_choice.items() if name in known},
    )


def _detail(source: ActivitySourceRow, given: Mapping[Quantity, UUID]) -> SourceDetail:
    known = set(Quantity)
    return SourceDetail(
        id=source.id,
        file_name=source.file_name,
        format=source.format,
        size_bytes=source.size_bytes,
        sha256=source.sha256,
        device=source.device.get("name") or source.provider or source.format.upper(),
        provider=source.provider,
        is_primary=source.is_primary,
        has=[Quantity(name) for name in source.channels if name in known],
        gives=[quantity for quantity, key in given.items() if key == source.id],
        started_at=source.started_at,
        elapsed_s=source.elapsed_s,
        shift_s=source.shift_s,
        created_at=source.created_at,
    )


async def _visible(activities: ActivityRepository, viewer: AthleteId, activity_id: UUID) -> ActivityRow:
    row = await activities.visible(viewer, activity_id)
    if row is None:
        raise NotFoundError("There is no such activity.")
    return row


async def choose(
    session: AsyncSession, viewer: AthleteId, activity_id: UUID, choice: Mapping[Quantity, UUID], *, now: datetime
) -> Job:
    """Check a choice and queue the work that follows from it."""
    activities = ActivityRepository(session)
    await _visible(activities, viewer, activity_id)
    sources = {source.id: source for source in await activities.sources(viewer, activity_id)}
    for quantity, source_id in choice.items():
        if source_id not in sources:
            raise NotFoundError("The activity has no such recording.", quantity=quantity.value)
        if sources[source_id].channels and quantity.value not in sources[source_id].channels:
            raise InvalidInputError(
                f"That recording has no {quantity.value.replace('_', ' ')}.", remedy="Choose one that has it."
            )
    values = {quantity.value: str(source_id) for quantity, source_id in choice.items()}
    return await _queue(session, viewer, {"action": "choose", "activity_id": str(activity_id), "choice": values}, now)


async def merge(session: AsyncSession, viewer: AthleteId, activity_id: UUID, other_id: UUID, *, now: datetime) -> Job:
    """Check that two activities can be one and queue the work."""
    activities = ActivityRepository(session)
    await _visible(activities, viewer, activity_id)
    await _visible(activities, viewer, other_id)
    if activity_id == other_id:
        raise InvalidInputError("An activity cannot be joined with itself.", remedy="Choose two activities.")
    first = facts_of([_leg_facts(leg) for leg in await activities.legs(viewer, activity_id)])
    second = facts_of([_leg_facts(leg) for leg in await activities.legs(viewer, other_id)])
    if not could_be_one(first, second):
        raise NotTogetherError(TOO_FAR_APART, remedy="Choose two recordings of one workout in one sport.")
    return await _queue(
        session, viewer, {"action": "merge", "activity_id": str(activity_id), "other_id": str(other_id)}, now
    )


def _leg_facts(leg: Any) -> dict[str, Any]:
    return {
        "sport": leg.sport,
        "started_at": leg.started_at,
        "distance_m": leg.distance_m,
        "document": leg.document,
    }


async def split(session: AsyncSession, viewer: AthleteId, activity_id: UUID, source_id: UUID, *, now: datetime) -> Job:
    """Check that a recording can become an activity of its own and queue the work."""
    activities = ActivityRepository(session)
    await _visible(activities, viewer, activity_id)
    sources = await activities.sources(viewer, activity_id)
    if source_id not in {source.id for source in sources}:
        raise NotFoundError("The activity has no such recording.")
    if len(sources) == 1:
        raise OnlySourceError(
            "The activity has no other recording.", remedy="Delete the activity if it is not to be kept."
        )
    return await _queue(
        session, viewer, {"action": "split", "activity_id": str(activity_id), "source_id": str(source_id)}, now
    )


async def preferences_of(session: AsyncSession, viewer: AthleteId) -> KnownSourcePreferences:
    """Return the athlete's preferred devices, and those that recorded anything."""
    activities = ActivityRepository(session)
    rows, known = await activities.source_preferences(viewer), set(Quantity)
    devices: dict[Quantity, list[RecordingDevice]] = {}
    for quantity, device, count in await activities.devices_by_quantity(viewer):
        if quantity in known:
            devices.setdefault(Quantity(quantity), []).append(RecordingDevice(device=device, activities=count))
    preferences = {Quantity(row.quantity): row.devices for row in rows if row.quantity in known}
    return KnownSourcePreferences(preferences=preferences, devices=devices)


async def prefer(session: AsyncSession, viewer: AthleteId, wanted: SourcePreferences, *, now: datetime) -> Job:
    """Store the preferred devices and queue the activities that have a choice to make."""
    await ActivityRepository(session).replace_source_preferences(
        viewer, {quantity.value: devices for quantity, devices in wanted.preferences.items()}, now=now
    )
    return await _queue(session, viewer, {"action": "prefer"}, now)


async def _queue(session: AsyncSession, viewer: AthleteId, job_input: dict[str, Any], now: datetime) -> Job:
    job = await add_job(session, viewer, kind="activity_sources", file_name=None, job_input=job_input, now=now)
    await defer(session, SOURCES_TASK, lock=f"sources:{viewer}", job_id=str(job.id))
    return job


@dataclass(slots=True)
class Rearrangement:
    """Does what was decided, in one transaction that holds the athlete's lock."""

    importing: ActivityImport
    session: AsyncSession
    athlete_id: AthleteId
    now: datetime

    async def choose(self, activity_id: UUID, choice: Mapping[str, str], news: ImportNews) -> list[UUID]:
        """Write the choice and compute the activity again."""
        activities = ActivityRepository(self.session)
        if await activities.change(self.athlete_id, activity_id, {"channel_choice": dict(choice)}) is None:
            raise NotFoundError("The activity was deleted meanwhile.")
        await self.importing.combine_again(self.session, activity_id, news)
        return [activity_id]

    async def merge(self, activity_id: UUID, other_id: UUID, news: ImportNews) -> list[UUID]:
        """Give the other activity's recordings and words to this one and compute it again."""
        activities = ActivityRepository(self.session)
        kept = await activities.visible(self.athlete_id, activity_id, lock=True)
        other = await activities.visible(self.athlete_id, other_id, lock=True)
        if kept is None or other is None:
            raise NotFoundError("One of the activities was deleted meanwhile.")
        sources = await activities.sources(self.athlete_id, other_id)
        await activities.move_sources(self.athlete_id, [source.id for source in sources], to=activity_id)
        await activities.change(self.athlete_id, activity_id, _words_of_both(kept, other))
        news.replaced_keys.append(other.streams_key)
        if other.load_au is not None:
            news.note_day(other.local_date)
        await tell_before_deleting(self.session, self.athlete_id, "activity", [other_id])
        await activities.remove(self.athlete_id, other_id)
        await publish(self.session, self.athlete_id, ACTIVITY_DELETED, {"id": str(other_id)})
        await self.importing.combine_again(self.session, activity_id, news)
        return [activity_id]

    async def split(self, activity_id: UUID, source_id: UUID, news: ImportNews) -> list[UUID]:
        """Make an activity of its own from one recording, and compute the rest again without it."""
        activities = ActivityRepository(self.session)
        source = await activities.source(self.athlete_id, activity_id, source_id)
        before = await activities.visible(self.athlete_id, activity_id, lock=True)
        if source is None or before is None:
            raise NotFoundError("The recording was deleted meanwhile.")
        choice = {quantity: key for quantity, key in before.channel_choice.items() if key != str(source_id)}
        await activities.change(self.athlete_id, activity_id, {"channel_choice": choice})
        own = await self.importing.add_from_sources(self.session, [source], news)
        await self.importing.combine_again(self.session, activity_id, news)
        return [activity_id, own.id]

    async def prefer(self, news: ImportNews) -> list[UUID]:
        """Compute all activities of several recordings again."""
        found = await ActivityRepository(self.session).with_several_sources(self.athlete_id)
        for activity_id in found:
            await self.importing.combine_again(self.session, activity_id, news)
        return found


def _words_of_both(kept: ActivityRow, other: ActivityRow) -> dict[str, Any]:
    """Return title, notes and rating, of which nothing that the athlete wrote is lost."""
    notes = [words for words in dict.fromkeys([kept.notes, other.notes]) if words]
    takes_title = kept.title is None or (other.is_title_own and not kept.is_title_own)
    return {
        "title": other.title if takes_title else kept.title,
        "is_title_own": other.is_title_own if takes_title else kept.is_title_own,
        "notes": "\n\n".join(notes) or None,
        "rpe_cr10": other.rpe_cr10 if kept.rpe_cr10 is None else kept.rpe_cr10,
        "channel_choice": {**other.channel_choice, **kept.channel_choice},
    }
