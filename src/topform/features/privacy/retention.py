"""What is deleted by itself: rows whose time is over, copies of accounts that nobody fetched, forgotten uploads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from topform.features.jobs.public import forget_orphaned_uploads
from topform.features.privacy.registry import retention_rules
from topform.features.privacy.repository import delete_old
from topform.features.privacy.tasks import EXPORTS_FOLDER
from topform.platform.logs import get_logger
from topform.platform.web.resources import Resources

EXPORTS_KEPT: Final = timedelta(days=30)

log = get_logger(__name__)


async def forget_what_is_old(resources: Resources) -> dict[str, int]:
    """Delete what is kept no longer and return how much of what; many rows go in several transactions."""
    now = resources.clock.now()
    forgotten = {"uploads": await forget_orphaned_uploads(resources), "exports": await _forget_exports(resources, now)}
    for rule in retention_rules():
        count = 0
        while True:
            async with resources.database.transaction() as session:
                deleted = await delete_old(session, rule, now=now)
            count += deleted
            if not deleted:
                break
        forgotten[rule.table.name] = forgotten.get(rule.table.name, 0) + count
    forgotten = {name: count for name, count in forgotten.items() if count}
    if forgotten:
        log.info("old_rows_deleted", **forgotten)
    return forgotten


async def _forget_exports(resources: Resources, now: datetime) -> int:
    """Delete archives that were made too long ago; the key ends with the job's id, which holds the time."""
    old = [key async for key in resources.store.keys(EXPORTS_FOLDER) if _made_at(key) < now - EXPORTS_KEPT]
    for key in old:
        await resources.store.delete(key)
    return len(old)


def _made_at(key: str) -> datetime:
    job_id = UUID(key.rpartition("/")[2].removesuffix(".zip"))
    return datetime.fromtimestamp((job_id.int >> 80) / 1000, UTC)
