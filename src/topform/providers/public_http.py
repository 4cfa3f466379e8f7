"""Requests to addresses that strangers name: public hosts only, over TLS, bounded in time and size.

A name is resolved once; every address of it has to be public, and the connection goes to the address that was looked
at, so that a name cannot mean something else a moment later.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import Any, Final, Self

import httpx

from topform.providers.errors import (
    ForbiddenAddressError,
    ProviderAnswerError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
    RemoteItemMissingError,
)
from topform.providers.http import TRANSIENT, USER_AGENT, Answer, pause_of

CONNECT_S: Final = 5.0
TOTAL_S: Final = 15.0
ANSWER_BYTES: Final = 256 * 1024
MOST_ADDRESSES: Final = 3
MOST_REDIRECTS: Final = 2
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet, also if it stands for another one.

    Examples
    --------
    >>> [is_public(ipaddress.ip_address(one)) for one in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1")]
    [True, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local:
            return False
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        meant = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if not all(is_public(one) for one in meant if one is not None):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


class PublicHttp:
    """Requests to hosts that nobody has listed; ``on_this_machine`` is for tests: plain HTTP, to this machine only."""

    def __init__(self, purpose: str, *, on_this_machine: bool = False) -> None:
        self._purpose = purpose
        self._on_this_machine = on_this_machine
        self._client = httpx.AsyncClient(
            verify=_trusted(),
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(TOTAL_S, connect=CONNECT_S),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get_json(
        self, url: str, *, kinds: frozenset[str], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return the JSON object at an address, if it is of one of the media types; redirects are looked at anew."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self.request("GET", url, headers={"Accept": ", ".join(sorted(kinds)), **(headers or {})})
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return self._document(answer, kinds)
            url = str(httpx.URL(url).join(answer.headers["location"]))
            headers = None  # a signature is for one address
        raise ProviderAnswerError("The address leads on too often.", provider=self._purpose)

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Answer:
        """Return the answer, whatever its status but one that may pass.

        Raises
        ------
        ForbiddenAddressError
            If the address is none of the public internet, before anything is sent.
        ProviderUnavailableError, ProviderRateLimitedError
            If it may be tried again later.
        """
        try:
            async with asyncio.timeout(TOTAL_S):
                parsed = self._checked(url)
                answer = await self._sent(method, parsed, await self._resolved(parsed), headers, content)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise ProviderUnavailableError(
                f"The other server did not answer completely ({type(error).__name__}).", provider=self._purpose
            ) from error
        if answer.status == 429:
            raise ProviderRateLimitedError(
                "The other server asks us to wait.",
                provider=self._purpose,
                retry_after_s=pause_of(answer, now=datetime.now(UTC)),
            )
        if answer.status in TRANSIENT or answer.status >= 500:
            raise ProviderUnavailableError(f"The other server failed (status {answer.status}).", provider=self._purpose)
        return answer

    def _checked(self, url: str) -> httpx.URL:
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError, ValueError) as error:
            raise ForbiddenAddressError("That is no address of the web.", provider=self._purpose) from error
        is_plain = self._on_this_machine and parsed.scheme == "http"
        is_usual = parsed.scheme == "https" and parsed.port in (None, 443)
        if not (is_plain or is_usual) or parsed.userinfo or not parsed.host:
            raise ForbiddenAddressError("Only https addresses on the usual port are asked.", provider=self._purpose)
        return parsed

    async def _resolved(self, parsed: httpx.URL) -> list[Address]:
        """Return the addresses of a host; refuse it when one of them is not for us."""
        port = parsed.port or (443 if parsed.scheme == "https" else 80)
        found = await asyncio.get_running_loop().getaddrinfo(parsed.host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(ipaddress.ip_address(one[4][0]) for one in found))
        for address in addresses:
            is_meant = address.is_loopback if parsed.scheme == "http" else is_public(address)
            if not is_meant:
                raise ForbiddenAddressError(
                    f"The address {parsed.host} is none of the public internet.", provider=self._purpose
                )
        return addresses[:MOST_ADDRESSES]

    async def _sent(
        self,
        method: str,
        parsed: httpx.URL,
        addresses: list[Address],
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> Answer:
        for address in addresses:
            request = self._client.build_request(
                method,
                parsed.copy_with(host=str(address)),
                headers={"Host": parsed.netloc.decode("ascii"), **headers},
                content=content,
                extensions={"sni_hostname": parsed.host},
            )
            try:
                response = await self._client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if address == addresses[-1]:
                    raise
                continue
            try:
                return Answer(response.status_code, response.headers, await self._content(response))
            finally:
                await response.aclose()
        raise ProviderUnavailableError("The name of the other server has no address.", provider=self._purpose)

    async def _content(self, response: httpx.Response) -> bytes:
        content = bytearray()
        async for block in response.aiter_bytes():
            content += block
            if len(content) > ANSWER_BYTES:
                raise ProviderAnswerError(
                    f"The answer is larger than {ANSWER_BYTES // 1024} KiB.", provider=self._purpose
                )
        return bytes(content)

    def _document(self, answer: Answer, kinds: frozenset[str]) -> dict[str, Any]:
        if answer.status in (404, 410):
            raise RemoteItemMissingError("The other server has nothing there.", provider=self._purpose)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.status != 200 or kind not in kinds:
            raise ProviderAnswerError(
                f"The other server answered with status {answer.status} and the media type {kind[:60]!r}.",
                provider=self._purpose,
            )
        try:
            document = json.loads(answer.content)
        except (ValueError, RecursionError) as error:
            raise ProviderAnswerError("The answer is no JSON.", provider=self._purpose) from error
        if not isinstance(document, dict):
            raise ProviderAnswerError("The answer is no JSON object.", provider=self._purpose)
        return document


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
