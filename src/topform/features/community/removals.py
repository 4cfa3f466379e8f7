"""Writing down that something was taken from somebody, and telling them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import new_id
from topform.features.community.events import REMOVAL_CHANGED
from topform.features.community.moderation_tables import RemovalRow
from topform.features.community.removal_repository import RemovalRepository
from topform.platform.events import publish
from topform.platform.happenings import Happening, happened

RemovedKind = Literal["post", "comment", "challenge", "entry", "club", "team", "segment", "segment_place"]


async def write_down_removal(
    session: AsyncSession,
    athlete_id: UUID,
    kind: RemovedKind,
    subject: UUID | None,
    *,
    by: UUID,
    note: str,
    now: datetime,
    is_by_maker: bool = False,
    name: str | None = None,
    about: str | None = None,
) -> None:
    """Write down that something was taken from somebody, and tell them; None: they have deleted it already."""
    row = RemovalRow(
        id=new_id(),
        athlete_id=athlete_id,
        kind=kind,
        post_id=subject if kind == "post" else None,
        comment_id=subject if kind == "comment" else None,
        challenge_id=subject if kind in ("challenge", "entry") else None,
        club_id=subject if kind == "club" else None,
        team_id=subject if kind == "team" else None,
        segment_id=subject if kind in ("segment", "segment_place") else None,
        name=name,
        about=about,
        is_by_maker=is_by_maker,
        decided_by=by,
        note=note,
        decided_at=now,
    )
    await RemovalRepository(session).add(row)
    await publish(session, athlete_id, REMOVAL_CHANGED, {"id": str(row.id)})
    happened(session, Happening("removal", athlete_id, f"removal:{row.id}", now, removal_id=row.id))
