"""What was learned of how an athlete rates: to be seen, and to be forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.public import FITNESS_CHANGED, learned_scale, reset_learned_scale
from topform.features.strength_sets.public import weigh_ratings_anew
from topform.features.training_load.schemas import RatingScale
from topform.platform.events import publish
from topform.science.srpe import LOAD_PER_SRPE


async def get_rating_scale(session: AsyncSession, athlete_id: AthleteId) -> RatingScale:
    """Return the athlete's factor and what it rests on."""
    learned = await learned_scale(session, athlete_id)
    return RatingScale(
        load_per_srpe=learned.factor,
        default_load_per_srpe=LOAD_PER_SRPE,
        sessions=learned.sessions,
        reset_at=learned.reset_at,
    )


async def reset_rating_scale(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> RatingScale:
    """Forget the athlete's factor, and weigh again what rested on it."""
    await reset_learned_scale(session, athlete_id, now=now)
    first = await weigh_ratings_anew(session, athlete_id, now=now)
    if first is not None:
        await publish(session, athlete_id, FITNESS_CHANGED, {"from": first.isoformat()})
    return await get_rating_scale(session, athlete_id)
