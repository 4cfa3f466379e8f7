"""The started program, a browser, and people who use it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from tests.support.app_site import BODY, Site, empty_room_video, served, sign_up, train, upload
from tests.support.browser import CHECKED, CHROMIUM_FLAGS, Visitor, open_window, require_chromium, today_there
from tests.support.identity_provider import CLIENT_ID as IDENTITY_CLIENT_ID
from tests.support.identity_provider import CLIENT_SECRET as IDENTITY_CLIENT_SECRET
from tests.support.identity_provider import ISSUER, IdentityServer, running_identity_provider
from tests.support.provider_server import CLIENT_ID, CLIENT_SECRET, ProviderServer, running_provider
from tests.support.running_server import free_port
from tests.support.screens import route_of, routes
from tests.support.shared_data import REPOSITORY

OpenWindow = Callable[..., Awaitable[Visitor]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives the started application and keep it in one process, which then starts it once."""
    for item in items:
        if "tests/e2e/app" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("app"))


@pytest.fixture(autouse=True)
def promised_screens(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold a test to the screens that its mark says it has checked."""
    before = len(CHECKED)
    yield
    promised = {route for mark in request.node.iter_markers("screens") for route in mark.args}
    known = routes() if promised else frozenset()
    assert promised - {route_of(address, known) for address in CHECKED[before:]} == set()


@pytest.fixture(scope="session")
def services() -> Iterator[ProviderServer]:
    """Third-party services that people can connect."""
    with running_provider() as started:
        yield started


@pytest.fixture(scope="session")
def club() -> Iterator[IdentityServer]:
    """A place where people have an account already."""
    with running_identity_provider() as started:
        yield started


@pytest.fixture(scope="session")
def installation(services: ProviderServer, club: IdentityServer) -> Iterator[Site]:
    """A freshly started TopForm with the built app."""
    if not (REPOSITORY / "app/dist/index.html").is_file():
        pytest.skip("the app is not built: run 'make app/dist/index.html'")
    require_chromium()
    settings = {
        "TOPFORM_PROVIDERS__INTERVALS__BASE_URL": services.url,
        "TOPFORM_PROVIDERS__OURA__BASE_URL": services.url,
        "TOPFORM_PROVIDERS__OURA__CLIENT_ID": CLIENT_ID,
        "TOPFORM_PROVIDERS__OURA__CLIENT_SECRET": CLIENT_SECRET,
        "TOPFORM_IDENTITY_PROVIDERS__CLUB__ISSUER": ISSUER,
        "TOPFORM_IDENTITY_PROVIDERS__CLUB__CLIENT_ID": IDENTITY_CLIENT_ID,
        "TOPFORM_IDENTITY_PROVIDERS__CLUB__CLIENT_SECRET": IDENTITY_CLIENT_SECRET,
        "TOPFORM_IDENTITY_PROVIDERS__CLUB__BASE_URL": club.url,
        "TOPFORM_PUBLIC_URL": "https://topform.example.org",
    }
    port = free_port()
    with served(port=port, TOPFORM_PASSKEY_ORIGINS=f"http://localhost:{port}", **settings) as running:
        yield running


@pytest.fixture(scope="session")
def site(installation: Site) -> str:
    """The address of that TopForm."""
    return installation.url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(site: str) -> AsyncIterator[Browser]:
    """One browser for all tests; each opens windows of its own."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=require_chromium(), args=list(CHROMIUM_FLAGS))
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, site: str) -> AsyncIterator[OpenWindow]:
    """Open windows that close with the test, after which nothing may have gone wrong in them."""
    opened: list[Visitor] = []

    async def open_one(**options: Any) -> Visitor:
        visitor = await open_window(browser, site, **options)
        opened.append(visitor)
        return visitor

    yield open_one
    for visitor in opened:
        await visitor.context.close()
    assert [visitor.strangers for visitor in opened if visitor.strangers] == []
    unexpected = [line for visitor in opened for line in visitor.complaints if "status of 4" not in line]
    assert unexpected == []


@pytest_asyncio.fixture(loop_scope="session")
async def newcomer(window: OpenWindow) -> Visitor:
    """Somebody who has just signed up."""
    visitor = await window()
    await sign_up(visitor, "Nora")
    return visitor


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def anna(browser: Browser, site: str) -> AsyncIterator[Visitor]:
    """Somebody who has trained for seven weeks, has a plan and has checked her form; her data is only read."""
    visitor = await open_window(browser, site)
    await sign_up(visitor, "Anna", **BODY)
    await train(visitor, today_there(), weeks=7)
    await upload(visitor, "/form-checks", "room.mp4", empty_room_video(), exercise="push_up")
    yield visitor
    await visitor.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def anna_at(window: OpenWindow, anna: Visitor) -> OpenWindow:
    """Open windows in which Anna is signed in."""
    session = await anna.context.storage_state()

    async def open_one(**options: Any) -> Visitor:
        return await window(session=session, **options)

    return open_one
