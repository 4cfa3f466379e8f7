"""The most important screens look as they did: light on a phone, dark on a desk.

After a change that is wanted: ``RENEW_LOOKS=1 .venv/bin/pytest tests/e2e/app/test_looks.py``, and look at the pictures.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, async_playwright
from tests.support import fixed_day
from tests.support.app_site import sign_up
from tests.support.browser import CHROMIUM_FLAGS, Scheme, Visitor, open_window, require_chromium
from tests.support.looks import Picture, difference, from_screen, marked, read, write
from tests.support.neighbours import finish_phases, furnish
from tests.support.running_server import RunningServer, prepared_server
from tests.support.shared_data import REPOSITORY

STORED: Final = REPOSITORY / "tests/e2e/app/looks"
FOUND: Final = REPOSITORY / "test-results/looks"
RENEW: Final = "RENEW_LOOKS"

LOOKS: Final[dict[str, tuple[int, int, Scheme]]] = {
    "phone-light": (390, 844, "light"),
    "desktop-dark": (1280, 800, "dark"),
}
TALLEST: Final = 2400
"""Points; longer pages are cut."""

EVEN_LETTERS: Final = ("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb")
LATER: Final = fixed_day.INSTANT + timedelta(minutes=30)
"""When the browser looks: what has just been imported is no news any more."""

ROOM: Final = """() => Math.max(0, ...[...document.querySelectorAll('div')]
    .filter((one) => getComputedStyle(one).overflowY === 'auto' && one.clientHeight > 300)
    .map((one) => one.scrollHeight + window.innerHeight - one.clientHeight))"""
STILL: Final = "document.querySelectorAll('[aria-busy=true]').length === 0 && document.fonts.status === 'loaded'"


@pytest.fixture
def server(database_url: str, data_dir: Path) -> Iterator[RunningServer]:
    """TopForm on the fixed day."""
    built = REPOSITORY / "app/dist"
    if not (built / "index.html").is_file():
        pytest.skip("the app is not built: run 'make app/dist/index.html'")
    require_chromium()
    started = prepared_server(database_url, data_dir)
    started.environment |= {
        "TOPFORM_WEB_DIR": str(built),
        "PYTHONPATH": str(REPOSITORY),
        fixed_day.BEGUN: str(time.time()),
    }
    try:
        started.start_api(module=fixed_day.__name__)
        started.start(fixed_day.__name__, "worker")
        yield started
    finally:
        started.stop()


async def pictures(visitor: Visitor, path: str) -> dict[str, Picture]:
    """Return how a screen looks, each time with the whole page on the screen."""
    found: dict[str, Picture] = {}
    for look, (width, height, scheme) in LOOKS.items():
        await visitor.page.emulate_media(color_scheme=scheme)
        await visitor.page.set_viewport_size({"width": width, "height": height})
        if not found:
            await visitor.visit(path)
        await visitor.until(STILL)
        await standing_still(visitor)
        length = min(TALLEST, max(height, await visitor.page.evaluate(ROOM)))
        await visitor.page.set_viewport_size({"width": width, "height": length})
        found[look] = from_screen(await standing_still(visitor))
    return found


async def standing_still(visitor: Visitor) -> bytes:
    """Return the picture of the window once two in a row are the same."""
    before = b""
    for _ in range(40):
        now = await visitor.page.screenshot(animations="disabled")
        if now == before:
            return now
        before = now
        await visitor.page.wait_for_timeout(120)
    raise AssertionError(f"{visitor.page.url} does not stand still")


async def screens_of(browser: Browser, url: str) -> dict[str, tuple[Visitor, str]]:
    """Give people a history, and return who looks at which path."""
    anna, ben, kim, nora, mia = [await open_window(browser, url) for _ in range(5)]
    for visitor in (anna, kim, nora, mia):
        await visitor.page.clock.set_fixed_time(LATER)
    made = await furnish(anna, ben, kim, today=fixed_day.INSTANT.date(), weeks=5)
    await sign_up(nora, "Nora", email="nora@example.org")
    await propose(kim, made.athlete, plan=(await anna.call("GET", "/plans/current", expect=200))["id"])
    milestone = await shared_milestone(mia)
    return {
        "welcome": (nora, "/welcome?step=aim"),
        "consents": (nora, "/welcome?step=consents"),
        "today": (anna, "/"),
        "activities": (anna, "/activities"),
        "ride": (anna, f"/activities/{made.ride}"),
        "fitness": (anna, "/fitness"),
        "plan": (anna, "/plan"),
        "form_check": (anna, f"/form-checks/{made.form_check}"),
        "live": (anna, "/live/workout"),
        "community": (anna, "/community"),
        "milestone": (mia, f"/community/posts/{milestone}"),
        "challenge": (anna, f"/community/challenges/{made.challenge}"),
        "profile": (anna, "/profile"),
        "privacy": (anna, "/privacy"),
        "coach": (kim, f"/coaching/{made.athlete}"),
    }


async def shared_milestone(visitor: Visitor) -> str:
    """Have somebody share all that can be shown of the first finished phase of their plan; return the post."""
    await sign_up(visitor, "Mia", email="mia@example.org")
    profile = {"handle": "mia", "name": "Mia", "is_findable": True}
    await visitor.call("PUT", "/community/me", profile, expect=200)
    plan = await finish_phases(visitor, fixed_day.INSTANT.date(), weeks=7)
    first = (await visitor.call("GET", f"/plans/{plan}/milestones", expect=200))["items"][-1]
    about = {"plan_id": plan, "kind": first["kind"], "first_day": first["first_day"]}
    new = {
        "plan_milestone": about,
        "audience": "followers",
        "text": "The dull part is done.",
        "shown": ["phase", "weeks", "sessions", "time"],
    }
    post = await visitor.call("POST", "/community/posts", new, expect=201)
    return str(post["id"])


async def propose(coach: Visitor, athlete: str, *, plan: str) -> None:
    """Have a coach suggest a change of the plan, which waits for an answer."""
    wish = {"plan_id": plan, "change": {"type": "drop_day", "weekday": "sat"}, "why": "The club rides on Saturdays."}
    await coach.call("POST", f"/coaching/athletes/{athlete}/plans/proposals", wish, expect=201)


async def test_every_screen_looks_as_it_did(server: RunningServer) -> None:
    wrong: dict[str, str] = {}
    async with async_playwright() as playwright:
        flags = [*CHROMIUM_FLAGS, *EVEN_LETTERS]
        browser = await playwright.chromium.launch(executable_path=require_chromium(), args=flags)
        for screen, (visitor, path) in (await screens_of(browser, server.url)).items():
            for look, picture in (await pictures(visitor, path)).items():
                if said := judged(f"{screen}-{look}", picture):
                    wrong[f"{screen}-{look}"] = said
        await browser.close()
    assert wrong == {}, f"see {FOUND.relative_to(REPOSITORY)}; if it is wanted, set {RENEW}=1 and run this again"


def judged(name: str, picture: Picture) -> str:
    """Compare a picture with the stored one, and say what is wrong; or store it, where that was asked for."""
    stored = STORED / f"{name}.webp"
    if os.environ.get(RENEW):
        # A picture that looks the same is left as it is, so that only what changed is in the commit.
        if not stored.is_file() or difference(read(stored), picture).is_seen:
            write(stored, picture)
        return ""
    if not stored.is_file():
        write(FOUND / f"{name}.webp", picture)
        return "there is no picture yet"
    before = read(stored)
    found = difference(before, picture)
    if not found.is_seen:
        return ""
    write(FOUND / f"{name}.webp", marked(before, picture))
    return str(found)
