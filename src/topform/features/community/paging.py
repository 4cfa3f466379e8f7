"""Which part of a list a statement returns: the parameters of statements that are built before anybody asks."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, Integer, Uuid, bindparam, tuple_

POSITION: Final = tuple_(bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid()))
"""Where the page before ended."""

LIMIT: Final = bindparam("limit", type_=Integer())


def position(after: tuple[datetime, UUID] | None) -> dict[str, object]:
    """Return the values of `POSITION`; none for the first page."""
    return {} if after is None else {"after_at": after[0], "after_id": after[1]}
