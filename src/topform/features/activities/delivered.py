"""What a service that delivers recordings may do; the heavy part is loaded when a worker does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import TopFormError
from topform.core.ids import AthleteId
from topform.features.activities.delivery_repository import DeliveryRepository
from topform.features.jobs.public import FileOutcome
from topform.platform.web.resources import Resources

Note = Callable[[AsyncSession, FileOutcome], Awaitable[None]]
"""Writes an outcome down in the transaction that made it."""


class ActivityImporter(Protocol):
    """Imports one athlete's files one after the other."""

    async def add(
        self, *, file_name: str, content: bytes, note: Note | None = None, provider: str | None = None
    ) -> FileOutcome:
        """Store a file's activity and say what became of it."""
        ...

    async def reject(
        self, *, file_name: str, error: TopFormError, sha256: str | None = None, note: Note | None = None
    ) -> FileOutcome:
        """Say why a file was not stored."""
        ...


def activity_importer(resources: Resources, athlete_id: AthleteId) -> ActivityImporter:
    """Return what imports files of the athlete exactly like uploads."""
    from topform.features.activities.importing import ActivityImport

    return ActivityImport(resources, athlete_id)


async def activity_days(session: AsyncSession, viewer: AthleteId, activity_ids: Sequence[UUID]) -> list[date]:
    """Return the days of these activities."""
    return await DeliveryRepository(session).days_of(viewer, activity_ids)


async def remove_delivered(resources: Resources, athlete_id: AthleteId, provider: str) -> None:
    """Delete what a service delivered; what other files tell of stays."""
    from topform.features.activities import deliveries

    await deliveries.remove_delivered(resources, athlete_id, provider)
