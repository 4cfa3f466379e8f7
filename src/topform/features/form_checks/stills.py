"""The picture of a form check, which others may see on a post, over HTTP."""

from __future__ import annotations

from pathlib import PurePosixPath

from fastapi import Request, Response

from topform.platform.objects import ObjectStore
from topform.platform.web.byte_ranges import object_response


async def still_response(request: Request, store: ObjectStore, key: str) -> Response:
    """Return a stored picture; who may see it was decided before."""
    size = await store.size_bytes(key)
    return await object_response(
        request, store, key, size_bytes=size, media_type="image/jpeg", etag=f"{PurePosixPath(key).stem}-still"
    )
