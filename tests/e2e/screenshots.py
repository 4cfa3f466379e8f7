"""Pictures of every screen, on a phone and on a desk, in light and dark.

Starts TopForm on a new data directory with made-up training (``tests/support/training_log.py``)::

    .venv/bin/python -m tests.e2e.screenshots FOLDER [--video PUSH-UPS.mp4] [--only today fitness] [--language de]
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, async_playwright
from tests.support.app_site import BODY, empty_room_video, served, sign_up, train, upload
from tests.support.browser import CHROMIUM_FLAGS, VIEWPORTS, Scheme, Viewport, Visitor, find_chromium, open_window

LOOKS: tuple[tuple[Viewport, Scheme], ...] = (
    ("phone", "light"),
    ("phone", "dark"),
    ("desktop", "light"),
    ("desktop", "dark"),
)
WEEKS = 14
TALLEST = 4200
"""Points; longer pages are cut."""


async def furnish(visitor: Visitor, video: bytes, language: str) -> dict[str, str]:
    """Give somebody a history and return the path of every screen."""
    await sign_up(visitor, "Anna", **BODY, language=language)
    await train(visitor, datetime.now(UTC).date(), weeks=WEEKS)
    await upload(visitor, "/form-checks", "push-ups.mp4", video, exercise="push_up")
    ride = (await visitor.call("GET", "/activities?sport=cycling&limit=1", expect=200))["items"][0]
    run = (await visitor.call("GET", "/activities?sport=running&limit=1", expect=200))["items"][0]
    check = (await visitor.call("GET", "/form-checks?limit=1", expect=200))["items"][0]
    return {
        "today": "/",
        "activities": "/activities",
        "ride": f"/activities/{ride['id']}",
        "run": f"/activities/{run['id']}",
        "form-checks": "/form-checks",
        "form-check": f"/form-checks/{check['id']}",
        "form-check-label": f"/form-checks/{check['id']}/label",
        "fitness": "/fitness",
        "plan": "/plan",
        "new-plan": "/plan/new",
        "profile": "/profile",
        "body": "/body",
        "security": "/security",
        "thresholds": "/thresholds",
        "not-found": "/nowhere",
    }


async def picture(visitor: Visitor, viewport: Viewport, path: str, file: Path) -> None:
    """Save what the window shows, and the whole page where it is longer."""
    width, height = VIEWPORTS[viewport]
    await visitor.visit(path)
    await visitor.page.wait_for_timeout(300)
    await visitor.page.screenshot(path=file)
    length = await visitor.page.evaluate(
        """() => Math.max(0, ...[...document.querySelectorAll('div')]
            .filter((one) => getComputedStyle(one).overflowY === 'auto' && one.clientHeight > 300)
            .map((one) => one.scrollHeight + window.innerHeight - one.clientHeight))"""
    )
    if length > height:
        await visitor.page.set_viewport_size({"width": width, "height": min(length, TALLEST)})
        await visitor.page.wait_for_timeout(200)
        await visitor.page.screenshot(path=file.with_stem(f"{file.stem}-whole"))
        await visitor.page.set_viewport_size({"width": width, "height": height})


async def take_all(browser: Browser, url: str, options: argparse.Namespace) -> None:
    """Take the pictures."""
    owner = await open_window(browser, url)
    screens = await furnish(owner, options.video, options.language)
    session = await owner.context.storage_state()
    locale = {"en": "en-GB", "de": "de-DE"}[options.language]
    for viewport, scheme in LOOKS:
        known = await open_window(browser, url, viewport=viewport, scheme=scheme, session=session, locale=locale)
        stranger = await open_window(browser, url, viewport=viewport, scheme=scheme, locale=locale)
        pages = [(name, path, known) for name, path in screens.items()]
        pages += [(name, f"/{name}", stranger) for name in ("sign-in", "sign-up")]
        for name, path, visitor in pages:
            if not options.only or name in options.only:
                await picture(visitor, viewport, path, options.folder / f"{name}-{viewport}-{scheme}.png")
        await known.context.close()
        await stranger.context.close()
    await owner.context.close()


async def main(options: argparse.Namespace) -> None:
    """Start everything and take the pictures."""
    with served() as site:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_FLAGS))
            await take_all(browser, site.url, options)
            await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--video", type=Path, help="a push-up video for the form check")
    parser.add_argument("--only", nargs="*", default=[], help="names of screens")
    parser.add_argument("--language", choices=("en", "de"), default="en")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    chosen.video = empty_room_video() if chosen.video is None else chosen.video.read_bytes()
    asyncio.run(main(chosen))
