"""Boards and legends: best times, and who was there most often, of those who chose to share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.public import people_named
from topform.features.privacy_zones.public import hiding_circles_of
from topform.features.segments.board_repository import SegmentBoardRepository, Shared
from topform.features.segments.schemas import Legend, SegmentBoard, SegmentBoardRow
from topform.features.segments.tables import SegmentRow
from topform.science.places import Circle, is_hidden

RECENT: Final = timedelta(days=90)
SHOWN_AT_MOST: Final = 200

Names = Mapping[UUID, tuple[str | None, str | None]]


async def board_of(session: AsyncSession, viewer: AthleteId, segment: SegmentRow, *, now: datetime) -> SegmentBoard:
    """Return the board of a segment that the viewer may see."""
    shared = await _shown(session, viewer, segment, now)
    names = await _names(session, viewer, shared)
    ordered = sorted(shared, key=lambda one: (one.best_s, one.last_at, str(one.athlete_id)))
    times = [one.best_s for one in ordered]
    rows = {
        one.athlete_id: SegmentBoardRow(
            rank=times.index(one.best_s) + 1,
            name=names[one.athlete_id][0],
            handle=names[one.athlete_id][1],
            is_you=one.athlete_id == viewer,
            best_s=one.best_s,
            efforts_90_days=one.recent,
        )
        for one in ordered
    }
    return SegmentBoard(
        people=len(rows),
        own=rows.get(viewer),
        items=list(rows.values())[:SHOWN_AT_MOST],
        legend=_legend(viewer, shared, names),
    )


async def legend_of(session: AsyncSession, viewer: AthleteId, segment: SegmentRow, *, now: datetime) -> Legend | None:
    """Return who was on a segment most often lately, of those whom the viewer may see there."""
    shared = await _shown(session, viewer, segment, now)
    return _legend(viewer, shared, await _names(session, viewer, shared))


def lies_hidden(segment: SegmentRow, hidden: Sequence[Circle], *, ends_only: bool = False) -> bool:
    """Tell whether a segment begins or ends in a circle that hides, or touches one at all."""
    points = np.array(segment.course, dtype=np.float64)
    asked = points[[0, -1]] if ends_only else points
    return bool(is_hidden(list(hidden), asked[:, 0], asked[:, 1]).any())


async def _shown(session: AsyncSession, viewer: AthleteId, segment: SegmentRow, now: datetime) -> list[Shared]:
    """Return who stands on the board; others not, when the segment begins or ends where they hide."""
    shared = await SegmentBoardRepository(session).shared(viewer, segment.id, since=(now - RECENT).date())
    zones = await hiding_circles_of(session, [one.athlete_id for one in shared])
    return [
        one
        for one in shared
        if one.athlete_id == viewer or not lies_hidden(segment, zones.get(one.athlete_id, ()), ends_only=True)
    ]


async def _names(session: AsyncSession, viewer: AthleteId, shared: Sequence[Shared]) -> Names:
    known = await people_named(session, viewer, [one.athlete_id for one in shared])
    return {
        one.athlete_id: (known[one.athlete_id].name, known[one.athlete_id].handle)
        if one.athlete_id in known
        else (None, None)
        for one in shared
    }


def _legend(viewer: AthleteId, shared: Sequence[Shared], names: Names) -> Legend | None:
    """Return who has most efforts; of several, who came to as many first."""
    present = [one for one in shared if one.recent > 0]
    if not present:
        return None
    first = min(present, key=lambda one: (-one.recent, one.last_at, str(one.athlete_id)))
    name, handle = names[first.athlete_id]
    return Legend(name=name, handle=handle, is_you=first.athlete_id == viewer, efforts=first.recent)
