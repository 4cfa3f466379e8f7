"""Stored objects over HTTP with byte ranges (RFC 9110, section 14), so that a video can be sought."""

from __future__ import annotations

import re

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from topform.platform.objects import ObjectStore

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


def requested_range(header: str | None, *, size_bytes: int) -> tuple[int, int] | None:
    """Return (start, end) with the end excluded, or None when the whole object is to be sent.

    A header that asks for several ranges or makes no sense is ignored, as the standard allows.

    Raises
    ------
    ValueError
        If the range lies outside the object.

    Examples
    --------
    >>> requested_range("bytes=100-", size_bytes=500)
    (100, 500)
    >>> requested_range("bytes=-100", size_bytes=500)
    (400, 500)
    """
    match = ONE_RANGE.match(header or "")
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if first == "":
        start, end = max(size_bytes - int(last), 0), size_bytes
    else:
        start = int(first)
        end = size_bytes if last == "" else min(int(last) + 1, size_bytes)
        if last != "" and int(last) < start:
            return None
    if start >= size_bytes or start >= end:
        raise ValueError("the range lies outside the object")
    return start, end


async def object_response(
    request: Request, store: ObjectStore, key: str, *, size_bytes: int, media_type: str, etag: str
) -> Response:
    """Return the object, or the part of it that the request asks for."""
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{etag}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if_range = request.headers.get("if-range")
    wanted = request.headers.get("range") if if_range in (None, headers["ETag"]) else None
    try:
        part = requested_range(wanted, size_bytes=size_bytes)
    except ValueError:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size_bytes}"})
    start, end = part or (0, size_bytes)
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size_bytes}"
    return StreamingResponse(
        store.stream(key, start=start, end=end),
        status_code=200 if part is None else 206,
        media_type=media_type,
        headers=headers,
    )
