"""The one way out: requests to a service's own hosts, bounded in time and size, patient but not stubborn."""

from __future__ import annotations

import asyncio
import email.utils
import json
import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from topform.providers.errors import (
    AccessRefusedError,
    ForbiddenAddressError,
    ProviderAnswerError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
    RemoteItemMissingError,
    ScopeMissingError,
)

DEFAULT_PAUSE_S: Final = 60.0
LONGEST_PAUSE_S: Final = 86_400.0
EPOCH_FROM_S: Final = 1e8
"""A reset header above this is an instant, below it a wait."""
QUARTER_HOUR_S: Final = 900
TRANSIENT: Final = frozenset({408, 425, 500, 502, 503, 504, 520, 522, 524})
USER_AGENT: Final = "TopForm (self-hosted)"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often we try."""

    attempts: int = 3
    first_wait_s: float = 0.5
    longest_wait_s: float = 8.0
    connect_s: float = 10.0
    read_s: float = 30.0
    total_s: float = 120.0
    json_bytes: int = 32 * 2**20
    file_bytes: int = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer."""

    status: int
    headers: httpx.Headers
    content: bytes


class ProviderHttp:
    """Requests to one service; with ``hides_paths``, where they are secret, its errors name the host alone."""

    def __init__(
        self,
        provider: str,
        *,
        hosts: frozenset[str],
        base_url: str | None = None,
        patience: Patience = Patience(),
        hides_paths: bool = False,
    ) -> None:
        self._provider = provider
        self._hides_paths = hides_paths
        self._hosts = hosts
        self._base_url = None if base_url is None else base_url.rstrip("/")
        self._patience = patience
        self._random = secrets.SystemRandom()
        self._exhausted_until: datetime | None = None
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(patience.read_s, connect=patience.connect_s),
            limits=httpx.Limits(max_connections=4),
            headers={"User-Agent": USER_AGENT},
        )

    def address(self, url: str) -> str:
        """Return where a request really goes; refuses anything but the service's own hosts over TLS."""
        parsed = httpx.URL(url)
        if (
            parsed.scheme != "https"
            or parsed.host not in self._hosts
            or parsed.port not in (None, 443)
            or parsed.userinfo
        ):
            raise ForbiddenAddressError(
                f"The address {parsed.host} does not belong to the service.", provider=self._provider
            )
        if self._base_url is None:
            return str(parsed)
        return self._base_url + parsed.raw_path.decode("ascii")

    def _where(self, method: str, url: str) -> str:
        """Return the request for a message, without its query, which may hold secrets."""
        parsed = httpx.URL(url)
        return f"{method} {parsed.host if self._hides_paths else parsed.path}"

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get_json(self, url: str, *, token: str | None = None, **options: Any) -> Any:
        """Return the JSON of a GET."""
        return await self.json("GET", url, token=token, **options)

    async def json(
        self, method: str, url: str, *, may_repeat: bool | None = None, may_be_empty: bool = False, **options: Any
    ) -> Any:
        """Return the JSON of a request; half a document counts as no answer and is asked for again.

        Where a service says with an empty answer that it has nothing, that is None.
        """
        repeats = method == "GET" if may_repeat is None else may_repeat
        for attempt in range(1, self._patience.attempts + 1):
            answer = await self.request(method, url, may_repeat=repeats, **options)
            if may_be_empty and not answer.content.strip():
                return None
            try:
                return json.loads(answer.content)
            except ValueError as error:
                if not repeats or attempt == self._patience.attempts:
                    raise ProviderAnswerError(
                        f"The answer to {self._where(method, url)} is not complete JSON.",
                        provider=self._provider,
                        remedy="Fetch again later; report it if it stays.",
                    ) from error
                await self._wait(attempt)
        raise AssertionError("unreachable")

    async def request(
        self,
        method: str,
        url: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | Sequence[Any] | None = None,
        content: bytes | None = None,
        may_repeat: bool | None = None,
        max_bytes: int | None = None,
        accepts: frozenset[int] = frozenset(),
    ) -> Answer:
        """Return the answer of a request that succeeded, or whose status is accepted; anything else is an error.

        Failures that may pass are repeated with growing, randomised waits when the request may run twice.
        """
        address = self.address(url)
        self._stop_if_exhausted()
        repeats = method == "GET" if may_repeat is None else may_repeat
        sent = {**(headers or {}), **({} if token is None else {"Authorization": f"Bearer {token}"})}
        request = self._client.build_request(
            method, address, headers=sent, params=params or None, data=data, json=body, content=content
        )
        limit = self._patience.json_bytes if max_bytes is None else max_bytes
        for attempt in range(1, self._patience.attempts + 1):
            is_last = attempt == self._patience.attempts or not repeats
            answer = await self._attempt(request, auth, limit, self._where(method, url), is_last=is_last)
            if answer is not None and answer.status in TRANSIENT and not is_last:
                answer = None
            if answer is not None:
                pause_s = pause_of(answer, now=datetime.now(UTC))
                if answer.status == 429 and pause_s <= self._patience.longest_wait_s and not is_last:
                    await asyncio.sleep(pause_s)
                    continue
                self._note_exhaustion(answer)
                self._raise_for(answer, self._where(method, url), accepts, pause_s)
                return answer
            await self._wait(attempt)
        raise AssertionError("unreachable")

    async def _attempt(
        self, request: httpx.Request, auth: tuple[str, str] | None, limit: int, where: str, *, is_last: bool
    ) -> Answer | None:
        """Return the whole answer; None when there was none and it may be tried again."""
        try:
            async with asyncio.timeout(self._patience.total_s):
                response = await self._client.send(request, stream=True, auth=auth)
                try:
                    content = bytearray()
                    async for block in response.aiter_bytes():
                        content += block
                        if len(content) > limit:
                            raise ProviderAnswerError(
                                f"The answer to {where} is larger than {limit // 2**20} MiB.", provider=self._provider
                            )
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            if not is_last:
                return None
            raise ProviderUnavailableError(
                f"The service did not answer {where} completely ({type(error).__name__}).",
                provider=self._provider,
                remedy="Nothing has to be done: it is tried again later.",
            ) from error
        return Answer(response.status_code, response.headers, bytes(content))

    def _raise_for(self, answer: Answer, where: str, accepts: frozenset[int], pause_s: float) -> None:
        status = answer.status
        if 200 <= status < 300 or status in accepts:
            return
        if status == 429:
            raise ProviderRateLimitedError(
                "The service asks us to wait.", provider=self._provider, retry_after_s=pause_s
            )
        if status in TRANSIENT or status >= 500:
            raise ProviderUnavailableError(
                f"The service failed at {where} (status {status}).",
                provider=self._provider,
                remedy="Nothing has to be done: it is tried again later.",
            )
        if status == 401:
            raise AccessRefusedError(f"The service did not accept our access at {where}.", provider=self._provider)
        if status == 403:
            raise ScopeMissingError(
                f"The service does not let us use {where}.",
                provider=self._provider,
                remedy="Connect it again and allow everything that is asked for.",
            )
        if status in (404, 410):
            raise RemoteItemMissingError(f"The service has nothing at {where}.", provider=self._provider)
        raise ProviderAnswerError(
            f"The service answered {where} with status {status}.", provider=self._provider, status_code=status
        )

    def _stop_if_exhausted(self) -> None:
        if self._exhausted_until is None:
            return
        left_s = (self._exhausted_until - datetime.now(UTC)).total_seconds()
        if left_s > 0:
            raise ProviderRateLimitedError(
                "The number of requests that the service allows is used up.",
                provider=self._provider,
                retry_after_s=left_s,
            )

    def _note_exhaustion(self, answer: Answer) -> None:
        """Remember that the next request would be refused, so that it is not sent."""
        now = datetime.now(UTC)
        wait_s = quota_wait_s(answer.headers, now=now)
        self._exhausted_until = None if wait_s is None else now + timedelta(seconds=wait_s)

    async def _wait(self, attempt: int) -> None:
        longest = min(self._patience.first_wait_s * 2 ** (attempt - 1), self._patience.longest_wait_s)
        await asyncio.sleep(self._random.uniform(longest / 2, longest))


def pause_of(answer: Answer, *, now: datetime) -> float:
    """Return how long the service wants us to wait. [s]"""
    stated = _seconds(answer.headers.get("retry-after"), now=now)
    if stated is None:
        stated = quota_wait_s(answer.headers, now=now)
    if stated is None:
        stated = _reset_s(answer.headers, now=now)
    return min(max(DEFAULT_PAUSE_S if stated is None else stated, 1.0), LONGEST_PAUSE_S)


def quota_wait_s(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return how long the quota stays used up, None while something is left of it.

    Two notations: a quarter-hour and a daily quota as ``limit`` and ``usage``, which begin anew at the natural
    quarter hour and at midnight UTC; or what remains, and when it begins anew.
    """
    waits: list[float] = []
    for prefix in ("x-ratelimit", "x-readratelimit"):
        limits, usages = _numbers(headers.get(f"{prefix}-limit")), _numbers(headers.get(f"{prefix}-usage"))
        if len(limits) == 2 and len(usages) == 2:
            if usages[0] >= limits[0]:
                waits.append(QUARTER_HOUR_S - now.timestamp() % QUARTER_HOUR_S)
            if usages[1] >= limits[1]:
                waits.append(86_400 - now.timestamp() % 86_400)
    if waits:
        return max(waits)
    remaining = next(
        (_numbers(headers.get(name)) for name in ("x-ratelimit-remaining", "ratelimit-remaining") if name in headers),
        [],
    )
    return _reset_s(headers, now=now) if remaining[:1] == [0.0] else None


def _reset_s(headers: Mapping[str, str], *, now: datetime) -> float | None:
    for name in ("x-ratelimit-reset", "ratelimit-reset"):
        if name in headers:
            return _seconds(headers[name], now=now)
    return None


def _seconds(text: str | None, *, now: datetime) -> float | None:
    """Return a wait given in seconds, as an epoch or as an HTTP date."""
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        try:
            at = email.utils.parsedate_to_datetime(text)
        except ValueError:
            return None
        value = (at if at.utcoffset() is not None else at.replace(tzinfo=UTC)).timestamp()
    if not math.isfinite(value):
        return None
    return max(value - now.timestamp(), 0.0) if value > EPOCH_FROM_S else max(value, 0.0)


def _numbers(text: str | None) -> list[float]:
    try:
        return [float(part) for part in (text or "").split(",") if part.strip()]
    except ValueError:
        return []
