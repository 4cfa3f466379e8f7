"""The signed-in athlete's own profile."""

from __future__ import annotations

from fastapi import APIRouter

from topform.features.athletes import service
from topform.features.athletes.schemas import Athlete, AthleteChange, MapGround, MapTiles
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


@router.get("/me/map-tiles")
async def get_map_tiles(use: Use, _athlete_id: SignedInAthlete) -> MapGround:
    """Return where pictures of the ground below routes come from; nothing unless the operator names a host."""
    settings = use.settings
    if settings.map_tiles_url is None or settings.map_tiles_attribution is None:
        return MapGround(tiles=None)
    return MapGround(
        tiles=MapTiles(
            url_template=settings.map_tiles_url,
            attribution=settings.map_tiles_attribution,
            max_zoom=settings.map_tiles_max_zoom,
        )
    )
