"""The profile of an archive: its handle, where this server can give it to the account."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ArchiveError
from topform.core.ids import AthleteId
from topform.features.community.names import RESERVED
from topform.features.community.relations.former_handle_repository import is_kept_apart
from topform.features.community.relations.repository import RelationRepository
from topform.features.community.relations.schemas import HANDLE, HANDLE_MAX

REMEDY = "Export the account again and import the new archive."


async def settle_profile(
    session: AsyncSession, resources: Any, athlete_id: UUID, row: dict[str, Any], mark: str
) -> dict[str, str]:
    """Give a profile another handle where its own is, or was not long ago, somebody else's.

    Who erased the account and brings back an archive of it, by the archive's mark, gets the resting handle again.

    Raises
    ------
    ArchiveError
        If nobody could have had the handle.
    """
    people, wanted = RelationRepository(session), str(row["handle"])
    if re.fullmatch(HANDLE, wanted) is None or wanted.replace("_", "") in RESERVED:
        raise ArchiveError("The archive has a handle that nobody can have.", remedy=REMEDY)
    before = await people.own(AthleteId(athlete_id))
    if before is not None:
        row["handle"] = before.handle
        return {}
    secret, now = resources.settings.signing_key(), resources.clock.now()
    for handle in _tried(wanted):
        rests = await is_kept_apart(session, handle, secret=secret, now=now, mark=mark)
        if not rests and not await people.is_taken(handle):
            row["handle"] = handle
            break
    return {} if row["handle"] == wanted else {"handle": row["handle"]}


def _tried(wanted: str) -> Iterator[str]:
    """Yield the handle, then the handle with a number."""
    yield wanted
    for number in itertools.count(2):
        end = f"_{number}"
        yield wanted[: HANDLE_MAX - len(end)] + end
