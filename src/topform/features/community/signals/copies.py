"""Recordings of somebody else's way, handed in again as one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.activity import Streams
from topform.core.ids import AthleteId
from topform.features.activities.public import RecordedLeg, as_long_as, recorded_legs, recorded_streams
from topform.features.community.signals.repository import SignalRepository
from topform.features.community.signals.rules import Signal, of_copy
from topform.platform.objects import ObjectStore
from topform.science.copied_track import Copied, copied_track

COMPARED_AT_MOST: Final = 50
"""Pairs that took as long, went as far and began at the same place; more of them would be no coincidence."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The signal about an activity, and whose earlier recording it shows."""

    signal: Signal
    other_activity_id: UUID


async def copies_among(
    session: AsyncSession, store: ObjectStore, athlete_id: AthleteId, ids: Collection[UUID]
) -> dict[UUID, Copy]:
    """Return which of an athlete's activities are copies of recordings that others of the community stored earlier.

    Who is not in the community is compared with nobody, and named to nobody.
    """
    pairs = await as_long_as(session, athlete_id, ids, limit=COMPARED_AT_MOST)
    people = await SignalRepository(session).in_community({pair.other_athlete_id for pair in pairs})
    found: dict[UUID, Copy] = {}
    for pair in pairs:
        if pair.activity_id in found or pair.other_athlete_id not in people:
            continue
        mine = await recorded_legs(session, athlete_id, pair.activity_id)
        theirs = await recorded_legs(session, pair.other_athlete_id, pair.other_activity_id)
        for leg, other in zip(mine, theirs, strict=False):
            copied = await _compared(store, leg, other)
            if copied is not None:
                apart_s = abs((leg.started_at - other.started_at).total_seconds())
                found[pair.activity_id] = Copy(of_copy(copied, apart_s=apart_s), pair.other_activity_id)
                break
    return found


async def _compared(store: ObjectStore, leg: RecordedLeg, other: RecordedLeg) -> Copied | None:
    samples: list[Streams] = [await recorded_streams(store, one) for one in (leg, other)]
    return await asyncio.to_thread(copied_track, *samples)
