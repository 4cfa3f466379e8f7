"""Cursor pages: an opaque position in a fixed order, stable while rows are added."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from topform.core.errors import InvalidInputError

MAX_LIMIT = 200

Item = TypeVar("Item")
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many items a page holds at most.")]
CursorParameter = Annotated[
    str | None, Query(max_length=200, description="`next_cursor` of the page before; absent for the first page.")
]


class Page(BaseModel, Generic[Item]):
    """A stretch of a list, and where the next one begins."""

    items: list[Item]
    next_cursor: str | None = Field(description="Hand it back as `cursor` for the next page; null on the last page.")


class InvalidCursorError(InvalidInputError):
    """The cursor was not made by this server for this list."""

    code = "cursor_invalid"


def encode_cursor(at: datetime, row_id: UUID) -> str:
    """Return the opaque position just after the row."""
    text = json.dumps([at.isoformat(), str(row_id)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the position that a cursor stands for, None for the first page."""
    if cursor is None:
        return None
    try:
        decoded = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        at_text, id_text = json.loads(decoded)
        at = datetime.fromisoformat(at_text)
        position = at, UUID(id_text)
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise InvalidCursorError(
            "The cursor is not one of this list.", remedy="Start again without a cursor."
        ) from error
    if at.utcoffset() is None:
        raise InvalidCursorError("The cursor is not one of this list.", remedy="Start again without a cursor.")
    return position


def split_page(rows: Sequence[Item], limit: int) -> tuple[Sequence[Item], bool]:
    """Return the page's rows and whether more follow, given one row more than the limit was fetched."""
    return rows[:limit], len(rows) > limit
