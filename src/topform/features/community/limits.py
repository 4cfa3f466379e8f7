"""How often one person may write to others, kept in this process."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from topform.core.errors import RateLimitedError
from topform.core.ids import AthleteId

Act = Literal[
    "follow", "search", "post", "comment", "kudos", "report", "challenge", "club", "room", "room_state", "cheer"
]

LIMITS: dict[Act, RateLimitItem] = {
    "follow": parse("60/hour"),
    "search": parse("120/hour"),
    "post": parse("60/hour"),
    "comment": parse("120/hour"),
    "kudos": parse("600/hour"),
    "report": parse("30/hour"),
    "challenge": parse("60/hour"),
    "club": parse("60/hour"),
    "room": parse("120/hour"),
    "room_state": parse("15/10 second"),
    "cheer": parse("30/minute"),
}


class CommunityLimits:
    """Counts what people do in moving windows."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def count(self, act: Act, athlete_id: AthleteId) -> None:
        """Count one act of a person and refuse it when there were too many."""
        if not await self._limiter.hit(LIMITS[act], act, str(athlete_id)):
            raise RateLimitedError("That is a lot in a short time.", remedy="Wait a while and try again.")


async def _limits(request: Request) -> CommunityLimits:
    kept: CommunityLimits = request.app.state.community_limits
    return kept


UseLimits = Annotated[CommunityLimits, Depends(_limits)]
