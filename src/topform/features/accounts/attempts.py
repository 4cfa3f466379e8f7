"""Limits of sign-up and sign-in attempts for each network address, kept in this process."""

from __future__ import annotations

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

SIGN_IN_PER_ADDRESS = parse("30/minute")
SIGN_UP_PER_ADDRESS = parse("20/hour")
RENEWALS_PER_ADDRESS = parse("300/minute")
RESETS_PER_ADDRESS = parse("10/hour")


class Attempts:
    """Counts attempts in moving windows."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def may_sign_in(self, address: str) -> bool:
        """Count one attempt to sign in and say whether it is within the limit."""
        return await self._limiter.hit(SIGN_IN_PER_ADDRESS, "sign_in", address)

    async def may_sign_up(self, address: str) -> bool:
        """Count one attempt to sign up and say whether it is within the limit."""
        return await self._limiter.hit(SIGN_UP_PER_ADDRESS, "sign_up", address)

    async def may_renew(self, address: str) -> bool:
        """Count one renewal of a session's tokens and say whether it is within the limit."""
        return await self._limiter.hit(RENEWALS_PER_ADDRESS, "renewal", address)

    async def may_ask_for_reset(self, address: str) -> bool:
        """Count one request for a new password and say whether it is within the limit."""
        return await self._limiter.hit(RESETS_PER_ADDRESS, "reset", address)
