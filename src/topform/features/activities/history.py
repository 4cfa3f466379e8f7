"""The stored training history, as other features read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.repository import ActivityRepository


@dataclass(frozen=True, slots=True)
class DayLoad:
    """A day with at least one activity."""

    day: date
    load_au: float
    activities: int
    without_load: int


async def daily_loads(
    session: AsyncSession, athlete_id: AthleteId, *, purpose: Purpose = Purpose.OWN_EYES
) -> list[DayLoad]:
    """Return the athlete's days with activities that may serve the purpose, oldest first."""
    return [DayLoad(*row) for row in await ActivityRepository(session).daily_loads(athlete_id, purpose=purpose)]


@dataclass(frozen=True, slots=True)
class PastSession:
    """An activity as rules and predictions see it."""

    id: UUID
    day: date
    title: str | None
    sport: str
    sub_sport: str | None
    elapsed_s: float
    timer_s: float
    distance_m: float | None
    load_au: float | None
    rpe_cr10: float | None


async def past_sessions(
    session: AsyncSession, athlete_id: AthleteId, *, first: date, last: date, purpose: Purpose = Purpose.OWN_EYES
) -> list[PastSession]:
    """Return the activities from first to last that may serve the purpose, oldest first."""
    rows = await ActivityRepository(session).past(athlete_id, first, last, purpose=purpose)
    return [
        PastSession(
            id=row.id,
            day=row.local_date,
            title=row.title,
            sport=row.sport,
            sub_sport=row.sub_sport,
            elapsed_s=row.elapsed_s,
            timer_s=row.timer_s,
            distance_m=row.distance_m,
            load_au=row.load_au,
            rpe_cr10=row.rpe_cr10,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class FastestStretch:
    """The best mean speed over a duration."""

    day: date
    duration_s: int
    speed_m_s: float


async def fastest_stretches(
    session: AsyncSession, athlete_id: AthleteId, *, sport: str, since: date, purpose: Purpose = Purpose.OWN_EYES
) -> list[FastestStretch]:
    """Return the best mean speeds by duration since a day, from activities that may serve the purpose."""
    rows = await ActivityRepository(session).fastest(athlete_id, sport=sport, since=since, purpose=purpose)
    return [FastestStretch(day, seconds, value) for seconds, value, day in rows]


async def trained_since(session: AsyncSession, athlete_id: AthleteId, moment: datetime, *, first: date) -> bool:
    """Return whether an activity of a day from `first` on arrived or changed since a moment."""
    return await ActivityRepository(session).changed_since(athlete_id, moment, first=first)
