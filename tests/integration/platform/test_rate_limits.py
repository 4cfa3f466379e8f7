"""How often somebody may try: over all processes, within any stretch of time, and nothing that names anybody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from topform.core.clock import FixedClock
from topform.platform.database import Database
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings
from topform.platform.web.rate_limits import RateLimit, RateLimitRow, RateLimits, forget_old_hits, network_of
from topform.platform.web.resources import Resources

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
THREE_A_MINUTE = RateLimit("knock", 3, timedelta(minutes=1))


@pytest.fixture
def resources(database: Database, tmp_path: Path) -> Resources:
    settings = Settings(data_dir=tmp_path, database_url=database.plain_url)
    return Resources(settings, database, ObjectStore.from_settings(settings), FixedClock(NOON))


async def tried(resources: Resources, after_s: float, whose: str = "192.0.2.7") -> bool:
    """Try once so many seconds after noon, in a process that has just started."""
    clock = FixedClock(NOON + timedelta(seconds=after_s))
    return await RateLimits(replace(resources, clock=clock)).hit(THREE_A_MINUTE, whose)


async def test_no_stretch_of_the_length_holds_more_and_refusals_do_not_count(resources: Resources) -> None:
    at_s = (0, 50, 55, 58, 59.9, 60.1, 61, 109, 110.1, 111)
    allowed = (True, True, True, False, False, True, False, False, True, False)
    assert tuple([await tried(resources, one) for one in at_s]) == allowed


async def test_everybody_and_everything_counts_alone(resources: Resources) -> None:
    for whose in ("192.0.2.7", "192.0.2.8"):
        assert [await tried(resources, 0, whose) for _ in range(4)] == [True, True, True, False]
    other = RateLimit("ring", 1, timedelta(minutes=1))
    assert await RateLimits(resources).hit(other, "192.0.2.7")


async def test_tries_at_the_same_moment_through_several_pools_are_all_counted(resources: Resources) -> None:
    pools = [Database(resources.database.plain_url, pool_size=3) for _ in range(3)]
    try:
        processes = [RateLimits(replace(resources, database=pool)) for pool in pools]
        allowed = await asyncio.gather(*(one.hit(THREE_A_MINUTE, "192.0.2.7") for one in processes * 8))
    finally:
        for pool in pools:
            await pool.close()
    assert sum(allowed) == 3


async def test_what_is_kept_names_nobody_and_goes_when_it_is_over(resources: Resources) -> None:
    for whose in ("192.0.2.7", "ada@elsewhere.example"):
        await tried(resources, 0, whose)
    await tried(resources, 30, "192.0.2.8")
    async with resources.database.transaction() as session:
        kept = await session.scalar(text("SELECT string_agg(encode(key, 'escape'), ' ') FROM rate_limits"))
        assert "192" not in kept
        assert "ada" not in kept
        # Without the installation's secret nobody finds an address by trying all of them.
        digests = [row.hex() for row in await session.scalars(select(RateLimitRow.key))]
        for digest in ("sha256('rate limit knock of 192.0.2.7')", "sha256('192.0.2.7')"):
            assert await session.scalar(text(f"SELECT encode({digest}, 'hex')")) not in digests
        assert await session.scalar(text("SELECT relpersistence FROM pg_class WHERE relname = 'rate_limits'")) == b"u"
        await forget_old_hits(session, now=NOON + timedelta(seconds=61))
        assert await session.scalar(select(func.count()).select_from(RateLimitRow)) == 1
        await forget_old_hits(session, now=NOON + timedelta(seconds=91))
        assert await session.scalar(select(func.count()).select_from(RateLimitRow)) == 0


def test_all_addresses_of_a_network_of_version_6_count_together() -> None:
    one, other, neighbour = "2001:db8:0:7::1", "2001:db8:0:7:ffff:ffff:ffff:ffff", "2001:db8:0:8::1"
    assert network_of(one) == network_of(other) != network_of(neighbour)
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7") != network_of("192.0.2.8")
    assert network_of("unknown") == "unknown"
