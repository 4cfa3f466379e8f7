"""Posts of an archive that comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.community.posts.kept_here import PICTURE


async def settle_post(
    session: AsyncSession, resources: Any, athlete_id: UUID, row: dict[str, Any], mark: str
) -> dict[str, str]:
    """Take the picture off a post, which does not come back with its form check."""
    if isinstance(row.get("shown"), list):
        row["shown"] = [name for name in row["shown"] if name != PICTURE]
    if isinstance(row.get("snapshot"), dict):
        row["snapshot"] = {name: value for name, value in row["snapshot"].items() if name != PICTURE}
    return {}
