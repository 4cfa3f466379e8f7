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
from topform.platform.personal_data import mark_of

KEPT_APART: Final = timedelta(days=180)


async def keep_apart(session: AsyncSession, athlete_id: AthleteId, *, secret: str, now: datetime) -> None:
    """Remember the handle of an account that is about to be deleted; without a profile there is none.

    A second digest, of the handle with the account's mark, lets an archive of this account bring the handle back.
    """
    person = await RelationRepository(session).own(athlete_id)
    if person is None:
        return
    digests = (_digest(person.handle, secret), _digest(person.handle, secret, mark_of(athlete_id, secret)))
    statement = insert(FormerHandleRow).values([{"digest": digest, "freed_at": now} for digest in digests])
    await session.execute(statement.on_conflict_do_update(index_elements=["digest"], set_={"freed_at": now}))


async def is_kept_apart(session: AsyncSession, handle: str, *, secret: str, now: datetime, mark: str = "") -> bool:
    """Return whether the handle was somebody's whose account was deleted not long ago: another's than the mark's."""
    digests = {_digest(handle, secret), _digest(handle, secret, mark)}
    query = select(FormerHandleRow.digest).where(
        FormerHandleRow.digest.in_(digests), FormerHandleRow.freed_at > now - KEPT_APART
    )
    found = set((await session.execute(query)).scalars())
    return _digest(handle, secret) in found and (mark == "" or _digest(handle, secret, mark) not in found)


def _digest(handle: str, secret: str, mark: str = "") -> bytes:
    whose = f" of {mark}" if mark else ""
    return hmac.digest(secret.encode(), f"former handle {handle}{whose}".encode(), hashlib.sha256)
