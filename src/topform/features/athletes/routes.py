"""The signed-in athlete's own profile."""

from __future__ import annotations

from fastapi import APIRouter

from topform.features.athletes import service
from topform.features.athletes.schemas import Athlete, AthleteChange
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/athletes", tags=["athletes"])


@router.get("/me")
async def get_me(use: Use, athlete_id: SignedInAthlete) -> Athlete:
    """Return your profile."""
    async with use.database.reading() as session:
        return await service.get_athlete(session, athlete_id)


@router.patch("/me")
async def change_me(change: AthleteChange, use: Use, athlete_id: SignedInAthlete) -> Athlete:
    """Change your profile; when a threshold or body measure changes, stored activities are computed again."""
    async with use.database.transaction() as session:
        return await service.change_athlete(session, athlete_id, change, now=use.clock.now())
