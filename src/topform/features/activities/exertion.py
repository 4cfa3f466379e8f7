"""The athlete's own rating as a load, where no measured one exists."""

from __future__ import annotations

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.repository import ActivityRepository
from topform.science.srpe import personal_scale, srpe_load

RATED = "srpe"
MOST_PAIRS = 200


async def rating_scale(session: AsyncSession, athlete_id: AthleteId) -> float:
    """Return the athlete's factor from rating times minutes to load, from sessions that have both."""
    pairs = await ActivityRepository(session).rated(athlete_id, other_than=RATED, limit=MOST_PAIRS)
    rated = np.array([srpe_load(rpe_cr10=rpe, duration_s=seconds) for _, rpe, seconds in pairs])
    return personal_scale(rated, np.array([load for load, _, _ in pairs]))


def load_with_rating(
    *, load_au: float | None, load_source: str | None, rpe_cr10: float | None, elapsed_s: float, scale: float
) -> tuple[float | None, str | None]:
    """Return the load and its source: a measured one stays, a rating fills the gap, without either there is none."""
    if load_source not in (None, RATED):
        return load_au, load_source
    if rpe_cr10 is None:
        return None, None
    return srpe_load(rpe_cr10=rpe_cr10, duration_s=elapsed_s) * scale, RATED
