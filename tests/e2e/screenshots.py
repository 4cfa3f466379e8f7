"""Pictures of every screen, on a phone and on a desk, in light and dark.

Starts TopForm on a new data directory with made-up training (``tests/support/training_log.py``)::

    .venv/bin/python -m tests.e2e.screenshots FOLDER [--video PUSH-UPS.mp4] [--only today fitness] [--language de]
        [--looks phone-light desktop-dark] [--width 320] [--text-size largest]

A phone of 320 points shows what a window of 1280 does with everything at four times its size.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, async_playwright
from tests.support.app_site import Site, empty_room_video, give_role, served, sign_up, upload
from tests.support.browser import CHROMIUM_FLAGS, VIEWPORTS, Scheme, Viewport, Visitor, find_chromium, open_window
from tests.support.club_life import enliven
from tests.support.neighbours import furnish

LOOKS: tuple[tuple[Viewport, Scheme], ...] = (
    ("phone", "light"),
    ("phone", "dark"),
    ("desktop", "light"),
    ("desktop", "dark"),
)
LOCALES = {"en": "en-GB", "de": "de-DE", "es": "es-ES", "fr": "fr-FR", "zh": "zh-CN"}
WEEKS = 14
STEPS = ("aim", "you", "consents", "thresholds", "history")
TABS = {"moderation-decided": 1, "moderation-appeals": 2, "moderation-signals": 3}
"""Places of the radio buttons that are pressed first."""
TALLEST = 4200
"""Points; longer pages are cut."""


Screens = list[tuple[Visitor, dict[str, str]]]
"""Who looks at what: names and paths."""


async def screens_of(browser: Browser, site: Site, options: argparse.Namespace) -> Screens:
    """Give people a history and return every screen, and who looks at it."""
    language: str = options.language
    anna, ben, kim, root, stranger, nora, mara = [await open_window(browser, site.url) for _ in range(7)]
    made = await furnish(anna, ben, kim, today=datetime.now(UTC).date(), weeks=WEEKS, language=language)
    await upload(anna, "/form-checks", "push-ups.mp4", options.video, exercise="push_up")
    check = (await anna.call("GET", "/form-checks?limit=1", expect=200))["items"][0]["id"]
    await sign_up(nora, "Nora", language=language)
    await sign_up(root, "Rosa", language=language)
    await sign_up(mara, "Mara", language=language)
    await give_role(site, root, "admin")
    await give_role(site, mara, "moderator")
    await root.call("PUT", "/community/me", {"handle": "rosa", "name": "Rosa", "is_findable": True}, expect=200)
    await mara.call("PUT", "/community/me", {"handle": "mara", "name": "Mara", "is_findable": True}, expect=200)
    life = await enliven(anna, ben, mara, today=datetime.now(UTC).date())
    group = await kim.call("POST", "/coaching/groups", {"name": "Mornings"}, expect=201)
    await kim.call("PUT", f"/coaching/groups/{group['id']}/athletes/{made.athlete}", expect=200)
    return [
        (
            anna,
            {
                "today": "/",
                "activities": "/activities",
                "ride": f"/activities/{made.ride}",
                "run": f"/activities/{made.run}",
                "compare": f"/activities/compare?first={made.ride}",
                "form-checks": "/form-checks",
                "form-check": f"/form-checks/{made.form_check}",
                "form-check-unseen": f"/form-checks/{check}",
                "form-check-label": f"/form-checks/{check}/label",
                "fitness": "/fitness",
                "plan": "/plan",
                "new-plan": "/plan/new",
                "profile": "/profile",
                "body": "/body",
                "security": "/security",
                "thresholds": "/thresholds",
                "people": "/people",
                "devices": "/devices",
                "sources": "/devices/sources",
                "privacy": "/privacy",
                "privacy-zones": "/privacy-zones",
                "segments": "/segments",
                "segment": f"/segments/{life.segment}",
                "new-segment": f"/segments/new?activity={life.ride}",
                "notices": "/notices",
                "notice-settings": "/notices/settings",
                "community": "/community",
                "share": f"/community/share?activity={made.run}",
                "friends": "/community/people",
                "friend": "/community/people/ben",
                "post": f"/community/posts/{made.post}",
                "removals": "/community/removals",
                "challenges": "/community/challenges",
                "challenge": f"/community/challenges/{made.challenge}",
                "new-challenge": "/community/challenges/new",
                "clubs": "/community/clubs",
                "club": f"/community/clubs/{life.club}",
                "new-club": "/community/clubs/new",
                "assistant": "/assistant",
                "workout": "/live/workout",
                "rooms": "/live/rooms",
                "hrv": "/live/hrv",
                "push-ups": "/live/push-ups",
                "not-found": "/nowhere",
            },
        ),
        (ben, {"removals-appealed": "/community/removals"}),
        (kim, {"coaching": "/coaching", "coached": f"/coaching/{made.athlete}"}),
        (
            root,
            {
                "admin": "/admin",
                "admin-people": "/admin/people",
                "admin-models": "/admin/models",
                "admin-improvement": "/admin/improvement",
                "admin-jobs": "/admin/jobs",
                "admin-actions": "/admin/actions",
                **dict.fromkeys(("moderation", *TABS), "/moderation"),
            },
        ),
        (
            nora,
            {
                **{f"welcome-{step}": f"/welcome?step={step}" for step in STEPS},
                "empty-today": "/",
                "empty-activities": "/activities",
                "empty-fitness": "/fitness",
                "empty-plan": "/plan",
                "empty-community": "/community",
                "empty-segments": "/segments",
                "empty-coaching": "/coaching",
            },
        ),
        (stranger, {name: f"/{name}" for name in ("sign-in", "sign-up", "forgot-password")}),
    ]


async def picture(visitor: Visitor, size: tuple[int, int], path: str, file: Path, *, tab: int | None = None) -> None:
    """Save what the window shows, and the whole page where it is longer."""
    width, height = size
    await visitor.visit(path)
    if tab is not None:
        await visitor.page.get_by_role("radio").nth(tab).click()
        await visitor.settle()
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


async def take_all(browser: Browser, site: Site, options: argparse.Namespace) -> None:
    """Take the pictures."""
    screens = await screens_of(browser, site, options)
    for viewport, scheme in LOOKS:
        look = f"{viewport}-{scheme}"
        if options.looks and look not in options.looks:
            continue
        width, height = VIEWPORTS[viewport]
        size = (options.width or width, height)
        for visitor, paths in screens:
            session = await visitor.context.storage_state()
            window = await open_window(
                browser, site.url, viewport=viewport, scheme=scheme, session=session, locale=LOCALES[options.language]
            )
            await window.page.set_viewport_size({"width": size[0], "height": size[1]})
            await window.page.add_init_script(f"localStorage.setItem('topform.textSize', '{options.text_size}')")
            for name, path in paths.items():
                if not options.only or name in options.only:
                    await picture(window, size, path, options.folder / f"{name}-{look}.png", tab=TABS.get(name))
            await window.context.close()


async def main(options: argparse.Namespace) -> None:
    """Start everything and take the pictures."""
    with served() as site:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_FLAGS))
            await take_all(browser, site, options)
            await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--video", type=Path, help="a push-up video for the form check")
    parser.add_argument("--only", nargs="*", default=[], help="names of screens")
    parser.add_argument("--looks", nargs="*", default=[], help="such as phone-light; all of them without it")
    parser.add_argument("--width", type=int, help="of the window, instead of the usual one of a phone or a desk")
    parser.add_argument("--text-size", choices=("normal", "large", "largest"), default="normal")
    parser.add_argument("--language", choices=tuple(LOCALES), default="en")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    chosen.video = empty_room_video() if chosen.video is None else chosen.video.read_bytes()
    asyncio.run(main(chosen))
