"""The stored training history, as other features read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Self
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.arrays import FloatArray, IntArray
from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.tables import ActivityRow


class DayLoad(NamedTuple):
    """A day with at least one activity."""

    day: date
    load_au: float
    activities: int
    without_load: int


@dataclass(frozen=True, slots=True, eq=False)
class LoadHistory:
    """The days with at least one activity, oldest first, as columns."""

    ordinals: IntArray  # (n,) strictly increasing, as `date.toordinal` counts
    load_au: FloatArray  # (n,)
    activities: IntArray  # (n,)
    without_load: IntArray  # (n,)

    @classmethod
    def of(cls, ordinals: Sequence[int], loads_au: Sequence[float | None]) -> Self:
        """Return the history of activities, given the day and the load of each in any order."""
        each, load_au = np.array(ordinals, dtype=np.int64), np.array(loads_au, dtype=np.float64)
        is_unknown = np.isnan(load_au)
        days, place = np.unique(each, return_inverse=True)
        sums = np.zeros(days.size)
        np.add.at(sums, place, np.where(is_unknown, 0.0, load_au))
        activities = np.bincount(place, minlength=days.size)
        return cls(days, sums, activities, np.bincount(place[is_unknown], minlength=days.size))

    @property
    def first_day(self) -> date | None:
        """The oldest day, None without activities."""
        return date.fromordinal(int(self.ordinals[0])) if self.ordinals.size else None

    def until(self, last: date) -> LoadHistory:
        """Return the days up to one."""
        n = int(np.searchsorted(self.ordinals, last.toordinal(), side="right"))
        return LoadHistory(self.ordinals[:n], self.load_au[:n], self.activities[:n], self.without_load[:n])

    def with_more(self, loads_au: Mapping[date, float]) -> LoadHistory:
        """Return the history with further load on some days, which no activity recorded."""
        more = np.array(sorted(day.toordinal() for day in loads_au), dtype=np.int64)
        days = np.union1d(self.ordinals, more)
        known, added = np.searchsorted(days, self.ordinals), np.searchsorted(days, more)
        load_au, activities, without_load = np.zeros(days.size), np.zeros_like(days), np.zeros_like(days)
        load_au[known], activities[known], without_load[known] = self.load_au, self.activities, self.without_load
        load_au[added] += [loads_au[day] for day in sorted(loads_au)]
        return LoadHistory(days, load_au, activities, without_load)

    def days(self) -> list[DayLoad]:
        """Return the days one by one."""
        columns = (self.load_au, self.activities, self.without_load)
        rows = zip(self.ordinals.tolist(), *(column.tolist() for column in columns), strict=True)
        return [DayLoad(date.fromordinal(day), *others) for day, *others in rows]


async def load_history(
    session: AsyncSession, athlete_id: AthleteId, *, purpose: Purpose = Purpose.OWN_EYES
) -> LoadHistory:
    """Return the athlete's days with activities that may serve the purpose, as columns."""
    return LoadHistory.of(*await ActivityRepository(session).loads(athlete_id, purpose=purpose))


async def daily_loads(
    session: AsyncSession, athlete_id: AthleteId, *, purpose: Purpose = Purpose.OWN_EYES
) -> list[DayLoad]:
    """Return the athlete's days with activities that may serve the purpose, oldest first."""
    return (await load_history(session, athlete_id, purpose=purpose)).days()


class PastSession(NamedTuple):
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
    return [PastSession._make(row[: len(PastSession._fields)]) for row in rows]


@dataclass(frozen=True, slots=True)
class SharedEffort:
    """What an activity adds to a comparison with other people."""

    day: date
    arrived_at: datetime
    sport: str
    moving_s: float
    distance_m: float | None
    ascent_m: float | None


async def efforts_for_others(
    session: AsyncSession, athlete_id: AthleteId, *, first: date, last: date
) -> list[SharedEffort]:
    """Return the activities of some days whose source lets other people learn of them, oldest first."""
    rows = await ActivityRepository(session).past(athlete_id, first, last, purpose=Purpose.OTHER_PEOPLE)
    return [
        SharedEffort(
            day=row.local_date,
            arrived_at=row.created_at,
            sport=row.sport,
            moving_s=row.timer_s if row.moving_s is None else row.moving_s,
            distance_m=row.distance_m,
            ascent_m=row.ascent_m,
        )
        for row in rows
    ]


async def trained_since(session: AsyncSession, athlete_id: AthleteId, moment: datetime, *, first: date) -> bool:
    """Return whether an activity of a day from `first` on arrived or changed since a moment."""
    return await ActivityRepository(session).changed_since(athlete_id, moment, first=first)


async def activity_facts(session: AsyncSession, athlete_id: AthleteId, activity_id: UUID) -> ActivityRow | None:
    """Return an athlete's own activity with the tags of its sources, for who decides what of it others may see."""
    return await ActivityRepository(session).visible(athlete_id, activity_id)


async def activity_counts(session: AsyncSession, athlete_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many activities each athlete has, for administrators."""
    return await ActivityRepository(session).counts_of(athlete_ids)
