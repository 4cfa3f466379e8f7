"""What of activities is looked at where they are compared with those of other people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.effort_repository import EffortRepository

COMPARED_S: Final = (60, 300, 1200, 3600)
"""Durations over which best speeds are looked at. [s]"""


@dataclass(frozen=True, slots=True)
class EffortFacts:
    """An activity as moderators may be asked about it; nothing of the heart, no place and no words."""

    activity_id: UUID
    day: date
    sport: str
    started_at: datetime
    arrived_at: datetime
    elapsed_s: float
    moving_s: float
    distance_m: float | None
    ascent_m: float | None
    best_speed_m_s: Mapping[int, float]
    version_after: timedelta | None
    """How long after the first file another one of the same device and format was handed in; None: none was."""


@dataclass(frozen=True, slots=True)
class SameLength:
    """An activity, and an earlier stored one of somebody else that took as long, from the same place as far."""

    activity_id: UUID
    other_athlete_id: AthleteId
    other_activity_id: UUID


async def as_long_as(
    session: AsyncSession, athlete_id: AthleteId, ids: Collection[UUID], *, limit: int
) -> list[SameLength]:
    """Return whose recordings some of an athlete's activities could be; the oldest first.

    Only their samples tell whether they are. What a source keeps for its owner is left out on either side.
    """
    found = await EffortRepository(session).alike(athlete_id, ids, limit=limit)
    return [SameLength(mine, AthleteId(whose), theirs) for mine, whose, theirs in found]


async def effort_facts(
    session: AsyncSession, athlete_id: AthleteId, *, first: date, last: date, ids: Collection[UUID] | None = None
) -> list[EffortFacts]:
    """Return the activities of some days, or some of them, whose source lets others learn of them, oldest first."""
    efforts = EffortRepository(session)
    rows = await efforts.of_days(athlete_id, first, last, ids=ids)
    found = [row.id for row in rows]
    bests = await efforts.best_speeds(athlete_id, found, COMPARED_S)
    versions = await efforts.later_versions(athlete_id, found)
    return [
        EffortFacts(
            activity_id=row.id,
            day=row.local_date,
            sport=row.sport,
            started_at=row.started_at,
            arrived_at=row.created_at,
            elapsed_s=row.elapsed_s,
            moving_s=row.timer_s if row.moving_s is None else row.moving_s,
            distance_m=row.distance_m,
            ascent_m=row.ascent_m,
            best_speed_m_s=bests.get(row.id, {}),
            version_after=versions.get(row.id),
        )
        for row in rows
    ]
