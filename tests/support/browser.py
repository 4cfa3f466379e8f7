"""A real browser for the app's tests: the Chromium or Chrome of this machine, never a downloaded one."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import mimetypes
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from tests.support.shared_data import REPOSITORY

CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Containers have no sandbox and no GPU; the rest keeps the browser from calling its maker."""

PATIENCE_MS: Final = 60_000
"""How long a page may take on a busy machine before a test gives it up."""

SETTLING_MS: Final = 5_000
"""How long a page may go on fetching; a video is fetched piece by piece for as long as its page is open."""

expect.set_options(timeout=PATIENCE_MS)

TIME_ZONE: Final = "Europe/Berlin"
"""Where everybody with a window lives."""

VIEWPORTS: Final = {"phone": (390, 844), "desktop": (1440, 900)}
AXE: Final = REPOSITORY / "app/node_modules/axe-core/axe.min.js"
CHECKED: Final[list[str]] = []
"""The addresses that the accessibility checker has looked at, in this order."""

AXE_RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_HARMLESS: Final = (
    "Unrecognized feature",
    "net::ERR_INTERNET_DISCONNECTED",
    "Service Worker registration blocked by Playwright",
)

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES: Final = (
    Path("/usr/lib/chromium/chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

Viewport = Literal["phone", "desktop"]
Scheme = Literal["light", "dark"]


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    for name in _NAMES:
        if (found := shutil.which(name)) is not None:
            return found
    return next((str(place) for place in _PLACES if place.is_file()), None)


def require_chromium() -> str:
    """Return the browser's path; skip the test where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium or Chrome is installed: run 'make browser'")
    return path


@dataclass
class Visitor:
    """Somebody at a browser window, and everything that went wrong in it."""

    url: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    address: str = field(default_factory=lambda: f"198.51.{os.urandom(1)[0]}.{os.urandom(1)[0]}")

    async def visit(self, path: str) -> None:
        """Open a page and wait until it shows what it is and has settled."""
        await self.page.goto(self.url + path)
        await self.page.locator("[role=heading][aria-level='1']").first.wait_for(state="attached")
        await self.settle()

    async def settle(self) -> None:
        """Wait until the page fetches nothing more, but not for ever."""
        with contextlib.suppress(PlaywrightTimeoutError):
            await self.page.wait_for_load_state("networkidle", timeout=SETTLING_MS)

    async def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, expect: int) -> Any:
        """Ask the API with this browser's session."""
        # Everybody comes from an address of their own, as on the internet: sign-ups are limited by address.
        headers = {"X-TopForm-Client": "1", "X-Forwarded-For": self.address}
        answer = await self.context.request.fetch(f"{self.url}/api/v1{path}", method=method, data=body, headers=headers)
        assert answer.status == expect, await answer.text()
        return await answer.json() if expect != 204 else None

    async def drop(self, name: str, content: bytes) -> None:
        """Drop a file on the page's drop zone."""
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        transfer = await self.page.evaluate_handle(
            """([name, type, text]) => {
                const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
                const transfer = new DataTransfer();
                transfer.items.add(new File([bytes], name, { type }));
                return transfer;
            }""",
            [name, media_type, base64.b64encode(content).decode()],
        )
        zone = self.page.get_by_test_id("drop-zone")
        for event in ("dragover", "drop"):
            await zone.dispatch_event(event, {"dataTransfer": transfer})

    async def until(self, expression: str, *, patience_s: float = PATIENCE_MS / 1000) -> None:
        """Wait until JavaScript holds; Playwright's own way evaluates strings in the page, which its policy forbids."""
        async with asyncio.timeout(patience_s):
            while not await self.page.evaluate(expression):  # noqa: ASYNC110 - the state of another process
                await asyncio.sleep(0.05)

    async def axe(self) -> list[str]:
        """Return what the accessibility checker objects to, one line a rule."""
        CHECKED.append(self.page.url)
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE.read_text())
        found = await self.page.evaluate(
            "async (tags) => (await axe.run(document, { runOnly: tags })).violations", list(AXE_RULES)
        )
        return [
            f"{rule['id']}: {rule['help']}: {json.dumps([node['html'] for node in rule['nodes'][:3]])}"
            for rule in found
        ]

    def heading(self, name: str) -> Locator:
        """Return the heading of that name."""
        return self.page.get_by_role("heading", name=name)

    def watch(self) -> None:
        """Note errors of the page and requests to anybody but our own server."""

        def hear(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not any(part in message.text for part in _HARMLESS):
                self.complaints.append(message.text)

        def see(request: Request) -> None:
            if not request.url.startswith((self.url, "data:", "blob:")):
                self.strangers.append(request.url)

        self.page.on("console", hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", see)


def today_there() -> date:
    """Return the day it is for everybody with a window, which another zone may not have reached yet."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


async def open_window(
    browser: Browser,
    url: str,
    *,
    viewport: Viewport = "desktop",
    scheme: Scheme = "light",
    locale: str = "en-GB",
    session: Any = None,
    service_workers: Literal["allow", "block"] = "block",
) -> Visitor:
    """Return a visitor with a window of that size; `session` is a storage state of somebody signed in."""
    width, height = VIEWPORTS[viewport]
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale=locale,
        timezone_id=TIME_ZONE,
        reduced_motion="reduce",
        storage_state=session,
        accept_downloads=True,
        service_workers=service_workers,
    )
    visitor = Visitor(url, context, await context.new_page())
    visitor.page.set_default_timeout(PATIENCE_MS)
    visitor.watch()
    return visitor
