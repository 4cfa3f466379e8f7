"""The athlete's own rating as a load, where no measured one exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.versions import begin_recompute
from topform.science.srpe import personal_scale, srpe_load

RATED = "srpe"
MOST_PAIRS = 200


@dataclass(frozen=True, slots=True)
class LearnedScale:
    """An athlete's factor from rating times minutes to load, with what it rests on."""

    factor: float
    sessions: int
    reset_at: datetime | None


async def learned_scale(session: AsyncSession, athlete_id: AthleteId) -> LearnedScale:
    """Return the athlete's factor from the newest sessions, since it was reset, that have a rating and a load."""
    activities = ActivityRepository(session)
    reset_at = await activities.rating_scale_reset_at(athlete_id)
    pairs = await activities.rated(athlete_id, other_than=RATED, since=reset_at, limit=MOST_PAIRS)
    rated = np.array([srpe_load(rpe_cr10=rpe, duration_s=seconds) for _, rpe, seconds in pairs])
    loads = np.array([load for load, _, _ in pairs])
    return LearnedScale(personal_scale(rated, loads), int(np.sum((rated > 0) & (loads > 0))), reset_at)


async def rating_scale(session: AsyncSession, athlete_id: AthleteId) -> float:
    """Return the athlete's factor from rating times minutes to load, from sessions that have both."""
    return (await learned_scale(session, athlete_id)).factor


async def reset_learned_scale(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> None:
    """Forget the athlete's factor; activities whose load rests on it are computed again."""
    activities = ActivityRepository(session)
    await activities.reset_rating_scale(athlete_id, at=now)
    since = await activities.first_day_with_load_from(athlete_id, RATED)
    if since is not None:
        await begin_recompute(session, athlete_id, now=now, since=since)


def load_with_rating(
    *, load_au: float | None, load_source: str | None, rpe_cr10: float | None, elapsed_s: float, scale: float
) -> tuple[float | None, str | None]:
    """Return the load and its source: a measured one stays, a rating fills the gap, without either there is none."""
    if load_source not in (None, RATED):
        return load_au, load_source
    if rpe_cr10 is None:
        return None, None
    return srpe_load(rpe_cr10=rpe_cr10, duration_s=elapsed_s) * scale, RATED
