"""How often one person may write to others, over all processes together."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, Literal

from fastapi import Depends, Request

from topform.core.errors import RateLimitedError
from topform.core.ids import AthleteId
from topform.platform.web.rate_limits import RateLimit, RateLimits

Act = Literal[
    "follow", "search", "post", "comment", "kudos", "report", "challenge", "club", "room", "room_state", "cheer"
]
HOUR: Final = timedelta(hours=1)

LIMITS: dict[Act, RateLimit] = {
    "follow": RateLimit("follow", 60, HOUR),
    "search": RateLimit("search", 120, HOUR),
    "post": RateLimit("post", 60, HOUR),
    "comment": RateLimit("comment", 120, HOUR),
    "kudos": RateLimit("kudos", 600, HOUR),
    "report": RateLimit("report", 30, HOUR),
    "challenge": RateLimit("challenge", 60, HOUR),
    "club": RateLimit("club", 60, HOUR),
    "room": RateLimit("room", 120, HOUR),
    "room_state": RateLimit("room_state", 15, timedelta(seconds=10)),
    "cheer": RateLimit("cheer", 30, timedelta(minutes=1)),
}


class CommunityLimits:
    """Counts what people do."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits

    async def count(self, act: Act, athlete_id: AthleteId) -> None:
        """Count one act of a person and refuse it when there were too many."""
        if not await self._limits.hit(LIMITS[act], str(athlete_id)):
            raise RateLimitedError("That is a lot in a short time.", remedy="Wait a while and try again.")


async def _limits(request: Request) -> CommunityLimits:
    kept: CommunityLimits = request.app.state.community_limits
    return kept


UseLimits = Annotated[CommunityLimits, Depends(_limits)]
