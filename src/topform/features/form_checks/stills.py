"""The picture of a form check, which others may see on a post: over HTTP, and in an archive that comes back."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from topform.platform.objects import ObjectStore
from topform.platform.web.byte_ranges import object_response


async def still_response(request: Request, store: ObjectStore, key: str) -> Response:
    """Return a stored picture; who may see it was decided before."""
    size = await store.size_bytes(key)
    return await object_response(
        request, store, key, size_bytes=size, media_type="image/jpeg", etag=f"{PurePosixPath(key).stem}-still"
    )


async def settle_form_check(
    session: AsyncSession, resources: Any, athlete_id: UUID, row: dict[str, Any], mark: str
) -> dict[str, str]:
    """Leave the picture of a form check out of an archive that comes back: it could hold any picture.

    Others see only pictures that this server itself took out of a video.
    """
    row.pop("thumbnail_key", None)
    return {}
