"""Limits of attempts at the door for each network address."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from topform.platform.web.rate_limits import RateLimit, RateLimits, network_of

SIGN_IN_PER_ADDRESS: Final = RateLimit("sign_in", 30, timedelta(minutes=1))
SIGN_UP_PER_ADDRESS: Final = RateLimit("sign_up", 20, timedelta(hours=1))
RENEWALS_PER_ADDRESS: Final = RateLimit("renewal", 300, timedelta(minutes=1))
RESETS_PER_ADDRESS: Final = RateLimit("reset", 10, timedelta(hours=1))


class Attempts:
    """Counts attempts, for all processes together."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits

    async def may_sign_in(self, address: str) -> bool:
        """Count one attempt to sign in and say whether it is within the limit."""
        return await self._limits.hit(SIGN_IN_PER_ADDRESS, network_of(address))

    async def may_sign_up(self, address: str) -> bool:
        """Count one attempt to sign up and say whether it is within the limit."""
        return await self._limits.hit(SIGN_UP_PER_ADDRESS, network_of(address))

    async def may_renew(self, address: str) -> bool:
        """Count one renewal of a session's tokens and say whether it is within the limit."""
        return await self._limits.hit(RENEWALS_PER_ADDRESS, network_of(address))

    async def may_ask_for_reset(self, address: str) -> bool:
        """Count one request for a new password and say whether it is within the limit."""
        return await self._limits.hit(RESETS_PER_ADDRESS, network_of(address))
