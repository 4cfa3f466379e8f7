"""How often somebody may try: counted in the database, so that a limit holds over all processes together."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy import DateTime, delete, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from topform.platform.database import Base
from topform.platform.web.resources import Resources

IPV6_NETWORK_BITS: Final = 64
"""So many bits of an address of version 6 name a customer's network; the others each device chooses at will."""

HIT = text("""
INSERT INTO rate_limits AS kept (key, hits, over_at)
VALUES (:key, ARRAY[CAST(:now AS timestamptz)], :over_at)
ON CONFLICT (key) DO UPDATE
SET hits = ARRAY(SELECT hit FROM unnest(kept.hits) AS hit WHERE hit > :since) || CAST(:now AS timestamptz),
    over_at = :over_at
WHERE (SELECT count(*) FROM unnest(kept.hits) AS hit WHERE hit > :since) < :times
RETURNING true
""")
"""Of two at the same moment the second waits for the first one's row and counts it."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most so many times within any stretch of time that is so long."""

    name: str
    times: int
    within: timedelta


class RateLimitRow(Base):
    """When somebody did what is limited, as far as it still counts; nobody can be named by it.

    Not logged: what is lost when the database crashes is a few minutes of counting.
    """

    __tablename__ = "rate_limits"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    hits: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    over_at: Mapped[datetime]


class RateLimits:
    """Counts, for all processes on the database together, what people and network addresses do."""

    def __init__(self, resources: Resources) -> None:
        self._database = resources.database
        self._clock = resources.clock
        self._secret = resources.settings.signing_key().encode()

    async def hit(self, limit: RateLimit, whose: str) -> bool:
        """Count one and return whether it is within the limit; what is refused does not count.

        It is counted in a transaction of its own: what the caller does afterwards may fail.
        """
        key = hmac.digest(self._secret, f"rate limit {limit.name} of {whose}".encode(), hashlib.sha256)
        now = self._clock.now()
        said = {"key": key, "now": now, "since": now - limit.within, "over_at": now + limit.within}
        async with self._database.transaction() as session:
            return await session.scalar(HIT, {**said, "times": limit.times}) is not None


async def _rate_limits(request: Request) -> RateLimits:
    kept: RateLimits = request.app.state.rate_limits
    return kept


UseRateLimits = Annotated[RateLimits, Depends(_rate_limits)]


def network_of(address: str) -> str:
    """Return for whom an address counts: itself, or of version 6 its network, in which anybody has any number.

    Examples
    --------
    >>> network_of("192.0.2.7"), network_of("::ffff:192.0.2.7"), network_of("2001:db8:1:2:3:4:5:6")
    ('192.0.2.7', '192.0.2.7', '2001:db8:1:2::')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    host_bits = parsed.max_prefixlen - IPV6_NETWORK_BITS
    return str(IPv6Address(int(parsed) >> host_bits << host_bits))


async def forget_old_hits(session: AsyncSession, *, now: datetime) -> None:
    """Delete what no longer counts."""
    await session.execute(delete(RateLimitRow).where(RateLimitRow.over_at < now))
