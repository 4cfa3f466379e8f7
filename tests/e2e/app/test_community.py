"""Two people in two browsers: what one does appears in the other's at once."""

from __future__ import annotations

import asyncio
import struct
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Route, expect
from tests.e2e.app.conftest import OpenWindow
from tests.support.app_site import sign_up, upload
from tests.support.browser import VIEWPORTS, Visitor
from tests.support.fit_writer import RUNNING
from tests.support.training_log import Outing

RUN = Outing(date(2026, 3, 4), RUNNING, 20)


async def join(window: OpenWindow, name: str, **options: object) -> Visitor:
    visitor = await window(**options)
    await sign_up(visitor, name)
    await visitor.visit("/community")
    await visitor.page.get_by_label("Handle", exact=True).fill(name.lower())
    await visitor.page.get_by_label("Name", exact=True).fill(name)
    await visitor.page.get_by_role("checkbox", name="Let others on this server find me").click()
    await visitor.page.get_by_role("button", name="Join", exact=True).click()
    await expect(visitor.heading("Nothing here yet")).to_be_visible()
    return visitor


async def hold_next_post(visitor: Visitor, pattern: str) -> asyncio.Event:
    """Let the next sending wait on its way to the server until the event is set."""
    release = asyncio.Event()

    async def wait(route: Route) -> None:
        if route.request.method == "POST":
            await release.wait()
        await route.continue_()

    await visitor.page.route(pattern, wait)
    return release


async def saved_card(visitor: Visitor) -> tuple[int, int]:
    """Save the picture of a post and return its size; who does not see it is told the same."""
    picture = visitor.page.get_by_role("img", name="Distance: ")
    await expect(picture).to_be_visible()
    assert "Heart rate" not in (await picture.get_attribute("aria-label") or "")
    async with visitor.page.expect_download() as arriving:
        await visitor.page.get_by_role("button", name="Share or save the picture").click()
    content = await asyncio.to_thread(Path(await (await arriving.value).path()).read_bytes)
    assert content[:8] == b"\x89PNG\r\n\x1a\n" and content[12:16] == b"IHDR"
    width, height = struct.unpack(">II", content[16:24])
    return width, height


@pytest.mark.screens(
    "/community", "/community/people", "/community/people/[handle]", "/community/posts/[id]", "/community/share"
)
async def test_friends_share_and_cheer_and_see_it_live(window: OpenWindow) -> None:
    nora, finn = await join(window, "Nora"), await join(window, "Finn", viewport="phone", scheme="dark")
    await finn.visit("/community/people/nora")
    await finn.page.get_by_role("button", name="Follow", exact=True).click()
    await expect(nora.page.get_by_text("1 person asks to follow you")).to_be_visible()
    await nora.visit("/community/people")
    assert await nora.axe() == []
    await nora.page.get_by_role("button", name="Accept Finn").click()
    await expect(finn.page.get_by_role("button", name="Unfollow")).to_be_visible()
    assert await finn.axe() == []
    await finn.visit("/community")
    title = await finn.heading("Community").bounding_box()
    button = await finn.page.get_by_role("link", name="Challenges").bounding_box()
    assert title is not None
    assert button is not None
    assert title["width"] >= 0.6 * VIEWPORTS["phone"][0]
    assert button["y"] >= title["y"] + title["height"]
    tab = finn.page.get_by_role("navigation").get_by_text("Community", exact=True)
    assert await tab.evaluate("(one) => one.scrollWidth <= one.clientWidth")

    job = await upload(nora, "/activities/uploads", RUN.file_name, RUN.to_fit())
    (activity_id,) = job["result"]["files"][0]["activity_ids"]
    await nora.call("PATCH", "/athletes/me", {"mass_kg": 61.5}, expect=200)
    await nora.visit(f"/activities/{activity_id}")
    await nora.page.get_by_role("link", name="Share").click()
    await expect(nora.page.get_by_role("checkbox", name="Heart rate")).not_to_be_checked()
    weight = nora.page.get_by_role("checkbox", name="Weight", exact=True)
    await expect(weight).not_to_be_checked()
    await weight.click()
    route = nora.page.get_by_role("checkbox", name="Route", exact=True)
    await expect(route).not_to_be_checked()
    await expect(nora.page.get_by_text("The first and last 200 m")).to_be_visible()
    await route.click()
    assert await nora.axe() == []
    await nora.page.get_by_label("Words with it").fill("First run with @finn")
    await nora.page.get_by_role("button", name="Share", exact=True).click()
    await expect(nora.heading("Post")).to_be_visible()
    await nora.page.get_by_role("button", name="Make a picture").click()
    await nora.page.get_by_role("checkbox", name="Show the shape of the route").click()
    for name, size in {"Wide": (1200, 630), "Square": (1080, 1080)}.items():
        await nora.page.get_by_role("radio", name=name).click()
        assert await saved_card(nora) == size
    assert await nora.axe() == []

    feed = finn.page.get_by_role("list", name="Posts")
    await expect(feed.get_by_text("First run with")).to_be_visible()
    await expect(feed.get_by_text("Heart rate")).to_have_count(0)
    await expect(feed.get_by_text("61.5", exact=True)).to_be_visible()
    drawing = feed.get_by_role("img", name="Route of Nora")
    await expect(drawing).to_be_visible()
    drawn = await drawing.locator("path").get_attribute("d")
    assert drawn is not None and drawn.count("L") > 20
    assert await finn.axe() == []
    await feed.get_by_role("button", name="Give Nora kudos").click()
    await expect(nora.page.get_by_text("1 kudos")).to_be_visible()
    await feed.get_by_role("link", name="0 comments").click()
    await finn.page.get_by_label("Your comment").fill("Well done, @nora")
    held = await hold_next_post(finn, "**/api/v1/community/posts/*/comments")
    comment = finn.page.get_by_role("button", name="Comment", exact=True)
    await comment.click()
    await expect(comment).to_have_attribute("aria-busy", "true")
    assert await finn.axe() == []
    held.set()
    comments = nora.page.get_by_role("list", name="Comments")
    await expect(comments.get_by_text("Well done,")).to_be_visible()
    assert await finn.axe() == []
