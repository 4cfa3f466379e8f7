"""Handles of deleted accounts: nobody gets one for a while, so that nobody can pose as who had it.

What is kept is a digest that needs the server's secret: it tells whether a handle is one of them, and names nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.relations.repository import RelationRepository
from topform.features.community.tables import FormerHandleRow

KEPT_APART: Final = timedelta(days=180)


async def keep_apart(session: AsyncSession, athlete_id: AthleteId, *, secret: str, now: datetime) -> None:
    """Remember the handle of an account that is about to be deleted; without a profile there is none."""
    person = await RelationRepository(session).own(athlete_id)
    if person is None:
        return
    statement = insert(FormerHandleRow).values(digest=_digest(person.handle, secret), freed_at=now)
    await session.execute(statement.on_conflict_do_update(index_elements=["digest"], set_={"freed_at": now}))


async def is_kept_apart(session: AsyncSession, handle: str, *, secret: str, now: datetime) -> bool:
    """Return whether the handle was somebody's whose account was deleted not long ago."""
    query = select(FormerHandleRow.freed_at).where(FormerHandleRow.digest == _digest(handle, secret))
    freed_at = (await session.execute(query)).scalar_one_or_none()
    return freed_at is not None and now < freed_at + KEPT_APART


def _digest(handle: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), f"former handle {handle}".encode(), hashlib.sha256)
