"""An activity as a file for other programs, made from its recordings as they are joined."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from topform.core.activity import Recording
from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.activities.combining import SourceFile, merged_sources, read_sources
from topform.features.activities.repository import ActivityRepository
from topform.formats.activities_out import MEDIA_TYPES, write_recording
from topform.platform.web.resources import Resources

UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file to download."""

    name: str
    media_type: str
    content: bytes


async def export_activity(resources: Resources, viewer: AthleteId, activity_id: UUID, file_format: str) -> ExportedFile:
    """Return an activity in one of the formats, off the event loop."""
    async with resources.database.transaction() as session:
        activities = ActivityRepository(session)
        row = await activities.visible(viewer, activity_id)
        sources = await activities.sources(viewer, activity_id)
        preferences = {one.quantity: list(one.devices) for one in await activities.source_preferences(viewer)}
    if row is None or not sources:
        raise NotFoundError("There is no such activity.")
    digests = {str(source.id): source.sha256 for source in sources}
    files = [
        SourceFile(
            source.sha256,
            source.file_name,
            await resources.store.get(source.object_key),
            source.provider,
            source.mapping,
        )
        for source in sorted(sources, key=lambda source: (source.created_at, source.id))
    ]
    choice = {name: digests[key] for name, key in row.channel_choice.items() if key in digests}
    work = partial(_written, files, choice, preferences, row.title, file_format)
    content = await asyncio.to_thread(work)
    name = f"{row.local_date:%Y-%m-%d}-{UNSAFE.sub('-', row.title or row.sport).strip('-')[:80]}.{file_format}"
    return ExportedFile(name, MEDIA_TYPES[file_format], content)


def _written(
    files: list[SourceFile],
    choice: dict[str, str],
    preferences: dict[str, list[str]],
    title: str | None,
    file_format: str,
) -> bytes:
    merged = merged_sources(read_sources(files), choice=choice, preferences=preferences).recording
    return write_recording(_titled(merged, title), file_format)


def _titled(recording: Recording, title: str | None) -> Recording:
    """Return the recording under the athlete's title."""
    return Recording(recording.format, recording.legs, title, recording.device, recording.warnings, recording.salvaged)
