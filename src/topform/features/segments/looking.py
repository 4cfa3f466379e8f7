"""Looking at an athlete's efforts on boards of segments for what a moderator may want to know of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.public import EffortFacts, effort_facts
from topform.features.community.public import (
    Signal,
    SignalRepository,
    copies_among,
    of_jump,
    of_recording,
    of_speed,
    recording_of,
    signal_rows,
)
from topform.features.segments.board_repository import SegmentBoardRepository
from topform.features.segments.tables import SegmentEffortRow, SegmentRow
from topform.platform.events import hold
from topform.platform.objects import ObjectStore

LOOKED_AT: Final = 200
"""So many of the latest efforts on a segment are compared with each other."""
FASTEST: Final = 5
"""So many of the fastest of them are looked at; a board shows the best."""
A_DAY: Final = timedelta(days=1)


async def look_at(session: AsyncSession, store: ObjectStore, athlete_id: AthleteId, *, now: datetime) -> None:
    """Bring the signals about an athlete's efforts on boards of segments up to date."""
    await hold(session, athlete_id)
    boards = SegmentBoardRepository(session)
    for segment in await boards.own_shared(athlete_id):
        efforts = await boards.efforts_of(athlete_id, segment.id, limit=LOOKED_AT)
        fastest = sorted(efforts, key=lambda one: (one.elapsed_s, one.started_at))[:FASTEST]
        recordings = await _recordings(session, athlete_id, fastest)
        copies = await copies_among(session, store, athlete_id, recordings.keys())
        found = []
        for effort in fastest:
            facts = recordings.get(effort.activity_id)
            recorded = [] if facts is None else of_recording(recording_of(facts))
            ridden = of_speed(segment.sport, segment.length_m, effort.elapsed_s)
            jump = _jump(segment, effort, efforts)
            codes = {one.code for one in recorded}
            signals = [*recorded, *(one for one in (ridden, jump) if one is not None and one.code not in codes)]
            about: dict[str, Any] = {"effort_at": effort.started_at, "now": now, "activity_id": effort.activity_id}
            found += signal_rows(signals, segment.id, **about)
            if (copy := copies.get(effort.activity_id)) is not None:
                found += signal_rows([copy.signal], segment.id, other_activity_id=copy.other_activity_id, **about)
        once = {row["key"]: row for row in found}
        await SignalRepository(session).keep(athlete_id, list(once.values()), segment_id=segment.id, name=segment.name)


async def _recordings(
    session: AsyncSession, athlete_id: AthleteId, efforts: Sequence[SegmentEffortRow]
) -> dict[UUID, EffortFacts]:
    if not efforts:
        return {}
    days = [one.started_at.date() for one in efforts]
    facts = await effort_facts(
        session,
        athlete_id,
        first=min(days) - 2 * A_DAY,
        last=max(days) + 2 * A_DAY,
        ids={one.activity_id for one in efforts},
    )
    return {one.activity_id: one for one in facts}


def _jump(segment: SegmentRow, effort: SegmentEffortRow, efforts: Sequence[SegmentEffortRow]) -> Signal | None:
    earlier = [segment.length_m / one.elapsed_s for one in efforts if one.started_at < effort.started_at]
    return of_jump("speed", segment.length_m / effort.elapsed_s, earlier)
