"""Addresses that strangers name: only the public internet is asked, and nothing is sent before that is known."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Any

import pytest

from topform.providers.errors import ForbiddenAddressError, ProviderAnswerError
from topform.providers.public_http import PublicHttp, is_public

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::10.0.0.1",
    "2002:7f00:1::",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_inner_networks_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::93.184.216.34"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/",
        "https://93.184.216.34:8443/",
        "https://user@93.184.216.34/",
        "ftp://93.184.216.34/",
        "https:///nowhere",
        "no address",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://2130706433/",
    ],
)
async def test_nothing_is_asked_beside_the_internet(url: str) -> None:
    async with PublicHttp("test") as http:
        with pytest.raises(ForbiddenAddressError):
            await http.request("GET", url, headers={})


async def answering(content: bytes) -> tuple[asyncio.Server, str]:
    """A server on this machine that says the same to everybody."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def http_answer(body: bytes, kind: str = "application/json", status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


async def ask(content: bytes) -> Any:
    server, url = await answering(content)
    try:
        async with PublicHttp("test", on_this_machine=True) as http:
            return await http.get_json(url, kinds=frozenset({"application/json"}))
    finally:
        server.close()


async def test_an_answer_has_to_be_what_was_asked_for() -> None:
    assert await ask(http_answer(b'{"a": 1}', "application/json; charset=utf-8")) == {"a": 1}
    for content in (
        http_answer(b"{}", "text/html"),
        http_answer(b"[]"),
        http_answer(b"{"),
        http_answer(b"[" * 100_000),
        http_answer(b'"' + b"x" * 300_000 + b'"'),
        http_answer(b"{}", status="403 Forbidden"),
    ):
        with pytest.raises(ProviderAnswerError):
            await ask(content)


@pytest.mark.parametrize("target", ["http://10.0.0.1/", "https://192.168.0.1/", "file:///etc/passwd"])
async def test_a_redirect_does_not_lead_inside(target: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        await ask(http_answer(b"", status="302 Found", more=f"Location: {target}\r\n"))


async def test_only_this_machine_is_asked_without_tls_and_only_where_that_is_allowed() -> None:
    server, url = await answering(http_answer(b"{}"))
    async with PublicHttp("test") as http:
        with pytest.raises(ForbiddenAddressError):
            await http.request("GET", url, headers={})
    async with PublicHttp("test", on_this_machine=True) as http:
        with pytest.raises(ForbiddenAddressError):
            await http.request("GET", "http://93.184.216.34/", headers={})
        assert (await http.request("GET", url, headers={})).status == 200
    server.close()
