"""Uploads that no job will ever read: left behind when the process died between storing one and its job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from topform.core.ids import new_id
from topform.features.jobs.repository import JobRepository
from topform.platform.web.resources import Resources

FOLDER = "uploads"
OLD_AFTER = timedelta(hours=6)
"""Longer than any request: its job may not have been committed yet."""


def new_upload_key() -> str:
    """Return where to store an upload; the key tells when it was made."""
    return f"{FOLDER}/{new_id()}"


def made_at(key: str) -> datetime:
    """Return when the key was made, from the time in its version 7 UUID."""
    return datetime.fromtimestamp((UUID(key.rpartition("/")[2]).int >> 80) / 1000, UTC)


async def forget_orphaned_uploads(resources: Resources) -> int:
    """Delete old uploads that no unfinished job refers to, and return how many there were."""
    before = resources.clock.now() - OLD_AFTER
    old = [key async for key in resources.store.keys(FOLDER) if made_at(key) < before]
    if not old:
        return 0
    async with resources.database.transaction() as session:
        needed = await JobRepository(session).uploads_needed(old)
    orphaned = [key for key in old if key not in needed]
    for key in orphaned:
        await resources.store.delete(key)
    return len(orphaned)
