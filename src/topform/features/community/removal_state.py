"""What a standing decision of moderators means for segments, which another feature keeps.

A removal stands until an appeal gave back what it took; nothing else has to be written or undone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.community.moderation_tables import RemovalRow
from topform.features.community.names import folded, neutral_name
from topform.features.community.removal_repository import RemovalRepository


def is_off_segment_board(athlete: Any, segment: Any) -> ColumnElement[bool]:
    """Return the condition that a moderator took somebody's place on a segment's board away."""
    return exists().where(
        RemovalRow.kind == "segment_place",
        RemovalRow.athlete_id == athlete,
        RemovalRow.segment_id == segment,
        RemovalRow.answer.is_distinct_from("restored"),
    )


async def shown_segment_names(session: AsyncSession, names: Collection[tuple[UUID, str]]) -> dict[UUID, str]:
    """Return how segments are called, by their id: a name that was taken away is replaced by a neutral one."""
    taken = await RemovalRepository(session).segment_names_taken({segment_id for segment_id, _ in names})
    return {
        segment_id: neutral_name("segment", segment_id) if folded(name) in taken.get(segment_id, ()) else name
        for segment_id, name in names
    }
