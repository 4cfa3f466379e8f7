"""Push-ups before the camera: seen, counted and saved in the browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect
from tests.support.app_site import sign_up
from tests.support.browser import CHROMIUM_FLAGS, Visitor, open_window, require_chromium
from tests.support.camera import FLAGS, write_clip

PUSH_UPS = "video/push_up/st_grey_tee_studio_man__01.mp4"
PATIENCE_MS = 120_000
HIDE = """(isHidden) => {
  Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
CALL = """(isOn) => {
  const [track] = document.querySelector('video').srcObject.getVideoTracks();
  Object.defineProperty(track, 'muted', { value: isOn, configurable: true });
  track.dispatchEvent(new Event(isOn ? 'mute' : 'unmute'));
}"""
TAKE_AWAY = """() => {
  const [track] = document.querySelector('video').srcObject.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event('ended'));
}"""
PAUSED = "Paused while this page is hidden or a call has the camera."
CUT_OFF = "This set was cut off."


@asynccontextmanager
async def athlete(site: str, *flags: str) -> AsyncIterator[Visitor]:
    """Open a browser with a camera, in which somebody is signed in; nothing may go wrong in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=require_chromium(), args=[*CHROMIUM_FLAGS, *FLAGS, *flags]
        )
        visitor = await open_window(browser, site, viewport="phone")
        await sign_up(visitor, "Lena")
        yield visitor
        await browser.close()
    assert visitor.strangers == []
    assert visitor.complaints == []


@pytest.mark.screens("/live/push-ups")
async def test_a_camera_that_shows_nobody_is_told_so_with_the_network_off(site: str) -> None:
    async with athlete(site) as visitor:
        page = visitor.page
        await visitor.visit("/live/push-ups")
        assert await visitor.axe() == []
        await expect(page.get_by_text("No picture leaves this device")).to_be_visible()
        await page.get_by_role("button", name="Start the camera").click()
        caption = page.get_by_test_id("live-caption")
        await expect(page.get_by_test_id("live-state")).to_have_text("I cannot see you", timeout=PATIENCE_MS)
        await visitor.context.set_offline(True)
        await expect(caption).to_have_text("I cannot see you. Put your whole body in the picture.", timeout=PATIENCE_MS)
        assert await visitor.axe() == []
        await page.get_by_role("button", name="End the set").click()
        await expect(page.get_by_text("No repetition was seen.")).to_be_visible()
        await visitor.context.set_offline(False)


@pytest.mark.shared_data
async def test_push_ups_are_counted_kept_without_a_network_and_stored_once_without_body_points(
    site: str, shared_data: Path, tmp_path: Path
) -> None:
    camera = write_clip(shared_data / PUSH_UPS, tmp_path / "camera.y4m")
    async with athlete(site, camera) as visitor:
        page = visitor.page
        await visitor.visit("/live/push-ups")
        await page.get_by_role("button", name="Start the camera").click()
        await expect(page.get_by_test_id("live-state")).to_have_text("Go", timeout=PATIENCE_MS)
        await expect(page.get_by_role("img", name="2 repetitions")).to_be_visible(timeout=PATIENCE_MS)
        await page.get_by_role("button", name="End the set").click()
        await visitor.context.set_offline(True)
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Kept on this device")).to_be_visible(timeout=PATIENCE_MS)
        await page.close()

        page = visitor.page = await visitor.context.new_page()
        visitor.watch()
        await visitor.context.set_offline(False)
        await visitor.visit("/form-checks")
        await page.get_by_role("link", name="Push-ups").first.click(timeout=PATIENCE_MS)
        await expect(visitor.heading("Push-ups")).to_be_visible()
        (check,) = (await visitor.call("GET", "/form-checks", expect=200))["items"]
        assert check["rep_count"] >= 2
        kept = await visitor.call("GET", f"/form-checks/{check['id']}", expect=200)
        assert (kept["has_track"], kept["video_url"]) == (False, None)
        await the_count_is_disputed_once_although_the_network_fails(visitor, check)
        visitor.complaints = [text for text in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


async def the_count_is_disputed_once_although_the_network_fails(visitor: Visitor, check: dict[str, Any]) -> None:
    """The server cannot be reached at first; the number stays, and pressing again stores it once."""
    card, right = visitor.page.get_by_test_id("dispute"), check["rep_count"] + 1
    address = f"**/form-checks/{check['id']}/disputes"
    await card.get_by_label(f"Counted: {check['rep_count']}. It was:").fill(str(right))
    await visitor.context.route(address, lambda route: route.abort("internetdisconnected"))
    await card.get_by_role("button", name="The count is wrong").click()
    await expect(card.get_by_role("alert")).to_be_visible()
    await visitor.context.unroute(address)
    await card.get_by_role("button", name="The count is wrong").click()
    await expect(card).to_contain_text(f"You said it was {right}.")
    await expect(card.get_by_role("alert")).to_be_hidden()
    said = await visitor.call("GET", f"/form-checks/{check['id']}/disputes", expect=200)
    assert [(one["kind"], one["rep_count"]) for one in said["items"]] == [("count_wrong", right)]
    assert not said["used_for_training"]


@pytest.mark.shared_data
async def test_a_set_outlasts_a_hidden_page_a_call_and_the_end_of_the_page(
    site: str, shared_data: Path, tmp_path: Path
) -> None:
    camera = write_clip(shared_data / PUSH_UPS, tmp_path / "camera.y4m")
    async with athlete(site, camera) as visitor:
        page = visitor.page
        await visitor.visit("/live/push-ups")
        await page.get_by_role("button", name="Start the camera").click()
        await expect(page.get_by_test_id("live-state")).to_have_text("Go", timeout=PATIENCE_MS)
        ring = page.get_by_test_id("ring")
        for interruption in (HIDE, CALL):
            await page.evaluate(interruption, True)
            await expect(page.get_by_text(PAUSED)).to_be_visible()
            held = await ring.get_attribute("aria-label")
            await page.wait_for_timeout(3_000)
            assert await ring.get_attribute("aria-label") == held
            await page.evaluate(interruption, False)
            await expect(page.get_by_text(PAUSED)).to_be_hidden()
        await page.evaluate(TAKE_AWAY)
        await visitor.until("document.querySelector('video').srcObject.getVideoTracks()[0].readyState === 'live'")
        await expect(page.get_by_role("img", name="3 repetitions")).to_be_visible(timeout=PATIENCE_MS)
        other = await visitor.context.new_page()
        await other.goto(f"{site}/live/push-ups")
        await expect(other.get_by_role("button", name="Start the camera")).to_be_visible()
        await expect(other.get_by_text(CUT_OFF)).to_be_hidden()
        await other.close()
        await page.close()

        page = visitor.page = await visitor.context.new_page()
        visitor.watch()
        await visitor.visit("/live/push-ups")
        await expect(page.get_by_text(CUT_OFF)).to_be_visible()
        assert await visitor.axe() == []
        await visitor.visit("/live/push-ups")
        await expect(page.get_by_text(CUT_OFF)).to_be_visible()
        await page.get_by_role("checkbox", name="Save where my joints were, too", exact=False).check()
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Saved", exact=True)).to_be_visible(timeout=PATIENCE_MS)
        await visitor.visit("/form-checks")
        await expect(page.get_by_role("link", name="Push-ups").first).to_be_visible(timeout=PATIENCE_MS)
        (check,) = (await visitor.call("GET", "/form-checks", expect=200))["items"]
        assert check["rep_count"] >= 2
        kept = await visitor.call("GET", f"/form-checks/{check['id']}", expect=200)
        assert kept["has_track"]
        await visitor.visit("/live/push-ups")
        await expect(page.get_by_role("button", name="Start the camera")).to_be_visible()
        await expect(page.get_by_text(CUT_OFF)).to_be_hidden()
