"""The one way out, over real HTTP: where it may go, how long it waits, what it takes, what it makes of failures."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.support.provider_server import (
    ProviderServer,
    cut_off,
    half_json,
    never_ending,
    oversized,
    running_provider,
    status,
)

from topform.providers.errors import (
    AccessRefusedError,
    ForbiddenAddressError,
    ProviderAnswerError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
    RemoteItemMissingError,
    ScopeMissingError,
)
from topform.providers.http import Patience, ProviderHttp, quota_wait_s

HOSTS = frozenset({"api.example.org"})
ATHLETE = "https://api.example.org/api/v1/athlete/0"
TOKEN = "very-secret-token"
QUICK = Patience(first_wait_s=0.01, longest_wait_s=1.5, read_s=20)
NOON = datetime(2026, 5, 1, 12, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[ProviderServer]:
    with running_provider() as started:
        yield started


@pytest.fixture
async def http(server: ProviderServer):
    server.requests.clear()
    server.failures.clear()
    server.oauth.access_tokens.add(TOKEN)
    client = ProviderHttp("example", hosts=HOSTS, base_url=server.url, patience=QUICK)
    yield client
    await client.aclose()


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.org/x",
        "https://evil.example.org/x",
        "https://api.example.org.evil.org/x",
        "https://api.example.org@evil.org/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://api.example.org:8443/x",
        "file:///etc/passwd",
    ],
)
async def test_requests_go_to_the_services_own_hosts_only(http: ProviderHttp, server: ProviderServer, url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        await http.get_json(url, token=TOKEN)
    assert server.requests == []


async def test_redirects_are_not_followed(http: ProviderHttp, server: ProviderServer) -> None:
    server.fail("/athlete/0", status(302, Location="https://evil.example.org/"))
    with pytest.raises(ProviderAnswerError):
        await http.get_json(ATHLETE, token=TOKEN)
    assert len(server.requests) == 1


@pytest.mark.parametrize("failure", [status(500), status(503), half_json(), cut_off()])
async def test_failures_that_may_pass_are_tried_again(http: ProviderHttp, server: ProviderServer, failure) -> None:
    server.fail("/athlete/0", failure, failure)
    assert await http.get_json(ATHLETE, token=TOKEN) == {"id": "i2049151", "name": "Ada"}
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (status(500), ProviderUnavailableError),
        (cut_off(), ProviderUnavailableError),
        (half_json(), ProviderAnswerError),
    ],
)
async def test_failures_that_stay_are_typed(http: ProviderHttp, server: ProviderServer, failure, error) -> None:
    server.fail("/athlete/0", *[failure] * 3)
    with pytest.raises(error) as caught:
        await http.get_json(ATHLETE, token=TOKEN)
    assert caught.value.remedy
    assert caught.value.provider == "example"
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "error"),
    [(401, AccessRefusedError), (403, ScopeMissingError), (404, RemoteItemMissingError), (422, ProviderAnswerError)],
)
async def test_refusals_are_final_at_once(http: ProviderHttp, server: ProviderServer, code: int, error) -> None:
    server.fail("/athlete/0", status(code))
    with pytest.raises(error):
        await http.get_json(ATHLETE, token=TOKEN)
    assert len(server.requests) == 1


async def test_a_write_is_not_sent_twice(http: ProviderHttp, server: ProviderServer) -> None:
    server.fail("/oauth/token", status(503), status(503))
    with pytest.raises(ProviderUnavailableError):
        await http.json("POST", "https://api.example.org/oauth/token", data={"code": "1"})
    assert len(server.requests) == 1


async def test_a_short_wait_is_waited_a_long_one_is_handed_on(http: ProviderHttp, server: ProviderServer) -> None:
    server.fail("/athlete/0", status(429, **{"Retry-After": "1"}))
    assert await http.get_json(ATHLETE, token=TOKEN)
    server.fail("/athlete/0", status(429, **{"Retry-After": "120"}))
    with pytest.raises(ProviderRateLimitedError) as caught:
        await http.get_json(ATHLETE, token=TOKEN)
    assert caught.value.retry_after_s == 120


async def test_nothing_is_sent_while_the_quota_is_used_up(http: ProviderHttp, server: ProviderServer) -> None:
    full = {"X-RateLimit-Limit": "200,2000", "X-RateLimit-Usage": "200,900"}
    server.fail("/athlete/0", status(200, **full))
    assert await http.get_json(ATHLETE, token=TOKEN)
    with pytest.raises(ProviderRateLimitedError) as caught:
        await http.get_json(ATHLETE, token=TOKEN)
    assert 0 < caught.value.retry_after_s <= 900
    assert len(server.requests) == 1


async def test_a_body_that_never_ends_and_one_that_is_too_large_are_given_up(server: ProviderServer) -> None:
    released = threading.Event()
    patience = Patience(attempts=2, first_wait_s=0.01, read_s=0.3, json_bytes=1000)
    http = ProviderHttp("example", hosts=HOSTS, base_url=server.url, patience=patience)
    try:
        server.fail("/athlete/0", never_ending(released), never_ending(released))
        with pytest.raises(ProviderUnavailableError):
            await http.get_json(ATHLETE, token=TOKEN)
        server.fail("/athlete/0", oversized(1001))
        with pytest.raises(ProviderAnswerError, match="larger"):
            await http.get_json(ATHLETE, token=TOKEN)
    finally:
        released.set()
        await http.aclose()


async def test_nobody_there_is_unavailable() -> None:
    http = ProviderHttp("example", hosts=HOSTS, base_url="http://127.0.0.1:9", patience=QUICK)
    with pytest.raises(ProviderUnavailableError):
        await http.get_json(ATHLETE)
    await http.aclose()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-ratelimit-limit": "200,2000", "x-ratelimit-usage": "199,1999"}, None),
        # 12:07 UTC: the next natural quarter hour begins in eight minutes, the next day in 11 h 53 min.
        ({"x-ratelimit-limit": "200,2000", "x-ratelimit-usage": "200,1999"}, 8 * 60),
        ({"x-ratelimit-limit": "200,2000", "x-ratelimit-usage": "10,2000"}, 11 * 3600 + 53 * 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "42"}, 42),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "42"}, None),
        ({}, None),
    ],
)
def test_quotas_are_read_in_both_notations(headers: dict[str, str], expected: float | None) -> None:
    assert quota_wait_s(headers, now=NOON) == expected
